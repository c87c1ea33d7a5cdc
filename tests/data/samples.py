"""A few rows of every table, with awkward values and a missing one wherever the contract allows it."""

from __future__ import annotations

from typing import Any, Final

import pandas as pd

from data.canonical import dtypes
from data.contracts import MONTH, TABLES
from data.store import Provenance

PROVENANCE: Final = Provenance(
    title="Số liệu thử", producer="Kiểm thử", date="2024-12-31", licence="CC0-1.0", nature="illustrative"
)
TEXTS: Final = ["Xã Thạnh Tiến", '=HYPERLINK("x")', "@Hòa, “An”\nBình"]
PATTERNS: Final = {
    r"^\d{5}$": ["00001", "31198", "99999"],
    r"^\d{3}$": ["001", "092", "999"],
    r"^(\d{2}|\d{3}|\d{5})$": ["01", "092", "31198"],
    r"^[A-Z0-9-]+$": ["TYT-00001", "TYT-31198", "TYT-99999"],
    MONTH: ["2024-01", "2024-06", "2025-12"],
    r"^[a-z_0-9]+$": ["visits", "insured_visits", "home_visits"],
    r"^[a-z0-9-]+$": ["plan-1", "plan-2", "plan-3"],
}


def sample(name: str) -> pd.DataFrame:
    """Return three rows that hold the contract of a table; nullable columns are missing in the last."""
    return pd.DataFrame({column: _values(name, column, kind) for column, kind in dtypes(name).items()})


def _values(name: str, column: str, kind: str) -> pd.Series[Any]:
    contract = TABLES[name].columns[column]
    rules = {check.name: check.statistics for check in contract.checks}
    if "isin" in rules:
        allowed = list(rules["isin"]["allowed_values"])
        values = [allowed[n % len(allowed)] for n in range(3)]
    elif kind == "str":
        pattern = rules["str_matches"]["pattern"] if "str_matches" in rules else None
        values = PATTERNS[getattr(pattern, "pattern", pattern)] if pattern else TEXTS
    elif kind == "datetime64[us]":
        values = list(pd.to_datetime(["1999-12-31", "2025-07-01", "2030-01-01"]))
    elif kind == "bool":
        values = [True, False, True]
    else:
        low = rules.get("in_range", {"min_value": 0})["min_value"]
        values = [low + 2, low + 1, low]
    if contract.nullable:
        values = [*values[:2], None]
    return pd.Series(values, dtype=kind)
