"""The rotation planner's form: whose norm, how far, how many, and which moves must or must not happen."""

from __future__ import annotations

import streamlit as st

from answers.names import order_of
from answers.results import Results
from answers.scope import Scope
from answers.staffing import plan as staffing_plan
from answers.staffing.plan import ANY, DEFAULT_KM, OBJECTIVES, Question
from answers.words import labels, t
from metrics.access import DETOUR

PAIRS = "staffing.rotation.pairs"


def ask(results: Results, scope: Scope, basis: str) -> Question | None:
    """Show the form; return the question when it is sent."""
    frame = staffing_plan.stations(results, scope, basis, "one")
    named = frame["name"].sort_values(key=order_of)
    call = labels(named.index, lambda code: str(named[code]))
    pairs = _pairs(list(named.index), call)
    norms = staffing_plan.choices_of_norm(scope, basis)
    with st.form("staffing.rotation"):
        first, second, third = st.columns(3)
        with first:
            norm = st.selectbox(
                t("staffing.rotation.norm"),
                norms,
                format_func=labels(norms, lambda name: t(f"staffing.rotation.norm.{name}")),
            )
            objective = st.selectbox(
                t("staffing.rotation.objective"),
                OBJECTIVES,
                format_func=labels(OBJECTIVES, lambda name: t(f"staffing.rotation.objective.{name}")),
            )
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
        keep = st.multiselect(
            t("staffing.rotation.keep"),
            named.index,
            format_func=call,
            placeholder=t("staffing.rotation.choose"),
        )
        closed = st.multiselect(
            t("staffing.rotation.closed"),
            named.index,
            format_func=call,
            placeholder=t("staffing.rotation.choose"),
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


def _pairs(codes: list[str], call) -> list[tuple[str, str, int]]:
    """Return the moves that must happen (doctors above 0) or must not (0), as the visitor has listed them."""
    listed: list[tuple[str, str, int]] = st.session_state.setdefault(PAIRS, [])
    listed[:] = [pair for pair in listed if pair[0] in codes and pair[1] in codes]
    part = st.expander(t("staffing.rotation.pairs"), key="staffing.rotation.pairs.open", on_change="rerun")
    if not part.open:
        return listed
    with part:
        left, right, number, button = st.columns([4, 4, 2, 2], vertical_alignment="bottom")
        with left:
            origin = st.selectbox(
                t("staffing.rotation.column.from"), codes, format_func=call, key="staffing.rotation.from"
            )
        with right:
            destination = st.selectbox(
                t("staffing.rotation.column.to"), codes, format_func=call, key="staffing.rotation.to"
            )
        with number:
            doctors = st.number_input(
                t("staffing.rotation.pair.doctors"), value=1, min_value=0, step=1, key="staffing.rotation.n",
                help=t("staffing.rotation.pair.help"),
            )  # fmt: skip
        with button:
            st.button(
                t("staffing.rotation.pair.add"),
                key="staffing.rotation.add",
                on_click=_add,
                args=(origin, destination, int(doctors)),
                icon=":material/add:",
            )
        for i, (a, b, n) in enumerate(listed):
            said = t("staffing.rotation.pair.must", n=n) if n else t("staffing.rotation.pair.never")
            st.button(
                f"{call(a)} → {call(b)}: {said}",
                key=f"staffing.rotation.drop.{i}",
                on_click=listed.pop,
                args=(i,),
                icon=":material/close:",
                type="tertiary",
            )
    return listed


def _add(origin: str, destination: str, doctors: int) -> None:
    pairs = st.session_state[PAIRS]
    pairs[:] = [pair for pair in pairs if pair[:2] != (origin, destination)]
    pairs.append((origin, destination, doctors))
