"""The few signs the atlas writes that Be Vietnam Pro lacks, drawn as a small font.

A server has no fonts of its own to lend, and a map's legend must not lose its "at least" sign in a picture.
"""

from __future__ import annotations

import math
from pathlib import Path
from typing import Final

from fontTools.fontBuilder import FontBuilder
from fontTools.pens.ttGlyphPen import TTGlyphPen

Outline = list[tuple[float, float]]
ADVANCE: Final = 0.7
"""Width of every sign, in ems."""


def _circle(radius: float, *, hole: bool = False) -> Outline:
    turns = [2 * math.pi * i / 32 for i in range(32)]
    points = [(350 + radius * math.cos(a), 350 - radius * math.sin(a)) for a in turns]
    return points[::-1] if hole else points


def _compared(*, more: bool) -> list[Outline]:
    chevron = [(90, 650), (610, 440), (610, 380), (90, 170), (90, 255), (480, 410), (90, 565)]
    if not more:
        chevron = [(700 - x, y) for x, y in reversed(chevron)]
    return [chevron, [(90, 80), (610, 80), (610, 10), (90, 10)]]


OUTLINES: Final[dict[str, list[Outline]]] = {
    "●": [_circle(270)],
    "◌": [_circle(270), _circle(200, hole=True)],
    "○": [_circle(270), _circle(200, hole=True)],
    "→": [[(50, 390), (450, 390), (450, 540), (660, 350), (450, 160), (450, 310), (50, 310)]],
    "✕": [
        [
            (150, 560),
            (210, 620),
            (350, 410),
            (490, 620),
            (550, 560),
            (410, 350),
            (550, 140),
            (490, 80),
            (350, 290),
            (210, 80),
            (150, 140),
            (290, 350),
        ],
    ],
    "◆": [[(350, 670), (650, 350), (350, 30), (50, 350)]],
    "■": [[(100, 600), (600, 600), (600, 100), (100, 100)]],
    "▲": [[(350, 640), (640, 90), (60, 90)]],
    "▼": [[(60, 620), (640, 620), (350, 70)]],
    "≥": _compared(more=True),
    "≤": _compared(more=False),
}


def save(path: Path) -> None:
    """Write the font."""
    builder = FontBuilder(1000, isTTF=True)
    names = {ord(sign): f"u{ord(sign):04X}" for sign in OUTLINES}
    builder.setupGlyphOrder([".notdef", *names.values()])
    builder.setupCharacterMap(names)
    glyphs = {".notdef": TTGlyphPen(None).glyph()}
    for sign, outlines in OUTLINES.items():
        pen = TTGlyphPen(None)
        for outline in outlines:
            pen.moveTo(outline[0])
            for point in outline[1:]:
                pen.lineTo(point)
            pen.closePath()
        glyphs[names[ord(sign)]] = pen.glyph()
    builder.setupGlyf(glyphs)
    wide = (round(1000 * ADVANCE), 0)
    builder.setupHorizontalMetrics(dict.fromkeys([".notdef", *names.values()], wide))
    builder.setupHorizontalHeader(ascent=1000, descent=-265)
    builder.setupNameTable({})
    for number, words in ((1, "Atlas Signs"), (2, "Regular"), (4, "Atlas Signs"), (6, "AtlasSigns")):
        builder.font["name"].setName(words, number, 3, 1, 0x409)
    builder.setupOS2(sTypoAscender=1000, sTypoDescender=-265, usWinAscent=1000, usWinDescent=265)
    builder.setupPost()
    builder.save(path)
