"""The deck opened again: native objects, numbers to the digit, notes, alternatives, nothing over its edge."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from pptx.enum.shapes import MSO_SHAPE_TYPE as SHAPE
from pptx.oxml.ns import qn

from answers.colours import LIGHT
from answers.figure import AreaMap, Chart, Scatter
from answers.summary import FLAG
from answers.words import LANGUAGES
from tests.ui.export.samples import SCOPE, built, deck_bytes, opened, province_template
from ui.draw import measure
from ui.draw.deck import deck
from ui.draw.deck_charts import longest_first
from ui.draw.deck_template import TemplateError, from_file
from ui.export.command import main
from ui.shell import ROOT

CASES = [
    ("overview", "vi", SCOPE),
    ("overview", "en", replace(SCOPE, province="all")),
    ("criteria", "vi", replace(SCOPE, geography="current")),
    ("staffing", "en", SCOPE),
    ("commitments", "vi", replace(SCOPE, province="84")),
]
IDS = [f"{name}-{lang}-{scope.province}-{scope.geography}" for name, lang, scope in CASES]


def everything(shapes):
    for shape in shapes:
        yield shape
        if shape.shape_type == SHAPE.GROUP:
            yield from everything(shape.shapes)


@pytest.mark.parametrize(("name", "lang", "scope"), CASES, ids=IDS)
def test_native_objects_notes_and_alternatives(demo_store, name, lang, scope):
    slides = list(opened(deck_bytes(demo_store, name, lang, scope)).slides)
    story = built(demo_store, name, lang, scope)
    assert len(slides) == len(story.slides)
    for slide, source in zip(slides, story.slides, strict=True):
        shapes = list(everything(slide.shapes))
        assert not [s for s in shapes if s.shape_type == SHAPE.PICTURE]
        assert slide.shapes.title.text == source.title
        notes = slide.notes_slide.notes_text_frame.text
        assert source.snapshot in notes
        assert source.place in notes
        for _, words in source.notes:
            assert words in notes
        for shape in shapes:
            assert shape._element.xpath(".//p:cNvPr")[0].get("descr"), shape.name
        assert [s for s in shapes if s.name == "badge"]
        numbers = [shape._element.xpath(".//p:cNvPr")[0].get("id") for shape in shapes]
        assert len(set(numbers)) == len(numbers)


def test_eight_native_charts_in_twelve_slides(demo_store):
    slides = opened(deck_bytes(demo_store, "overview", "vi")).slides
    assert len(slides) == 12
    assert sum(shape.has_chart for slide in slides for shape in slide.shapes) >= 8
    assert sum(shape.has_table for slide in slides for shape in slide.shapes) >= 2


@pytest.mark.parametrize(("name", "lang", "scope"), CASES, ids=IDS)
def test_charts_hold_the_numbers_of_the_story(demo_store, name, lang, scope):
    slides = opened(deck_bytes(demo_store, name, lang, scope)).slides
    checked = 0
    for slide, source in zip(slides, built(demo_store, name, lang, scope).slides, strict=True):
        charts = [shape.chart for shape in slide.shapes if shape.has_chart]
        parts = [part for part in source.parts if isinstance(part, Chart | Scatter)]
        assert len(charts) == len(parts)
        for chart, part in zip(charts, parts, strict=True):
            wanted = part.series if isinstance(part, Chart) else longest_first(part)
            for drawn, series in zip(chart.plots[0].series, wanted, strict=True):
                expected = series.values if isinstance(part, Chart) else series.ys
                assert tuple(drawn.values) == expected
                checked += 1
    assert checked > 3


def test_the_map_is_one_shape_for_each_commune(demo_store):
    slide = opened(deck_bytes(demo_store, "overview", "vi")).slides[2]
    source = built(demo_store, "overview", "vi").slides[2]
    [group] = [shape for shape in slide.shapes if shape.shape_type == SHAPE.GROUP]
    area = source.parts[0]
    assert isinstance(area, AreaMap)
    assert [shape.name for shape in group.shapes] == list(area.codes)
    assert all(shape.shape_type == SHAPE.FREEFORM for shape in group.shapes)
    from ui.draw.frame import class_colours

    colours = class_colours(area, LIGHT)
    for shape, kind, text in zip(group.shapes, area.classes, area.texts, strict=True):
        fill = colours[kind] if kind >= 0 else LIGHT.no_data
        assert str(shape.fill.fore_color.rgb).lower() == fill[1:]
        assert text in shape._element.xpath(".//p:cNvPr")[0].get("descr")


@pytest.mark.parametrize(("name", "lang", "scope"), CASES, ids=IDS)
def test_nothing_runs_over_its_edge(demo_store, name, lang, scope):
    deck = opened(deck_bytes(demo_store, name, lang, scope))
    for slide in deck.slides:
        for shape in slide.shapes:
            assert shape.left >= 0
            assert shape.top >= 0
            assert shape.left + shape.width <= deck.slide_width
            assert shape.top + shape.height <= deck.slide_height + 10
            if shape.has_text_frame and shape.text_frame.text:
                frame = shape.text_frame
                inside = shape.width - frame.margin_left - frame.margin_right
                _fits(frame, inside / 12700, (shape.height - frame.margin_top - frame.margin_bottom) / 12700)
            if shape.has_table:
                for row in shape.table.rows:
                    for cell, column in zip(row.cells, shape.table.columns, strict=True):
                        wide = (column.width - cell.margin_left - cell.margin_right) / 12700
                        _fits(cell.text_frame, wide, row.height / 12700)


def _fits(frame, width: float, height: float) -> None:
    run = frame.paragraphs[0].runs[0]
    size, bold = run.font.size.pt, bool(run.font.bold)
    lines = measure.wrap(run.text, width, size, bold=bold)
    assert all(measure.width(line, size, bold=bold) <= width for line in lines), run.text
    assert len(lines) * size * measure.LEADING <= height + 1, run.text


def luminance(colour: str) -> float:
    parts = [int(colour[i : i + 2], 16) / 255 for i in (0, 2, 4)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def test_letters_stand_out_from_their_ground(demo_store):
    panel = "f2f2f2"
    for colour in (LIGHT.text, LIGHT.muted, LIGHT.short, LIGHT.met):
        assert contrast(colour[1:], "ffffff") >= 4.5
        assert contrast(colour[1:], panel) >= 4.5
    shaded = 0
    for slide in opened(deck_bytes(demo_store, "criteria", "en")).slides:
        for shape in slide.shapes:
            cells = [cell for row in shape.table.rows for cell in row.cells] if shape.has_table else []
            for cell in cells:
                fill = cell._tc.find(f".//{qn('a:tcPr')}/{qn('a:solidFill')}/{qn('a:srgbClr')}")
                if fill is not None:
                    ink = cell.text_frame.paragraphs[0].runs[0].font.color.rgb
                    assert contrast(str(ink), fill.get("val")) >= 4.5
                    shaded += 1
    assert shaded > 50


def test_the_letters_hold_vietnamese(demo_store):
    data = deck_bytes(demo_store, "overview", "vi")
    text = " ".join(
        shape.text_frame.text
        for slide in opened(data).slides
        for shape in slide.shapes
        if shape.has_text_frame
    )
    known = measure._advances(False)
    signs = {"✕", "○", FLAG}  # another font's, as on every page
    assert {c for c in text if ord(c) not in known and not c.isspace()} - signs == set()
    assert measure.FAMILY.encode() in _part(data, "ppt/theme/theme1.xml")


def _part(data: bytes, name: str) -> bytes:
    import io
    import zipfile

    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return archive.read(name)


def test_a_deck_is_small(demo_store):
    assert len(deck_bytes(demo_store, "overview", "vi")) < 3_000_000
    assert len(deck_bytes(demo_store, "overview", "en", replace(SCOPE, province="all"))) < 3_000_000


# -- a province's own template -------------------------------------------------------------------------------


def test_a_template_lends_its_layouts_and_loses_its_slides(demo_store, tmp_path):
    path = province_template(tmp_path / "province.pptx")
    template = from_file(path)
    assert template.reports == ()
    data = deck(built(demo_store, "overview", "vi"), lang="vi", template=template)
    slides = list(opened(data).slides)
    assert len(slides) == 12
    assert slides[0].slide_layout.name == "Title Slide"
    assert {slide.slide_layout.name for slide in slides[1:]} == {"Title Only"}
    assert "old slide" not in [slide.shapes.title.text for slide in slides]
    for slide in slides[1:]:
        below = slide.shapes.title.top + slide.shapes.title.height
        assert all(
            shape.top >= below
            for shape in slide.shapes
            if shape != slide.shapes.title and not shape.is_placeholder
        )


def test_a_template_keeps_its_logo_and_lends_its_colours(demo_store, tmp_path):
    path = province_template(tmp_path / "province.pptx", logo=True, accent="B00020")
    template = from_file(path)
    assert template.accents[0] == "#b00020"
    data = deck(built(demo_store, "overview", "vi"), lang="vi", template=template)
    for slide in opened(data).slides:
        assert [shape.name for shape in slide.slide_layout.shapes if shape.name == "logo"] == ["logo"]
    assert b"B00020" in _part(data, "ppt/theme/theme1.xml")
    charts = [shape.chart for slide in opened(data).slides for shape in slide.shapes if shape.has_chart]
    first = charts[0].plots[0].series[0].format.fill.fore_color
    assert str(first.theme_color).startswith("ACCENT_1")  # the theme's, not a colour of ours


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_missing_layout_is_reported(demo_store, tmp_path, lang):
    path = province_template(tmp_path / "p.pptx", keep=("Title and Content",))
    template = from_file(path)
    assert len(template.reports) == 2
    data = deck(built(demo_store, "overview", lang), lang=lang, template=template)
    assert len(opened(data).slides) == 12
    assert all(
        shape.has_text_frame and shape.text_frame.text
        for slide in opened(data).slides
        for shape in slide.placeholders
    )


def test_a_template_without_a_title_is_refused(tmp_path):
    path = province_template(tmp_path / "p.pptx", keep=("Blank",))
    with pytest.raises(TemplateError) as refused:
        from_file(path)
    assert refused.value.key == "no_layout"


@pytest.mark.parametrize("content", [b"", b"not a zip", b"PK\x03\x04broken"])
def test_a_file_that_is_no_powerpoint_is_refused_in_both_languages(demo, tmp_path, capsys, content):
    wrong = tmp_path / "letter.pptx"
    wrong.write_bytes(content)
    out = tmp_path / "out.pptx"
    assert main(["deck", "--template", str(wrong), "--out", str(out)]) == 2
    said = capsys.readouterr().err
    assert "không phải là tệp PowerPoint" in said
    assert "is not a PowerPoint file" in said
    assert not out.exists()


def test_a_missing_template_is_refused(demo, tmp_path):
    assert main(["deck", "--template", str(tmp_path / "none.pptx"), "--out", str(tmp_path / "o.pptx")]) == 2


# -- the command ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "wrong",
    [
        ["--province", "31"],
        ["--geography", "roman"],
        ["--year", "1999"],
        ["--year", "soon"],
        ["--lang", "fr"],
        ["--level", "district", "--geography", "current"],
        ["--story", "epic"],
    ],
    ids=" ".join,
)
def test_bad_input_is_refused_in_both_languages(demo, tmp_path, capsys, wrong):
    out = tmp_path / "deck.pptx"
    assert main(["deck", *wrong, "--out", str(out)]) == 2
    said = capsys.readouterr().err
    assert "không nhận giá trị" in said
    assert "does not take" in said
    assert not out.exists()


def test_an_empty_store_is_refused(tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("ATLAS_STORE", str(tmp_path / "nothing"))
    assert main(["deck", "--out", str(tmp_path / "deck.pptx")]) == 2
    assert "python -m data demo" in capsys.readouterr().err


def test_a_scope_with_nothing_to_say_is_refused(demo, tmp_path, capsys, monkeypatch):
    from answers import story as stories

    monkeypatch.setitem(stories.STORIES, "criteria", (("cover", "criteria"), ("blockers", ""), ("heat", "")))
    out = tmp_path / "deck.pptx"
    assert main(["deck", "--story", "criteria", "--year", "2020", "--out", str(out)]) == 2
    assert "has no data to export" in capsys.readouterr().err
    assert not out.exists()


def test_the_command_writes_a_deck_in_a_process_of_its_own(demo, tmp_path):
    out = tmp_path / "deck.pptx"
    asked = ["deck", "--province", "92", "--geography", "legacy", "--year", "2024", "--lang", "vi"]
    command = [sys.executable, "-m", "ui.export", *asked, "--out"]
    done = subprocess.run([*command, str(out)], cwd=ROOT, capture_output=True, timeout=120)
    assert (done.returncode, done.stderr) == (0, b"")
    assert len(opened(out.read_bytes()).slides) == 12
    refused = subprocess.run(
        [*command, str(tmp_path / "none" / "deck.pptx")], cwd=ROOT, capture_output=True, timeout=120
    )
    assert refused.returncode == 2
    assert b"none" in refused.stderr


@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not installed")
def test_the_deck_opens_in_libreoffice(demo_store, tmp_path):
    path = tmp_path / "deck.pptx"
    path.write_bytes(deck_bytes(demo_store, "overview", "vi"))
    command = [
        "soffice",
        "--headless",
        f"-env:UserInstallation=file://{tmp_path}/profile",
        "--convert-to",
        "pdf",
    ]
    subprocess.run(
        [*command, "--outdir", str(tmp_path), str(path)], check=True, timeout=240, capture_output=True
    )
    pages = Path(tmp_path / "deck.pdf").read_bytes()
    assert len(re.findall(rb"/Type\s*/Page[^s]", pages)) == 12
