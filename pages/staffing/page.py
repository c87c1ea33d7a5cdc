"""Staffing: how many are missing and where, compared with what, is it fair, and what to do."""

import streamlit as st

from answers import kept as cache
from answers import provenance, summary
from answers.staffing import plan as staffing_plan
from answers.words import labels, t
from pages.staffing import access, ahead, cadres, compare, fair, rotation, spread, stations, table
from ui import map_panel, page, visit
from ui.export.buttons import export_menu
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
TABS = {
    "table": table.show,
    "stations": stations.show,
    "norms": compare.show,
    "cadre": cadres.show,
    "fair": fair.show,
    "spread": spread.show,
    "access": access.show,
    "rotation": rotation.show,
    "ahead": ahead.show,
}

chosen, results = visit.current(), cache.results()
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
headline = summary.shortage_sentence(results, chosen, basis)
action = staffing_plan.action_sentence(results, chosen, basis)
page.head(f"{headline} {action}".strip(), chosen, provenance.nature(results.snapshot, ["staffing"]))
strip(summary.staffing_cards(results, chosen, basis))
export_menu("staffing")
map_panel.map_and_list(CHOICES, "staffing", basis)

names = {name: t(f"staffing.tab.{name}") for name in TABS}
tabs = st.tabs(list(names.values()), key="staffing.tabs", on_change="rerun")
for tab, (name, show) in zip(tabs, TABS.items(), strict=True):
    if tab.open:
        with tab, page.boundary(names[name]):
            show(results, chosen, basis)
