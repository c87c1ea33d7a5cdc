"""The evidence behind a verdict, weakest first: before and after, differences, synthetic controls, the series."""

from __future__ import annotations

import streamlit as st

from answers import kept as cache
from answers.pilots import numbers as pilots
from answers.pilots import words as pilots_words
from answers.results import Results
from answers.scope import Scope
from answers.words import labels, t
from metrics.pilot_indicators import pilot_indicators
from pages.pilots import before_after, differences, synthetic
from pages.pilots.series import series, several
from pages.pilots.verdicts import explain_empty, whose
from ui import badges, page, visit

METHODS = ("before_after", "differences", "synthetic", "series", "several")


def show(results: Results, scope: Scope) -> None:
    """Show the evidence of one indicator by one method."""
    if explain_empty(results, scope):
        _evidence()


@page.fragment
def _evidence() -> None:
    results, scope = cache.results(), visit.current()
    assert results is not None
    found = whose(results, scope, "pilots.evidence.who")
    left, right = st.columns([2, 3], vertical_alignment="bottom")
    with left:
        names = list(found.studies)
        name = st.selectbox(
            t("map.indicator"),
            names,
            key="pilots.indicator",
            format_func=labels(names, pilots_words.named),
            persist_state="session",
        )
    with right:
        method = st.segmented_control(
            t("pilots.method"),
            METHODS,
            default="differences",
            key="pilots.method",
            format_func=labels(METHODS, lambda one: t(f"pilots.method.{one}")),
            required=True,
            persist_state="session",
        )
    page.section(t(f"pilots.method.{method}"), t(f"pilots.method.{method}.note"))
    parts = {
        "before_after": before_after.show,
        "differences": differences.show,
        "synthetic": synthetic.show,
        "series": series,
        "several": several,
    }
    parts[method](results, scope, found, name)
    tables = ["pilots", pilots.table(results), "stations", "staffing", "population"]
    badges.caption(results.snapshot, tables, pilot_indicators()[name])
