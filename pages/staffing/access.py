"""What people can reach: map and list, and the communes whose own number hides poor access."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from answers import format as fmt
from answers.results import Results
from answers.scope import Scope
from answers.staffing import access as staffing_access
from answers.staffing import workbook as staffing_workbook
from answers.staffing.access import sentence
from answers.words import t, tn
from data.problems import Refused
from geo.units import at_level
from metrics.access import DETOUR
from metrics.errors import BadParameters
from pages.staffing import access_map
from pages.staffing.own_workload import fault_text
from ui import badges, page
from ui.export import pins

TABLES = ("staffing", "stations", "population")
UPLOAD = "staffing.access.upload"


@page.fragment
def show(results: Results, scope: Scope, basis: str) -> None:
    """Show how access was measured, the map beside the list, and the communes that look better than they are."""
    detour, table = _controls(results)
    try:
        found = staffing_access.reach(results, scope, detour=detour, table=table)
    except ValueError:
        st.error(t("staffing.access.bad_detour"))
        return
    frame = found.units.assign(name=at_level(scope.geography, scope.level)["name"].reindex(found.units.index))
    method = "staffing.access.method.minutes" if found.minutes else "staffing.access.method"
    page.section(sentence(frame, scope), t(method, detour=fmt.number(detour, 1)))
    pin = None if found.minutes else pins.whole("access", "", scope, f"{detour:g}")
    access_map.show(frame, scope, found, pin)
    if pin is None:
        pins.absent()
    if frame["incomplete"].any():
        count = int(frame["incomplete"].sum())
        page.remark(tn("staffing.access.incomplete", count, n=fmt.number(count)))
    badges.caption(results.snapshot, TABLES)


def _controls(results: Results) -> tuple[float, pd.DataFrame | None]:
    """Return the detour factor and the province's own travel times, if any."""
    left, right = st.columns([1, 2], vertical_alignment="top")
    with left:
        detour = st.number_input(
            t("staffing.access.detour"),
            value=DETOUR,
            step=0.1,
            format="%0.1f",
            key="staffing.access.detour",
            help=t("staffing.access.detour.help"),
            persist_state="session",
        )
    with right:
        file = st.file_uploader(t("staffing.access.upload"), type=["csv"], key=UPLOAD)
    if file is None:
        return detour, None
    stations = results.frame("stations")
    try:
        table = staffing_access.travel_times(
            table=staffing_workbook.read_times(file.getvalue(), file.name),
            origins=pd.Index(stations["legacy_commune"].unique()),
            destinations=pd.Index(stations["station"]),
        )
    except (BadParameters, Refused) as error:
        st.error(t("staffing.access.refused") + "\n\n" + fault_text(error))
        return detour, None
    return detour, table
