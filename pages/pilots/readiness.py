"""Readiness of every other station: Circular 21/2019 as a checklist from staffing and equipment."""

from __future__ import annotations

import streamlit as st

from answers import format as fmt
from answers import lists
from answers.making import numbers as exact
from answers.pilots import numbers as pilots
from answers.pilots import words as pilots_words
from answers.pilots.readiness import condition, doctors, download, rows
from answers.results import Results
from answers.scope import Scope
from answers.words import t, tn
from ui import badges, page, station_link, unit_list
from ui.export.downloads import table_downloads

TABLES = ("staffing", "facilities", "stations")


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
            t("pilots.column.state"),
            [pilots_words.state(one) for one in frame["state"]],
            exact(frame["rank"]),
        ),
        lists.Column(
            t("pilots.column.doctors"),
            [doctors(row) for row in frame.itertuples()],
            exact(frame["trained_doctors"]),
        ),
        *(condition(frame, name) for name in pilots.EQUIPMENT),
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
