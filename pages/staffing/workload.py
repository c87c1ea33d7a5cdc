"""WISN: need by cadre, and the parameters as a workbook a province edits and hands back for the session."""

from __future__ import annotations

from html import escape

import streamlit as st

from answers.results import Results
from answers.scope import Scope
from answers.staffing import numbers as staffing
from answers.staffing import workbook as staffing_workbook
from answers.staffing.workload import COLUMNS, by_cadre, by_cadre_table
from answers.words import current, t
from pages.staffing.own_workload import FAULT, UPLOAD, entered, fault_text, uploaded
from ui import badges, html, page
from ui.export.downloads import table_downloads

TABLES = ("activity", "staffing", "stations")


def show(results: Results, scope: Scope, basis: str) -> None:
    """Show the need by cadre, what it rests on, and the way to change that."""
    used = entered() or staffing.shipped_parameters()
    if FAULT in st.session_state:
        st.error(t("staffing.workload.refused") + "\n\n" + fault_text(st.session_state[FAULT]))
    label = t("staffing.workload.entered") if entered() else used.name.in_(current())
    st.html(
        f'<p class="card-note"><b>{escape(label)}</b>. {escape(used.note.in_(current()) if not entered() else "")}</p>'
    )
    gaps = staffing.all_gaps(results, scope, basis, entered())[staffing.WORKLOAD]
    rows = [[escape(text) for text in row] for row in by_cadre(gaps, used)]
    heads = [t(f"staffing.workload.column.{name}") for name in COLUMNS]
    st.html(html.table(heads, rows, numbers=range(1, 10)))
    page.remark(t("staffing.workload.caution"))
    badges.caption(results.snapshot, TABLES, besides=used.nature)
    with st.container(horizontal=True):
        table_downloads(
            lambda: by_cadre_table(gaps, scope, basis),
            results,
            scope,
            name="wisn",
            tables=TABLES,
            message="staffing.workload.results",
        )
        st.download_button(
            t("staffing.workload.workbook"),
            data=lambda: staffing_workbook.workbook(used),
            file_name="wisn.xlsx",
            icon=":material/table_edit:",
            on_click="ignore",
        )
    st.file_uploader(t("staffing.workload.upload"), type=["xlsx"], key=UPLOAD, on_change=uploaded)
