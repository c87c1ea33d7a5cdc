"""Readiness of every other station: Circular 21/2019 as a checklist from staffing and equipment."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from answers import format as fmt
from answers import lists
from answers.names import order_of
from answers.pilots import numbers as pilots
from answers.pilots import words as pilots_words
from answers.results import Results
from answers.scope import Scope
from answers.words import t, tn
from ui import badges, page, station_link, unit_list
from ui.export.downloads import table_downloads

TABLES = ("staffing", "facilities", "stations")
SIGN = {True: "●", False: "▼"}


def show(results: Results, scope: Scope) -> None:
    """Show the checklist of every station that is not a clinic yet, nearest to ready first."""
    frame = rows(results, scope)
    if frame["state"].notna().sum() == 0:
        st.info(t("pilots.readiness.no_data", year=scope.year), icon=":material/info:")
        return
    ready, near = (int(frame["state"].eq(name).sum()) for name in ("ready", "near"))
    said = tn(
        "pilots.readiness.sentence", ready, ready=fmt.number(ready), near=fmt.number(near), year=scope.year
    )
    page.section(said, t("pilots.readiness.note"))
    columns = [
        lists.Column(t("pilots.column.station"), list(frame["short"]), list(frame["place"])),
        lists.Column(
            t("pilots.column.state"), [_state(one) for one in frame["state"]], _numbers(frame["rank"])
        ),
        lists.Column(
            t("pilots.column.doctors"),
            [_doctors(row) for row in frame.itertuples()],
            _numbers(frame["trained_doctors"]),
        ),
        *(_condition(frame, name) for name in pilots.EQUIPMENT),
    ]
    notes = [pilots_words.lacks(row) for _, row in frame.iterrows()]
    unit_list.show(
        lists.payload(list(frame.index), columns, notes=notes, selected=scope.station, height=460),
        key="pilots.readiness",
        choose=station_link.chooser(results),
    )
    station_link.link(results, scope)
    table_downloads(
        lambda: download(frame), results, scope, name="bac-si-gia-dinh", tables=TABLES, index_label="station"
    )
    badges.caption(results.snapshot, TABLES)


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
            t("pilots.column.state"): [_state(one) for one in frame["state"]],
            t("pilots.column.doctors.all"): frame["doctors"],
            t("pilots.column.doctors.trained"): frame["trained_doctors"],
            **{
                t(f"pilots.condition.{name}"): [pilots_words.condition(one) for one in frame[name]]
                for name in pilots.EQUIPMENT
            },
        },
        index=frame.index,
    )


def _state(state: object) -> str:
    return t("pilots.state.unknown") if pd.isna(state) else t(f"pilots.state.{state}")


def _doctors(row) -> str:
    if pd.isna(row.trained_doctors):
        return fmt.MISSING
    return f"{SIGN[bool(row.trained_doctors)]} {fmt.number(row.trained_doctors)} / {fmt.number(row.doctors)}"


def _condition(frame: pd.DataFrame, name: str) -> lists.Column:
    texts = [fmt.MISSING if pd.isna(one) else SIGN[bool(one)] for one in frame[name]]
    return lists.Column(t(f"pilots.condition.{name}"), texts, _numbers(frame[name]))


def _numbers(values: pd.Series) -> list[float | None]:
    return [None if pd.isna(value) else float(value) for value in values]
