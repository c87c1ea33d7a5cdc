"""What a deck draws besides charts: text, tables, cards, and the map as one freeform for each commune."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final
from xml.sax.saxutils import quoteattr

from lxml import etree
from pptx.dml.color import RGBColor
from pptx.enum.dml import MSO_THEME_COLOR
from pptx.enum.shapes import MSO_CONNECTOR, MSO_SHAPE
from pptx.enum.text import MSO_ANCHOR, PP_ALIGN
from pptx.oxml import parse_xml
from pptx.oxml.ns import nsdecls, qn
from pptx.util import Pt

from answers.cards import Kpi
from answers.colours import LIGHT
from answers.figure import AreaMap, Cards, Link, Point, Table, Tone
from answers.words import t
from ui.draw import frame, measure
from ui.draw.deck_charts import paint
from ui.draw.shapes import Box, Ring, draw

PT: Final = 12700
NO_STYLE: Final = "{2D5ABB26-0587-4C30-8999-92F81FD0307C}"
ARROW: Final = {1: "▲", -1: "▼", 0: "■"}


def say(shape: Any, name: str, words: str) -> None:
    """Give an object its name and its text alternative."""
    about = shape._element.xpath(".//p:cNvPr")[0]
    about.set("name", name)
    about.set("descr", words)


def flat(shape: Any) -> None:
    """Take away the style a theme gives new shapes: shadows and effects."""
    style = shape._element.find(qn("p:style"))
    shape._element.remove(style)


def text(
    slide: Any,
    words: str,
    box: Box,
    size: float,
    *,
    smallest: float = 10,
    bold: bool = False,
    tone: Tone = "text",
    align: Any = PP_ALIGN.LEFT,
    middle: bool = False,
) -> Any:
    """Add a text that fits its box, as large as ``size`` allows."""
    shape = slide.shapes.add_textbox(Pt(box.left), Pt(box.top), Pt(box.width), Pt(box.height))
    write(shape.text_frame, words, box, size, smallest=smallest, bold=bold, tone=tone, align=align)
    if middle:
        shape.text_frame.vertical_anchor = MSO_ANCHOR.MIDDLE
    say(shape, words[:40], words)
    return shape


def write(
    target: Any,
    words: str,
    box: Box,
    size: float,
    *,
    smallest: float,
    bold: bool = False,
    tone: Tone = "text",
    align: Any = PP_ALIGN.LEFT,
) -> None:
    """Write one paragraph into a text frame without margins; too long a text is cut with an ellipsis."""
    size, lines = measure.fit(words, box.width * 0.97, box.height, size, smallest=smallest, bold=bold)
    target.word_wrap = True
    target.margin_left = target.margin_right = target.margin_top = target.margin_bottom = 0
    paragraph = target.paragraphs[0]
    paragraph.alignment = align
    run = paragraph.add_run()
    run.text = " ".join(lines)
    run.font.size, run.font.bold = Pt(size), bold
    paint(run.font.color, tone)


# -- the map -----------------------------------------------------------------------------------------------


def add_map(slide: Any, area: AreaMap, box: Box, legend: Box) -> None:
    """Add the areas as a group of freeforms named by code, the borders above them, and the legend."""
    colours = frame.class_colours(area, LIGHT)
    drawing = draw(area, Box(box.left, box.top, box.width, box.height - 20))
    first = _next_id(slide)
    shapes = []
    for i, (code, name, said, kind) in enumerate(
        zip(area.codes, area.names, area.texts, area.classes, strict=True)
    ):
        fill = colours[kind] if kind >= 0 else LIGHT.no_data
        rings = drawing.areas.get(code, ())
        if rings:
            shapes.append(_freeform(first + 1 + i, code, f"{name}: {said}", rings, fill=fill))
    alternative = f"{area.title}. " + "; ".join(f"{words}: {count}" for words, count in area.legend if count)
    _group(slide, first, "map", alternative, shapes)
    if drawing.lines:
        lines = _freeform(_next_id(slide), "borders", t("export.deck.borders"), drawing.lines, fill=None)
        slide.shapes._spTree.append(parse_xml(lines))
    for point in area.points:
        _point(slide, point, drawing.place(point.longitude, point.latitude), frame.dot(area) - 0.5)
    for link in area.links:
        _arrow(slide, link, drawing.place(*link.start), drawing.place(*link.end))
    for lines, place in frame.archipelagos(area, drawing, box):
        _framed(slide, lines, place)
    note = Box(box.left, box.bottom - 16, box.width, 16)
    text(slide, t(f"map.{drawing.source}.short"), note, 12, tone="muted")
    _legend(slide, area, legend, colours)


def _point(slide: Any, point: Point, at: tuple[float, float], radius: float) -> None:
    """Mark a place, named by its code."""
    left, top, wide = at[0] - radius, at[1] - radius, 2 * radius
    shape = slide.shapes.add_shape(MSO_SHAPE.OVAL, Pt(left), Pt(top), Pt(wide), Pt(wide))
    shape.fill.solid()
    paint(shape.fill.fore_color, point.tone)
    shape.line.color.rgb = RGBColor.from_string(LIGHT.border[1:])
    flat(shape)
    say(shape, point.code, point.name)


def _arrow(slide: Any, link: Link, start: tuple[float, float], end: tuple[float, float]) -> None:
    """Draw a native arrow that can be moved, named by what it says."""
    shape = slide.shapes.add_connector(MSO_CONNECTOR.STRAIGHT, *(Pt(v) for v in (*start, *end)))
    paint(shape.line.color, link.tone)
    shape.line.width = Pt(1.5)
    flat(shape)
    etree.SubElement(shape.line._get_or_add_ln(), qn("a:tailEnd"), type="triangle")
    say(shape, link.name[:40], link.name)


def _framed(slide: Any, lines: Sequence[str], box: Box) -> None:
    """Write a name on the map in a frame of its own."""
    words = " ".join(lines)
    inner = Box(box.left + 6, box.top, box.width - 12, box.height)
    back = slide.shapes.add_shape(
        MSO_SHAPE.RECTANGLE, *(Pt(v) for v in (box.left, box.top, box.width, box.height))
    )
    back.fill.solid()
    back.fill.fore_color.rgb = RGBColor.from_string(LIGHT.ground[1:])
    back.line.color.rgb = RGBColor.from_string(LIGHT.line[1:])
    flat(back)
    say(back, f"frame {words}"[:40], words)
    text(slide, words, inner, frame.SMALL)


def _next_id(slide: Any) -> int:
    return max(int(i) for i in slide.shapes._spTree.xpath("//p:cNvPr/@id")) + 1


def _group(slide: Any, number: int, name: str, words: str, shapes: Sequence[str]) -> None:
    """Add a group whose inner coordinates are the slide's own, so that it can be taken apart."""
    group = (
        f'<p:grpSp {nsdecls("p", "a")}><p:nvGrpSpPr><p:cNvPr id="{number}" name={quoteattr(name)} '
        f"descr={quoteattr(words)}/><p:cNvGrpSpPr/><p:nvPr/></p:nvGrpSpPr><p:grpSpPr/>{''.join(shapes)}</p:grpSp>"
    )
    element = parse_xml(group)
    slide.shapes._spTree.append(element)
    element.recalculate_extents()


def _freeform(number: int, name: str, words: str, rings: Sequence[Ring], *, fill: str | None) -> str:
    """Return the XML of a freeform: written, not built, because a province's map has thousands of corners."""
    xs = [x for ring in rings for x, _ in ring]
    ys = [y for ring in rings for _, y in ring]
    left, top = round(min(xs) * PT), round(min(ys) * PT)
    wide, high = max(round(max(xs) * PT) - left, 1), max(round(max(ys) * PT) - top, 1)
    path = []
    for ring in rings:
        points = [f'<a:pt x="{round(x * PT) - left}" y="{round(y * PT) - top}"/>' for x, y in ring]
        path.append(f"<a:moveTo>{points[0]}</a:moveTo>")
        path += [f"<a:lnTo>{point}</a:lnTo>" for point in points[1:]]
        if fill is not None:
            path.append("<a:close/>")
    inside = "<a:noFill/>" if fill is None else f'<a:solidFill><a:srgbClr val="{fill[1:]}"/></a:solidFill>'
    edge, thick = (LIGHT.muted, 15000) if fill is None else (LIGHT.border, 6350)
    solid = "" if fill is not None else ' fill="none"'
    return (
        f'<p:sp {nsdecls("p", "a")}><p:nvSpPr><p:cNvPr id="{number}" name={quoteattr(name)} '
        f"descr={quoteattr(words)}/><p:cNvSpPr/><p:nvPr/></p:nvSpPr><p:spPr>"
        f'<a:xfrm><a:off x="{left}" y="{top}"/><a:ext cx="{wide}" cy="{high}"/></a:xfrm>'
        f'<a:custGeom><a:avLst/><a:gdLst/><a:ahLst/><a:cxnLst/><a:rect l="0" t="0" r="r" b="b"/>'
        f'<a:pathLst><a:path w="{wide}" h="{high}"{solid}>{"".join(path)}</a:path></a:pathLst></a:custGeom>'
        f'{inside}<a:ln w="{thick}"><a:solidFill><a:srgbClr val="{edge[1:]}"/></a:solidFill></a:ln>'
        "</p:spPr></p:sp>"
    )


def _legend(slide: Any, area: AreaMap, box: Box, colours: list[str]) -> None:
    title = Box(box.left, box.top, box.width, 84)
    text(slide, area.title, title, 16, smallest=14, tone="muted")
    rows = frame.legend_rows(area, colours, LIGHT)
    step, top = (box.height - 90) / len(rows), box.top + 90
    for fill, words, count in rows:
        said = f"{words}   ({count})"
        room = Box(box.left + 26, top, box.width - 26, step - 2)
        size, lines = measure.fit(said, room.width * 0.97, room.height, 16, smallest=12)
        high = len(lines) * size * measure.LEADING + 2
        key = slide.shapes.add_shape(MSO_SHAPE.RECTANGLE, Pt(box.left), Pt(top + 2), Pt(18), Pt(16))
        key.fill.solid()
        key.fill.fore_color.rgb = RGBColor.from_string(fill[1:])
        key.line.color.rgb = RGBColor.from_string(LIGHT.line[1:])
        flat(key)
        say(key, f"legend {words}", words)
        text(slide, said, Box(room.left, top, room.width, high), 16, smallest=12)
        top += high + min(4.0, max(step - high, 0))


# -- tables and cards --------------------------------------------------------------------------------------


def add_table(slide: Any, part: Table, box: Box) -> None:
    """Add a native table under its title; shaded cells are a heat map that can be edited."""
    text(slide, part.title, Box(box.left, box.top, box.width, 22), 16, tone="muted")
    top = box.top + 26
    laid = frame.grid(part, Box(box.left, top, box.width, box.bottom - top))
    high = sum(laid.heights)
    shape = slide.shapes.add_table(
        len(laid.cells), len(part.heads), Pt(box.left), Pt(top), Pt(box.width), Pt(high)
    )
    say(shape, part.title[:40], f"{part.title}. {'; '.join(part.heads)}")
    grid = shape.table
    grid._tbl.tblPr.find(qn("a:tableStyleId")).text = NO_STYLE
    for j, wide in enumerate(laid.widths):
        grid.columns[j].width = Pt(wide)
    shades = frame.shade_colours(part, LIGHT)
    side = PP_ALIGN.CENTER if part.shades else PP_ALIGN.RIGHT
    for i, (row, step) in enumerate(zip(laid.cells, laid.heights, strict=True)):
        grid.rows[i].height = Pt(step)
        for j, lines in enumerate(row):
            shade = part.shades[i - 1][j] if i and part.shades else -1
            _cell(
                grid.cell(i, j),
                " ".join(lines),
                laid.size,
                shades[shade] if shade >= 0 else None,
                head=i == 0,
                align=side if j in part.numbers else PP_ALIGN.LEFT,
            )
    if laid.more:
        note = Box(box.left, top + high + 4, box.width, 22)
        text(slide, frame.more(laid.more), note, 16, tone="muted")


def _cell(cell: Any, words: str, size: float, fill: str | None, *, head: bool, align: Any) -> None:
    paragraph = cell.text_frame.paragraphs[0]
    paragraph.alignment = align
    run = paragraph.add_run()
    run.text = words
    run.font.size, run.font.bold = Pt(size), head
    paint(run.font.color, "text")
    cell.vertical_anchor = MSO_ANCHOR.MIDDLE
    cell.margin_left = cell.margin_right = Pt(5)
    cell.margin_top = cell.margin_bottom = Pt(1)
    if fill:
        cell.fill.solid()
        cell.fill.fore_color.rgb = RGBColor.from_string(fill[1:])
        run = cell.text_frame.paragraphs[0].runs[0]
        run.font.color.rgb = RGBColor.from_string(frame.ink(fill)[1:])
    _rule(cell, head)


def _rule(cell: Any, head: bool) -> None:
    """Draw a line under a cell."""
    line = parse_xml(
        f'<a:lnB {nsdecls("a")} w="{15875 if head else 6350}"><a:solidFill><a:srgbClr val="{LIGHT.line[1:]}"/>'
        "</a:solidFill></a:lnB>"
    )
    cell._tc.get_or_add_tcPr().insert(0, line)


def add_cards(slide: Any, part: Cards, boxes: Sequence[Box]) -> None:
    """Add each card as a panel with its texts."""
    for card, box in zip(part.cards, boxes, strict=True):
        _card(slide, card, box)


def _card(slide: Any, card: Kpi, box: Box) -> None:
    panel = slide.shapes.add_shape(
        MSO_SHAPE.ROUNDED_RECTANGLE, Pt(box.left), Pt(box.top), Pt(box.width), Pt(box.height)
    )
    panel.adjustments[0] = 0.05
    panel.fill.solid()
    panel.fill.fore_color.theme_color = MSO_THEME_COLOR.BACKGROUND_1
    panel.fill.fore_color.brightness = -0.05
    panel.line.fill.background()
    flat(panel)
    left, room = box.left + 12, box.width - 24
    whole = f"{card.label}: {card.figure} {card.unit}. {card.change or ''} {card.meaning}"
    say(panel, card.label[:40], whole)
    unit = box.height / 100
    text(slide, card.label, Box(left, box.top + 4 * unit, room, 28 * unit), 18, smallest=14, tone="muted")
    text(
        slide,
        f"{card.figure} {card.unit}".strip(),
        Box(left, box.top + 33 * unit, room, 30 * unit),
        30,
        bold=True,
        smallest=14,
    )
    if card.change:
        tone: Tone = {True: "met", False: "short", None: "muted"}[card.better]  # type: ignore[assignment]
        words = f"{ARROW[card.direction]} {card.change}"
        text(slide, words, Box(left, box.top + 61 * unit, room, 17 * unit), 18, smallest=14, tone=tone)
    if card.meaning:
        top = box.top + (79 if card.change else 61) * unit
        text(slide, card.meaning, Box(left, top, room, box.bottom - top - 4), 18, smallest=13, tone="muted")
