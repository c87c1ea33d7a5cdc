"""Maps, tables, cards and the cover as SVG."""

from __future__ import annotations

from typing import Final

from answers.cards import Kpi
from answers.figure import AreaMap, Cards, Cover, Table
from answers.words import t
from ui.draw import frame, measure
from ui.draw.shapes import Box, draw
from ui.draw.svg import SIZE, Canvas, common_size

LINE: Final = SIZE * measure.LEADING
ARROW: Final = {1: "▲", -1: "▼", 0: "■"}


def area_map(canvas: Canvas, area: AreaMap, box: Box) -> None:
    """Draw the areas by class and the legend with how many fall in each."""
    theme = canvas.theme
    colours = frame.class_colours(area, theme)
    size, rows = measure.fit(area.title, frame.LEGEND.width, 4 * 20 * measure.LEADING, 20, smallest=18)
    drawing = draw(area, Box(box.left, box.top, box.width, box.height - 24))
    for code, name, text, kind in zip(area.codes, area.names, area.texts, area.classes, strict=True):
        fill = colours[kind] if kind >= 0 else theme.no_data
        canvas.area(drawing.areas.get(code, ()), fill=fill, code=code, title=f"{name}: {text}")
    for line in drawing.lines:
        canvas.line(line, stroke=theme.muted, width=1.3)
    for point in area.points:
        x, y = drawing.place(point.longitude, point.latitude)
        canvas.circle(x, y, frame.dot(area), fill=frame.colour(point.tone, theme), title=point.name)
    for link in area.links:
        ends = drawing.place(*link.start), drawing.place(*link.end)
        canvas.arrow(*ends, stroke=frame.colour(link.tone, theme), title=link.name)
    for lines, place in frame.archipelagos(area, drawing, box):
        canvas.rect(place.left, place.top, place.width, place.height, fill=theme.ground, stroke=theme.line)
        canvas.lines(lines, place.left + 6, place.top, frame.SMALL)
    canvas.text(t(f"map.{drawing.source}.short"), box.left, box.bottom, 16, fill=theme.muted)
    top = canvas.lines(rows, frame.LEGEND.left, frame.LEGEND.top, size, fill=theme.muted) + 6
    _legend(
        canvas,
        frame.legend_rows(area, colours, theme),
        top,
        inline=bool(area.fills) and area.palette != "diverging",
    )


def _legend(canvas: Canvas, entries: list[tuple[str, str, str]], top: float, *, inline: bool) -> None:
    """Draw a legend's rows: the colour, the words in as many lines as there is room for, how many.

    Of kinds, which are told in words, the number follows the words.
    """
    theme, box = canvas.theme, frame.LEGEND
    step = (box.bottom - top) / len(entries)
    said = [f"{words} ({count})" if inline else words for _, words, count in entries]
    counts = 0.0 if inline else max(measure.width(count, 22) for _, _, count in entries) + 6
    room = box.width - 30 - counts
    size = common_size(said, room, step - 4)
    for (fill, _, count), words in zip(entries, said, strict=True):
        if not inline:
            foot = top + (LINE - size * measure.LEADING) / 2 + size
            canvas.text(count, box.right, foot, min(size, 22), fill=theme.muted, anchor="end")
        _, lines = measure.fit(words, room, step - 4, size, smallest=16)
        high = max(len(lines) * size * measure.LEADING, LINE)
        canvas.rect(box.left, top + 5, 22, high - 6, fill=fill, stroke=theme.line)
        canvas.lines(lines, box.left + 30, top + (LINE - size * measure.LEADING) / 2, size)
        top += high + min(6.0, step - high)


def table(canvas: Canvas, part: Table, box: Box) -> None:
    """Draw a table with a ruled head; shaded cells carry their number in black or white, whichever reads."""
    theme = canvas.theme
    size, rows = measure.fit(part.title, box.width, LINE, SIZE, smallest=18)
    top = canvas.lines(rows, box.left, box.top, size, fill=theme.muted) + 4
    laid = frame.grid(part, Box(box.left, top, box.width, box.bottom - top))
    size, shades = laid.size, frame.shade_colours(part, theme)
    for i, (row, step) in enumerate(zip(laid.cells, laid.heights, strict=True)):
        left = box.left
        for j, (lines, wide) in enumerate(zip(row, laid.widths, strict=True)):
            shade = part.shades[i - 1][j] if i and part.shades else -1
            fill = shades[shade] if shade >= 0 else None
            if fill:
                canvas.rect(left + 1, top + 1, wide - 2, step - 2, fill=fill, radius=3)
            shown = frame.ink(fill) if fill else theme.muted if i == 0 else theme.text
            y = top + (step - len(lines) * size * measure.LEADING) / 2 - size * 0.08
            if j in part.numbers and fill:
                canvas.lines(lines, left + wide / 2, y, size, fill=shown, anchor="middle")
            elif j in part.numbers:
                canvas.lines(lines, left + wide - 8, y, size, fill=shown, bold=i == 0, anchor="end")
            else:
                canvas.lines(lines, left, y, size, fill=shown, bold=i == 0)
            left += wide
        top += step
        if i == 0 or not part.shades:
            canvas.line([(box.left, top), (box.right, top)], stroke=theme.line, width=2 if i == 0 else 1)
    if laid.more:
        canvas.text(frame.more(laid.more), box.left, top + 20, 18, fill=theme.muted)


def cards(canvas: Canvas, part: Cards, box: Box) -> None:
    """Draw each card: what, how much, how it changed, what was counted."""
    for card, place in zip(part.cards, frame.card_boxes(len(part.cards)), strict=True):
        _card(canvas, card, place)


def _card(canvas: Canvas, card: Kpi, box: Box) -> None:
    theme = canvas.theme
    canvas.rect(box.left, box.top, box.width, box.height, fill=theme.surface, radius=8)
    left, room = box.left + 14, box.width - 28
    size, rows = measure.fit(card.label, room, 2 * 20 * measure.LEADING, SIZE, smallest=18)
    top = canvas.lines(rows, left, box.top + 6, size, fill=theme.muted)
    size, unit_size = 38.0, 18.0
    while size > 26 and measure.width(card.figure, size, bold=True) + 8 > room - measure.width(
        card.unit, unit_size
    ):
        size -= 1
    wide = canvas.text(card.figure, left, top + 34, size, bold=True)
    unit = measure.shorten(card.unit, room - wide - 8, unit_size)
    canvas.text(unit, left + wide + 8, top + 34, unit_size, fill=theme.muted)
    top += 40
    ink = {True: theme.met, False: theme.short, None: theme.muted}[card.better]
    lines = [(f"{ARROW[card.direction]} {card.change}", ink)] if card.change else []
    lines += [(card.meaning, theme.muted)] if card.meaning else []
    for i, (words, colour) in enumerate(lines):
        rest = 18 * measure.LEADING * (len(lines) - 1 - i)
        size, rows = measure.fit(words, room, box.bottom - top - 4 - rest, 20, smallest=18)
        top = canvas.lines(rows, left, top, size, fill=colour)


def cover(canvas: Canvas, part: Cover, box: Box) -> None:
    """Draw the opening: the title large, the lines under a bar of the accent."""
    title = canvas.title
    size, rows = measure.fit(title, frame.COVER.width, frame.COVER.height, 46, smallest=30, bold=True)
    high = len(rows) * size * measure.LEADING
    canvas.lines(rows, frame.COVER.left, frame.COVER.bottom - high, size, bold=True)
    canvas.rect(frame.COVER.left, frame.COVER.bottom + 8, 120, 6, fill=canvas.theme.accent)
    top = frame.COVER_LINES.top
    for line in part.lines:
        size, rows = measure.fit(line, frame.COVER_LINES.width, 2 * LINE, SIZE + 2, smallest=20)
        top = canvas.lines(rows, frame.COVER_LINES.left, top, size, fill=canvas.theme.muted) + 4
