"""The map of the verdict or of a criterion beside the list, and the chosen unit in one line."""

from __future__ import annotations

from html import escape

import streamlit as st

from answers import kept as cache
from answers import scope as scopes
from answers.compliance import maps as compliance_map
from answers.compliance import numbers as compliance
from answers.compliance.maps import HEIGHT, Shown
from answers.results import Results
from answers.scope import Scope
from answers.words import labels, t
from pages.compliance import chosen
from ui import badges, map_shapes, plot, theme, unit_list, visit
from ui.export import pins
from ui.map_shapes import DESK

WANTED = "compliance.sheet"


def show(results: Results, scope: Scope) -> None:
    """Show the choice, the map, the list and the chosen unit."""
    pick, level = st.columns([3, 1.4], vertical_alignment="bottom")
    options = compliance_map.choices(scope)
    with pick:
        choice = st.selectbox(
            t("compliance.map.choice"),
            options,
            format_func=labels(options, lambda one: compliance_map.choice_name(one, scope)),
            key="compliance.choice",
            persist_state="session",
            label_visibility="collapsed",
        )
    with level:
        visit.level_control("compliance.level")
    shown = compliance_map.shown(results, scope, choice, theme.current())
    with st.container(key="map-and-list"):
        left, right = st.columns([7, 5], gap="medium")
        with left:
            _map(shown, scope)
        with right:
            unit_list.show(shown.ranked, key="compliance.list")
    badges.caption(results.snapshot, compliance.TABLES, compliance.definition())
    chosen.show(results, scope)


def choose(place: str) -> None:
    """Make a commune the one shown below, and the unit it is in the chosen one."""
    results = cache.results()
    assert results is not None
    frame = compliance.of_scope(results, visit.current())
    st.session_state[WANTED] = place
    visit.choose_unit(str(frame.loc[frame["place"].eq(place), "unit"].iloc[0]))


def _map(shown: Shown, scope: Scope) -> None:
    shapes, _ = map_shapes.geometry(scope)
    chart = map_shapes.figure_of(
        scope, shown.classes, shown.legend(), shown.colours, shown.hover, shown.theme,
        width=map_shapes.room(DESK), height=HEIGHT,
    )  # fmt: skip
    plot.show(
        chart,
        key="compliance.map",
        chooses=True,
        alt=t("map.alt", indicator=shown.title, scope=scopes.sentence(scope)),
        pin=pins.whole("verdict_map", shown.choice, scope),
    )
    st.html(f'<p class="caption">{escape(t(f"map.{shapes.source}"))}</p>')
