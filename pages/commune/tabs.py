"""The depths of a profile, one tab each."""

from __future__ import annotations

from html import escape
from typing import Final

import streamlit as st

from answers import format as fmt
from answers.quality import numbers as quality
from answers.results import Results
from answers.scope import Scope
from answers.units import profile
from answers.words import t
from pages.commune.criteria import criteria
from pages.commune.peers import peers
from pages.commune.staff import staff
from pages.commune.stations import stations
from pages.commune.trends import trends
from ui import badges, findings, html, page


def reform(results: Results, scope: Scope) -> None:
    """Show the communes on the other side of the 2025 reform."""
    found = profile.reform(results, scope)
    before = scope.geography == "current"
    page.section(t("profile.reform.before" if before else "profile.reform.after"), t("profile.reform.note"))
    rows = [
        [escape(str(row["name"])), escape(str(row["above"])), *(fmt.number(row[key]) for key in _COUNTED)]
        for _, row in found.iterrows()
    ]
    heads = [t("list.unit"), t("profile.reform.above"), t("profile.peer.population"), t("profile.peer.staff")]
    st.html(html.table([*heads, t("profile.reform.stations")], rows, numbers=(2, 3, 4)))
    badges.caption(results.snapshot, ["crosswalk", "population", "staffing"])


_COUNTED: Final = ("population", "staff", "stations")


def notes(results: Results, scope: Scope) -> None:
    """Show what is incomplete or looks wrong in the unit's data."""
    table = results.indicator("staff", scope.geography, scope.level)
    if (scope.unit, scope.year) in table.index:
        row = table.loc[(scope.unit, scope.year)]
        text = t(
            "profile.quality.reported",
            year=scope.year,
            reported=fmt.number(row["reported"]),
            expected=fmt.number(row["expected"]),
        )
        page.say(text)
    found = quality.within(results, scope, unit=scope.unit)
    if found.empty:
        page.remark(t("profile.quality.none"))
        return
    findings.show(results, scope, found, key="profile.quality", profiles=False)


TABS: Final = {
    "staff": staff,
    "criteria": criteria,
    "stations": stations,
    "trends": trends,
    "peers": peers,
    "reform": reform,
    "quality": notes,
}
