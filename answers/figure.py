"""What a slide is made of: plain results that the app, the deck, the workbook and the pictures all draw.

Values are the exact numbers of :class:`answers.results.Results`; texts are those numbers as the app writes them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from answers.cards import Kpi
from answers.scope import Scope

Tone = Literal["accent", "muted", "short", "between", "met", "text", "c0", "c1", "c2", "c3", "c4", "c5"]
ChartKind = Literal["bars", "stacked", "lines"]


@dataclass(frozen=True)
class Series:
    """Numbers under one name, one for each category; None is missing.

    A ``dash`` draws a line that is expected, promised or a limit; of a chart's years it writes only the last.
    """

    name: str
    values: tuple[float | None, ...]
    texts: tuple[str, ...]
    tone: Tone = "accent"
    dash: bool = False


@dataclass(frozen=True)
class Chart:
    """Bars lying down, stacked columns, or lines over years.

    A ``dense`` line chart has too many categories to write every number: it has an axis, and some of the names.
    """

    kind: ChartKind
    title: str
    categories: tuple[str, ...]
    series: tuple[Series, ...]
    decimals: int = 0
    percent: bool = False
    dense: bool = False


@dataclass(frozen=True)
class Dots:
    """Points of a scatter, or the points of a line through it; ``dash`` where it is a limit or a comparison."""

    name: str
    xs: tuple[float, ...]
    ys: tuple[float, ...]
    labels: tuple[str, ...] = ()
    tone: Tone = "accent"
    line: bool = False
    dash: bool = False


@dataclass(frozen=True)
class Scatter:
    """Points and lines over two axes of numbers: a funnel, a curve, an effect by month.

    ``zero``: both axes begin at zero, as those of amounts do.
    """

    title: str
    series: tuple[Dots, ...]
    x_title: str
    y_title: str
    decimals: int
    zero: bool = True


@dataclass(frozen=True)
class Point:
    """A place marked on a map."""

    code: str
    name: str
    longitude: float
    latitude: float
    tone: Tone


@dataclass(frozen=True)
class Link:
    """An arrow from one place of a map to another, each a longitude and a latitude."""

    name: str
    start: tuple[float, float]
    end: tuple[float, float]
    tone: Tone


@dataclass(frozen=True)
class AreaMap:
    """Areas by class: codes, names, exact values and their texts, and the legend's words and counts.

    ``classes`` holds 0 to k - 1, or -1 where there is no number. ``fills`` name the theme's colour of each class
    of kinds ("sequential.3", "met"); without them the classes take the ``palette``.
    """

    title: str
    geography: str
    level: str
    province: str
    codes: tuple[str, ...]
    names: tuple[str, ...]
    values: tuple[float | None, ...]
    texts: tuple[str, ...]
    classes: tuple[int, ...]
    palette: str
    legend: tuple[tuple[str, int], ...]
    no_data: tuple[str, int]
    fills: tuple[str, ...] = ()
    points: tuple[Point, ...] = ()
    links: tuple[Link, ...] = ()


@dataclass(frozen=True)
class Table:
    """Cells as text; ``numbers`` are columns set right; ``shades`` colour cells by class of the sequence.

    A shade of 0 is below the floor, -1 leaves a cell plain. ``weights`` are the columns' relative widths.
    ``more`` counts the rows that are left out; a slide without room for all rows adds to it.
    """

    title: str
    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    numbers: frozenset[int] = frozenset()
    shades: tuple[tuple[int, ...], ...] = ()
    weights: tuple[float, ...] = ()
    more: int = 0


@dataclass(frozen=True)
class Cards:
    """The few figures a page opens with."""

    cards: tuple[Kpi, ...]


@dataclass(frozen=True)
class Cover:
    """The opening slide: what, where, when, from which data."""

    lines: tuple[str, ...]


Part = Chart | Scatter | AreaMap | Table | Cards | Cover


@dataclass(frozen=True)
class Spec:
    """Which slide: its kind, what it shows, and the scope frozen when it was chosen.

    ``title`` and ``note`` are the presenter's own words, in place of and beside the generated ones. ``options``
    are what the reader had chosen besides, in the order the kind asks for; a missing one takes its default.
    """

    kind: str
    name: str
    scope: Scope
    title: str | None = None
    note: str | None = None
    options: tuple[str, ...] = ()


@dataclass(frozen=True)
class Slide:
    """A slide computed from one snapshot."""

    spec: Spec
    title: str
    parts: tuple[Part, ...]
    notes: tuple[tuple[str, str], ...]
    nature: str
    place: str
    short_place: str
    source: str
    snapshot: str


class UnavailableError(Exception):
    """A slide that cannot be made; the message says what is missing, in the language of the run."""
