"""Which story is presented: a standard one, the pinned slides, or one brought back from a link or file."""

from __future__ import annotations

import streamlit as st

from answers.results import Results
from answers.scope import Scope
from answers.story import STORIES
from answers.words import labels, t
from pages.present.on_stage import WARNING, Chosen, current, take
from ui.export import pins


def choose(results: Results, scope: Scope) -> Chosen:
    """Draw the choice of story and return the one on stage; its scope stays as it was when it was chosen."""
    names = [*STORIES]
    if pins.pinned():
        names.append("pinned")
    story = current(results, scope)
    if story.name not in names:
        names.append(story.name)
    st.session_state["present.choice"] = story.name
    left, right = st.columns([3, 2], vertical_alignment="bottom")
    with left:
        st.selectbox(
            t("present.story"),
            names,
            key="present.choice",
            format_func=labels(names, lambda name: t(f"export.story.{name}")),
            on_change=take,
            args=(results, scope),
        )
    with right:
        st.button(
            t("present.rescope"),
            icon=":material/my_location:",
            on_click=take,
            args=(results, scope),
            width="stretch",
        )
    if warning := st.session_state.pop(WARNING, None):
        st.warning(warning, icon=":material/link_off:")
    return story
