"""The table of measures: what it holds, its badge, a copy to edit, and a province's own in its place."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from html import escape

import pandas as pd
import streamlit as st

from answers import format as fmt
from answers import provenance
from answers import words as i18n
from answers.compliance import numbers as compliance
from answers.compliance import plan as compliance_plan
from answers.compliance import words
from answers.compliance.plan import Table
from answers.results import Results
from answers.scope import Scope, sentence
from answers.words import t
from data.problems import Refused
from ui import badges, html, page
from ui.export.downloads import table_downloads

OWN = "compliance.measures"
UPLOAD = "compliance.measures.upload"
MOST_FAULTS = 30


def current() -> Table:
    """Return the table in use: the visitor's own, or the one shipped."""
    own: Table | None = st.session_state.get(OWN)
    return own or compliance_plan.shipped()


def caption(results: Results, table: Table, tables: Sequence[str] = compliance.TABLES) -> None:
    """Show where a plan comes from: the snapshot's tables and the measures, and the badge of the weakest."""
    nature = provenance.nature(results.snapshot, tables, table.nature)
    sources = "; ".join([*provenance.sources(results.snapshot, tables), table.source])
    st.html(
        f'<div class="atlas caption">{badges.html(nature)} {escape(t("caption.source", sources=sources))}</div>'
    )


def download(
    results: Results,
    scope: Scope,
    name: str,
    table: Callable[[], pd.DataFrame],
    tables: Sequence[str],
) -> None:
    """Draw the buttons of a table that rests on the measures in use; its title says whose they are."""
    origin = current()
    title = f"{sentence(scope)} · {origin.source} ({t(f'nature.{origin.nature}')})"
    table_downloads(table, results, scope, name=name, tables=tables, title=title)


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
    badge = badges.html(table.nature)
    st.html(f'<div class="atlas caption">{badge} {escape(t("caption.source", sources=table.source))}</div>')
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
        more = [t("compliance.measures.more", n=fmt.number(len(lines) - MOST_FAULTS))][
            : len(lines) > MOST_FAULTS
        ]
        st.session_state[f"{OWN}.faults"] = (*lines[:MOST_FAULTS], *more)


def _reset() -> None:
    st.session_state[OWN] = None
    st.session_state[f"{OWN}.faults"] = ()
