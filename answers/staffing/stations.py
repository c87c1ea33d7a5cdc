"""Stations as dots and rows, in words and numbers."""

from __future__ import annotations

from typing import Final

import pandas as pd

from answers import format as fmt
from answers.words import t

STATES: Final = ("short", "between", "met")


def hover(row: pd.Series) -> str:
    """Return a station's hover text: who it is, how many are there, and how that compares."""
    required = fmt.span(row["required_low"], row["required_high"])
    staff = t("staffing.stations.hover", existing=fmt.number(row["existing"]), required=required)
    parts = (row["name"], t(f"commune.role.{row['role']}"), staff, t(f"staffing.status.{row['status']}"))
    return "\n".join(parts)
