"""The stage of present mode: our own component, sent every slide as SVG in both languages at once."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

import streamlit as st

from answers import share
from answers.colours import Theme
from answers.figure import Spec
from answers.results import Results
from answers.story import label, place
from answers.words import t
from ui import component
from ui.export import talk

WORDS: Final = (
    "present", "link", "copied", "open", "carry", "carry_hint", "carry_failed", "unsafe", "title", "note", "up",
    "down", "remove",
)  # fmt: skip


def payload(
    results: Results, specs: tuple[Spec, ...], *, name: str, lang: str, theme: Theme, fresh: bool
) -> dict[str, Any]:
    """Return what the stage is sent: the talk, the rows of its list, and where its scripts are.

    ``fresh``: nobody has chosen anything in this session yet, so the browser may bring back what it kept.
    """
    code = share.to_code(specs, results.snapshot.id)
    return {
        "talk": talk.talk(results, specs, code=code, lang=lang, theme=theme),
        "rows": [
            {
                "at": i,
                "label": label(spec),
                "place": place(spec),
                "title": spec.title,
                "note": spec.note,
                "missing": next((reason for _, reason in talk.made(results, spec, lang).missing), None),
            }
            for i, spec in enumerate(specs)
        ],
        "words": {word: t(f"present.{word}") for word in WORDS},
        "code": code,
        "scripts": [component.address("talk"), component.address("presenter")],
        "worker": component.address("worker"),
        "shell": talk.address(),
        "file": f"atlas-{name}-{lang}.html",
        "fresh": fresh,
    }


def show(
    data: dict[str, Any],
    *,
    key: str,
    on_edited: Callable[[list[dict[str, Any]]], None],
    on_restored: Callable[[str], None],
    on_opened: Callable[[str], None],
) -> None:
    """Show the stage; ``on_edited`` gets its rows after a change, ``on_restored`` a story the browser kept or a
    link brought, ``on_opened`` the text of a story file.
    """

    def edited() -> None:
        on_edited(st.session_state[key].edited["rows"])

    def restored() -> None:
        on_restored(str(st.session_state[key].restored))

    def opened() -> None:
        on_opened(str(st.session_state[key].opened))

    component.show(
        "stage",
        data,
        key=key,
        on_edited_change=edited,
        on_restored_change=restored,
        on_opened_change=opened,
    )
