"""How wide a text is in the atlas's own letters, so that nothing runs out of its box on a slide.

Where a reader's machine lacks Be Vietnam Pro, the usual replacements are narrower.
"""

from __future__ import annotations

import tempfile
from functools import cache
from pathlib import Path
from typing import Final

from fontTools.ttLib import TTFont

from ui.draw import symbols

FONTS: Final = Path(__file__).resolve().parents[2] / "static" / "fonts"
FAMILY: Final = "Be Vietnam Pro"
LEADING: Final = 1.25
"""Height of a line over the size of its letters."""


def font_file(*, bold: bool) -> Path:
    """Return the file that holds the letters of one weight."""
    return FONTS / f"BeVietnamPro-{'Bold' if bold else 'Regular'}.ttf"


@cache
def _advances(bold: bool) -> dict[int, float]:
    """Return each character's width in ems."""
    widths = {ord(sign): symbols.ADVANCE for sign in symbols.OUTLINES}
    with TTFont(font_file(bold=bold)) as font:
        metrics, em = font["hmtx"], font["head"].unitsPerEm
        for character, glyph in font.getBestCmap().items():
            widths[character] = metrics[glyph][0] / em
    return widths


def width(text: str, size: float, *, bold: bool = False) -> float:
    """Return a text's width in the unit of ``size``; a sign the font lacks counts as a whole em.

    >>> width("", 10), width("mm", 10) > width("ii", 10)
    (0, True)
    """
    known = _advances(bold)
    return size * sum(known.get(ord(character), 1.0) for character in text)


def wrap(text: str, room: float, size: float, *, bold: bool = False) -> list[str]:
    """Break a text into lines no wider than ``room``; a word that is too wide keeps its own line.

    >>> wrap("một hai ba", 1, 10)
    ['một', 'hai', 'ba']
    """
    lines: list[str] = []
    for word in text.split():
        if lines and width(f"{lines[-1]} {word}", size, bold=bold) <= room:
            lines[-1] = f"{lines[-1]} {word}"
        else:
            lines.append(word)
    return lines or [""]


def fit(
    text: str, room: float, height: float, size: float, *, smallest: float, bold: bool = False
) -> tuple[float, list[str]]:
    """Return the largest size down to ``smallest`` at which a text fits its box, and its lines.

    A text that does not fit even then is cut with an ellipsis.

    >>> fit("ngắn", 200, 40, 20, smallest=10)
    (20, ['ngắn'])
    """
    while True:
        lines = wrap(text, room, size, bold=bold)
        fits = len(lines) * size * LEADING <= height + 0.01
        if fits and all(width(line, size, bold=bold) <= room for line in lines):
            return size, lines
        if size - 1 < smallest:
            break
        size -= 1
    kept = lines[: max(1, int((height + 0.01) / (size * LEADING)))]
    return size, [
        shorten(line, room, size, bold=bold, cut=i == len(kept) - 1 < len(lines) - 1)
        for i, line in enumerate(kept)
    ]


def shorten(text: str, room: float, size: float, *, bold: bool = False, cut: bool = False) -> str:
    """Return a text cut with an ellipsis where it is wider than its room, or where ``cut`` asks for it.

    >>> shorten("Xã Trường Long Tây", 60, 10)[-1]
    '…'
    """
    if not cut and width(text, size, bold=bold) <= room:
        return text
    while text and width(f"{text}…", size, bold=bold) > room:
        text = text[:-1].rstrip()
    return f"{text}…"


@cache
def font_files() -> list[str]:
    """Return the files a renderer without fonts of its own needs: the letters, and the signs they lack."""
    signs = Path(tempfile.mkdtemp(prefix="atlas-fonts-")) / "signs.ttf"
    symbols.save(signs)
    return [str(font_file(bold=False)), str(font_file(bold=True)), str(signs)]
