"""The stations a rotation touches or leaves short, before and after."""

from __future__ import annotations

from html import escape

import pandas as pd
import streamlit as st

from answers.results import Results
from answers.scope import Scope, sentence
from answers.staffing import rotation_lists
from answers.words import t
from pages.staffing.rotation_map import SIGNS
from ui import html, page
from ui.export.downloads import table_downloads

TABLES = ("staffing", "stations", "population")


def show(results: Results, scope: Scope, ends: pd.DataFrame) -> None:
    """Show every station the plan touches, before and after."""
    page.section(t("staffing.rotation.stations"), t("staffing.rotation.stations.note"))
    st.html(_stations(ends))
    table_downloads(
        lambda: rotation_lists.ends_table(ends),
        results,
        scope,
        name="tram-truoc-sau",
        tables=TABLES,
        title=f"{t('staffing.rotation.stations')}: {sentence(scope)}",
        message="staffing.rotation.download.stations",
    )


def _stations(ends: pd.DataFrame) -> str:
    """Return the stations the plan touches or leaves short; the rest stay as they are."""
    rows = [
        [*map(escape, texts), f"{SIGNS[state]} {escape(t(f'staffing.rotation.state.{state}'))}"]
        for state, *texts in rotation_lists.end_rows(ends[ends["state"].ne("same")])
    ]
    body = html.table(rotation_lists.end_heads(), rows, numbers=range(1, 6))
    return f'<div style="max-height:360px;overflow-y:auto">{body}</div>'
