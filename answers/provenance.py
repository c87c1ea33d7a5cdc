"""Where a number comes from: the nature of the tables it rests on, their sources, and the rule that defines it."""

from __future__ import annotations

from collections.abc import Iterable

from answers import format as fmt
from answers.words import current, t
from data.store import Snapshot
from metrics.registry import Defined, Indicator, norms

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


def source(snapshot: Snapshot, table: str) -> str:
    """Return where a table comes from: title, producer, date."""
    origin = snapshot.tables[table].provenance
    title, producer = (origin.said(field, current()) for field in ("title", "producer"))
    return f"{title}, {producer}, {fmt.date(origin.date)}"


def sources(snapshot: Snapshot, tables: Iterable[str]) -> list[str]:
    """Return where the tables that are there come from, each source once."""
    return list(dict.fromkeys(source(snapshot, table) for table in tables if table in snapshot.tables))


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
