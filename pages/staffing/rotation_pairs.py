"""Moves of a rotation that must or must not happen, as the visitor has listed them."""

from __future__ import annotations

import streamlit as st

from answers.words import t

PAIRS = "staffing.rotation.pairs"


def pairs_of(codes: list[str], call) -> list[tuple[str, str, int]]:
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
