"""One of a few: the row of buttons pages choose with."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar

import streamlit as st

from answers.words import labels, t

T = TypeVar("T")


def one_of(
    label: str,
    options: Sequence[T],
    said: Callable[[T], str],
    *,
    key: str,
    kept: bool = True,
    quiet: bool = False,
) -> T:
    """Draw the buttons under a message and return the one chosen, at first the first.

    ``kept`` keeps the choice while the visitor is on another page; ``quiet`` hides the label from the eye.
    """
    return st.segmented_control(
        t(label),
        options,
        default=options[0],
        key=key,
        format_func=labels(options, said),
        required=True,
        persist_state="session" if kept else None,
        label_visibility="collapsed" if quiet else "visible",
    )
