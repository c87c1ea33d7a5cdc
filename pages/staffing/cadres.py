"""Who is there: headcount by cadre, the posts the norm names, village health workers, and rates beside targets."""

from __future__ import annotations

from html import escape

import pandas as pd
import streamlit as st

from answers import format as fmt
from answers.results import Results
from answers.scope import Scope
from answers.staffing import posts
from answers.summary import figure, scope_row
from answers.words import current, t
from metrics.registry import indicators
from ui import badges, html, page
from ui.export import pins
from ui.show import show as show_figure

RATES = (
    "doctors_per_10000",
    "university_pharmacists_per_10000",
    "nurses_per_10000",
    "beds_per_10000",
    "villages_with_trained_health_worker",
)
TABLES = ("staffing", "stations", "facilities", "population", "village_workers", "targets")


def show(results: Results, scope: Scope, basis: str) -> None:
    """Show the bars of the chosen unit or the scope, the posts filled, and the rates."""
    left, right = st.columns(2, gap="medium")
    with left:
        spec = pins.of_unit("headcount", "", scope)
        show_figure(results, spec, key="staffing.cadres", note=t("staffing.cadre.note"))
    with right:
        show_figure(results, pins.whole("posts", "", scope, basis), key="staffing.posts")
    page.section(t("staffing.rates.title"), t("staffing.rates.note"))
    st.html(_rates(results, scope))
    badges.caption(results.snapshot, TABLES)


def _rates(results: Results, scope: Scope) -> str:
    rows = []
    for name in RATES:
        definition = indicators()[name]
        value = scope_row(results, name, scope)["value"].get(scope.year)
        wanted = [
            t("staffing.rates.target", value=figure(target, definition), year=year)
            for target, year in posts.targets_of(results, name)
        ]
        caution = definition.caution.in_(current()) if definition.caution else ""
        rows.append(
            [
                escape(definition.name.in_(current())),
                f"<b>{figure(None if pd.isna(value) else float(value), definition)}</b>",
                escape("; ".join(wanted) or fmt.MISSING),
                escape(caution),
            ]
        )
    heads = [t(f"staffing.rates.column.{name}") for name in ("indicator", "value", "targets", "caution")]
    return html.table(heads, rows, numbers=(1,))
