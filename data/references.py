"""Rows about a station or commune the snapshot does not hold: they would drop out of every sum unseen."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Final

import pandas as pd

from data.problems import Problem

# table, column, the table that must know it
_REFERENCES: Final = (
    *((name, "station", "stations") for name in ("staffing", "activity", "activity_monthly", "facilities")),
    ("pilots", "station", "stations"),
    *(
        (name, "commune", "units")
        for name in ("population", "insurance", "village_workers", "criteria_scores")
    ),
    ("stations", "legacy_commune", "units"),
    ("stations", "current_commune", "units"),
)


def dangling(
    new: Mapping[str, pd.DataFrame], kept: Callable[[str], pd.DataFrame | None]
) -> Iterator[Problem]:
    """Yield one problem per unknown station or commune in the snapshot of ``new`` tables over ``kept`` ones.

    A reference is checked when both tables are there and at least one of them is new.
    """
    for name, column, target in _REFERENCES:
        if name in new or target in new:
            rows = new[name] if name in new else kept(name)
            known = new[target] if target in new else kept(target)
            if rows is not None and known is not None:
                yield from _unknown(name, rows, column, target, known)


def _unknown(
    name: str, rows: pd.DataFrame, column: str, target: str, known: pd.DataFrame
) -> Iterator[Problem]:
    if target == "stations":
        strange = rows.loc[~rows[column].isin(known["station"]), column]
    else:
        communes = known[known["level"] == "commune"]
        geography = rows["geography"] if "geography" in rows else column.removesuffix("_commune")
        strange = rows.loc[~(geography + rows[column]).isin(communes["geography"] + communes["code"]), column]
    for row, value in strange.drop_duplicates().items():
        yield Problem(
            code="unknown_unit" if target == "units" else "not_allowed",
            file=name,
            row=row if isinstance(row, int) else None,
            column=column,
            found=str(value),
            expected=target,
        )
