"""WISN: need by cadre, and the parameters as a workbook a province edits and hands back for the session."""

from __future__ import annotations

from html import escape

import pandas as pd
import streamlit as st

from answers import format as fmt
from answers.results import Results
from answers.scope import Scope
from answers.staffing import numbers as staffing
from answers.staffing import workbook as staffing_workbook
from answers.words import current, t
from data.contracts import CADRES
from data.problems import Refused
from geo.units import at_level
from metrics.errors import BadParameters
from metrics.wisn import compared, factors
from metrics.wisn_parameters import WisnParameters
from ui import badges, html, page
from ui.export.downloads import table_downloads

ENTERED = "staffing.workload.parameters"
FAULT = "staffing.workload.fault"
UPLOAD = "staffing.workload.upload"
TABLES = ("activity", "staffing", "stations")


def entered() -> WisnParameters | None:
    """Return the parameters this session uses instead of those that ship, or None."""
    return st.session_state.get(ENTERED)


def _uploaded() -> None:
    """Take the workbook in, or keep why not; taking the file away goes back to what ships."""
    st.session_state.pop(FAULT, None)
    st.session_state.pop(ENTERED, None)
    file = st.session_state[UPLOAD]
    if file is None:
        return
    try:
        st.session_state[ENTERED] = staffing_workbook.read_workbook(
            file.getvalue(), file.name, staffing.shipped_parameters()
        )
    except (BadParameters, Refused) as error:
        st.session_state[FAULT] = error


def fault_text(error: BadParameters | Refused) -> str:
    """Return every fault of a file, one a line, in the visitor's language."""
    if isinstance(error, BadParameters):
        return error.text(current())
    return "\n\n".join(error.lines(current()))


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
    st.html(_table(gaps, used))
    page.remark(t("staffing.workload.caution"))
    badges.caption(results.snapshot, TABLES, besides=used.nature)
    with st.container(horizontal=True):
        table_downloads(
            lambda: _results(gaps, scope, basis),
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
    st.file_uploader(t("staffing.workload.upload"), type=["xlsx"], key=UPLOAD, on_change=_uploaded)


def _table(gaps: pd.DataFrame, used: WisnParameters) -> str:
    known = gaps[gaps["status"].ne("unknown")]
    sums = known.groupby(level="cadre")[["existing", "required"]].sum()
    whole = compared(frame=sums).loc[[cadre for cadre in CADRES if cadre in sums.index]]
    missing = -known["gap_low"].clip(upper=0).groupby(level="cadre").sum()
    parts = factors(parameters=used)
    rows = [
        [
            escape(t(f"cadre.{cadre}")),
            fmt.number(parts.loc[cadre, "available_hours"]),
            fmt.number(parts.loc[cadre, "category_factor"], 2),
            fmt.number(parts.loc[cadre, "individual_factor"], 2),
            fmt.number(row["existing"]),
            fmt.number(row["required"], 1),
            fmt.number(row["difference"], 1, sign=True),
            fmt.number(row["ratio"], 2),
            fmt.percent(100 * row["pressure"], 0),
            fmt.number(missing[cadre]),
        ]
        for cadre, row in whole.iterrows()
    ]
    names = (
        "cadre",
        "hours",
        "caf",
        "iaf",
        "existing",
        "required",
        "difference",
        "ratio",
        "pressure",
        "missing",
    )
    return html.table([t(f"staffing.workload.column.{name}") for name in names], rows, numbers=range(1, 10))


def _results(gaps: pd.DataFrame, scope: Scope, basis: str) -> pd.DataFrame:
    names = at_level(staffing.post_geography(scope, basis), "commune")["name"]
    frame = gaps.reset_index("cadre")
    return pd.DataFrame(
        {
            t("list.unit"): names.reindex(frame.index),
            t("staffing.workload.column.cadre"): [t(f"cadre.{cadre}") for cadre in frame["cadre"]],
            t("staffing.workload.column.existing"): frame["existing"],
            t("staffing.workload.column.fraction"): frame["required"].round(3),
            t("staffing.workload.column.required"): frame["required_low"],
            t("staffing.workload.column.difference"): frame["gap_low"],
            t("staffing.workload.column.ratio"): frame["ratio"].round(3),
            t("staffing.workload.column.pressure"): frame["pressure"].round(3),
        }
    )
