"""The talk as one file: it holds everything, asks for nothing, and a story file makes it as well."""

from __future__ import annotations

import json
import re
from html import escape

import pytest

from data.store import open_store
from tests.asgi import get
from tests.ui.export.samples import SCOPE
from ui.export import share, story, talk
from ui.export.command import main
from ui.export.parts import Spec
from ui.i18n import LANGUAGES
from ui.results import Results
from ui.theme import LIGHT


def told_in(page: str) -> dict:
    [text] = re.findall(r'<script type="application/json" id="talk">(.*?)</script>', page, re.S)
    return json.loads(text)


def test_the_command_writes_one_file_that_names_no_address(demo, tmp_path):
    out = tmp_path / "talk.html"
    asked = ["--province", "92", "--year", "2024", "--lang", "en", "--out", str(out)]
    assert main(["talk", *asked]) == 0
    page = out.read_text("utf-8")
    told = told_in(page)
    assert told["lang"] == "en"
    assert {len(told["slides"][lang]) for lang in LANGUAGES} == {12}
    assert all(slide["notes"] for lang in LANGUAGES for slide in told["slides"][lang])
    assert len(page.encode()) < 2_000_000
    addresses = set(
        re.findall(r"https?://[^\s\"'<>`)]+", re.sub(r"<script type=\"application.*?</script>", "", page))
    )
    assert addresses <= {"http://www.w3.org/2000/svg"}
    assert re.findall(r"\ssrc=|@import|url\((?!data:)", page) == []


def test_the_whole_six_provinces_stay_under_two_megabytes(demo, tmp_path):
    out = tmp_path / "talk.html"
    assert main(["talk", "--province", "all", "--year", "2024", "--out", str(out)]) == 0
    assert out.stat().st_size < 2_000_000


def test_a_slide_cannot_end_the_script_it_stands_in(demo_store):
    results = Results(open_store(demo_store).current())
    title = "</script><script>alert(1)</script> ~0"
    specs = (Spec("cover", "overview", SCOPE, title=title),)
    page = talk.html(talk.talk(results, specs, code="x", lang="en", theme=LIGHT)).decode()
    assert "alert(1)</script>" not in page
    assert escape(title, quote=False) in told_in(page)["slides"]["en"][0]["svg"]


def test_a_saved_story_file_makes_a_talk_and_a_deck(demo, tmp_path, capsys):
    specs = (Spec("cover", "overview", SCOPE, title="Our own opening"), *story.specs("overview", SCOPE)[2:4])
    kept = tmp_path / "own.json"
    kept.write_text(share.to_json(specs, "000000000000"), "utf-8")
    out = tmp_path / "talk.html"
    assert main(["talk", "--story", str(kept), "--lang", "en", "--out", str(out)]) == 0
    assert "000000000000" in capsys.readouterr().err  # the numbers are of another snapshot
    told = told_in(out.read_text("utf-8"))
    assert len(told["slides"]["vi"]) == 3
    assert "Our own opening" in told["slides"]["en"][0]["svg"]
    assert main(["deck", "--story", str(kept), "--lang", "en", "--out", str(tmp_path / "deck.pptx")]) == 0
    assert (tmp_path / "deck.pptx").stat().st_size > 10_000


@pytest.mark.parametrize("content", [None, b"{}", b"\xff\xfe", b'{"atlas_story": 1}'])
def test_a_file_that_is_no_story_is_refused_in_both_languages(demo, tmp_path, capsys, content):
    kept = tmp_path / "own.json"
    if content is not None:
        kept.write_bytes(content)
    out = tmp_path / "talk.html"
    assert main(["talk", "--story", str(kept), "--out", str(out)]) == 2
    vietnamese, english = capsys.readouterr().err.splitlines()
    assert str(kept) in vietnamese
    assert f"{kept} is no story file" in english
    assert not out.exists()


def test_the_file_without_a_talk_is_served_under_the_name_of_its_content():
    status, head, _ = get(talk.routes(), talk.address())
    assert status == 200
    assert head["content-encoding"] == "gzip"
    assert "immutable" in head["cache-control"]
    assert talk.shell().count("null/*talk*/") == 1


def test_every_mark_of_a_chart_says_its_number(demo_store):
    results = Results(open_store(demo_store).current())
    found = {}
    for spec in story.specs("overview", SCOPE):
        [slide] = talk.made(results, spec, "en").slides
        told = talk.talk(results, (spec,), code="x", lang="en", theme=LIGHT)
        tips = re.findall(r"<title>(.*?)</title>", told["slides"]["en"][0]["svg"])[1:]
        found[spec.kind, spec.name] = (slide.parts, tips)
    [chart] = found["balance", ""][0]
    bars = [
        escape(f"{name} · {one.name}: {text}", quote=False)
        for one in chart.series
        for name, text in zip(chart.categories, one.texts, strict=True)
    ]
    assert sorted(bars) == sorted(found["balance", ""][1])
    [lines] = found["trend", "stations_with_doctor"][0]
    known = sum(value is not None for one in lines.series for value in one.values)
    assert len(found["trend", "stations_with_doctor"][1]) == known
    [funnel] = found["funnel", "doctors_per_10000"][0]
    dots = sum(len(one.xs) for one in funnel.series if not one.line)
    tips = found["funnel", "doctors_per_10000"][1]
    assert len(tips) == dots
    assert all(re.search(r": [\d.]+$", tip) for tip in tips)
