"""Charts as SVG: bars from zero with their values written, lines with direct labels, columns, funnels."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import Final

from answers import format as fmt
from answers.figure import Chart, Dots, Scatter, Series
from ui.draw import frame, measure, scales
from ui.draw.shapes import Box
from ui.draw.svg import SIZE, Anchor, Canvas, common_size

LINE: Final = SIZE * measure.LEADING
KEY: Final = 34.0
"""How long a line in a legend is: long enough to show its dash."""
DASHES: Final[dict[scales.Dash, str]] = {"dash": "8 5", "dot": "2 4", "long": "16 5", "chain": "12 4 2 4"}
NARROW: Final = 400.0
AXIS: Final = 20.0
SMALL: Final = 18.0
TICK: Final = 8.0
"""How far the number of a thin part stands from its column."""
ALONG: Final = 12
"""Into how many pieces the parts of a line are cut to see what it runs through."""
BESIDE: Final[dict[scales.Side, tuple[float, float, Anchor]]] = {
    "above": (0, -13, "middle"),
    "below": (0, 30, "middle"),
    "left": (-14, 8, "end"),
    "right": (14, 8, "start"),
}
"""Where a number begins from its point, and which part of it stands there."""
NAMES: Final = 8
"""Categories of a dense chart whose names are written."""
NAMED: Final = 6
"""Points of a funnel that are named; more would cover each other."""


def _heading(
    canvas: Canvas, title: str, box: Box, series: Sequence[Series | Dots] = (), *, lined: bool = False
) -> Box:
    """Write a chart's title and, where it has several series, their names; return the room left."""
    size, rows = measure.fit(title, box.width, LINE, SIZE, smallest=18)
    top = canvas.lines(rows, box.left, box.top, size, fill=canvas.theme.muted)
    if len(series) > 1:
        names = list({one.name: one for one in series}.values())
        keys = [KEY if lined or getattr(one, "line", False) else 16.0 for one in names]
        size = 22.0
        while size > 18 and sum(measure.width(one.name, size) + 32 for one in names) + sum(keys) > box.width:
            size -= 1
        left = box.left
        for one, key in zip(names, keys, strict=True):
            wide = key + 6 + measure.width(one.name, size)
            if left > box.left and left + wide > box.right:
                left, top = box.left, top + size * measure.LEADING
            _key(canvas, one, left, top + 15, key)
            canvas.text(one.name, left + key + 6, top + 15 + size * 0.36, size)
            left += wide + 26
        top += LINE
    return Box(box.left, top + 6, box.width, box.bottom - top - 6)


def _key(canvas: Canvas, one: Series | Dots, left: float, middle: float, wide: float) -> None:
    """Draw what a name in a legend stands for: a line with its own dash, a dot or a bar."""
    colour = frame.colour(one.tone, canvas.theme)
    if wide == KEY:
        ends = [(left, middle), (left + wide, middle)]
        canvas.line(ends, stroke=colour, width=3, dash=_dash(one))
    elif isinstance(one, Dots):
        canvas.circle(left + wide / 2, middle, 7, fill=colour)
    else:
        canvas.rect(left, middle - wide / 2, wide, wide, fill=colour)


def _dash(one: Series | Dots) -> str:
    return DASHES[scales.dash(one.tone)] if one.dash else ""


def bars(canvas: Canvas, chart: Chart, box: Box) -> None:
    """Draw bars from a common zero, names at the left and values at the end of each."""
    if box.width < NARROW:
        _narrow_bars(canvas, chart, box)
        return
    room = _heading(canvas, chart.title, box, chart.series)
    step = min(room.height / len(chart.categories), 76.0)
    texts = [" / ".join(one.texts[i] for one in chart.series) for i in range(len(chart.categories))]
    names = min(max(measure.width(name, SIZE) for name in chart.categories), 0.42 * box.width)
    values = max(measure.width(text, SIZE, bold=True) for text in texts) + 10
    low, high = _ends(chart)
    left, width = box.left + names + 14, box.width - names - 14 - values
    zero = left + width * (0 - low) / (high - low)
    thick = 0.72 * step / len(chart.series)
    size = common_size(chart.categories, names, step)
    for i, name in enumerate(chart.categories):
        top = room.top + i * step
        base = top + step / 2 + SIZE * 0.36
        _, lines = measure.fit(name, names, step, size, smallest=16)
        tall = len(lines) * size * measure.LEADING
        canvas.lines(lines, box.left + names, top + (step - tall) / 2 - size * 0.1, size, anchor="end")
        end = zero
        for j, one in enumerate(chart.series):
            value = one.values[i]
            if value is None:
                continue
            at = left + width * (value - low) / (high - low)
            y = top + 0.14 * step + j * thick
            colour, title = frame.colour(one.tone, canvas.theme), _says(chart, one, i)
            canvas.rect(min(zero, at), y, abs(at - zero), thick - 1, fill=colour, title=title)
            end = max(end, at)
        canvas.text(texts[i], end + 8, base, bold=True)


def _says(chart: Chart, one: Series, i: int) -> str:
    """Return what a mark says to a pointer: where it stands, which series, the number as it is written."""
    named = [chart.categories[i], *([one.name] if len(chart.series) > 1 else [])]
    return f"{' · '.join(named)}: {one.texts[i]}"


def _ends(chart: Chart) -> tuple[float, float]:
    known = [value for one in chart.series for value in one.values if value is not None]
    low, high = min(0.0, *known), max(0.0, *known)
    return low, high if high > low else low + 1


def _narrow_bars(canvas: Canvas, chart: Chart, box: Box) -> None:
    """Draw bars under their names, as many as there is room for."""
    size, rows = measure.fit(chart.title, box.width, 2 * 20 * measure.LEADING, 20, smallest=16)
    top = canvas.lines(rows, box.left, box.top, size, fill=canvas.theme.muted) + 4
    [one] = chart.series
    wide = max(measure.width(text, SIZE, bold=True) for text in one.texts) + 10
    tall = max(LINE, (box.bottom - top) / len(chart.categories) - 10)
    most = max((abs(value) for value in one.values if value is not None), default=0) or 1
    size = common_size(chart.categories, box.width - wide, tall)
    for name, value, text in zip(chart.categories, one.values, one.texts, strict=True):
        _, names = measure.fit(name, box.width - wide, tall, size, smallest=16)
        high = max(len(names) * size * measure.LEADING, LINE)
        if top + high + 9 > box.bottom:
            break
        canvas.text(text, box.right, top + SIZE, bold=True, anchor="end")
        down = (LINE - size * measure.LEADING) / 2 if len(names) == 1 else -2
        canvas.lines(names, box.left, top + down, size)
        if value is not None:
            long = box.width * abs(value) / most
            colour, title = frame.colour(one.tone, canvas.theme), f"{name}: {text}"
            canvas.rect(box.left, top + high, long, 7, fill=colour, title=title)
        top += high + min(13.0, max(tall + 10 - high, 9.0))


def lines(canvas: Canvas, chart: Chart, box: Box) -> None:
    """Draw lines over years; a missing year breaks the line.

    Every known value is written at its point; where they are too many, or the axis is cut, it has amounts.
    """
    theme, dense = canvas.theme, chart.dense
    axis = scales.amounts(chart)
    room = _heading(canvas, chart.title, box, chart.series, lined=True)
    written = _marks(chart, axis)
    left = box.left + max((measure.width(text, AXIS) for text in written), default=0) + 10
    top, bottom = room.top + (8 if dense else LINE), room.bottom - LINE - (2 if dense else 8)
    edge = min(max(*(measure.width(name, SIZE) / 2 for name in chart.categories), 60.0), 80.0)
    first, last = (left, box.right - 40) if dense else (left + edge - 10, box.right - edge)
    step = (last - first) / max(len(chart.categories) - 1, 1)
    start = first if len(chart.categories) > 1 else (first + last) / 2

    def at(i: int, value: float) -> tuple[float, float]:
        return start + i * step, bottom - (bottom - top) * (value - axis.low) / axis.span

    for mark, text in zip(axis.marks if written else (axis.low,), written or [""], strict=True):
        y = at(0, mark)[1]
        stroke = theme.line if mark else theme.muted
        canvas.line([(left, y), (box.right - (40 if dense else 0), y)], stroke=stroke, width=1)
        canvas.text(text, left - 8, y + 7, AXIS, fill=theme.muted, anchor="end")
    _categories(canvas, chart, start, step, room.bottom - 4)
    for j, one in enumerate(chart.series):
        _stroke(canvas, one, at, width=4 if j == 0 else 2.5 if dense else 3)
    if not dense:
        size, _ = _spaced([text for one in chart.series for text in one.texts], step)
        _points(canvas, chart, axis, at, max(size, 18.0))
    for one in reversed(chart.series):
        for i, value in enumerate(one.values):
            if value is not None:
                canvas.spot(*at(i, value), min(step / 2, 14.0), title=_says(chart, one, i))


def _marks(chart: Chart, axis: scales.Axis) -> list[str]:
    """Return the amounts of an axis as they are written, none where the points say them."""
    if not chart.dense and not axis.cut:
        return []
    return [f"{fmt.number(mark, axis.decimals)}{'%' if chart.percent else ''}" for mark in axis.marks]


def _categories(canvas: Canvas, chart: Chart, start: float, step: float, foot: float) -> None:
    """Write the names under a line chart, as many as stand apart."""
    size, every = _spaced(chart.categories, step)
    if chart.dense:
        size, every = AXIS, max(1, math.ceil(len(chart.categories) / NAMES))
    for i in range(0, len(chart.categories), every):
        x = start + i * step
        canvas.text(chart.categories[i], x, foot, size, fill=canvas.theme.muted, anchor="middle")


def _points(
    canvas: Canvas,
    chart: Chart,
    axis: scales.Axis,
    at: Callable[[int, float], tuple[float, float]],
    size: float,
) -> None:
    """Draw the points whose numbers are written, and the numbers beside them."""
    for j, (one, places) in enumerate(zip(chart.series, scales.sides(chart, axis), strict=True)):
        colour = frame.colour(one.tone, canvas.theme)
        for i, (text, value, side) in enumerate(zip(one.texts, one.values, places, strict=True)):
            if value is None or side is None:
                continue
            x, y = at(i, value)
            canvas.circle(x, y, 7 if j == 0 else 5, fill=colour)
            over, down, anchor = BESIDE[side]
            canvas.text(text, x + over, y + down, size, bold=j == 0, fill=colour, anchor=anchor, halo=True)


def _stroke(
    canvas: Canvas, one: Series, at: Callable[[int, float], tuple[float, float]], width: float
) -> None:
    """Draw a series as a line through its known values, broken where one is missing."""
    runs: list[list[tuple[float, float]]] = [[]]
    for i, value in enumerate(one.values):
        if value is None:
            runs.append([])
        else:
            runs[-1].append(at(i, value))
    for run in runs:
        if len(run) > 1:
            canvas.line(run, stroke=frame.colour(one.tone, canvas.theme), width=width, dash=_dash(one))


def _spaced(names: Sequence[str], step: float) -> tuple[float, int]:
    """Return the size at which names stand apart, and of how many one is written where even small ones do not."""
    widest = max(measure.width(name, 1) for name in names)
    size = max(min(SIZE, 0.9 * step / widest), 16.0)
    return size, max(1, math.ceil(size * widest / (0.95 * step)))


def stacked(canvas: Canvas, chart: Chart, box: Box) -> None:
    """Draw columns of parts from zero, values inside or beside them, the names beside the last column."""
    room = _heading(canvas, chart.title, box)
    names = max(measure.width(one.name, SIZE) for one in chart.series) + 30
    totals = [sum(one.values[i] or 0 for one in chart.series) for i in range(len(chart.categories))]
    top, bottom = room.top + LINE, room.bottom - LINE - 2
    step = (box.width - names - 20) / len(chart.categories)
    unit = (bottom - top) / (max(totals) or 1)
    thin = [
        scales.beside([one.values[i] for one in chart.series], unit, SMALL + 2) for i in range(len(totals))
    ]
    said = [measure.width(chart.series[j].texts[i], SMALL) for i, found in enumerate(thin) for j in found]
    wide = min(0.76 * step, step - TICK - max(said, default=0) - 8)
    for i, name in enumerate(chart.categories):
        middle = box.left + i * step + min(0.5 * step, wide / 2 + 0.12 * step)
        column = Box(middle - wide / 2, top, wide, bottom - top)
        _column(canvas, chart, i, column, unit, thin[i])
        if sum(bool(one.values[i]) for one in chart.series) > 1:
            y = bottom - totals[i] * unit - 7
            canvas.text(fmt.number(totals[i]), middle, y, bold=True, anchor="middle")
        canvas.text(name, middle, room.bottom - 4, fill=canvas.theme.muted, anchor="middle")
    y = top + 10
    for one in reversed(chart.series):
        left = box.right - names + 4
        canvas.rect(left, y + 6, 18, 18, fill=frame.colour(one.tone, canvas.theme))
        canvas.text(one.name, left + 26, y + SIZE)
        y += LINE + 8


def _column(canvas: Canvas, chart: Chart, i: int, column: Box, unit: float, thin: dict[int, float]) -> None:
    """Draw one column; the numbers of its thin parts stand at its right, each with a line to its part."""
    foot = column.bottom
    for j, one in enumerate(chart.series):
        high = (one.values[i] or 0) * unit
        if not high:
            continue
        foot -= high
        colour, title = frame.colour(one.tone, canvas.theme), f"{one.name}: {one.texts[i]}"
        canvas.rect(column.left, foot, column.width, max(high - 1, 0.5), fill=colour, title=title)
        if j in thin:
            y = column.bottom - thin[j]
            canvas.line([(column.right, foot + high / 2), (column.right + TICK, y)], stroke=colour, width=2)
            canvas.text(one.texts[i], column.right + TICK + 3, y + SMALL * 0.36, SMALL)
        else:
            size = min(SIZE, max(high - 3, 16.0))
            x, y = column.left + column.width / 2, foot + high / 2 + size * 0.35
            canvas.text(one.texts[i], x, y, size, fill=frame.ink(colour), anchor="middle")


def scatter(canvas: Canvas, chart: Scatter, box: Box) -> None:
    """Draw points and lines over two axes; points of a second colour are named where they are few."""
    theme = canvas.theme
    room = _heading(canvas, chart.title, box, chart.series)
    across, up = scales.axes(chart)
    left, right = box.left + 84, box.right - 44
    top, bottom = room.top + 4, room.bottom - 2 * AXIS * measure.LEADING - 2

    def at(x: float, y: float) -> tuple[float, float]:
        return (
            left + (right - left) * (x - across.low) / across.span,
            bottom - (bottom - top) * (min(y, up.high) - up.low) / up.span,
        )

    for x in across.marks:
        text = fmt.number(x, across.decimals)
        canvas.text(text, at(x, up.low)[0], bottom + AXIS + 4, AXIS, fill=theme.muted, anchor="middle")
    for y in up.marks:
        level = at(across.low, y)[1]
        canvas.line([(left, level), (right, level)], stroke=theme.line if y else theme.muted, width=1)
        text = fmt.number(y, up.decimals)
        canvas.text(text, left - 8, level + 7, AXIS, fill=theme.muted, anchor="end")
    if across.low < 0 < across.high:
        canvas.line([at(0, up.low), at(0, up.high)], stroke=theme.muted, width=1)
    canvas.text(chart.x_title, (left + right) / 2, room.bottom - 2, AXIS, fill=theme.muted, anchor="middle")
    for one in chart.series:
        drawn = [at(x, y) for x, y in zip(one.xs, one.ys, strict=True) if y <= up.high] if one.line else []
        if len(drawn) > 1:
            width, stroke = 2 if one.dash else 3, frame.colour(one.tone, theme)
            canvas.line(drawn, stroke=stroke, width=width, dash=_dash(one))
    dots = [one for one in chart.series if not one.line]
    for one in dots:
        for x, y, label in zip(one.xs, one.ys, one.labels, strict=True):
            what = " · ".join(filter(None, (label, chart.y_title)))
            title = f"{what}: {fmt.number(y, chart.decimals)}"
            canvas.circle(*at(x, y), 6, fill=frame.colour(one.tone, theme), title=title)
    _names(canvas, chart, at, Box(left, top, right - left, bottom - top))


def _names(
    canvas: Canvas, chart: Scatter, at: Callable[[float, float], tuple[float, float]], plot: Box
) -> None:
    """Name the first points of a second colour where nothing else is drawn."""
    taken = [p for one in chart.series for p in _drawn(one, at)]
    for one in chart.series:
        if one.line or one.tone in ("accent", "muted"):
            continue
        for x, y, label in list(zip(one.xs, one.ys, one.labels, strict=True))[:NAMED]:
            if label:
                place = _free(at(x, y), measure.width(label, SIZE), taken, plot)
                canvas.text(label, place.left, place.bottom - 7, halo=True)
                taken += [(place.left + n * place.width / 8, place.top + LINE / 2) for n in range(9)]


def _drawn(one: Dots, at: Callable[[float, float], tuple[float, float]]) -> list[tuple[float, float]]:
    """Return the places of points, and of a line places close together along it."""
    places = [at(x, y) for x, y in zip(one.xs, one.ys, strict=True)]
    if not one.line:
        return places
    return [
        (x + (u - x) * n / ALONG, y + (v - y) * n / ALONG)
        for (x, y), (u, v) in pairwise(places)
        for n in range(ALONG)
    ]


def _free(point: tuple[float, float], wide: float, taken: Sequence[tuple[float, float]], plot: Box) -> Box:
    """Return the place beside a point, within the plot, where a name covers the fewest others."""
    x, y = point
    over, under = y - LINE - 8, y + 8
    corners = [(x + 10, y - LINE / 2), (x - 10 - wide, y - LINE / 2)]
    corners += [(left, top) for top in (over, under) for left in (x + 4, x - 4 - wide, x - wide / 2)]
    places = [Box(left, top, wide, LINE) for left, top in corners]
    inside = [
        one
        for one in places
        if one.left >= plot.left
        and one.right <= plot.right + 40
        and one.top >= plot.top - 2
        and one.bottom <= plot.bottom
    ]

    def covered(one: Box) -> int:
        return sum(one.left - 7 < u < one.right + 7 and one.top - 4 < v < one.bottom + 4 for u, v in taken)

    return min(inside or places, key=covered)
