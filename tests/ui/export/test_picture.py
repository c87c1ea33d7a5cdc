"""Pictures: well-formed, complete, in large type, with Vietnamese letters, without a browser."""

from __future__ import annotations

import io
import re
import xml.etree.ElementTree as ET
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from answers.colours import LIGHT, theme_of
from answers.figure import AreaMap, Chart
from answers.words import LANGUAGES
from tests.ui.export.samples import SCOPE, built
from ui.draw import frame, measure, picture
from ui.export.command import main

SVG = "{http://www.w3.org/2000/svg}"
STORIES = ("overview", "staffing", "criteria", "commitments")


@pytest.mark.parametrize("mode", ["light", "dark"])
@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("name", STORIES)
def test_every_slide_draws(demo_store, name, lang, mode):
    for slide in built(demo_store, name, lang).slides:
        root = ET.fromstring(picture.svg(slide, theme_of(mode)))
        texts = ["".join(node.itertext()) for node in root.iter(f"{SVG}text")]
        assert root.find(f"{SVG}title").text == slide.title
        assert slide.snapshot in texts
        assert slide.short_place in texts
        assert any(text.startswith("◌") for text in texts)
        assert not re.search(r"(href|url\()", ET.tostring(root, encoding="unicode"))
        for node in root.iter(f"{SVG}text"):
            x, size = float(node.get("x")), float(node.get("font-size"))
            wide = measure.width("".join(node.itertext()), size, bold=node.get("font-weight") == "700")
            left = {"end": x - wide, "middle": x - wide / 2}.get(node.get("text-anchor", ""), x)
            assert left >= 0
            assert left + wide <= frame.WIDTH + 1, "".join(node.itertext())
            assert 0 < float(node.get("y")) <= frame.HEIGHT


def test_present_mode_writes_large(demo_store):
    for name in STORIES:
        for slide in built(demo_store, name, "vi").slides:
            root = ET.fromstring(picture.svg(slide, LIGHT, source=False))
            sizes = [float(node.get("font-size")) for node in root.iter(f"{SVG}text")]
            assert min(sizes) >= 14
            assert sorted(sizes)[len(sizes) // 2] >= 20


def test_a_map_draws_each_commune_by_code_and_says_its_number(demo_store):
    slide = built(demo_store, "overview", "vi").slides[2]
    area = slide.parts[0]
    assert isinstance(area, AreaMap)
    root = ET.fromstring(picture.svg(slide, LIGHT))
    drawn = {node.get("data-code"): node for node in root.iter(f"{SVG}path") if node.get("data-code")}
    assert set(drawn) == set(area.codes)
    for code, name, text in zip(area.codes, area.names, area.texts, strict=True):
        assert drawn[code].find(f"{SVG}title").text == f"{name}: {text}"


def test_bars_say_their_numbers(demo_store):
    slide = next(s for s in built(demo_store, "overview", "vi").slides if s.spec.kind == "balance")
    chart = slide.parts[0]
    assert isinstance(chart, Chart)
    root = ET.fromstring(picture.svg(slide, LIGHT))
    texts = {"".join(node.itertext()) for node in root.iter(f"{SVG}text")}
    for i in range(len(chart.categories)):
        assert " / ".join(one.texts[i] for one in chart.series) in texts


def test_png_is_full_size_and_shows_every_sign(demo_store, capfd):
    slide = built(demo_store, "commitments", "vi").slides[1]
    image = Image.open(io.BytesIO(picture.png(slide, LIGHT)))
    assert image.size == (1920, 1080)
    assert "No fonts" not in capfd.readouterr().err


def test_the_command_writes_pictures(demo, tmp_path):
    for name in ("a.svg", "a.png"):
        out = tmp_path / name
        assert main(["picture", "--slide", "map:staffing_gap", "--year", "2024", "--out", str(out)]) == 0
        assert out.stat().st_size > 10_000
    assert "font-face" in (tmp_path / "a.svg").read_text("utf-8")
    out = tmp_path / "b.svg"
    assert main(["picture", "--slide", "map:happiness", "--out", str(out)]) == 2
    assert not out.exists()


def test_all_provinces_draw_too(demo_store):
    slide = built(demo_store, "overview", "en", replace(SCOPE, province="all")).slides[2]
    assert len(picture.svg(slide, LIGHT)) < 1_500_000


@given(st.text(max_size=80), st.floats(20, 400), st.floats(12, 120))
def test_a_fitted_text_fits(text, room, height):
    size, lines = measure.fit(text, room, height, 24, smallest=8)
    assert 8 <= size <= 24
    if height >= 8 * measure.LEADING:
        assert len(lines) * size * measure.LEADING <= height + 1
    for line in lines:
        assert measure.width(line, size) <= max(room, measure.width("…", size))
