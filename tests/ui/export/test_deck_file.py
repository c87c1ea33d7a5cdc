"""A deck is one whole file of ours: each part once, nothing of the template's slides, its own properties."""

from __future__ import annotations

import datetime as dt
import io
import zipfile
from pathlib import Path

import pytest
from lxml import etree
from pptx import Presentation
from pptx.opc.constants import RELATIONSHIP_TYPE as RELATION
from pptx.opc.package import Part
from pptx.opc.packuri import PackURI
from pptx.oxml import parse_xml
from pptx.oxml.ns import nsdecls, qn

from answers.words import LANGUAGES
from tests.ui.export.packages import faults
from tests.ui.export.samples import built, deck_bytes, opened, province_template
from ui.draw.deck import deck
from ui.draw.deck_template import from_file

CASES = Path(__file__).resolve().parents[3].parent / "shared" / "cases" / "templates"
LOCALE = {"vi": "vi-VN", "en": "en-GB"}
PRESENTATION = "application/vnd.openxmlformats-officedocument.presentationml"


def led(holder, target) -> str:
    return holder.relate_to(target, RELATION.SLIDE)


def _jump(shape, key: str, action: str = "ppaction://hlinksldjump") -> None:
    about = shape._element.xpath(".//p:cNvPr")[0]
    link = etree.SubElement(about, qn("a:hlinkClick"))
    link.set(qn("r:id"), key)
    link.set("action", action)


def in_a_layout(made, old):
    layout = made.slide_layouts.get_by_name("Title Only")
    _jump(layout.placeholders[0], led(layout.part, old))


def in_the_master(made, old):
    master = made.slide_master
    _jump(next(iter(master.placeholders)), led(master.part, old), "ppaction://hlinksldjump?again")


def in_words_of_a_layout(made, old):
    layout = made.slide_layouts[0]
    [run] = layout.placeholders[0].text_frame.paragraphs[0].runs
    link = etree.SubElement(run._r.get_or_add_rPr(), qn("a:hlinkMouseOver"))
    link.set(qn("r:id"), led(layout.part, old))
    link.set("action", "ppaction://hlinksldjump")


def in_a_custom_show(made, old):
    show = (
        f'<p:custShowLst {nsdecls("p", "r")}><p:custShow name="ngắn" id="0"><p:sldLst>'
        f'<p:sld r:id="{made.slides._sldIdLst[0].rId}"/></p:sldLst></p:custShow></p:custShowLst>'
    )
    made.part._element.find(qn("p:notesSz")).addnext(parse_xml(show))
    layout = made.slide_layouts.get_by_name("Title Only")
    _jump(layout.placeholders[0], "", "ppaction://customshow?id=0")


def in_sections(made, old):
    listed = (
        f'<p:extLst {nsdecls("p")}><p:ext uri="{{521415D9-36F7-43E2-AB2F-B90AF26B5E84}}"><p14:sectionLst '
        'xmlns:p14="http://schemas.microsoft.com/office/powerpoint/2010/main"><p14:section name="Mở đầu" '
        'id="{11111111-1111-1111-1111-111111111111}"><p14:sldIdLst><p14:sldId id="256"/></p14:sldIdLst>'
        "</p14:section></p14:sectionLst></p:ext></p:extLst>"
    )
    made.part._element.append(parse_xml(listed))


def in_the_outline(made, old):
    view = next(rel.target_part for rel in made.part.rels.values() if rel.reltype.endswith("/viewProps"))
    root = etree.fromstring(view.blob)
    outline = parse_xml(
        f'<p:outlineViewPr {nsdecls("p", "a", "r")}><p:cViewPr><p:scale><a:sx n="1" d="1"/><a:sy n="1" d="1"/>'
        f'</p:scale><p:origin x="0" y="0"/></p:cViewPr><p:sldLst><p:sld r:id="{led(view, old)}"/></p:sldLst>'
        "</p:outlineViewPr>"
    )
    root.insert(1, outline)
    view._blob = etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)


def in_the_settings_of_the_show(made, old):
    settings = next(rel.target_part for rel in made.part.rels.values() if rel.reltype.endswith("/presProps"))
    root = etree.fromstring(settings.blob)
    for one in root.findall(qn("p:showPr")):
        root.remove(one)
    root.insert(0, parse_xml(f'<p:showPr {nsdecls("p")}><p:sldRg st="1" end="1"/></p:showPr>'))
    settings._blob = etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)


def in_notes_and_comments(made, old):
    made.slides[0].notes_slide.notes_text_frame.text = "old notes"
    package = made.part.package
    authors = Part(
        PackURI("/ppt/commentAuthors.xml"), f"{PRESENTATION}.commentAuthors+xml", package,
        f'<p:cmAuthorLst {nsdecls("p")}/>'.encode(),
    )  # fmt: skip
    comments = Part(
        PackURI("/ppt/comments/comment1.xml"), f"{PRESENTATION}.comments+xml", package,
        f'<p:cmLst {nsdecls("p")}/>'.encode(),
    )  # fmt: skip
    made.part.relate_to(authors, RELATION.COMMENT_AUTHORS)
    old.relate_to(comments, RELATION.COMMENTS)


def in_a_drawing_of_a_layout(made, old):
    """A part the library does not read, reached from a layout, leads to a slide."""
    layout = made.slide_layouts.get_by_name("Title Only")
    drawing = Part(
        PackURI("/ppt/diagrams/drawing1.xml"), "application/vnd.ms-office.drawingml.diagramDrawing+xml",
        made.part.package,
    )  # fmt: skip
    drawing._blob = (
        f'<d:drawing xmlns:d="urn:d" {nsdecls("a", "r")}><d:cNvPr><a:hlinkClick r:id="{led(drawing, old)}" '
        'action="ppaction://hlinksldjump"/></d:cNvPr></d:drawing>'
    ).encode()
    layout.part.relate_to(drawing, "http://schemas.microsoft.com/office/2007/relationships/diagramDrawing")


WAYS = [
    in_a_layout, in_the_master, in_words_of_a_layout, in_a_custom_show, in_sections, in_the_outline,
    in_the_settings_of_the_show, in_notes_and_comments, in_a_drawing_of_a_layout,
]  # fmt: skip


def test_our_own_deck_is_whole(demo_store):
    assert faults(deck_bytes(demo_store, "overview", "vi"), 12) == []


@pytest.mark.parametrize("way", WAYS, ids=lambda way: way.__name__)
def test_nothing_that_leads_to_an_old_slide_is_left(demo_store, tmp_path, way):
    path = province_template(tmp_path / "p.pptx")
    made = Presentation(str(path))
    made.slides.add_slide(made.slide_layouts[0]).shapes.title.text = "another old slide"
    way(made, made.slides[0].part)
    made.save(str(path))
    data = deck(built(demo_store, "overview", "vi"), lang="vi", template=from_file(path))
    assert faults(data, 12) == []
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        whole = b"".join(archive.read(name) for name in archive.namelist() if name.endswith(".xml"))
    assert b"old slide" not in whole
    assert b"old notes" not in whole
    assert "Mở đầu".encode() not in whole


@pytest.mark.skipif(not CASES.is_dir(), reason="the shared cases are not on this machine")
@pytest.mark.parametrize("name", ["60_template_sections", "63_template_home_button"])
def test_templates_that_led_to_their_slides(demo_store, name):
    template = from_file(CASES / f"{name}.pptx")
    assert faults(deck(built(demo_store, "overview", "vi"), lang="vi", template=template), 12) == []


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_file_says_it_is_ours(demo_store, tmp_path, lang):
    path = province_template(tmp_path / "p.pptx")
    made = Presentation(str(path))
    made.core_properties.author = made.core_properties.last_modified_by = "somebody"
    made.core_properties.comments, made.core_properties.keywords = "generated", "budget"
    made.save(str(path))
    for template in (None, from_file(path)):
        data = deck(built(demo_store, "overview", lang), lang=lang, template=template)
        said = opened(data).core_properties
        assert said.title == opened(data).slides[0].shapes.title.text
        assert said.author == said.last_modified_by != "somebody"
        assert (said.comments, said.keywords, said.language) == ("", "", LOCALE[lang])
        assert abs(said.created - dt.datetime.now(dt.UTC).replace(tzinfo=None)) < dt.timedelta(hours=1)
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            counted = archive.read("docProps/app.xml")
        assert b"<Slides>12</Slides>" in counted
        assert b"Macintosh" not in counted


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_word_is_in_the_deck_s_language(demo_store, lang):
    deck_ = opened(deck_bytes(demo_store, "overview", lang))
    spoken, charts = set(), 0
    for slide in deck_.slides:
        for root in (slide._element, slide.notes_slide._element):
            spoken |= {run.find(qn("a:rPr")).get("lang") for run in root.iter(qn("a:r"))}
        for shape in slide.shapes:
            if shape.has_chart:
                space = shape.chart._chartSpace
                assert [one.get("val") for one in space.findall(qn("c:lang"))] == [LOCALE[lang]]
                spoken |= {run.get("lang") for run in space.iter(qn("a:rPr"), qn("a:defRPr"))}
                charts += 1
    assert spoken == {LOCALE[lang]}
    assert charts >= 8
