"""One station on one page: what it has and does, and how its commune stands."""

from __future__ import annotations

from html import escape
from typing import Final

import pandas as pd
import streamlit as st

from answers import format as fmt
from answers import provenance
from answers.pilots import numbers as pilots
from answers.pilots.words import condition
from answers.results import Results
from answers.scope import Scope
from answers.units import station
from answers.words import t
from pages.commune import parts, tabs
from ui import badges, html, kpis, page, theme


def show(results: Results, scope: Scope) -> None:
    """Show the chosen station's profile."""
    there = station.at_home(results, scope)
    page.head(station.headline(results, scope), scope, provenance.nature(results.snapshot, ["staffing"]))
    parts.navigation(results, scope)
    _identity(results, scope)
    kpis.strip(station.cards(results, scope))
    left, right = st.columns([5, 7], gap="medium")
    with left:
        parts.people(results, there)
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


def facilities(results: Results, scope: Scope) -> None:
    """Show what the station reported to have, year by year."""
    page.section(t("station.facilities"), t("station.facilities.note"))
    frame = station.facilities(results, scope)
    if frame.empty:
        _nothing("facilities")
        return
    rows = [
        [escape(station.called(str(item))), *(escape(station.amount(str(item), value)) for value in values)]
        for item, values in frame.iterrows()
    ]
    st.html(html.table([t("station.item"), *(str(year) for year in frame.columns)], rows))
    badges.caption(results.snapshot, ["facilities"])


def activity(results: Results, scope: Scope) -> None:
    """Show what the station did in the year, since the first one, and between."""
    page.section(t("station.activity"), t("station.activity.note"))
    frame = station.activity(results, scope)
    if frame.empty:
        _nothing("activity")
        return
    frame = frame.sort_values(scope.year, ascending=False, kind="stable")
    years, rows = list(frame.columns), []
    for code, values in frame.iterrows():
        known = values.dropna()
        change = values[scope.year] - known.iloc[0] if len(known) else None
        label = station.called(str(code))
        line = [None if pd.isna(value) else float(value) for value in values]
        rows.append(
            [
                escape(label),
                fmt.number(values[scope.year]),
                fmt.number(change, sign=True),
                kpis.sparkline(line, t("kpi.trend", label=label), theme.current()),
            ]
        )
    heads = [
        t("station.what"),
        str(scope.year),
        t("profile.trend.change", year=years[0]),
        t("profile.trend.line"),
    ]
    st.html(html.table(heads, rows, numbers=(1, 2)))
    badges.caption(results.snapshot, ["activity"])


def clinic(results: Results, scope: Scope) -> None:
    """Show whether the station is a family-doctor clinic, and what it lacks to become one."""
    found = station.state(results, scope)
    title = t("pilots.state.unknown") if pd.isna(found["state"]) else t(f"pilots.state.{found['state']}")
    page.section(title, t("station.clinic.note"))
    rows = [
        [escape(t(f"pilots.condition.{name}")), escape(condition(found[name]))] for name in pilots.CONDITIONS
    ]
    st.html(html.table([t("station.item"), t("station.there")], rows))
    badges.caption(results.snapshot, ["pilots", "staffing", "facilities"])


def commune(results: Results, scope: Scope) -> None:
    """Show the commune in force the station is in: its main station and points, and what it was made of."""
    now = station.now(results, scope)
    parts.history(now)
    tabs.stations(results, now)
    tabs.reform(results, now)


def _nothing(table: str) -> None:
    st.html(f'<p class="atlas card-note">{escape(t("station.nothing", table=t(f"table.{table}")))}</p>')


OWN: Final = ("facilities", "activity", "clinic", "commune")
# Each tab, and whether it shows the commune of before July 2025 whose profile the station shares.
TABS: Final = {
    "staff": (tabs.staff, True),
    "facilities": (facilities, False),
    "activity": (activity, False),
    "criteria": (tabs.criteria, True),
    "clinic": (clinic, False),
    "trends": (tabs.trends, True),
    "peers": (tabs.peers, True),
    "commune": (commune, False),
    "quality": (tabs.notes, True),
}
