"""Where things stand on a slide, for the deck and the pictures alike: 960 by 540 points, 16 to 9."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from answers import format as fmt
from answers.colours import Theme, palette
from answers.compliance import heat
from answers.figure import AreaMap, Slide, Table, Tone
from answers.scope import NATION
from answers.words import t, tn
from geo.maps import ARCHIPELAGOS
from ui.draw import measure
from ui.draw.shapes import Box, Drawing

WIDTH: Final = 960.0
HEIGHT: Final = 540.0
TITLE: Final = Box(40, 18, 880, 92)
BODY: Final = Box(40, 122, 880, 356)
FOOT: Final = Box(40, 490, 880, 32)
COVER: Final = Box(40, 130, 880, 150)
COVER_LINES: Final = Box(40, 300, 880, 120)
MAP: Final = Box(40, 122, 400, 356)
LEGEND: Final = Box(452, 122, 190, 356)
BESIDE: Final = Box(656, 122, 264, 356)
GAP: Final = 14.0
MANY: Final = 150
SMALL: Final = 16.0
"""The type of what is written on a map."""


def boxes(slide: Slide) -> list[Box]:
    """Return the place of each part of a slide."""
    if isinstance(slide.parts[0], AreaMap):
        return [MAP, BESIDE]
    return [BODY]


def card_boxes(count: int) -> list[Box]:
    """Return the places of cards: up to three a row, a shorter last row as wide as the first."""
    rows = [3] * (count // 3) + ([count % 3] if count % 3 else [])
    height = (BODY.height - GAP * (len(rows) - 1)) / len(rows)
    places = []
    for i, across in enumerate(rows):
        width = (BODY.width - GAP * (across - 1)) / across
        top = BODY.top + i * (height + GAP)
        places += [Box(BODY.left + j * (width + GAP), top, width, height) for j in range(across)]
    return places


TABLE_SIZES: Final = (24.0, 22.0, 20.0, 18.0)
SMALLEST: Final = TABLE_SIZES[-1]
FEW: Final = 5
MOST_LINES: Final = 3
PAD: Final = 14.0
SPARE: Final = 16.0
"""The most a row may be higher than its text needs, so that a short table still fills its place."""


@dataclass(frozen=True)
class Grid:
    """A table laid out: the size of its type, the lines of each cell with the heads first, and each row's height.

    ``more`` counts the rows that are not there, because the type would have become too small.
    """

    size: float
    widths: tuple[float, ...]
    cells: tuple[tuple[tuple[str, ...], ...], ...]
    heights: tuple[float, ...]
    more: int


def grid(part: Table, box: Box) -> Grid:
    """Lay a table out in the largest type at which all of its rows fit, 18 points at least.

    Where none does, rows go rather than type: the largest that leaves a few rows.
    """
    weights = part.weights or (1.0,) * len(part.heads)
    widths = tuple(box.width * weight / sum(weights) for weight in weights)
    note = SMALLEST * measure.LEADING + 4
    for size in TABLE_SIZES:
        cells, heights = _laid_out(part, widths, size)
        room = box.height - (note if part.more else 0)
        # Where rows are missing anyway, one more gone is better than small type.
        if sum(heights) <= room and _whole(part, widths, size) and (size > SMALLEST or not part.more):
            return _grid(part, size, widths, cells, heights, room)
    for size in TABLE_SIZES[1:]:
        cells, heights = _laid_out(part, widths, size)
        room = box.height - note
        fits = sum(sum(heights[: n + 1]) <= room for n in range(len(heights)))
        enough = fits > min(FEW, len(part.rows) - 1) and _whole(part, widths, size)
        if enough or size == SMALLEST:
            break
    kept = max(fits, 2)
    return _grid(part, size, widths, cells[:kept], heights[:kept], room)


def _grid(
    part: Table,
    size: float,
    widths: tuple[float, ...],
    cells: tuple[tuple[tuple[str, ...], ...], ...],
    heights: list[float],
    room: float,
) -> Grid:
    spare = min(max(room - sum(heights), 0) / len(heights), SPARE)
    more = part.more + len(part.rows) + 1 - len(heights)
    return Grid(size, widths, cells, tuple(high + spare for high in heights), more)


def _whole(part: Table, widths: tuple[float, ...], size: float) -> bool:
    """Say whether every word has room in its column."""
    return all(
        measure.width(word, size, bold=i == 0) <= (wide - PAD) * 0.96
        for i, row in enumerate((part.heads, *part.rows))
        for cell, wide in zip(row, widths, strict=True)
        for word in cell.split()
    )


def _laid_out(
    part: Table, widths: tuple[float, ...], size: float
) -> tuple[tuple[tuple[tuple[str, ...], ...], ...], list[float]]:
    cells = tuple(
        tuple(_lines(cell, wide - PAD, size, bold=i == 0) for cell, wide in zip(row, widths, strict=True))
        for i, row in enumerate((part.heads, *part.rows))
    )
    return cells, [max(len(lines) for lines in row) * size * measure.LEADING + 4 for row in cells]


def _lines(cell: str, room: float, size: float, *, bold: bool) -> tuple[str, ...]:
    """Return a cell's lines, at most three, each within the column; the letters of another font may be wider."""
    lines = measure.wrap(cell, room * 0.96, size, bold=bold)
    kept = lines[:MOST_LINES]
    return tuple(
        measure.shorten(line, room * 0.96, size, bold=bold, cut=i == len(kept) - 1 < len(lines) - 1)
        for i, line in enumerate(kept)
    )


def colour(tone: Tone, theme: Theme) -> str:
    """Return the colour of a series."""
    if tone[0] == "c" and tone[1:].isdigit():
        return theme.categorical[int(tone[1:])]
    return str(getattr(theme, tone))


def ink(colour: str) -> str:
    """Return black or white, whichever stands out more: at least 4.58 to 1 on any colour (WCAG).

    >>> ink("#ffffff"), ink("#0b544d")
    ('#000000', '#ffffff')
    """
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    light = 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
    return "#000000" if light > 0.1791 else "#ffffff"


def class_colours(area: AreaMap, theme: Theme) -> list[str]:
    """Return the colours of a map's classes, those of the app's map."""
    if area.fills:
        return [_named(name, theme) for name in area.fills]
    if area.palette == "heat":
        return heat.colours(theme, len(area.legend))
    return palette(area.palette, len(area.legend), theme)


def _named(name: str, theme: Theme) -> str:
    slot, _, place = name.partition(".")
    found = getattr(theme, slot)
    return str(found[int(place)] if place else found)


def shade_colours(part: Table, theme: Theme) -> list[str]:
    """Return the colours of a table's shades."""
    most = max((shade for row in part.shades for shade in row), default=0)
    return heat.colours(theme, max(most + 1, 2))


def dot(area: AreaMap) -> float:
    """Return the radius of a map's marks: smaller where they are many."""
    return 6.5 if len(area.points) <= MANY else 4.0


def archipelagos(area: AreaMap, drawing: Drawing, box: Box) -> list[tuple[tuple[str, ...], Box]]:
    """Return the names of Hoàng Sa and Trường Sa and their places on a map of the whole country, none on another.

    They stand at the right, as far north as the islands lie, as on the app's map.
    """
    if area.province != NATION:
        return []
    found = []
    for key, latitude in zip(("hoang_sa", "truong_sa"), ARCHIPELAGOS, strict=True):
        lines = tuple(t(f"map.{key}").split("<br>"))
        wide = max(measure.width(line, SMALL) for line in lines) * 1.05 + 12
        high = len(lines) * SMALL * measure.LEADING + 4
        top = min(drawing.place(0, latitude)[1], box.bottom - high)
        found.append((lines, Box(box.right - wide, top, wide, high)))
    return found


def legend_rows(area: AreaMap, colours: list[str], theme: Theme) -> list[tuple[str, str, str]]:
    """Return a legend's rows from the highest class down: colour, words, how many; no empty class."""
    rows = [(colour, words, str(n)) for colour, (words, n) in zip(colours, area.legend, strict=True) if n]
    rows.reverse()
    if area.no_data[1]:
        rows.append((theme.no_data, area.no_data[0], str(area.no_data[1])))
    return rows


def more(count: int) -> str:
    """Say how many rows of a table are not on the slide."""
    return tn("export.more_rows", count, n=fmt.number(count))
