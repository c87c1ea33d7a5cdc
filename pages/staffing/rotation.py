"""What to do now: who goes where, on a map and as a list, and what remains to be recruited."""

from __future__ import annotations

from dataclasses import dataclass

import streamlit as st

from answers.results import Results
from answers.scope import Scope
from answers.staffing import plan as staffing_plan
from answers.staffing.numbers import key_of
from answers.staffing.plan import Answer
from answers.words import current, t
from metrics.errors import BadParameters
from pages.staffing import rotation_answer, rotation_rules
from ui import page

KEPT = "staffing.rotation.answer"


@dataclass(frozen=True)
class Kept:
    """The last answer of the session, and what it was about."""

    about: tuple[str, ...]
    answer: Answer | BadParameters


@page.fragment
def show(results: Results, scope: Scope, basis: str) -> None:
    """Show the form; solve when asked; show the last answer while it is about the same data."""
    page.section(t("staffing.rotation.title"), t("staffing.rotation.note"))
    about = (results.snapshot.id, basis, *key_of(scope))
    question = rotation_rules.ask(results, scope, basis)
    if question is not None:
        with st.spinner(t("staffing.rotation.solving")):
            try:
                found = staffing_plan.answer(results, scope, basis, question)
            except BadParameters as error:
                found = error
        st.session_state[KEPT] = Kept(about, found)
    kept: Kept | None = st.session_state.get(KEPT)
    if kept is None or kept.about != about:
        page.remark(t("staffing.rotation.ask"))
    elif isinstance(kept.answer, BadParameters):
        st.error(
            t("staffing.rotation.impossible") + "\n\n" + kept.answer.text(current()).replace("\n", "\n\n")
        )
    else:
        rotation_answer.show(results, scope, basis, kept.answer)
