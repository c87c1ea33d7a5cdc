"""The story on stage, in the visitor's session: taken, edited, brought back."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

import streamlit as st

from answers.figure import Spec
from answers.results import Results
from answers.scope import ALL, NATION, Scope
from answers.story import STORIES, specs
from ui.export import pins

KEY: Final = "present.story"
WARNING: Final = "present.warning"


@dataclass(frozen=True)
class Chosen:
    """The story on stage: its slides and the snapshot it was made from; ``fresh`` until a visitor has chosen."""

    name: str
    specs: tuple[Spec, ...]
    snapshot: str
    fresh: bool = False


def current(results: Results, scope: Scope) -> Chosen:
    """Return the story on stage, with what was pinned since; at first the overview."""
    if KEY not in st.session_state:
        wide = replace(scope, province=ALL) if scope.province == NATION else scope
        st.session_state[KEY] = Chosen("overview", specs("overview", wide), results.snapshot.id, fresh=True)
    story: Chosen = st.session_state[KEY]
    if pins.pinned() and story.name == "pinned":
        story = _with_pins(story)
    return story


def _with_pins(story: Chosen) -> Chosen:
    """Add what was pinned since the story was last seen, and leave out what was taken off."""
    now, seen = pins.pinned(), st.session_state.get("present.seen", ())
    if now == seen:
        return story
    gone = {pins.chart_of(spec) for spec in seen if spec not in now}
    kept = tuple(spec for spec in story.specs if pins.chart_of(spec) not in gone)
    story = replace(story, specs=(*kept, *(spec for spec in now if spec not in seen)))
    st.session_state["present.seen"] = now
    st.session_state[KEY] = story
    return story


def take(results: Results, scope: Scope) -> None:
    """Put a story on stage, its scope frozen as it is now."""
    name = st.session_state["present.choice"]
    if name == "pinned":
        st.session_state["present.seen"] = pins.pinned()
        chosen = pins.pinned()
    elif name in STORIES:
        chosen = specs(name, scope)
    else:
        story: Chosen = st.session_state[KEY]
        plain = replace(scope, unit=None, station=None)
        chosen = tuple(replace(spec, scope=plain) for spec in story.specs)
    st.session_state[KEY] = Chosen(name, chosen, results.snapshot.id)
