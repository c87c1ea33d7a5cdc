"""Verdicts: a card per indicator in plain words, with the grade of its evidence and what it does not show."""

from __future__ import annotations

from html import escape

import streamlit as st

from answers import format as fmt
from answers import kept as cache
from answers import scope as scopes
from answers.pilots import numbers as pilots
from answers.pilots import words as pilots_words
from answers.pilots.numbers import GROUP, Evidence
from answers.results import Results
from answers.scope import Scope
from answers.words import labels, t
from ui import badges, page, verdict_cards, visit


def show(results: Results, scope: Scope) -> None:
    """Show the verdicts, or say why there are none."""
    if explain_empty(results, scope):
        _verdicts()


def explain_empty(results: Results, scope: Scope) -> bool:
    """Say whether there is evidence to show; where there is none, say why and which table would feed it."""
    if pilots.clinics(results, scope).empty:
        st.info(t("pilots.evidence.no_clinic", place=scopes.place_name(scope)), icon=":material/info:")
        return False
    if not pilots.evidence(results, scope).verdicts:
        st.info(t("pilots.evidence.no_reports"), icon=":material/info:")
        return False
    return True


@page.fragment
def _verdicts() -> None:
    results, scope = cache.results(), visit.current()
    assert results is not None
    found = whose(results, scope, "pilots.verdicts.who")
    page.section(t("pilots.verdicts"), t("pilots.verdicts.note"))
    st.html(verdict_cards.verdict_cards(results, scope, found))
    notes = [
        t("pilots.grades"),
        t("pilots.several.note", n=fmt.number(len(found.verdicts))),
        pilots_words.no_bootstrap(found),
    ]
    st.html("".join(f'<p class="atlas card-note">{escape(note)}</p>' for note in notes if note))
    badges.caption(results.snapshot, ["pilots", pilots.table(results), "stations", "staffing", "population"])


def whose(results: Results, scope: Scope, key: str) -> Evidence:
    """Ask whose evidence to show, all clinics together or one, and return it."""
    options = [GROUP, *pilots.clinics(results, scope).index]
    who = st.segmented_control(
        t("pilots.who"),
        options,
        default=GROUP,
        key=key,
        format_func=labels(options, lambda one: pilots_words.who_name(results, scope, one)),
        required=True,
        persist_state="session",
    )
    with st.spinner(t("pilots.working")):
        return pilots.evidence(results, scope, who if who in options else GROUP)
