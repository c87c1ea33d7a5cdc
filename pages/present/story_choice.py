"""Which story is presented: a standard one, the pinned slides, or one brought back from a link or file."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, Final

import streamlit as st

from answers import kept as cache
from answers import share
from answers.figure import Spec
from answers.results import Results
from answers.scope import ALL, NATION, Scope
from answers.share import StoryFileError
from answers.story import STORIES, build, specs
from answers.words import labels, t
from data.store import StoreError, open_store
from ui.draw.deck import deck
from ui.export import pins
from ui.export.buttons import POWERPOINT

KEY: Final = "present.story"
WARNING: Final = "present.warning"


@dataclass(frozen=True)
class Chosen:
    """The story on stage: its slides and the snapshot it was made from; ``fresh`` until a visitor has chosen."""

    name: str
    specs: tuple[Spec, ...]
    snapshot: str
    fresh: bool = False


def choose(results: Results, scope: Scope) -> Chosen:
    """Draw the choice of story and return the one on stage; its scope stays as it was when it was chosen."""
    names = [*STORIES]
    if pins.pinned():
        names.append("pinned")
    story = _story(results, scope)
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
            on_change=_take,
            args=(results, scope),
        )
    with right:
        st.button(
            t("present.rescope"),
            icon=":material/my_location:",
            on_click=_take,
            args=(results, scope),
            width="stretch",
        )
    if warning := st.session_state.pop(WARNING, None):
        st.warning(warning, icon=":material/link_off:")
    return story


def _story(results: Results, scope: Scope) -> Chosen:
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


def _take(results: Results, scope: Scope) -> None:
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


def snapshot_of(story: Chosen, current: Results) -> Results:
    """Return the results to show: today's, or those the story was made from where they differ."""
    if story.snapshot == current.snapshot.id:
        return current
    try:
        made_from = open_store().snapshot(story.snapshot)
    except StoreError:
        st.warning(
            t("present.snapshot_gone", old=story.snapshot, new=current.snapshot.id), icon=":material/history:"
        )
        return current
    st.warning(
        t("present.snapshot_changed", old=story.snapshot, new=current.snapshot.id), icon=":material/history:"
    )
    options = ["now", "then"]
    wanted = st.segmented_control(
        t("present.which"),
        options,
        default="now",
        key="present.which",
        format_func=labels(options, lambda one: t(f"present.which.{one}")),
        required=True,
    )
    return cache.earlier(made_from) if wanted == "then" else current


def take_away(results: Results, story: Chosen, scope: Scope) -> None:
    """Offer the story as PowerPoint and as a small file."""
    first, second = st.columns(2)
    with first:
        st.download_button(
            t("export.menu.deck"),
            data=lambda: deck(build(results, story.specs, scope.lang), lang=scope.lang),
            file_name=f"atlas-{story.name}-{scope.lang}.pptx",
            mime=POWERPOINT,
            icon=":material/slideshow:",
            on_click="ignore",
            width="stretch",
        )
    with second:
        st.download_button(
            t("present.save"),
            data=share.to_json(story.specs, story.snapshot),
            file_name=f"atlas-{story.name}.json",
            mime="application/json",
            icon=":material/save:",
            on_click="ignore",
            width="stretch",
        )
