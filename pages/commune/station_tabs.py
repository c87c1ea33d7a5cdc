"""What only a station's profile has: its equipment, its activity, its way to a clinic, its commune."""

from __future__ import annotations

from html import escape

import pandas as pd
import streamlit as st

from answers import format as fmt
from answers.making import numbers
from answers.pilots import numbers as pilots
from answers.pilots.words import condition
from answers.results import Results
from answers.scope import Scope
from answers.units import station
from answers.words import t
from ui import badges, html, kpis, page, theme


def facilities(results: Results, scope: Scope) -> None:
    """Show what the station reported to have, year by year."""
    page.section(t("station.facilities"), t("station.facilities.note"))
    frame = station.facilities(results, scope)
    if frame.empty:
        page.remark(t("station.nothing", table=t("table.facilities")))
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
        page.remark(t("station.nothing", table=t("table.activity")))
        return
    frame = frame.sort_values(scope.year, ascending=False, kind="stable")
    years, rows = list(frame.columns), []
    for code, values in frame.iterrows():
        known = values.dropna()
        change = values[scope.year] - known.iloc[0] if len(known) else None
        label = station.called(str(code))
        line = list(numbers(values))
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
