"""The workload norm by cadre, in texts: what each needs, has and lacks."""

from __future__ import annotations

from typing import Final

import pandas as pd

from answers import format as fmt
from answers.scope import Scope
from answers.staffing import numbers as staffing
from answers.words import t
from data.contracts import CADRES
from geo.units import at_level
from metrics.wisn import compared, factors
from metrics.wisn_parameters import WisnParameters

COLUMNS: Final = (
    "cadre",
    "hours",
    "caf",
    "iaf",
    "existing",
    "required",
    "difference",
    "ratio",
    "pressure",
    "missing",
)


def by_cadre_table(gaps: pd.DataFrame, scope: Scope, basis: str) -> pd.DataFrame:
    """Return the need of every unit by cadre under readable heads, for a download."""
    names = at_level(staffing.post_geography(scope, basis), "commune")["name"]
    frame = gaps.reset_index("cadre")
    return pd.DataFrame(
        {
            t("list.unit"): names.reindex(frame.index),
            t("staffing.workload.column.cadre"): [t(f"cadre.{cadre}") for cadre in frame["cadre"]],
            t("staffing.workload.column.existing"): frame["existing"],
            t("staffing.workload.column.fraction"): frame["required"].round(3),
            t("staffing.workload.column.required"): frame["required_low"],
            t("staffing.workload.column.difference"): frame["gap_low"],
            t("staffing.workload.column.ratio"): frame["ratio"].round(3),
            t("staffing.workload.column.pressure"): frame["pressure"].round(3),
        }
    )


def by_cadre(gaps: pd.DataFrame, used: WisnParameters) -> list[list[str]]:
    """Return what each cadre needs, has and lacks, as texts in the order of ``COLUMNS``."""
    known = gaps[gaps["status"].ne("unknown")]
    sums = known.groupby(level="cadre")[["existing", "required"]].sum()
    whole = compared(frame=sums).loc[[cadre for cadre in CADRES if cadre in sums.index]]
    missing = -known["gap_low"].clip(upper=0).groupby(level="cadre").sum()
    parts = factors(parameters=used)
    return [
        [
            t(f"cadre.{cadre}"),
            fmt.number(parts.loc[cadre, "available_hours"]),
            fmt.number(parts.loc[cadre, "category_factor"], 2),
            fmt.number(parts.loc[cadre, "individual_factor"], 2),
            fmt.number(row["existing"]),
            fmt.number(row["required"], 1),
            fmt.number(row["difference"], 1, sign=True),
            fmt.number(row["ratio"], 2),
            fmt.percent(100 * row["pressure"], 0),
            fmt.number(missing[cadre]),
        ]
        for cadre, row in whole.iterrows()
    ]
