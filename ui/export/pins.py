"""Slides pinned while browsing: kept in the session until they are presented."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

import streamlit as st

from ui.export.parts import Spec
from ui.export.story import label
from ui.i18n import t
from ui.scope import Scope

KEY: Final = "present.pins"


def pinned() -> tuple[Spec, ...]:
    """Return what was pinned in this session, the first pinned first."""
    return tuple(st.session_state.get(KEY, ()))


def pin(spec: Spec) -> None:
    """Add a slide with its scope as it is now; one that is already there is not added twice."""
    if spec not in pinned():
        st.session_state[KEY] = (*pinned(), spec)
    st.toast(t("export.pinned", title=label(spec)), icon=":material/keep:")


def button(kind: str, name: str, scope: Scope, *, key: str) -> None:
    """Draw the control that pins a map or chart, its scope frozen."""
    spec = Spec(kind, name, replace(scope, unit=None))
    st.button(t("export.pin"), key=key, icon=":material/keep:", type="tertiary", on_click=pin, args=(spec,))
