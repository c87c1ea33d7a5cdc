"""The lists of a rotation as a page and a file show them."""

from __future__ import annotations

import pandas as pd

from answers import format as fmt
from answers.staffing.plan import Answer, one_more_sentence
from answers.words import t
from metrics.rotation_rules import RECRUIT

MOVES = ("from", "to", "doctors", "km", "reason")
ENDS = ("required", "before", "after", "gap_before", "gap_after")


def moves_table(moves: pd.DataFrame) -> pd.DataFrame:
    """Return the moves under readable heads, for a download."""
    columns = {
        "origin_name": "from",
        "destination": "to_code",
        "destination_name": "to",
        "doctors": "doctors",
        "cost": "km",
        "origin_before": "from_before",
        "origin_after": "from_after",
        "destination_before": "to_before",
        "destination_after": "to_after",
        "destination_required": "to_required",
        "reason": "reason",
    }
    table = moves.set_index("origin")[list(columns)]
    table = table.assign(cost=table["cost"].round(2))
    table.columns = [t(f"staffing.rotation.column.{name}") for name in columns.values()]
    return table


def end_heads() -> list[str]:
    """Return the heads of what the stations end with."""
    numbers = [t(f"staffing.rotation.column.{name}") for name in ENDS]
    return [t("list.unit"), *numbers, t("staffing.column.status")]


def ends_table(ends: pd.DataFrame) -> pd.DataFrame:
    """Return every station before and after under readable heads, for a download."""
    states = [t(f"staffing.rotation.state.{name}") for name in ends["state"]]
    table = ends[["name", *ENDS]].assign(state=states)
    return table.set_axis(end_heads(), axis=1)


def proof(found: Answer) -> str:
    """Say how good the plan is known to be, how long it took, and what one more doctor would do."""
    plan = found.plan
    sure = t("staffing.rotation.proven")
    if not plan.proven:
        sure = t("staffing.rotation.gap", gap=fmt.percent(100 * plan.gap, 1))
    seconds = t("staffing.rotation.seconds", seconds=fmt.number(plan.seconds, 2))
    return f"{sure} {seconds} {one_more_sentence(found)}"


def move_rows(moves: pd.DataFrame) -> list[list[str]]:
    """Return the moves as texts, in the order of ``MOVES``; a recruit comes from nowhere near."""
    return [
        [
            str(row.origin_name),
            str(row.destination_name),
            fmt.number(row.doctors),
            fmt.MISSING if row.origin == RECRUIT else fmt.number(row.cost, 1),
            str(row.reason),
        ]
        for row in moves.itertuples()
    ]


def end_rows(ends: pd.DataFrame) -> list[list[str]]:
    """Return what becomes of stations: its state, the name, and the numbers in the order of ``ENDS``."""
    return [
        [row["state"], str(row["name"]), *(fmt.number(row[name]) for name in ENDS)]
        for row in ends.to_dict("records")
    ]
