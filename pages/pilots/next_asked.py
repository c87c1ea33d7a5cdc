"""What is asked of the next clinics: how many, within which distance, under which conditions."""

from __future__ import annotations

import streamlit as st

from answers.pilots import numbers as pilots
from answers.pilots import words as pilots_words
from answers.pilots.sites import Ask
from answers.results import Results
from answers.scope import Scope
from answers.words import labels, t

GOALS = ("cover", "near")
K, WITHIN = 10, 5


def asked(results: Results, scope: Scope) -> Ask:
    """Draw the controls and return what they ask for."""
    names = pilots_words.station_names(results, scope)
    frame = pilots.readiness(results, scope)
    free = sorted(frame.index[frame["opened"].isna()], key=lambda one: names[one])
    ready = int(frame["state"].eq("ready").fillna(False).sum())
    first, second, third = st.columns([1, 1, 2], vertical_alignment="bottom")
    with first:
        k = st.number_input(
            t("pilots.next.k"), 1, 60, max(1, min(K, ready)), key="pilots.next.k", persist_state="session"
        )
    with second:
        within = st.number_input(
            t("pilots.next.within"), 1, 20, WITHIN, key="pilots.next.within", persist_state="session"
        )
    with third:
        goal = st.segmented_control(
            t("pilots.next.goal"),
            GOALS,
            default="cover",
            key="pilots.next.goal",
            format_func=labels(GOALS, lambda one: t(f"pilots.next.goal.{one}")),
            required=True,
            persist_state="session",
        )
    ready_only = st.toggle(
        t("pilots.next.ready"), value=True, key="pilots.next.ready", help=t("pilots.next.ready.help")
    )
    with st.expander(t("pilots.next.more")):
        called = labels(free, names.__getitem__)
        place = f"{scope.geography}-{scope.province}"
        must = st.multiselect(
            t("pilots.next.must"), free, key=f"pilots.next.must.{place}", format_func=called
        )
        rest = [one for one in free if one not in must]
        excluded = st.multiselect(
            t("pilots.next.excluded"), rest, key=f"pilots.next.excluded.{place}", format_func=called
        )
        hard = st.number_input(
            t("pilots.next.hard"), 1.0, 5.0, 1.0, 0.5, key="pilots.next.hard", help=t("pilots.next.hard.help")
        )
    return Ask(
        k=int(k),
        within=float(within),
        goal=goal,
        ready_only=ready_only,
        must=tuple(sorted(must)),
        excluded=tuple(sorted(excluded)),
        hard=float(hard),
    )
