"""What stands on a province's layouts: where they leave room, and the colour words would stand on there.

Only what PowerPoint shows under a slide counts: the background, the master's shapes where the layout shows them,
the layout's own. Placeholders are not shown: they are only where a slide may write.
"""

from __future__ import annotations

import colorsys
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

from lxml import etree
from pptx.oxml.ns import qn

from ui.draw.shapes import Box

LEGIBLE: Final = 4.5
"""The contrast of text to its ground (WCAG 2.2, 1.4.3)."""
PT: Final = 12700
WIDE: Final = 0.5
"""What covers more than this share of a slide is ground to write on, not a thing in the way."""
CLEAR: Final = 4.0
STEP: Final = 3.0
ENOUGH: Final = 0.6
"""The share of its width a foot may shrink to beside a logo before it moves up instead."""
FILLS: Final = tuple(qn(f"a:{name}") for name in ("noFill", "solidFill", "gradFill", "blipFill", "pattFill"))
WHOLE: Final = ("rect", "flowChartProcess")
SHAPES: Final = tuple(qn(f"p:{name}") for name in ("sp", "pic", "graphicFrame", "cxnSp"))
WHITE: Final = "#ffffff"


@dataclass(frozen=True)
class Mark:
    """Something drawn on a layout: its bounds, whether it fills them, and its colour.

    ``colour`` is "" where nothing is filled, and None where the fill is no single colour: a picture, a gradient.
    """

    box: Box
    colour: str | None
    full: bool


def contrast(one: str, other: str) -> float:
    """Return the contrast of two colours, 1 to 21 (WCAG 2.2).

    >>> contrast("#000000", "#ffffff")
    21.0
    """
    high, low = sorted((_light(one), _light(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def _light(colour: str) -> float:
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def ink(grounds: frozenset[str] | None, wanted: str) -> str | None:
    """Return a colour that reads on every one of some grounds: the wanted one, else black or white, else none.

    >>> ink(frozenset({"#0b3d91"}), "#5b5b66"), ink(None, "#5b5b66")
    ('#ffffff', None)
    """
    if grounds is None:
        return None
    reads = (one for one in (wanted, "#000000", WHITE) if all(contrast(one, g) >= LEGIBLE for g in grounds))
    return next(reads, None)


class Ground:
    """What is drawn under the slides of one layout."""

    def __init__(self, layout: Any, theme: Any) -> None:
        """``theme`` is the root of the theme's XML."""
        self._theme, self._layout, self._master = theme, layout, layout.slide_master
        mapping = layout._element.find(f".//{qn('a:overrideClrMapping')}")
        self._map = self._master._element.find(qn("p:clrMap")) if mapping is None else mapping
        self.back = self._background()
        sheets = [self._layout._element]
        if self._layout._element.get("showMasterSp", "1") not in ("0", "false"):
            sheets.insert(0, self._master._element)
        self.marks = [mark for sheet in sheets for mark in self._drawn(sheet.find(f".//{qn('p:spTree')}"))]

    def under(self, box: Box) -> frozenset[str] | None:
        """Return the colours under a place, None where they cannot be told: a picture, a gradient, a glass."""
        found: frozenset[str] | None = None if self.back is None else frozenset({self.back})
        for mark in self.marks:
            if mark.colour == "" or not _meet(mark.box, box):
                continue
            if mark.full and _holds(mark.box, box):
                found = None if mark.colour is None else frozenset({mark.colour})
            elif mark.colour is None or found is None:
                found = None
            else:
                found |= {mark.colour}
        return found

    def foot(self, wanted: Box, highest: float, slide: Box) -> Box:
        """Return the lowest strip as high as the wanted one that nothing of the layout stands in.

        Beside a logo the strip is shorter; over a band as wide as the slide it stands higher, not above
        ``highest``. Where there is no room anywhere it stays where it was.
        """
        things = self._things(slide)
        top = wanted.top
        while top >= highest:
            left, right = _widest(Box(wanted.left, top, wanted.width, wanted.height), things)
            if right - left >= ENOUGH * wanted.width:
                return Box(left, top, right - left, wanted.height)
            top -= STEP
        return wanted

    def bottom(self, room: Box, least: float, slide: Box) -> float:
        """Return where a room must end so that what stands low in it stays uncovered, at ``least`` at the earliest."""
        tops = [
            mark.box.top - CLEAR
            for mark in self._things(slide)
            if _meet(mark.box, room) and mark.box.top > slide.height / 2
        ]
        return max(least, min([room.bottom, *tops]))

    def _things(self, slide: Box) -> list[Mark]:
        """Return what is in the way: not what covers most of the slide, or nothing of it."""
        whole = slide.width * slide.height
        return [
            mark
            for mark in self.marks
            if _meet(mark.box, slide) and mark.box.width * mark.box.height < WIDE * whole
        ]

    # -- what is drawn -----------------------------------------------------------------------------------------

    def _background(self) -> str | None:
        for sheet in (self._layout, self._master):
            back = sheet._element.find(f"{qn('p:cSld')}/{qn('p:bg')}")
            if back is None:
                continue
            own = back.find(qn("p:bgPr"))
            if own is not None:
                filled = self._filled(own)
                return WHITE if filled == "" else filled
            return self._styled(back.find(qn("p:bgRef")), "bgFillStyleLst", 1001, empty=WHITE)
        return WHITE

    def _styled(self, reference: Any, styles: str, first: int, *, empty: str) -> str | None:
        """Return the colour a theme's fill has in the colour a shape gives it."""
        at = int(reference.get("idx")) - first
        if at < 0:
            return empty
        fills = list(self._theme.find(f".//{qn(f'a:{styles}')}"))
        colour = next(iter(reference), None)
        if at >= len(fills) or fills[at].tag != qn("a:solidFill") or colour is None:
            return None
        inner = next(iter(fills[at]))
        own = self._colour(colour)
        if inner.get("val") != "phClr":
            return self._colour(inner)
        return None if own is None else _modified(own, inner)

    def _drawn(self, tree: Any, scale: tuple[float, ...] = (1, 1, 0, 0), group: Any = None) -> Iterator[Mark]:
        """Return the marks of a tree of shapes; ``scale`` leads from a group's own coordinates to the slide's."""
        for element in tree:
            if element.tag == qn("p:grpSp"):
                yield from self._drawn(element, _inside(element, scale), element.find(qn("p:grpSpPr")))
            elif element.tag.endswith("}AlternateContent"):
                for choice in list(element)[-1:]:
                    yield from self._drawn(choice, scale, group)
            elif element.tag in SHAPES and not element.findall(f".//{qn('p:nvPr')}/{qn('p:ph')}"):
                mark = self._mark(element, scale, group)
                if mark is not None:
                    yield mark

    def _mark(self, element: Any, scale: tuple[float, ...], group: Any) -> Mark | None:
        place = element.find(f".//{qn('a:xfrm')}")
        place = element.find(qn("p:xfrm")) if place is None else place
        if place is None or place.find(qn("a:off")) is None:
            return None
        box = _placed(place, scale)
        if element.tag != qn("p:sp"):
            line = element.tag == qn("p:cxnSp")
            return Mark(box, "" if line else None, not line)
        own = element.find(qn("p:spPr"))
        shape = own.find(qn("a:prstGeom"))
        turned = int(place.get("rot", "0")) % 5400000 != 0
        full = shape is not None and shape.get("prst") in WHOLE and not turned
        if own.find(qn("a:grpFill")) is not None and group is not None:
            return Mark(box, self._filled(group), full)
        colour = self._filled(own)
        style = element.find(f"{qn('p:style')}/{qn('a:fillRef')}")
        if colour == "" and own.find(qn("a:noFill")) is None and style is not None:
            colour = self._styled(style, "fillStyleLst", 1, empty="")
        words = "".join(element.itertext(qn("a:t"))).strip()
        lined = own.find(f"{qn('a:ln')}") is not None and own.find(f"{qn('a:ln')}/{qn('a:noFill')}") is None
        return Mark(box, colour, full) if colour != "" or words or lined else None

    def _filled(self, own: Any) -> str | None:
        """Return the colour of a shape's own fill, "" for none, None for one that is no single colour."""
        fill = next((child for child in own if child.tag in FILLS), None)
        if fill is None or fill.tag == qn("a:noFill"):
            return ""
        return self._colour(next(iter(fill), None)) if fill.tag == qn("a:solidFill") else None

    def _colour(self, element: Any) -> str | None:
        """Return a colour as written: of the theme through the master's mapping, made lighter or darker."""
        if element is None:
            return None
        if element.tag == qn("a:srgbClr"):
            return _modified(f"#{element.get('val').lower()}", element)
        if element.tag == qn("a:sysClr"):
            return _modified(f"#{element.get('lastClr', 'ffffff').lower()}", element)
        if element.tag != qn("a:schemeClr"):
            return None
        base = self.named(element.get("val"))
        return None if base is None else _modified(base, element)

    def named(self, name: str) -> str | None:
        """Return a colour of the theme by its name on a slide: ``tx2``, ``bg1``, ``accent1``."""
        slot = self._theme.find(f".//{qn('a:clrScheme')}/{qn('a:' + self._map.get(name, name))}")
        return None if slot is None else self._colour(next(iter(slot), None))


def _modified(colour: str, element: Any) -> str | None:
    """Return a colour made lighter or darker as its element says, None where it lets the ground through."""
    red, green, blue = (int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5))
    hue, light, rich = colorsys.rgb_to_hls(red, green, blue)
    for change in element.iterchildren(etree.Element):
        name, value = etree.QName(change).localname, int(change.get("val", "0").rstrip("%")) / 100000
        if name == "alpha" and value < 1:
            return None
        if name == "lumMod":
            light *= value
        elif name == "lumOff":
            light += value
        elif name == "shade":
            light *= value
        elif name == "tint":
            light = light * value + 1 - value
        elif name == "satMod":
            rich *= value
    parts = colorsys.hls_to_rgb(hue, min(max(light, 0), 1), min(max(rich, 0), 1))
    return "#" + "".join(f"{round(255 * part):02x}" for part in parts)


# -- places ----------------------------------------------------------------------------------------------------


def _placed(place: Any, scale: tuple[float, ...]) -> Box:
    """Return the bounds of a shape on the slide, in points; a turned one takes the room of its corners."""
    across, down, left, top = scale
    off, ext = place.find(qn("a:off")), place.find(qn("a:ext"))
    x, y = int(off.get("x")) * across + left, int(off.get("y")) * down + top
    wide, high = int(ext.get("cx")) * across, int(ext.get("cy")) * down
    angle = math.radians(int(place.get("rot", "0")) / 60000)
    room = abs(wide * math.cos(angle)) + abs(high * math.sin(angle))
    tall = abs(wide * math.sin(angle)) + abs(high * math.cos(angle))
    return Box((x + (wide - room) / 2) / PT, (y + (high - tall) / 2) / PT, room / PT, tall / PT)


def _inside(group: Any, scale: tuple[float, ...]) -> tuple[float, ...]:
    place = group.find(f"{qn('p:grpSpPr')}/{qn('a:xfrm')}")
    if place is None or place.find(qn("a:chOff")) is None:
        return scale
    off, ext, inner, size = (place.find(qn(f"a:{name}")) for name in ("off", "ext", "chOff", "chExt"))
    across = int(ext.get("cx")) / (int(size.get("cx")) or 1)
    down = int(ext.get("cy")) / (int(size.get("cy")) or 1)
    left = int(off.get("x")) - int(inner.get("x")) * across
    top = int(off.get("y")) - int(inner.get("y")) * down
    return (
        across * scale[0],
        down * scale[1],
        left * scale[0] + scale[2],
        top * scale[1] + scale[3],
    )


def _meet(one: Box, other: Box) -> bool:
    across = one.left < other.right and other.left < one.right
    return across and one.top < other.bottom and other.top < one.bottom


def _holds(outer: Box, inner: Box) -> bool:
    across = outer.left <= inner.left + 0.5 and outer.right >= inner.right - 0.5
    return across and outer.top <= inner.top + 0.5 and outer.bottom >= inner.bottom - 0.5


def _widest(strip: Box, things: Sequence[Mark]) -> tuple[float, float]:
    """Return the widest part of a strip that nothing stands in, from left to right."""
    blocked = sorted(
        (mark.box.left - CLEAR, mark.box.right + CLEAR)
        for mark in things
        if _meet(Box(mark.box.left, mark.box.top - CLEAR, mark.box.width, mark.box.height + 2 * CLEAR), strip)
    )
    best, at = (strip.left, strip.left), strip.left
    for left, right in [*blocked, (strip.right, strip.right)]:
        if min(left, strip.right) - at > best[1] - best[0]:
            best = (at, min(left, strip.right))
        at = max(at, right)
    return best
