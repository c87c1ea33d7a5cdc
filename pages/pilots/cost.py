"""Cost and effect: what one more person managed costs, once the province has entered its costs."""

from __future__ import annotations

from html import escape

import streamlit as st

from answers import kept as cache
from answers.pilots import numbers as pilots
from answers.pilots import sites as pilots_sites
from answers.pilots import words as pilots_words
from answers.pilots.cost_words import how, sentence
from answers.results import Results
from answers.scope import Scope
from answers.words import labels, t
from metrics.pilot_indicators import pilot_indicators
from pages.pilots.verdicts import explain_empty
from ui import badges, page, visit


def show(results: Results, scope: Scope) -> None:
    """Show the inputs and, once entered, the cost of one more."""
    if explain_empty(results, scope):
        _cost()


@page.fragment
def _cost() -> None:
    results, scope = cache.results(), visit.current()
    assert results is not None
    found = pilots.evidence(results, scope)
    page.section(t("pilots.cost"), t("pilots.cost.note"))
    names = [
        name
        for name, one in found.studies.items()
        if one.effect is not None and pilot_indicators()[name].counted != "share"
    ]
    if not names:
        st.info(t("pilots.cost.none"), icon=":material/info:")
        return
    first, second, third = st.columns(3, vertical_alignment="bottom")
    with first:
        setup = st.number_input(
            t("pilots.cost.setup"), 0.0, None, None, 10.0, format="%g", key="pilots.cost.setup"
        )
    with second:
        monthly = st.number_input(
            t("pilots.cost.monthly"), 0.0, None, None, 1.0, format="%g", key="pilots.cost.monthly"
        )
    with third:
        name = st.selectbox(
            t("pilots.cost.per"),
            names,
            key="pilots.cost.per",
            format_func=labels(names, pilots_words.named),
        )
    if not setup and not monthly:
        st.info(t("pilots.cost.enter"), icon=":material/info:")
        return
    cost = pilots_sites.cost_of_one(results, found, name, setup=setup or 0.0, monthly=monthly or 0.0)
    st.html(f'<p class="atlas headline">{escape(sentence(results, found, name, cost))}</p>')
    if cost.gained > 0:
        st.html(f'<p class="atlas">{escape(how(results, found, name, cost))}</p>')
    st.html(f'<p class="atlas card-note">{escape(t("pilots.cost.caution"))}</p>')
    badges.caption(results.snapshot, ["pilots", pilots.table(results), "population"])
