"""Over the years: the share against the commitments, who gained and who lost, whose recognition ends."""

from __future__ import annotations

from html import escape

import pandas as pd
import streamlit as st

from answers.compliance import changes, lists, words
from answers.compliance import numbers as compliance
from answers.results import Results
from answers.scope import Scope
from answers.targets import numbers as targets
from answers.words import current, t
from data.sources import source_said
from pages.compliance import recognition
from ui import html, target_cards
from ui.export import pins
from ui.show import show as show_figure

TABLES = ("criteria_scores", "targets")


def show(results: Results, scope: Scope) -> None:
    """Show the three parts."""
    seen = changes.observed(results, scope)
    if seen.empty:
        st.info(t("compliance.empty.scores", year=scope.year), icon=":material/hourglass_empty:")
        return
    show_figure(
        results, pins.whole("pledges", "", scope), key="compliance.trend", note=t("compliance.trend.note")
    )
    found = changes.commitments(results, scope)
    if len(found):
        _promises(found)
    if compliance.of_scope(results, scope).empty:
        st.info(t("compliance.empty.scores", year=scope.year), icon=":material/hourglass_empty:")
        return
    _flow(results, scope)
    recognition.show(results, scope)


def _promises(found: pd.DataFrame) -> None:
    """Show each commitment with its standing, in the words of the commitments page."""
    rows = []
    for _, one in found.iterrows():
        whose = "" if one["own"] else f" <small>({escape(t('compliance.promise.compared'))})</small>"
        texts = [targets.stands(one), targets.pace(one), targets.outlook(one), targets.why(one)]
        rows.append(
            [
                escape(words.promise_name(one)) + whose,
                target_cards.status_html(one["status"]),
                *(escape(text) for text in texts),
                f"<small>{escape(source_said(one['source'], current()))}</small>",
            ]
        )
    heads = ("promise", "status", "latest", "pace", "projected", "why", "source")
    st.html(html.table([t(f"compliance.promise.column.{name}") for name in heads], rows))


def _flow(results: Results, scope: Scope) -> None:
    show_figure(results, pins.whole("flow", "", scope), key="compliance.flow", note=t("compliance.flow.note"))
    moves = changes.moves(results, scope)
    if moves:
        _changes(moves)


def _changes(moves: dict[tuple[int, int], pd.DataFrame]) -> None:
    """Show the flow as a table, and name those who lost."""
    rows, named = lists.flows(moves), words.lost(moves)
    heads = [t("compliance.flow.years"), *(t(f"compliance.flow.{kind}") for kind in lists.MOVES)]
    st.html(html.table(heads, rows, numbers=range(1, 6)))
    if named:
        st.html(f'<p class="atlas card-note">{"<br>".join(escape(line) for line in named)}</p>')
