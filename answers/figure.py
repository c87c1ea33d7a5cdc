"""The one model of what can be looked at: pages, slides, paper, pictures and sheets all draw the same figures.

Values are the exact numbers of :class:`answers.results.Results`; texts are those numbers as the app writes them.
A part that not every medium can draw says in ``plain`` what the others draw in its place.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Literal

from answers.cards import Kpi
from answers.scope import Scope
from metrics.registry import Defined

Tone = Literal["accent", "muted", "short", "between", "met", "text", "c0", "c1", "c2", "c3", "c4", "c5"]
ChartKind = Literal["bars", "rows", "stacked", "lines"]


@dataclass(frozen=True)
class Series:
    """Numbers under one name, one for each category; None is missing.

    A ``dash`` draws a line that is expected, promised or a limit; of a chart's years it writes only the last.
    ``low`` and ``high`` are a range about each value: a band along a line, a mark across a bar. ``marks`` are
    points without a line between them, or of bars the range alone. ``tones`` colour each value by what it says,
    and ``hovers`` say more of it to whoever points at it.
    """

    name: str
    values: tuple[float | None, ...]
    texts: tuple[str, ...]
    tone: Tone = "accent"
    dash: bool = False
    low: tuple[float | None, ...] = ()
    high: tuple[float | None, ...] = ()
    marks: bool = False
    tones: tuple[Tone, ...] = ()
    hovers: tuple[str, ...] = ()


@dataclass(frozen=True)
class Event:
    """A line across the amounts, with its words: what happened at a place among the categories or values."""

    at: float
    text: str


@dataclass(frozen=True)
class Chart:
    """Bars lying down, stacked columns, or lines over years.

    A ``dense`` line chart has too many categories to write every number: it has an axis, and some of the names.
    ``rows`` are stacked parts lying down. ``events`` stand at places among the categories, the first at 0;
    ``floor`` is an amount that has to be reached, with its words.
    """

    kind: ChartKind
    title: str
    categories: tuple[str, ...]
    series: tuple[Series, ...]
    decimals: int = 0
    percent: bool = False
    dense: bool = False
    events: tuple[Event, ...] = ()
    floor: tuple[float, str] | None = None
    plain: Chart | Table | None = None


@dataclass(frozen=True)
class Dots:
    """Points of a scatter, or the points of a line through it; ``dash`` where it is a limit or a comparison.

    A ``band`` is the area its points go round, and a line of ``steps`` holds its value up to the next point.
    ``hovers`` say more of each point than its label.
    """

    name: str
    xs: tuple[float, ...]
    ys: tuple[float, ...]
    labels: tuple[str, ...] = ()
    tone: Tone = "accent"
    line: bool = False
    dash: bool = False
    band: bool = False
    steps: bool = False
    hovers: tuple[str, ...] = ()


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
    events: tuple[Event, ...] = ()
    plain: Scatter | None = None


@dataclass(frozen=True)
class Node:
    """How many stand how at one time of a flow; ``column`` is the time's place."""

    column: int
    name: str
    tone: Tone
    count: int


@dataclass(frozen=True)
class Flow:
    """How many went from one standing to another: ``links`` hold the nodes' places, how many, and what it is called."""

    title: str
    nodes: tuple[Node, ...]
    links: tuple[tuple[int, int, int, str], ...]
    plain: Chart


@dataclass(frozen=True)
class Sets:
    """How many have exactly which things together: each of ``sets`` holds places among ``parts`` (an UpSet view)."""

    title: str
    parts: tuple[str, ...]
    sets: tuple[tuple[int, ...], ...]
    counts: tuple[int, ...]
    texts: tuple[str, ...]
    tone: Tone
    plain: Chart


@dataclass(frozen=True)
class Mark:
    """One dated thing on a line of time; ``row`` is its height where several share a day."""

    day: dt.date
    row: int
    symbol: str
    tone: Tone
    hover: str


@dataclass(frozen=True)
class Timeline:
    """Dated things on a line of time, today marked; ``key`` says what each symbol means."""

    title: str
    marks: tuple[Mark, ...]
    today: tuple[dt.date, str]
    key: tuple[tuple[str, str], ...]
    plain: Chart


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


Part = Chart | Scatter | Flow | Sets | Timeline | AreaMap | Table | Cards | Cover
Plain = Chart | Scatter | AreaMap | Table | Cards | Cover


def plain(part: Part) -> Plain:
    """Return what every medium can draw: the part itself, or what stands in its place."""
    other: Plain | None = getattr(part, "plain", None)
    return other or part  # type: ignore[return-value]  # the kinds without a plain one always have another


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
    tables: tuple[str, ...] = ()
    definition: Defined | None = None
    method: str = ""
    besides: str = "real"


class UnavailableError(Exception):
    """A slide that cannot be made; the message says what is missing, in the language of the run."""
