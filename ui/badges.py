"""Where a number comes from, in sight: the badge of its nature, and the caption with source and definition."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape

import streamlit as st

from data.store import Snapshot
from metrics.registry import Defined, Indicator, norms
from ui import format as fmt
from ui.i18n import current, t

SYMBOL = {"real": "●", "published": "◆", "illustrative": "◌"}
_WORST_FIRST = ("illustrative", "published", "real")


def nature(snapshot: Snapshot, tables: Iterable[str], besides: str = "real") -> str:
    """Return the nature of a number made from tables: illustrative if any of those that are there is.

    ``besides`` is the nature of what it rests on that is in no table of the snapshot.
    """
    found = {besides, *(snapshot.nature(table) for table in tables if table in snapshot.tables)}
    return next(kind for kind in _WORST_FIRST if kind in found)


def tables_of(definition: Indicator) -> list[str]:
    """Return the tables an indicator is computed from."""
    parts = [part.table for part in (definition.numerator, definition.denominator) if part is not None]
    if definition.formula == "compliance":
        parts.append("criteria_scores")
    if definition.norm is not None:
        parts += ["population", "stations"]
    return list(dict.fromkeys(parts))


def html(kind: str) -> str:
    """Return a nature's badge: symbol and word, never colour alone."""
    title = escape(t(f"nature.{kind}.help"))
    return f'<span class="badge {kind}" title="{title}">{SYMBOL[kind]} {escape(t(f"nature.{kind}"))}</span>'


def source(snapshot: Snapshot, table: str) -> str:
    """Return where a table comes from: title, producer, date."""
    origin = snapshot.tables[table].provenance
    title, producer = (origin.said(field, current()) for field in ("title", "producer"))
    return f"{title}, {producer}, {fmt.date(origin.date)}"


def sources(snapshot: Snapshot, tables: Iterable[str]) -> list[str]:
    """Return where the tables that are there come from, each source once."""
    return list(dict.fromkeys(source(snapshot, table) for table in tables if table in snapshot.tables))


def caption_html(
    snapshot: Snapshot, tables: Iterable[str], definition: Defined | None = None, besides: str = "real"
) -> str:
    """Return a chart's caption: badge, sources and, on demand, how the indicator is defined."""
    tables = list(tables)
    badge = html(nature(snapshot, tables, besides))
    known = "; ".join(sources(snapshot, tables))
    first = f"{badge} {escape(t('caption.source', sources=known))}"
    if definition is None:
        return f'<div class="atlas caption">{first}</div>'
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
    rows.append((t("caption.sources"), known))
    rows.append((t("caption.snapshot"), snapshot.id))
    items = "".join(f"<dt>{escape(name)}</dt><dd>{escape(text)}</dd>" for name, text in rows)
    return (
        f'<details class="atlas caption"><summary>{badge} {escape(t("caption.how"))}</summary>'
        f"<dl>{items}</dl></details>"
    )


def rule(definition: Defined) -> str:
    """Return the document a definition rests on, and how sure we are of it."""
    lang = current()
    norm = definition.norm if isinstance(definition, Indicator) else None
    source = norms()[norm].source if norm else definition.source
    parts = [source.document.in_(lang)]
    if source.article is not None:
        parts.append(source.article.in_(lang))
    if source.date is not None:
        parts.append(fmt.date(source.date))
    return f"{', '.join(parts)} ({t(f'confidence.{definition.confidence}')})"


def caption(
    snapshot: Snapshot, tables: Iterable[str], definition: Defined | None = None, besides: str = "real"
) -> None:
    """Show a caption under a chart, map or table."""
    st.html(caption_html(snapshot, tables, definition, besides))
