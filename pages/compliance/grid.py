"""Communes by criteria: every share of every commune, the closest to passing first."""

from __future__ import annotations

import streamlit as st

from answers.compliance import heat, lists
from answers.compliance import numbers as compliance
from answers.results import Results
from answers.scope import Scope
from answers.words import labels, t
from pages.compliance import area
from ui import badges, heat_table, page, theme
from ui.export import pins
from ui.export.downloads import table_downloads

SHOWN = ("all", "short")


def show(results: Results, scope: Scope) -> None:
    """Show the table of shares with its filters."""
    rule, frame = compliance.rule_of(scope), compliance.of_scope(results, scope)
    if rule is None or frame.empty:
        st.info(t("compliance.empty.scores", year=scope.year), icon=":material/hourglass_empty:")
        return
    page.section(t("compliance.grid.title"), t("compliance.grid.note"))
    which = st.segmented_control(
        t("compliance.grid.which"),
        SHOWN,
        default="all",
        key="compliance.grid.which",
        format_func=labels(SHOWN, lambda one: t(f"compliance.grid.{one}")),
        required=True,
        label_visibility="collapsed",
    )
    shown = frame if which == "all" else frame[~compliance.passing(frame)]
    data = heat.payload(
        results, shown, rule, theme.current(), selected=st.session_state.get(area.WANTED), height=600
    )
    heat_table.show(data, key="compliance.grid", choose=area.choose)
    table_downloads(
        lambda: lists.as_table(results, scope), results, scope, name="tieu-chi", tables=compliance.TABLES
    )
    if slide := pins.whole("heat", "", scope):
        pins.button(slide, key="compliance.grid.pin")
    badges.caption(results.snapshot, compliance.TABLES, compliance.definition())
