"""Staffing: who is there, who is required, and where the gap is widest."""

import streamlit as st

from pages.staffing import cadres, norm, table
from ui import cache, map_panel, page, scope, summary
from ui.i18n import labels, t
from ui.kpis import strip

CHOICES = (
    "staffing_gap",
    "staff_requirement_ratio",
    "staff_per_station",
    "stations_with_doctor",
    "stations_with_permanent_doctor",
    "doctors_per_station",
    "doctors_per_10000",
    "nurses_per_10000",
    "university_pharmacists_per_10000",
)
BASES = ("points", "station")

chosen, results = scope.current(), cache.results()
assert results is not None
basis = "points"
if chosen.geography == "current":
    basis = st.segmented_control(
        t("staffing.basis"),
        BASES,
        default="points",
        key="staffing.basis",
        format_func=labels(BASES, lambda name: t(f"staffing.basis.{name}")),
        help=t("staffing.basis.help"),
        required=True,
        persist_state="session",
    )
page.head(summary.shortage_sentence(results, chosen, basis), chosen, results.snapshot.nature("staffing"))
strip(summary.staffing_cards(results, chosen, basis))
map_panel.map_and_list(CHOICES, "staffing", basis)

tabs = st.tabs(
    [t("staffing.tab.table"), t("staffing.tab.cadre"), t("staffing.tab.norm")],
    key="staffing.tabs",
    on_change="rerun",
)
for tab, show in zip(tabs, (table.show, cadres.show, norm.show), strict=True):
    if tab.open:
        with tab:
            show(results, chosen, basis)
