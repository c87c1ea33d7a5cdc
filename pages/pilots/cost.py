"""Cost and effect: what one more person managed costs, once the province has entered its costs."""

from __future__ import annotations

from html import escape

import numpy as np
import streamlit as st

from metrics.pilot_indicators import pilot_indicators
from pages.pilots.verdicts import explain_empty
from ui import badges, cache, page, pilots, pilots_sites, pilots_words
from ui import format as fmt
from ui import scope as scopes
from ui.i18n import labels, t
from ui.results import Results
from ui.scope import Scope

MILLION = 1_000_000


def show(results: Results, scope: Scope) -> None:
    """Show the inputs and, once entered, the cost of one more."""
    if explain_empty(results, scope):
        _cost()


@page.fragment
def _cost() -> None:
    results, scope = cache.results(), scopes.current()
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
        setup = st.number_input(t("pilots.cost.setup"), 0.0, None, None, 10.0, key="pilots.cost.setup")
    with second:
        monthly = st.number_input(t("pilots.cost.monthly"), 0.0, None, None, 1.0, key="pilots.cost.monthly")
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
    sizes = pilots_sites.cost_of_one(results, found, name, setup=setup or 0.0, monthly=monthly or 0.0)
    st.html(f'<p class="atlas headline">{escape(_sentence(results, found, name, sizes))}</p>')
    st.html(f'<p class="atlas card-note">{escape(t("pilots.cost.caution"))}</p>')
    badges.caption(results.snapshot, ["pilots", pilots.table(results), "population"])


def _sentence(results: Results, found: pilots.Evidence, name: str, sizes: tuple[float, float, float]) -> str:
    middle, low, high = sizes
    indicator = pilots_words.named(name)
    if np.isnan(middle):
        return t("pilots.cost.no_gain", indicator=indicator)
    said = {
        "indicator": indicator,
        "cost": fmt.number(middle * MILLION, -3),
        "low": fmt.number(low * MILLION, -3),
    }
    said["time"] = pilots_words.time(results, pilots_words.since(found))
    if np.isinf(high):
        return t("pilots.cost.open_ended", **said)
    return t("pilots.cost.sentence", high=fmt.number(high * MILLION, -3), **said)
