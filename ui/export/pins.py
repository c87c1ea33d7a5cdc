"""Slides pinned while browsing: kept in the session until they are presented."""

from __future__ import annotations

from dataclasses import replace
from html import escape
from typing import Any, Final

import streamlit as st

from answers import words as i18n
from answers.figure import Spec
from answers.scope import Scope
from answers.words import t

KEY: Final = "present.pins"


def whole(kind: str, name: str, scope: Scope, *options: object) -> Spec:
    """Return the slide of a chart that shows the whole scope, whatever unit is chosen in it."""
    return of_unit(kind, name, replace(scope, unit=None), *options)


def of_unit(kind: str, name: str, scope: Scope, *options: object) -> Spec:
    """Return the slide of a chart that shows the chosen unit."""
    return Spec(kind, name, replace(scope, station=None), options=tuple(str(one) for one in options))


def pinned() -> tuple[Spec, ...]:
    """Return what was pinned in this session, the first pinned first."""
    return tuple(st.session_state.get(KEY, ()))


def chart_of(spec: Spec) -> Spec:
    """Return a slide as it is pinned: without a presenter's words, in one language, for it is the same in each."""
    return replace(spec, scope=replace(spec.scope, lang=i18n.LANGUAGES[0]), title=None, note=None)


def toggle(spec: Spec) -> None:
    """Pin a slide with its scope as it is now; take off one that is pinned."""
    spec, before = chart_of(spec), pinned()
    kept = tuple(one for one in before if one != spec)
    st.session_state[KEY] = kept if len(kept) < len(before) else (*before, spec)


def absent() -> None:
    """Say why a chart that rests on a file of the session's own has no pin."""
    st.html(f'<p class="atlas caption">{escape(t("export.pin.none"))}</p>')


def tool(spec: Spec | None) -> dict[str, Any] | None:
    """Return what a chart's own pin shows: its words, and whether it is pressed; nothing without a slide."""
    if spec is None:
        return None
    done = chart_of(spec) in pinned()
    return {"label": t("export.unpin") if done else t("export.pin"), "pressed": done}


def button(spec: Spec, *, key: str, label: str | None = None) -> None:
    """Draw the control that pins what is not a chart of its own, or takes it off; ``label`` says what it pins.

    Not a toast: one that a fragment raises takes the place of the app's style sheet.
    """
    done = chart_of(spec) in pinned()
    st.button(
        t("export.unpin") if done else label or t("export.pin"),
        key=key,
        icon=":material/keep_off:" if done else ":material/keep:",
        on_click=toggle,
        args=(spec,),
        type="secondary" if label is None else "tertiary",
        width="stretch" if label is None else "content",
    )
