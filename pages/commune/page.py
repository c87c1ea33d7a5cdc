"""One unit or station on one page: who lives there, its staff against the norms, what it was and is now."""

import streamlit as st

from answers import kept as cache
from answers import provenance, summary
from answers.units import profile
from answers.words import t
from pages.commune import navigation, parts, people, station, tabs
from ui import page, unit_list, visit
from ui.kpis import strip

chosen, results = visit.current(), cache.results()
assert results is not None
if chosen.unit is None:
    page.head(t("commune.choose"), chosen, provenance.nature(results.snapshot, ["staffing"]))
    visit.level_control("commune.level")
    parts.choose_province(chosen)
    unit_list.show(parts.list_payload(profile.units(chosen)), key="commune.list")
    st.stop()

chosen = profile.placed(chosen)
if chosen.station is not None:
    station.show(results, chosen)
    st.stop()

page.head(profile.headline(results, chosen), chosen, provenance.nature(results.snapshot, ["staffing"]))
navigation.navigation(results, chosen)
parts.history(chosen)
strip([summary.unit_card(results, name, chosen) for name in profile.CARDS])
left, right = st.columns([5, 7], gap="medium")
with left:
    people.people(results, chosen)
with right:
    parts.trend(results, chosen)

shown = st.tabs([t(f"profile.tab.{name}") for name in tabs.TABS], key="profile.tabs", on_change="rerun")
for tab, (name, show) in zip(shown, tabs.TABS.items(), strict=True):
    if tab.open:
        with tab, page.boundary(t(f"profile.tab.{name}")):
            show(results, chosen)
