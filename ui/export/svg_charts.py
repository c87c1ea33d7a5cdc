"""Charts as SVG: bars from zero with their values written, lines with direct labels, columns, funnels."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Final

from ui import format as fmt
from ui.export import frame, measure
from ui.export.parts import Chart, Dots, Scatter, Series
from ui.export.shapes import Box
from ui.export.svg import SIZE, Canvas

LINE: Final = SIZE * measure.LEADING
NARROW: Final = 400.0
AXIS: Final = 20.0
NAMES: Final = 8
"""Categories of a dense chart whose names are written."""
NAMED: Final = 6
"""Points of a funnel that are named; more would cover each other."""


def _heading(canvas: Canvas, title: str, box: Box, series: Sequence[Series | Dots] = ()) -> Box:
    """Write a chart's title and, where it has several series, their names; return the room left."""
    size, rows = measure.fit(title, box.width, LINE, SIZE, smallest=18)
    top = canvas.lines(rows, box.left, box.top, size, fill=canvas.theme.muted)
    if len(series) > 1:
        names = list({one.name: one for one in series}.values())
        size = 22.0
        while size > 18 and sum(measure.width(one.name, size) + 48 for one in names) > box.width:
            size -= 1
        left = box.left
        for one in names:
            wide = measure.width(one.name, size)
            if left > box.left and left + 22 + wide > box.right:
                left, top = box.left, top + size * measure.LEADING
            key = 4.0 if one.dash else 16.0
            canvas.rect(left, top + 15 - key / 2, 16, key, fill=frame.colour(one.tone, canvas.theme))
            canvas.text(one.name, left + 22, top + 15 + size * 0.36, size)
            left += 48 + wide
        top += LINE
    return Box(box.left, top + 6, box.width, box.bottom - top - 6)


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
    for i, name in enumerate(chart.categories):
        top = room.top + i * step
        base = top + step / 2 + SIZE * 0.36
        size, lines = measure.fit(name, names, step, SIZE, smallest=16)
        tall = len(lines) * size * measure.LEADING
        canvas.lines(lines, box.left + names, top + (step - tall) / 2 - size * 0.1, size, anchor="end")
        end = zero
        for j, one in enumerate(chart.series):
            value = one.values[i]
            if value is None:
                continue
            at = left + width * (value - low) / (high - low)
            y = top + 0.14 * step + j * thick
            canvas.rect(
                min(zero, at), y, abs(at - zero), thick - 1, fill=frame.colour(one.tone, canvas.theme)
            )
            end = max(end, at)
        canvas.text(texts[i], end + 8, base, bold=True)


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
    for name, value, text in zip(chart.categories, one.values, one.texts, strict=True):
        size, names = measure.fit(name, box.width - wide, tall, SIZE, smallest=16)
        high = max(len(names) * size * measure.LEADING, LINE)
        if top + high + 9 > box.bottom:
            break
        canvas.text(text, box.right, top + SIZE, bold=True, anchor="end")
        down = (LINE - size * measure.LEADING) / 2 if len(names) == 1 else -2
        canvas.lines(names, box.left, top + down, size)
        if value is not None:
            long = box.width * abs(value) / most
            canvas.rect(box.left, top + high, long, 7, fill=frame.colour(one.tone, canvas.theme))
        top += high + min(13.0, max(tall + 10 - high, 9.0))


def lines(canvas: Canvas, chart: Chart, box: Box) -> None:
    """Draw lines over years, every known value written at its point; a missing year breaks the line."""
    if chart.dense:
        _dense(canvas, chart, box)
        return
    room = _heading(canvas, chart.title, box, chart.series)
    known = [value for one in chart.series for value in one.values if value is not None]
    low, high = min(known), max(known)
    spread = (high - low) or abs(high) or 1.0
    top, bottom = room.top + LINE + 8, room.bottom - LINE - (LINE if len(chart.series) > 1 else 8)
    step = (box.width - 120) / max(len(chart.categories) - 1, 1)
    size, every = _spaced(chart.categories, step)
    for i, name in enumerate(chart.categories):
        if i % every == 0:
            x = box.left + 60 + i * step
            canvas.text(name, x, room.bottom - 4, size, fill=canvas.theme.muted, anchor="middle")

    def at(i: int, value: float) -> tuple[float, float]:
        return box.left + 60 + i * step, bottom - (bottom - top) * (value - low) / spread

    for j, one in enumerate(chart.series):
        colour = frame.colour(one.tone, canvas.theme)
        _stroke(canvas, one, at, width=4 if j == 0 else 3)
        last = max((i for i, value in enumerate(one.values) if value is not None), default=-1)
        for i, (text, value) in enumerate(zip(one.texts, one.values, strict=True)):
            if value is None:
                continue
            x, y = at(i, value)
            if one.dash and i < last:
                continue
            canvas.circle(x, y, 7 if j == 0 else 5, fill=colour)
            below = len(chart.series) > 1 and (j == 0 or any(one.dash for one in chart.series[:j]))
            y += 30 if below else -13
            canvas.text(text, x, y, bold=j == 0, fill=colour, anchor="middle", halo=True)


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
            dash = "8 5" if one.dash else ""
            canvas.line(run, stroke=frame.colour(one.tone, canvas.theme), width=width, dash=dash)


def _spaced(names: Sequence[str], step: float) -> tuple[float, int]:
    """Return the size at which names stand apart, and of how many one is written where even small ones do not."""
    widest = max(measure.width(name, 1) for name in names)
    size = max(min(SIZE, 0.9 * step / widest), 16.0)
    return size, max(1, math.ceil(size * widest / (0.95 * step)))


def _dense(canvas: Canvas, chart: Chart, box: Box) -> None:
    """Draw lines over many categories: an axis of amounts, some of the names, no number at the points."""
    theme = canvas.theme
    room = _heading(canvas, chart.title, box, chart.series)
    known = [value for one in chart.series for value in one.values if value is not None]
    up = ticks(min(0.0, *known), max(0.0, *known))
    written = [f"{fmt.number(y, _decimals(up, chart.decimals))}{'%' if chart.percent else ''}" for y in up]
    left = box.left + max(measure.width(text, AXIS) for text in written) + 10
    top, bottom = room.top + 8, room.bottom - AXIS * measure.LEADING - 4
    step = (box.right - 40 - left) / max(len(chart.categories) - 1, 1)

    def high(value: float) -> float:
        return bottom - (bottom - top) * (value - up[0]) / (up[-1] - up[0])

    for y, text in zip(up, written, strict=True):
        canvas.line([(left, high(y)), (box.right - 40, high(y))], stroke=theme.line, width=1)
        canvas.text(text, left - 8, high(y) + 7, AXIS, fill=theme.muted, anchor="end")
    every = max(1, math.ceil(len(chart.categories) / NAMES))
    for i in range(0, len(chart.categories), every):
        canvas.text(
            chart.categories[i], left + i * step, room.bottom - 4, AXIS, fill=theme.muted, anchor="middle"
        )
    for one in chart.series:
        _stroke(canvas, one, lambda i, value: (left + i * step, high(value)), width=2.5 if one.dash else 4)


def _decimals(marks: list[float], decimals: int) -> int:
    """Return the decimals an axis needs: none where its marks are whole."""
    return 0 if all(mark == int(mark) for mark in marks) else max(decimals, 1)


def stacked(canvas: Canvas, chart: Chart, box: Box) -> None:
    """Draw columns of parts from zero, values inside where they fit, the names beside the last column."""
    room = _heading(canvas, chart.title, box)
    names = max(measure.width(one.name, SIZE) for one in chart.series) + 30
    totals = [sum(one.values[i] or 0 for one in chart.series) for i in range(len(chart.categories))]
    top, bottom = room.top + LINE, room.bottom - LINE - 2
    step = (box.width - names - 20) / len(chart.categories)
    scale = (bottom - top) / (max(totals) or 1)
    for i, name in enumerate(chart.categories):
        x, y = box.left + i * step, bottom
        for one in chart.series:
            value = one.values[i]
            if not value:
                continue
            high = value * scale
            y -= high
            colour = frame.colour(one.tone, canvas.theme)
            canvas.rect(
                x + 0.12 * step, y, 0.76 * step, high - 1, fill=colour, title=f"{one.name}: {one.texts[i]}"
            )
            if high >= LINE - 4:
                canvas.text(
                    one.texts[i], x + step / 2, y + high / 2 + 8.5, fill=frame.ink(colour), anchor="middle"
                )
        middle = x + step / 2
        canvas.text(fmt.number(totals[i]), middle, y - 7, bold=True, anchor="middle")
        canvas.text(name, middle, room.bottom - 4, fill=canvas.theme.muted, anchor="middle")
    y = top + 10
    for one in reversed(chart.series):
        left = box.right - names + 4
        canvas.rect(left, y + 6, 18, 18, fill=frame.colour(one.tone, canvas.theme))
        canvas.text(one.name, left + 26, y + SIZE)
        y += LINE + 8


def ticks(low: float, high: float, least: float = 0.0) -> list[float]:
    """Return round numbers from the last below ``low`` to the first above ``high``, ``least`` apart or more.

    >>> ticks(0, 23), ticks(-3, 9)
    ([0, 10, 20, 30], [-5, 0, 5, 10])
    """
    spread = (high - low) or abs(high) or 1.0
    power = 10.0 ** math.floor(math.log10(spread / 2))
    step = next(power * times for times in (1, 2, 2.5, 5, 10) if spread / (power * times) <= 4)
    step = max(step, least)
    first, last = math.floor(low / step + 1e-9), math.ceil(high / step - 1e-9)
    return [_whole(round(i * step, 10)) for i in range(first, max(last, first + 1) + 1)]


def _whole(value: float) -> float:
    return int(value) if value == int(value) else value


def scatter(canvas: Canvas, chart: Scatter, box: Box) -> None:
    """Draw points and lines over two axes; points of a second colour are named where they are few.

    The axes hold the points; of a chart of lines alone they hold the lines.
    """
    theme = canvas.theme
    room = _heading(canvas, chart.title, box, chart.series)
    dots = [one for one in chart.series if not one.line]
    seen = chart.series if not dots or not chart.zero else dots
    xs, ys = [x for one in seen for x in one.xs], [y for one in seen for y in one.ys]
    low = (0.0, 0.0) if chart.zero else (min(xs), min(0.0, *ys))
    across, up = ticks(low[0], max(xs)), ticks(low[1], max(*ys, 1e-9), 0.0 if chart.decimals else 1.0)
    left, right = box.left + 84, box.right - 44
    top, bottom = room.top + 4, room.bottom - 2 * AXIS * measure.LEADING - 2

    def at(x: float, y: float) -> tuple[float, float]:
        return (
            left + (right - left) * (x - across[0]) / (across[-1] - across[0]),
            bottom - (bottom - top) * (min(y, up[-1]) - up[0]) / (up[-1] - up[0]),
        )

    for x in across:
        canvas.text(
            fmt.number(x), at(x, up[0])[0], bottom + AXIS + 4, AXIS, fill=theme.muted, anchor="middle"
        )
    decimals = _decimals(up, chart.decimals)
    for y in up:
        level = at(across[0], y)[1]
        canvas.line([(left, level), (right, level)], stroke=theme.muted if y == 0 else theme.line, width=1)
        canvas.text(fmt.number(y, decimals), left - 8, level + 7, AXIS, fill=theme.muted, anchor="end")
    canvas.text(chart.x_title, (left + right) / 2, room.bottom - 2, AXIS, fill=theme.muted, anchor="middle")
    for one in chart.series:
        if one.line:
            drawn = [at(x, y) for x, y in zip(one.xs, one.ys, strict=True) if y <= up[-1]]
            dash = "" if not one.dash else "2 4" if one.tone == "between" else "8 4"
            if len(drawn) > 1:
                canvas.line(
                    drawn, stroke=frame.colour(one.tone, theme), width=2 if one.dash else 3, dash=dash
                )
    for one in dots:
        for i, (x, y, label) in enumerate(zip(one.xs, one.ys, one.labels, strict=True)):
            place = at(x, y)
            canvas.circle(*place, 6, fill=frame.colour(one.tone, theme), title=label)
            if one.tone not in ("accent", "muted") and label and i < NAMED:
                side = place[0] > (left + right) / 2
                canvas.text(
                    label,
                    place[0] + (-10 if side else 10),
                    place[1] + (8 if chart.zero else -14),
                    anchor="end" if side else "start",
                    halo=True,
                )
