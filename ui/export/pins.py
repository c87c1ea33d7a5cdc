"""Slides pinned while browsing: kept in the session until they are presented."""

from __future__ import annotations

from typing import Final

import streamlit as st

from ui.export.parts import Spec
from ui.i18n import t

KEY: Final = "present.pins"


def pinned() -> tuple[Spec, ...]:
    """Return what was pinned in this session, the first pinned first."""
    return tuple(st.session_state.get(KEY, ()))


def pin(spec: Spec) -> None:
    """Add a slide with its scope as it is now; one that is already there is not added twice."""
    if spec not in pinned():
        st.session_state[KEY] = (*pinned(), spec)


def button(spec: Spec, *, key: str) -> None:
    """Draw the control that pins a map or chart, or says that it is pinned; its scope stays as it is now.

    Not a toast: one that a fragment raises takes the place of the app's style sheet.
    """
    done = spec in pinned()
    st.button(
        t("export.pinned") if done else t("export.pin"),
        key=key,
        icon=":material/check:" if done else ":material/keep:",
        disabled=done,
        on_click=pin,
        args=(spec,),
        width="stretch",
    )
