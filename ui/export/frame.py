"""Where things stand on a slide, for the deck and the pictures alike: 960 by 540 points, 16 to 9."""

from __future__ import annotations

from typing import Final

from ui import heat_table
from ui.export.parts import AreaMap, Slide, Table, Tone
from ui.export.shapes import Box
from ui.theme import Theme, palette

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
    return palette(area.palette, len(area.legend), theme)


def shade_colours(part: Table, theme: Theme) -> list[str]:
    """Return the colours of a table's shades."""
    most = max((shade for row in part.shades for shade in row), default=0)
    return heat_table.colours(theme, max(most + 1, 2))


def legend_rows(area: AreaMap, colours: list[str], theme: Theme) -> list[tuple[str, str, str]]:
    """Return a legend's rows from the highest class down: colour, words, how many."""
    rows = [(colour, words, str(n)) for colour, (words, n) in zip(colours, area.legend, strict=True)]
    rows.reverse()
    if area.no_data[1]:
        rows.append((theme.no_data, area.no_data[0], str(area.no_data[1])))
    return rows
