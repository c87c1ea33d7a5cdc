"""Communes by criteria: every share of every commune, the closest to passing first."""

from __future__ import annotations

import streamlit as st

from pages.compliance import area
from ui import badges, compliance, heat_table, page, theme
from ui.export.csv import csv_bytes
from ui.i18n import labels, t
from ui.results import Results
from ui.scope import Scope, sentence

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
    data = heat_table.payload(
        results, shown, rule, theme.current(), selected=st.session_state.get(area.WANTED), height=600
    )
    heat_table.show(data, key="compliance.grid", choose=area.choose)
    st.download_button(
        t("list.download"),
        data=lambda: download(results, scope),
        file_name=f"tieu-chi-{scope.province}-{scope.geography}-{scope.year}.csv",
        mime="text/csv",
        icon=":material/download:",
        on_click="ignore",
    )
    badges.caption(results.snapshot, compliance.TABLES, compliance.definition())


def download(results: Results, scope: Scope) -> bytes:
    """Return every sheet of the scope as CSV: verdict, total, what is missing, points of each criterion in percent."""
    table = compliance.as_table(results, scope)
    return csv_bytes(
        table, index_label="code", title=sentence(scope), snapshot=results.snapshot, tables=compliance.TABLES
    )
