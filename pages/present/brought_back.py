"""What comes from the stage: the order and words of slides, and stories of links and files."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import streamlit as st

from answers import share
from answers.figure import Spec
from answers.share import StoryFileError
from pages.present.on_stage import KEY, WARNING, Chosen


def edit(rows: list[dict[str, Any]]) -> None:
    """Take over the order, titles and notes the stage sends."""
    story: Chosen = st.session_state[KEY]
    kept = tuple(
        replace(story.specs[row["at"]], title=row["title"] or None, note=row["note"] or None)
        for row in rows
        if 0 <= row["at"] < len(story.specs)
    )
    if kept:
        st.session_state[KEY] = replace(story, specs=kept, fresh=False)


def restore(code: str) -> None:
    """Bring back the story of a link, or the one the browser kept."""
    _open(lambda lang: share.from_code(code, lang))


def open_file(text: str) -> None:
    """Bring back the story of a file."""
    _open(lambda lang: share.from_json(text, lang))


def _open(read: Callable[[str], tuple[tuple[Spec, ...], str]]) -> None:
    story: Chosen = st.session_state[KEY]
    try:
        found, snapshot = read(st.session_state["scope.lang"])
    except StoryFileError as error:
        st.session_state[WARNING] = error.said()
        st.session_state[KEY] = replace(story, fresh=False)
        return
    st.session_state[KEY] = Chosen("shared", found, snapshot)
