"""The commitments of each document and of each topic, as tables."""

from __future__ import annotations

from html import escape
from typing import Final

import pandas as pd
import streamlit as st

from answers import format as fmt
from answers.results import Results
from answers.scope import Scope
from answers.targets import numbers as targets
from answers.words import current, t
from data.sources import source_said
from ui import badges, html, page, target_cards

TABLES: Final = ("targets", "facts")


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


def deadlines(dated: pd.DataFrame) -> str:
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
