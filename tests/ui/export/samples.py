"""Stories of the illustrative snapshot, and a province's own template, for the tests of exports."""

from __future__ import annotations

import io
from functools import cache
from pathlib import Path

from lxml import etree
from pptx import Presentation
from pptx.oxml import parse_xml
from pptx.oxml.ns import nsdecls, qn
from pptx.util import Emu

from answers import story
from answers.results import Results
from answers.scope import Scope
from answers.story import Story
from data.store import open_store
from ui.draw.deck import deck
from ui.draw.deck_template import _theme_part

SCOPE = Scope("92", "legacy", "commune", 2024, "vi")


@cache
def results(store: Path) -> Results:
    snapshot = open_store(store).current()
    assert snapshot is not None
    return Results(snapshot)


@cache
def built(store: Path, name: str, lang: str, scope: Scope = SCOPE) -> Story:
    return story.build(results(store), story.specs(name, scope), lang)


@cache
def deck_bytes(store: Path, name: str, lang: str, scope: Scope = SCOPE) -> bytes:
    return deck(built(store, name, lang, scope), lang=lang)


def opened(data: bytes):
    return Presentation(io.BytesIO(data))


PIXEL = (
    b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01\x00\x00\x00\x01\x08\x02\x00\x00\x00\x90wS\xde"
    b"\x00\x00\x00\x0cIDATx\x9cc\xd8\xc1\xa0\x00\x00\x02r\x00\xa1\x84L\x9d\xde\x00\x00\x00\x00IEND\xaeB`\x82"
)
PICTURE = (
    '<p:pic %s><p:nvPicPr><p:cNvPr id="99" name="logo"/><p:cNvPicPr/><p:nvPr/></p:nvPicPr><p:blipFill>'
    '<a:blip r:embed="%s"/><a:stretch><a:fillRect/></a:stretch></p:blipFill><p:spPr><a:xfrm><a:off x="1" y="1"/>'
    '<a:ext cx="9" cy="9"/></a:xfrm><a:prstGeom prst="rect"><a:avLst/></a:prstGeom></p:spPr></p:pic>'
)


def province_template(
    path: Path,
    *,
    keep: tuple[str, ...] = ("Title Slide", "Title Only"),
    logo: bool = False,
    accent: str | None = None,
) -> Path:
    """Write a wide presentation with one old slide, only some of the usual layouts, and a province's own looks."""
    made = Presentation()
    made.slide_width, made.slide_height = Emu(12192000), Emu(6858000)
    made.slides.add_slide(made.slide_layouts[0]).shapes.title.text = "old slide"
    for layout in list(made.slide_layouts):
        if layout.name not in keep and layout.name != "Title Slide":
            made.slide_layouts.remove(layout)
    if "Title Slide" not in keep:
        for entry in list(made.slides._sldIdLst):
            made.part.drop_rel(entry.rId)
            made.slides._sldIdLst.remove(entry)
        made.slide_layouts.remove(made.slide_layouts.get_by_name("Title Slide"))
    for layout in made.slide_layouts if logo else ():
        _, link = layout.part.get_or_add_image_part(io.BytesIO(PIXEL))
        layout.shapes._spTree.append(parse_xml(PICTURE % (nsdecls("p", "a", "r"), link)))
    if accent is not None:
        part = _theme_part(made)
        root = etree.fromstring(part.blob)
        slot = root.find(f".//{qn('a:clrScheme')}/{qn('a:accent1')}")
        slot[:] = [etree.Element(qn("a:srgbClr"), val=accent)]
        part._blob = etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)
    made.save(str(path))
    return path
