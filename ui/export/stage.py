"""The stage of present mode: our own component, sent every slide as SVG in both languages at once."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

import streamlit as st

from answers import share
from answers.colours import Theme
from answers.figure import Slide, Spec
from answers.results import Results
from answers.story import Story, build, label, place
from answers.words import LANGUAGES, t
from ui import component
from ui.draw import picture

WORDS: Final = ("present", "link", "copied", "keys", "open", "title", "note", "up", "down", "remove")


def payload(
    results: Results, specs: tuple[Spec, ...], *, lang: str, theme: Theme, fresh: bool
) -> dict[str, Any]:
    """Return what the stage is sent: pictures and notes by language, and the rows of its list.

    ``fresh``: nobody has chosen anything in this session yet, so the browser may bring back what it kept.
    """
    return {
        "slides": {one: _slides(results, specs, one, theme) for one in LANGUAGES},
        "rows": [
            {
                "at": i,
                "label": label(spec),
                "place": place(spec),
                "title": spec.title,
                "note": spec.note,
                "missing": next((reason for _, reason in _made(results, spec, lang).missing), None),
            }
            for i, spec in enumerate(specs)
        ],
        "words": {word: t(f"present.{word}") for word in WORDS},
        "code": share.to_code(specs, results.snapshot.id),
        "lang": lang,
        "mode": theme.mode,
        "ground": theme.ground,
        "ink": theme.text,
        "fresh": fresh,
    }


def _slides(results: Results, specs: tuple[Spec, ...], lang: str, theme: Theme) -> list[dict[str, Any]]:
    found = []
    for i, spec in enumerate(specs):
        made = _made(results, spec, lang)
        for slide in made.slides:
            key = ("stage", repr(spec), lang, theme.mode)
            svg = results.keep(*key, compute=lambda slide=slide: picture.svg(slide, theme, source=False))
            found.append({"at": i, "svg": svg, "notes": _notes(slide)})
    return found


def _made(results: Results, spec: Spec, lang: str) -> Story:
    return results.keep("stage", repr(spec), lang, compute=lambda: build(results, [spec], lang))


def _notes(slide: Slide) -> str:
    return "\n".join(f"{name}: {words}" for name, words in slide.notes)


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
