"""The table of measures: what it holds, its badge, a copy to edit, and a province's own in its place."""

from __future__ import annotations

from html import escape

import streamlit as st

from answers import format as fmt
from answers import words as i18n
from answers.compliance import numbers as compliance
from answers.compliance import plan as compliance_plan
from answers.compliance import words
from answers.results import Results
from answers.scope import Scope
from answers.words import t
from data.problems import Refused
from pages.compliance.in_use import OWN, current
from ui import badges, html, page

UPLOAD = "compliance.measures.upload"
MOST_FAULTS = 30


def show(results: Results, scope: Scope) -> None:
    """Show the table, the copy to edit and the way to hand it back."""
    table, rule = current(), compliance.rule_of(scope)
    page.section(t("compliance.measures.title"), t("compliance.measures.note"))
    names = {one.number: words.short_name(one) for one in rule.criteria} if rule else {}
    rows = [
        [
            escape(table.name(str(one.Index))),
            escape(names.get(one.criterion, str(one.criterion))),
            fmt.number(one.points, 2, sign=True),
            fmt.number(one.cost),
            fmt.number(one.max_times),
            fmt.number(one.lead_time_years),
            escape(table.name(one.prerequisite)) if isinstance(one.prerequisite, str) else "",
        ]
        for one in table.frame.itertuples()
    ]
    heads = ("measure", "criterion", "points", "cost", "max_times", "lead_time", "prerequisite")
    st.html(html.table([t(f"compliance.measure.{name}") for name in heads], rows, numbers=(2, 3, 4, 5)))
    source = escape(t("caption.source", sources=table.source))
    st.html(f'<div class="atlas caption">{badges.html(table.nature)} {source}</div>')
    with st.container(horizontal=True, vertical_alignment="center"):
        st.download_button(
            t("compliance.measures.download"),
            data=lambda: compliance_plan.workbook(table),
            file_name="measures.xlsx",
            mime="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            icon=":material/download:",
            on_click="ignore",
        )
        if table.nature != "illustrative":
            st.button(t("compliance.measures.reset"), icon=":material/undo:", on_click=_reset)
    st.file_uploader(t("compliance.measures.upload"), type=["xlsx", "csv"], key=UPLOAD, on_change=_uploaded)
    for line in st.session_state.get(f"{OWN}.faults", ()):
        st.error(line, icon=":material/error:")


def _uploaded() -> None:
    """Take a table in: use it, or keep the one in use and say every fault."""
    i18n.use(st.session_state["scope.lang"])
    file = st.session_state[UPLOAD]
    st.session_state[f"{OWN}.faults"] = ()
    if file is None:
        return
    try:
        st.session_state[OWN] = compliance_plan.read_upload(file.name, file.getvalue())
    except Refused as refused:
        lines = [problem.text(i18n.current()) for problem in refused.problems]
        more = len(lines) - MOST_FAULTS
        rest = [t("compliance.measures.more", n=fmt.number(more))] if more > 0 else []
        st.session_state[f"{OWN}.faults"] = (*lines[:MOST_FAULTS], *rest)


def _reset() -> None:
    st.session_state[OWN] = None
    st.session_state[f"{OWN}.faults"] = ()
