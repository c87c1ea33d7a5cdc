"""The checklist of stations that are not clinics: rows, columns, and the table to take away."""

from __future__ import annotations

import pandas as pd

from answers import format as fmt
from answers import lists
from answers.making import numbers as exact
from answers.names import order_of
from answers.pilots import numbers as pilots
from answers.pilots import words as pilots_words
from answers.results import Results
from answers.scope import Scope
from answers.words import t

SIGN = {True: "●", False: "▼"}


def rows(results: Results, scope: Scope) -> pd.DataFrame:
    """Return the stations that are not clinics, nearest to ready first."""
    frame = pilots.readiness(results, scope)
    frame = frame[frame["opened"].isna()]
    names = pd.Series(pilots_words.station_names(results, scope)).reindex(frame.index)
    rank = frame["state"].map({state: at for at, state in enumerate(pilots.STATES)})
    frame = frame.assign(short=names, place=order_of(names), rank=rank.astype("float64"))
    return frame.sort_values(
        ["rank", "missing", "place"], ascending=[False, True, True], na_position="last", kind="stable"
    )


def download(frame: pd.DataFrame) -> pd.DataFrame:
    """Return the checklist to take away, under readable heads."""
    return pd.DataFrame(
        {
            t("pilots.column.station"): frame["name"],
            t("list.unit"): frame["commune"],
            t("pilots.column.state"): [pilots_words.state(one) for one in frame["state"]],
            t("pilots.column.doctors.all"): frame["doctors"],
            t("pilots.column.doctors.trained"): frame["trained_doctors"],
            **{
                t(f"pilots.condition.{name}"): [pilots_words.condition(one) for one in frame[name]]
                for name in pilots.EQUIPMENT
            },
        },
        index=frame.index,
    )


def doctors(row) -> str:
    """Return how many doctors are trained, of how many."""
    if pd.isna(row.trained_doctors):
        return fmt.MISSING
    return f"{SIGN[bool(row.trained_doctors)]} {fmt.number(row.trained_doctors)} / {fmt.number(row.doctors)}"


def condition(frame: pd.DataFrame, name: str) -> lists.Column:
    """Return the column of one condition."""
    texts = [fmt.MISSING if pd.isna(one) else SIGN[bool(one)] for one in frame[name]]
    return lists.Column(t(f"pilots.condition.{name}"), texts, exact(frame[name]))
