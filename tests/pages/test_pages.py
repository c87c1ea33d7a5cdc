"""Every page in every language and geography: it renders, in the language asked for, without an error."""

from __future__ import annotations

import gzip
import json
import re
from base64 import b64decode
from html import unescape
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from answers.words import LANGUAGES, catalogue
from tests.ui.test_i18n import foreign
from ui.shell import PAGES, ROOT

GEOGRAPHIES = {"legacy": ("commune", "district"), "current": ("commune",)}
VIEWS = [(geography, level) for geography, levels in GEOGRAPHIES.items() for level in levels]


def open_page(name: str, **params: str) -> AppTest:
    at = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60)
    for key, value in params.items():
        at.query_params[key] = value
    at.run()
    at.switch_page(f"pages/{name}/page.py").run()
    return at


MISSING_AS_TEXT = re.compile(r"<NA>|\bNaN\b|(?<![\w.])nan\b|\bNaT\b|>None<|\binf\b")


def told(element: Any) -> dict[str, Any]:
    """Return what one of our components is told."""
    return json.loads(gzip.decompress(b64decode(json.loads(element.proto.json))))


def said(at: AppTest) -> str:
    """Return all text of a page: HTML, widgets' labels and options, tabs, chart titles."""
    parts = [element.proto.body for element in at.get("html")]
    parts += [told(element).get("alt", "") for element in at.get("bidi_component")]
    for kind in ("button", "selectbox", "button_group", "download_button", "page_link", "tab"):
        parts += [str(getattr(element, "label", "")) for element in at.get(kind)]
    return re.sub(r"<style>.*?</style>", "", "\n".join(parts), flags=re.S)


@pytest.mark.usefixtures("demo")
@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize(("geography", "level"), VIEWS)
@pytest.mark.parametrize("name", PAGES)
def test_page(name, geography, level, lang):
    at = open_page(name, province="92", geography=geography, level=level, lang=lang)
    assert not at.exception
    assert not at.error, [error.value for error in at.error]
    text = said(at)
    assert 'class="headline"' in text
    other = "vi" if lang == "en" else "en"
    foreign = [
        message
        for key, message in catalogue(other).items()
        if isinstance(message, str)
        and len(message) > 15
        and "{" not in message
        and message != catalogue(lang)[key]
        and f">{message}<" in text
    ]
    assert foreign == []


@pytest.mark.usefixtures("demo")
@pytest.mark.parametrize("name", PAGES)
def test_page_of_all_provinces(name):
    at = open_page(name, province="all", geography="current", lang="vi")
    assert not at.exception
    assert not at.error


@pytest.mark.usefixtures("demo")
@pytest.mark.parametrize(("shape", "kind"), [("map", ""), ("hexagons", "-hex"), ("columns", None)])
def test_the_map_is_drawn_as_asked(shape, kind):
    at = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60)
    at.query_params["province"] = "92"
    at.session_state["overview.shape"] = shape
    at.run()
    assert not at.exception
    decks = [json.loads(element.proto.json) for element in at.get("deck_gl_json_chart")]
    drawn = "".join(told(element).get("figure", "") for element in at.get("bidi_component"))
    if kind is None:
        assert [layer["id"] for layer in decks[0]["layers"]][-1] == "columns"
    else:
        assert not decks
        assert f"legacy-commune-92{kind}." in drawn


@pytest.mark.usefixtures("demo")
def test_of_too_many_units_there_are_no_hexagons_and_no_columns():
    at = AppTest.from_file(str(ROOT / "app.py"), default_timeout=120)
    for name, value in {"province": "nation", "geography": "legacy", "level": "commune"}.items():
        at.query_params[name] = value
    at.session_state["overview.shape"] = "hexagons"
    at.run()
    assert not at.exception
    assert at.session_state["overview.shape"] == "map"


PINNED = {
    "overview": (
        {"province": "nation", "geography": "current", "level": "province"},
        {"export.overview.figures": ("cards", "overview")},
    ),
    "targets": ({"province": "92"}, {"export.commitments.figures": ("cards", "commitments")}),
    "commune": (
        {"unit": "31120"},
        {"commune.figures": ("cards", "unit"), "commune.where": ("where", "")},
    ),
}


@pytest.mark.usefixtures("demo")
@pytest.mark.parametrize("name", PINNED)
def test_a_page_s_figures_and_small_map_are_pinned_with_its_scope(name):
    params, pinned = PINNED[name]
    at = open_page(name, **params)
    for key in pinned:
        at.button(key=key).click().run()
    assert not at.exception
    specs = at.session_state["present.pins"]
    assert [(spec.kind, spec.name) for spec in specs] == list(pinned.values())
    for spec in specs:
        assert params.items() <= spec.scope.params().items()


@pytest.mark.usefixtures("demo")
def test_a_link_that_does_not_fit_is_explained():
    at = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60)
    at.query_params["year"] = "1999"
    at.query_params["lang"] = "en"
    at.run()
    assert [info.value for info in at.info if "year" in info.value]


def test_an_empty_store_says_what_to_do(tmp_path, monkeypatch):
    monkeypatch.setenv("ATLAS_STORE", str(tmp_path))
    at = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60).run()
    assert not at.exception
    assert "python -m data" in at.warning[0].value


@pytest.mark.usefixtures("demo")
def test_a_failing_page_tells_the_visitor_and_logs_the_rest(monkeypatch, caplog):
    monkeypatch.setattr("answers.summary.overview_cards", lambda *_: 1 / 0)
    at = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60).run()
    assert not at.exception
    [error] = at.error
    reference = re.search(r"[0-9a-f]{8}", error.value)
    assert reference
    assert "ZeroDivisionError" not in error.value
    assert reference.group() in caplog.text
    assert "ZeroDivisionError" in caplog.text


@pytest.mark.usefixtures("demo")
def test_every_illustrative_page_wears_its_badge():
    for name in PAGES:
        assert "badge illustrative" in said(open_page(name, lang="en"))


def read(html: str) -> str:
    """Return what is read of a page's HTML: no tags, no attributes but alternative texts."""
    html = re.sub(r"<code>.*?</code>", " ", html, flags=re.S)  # what is typed as it stands
    told = " ".join(re.findall(r'(?:alt|title|aria-label)="([^"]*)"', html))
    return unescape(re.sub(r"<[^>]+>", " ", re.sub(r"<svg.*?</svg>", " ", html, flags=re.S)) + " " + told)


@pytest.mark.usefixtures("demo")
@pytest.mark.parametrize("name", PAGES)
def test_a_vietnamese_page_has_no_english_word_no_key_and_no_missing_value_as_text(name):
    at = open_page(name, province="92", geography="legacy", level="commune", lang="vi")
    text = read(said(at))
    if name != "data":  # where file formats, their columns and commands are told
        assert foreign(text) == []
    assert MISSING_AS_TEXT.findall(text) == []


@pytest.mark.usefixtures("demo")
@pytest.mark.parametrize("page", ["staffing", "compliance", "pilots", "targets", "commune", "data"])
def test_no_tab_writes_a_missing_value_as_text(page):
    at = open_page(page, province="92", geography="legacy", lang="vi", unit="31117")
    tabs = [tab.label for tab in at.tabs]
    for label in tabs:
        at.session_state[f"{page}.tabs"] = label
        at.run()
        assert not at.exception
        assert MISSING_AS_TEXT.findall(unescape(said(at))) == [], label
