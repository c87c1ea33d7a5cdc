"""Which commune is looked at, and within how many years its way is to lead over the line."""

from __future__ import annotations

from typing import Any

import streamlit as st

from answers.compliance import numbers as compliance
from answers.compliance import words
from answers.results import Results
from answers.scope import Scope
from answers.words import labels, t, tn
from pages.compliance import area
from ui.choose import one_of

PICKED = "compliance.commune"
NO_LIMIT = 0
LIMITS = (NO_LIMIT, 1, 2, 3)


def choice(results: Results, scope: Scope) -> Any:
    """Let the visitor choose among the chosen unit's communes, or all of the scope's."""
    frame = compliance.in_order(compliance.of_scope(results, scope))
    mine = frame[frame["unit"].eq(scope.unit)] if scope.unit in set(frame["unit"]) else frame
    names = words.marked(mine)
    st.session_state[PICKED] = compliance.chosen_sheet(results, scope, st.session_state.get(area.WANTED))
    place = st.selectbox(
        t("compliance.commune.choose"),
        list(names),
        format_func=labels(list(names), names.__getitem__),
        key=PICKED,
        on_change=_picked,
    )
    return next(frame[frame["place"].eq(place)].itertuples())


def _picked() -> None:
    st.session_state[area.WANTED] = st.session_state[PICKED]


def limit(row: Any) -> int:
    """Let the visitor limit the years of a way; where none is needed, there is no limit."""
    if words.verdict(row) != "short" or row.disqualified:
        return NO_LIMIT
    return one_of(
        "compliance.path.within",
        LIMITS,
        lambda n: tn("compliance.path.years", n, n=n) if n else t("compliance.path.no_limit"),
        key="compliance.within",
    )
