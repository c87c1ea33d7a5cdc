"""Cost and effect: what one more person managed costs, once the province has entered its costs."""

from __future__ import annotations

from html import escape

import numpy as np
import streamlit as st

from answers import format as fmt
from answers import kept as cache
from answers.pilots import numbers as pilots
from answers.pilots import sites as pilots_sites
from answers.pilots import words as pilots_words
from answers.pilots.sites import Cost
from answers.results import Results
from answers.scope import Scope
from answers.words import labels, t, tn
from metrics.pilot_indicators import pilot_indicators
from pages.pilots.verdicts import explain_empty
from ui import badges, page, visit

MILLION = 1_000_000


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
    st.html(f'<p class="atlas headline">{escape(_sentence(results, found, name, cost))}</p>')
    if cost.gained > 0:
        st.html(f'<p class="atlas">{escape(_how(results, found, name, cost))}</p>')
    st.html(f'<p class="atlas card-note">{escape(t("pilots.cost.caution"))}</p>')
    badges.caption(results.snapshot, ["pilots", pilots.table(results), "population"])


def _how(results: Results, found: pilots.Evidence, name: str, cost: Cost) -> str:
    """Say what is divided by what."""
    return tn(
        "pilots.cost.how",
        cost.clinics,
        n=fmt.number(cost.clinics),
        spent=fmt.number(cost.spent, 0 if cost.spent.is_integer() else 1),
        gained=fmt.number(cost.gained),
        indicator=pilots_words.named(name),
        time=_time(results, found, name),
    )


def _time(results: Results, found: pilots.Evidence, name: str) -> str:
    return pilots_words.time(results, found.studies[name].periods_since)


def _sentence(results: Results, found: pilots.Evidence, name: str, cost: Cost) -> str:
    indicator = pilots_words.named(name)
    if np.isnan(cost.middle):
        return t("pilots.cost.no_gain", indicator=indicator)
    said = {
        "indicator": indicator,
        "cost": fmt.number(cost.middle * MILLION, -3),
        "low": fmt.number(cost.low * MILLION, -3),
        "time": _time(results, found, name),
    }
    if np.isinf(cost.high):
        return t("pilots.cost.open_ended", **said)
    return t("pilots.cost.sentence", high=fmt.number(cost.high * MILLION, -3), **said)
