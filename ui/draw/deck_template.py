"""The PowerPoint file a deck starts from: our own clean one, or a province's."""

from __future__ import annotations

import io
import zipfile
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any, Final

from lxml import etree
from pptx import Presentation
from pptx.enum.shapes import PP_PLACEHOLDER as KIND
from pptx.exc import PackageNotFoundError
from pptx.oxml.ns import qn
from pptx.util import Pt

from answers.colours import LIGHT
from answers.words import t
from ui.draw import frame, measure
from ui.draw.deck_empty import empty
from ui.draw.deck_ground import Ground
from ui.draw.shapes import Box

TITLES: Final = (KIND.TITLE, KIND.CENTER_TITLE)
FURNITURE: Final = (KIND.DATE, KIND.FOOTER, KIND.SLIDE_NUMBER)
LEAST: Final = 200.0
"""The height in which a chart can still be read."""


class TemplateError(Exception):
    """A file no deck can start from: the key of the message that says why, and its values."""

    def __init__(self, key: str, **values: str) -> None:
        super().__init__(key)
        self.key, self.values = key, values

    def said(self) -> str:
        """Return the reason in the language of the moment."""
        return t(f"export.template.{self.key}", **self.values)


@dataclass(frozen=True)
class Template:
    """An open presentation without slides, its layouts, and where things may stand, in points.

    ``ground`` is what the content layout draws under a slide, ``cover_ground`` the cover's. ``accents`` are the
    theme's six accent colours; ``reports`` say what it lacks.
    """

    deck: Any
    cover: Any
    content: Any
    title: Box
    body: Box
    foot: Box
    cover_foot: Box
    ground: Ground
    cover_ground: Ground
    accents: tuple[str, ...]
    reports: tuple[str, ...] = ()

    def place(self, box: Box) -> Box:
        """Return a box of our own slide where this template has its room."""
        ours, theirs = frame.BODY, self.body
        across, down = theirs.width / ours.width, theirs.height / ours.height
        return Box(
            theirs.left + (box.left - ours.left) * across,
            theirs.top + (box.top - ours.top) * down,
            box.width * across,
            box.height * down,
        )


def built_in() -> Template:
    """Return our own template: white, wide, Be Vietnam Pro."""
    deck = Presentation(io.BytesIO(_blank()))
    cover, content = deck.slide_layouts[0], deck.slide_layouts[1]
    ground, cover_ground = Ground(content, _theme(deck)), Ground(cover, _theme(deck))
    return Template(
        deck, cover, content, frame.TITLE, frame.BODY, frame.FOOT, frame.FOOT, ground, cover_ground,
        LIGHT.categorical,
    )  # fmt: skip


@cache
def _blank() -> bytes:
    """Return python-pptx's blank file made wide, with our letters, colours and two layouts."""
    deck = Presentation()
    deck.slide_width, deck.slide_height = Pt(frame.WIDTH), Pt(frame.HEIGHT)
    layouts = list(deck.slide_layouts)
    for layout in layouts:
        if layout not in (layouts[0], layouts[5]):
            deck.slide_layouts.remove(layout)
    for sheet in (deck.slide_master, layouts[0], layouts[5]):
        for shape in list(sheet.placeholders):
            kind = shape.placeholder_format.type
            if kind in FURNITURE:
                shape._element.getparent().remove(shape._element)
            elif kind in TITLES:
                _stand(shape, frame.COVER if sheet is layouts[0] else frame.TITLE)
            else:
                _stand(shape, frame.COVER_LINES if sheet is layouts[0] else frame.BODY)
    style = deck.slide_master._element.find(f".//{qn('p:titleStyle')}/{qn('a:lvl1pPr')}")
    style.set("algn", "l")
    letters = style.find(qn("a:defRPr"))
    letters.set("sz", "2600")
    letters.set("b", "1")
    _dress(deck)
    out = io.BytesIO()
    deck.save(out)
    return out.getvalue()


def _stand(shape: Any, box: Box) -> None:
    shape.left, shape.top, shape.width, shape.height = (
        Pt(v) for v in (box.left, box.top, box.width, box.height)
    )


def _theme_part(deck: Any) -> Any:
    return next(
        rel.target_part for rel in deck.slide_master.part.rels.values() if rel.reltype.endswith("/theme")
    )


def _theme(deck: Any) -> Any:
    """Return the root of a presentation's theme."""
    return etree.fromstring(_theme_part(deck).blob)


def _dress(deck: Any) -> None:
    """Put the atlas's letters and colours in the theme, so that charts and new slides take them."""
    part, root = _theme_part(deck), _theme(deck)
    for font in root.iter(qn("a:majorFont"), qn("a:minorFont")):
        font.find(qn("a:latin")).set("typeface", measure.FAMILY)
    named = {"dk1": LIGHT.text, "lt1": LIGHT.ground, "dk2": LIGHT.muted, "lt2": LIGHT.surface}
    named |= {f"accent{i + 1}": colour for i, colour in enumerate(LIGHT.categorical)}
    named |= {"hlink": LIGHT.accent, "folHlink": LIGHT.muted}
    for name, colour in named.items():
        slot = root.find(f".//{qn('a:clrScheme')}/{qn(f'a:{name}')}")
        for child in list(slot):
            slot.remove(child)
        etree.SubElement(slot, qn("a:srgbClr"), val=colour.lstrip("#"))
    part._blob = etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)


def from_file(path: Path) -> Template:
    """Open a province's own presentation: its layouts, theme and logo; its slides are left out."""
    try:
        deck = Presentation(str(path))
    except (PackageNotFoundError, zipfile.BadZipFile, KeyError, ValueError, etree.XMLSyntaxError) as error:
        raise TemplateError("not_powerpoint", path=path.name) from error
    empty(deck)
    content = _content_layout(deck)
    if content is None:
        raise TemplateError("no_layout", path=path.name)
    reports = []
    if _others(content):
        reports.append(t("export.template.no_title_only", used=content.name))
    covers = [
        one for one in deck.slide_layouts if _title(one) is not None and _kind(one) is KIND.CENTER_TITLE
    ]
    if not covers:
        reports.append(t("export.template.no_cover", used=content.name))
    title = _title_box(content, deck)
    wide, high = deck.slide_width.pt, deck.slide_height.pt
    whole, low = Box(0, 0, wide, high), Box(title.left, high - 46, title.width, 30)
    cover = covers[0] if covers else content
    ground, cover_ground = Ground(content, _theme(deck)), Ground(cover, _theme(deck))
    foot = ground.foot(low, title.bottom + 18 + LEAST, whole)
    body = Box(title.left, title.bottom + 10, title.width, foot.top - title.bottom - 18)
    if body.height < LEAST or body.width < 400 or wide < high:
        raise TemplateError("no_room", path=path.name, layout=content.name)
    body = replace(body, height=ground.bottom(body, body.top + LEAST, whole) - body.top)
    cover_foot = cover_ground.foot(low, low.top / 2, whole) if covers else foot
    return Template(
        deck,
        cover,
        content,
        title,
        body,
        foot,
        cover_foot,
        ground,
        cover_ground,
        _accents(deck),
        tuple(reports),
    )


def _title(layout: Any) -> Any:
    return next((p for p in layout.placeholders if p.placeholder_format.type in TITLES), None)


def _kind(layout: Any) -> Any:
    return _title(layout).placeholder_format.type


def _others(layout: Any) -> list[Any]:
    return [p for p in layout.placeholders if p.placeholder_format.type not in (*TITLES, *FURNITURE)]


def _content_layout(deck: Any) -> Any:
    """Return the layout with a title and the fewest other placeholders."""
    titled = [one for one in deck.slide_layouts if _title(one) is not None and _kind(one) is KIND.TITLE]
    return min(titled, key=lambda one: len(_others(one)), default=None)


def _title_box(layout: Any, deck: Any) -> Box:
    """Return where a layout's title stands; a title lower than the upper third leaves no room and is lifted."""
    title = _title(layout)
    left, top, width, height = (v.pt for v in (title.left, title.top, title.width, title.height))
    if top + height > deck.slide_height.pt * 0.4:
        return Box(left, 24, width, 80)
    return Box(left, top, width, height)


def _accents(deck: Any) -> tuple[str, ...]:
    scheme = _theme(deck).find(f".//{qn('a:clrScheme')}")
    found = []
    for i in range(1, 7):
        [colour] = scheme.find(qn(f"a:accent{i}"))
        found.append("#" + str(colour.get("lastClr") or colour.get("val")).lower())
    return tuple(found)
