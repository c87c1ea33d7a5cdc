"""The chosen unit in one line, and the way to its profile."""

from __future__ import annotations

from html import escape

import streamlit as st

from answers import format as fmt
from answers.compliance import numbers as compliance
from answers.compliance import words
from answers.results import Results
from answers.scope import Scope
from answers.words import t
from ui import page, visit


def show(results: Results, scope: Scope) -> None:
    """Say how the chosen unit stands, and lead to its profile."""
    units, rule = compliance.units(results, scope), compliance.rule_of(scope)
    if scope.unit is None or scope.unit not in units.index or rule is None:
        page.remark(t("compliance.choose"))
        return
    counts = units.loc[scope.unit]
    passing = {
        name: fmt.number(counts[column]) for name, column in (("passing", "passing"), ("total", "judged"))
    }
    said = escape(t("compliance.passing_of", **passing))
    lines = [f"<strong>{escape(str(counts['name']))}</strong>: {said}"]
    for verdict, said in words.held_back(results, scope, rule):
        status = f'<span class="status {verdict}">{escape(t(f"compliance.status.{verdict}"))}</span>'
        lines.append(f"{status} {escape(said)}")
    st.html(f'<p class="atlas card-note">{"<br>".join(lines)}</p>')
    with st.container(horizontal=True):
        st.page_link("pages/commune/page.py", label=t("unit.open"), icon=":material/open_in_new:")
        st.button(
            t("unit.clear"),
            key="compliance.clear",
            type="tertiary",
            on_click=visit.choose_unit,
            args=(None,),
        )
