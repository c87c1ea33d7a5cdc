"""What a story rests on, and the files it is taken away as."""

from __future__ import annotations

import streamlit as st

from answers import kept as cache
from answers import share
from answers.results import Results
from answers.scope import Scope
from answers.story import build
from answers.words import labels, t
from data.store import StoreError, open_store
from pages.present.on_stage import Chosen
from ui.draw.deck import deck
from ui.export.buttons import POWERPOINT


def snapshot_of(story: Chosen, today: Results) -> Results:
    """Return the results to show: today's, or those the story was made from where they differ."""
    if story.snapshot == today.snapshot.id:
        return today
    try:
        made_from = open_store().snapshot(story.snapshot)
    except StoreError:
        st.warning(
            t("present.snapshot_gone", old=story.snapshot, new=today.snapshot.id), icon=":material/history:"
        )
        return today
    st.warning(
        t("present.snapshot_changed", old=story.snapshot, new=today.snapshot.id), icon=":material/history:"
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
    return cache.earlier(made_from) if wanted == "then" else today


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
