"""Charts as SVG: bars from zero with their values written, lines with direct labels, columns, funnels."""

from __future__ import annotations

import math
from typing import Final

from ui import format as fmt
from ui.export import frame, measure
from ui.export.parts import Chart, Scatter, Series
from ui.export.shapes import Box
from ui.export.svg import SIZE, Canvas

LINE: Final = SIZE * measure.LEADING
NARROW: Final = 400.0
NAMED: Final = 6
"""Points of a funnel that are named; more would cover each other."""


def _heading(canvas: Canvas, title: str, box: Box, series: tuple[Series, ...] = ()) -> Box:
    """Write a chart's title and, where it has several series, their names; return the room left."""
    size, rows = measure.fit(title, box.width, LINE, SIZE, smallest=18)
    top = canvas.lines(rows, box.left, box.top, size, fill=canvas.theme.muted)
    if len(series) > 1:
        left = box.left
        for one in series:
            canvas.rect(left, top + 7, 16, 16, fill=frame.colour(one.tone, canvas.theme))
            left += 24 + canvas.text(one.name, left + 22, top + SIZE, 22) + 26
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
        canvas.text(measure.shorten(name, names, SIZE), box.left + names, base, anchor="end")
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
    step = LINE + 13
    shown = min(len(chart.categories), int((box.bottom - top) // step))
    most = max((abs(value) for value in one.values if value is not None), default=0) or 1
    for i in range(shown):
        value = one.values[i]
        wide = canvas.text(one.texts[i], box.right, top + SIZE, bold=True, anchor="end")
        canvas.text(measure.shorten(chart.categories[i], box.width - wide - 10, SIZE), box.left, top + SIZE)
        if value is not None:
            long = box.width * abs(value) / most
            canvas.rect(box.left, top + LINE, long, 7, fill=frame.colour(one.tone, canvas.theme))
        top += step


def lines(canvas: Canvas, chart: Chart, box: Box) -> None:
    """Draw lines over years, every known value written at its point; a missing year breaks the line."""
    room = _heading(canvas, chart.title, box, chart.series)
    known = [value for one in chart.series for value in one.values if value is not None]
    low, high = min(known), max(known)
    spread = (high - low) or abs(high) or 1.0
    top, bottom = room.top + LINE + 8, room.bottom - LINE - (LINE if len(chart.series) > 1 else 8)
    step = (box.width - 120) / max(len(chart.categories) - 1, 1)
    for i, name in enumerate(chart.categories):
        x = box.left + 60 + i * step
        canvas.text(name, x, room.bottom - 4, fill=canvas.theme.muted, anchor="middle")
    for j, one in enumerate(chart.series):
        colour = frame.colour(one.tone, canvas.theme)
        run: list[tuple[float, float]] = []
        runs = [run]
        for i, value in enumerate(one.values):
            if value is None:
                run = []
                runs.append(run)
                continue
            run.append((box.left + 60 + i * step, bottom - (bottom - top) * (value - low) / spread))
        for run in runs:
            if len(run) > 1:
                canvas.line(run, stroke=colour, width=4 if j == 0 else 3)
        points = iter(point for run in runs for point in run)
        for text, value in zip(one.texts, one.values, strict=True):
            if value is None:
                continue
            x, y = next(points)
            canvas.circle(x, y, 7 if j == 0 else 5, fill=colour)
            below = len(chart.series) > 1 and j == 0
            y += 30 if below else -13
            canvas.text(text, x, y, bold=j == 0, fill=colour, anchor="middle", halo=True)


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


def ticks(high: float) -> list[float]:
    """Return round numbers from zero to the first above ``high``.

    >>> ticks(23)
    [0, 10, 20, 30]
    """
    step = 10 ** math.floor(math.log10(high / 2))
    for times in (1, 2, 5, 10):
        if high / (step * times) <= 4:
            step *= times
            break
    return [round(i * step, 10) for i in range(math.ceil(high / step) + 1)]


def scatter(canvas: Canvas, chart: Scatter, box: Box) -> None:
    """Draw a funnel: limits as lines, units as dots, those outside the limits named."""
    theme = canvas.theme
    room = _heading(canvas, chart.title, box)
    dots = [one for one in chart.series if not one.line]
    xs, ys = [x for one in dots for x in one.xs], [y for one in dots for y in one.ys]
    across, up = ticks(max(xs)), ticks(max(*ys, 1e-9))
    left, right = box.left + 70, box.right - 44
    top, bottom = room.top + 4, room.bottom - 2 * LINE

    def at(x: float, y: float) -> tuple[float, float]:
        return (
            left + (right - left) * x / across[-1],
            bottom - (bottom - top) * min(y, up[-1]) / up[-1],
        )

    for x in across:
        canvas.text(fmt.number(x), at(x, 0)[0], bottom + LINE - 2, fill=theme.muted, anchor="middle")
    for y in up:
        level = at(0, y)[1]
        canvas.line([(left, level), (right, level)], stroke=theme.line, width=1)
        decimals = 0 if up[1] >= 1 else chart.decimals
        canvas.text(fmt.number(y, decimals), left - 8, level + 8, fill=theme.muted, anchor="end")
    canvas.text(chart.x_title, (left + right) / 2, room.bottom - 2, fill=theme.muted, anchor="middle")
    for one in chart.series:
        if one.line:
            drawn = [at(x, y) for x, y in zip(one.xs, one.ys, strict=True) if y <= up[-1]]
            dash = "" if one.tone == "text" else "8 4" if one.tone == "muted" else "2 4"
            if len(drawn) > 1:
                canvas.line(drawn, stroke=frame.colour(one.tone, theme), width=2, dash=dash)
    for one in dots:
        for i, (x, y, label) in enumerate(zip(one.xs, one.ys, one.labels, strict=True)):
            place = at(x, y)
            canvas.circle(*place, 6, fill=frame.colour(one.tone, theme), title=label)
            if one.tone != "accent" and i < NAMED:
                side = place[0] > (left + right) / 2
                canvas.text(
                    label, place[0] + (-10 if side else 10), place[1] + 8, anchor="end" if side else "start"
                )
