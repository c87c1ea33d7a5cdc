"""Where a number comes from, in sight: the badge of its nature, and the caption with source and definition."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape

import streamlit as st

from answers.provenance import SYMBOL, nature, rule, sources
from answers.words import current, t
from data.store import Snapshot
from metrics.registry import Defined


def html(kind: str) -> str:
    """Return a nature's badge: symbol and word, never colour alone."""
    title = escape(t(f"nature.{kind}.help"))
    return f'<span class="badge {kind}" title="{title}">{SYMBOL[kind]} {escape(t(f"nature.{kind}"))}</span>'


def caption_html(
    snapshot: Snapshot,
    tables: Iterable[str],
    definition: Defined | None = None,
    besides: str = "real",
    method: str = "",
) -> str:
    """Return a chart's caption: badge, sources and, on demand, how it was made and its indicator is defined."""
    tables = list(tables)
    badge = html(nature(snapshot, tables, besides))
    known = "; ".join(sources(snapshot, tables))
    first = f"{badge} {escape(t('caption.source', sources=known))}"
    if definition is None and not method:
        return f'<div class="atlas caption">{first}</div>'
    rows = [(t("export.notes.shows"), method)] if method else []
    rows += [] if definition is None else _defined(definition)
    rows.append((t("caption.sources"), known))
    rows.append((t("caption.snapshot"), snapshot.id))
    items = "".join(f"<dt>{escape(name)}</dt><dd>{escape(text)}</dd>" for name, text in rows)
    return (
        f'<details class="atlas caption"><summary>{badge} {escape(t("caption.how"))}</summary>'
        f"<dl>{items}</dl></details>"
    )


def _defined(definition: Defined) -> list[tuple[str, str]]:
    lang = current()
    rows = [
        (t("caption.definition"), definition.definition.in_(lang)),
        (t("caption.numerator"), definition.numerator_text.in_(lang)),
    ]
    if definition.denominator_text is not None:
        rows.append((t("caption.denominator"), definition.denominator_text.in_(lang)))
    rows.append((t("caption.rule"), rule(definition)))
    if definition.caution is not None:
        rows.append((t("caption.caution"), definition.caution.in_(lang)))
    return rows


def caption(
    snapshot: Snapshot,
    tables: Iterable[str],
    definition: Defined | None = None,
    besides: str = "real",
    method: str = "",
) -> None:
    """Show a caption under a chart, map or table."""
    st.html(caption_html(snapshot, tables, definition, besides, method))
