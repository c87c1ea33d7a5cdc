"""Where next: choose how many clinics, under which conditions; see whom the best choice reaches."""

from __future__ import annotations

import streamlit as st

from answers import format as fmt
from answers import kept as cache
from answers.pilots import next_figures
from answers.pilots import sites as pilots_sites
from answers.pilots.next_words import condition_cost, sentence
from answers.pilots.sites import Ask
from answers.results import Results
from answers.scope import Scope
from answers.words import t
from pages.pilots import next_list, next_map
from pages.pilots.next_asked import asked
from ui import badges, page, plot, station_link, visit
from ui.export import pins
from ui.show import show as show_figure

TABLES = ("pilots", "stations", "population", "staffing", "facilities")


def show(results: Results, scope: Scope) -> None:
    """Show the question and its answer."""
    _next()


@page.fragment
def _next() -> None:
    results, scope = cache.results(), visit.current()
    assert results is not None
    ask = asked(results, scope)
    can = len(pilots_sites.candidates(results, scope, ask))
    if not len(ask.must) <= ask.k <= can:
        st.error(
            t("pilots.next.cannot", k=fmt.number(ask.k), can=fmt.number(can), must=fmt.number(len(ask.must))),
            icon=":material/error:",
        )
        return
    with st.spinner(t("pilots.working")):
        try:
            found = pilots_sites.answer(results, scope, ask)
        except TimeoutError:
            st.error(t("pilots.next.timeout"), icon=":material/error:")
            return
    page.section(sentence(found, ask), t("pilots.next.note"))
    left, right = st.columns([7, 5], gap="medium")
    with left:
        plot.show(
            next_map.show(results, scope, found),
            key="pilots.next.map",
            chooses=True,
            alt=t("pilots.next.alt", k=fmt.number(ask.k)),
            pin=pins.whole("next", "", scope, *next_figures.asked(ask)),
        )
    with right:
        next_list.show(results, scope, found)
    station_link.link(results, scope)
    page.say(condition_cost(found, ask))
    _curve(results, scope, ask)
    badges.caption(results.snapshot, TABLES)


def _curve(results: Results, scope: Scope, ask: Ask) -> None:
    """Show how many people k new clinics reach, by the best choice and by simpler ones."""
    spec = pins.whole("reach", "", scope, *next_figures.asked(ask))
    show_figure(results, spec, key="pilots.next.curve")
