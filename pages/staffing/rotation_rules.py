"""The rotation planner's form: whose norm, how far, how many, and which moves must or must not happen."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

import streamlit as st

from answers.names import order_of
from answers.results import Results
from answers.scope import Scope
from answers.staffing import plan as staffing_plan
from answers.staffing.plan import ANY, DEFAULT_KM, OBJECTIVES, Question
from answers.words import labels, t
from metrics.access import DETOUR
from pages.staffing.rotation_pairs import pairs_of

T = TypeVar("T")


def ask(results: Results, scope: Scope, basis: str) -> Question | None:
    """Show the form; return the question when it is sent."""
    frame = staffing_plan.stations(results, scope, basis, "one")
    named = frame["name"].sort_values(key=order_of)
    call = labels(named.index, lambda code: str(named[code]))
    pairs = pairs_of(list(named.index), call)
    norms = staffing_plan.choices_of_norm(scope, basis)
    with st.form("staffing.rotation"):
        first, second, third = st.columns(3)
        with first:
            norm = _one_of("staffing.rotation.norm", norms)
            objective = _one_of("staffing.rotation.objective", OBJECTIVES)
        with second:
            moves = st.number_input(
                t("staffing.rotation.moves"), value=None, step=1, placeholder=t("staffing.rotation.no_limit")
            )
            recruits = st.number_input(t("staffing.rotation.recruits"), value=0, step=1)
        with third:
            km = st.number_input(t("staffing.rotation.km"), value=DEFAULT_KM, step=5.0, format="%0.0f")
            detour = st.number_input(
                t("staffing.access.detour"), value=DETOUR, step=0.1, min_value=1.0, format="%0.1f"
            )
        keep, closed = (
            st.multiselect(
                t(f"staffing.rotation.{what}"),
                named.index,
                format_func=call,
                placeholder=t("staffing.rotation.choose"),
            )
            for what in ("keep", "closed")
        )
        sent = st.form_submit_button(t("staffing.rotation.solve"), type="primary", icon=":material/route:")
    if not sent:
        return None
    return Question(
        norm=norm,
        objective=objective,
        moves=ANY if moves is None else int(moves),
        km=float(km),
        recruits=int(recruits),
        detour=float(detour),
        keep=tuple(keep),
        closed=tuple(closed),
        fixed=tuple((a, b, n) for a, b, n in pairs if n),
        banned=tuple((a, b) for a, b, n in pairs if not n),
    )


def _one_of(label: str, options: Sequence[T]) -> T:
    return st.selectbox(t(label), options, format_func=labels(options, lambda name: t(f"{label}.{name}")))
