"""A sheet of SVG to draw on: 960 by 540 points, text escaped, numbers short."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Sequence
from html import escape
from typing import Final, Literal

from answers.colours import FONT, Theme
from ui.draw import frame, measure, symbols
from ui.draw.shapes import Ring

Anchor = Literal["start", "middle", "end"]
SIZE: Final = 24.0
"""The size of type that the last row of a hall reads."""
HEAD: Final = 9.0
"""How long the head of an arrow is."""


SIGNS: Final = re.compile(f"[{''.join(symbols.OUTLINES)}]+")
_SIGN: Final = r'<tspan font-family="Atlas Signs, sans-serif">\g<0></tspan>'


def _letters(words: str) -> str:
    """Return escaped text whose signs name their own font: resvg loses them in a text that has a ligature."""
    return SIGNS.sub(_SIGN, escape(words, quote=False))


def _n(value: float) -> str:
    return f"{value:.2f}".rstrip("0").rstrip(".")


def common_size(names: Sequence[str], room: float, height: float) -> float:
    """Return the one size at which all names fit, on a line each where that leaves 18 points, 16 at least."""
    widest = max(measure.width(name, 1) for name in names)
    size = math.floor(min(SIZE, height / measure.LEADING, room / widest if widest else SIZE))
    if size >= 18:
        return size
    return min(measure.fit(name, room, height, SIZE, smallest=16)[0] for name in names)


class Canvas:
    """What has been drawn so far."""

    def __init__(self, theme: Theme, title: str) -> None:
        self.theme = theme
        self.title = title
        self._parts: list[str] = []

    def text(
        self,
        words: str,
        x: float,
        y: float,
        size: float = SIZE,
        *,
        fill: str | None = None,
        bold: bool = False,
        anchor: Anchor = "start",
        halo: bool = False,
    ) -> float:
        """Write one line with its foot at ``y``; return its width. A ``halo`` keeps it clear of a line below."""
        weight = ' font-weight="700"' if bold else ""
        side = f' text-anchor="{anchor}"' if anchor != "start" else ""
        ground = (
            f' stroke="{self.theme.ground}" stroke-width="6" stroke-linejoin="round" paint-order="stroke"'
        )
        clear = ground if halo else ""
        self._parts.append(
            f'<text x="{_n(x)}" y="{_n(y)}" font-size="{_n(size)}"{weight}{side} '
            f'fill="{fill or self.theme.text}"{clear}>{_letters(words)}</text>'
        )
        return measure.width(words, size, bold=bold)

    def lines(
        self,
        rows: Sequence[str],
        x: float,
        top: float,
        size: float = SIZE,
        *,
        fill: str | None = None,
        bold: bool = False,
        anchor: Anchor = "start",
    ) -> float:
        """Write lines below each other from ``top``; return where the next would begin."""
        for i, row in enumerate(rows):
            self.text(
                row, x, top + size * (1 + i * measure.LEADING), size, fill=fill, bold=bold, anchor=anchor
            )
        return top + len(rows) * size * measure.LEADING

    def rect(
        self,
        x: float,
        y: float,
        width: float,
        height: float,
        *,
        fill: str,
        stroke: str | None = None,
        radius: float = 0,
        title: str = "",
    ) -> None:
        """Draw a rectangle; one without width is not drawn."""
        if width <= 0 or height <= 0:
            return
        edge = f' stroke="{stroke}" stroke-width="1.5"' if stroke else ""
        corner = f' rx="{_n(radius)}"' if radius else ""
        tip = f"<title>{escape(title, quote=False)}</title>" if title else ""
        self._parts.append(
            f'<rect x="{_n(x)}" y="{_n(y)}" width="{_n(width)}" height="{_n(height)}"{corner} '
            f'fill="{fill}"{edge}>{tip}</rect>'
        )

    def circle(self, x: float, y: float, radius: float, *, fill: str, title: str = "") -> None:
        """Draw a dot."""
        tip = f"<title>{escape(title, quote=False)}</title>" if title else ""
        self._parts.append(
            f'<circle cx="{_n(x)}" cy="{_n(y)}" r="{_n(radius)}" fill="{fill}" '
            f'stroke="{self.theme.ground}" stroke-width="0.7">{tip}</circle>'
        )

    def spot(self, x: float, y: float, radius: float, *, title: str) -> None:
        """Say what stands at a place to a pointer that comes near; nothing is seen."""
        self._parts.append(
            f'<circle cx="{_n(x)}" cy="{_n(y)}" r="{_n(radius)}" fill-opacity="0">'
            f"<title>{escape(title, quote=False)}</title></circle>"
        )

    def line(
        self, points: Iterable[tuple[float, float]], *, stroke: str, width: float, dash: str = ""
    ) -> None:
        """Draw a line through points."""
        path = "L".join(f"{_n(x)} {_n(y)}" for x, y in points)
        dashes = f' stroke-dasharray="{dash}"' if dash else ""
        self._parts.append(
            f'<path d="M{path}" fill="none" stroke="{stroke}" stroke-width="{_n(width)}"{dashes} '
            'stroke-linejoin="round"/>'
        )

    def arrow(self, start: tuple[float, float], end: tuple[float, float], *, stroke: str, title: str) -> None:
        """Draw a straight arrow; its head ends at ``end``."""
        along = math.atan2(end[1] - start[1], end[0] - start[0])
        sides = (
            (end[0] - HEAD * math.cos(along + turn), end[1] - HEAD * math.sin(along + turn))
            for turn in (0.4, -0.4)
        )
        head = " ".join(f"{_n(x)},{_n(y)}" for x, y in (end, *sides))
        self._parts.append(
            f'<g stroke="{stroke}" fill="{stroke}" stroke-width="1.6"><title>{escape(title, quote=False)}</title>'
            f'<path d="M{_n(start[0])} {_n(start[1])}L{_n(end[0])} {_n(end[1])}"/>'
            f'<polygon points="{head}" stroke="none"/></g>'
        )

    def area(self, rings: Sequence[Ring], *, fill: str, code: str, title: str) -> None:
        """Draw one area of a map; ``code`` names it."""
        path = "".join("M" + "L".join(f"{_n(x)} {_n(y)}" for x, y in ring) + "Z" for ring in rings)
        self._parts.append(
            f'<path data-code="{escape(code)}" d="{path}" fill="{fill}" fill-rule="evenodd" '
            f'stroke="{self.theme.border}" stroke-width="0.6"><title>{escape(title, quote=False)}</title></path>'
        )

    def done(self, *, style: str = "") -> str:
        """Return the picture."""
        sheet = f"<style>{style}</style>" if style else ""
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_n(frame.WIDTH)} {_n(frame.HEIGHT)}" '
            f'role="img" font-family="{escape(FONT)}"><title>{escape(self.title, quote=False)}</title>{sheet}'
            f'<rect width="100%" height="100%" fill="{self.theme.ground}"/>{"".join(self._parts)}</svg>'
        )
