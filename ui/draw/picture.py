"""A slide as a picture: SVG written from the results, and PNG of it, without a browser.

Present mode shows the same pictures. Type is 24 points of a 960-point slide wherever it fits, and never under 16.
"""

from __future__ import annotations

import base64
from collections.abc import Callable
from functools import cache
from typing import Any, Final

import resvg_py

from answers import provenance
from answers.colours import Theme
from answers.figure import AreaMap, Cards, Chart, Cover, Part, Scatter, Slide, Table
from answers.words import language, t
from ui.draw import frame, measure
from ui.draw.shapes import Box
from ui.draw.svg import Canvas
from ui.draw.svg_charts import bars, lines, scatter, stacked
from ui.draw.svg_panels import area_map, cards, cover, table

PIXELS: Final = 1920
_CHARTS: Final = {"bars": bars, "stacked": stacked, "lines": lines}
_PANELS: Final[dict[type, Callable[[Canvas, Any, Box], None]]] = {
    Scatter: scatter,
    AreaMap: area_map,
    Table: table,
    Cards: cards,
    Cover: cover,
}


def svg(slide: Slide, theme: Theme, *, source: bool = True, fonts: bool = False) -> str:
    """Return a slide as SVG with title, legend, badge, scope and snapshot.

    ``source`` adds the source in small type; ``fonts`` puts the letters into the file, so that it looks the
    same where they are not installed.
    """
    with language(slide.spec.scope.lang):
        canvas = Canvas(theme, slide.title)
        if not isinstance(slide.parts[0], Cover):
            size, rows = measure.fit(
                slide.title, frame.TITLE.width, frame.TITLE.height, 30, smallest=24, bold=True
            )
            canvas.lines(rows, frame.TITLE.left, frame.TITLE.top, size, bold=True)
        for part, box in zip(slide.parts, frame.boxes(slide), strict=True):
            _draw(canvas, part, box)
        _foot(canvas, slide, source)
        return canvas.done(style=_faces() if fonts else "")


def png(slide: Slide, theme: Theme) -> bytes:
    """Return a slide as a PNG of 1920 by 1080."""
    found = resvg_py.svg_to_bytes(
        svg_string=svg(slide, theme),
        width=PIXELS,
        skip_system_fonts=True,
        font_files=measure.font_files(),
        font_family=measure.FAMILY,
        sans_serif_family=measure.FAMILY,
    )
    return bytes(found)


def _draw(canvas: Canvas, part: Part, box: Box) -> None:
    if isinstance(part, Chart):
        _CHARTS[part.kind](canvas, part, box)
    else:
        _PANELS[type(part)](canvas, part, box)


def _foot(canvas: Canvas, slide: Slide, source: bool) -> None:
    """Draw the scope, the badge and the snapshot; under them the source."""
    box, theme = frame.FOOT, canvas.theme
    size = 20.0 if source else 24.0
    badge = f"{provenance.SYMBOL[slide.nature]} {t(f'nature.{slide.nature}')}"
    right = canvas.text(slide.snapshot, box.right, box.top + size, size, fill=theme.muted, anchor="end")
    wide = measure.width(badge, size, bold=True) + 20
    left = box.right - right - 16 - wide
    ink = theme.short if slide.nature == "illustrative" else theme.muted
    canvas.rect(left, box.top - 3, wide, size * 1.45, fill="none", stroke=ink, radius=6)
    canvas.text(badge, left + 10, box.top + size, size, fill=ink, bold=True)
    size, [place] = measure.fit(
        slide.short_place, left - box.left - 12, size * measure.LEADING, size, smallest=16
    )
    canvas.text(place, box.left, box.top + size, size, fill=theme.muted)
    if source:
        words = measure.shorten(slide.source, box.width, 11)
        canvas.text(words, box.left, frame.HEIGHT - 8, 11, fill=theme.muted)


@cache
def _faces() -> str:
    """Return the letters as font faces inside the file."""
    faces = []
    for bold in (False, True):
        code = base64.b64encode(measure.font_file(bold=bold).read_bytes()).decode()
        faces.append(
            f"@font-face{{font-family:'{measure.FAMILY}';font-weight:{700 if bold else 400};"
            f"src:url(data:font/ttf;base64,{code})}}"
        )
    return "".join(faces)
