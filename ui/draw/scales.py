"""How lines, points and columns are laid out, by one rule for the deck and the pictures: axes, sides, dashes."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final, Literal

from answers.figure import Chart, Scatter, Series, Tone

Dash = Literal["dash", "dot", "long", "chain"]
Side = Literal["above", "below", "left", "right"]
DASHES: Final[dict[Tone, Dash]] = {"between": "dot", "c5": "dot", "text": "long", "short": "chain"}
"""How the dashed lines of one chart are told apart; of another tone they have plain dashes."""
CUT: Final = 0.25
"""Values spread over less than this share of the largest would look the same on an axis from zero."""
AIR: Final = 0.1
NEAR: Final = 0.25
"""Two points nearer than this share of the axis have their numbers on the sides away from each other."""
FLOOR: Final = 0.15
"""Below this share of the axis a number under its point would touch the names of the categories."""
STEEP: Final = 2.0
"""A line so steep that it would cross the axis twice over its length leaves room beside its points only."""
THIN: Final = 16.0
"""A part of a column lower than this has no room for its number."""


@dataclass(frozen=True)
class Axis:
    """The marks of an axis of amounts, from its one end to the other."""

    marks: tuple[float, ...]

    @property
    def low(self) -> float:
        """Return where the axis begins."""
        return self.marks[0]

    @property
    def high(self) -> float:
        """Return where the axis ends."""
        return self.marks[-1]

    @property
    def span(self) -> float:
        """Return how much the axis holds."""
        return self.high - self.low

    @property
    def cut(self) -> bool:
        """Say whether the axis begins above zero, which must be seen."""
        return self.low > 0

    @property
    def decimals(self) -> int:
        """Return how many decimals its marks have."""
        return next(n for n in range(9) if n == 8 or all(round(mark, n) == mark for mark in self.marks))


def ticks(low: float, high: float, *, whole: bool = False) -> tuple[float, ...]:
    """Return round numbers from the last not over ``low`` to the first not under ``high``.

    >>> ticks(0, 23), ticks(-3, 9), ticks(0, 1), ticks(0, 1, whole=True)
    ((0, 10, 20, 30), (-5, 0, 5, 10), (0, 0.25, 0.5, 0.75, 1), (0, 1))
    """
    spread = (high - low) or abs(high) or 1.0
    power = 10.0 ** math.floor(math.log10(spread / 2))
    steps = [max(power, 1.0) * times if whole else power * times for times in (1, 2, 2.5, 5, 10)]
    step = next(size for size in steps if spread / size <= 4 and (not whole or size == int(size)))
    first, last = math.floor(low / step + 1e-9), math.ceil(high / step - 1e-9)
    return tuple(_plain(round(i * step, 10)) for i in range(first, max(last, first + 1) + 1))


def _plain(value: float) -> float:
    return int(value) if value == int(value) else value


def scale(values: Iterable[float], *, whole: bool = False, percent: bool = False) -> Axis:
    """Return the axis of lines and points: from zero, or cut where that would flatten what is to be seen.

    >>> scale([146, 311]).marks, scale([88.4, 95.0], percent=True).marks, scale([79.7, 100], percent=True).marks
    ((0, 100, 200, 300, 400), (86, 88, 90, 92, 94, 96), (70, 80, 90, 100))
    """
    known = list(values)
    low, high = min(known), max(known)
    air = AIR * (high - low)
    if 0 < high - low < CUT * high:
        marks = ticks(low - air, high + air, whole=whole)
        if low - marks[0] < FLOOR * (marks[-1] - marks[0]):
            marks = (_plain(round(2 * marks[0] - marks[1], 10)), *marks)
    else:
        marks = ticks(min(0.0, low), max(0.0, high), whole=whole)
    whole_of = percent and high <= 100
    return Axis(tuple(mark for mark in marks if not whole_of or mark <= 100))


def amounts(part: Chart) -> Axis:
    """Return the axis of a line chart."""
    known = (value for one in part.series for value in one.values if value is not None)
    return scale(known, whole=part.decimals == 0 and not part.percent, percent=part.percent)


def axes(part: Scatter) -> tuple[Axis, Axis]:
    """Return the axes of a scatter: they hold the points; of a chart of lines alone they hold the lines."""
    dots = [one for one in part.series if not one.line]
    seen = dots if dots and part.zero else part.series
    origin = [0.0] if part.zero else []
    xs, ys = ([*origin, *(v for one in seen for v in getattr(one, name))] for name in ("xs", "ys"))
    return Axis(ticks(min(xs), max(xs))), scale(ys, whole=part.decimals == 0)


def dash(tone: Tone) -> Dash:
    """Return how a dashed line of a tone is dashed."""
    return DASHES.get(tone, "dash")


def sides(part: Chart, axis: Axis) -> list[list[Side | None]]:
    """Return on which side of its point each number of a line chart stands; None where none is written."""
    return [
        [_side(part, axis, j, i) if i in _written(one) else None for i in range(len(one.values))]
        for j, one in enumerate(part.series)
    ]


def _written(one: Series) -> list[int]:
    """Return the points of a line whose numbers are written: every known one, of a dashed line the last."""
    known = [i for i, value in enumerate(one.values) if value is not None]
    return known[-1:] if one.dash else known


def _side(part: Chart, axis: Axis, j: int, i: int) -> Side:
    """Return the side away from the line itself, and from another line that is near."""
    values = part.series[j].values
    here = values[i] or 0.0
    before, after = (values[n] if 0 <= n < len(values) else None for n in (i - 1, i + 1))
    steep = STEEP * axis.span / max(len(values) - 1, 1)
    if before is not None and after is not None:
        if min(here - before, after - here) > steep:
            return "left"
        if min(before - here, here - after) > steep:
            return "right"
    if here < axis.low + FLOOR * axis.span:
        return "above"
    there = [(one.values[i], -k) for k, one in enumerate(part.series) if k != j]
    near = [(v, k) for v, k in there if v is not None and abs(v - here) < NEAR * axis.span]
    if near and not min(near) < (here, -j) < max(near):
        return "above" if (here, -j) > max(near) else "below"
    known = [v for v in (before, after) if v is not None]
    touched = any(v - here > steep / 2 for v in known)
    return "below" if touched and here * len(known) < sum(known) else "above"


def beside(parts: Sequence[float | None], unit: float, apart: float) -> dict[int, float]:
    """Return how high the numbers of a column's thin parts stand beside it, clear of each other.

    >>> beside([59, 3, 4], 1, 20), beside([3, 4, 59], 1, 20), beside([59, 30], 1, 20)
    ({1: 44.0, 2: 64.0}, {0: 8.0, 1: 28.0}, {})
    """
    found: dict[int, float] = {}
    foot = 0.0
    for i, value in enumerate(parts):
        high = (value or 0) * unit
        if 0 < high < THIN:
            found[i] = foot + high / 2
        foot += high
    last = math.inf
    for i in reversed(found):
        found[i] = last = min(found[i], last - apart)
    last = THIN / 2 - apart
    for i in found:
        found[i] = last = max(found[i], last + apart)
    return found
