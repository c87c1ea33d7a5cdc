"""The parts of the commitments page: those that need attention, the tables, the timeline, one in detail."""

from __future__ import annotations

from typing import Final

import pandas as pd
import streamlit as st

from answers import format as fmt
from answers import kept as cache
from answers.results import Results
from answers.scope import Scope
from answers.targets import numbers as targets
from answers.words import labels, t
from data import clock
from metrics.targets import needing_attention
from pages.targets.tables import by_document, by_topic, deadlines
from ui import page, target_cards, visit
from ui.export import pins
from ui.show import show as show_figure


def nature(judged: pd.DataFrame) -> str:
    """Return the nature of the page: illustrative where any verdict rests on illustrative figures."""
    return "illustrative" if judged["nature"].eq("illustrative").any() else "published"


def note(results: Results, scope: Scope, judged: pd.DataFrame) -> None:
    """Say how commitments are judged, and whose are not shown."""
    text = t("targets.note", today=fmt.date(clock.today()))
    others = targets.elsewhere(results, scope)
    if others:
        text += " " + t("targets.elsewhere", places=", ".join(others))
    page.remark(text)


def attention(judged: pd.DataFrame) -> None:
    """Show the three commitments to look at first."""
    found = needing_attention(judged=judged)
    page.section(t("targets.attention"), "" if len(found) else t("targets.attention.none"))
    st.html(target_cards.cards_html(found))


def timeline(results: Results, scope: Scope) -> None:
    """Show every deadline on one line of time; past ones keep their verdict."""
    note = t("targets.timeline.note")
    show_figure(results, pins.whole("deadlines", "", scope), key="targets.timeline", note=note)
    judged = targets.commitments(results, scope)
    st.html(deadlines(judged[judged["deadline"].notna()].sort_values(["deadline", "status"], kind="stable")))


@page.fragment
def one(_results: Results, _scope: Scope) -> None:
    """Show one commitment: its observations, its projection with a range, and its target."""
    results, scope = cache.results(), visit.current()
    assert results is not None
    judged = targets.commitments(results, scope).set_index("id")
    called = {code: targets.title(row) for code, row in judged.iterrows()}
    options = list(judged.sort_values("observations", ascending=False, kind="stable").index)
    chosen = st.selectbox(
        t("targets.one"), options, key="targets.one", format_func=labels(options, called.__getitem__)
    )
    row = judged.loc[chosen]
    st.html(target_cards.cards_html(judged.loc[[chosen]]))
    if row["observations"]:
        show_figure(
            results,
            pins.whole("outlook", str(chosen), scope),
            key="targets.chart",
            note=t("targets.chart.note"),
        )


TABS: Final = {"document": by_document, "topic": by_topic, "timeline": timeline, "one": one}
