"""One station on one page: what it has and does, and how its commune stands."""

from __future__ import annotations

from html import escape
from typing import Final

import streamlit as st

from answers import provenance
from answers.results import Results
from answers.scope import Scope
from answers.units import station
from answers.words import t
from pages.commune import criteria, navigation, parts, peers, people, staff, stations, tabs, trends
from pages.commune.station_tabs import activity, clinic, facilities
from ui import kpis, page


def show(results: Results, scope: Scope) -> None:
    """Show the chosen station's profile."""
    there = station.at_home(results, scope)
    page.head(station.headline(results, scope), scope, provenance.nature(results.snapshot, ["staffing"]))
    navigation.navigation(results, scope)
    _identity(results, scope)
    kpis.strip(station.cards(results, scope))
    left, right = st.columns([5, 7], gap="medium")
    with left:
        people.people(results, there)
    with right:
        parts.trend(results, there)
    names = [t(f"station.tab.{name}") if name in OWN else t(f"profile.tab.{name}") for name in TABS]
    shown = st.tabs(names, key="station.tabs", on_change="rerun")
    for tab, name, (part, at_home) in zip(shown, names, TABS.values(), strict=True):
        if tab.open:
            with tab, page.boundary(name):
                part(results, there if at_home else scope)


def _identity(results: Results, scope: Scope) -> None:
    """Show what the station is and where it lies."""
    found = station.identity(results, scope)
    lines = (f"{found.role}. {found.lies}", found.clinic, found.shared)
    text = "<br>".join(escape(line) for line in lines if line)
    st.html(f'<p class="atlas card-note">{text}</p>')


def commune(results: Results, scope: Scope) -> None:
    """Show the commune in force the station is in: its main station and points, and what it was made of."""
    now = station.now(results, scope)
    parts.history(now)
    stations.stations(results, now)
    tabs.reform(results, now)


OWN: Final = ("facilities", "activity", "clinic", "commune")
# Each tab, and whether it shows the commune of before July 2025 whose profile the station shares.
TABS: Final = {
    "staff": (staff.staff, True),
    "facilities": (facilities, False),
    "activity": (activity, False),
    "criteria": (criteria.criteria, True),
    "clinic": (clinic, False),
    "trends": (trends.trends, True),
    "peers": (peers.peers, True),
    "commune": (commune, False),
    "quality": (tabs.notes, True),
}
