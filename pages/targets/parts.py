"""The parts of the commitments page: those that need attention, the tables, the timeline, one in detail."""

from __future__ import annotations

from html import escape
from typing import Final

import pandas as pd
import streamlit as st

from answers import format as fmt
from answers import kept as cache
from answers.results import Results
from answers.scope import Scope
from answers.targets import numbers as targets
from answers.words import current, labels, t
from data import clock
from data.sources import source_said
from metrics.targets import needing_attention
from ui import badges, html, page, target_cards, visit
from ui.export import pins
from ui.show import show as show_figure

TABLES: Final = ("targets", "facts")


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


def by_document(results: Results, scope: Scope) -> None:
    """Show the commitments of each document."""
    _grouped(results, scope, "document", targets.DOCUMENTS)


def by_topic(results: Results, scope: Scope) -> None:
    """Show the commitments of each topic."""
    _grouped(results, scope, "topic", targets.TOPICS)


def _grouped(results: Results, scope: Scope, by: str, order: tuple[str, ...]) -> None:
    judged = targets.commitments(results, scope)
    for group in order:
        rows = judged[judged[by].eq(group)].sort_values("deadline", kind="stable")
        if len(rows):
            page.section(t(f"targets.{by}.{group}"))
            st.html(_table(rows))
    badges.caption(results.snapshot, TABLES)


def _table(rows: pd.DataFrame) -> str:
    heads = ("promise", "deadline", "stands", "pace", "outlook", "status")
    return html.table(
        [t(f"targets.column.{name}") for name in heads], [_cells(row) for _, row in rows.iterrows()]
    )


def _cells(row: pd.Series) -> list[str]:
    deadline = fmt.date(row["deadline"]) if pd.notna(row["deadline"]) else t("targets.no_deadline")
    return [
        f"<strong>{escape(targets.name(row['indicator']))}</strong> {escape(targets.promise(row))}"
        f"<br><small>{escape(row['place'])} · {escape(source_said(row['source'], current()))}</small>",
        escape(deadline),
        _figure(row),
        escape(targets.pace(row)),
        escape(targets.outlook(row)),
        f"{target_cards.status_html(row['status'])}<br><small>{escape(targets.why(row))}</small>",
    ]


def _figure(row: pd.Series) -> str:
    if row["basis"] == "none":
        return fmt.MISSING
    return f"{escape(targets.stands(row))}<br><small>{escape(row['measured'])}</small> {badges.html(row['nature'])}"


def timeline(results: Results, scope: Scope) -> None:
    """Show every deadline on one line of time; past ones keep their verdict."""
    note = t("targets.timeline.note")
    show_figure(results, pins.whole("deadlines", "", scope), key="targets.timeline", note=note)
    judged = targets.commitments(results, scope)
    st.html(_deadlines(judged[judged["deadline"].notna()].sort_values(["deadline", "status"], kind="stable")))


def _deadlines(dated: pd.DataFrame) -> str:
    """Return the same as a table: a chart alone cannot be read aloud."""
    rows = [
        [
            escape(fmt.date(row["deadline"])),
            f"{escape(targets.name(row['indicator']))} {escape(targets.promise(row))}",
            escape(row["place"]),
            target_cards.status_html(row["status"]),
        ]
        for _, row in dated.iterrows()
    ]
    heads = ("deadline", "promise", "place", "status")
    return html.table([t(f"targets.column.{name}") for name in heads], rows)


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
