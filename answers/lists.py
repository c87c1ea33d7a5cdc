"""A list or table of units as plain data: every text is formatted here, sorting and bars have their numbers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from answers import format as fmt
from answers.making import numbers as exact
from answers.names import order_of
from answers.words import t


@dataclass(frozen=True)
class Column:
    """A column: its heading, a text for each row, and what to sort by (numbers, or collation ranks)."""

    name: str
    texts: Sequence[str]
    order: Sequence[float | None]
    number: bool = False


def names(label: str, values: pd.Series) -> Column:
    """Return a column of names under a message, in Vietnamese order."""
    return Column(t(label), list(values), [float(place) for place in order_of(values)])


def numbers(
    label: str, values: pd.Series, texts: Sequence[str] | None = None, *, decimals: int = 0
) -> Column:
    """Return a column of numbers under a message, each written with so many decimals where no text is given."""
    order = exact(values)
    return Column(t(label), texts or [fmt.number(v, decimals) for v in order], order, number=True)


def sorted_by(label: str, texts: Sequence[str], values: Sequence[Any] | pd.Series) -> Column:
    """Return a column of words under a message, sorted by numbers."""
    return Column(t(label), texts, exact(values))


@dataclass(frozen=True)
class Bars:
    """A bar under each name: its value, its class, the colours of classes and the range drawn."""

    values: Sequence[float | None]
    classes: Sequence[int]
    colours: Sequence[str]
    low: float
    high: float


@dataclass(frozen=True)
class Asked:
    """What the reader asked of a list too long to be sent whole: words to find, and a column to sort by."""

    query: str = ""
    column: int | None = None
    sign: int = 1


def of_units(frame: pd.DataFrame, columns: Sequence[Column], **given: Any) -> dict[str, Any]:
    """Return what the component is sent of rows with ``unit`` and ``parent``, as high as they need."""
    given.setdefault("height", min(420, 70 + 36 * len(frame)))
    return payload(list(frame["unit"]), columns, notes=list(frame["parent"]), **given)


def payload(
    codes: Sequence[str],
    columns: Sequence[Column],
    *,
    notes: Sequence[str] | None = None,
    bars: Bars | None = None,
    selected: str | None = None,
    height: int = 420,
    served: bool = False,
    more: str = "",
) -> dict[str, Any]:
    """Return what the component is sent: columns, for it is most of what a change of indicator costs on the wire.

    A ``served`` list holds only some rows, which the server finds and sorts (see :func:`asked`); ``more`` says
    how many.
    """
    distinct = list(dict.fromkeys(notes or ()))
    at = {note: i for i, note in enumerate(distinct)}
    return {
        "codes": list(codes),
        "texts": [list(column.texts) for column in columns],
        "order": [list(column.order) for column in columns],
        "notes": distinct,
        "note": [at[note] for note in notes or ()],
        "values": None if bars is None else list(bars.values),
        "classes": None if bars is None else list(bars.classes),
        "columns": [{"name": column.name, "number": column.number} for column in columns],
        "range": None if bars is None else [bars.low, bars.high],
        "colours": [] if bars is None else list(bars.colours),
        "selected": selected,
        "height": height,
        "search": t("list.search"),
        "sort": t("list.sort"),
        "empty": t("list.empty"),
        "served": served,
        "more": more,
    }
