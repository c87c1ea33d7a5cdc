"""A story as a PowerPoint file: native charts and tables, the map as shapes, notes that say where numbers come from."""

from __future__ import annotations

import io
from typing import Any

from pptx.dml.color import RGBColor
from pptx.enum.dml import MSO_THEME_COLOR
from pptx.enum.shapes import MSO_SHAPE
from pptx.enum.text import MSO_ANCHOR, PP_ALIGN
from pptx.util import Pt

from answers import provenance
from answers.colours import LIGHT
from answers.figure import AreaMap, Cards, Chart, Cover, Scatter, Slide, Table
from answers.story import Story
from answers.words import language, t
from ui.draw import deck_charts, deck_shapes, frame, measure
from ui.draw.deck_ground import ink
from ui.draw.deck_properties import sign
from ui.draw.deck_template import TITLES, Template, built_in
from ui.draw.shapes import Box


def deck(story: Story, *, lang: str, template: Template | None = None) -> bytes:
    """Return the file, on our own template or a province's."""
    with language(lang):
        start = template or built_in()
        for one in story.slides:
            _slide(start, one)
        first = story.slides[0] if story.slides else None
        title, about = (first.title, first.place) if first else (t("app.name"), "")
        sign(start.deck, title=title, about=about, lang=lang)
    out = io.BytesIO()
    start.deck.save(out)
    return out.getvalue()


def _slide(template: Template, one: Slide) -> None:
    opening = isinstance(one.parts[0], Cover)
    slide = template.deck.slides.add_slide(template.cover if opening else template.content)
    for shape in list(slide.placeholders):
        if shape.placeholder_format.type not in TITLES:
            shape._element.getparent().remove(shape._element)
    _title(template, slide, one, opening)
    if not opening:
        _ground(template, slide)
    for part, box in zip(one.parts, frame.boxes(one), strict=True):
        room = template.place(box)
        if isinstance(part, Cover):
            _cover(template, slide, part)
        elif isinstance(part, Chart):
            shape = deck_charts.add(slide, part, room, template)
            deck_shapes.say(shape, part.title[:40], _said(part))
        elif isinstance(part, Scatter):
            shape = deck_charts.add_scatter(slide, part, room)
            deck_shapes.say(shape, part.title[:40], f"{part.title}. {one.title}")
        elif isinstance(part, AreaMap):
            deck_shapes.add_map(slide, part, room, template.place(frame.LEGEND))
        elif isinstance(part, Table):
            deck_shapes.add_table(slide, part, room)
        elif isinstance(part, Cards):
            places = [template.place(place) for place in frame.card_boxes(len(part.cards))]
            deck_shapes.add_cards(slide, part, places)
    _foot(template, slide, one, opening)
    notes = slide.notes_slide.notes_text_frame
    notes.text = "\n".join([one.title, *(f"{name}: {words}" for name, words in one.notes)])


def _ground(template: Template, slide: Any) -> None:
    """Lay the theme's own ground under the parts where its words could not be read on what the layout draws."""
    grounds = template.ground.under(template.body)
    if all(ink(grounds, words) == words for name in ("tx1", "tx2") if (words := template.ground.named(name))):
        return
    box = template.body
    plate = slide.shapes.add_shape(
        MSO_SHAPE.RECTANGLE, *(Pt(v) for v in (box.left - 8, box.top - 6, box.width + 16, box.height + 10))
    )
    plate.fill.solid()
    plate.fill.fore_color.theme_color = MSO_THEME_COLOR.BACKGROUND_1
    plate.line.fill.background()
    deck_shapes.flat(plate)
    deck_shapes.say(plate, "ground", t("export.deck.ground"))


def _title(template: Template, slide: Any, one: Slide, opening: bool) -> None:
    """Write the headline into the layout's own title; on our own template as large as it fits."""
    shape = slide.shapes.title
    deck_shapes.say(shape, "title", one.title)
    box = template.title
    if opening and template.cover is not template.content:
        box = Box(shape.left.pt, shape.top.pt, shape.width.pt, shape.height.pt)
    elif (shape.left.pt, shape.top.pt) != (box.left, box.top):
        shape.left, shape.top, shape.width, shape.height = (
            Pt(v) for v in (box.left, box.top, box.width, box.height)
        )
    target = shape.text_frame
    # Margins of the layout's own title: what PowerPoint gives a box that says nothing.
    room = Box(0, 0, box.width - 15, box.height - 8)
    size, lines = measure.fit(
        one.title, room.width * 0.97, room.height, 40 if opening else 26, smallest=14, bold=True
    )
    target.text = " ".join(lines)
    target.paragraphs[0].runs[0].font.size = Pt(size)
    target.vertical_anchor = MSO_ANCHOR.BOTTOM if opening else MSO_ANCHOR.MIDDLE


def _cover(template: Template, slide: Any, part: Cover) -> None:
    title = slide.shapes.title
    top = max(title.top.pt + title.height.pt + 16, template.body.top)
    high = (template.cover_foot.top - 10 - top) / len(part.lines)
    for i, line in enumerate(part.lines):
        box = Box(title.left.pt + 7, top + i * min(high, 40), title.width.pt - 14, min(high, 40))
        _plain(template, slide, line, box, 18, opening=True)


def _said(part: Chart) -> str:
    """Return a chart in words, for those who hear it."""
    rows = []
    for one in part.series:
        pairs = ", ".join(f"{name} {said}" for name, said in zip(part.categories, one.texts, strict=True))
        rows.append(f"{one.name}: {pairs}")
    return f"{part.title}. {'. '.join(rows)}"


def _foot(template: Template, slide: Any, one: Slide, opening: bool) -> None:
    """Write scope and source, the badge, and the snapshot, each to be read on what the layout draws there."""
    foot = template.cover_foot if opening else template.foot
    badge = f"{provenance.SYMBOL[one.nature]} {t(f'nature.{one.nature}')}"
    wide = measure.width(badge, 12, bold=True) * 1.15 + 16
    code = measure.width(one.snapshot, 11) * 1.1 + 8
    left = foot.right - code - wide - 8
    place = Box(foot.left, foot.top, left - foot.left - 10, 16)
    _plain(template, slide, one.place, place, 12, opening)
    source = Box(place.left, place.bottom, place.width, 14)
    _plain(template, slide, one.source, source, 10, opening, smallest=9)
    snapshot = Box(foot.right - code, foot.top + 3, code, 16)
    _plain(template, slide, one.snapshot, snapshot, 11, opening, align=PP_ALIGN.RIGHT)
    _badge(slide, one, badge, Box(left, foot.top, wide, 22))


def _plain(
    template: Template,
    slide: Any,
    words: str,
    box: Box,
    size: float,
    opening: bool,
    *,
    smallest: float = 10,
    align: Any = PP_ALIGN.LEFT,
) -> None:
    """Write quiet words in the theme's second colour; where that cannot be read, in black, white, or on a plate."""
    shape = deck_shapes.text(slide, words, box, size, smallest=smallest, tone="muted", align=align)
    ground = template.cover_ground if opening else template.ground
    wanted = ground.named("tx2") or LIGHT.muted
    colour = ink(ground.under(box), wanted)
    if colour is None:
        shape.fill.solid()
        shape.fill.fore_color.rgb = RGBColor.from_string(LIGHT.ground[1:])
        colour = LIGHT.muted
    if colour != wanted:
        shape.text_frame.paragraphs[0].runs[0].font.color.rgb = RGBColor.from_string(colour[1:])


def _badge(slide: Any, one: Slide, words: str, box: Box) -> None:
    """Draw the badge on a ground of its own, so that no template can hide it."""
    shape = slide.shapes.add_shape(
        MSO_SHAPE.ROUNDED_RECTANGLE, Pt(box.left), Pt(box.top), Pt(box.width), Pt(box.height)
    )
    colour = RGBColor.from_string((LIGHT.short if one.nature == "illustrative" else LIGHT.muted)[1:])
    shape.fill.solid()
    shape.fill.fore_color.rgb = RGBColor.from_string(LIGHT.ground[1:])
    deck_shapes.flat(shape)
    shape.line.color.rgb = colour
    inner = Box(0, 0, box.width - 8, box.height - 2)
    deck_shapes.write(shape.text_frame, words, inner, 12, smallest=10, bold=True, align=PP_ALIGN.CENTER)
    shape.text_frame.paragraphs[0].runs[0].font.color.rgb = colour
    shape.text_frame.vertical_anchor = MSO_ANCHOR.MIDDLE
    deck_shapes.say(shape, "badge", f"{words}. {t(f'nature.{one.nature}.help')}")
