"""The talk as a file: opened from disk with the network off it is the whole talk, presenter's window included."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from data.store import open_store
from tests.browser.test_present import PATH, SHOWN, opened
from tests.browser.test_talk import COUNT, FULL, pressed
from tests.ui.export.samples import SCOPE
from ui.export import story, talk
from ui.results import Results
from ui.theme import LIGHT


@pytest.fixture(scope="module")
def carried(demo_store: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    results = Results(open_store(demo_store).current())
    told = talk.talk(results, story.specs("overview", SCOPE), code="story", lang="vi", theme=LIGHT)
    path = tmp_path_factory.mktemp("carried") / "bài nói.html"
    path.write_bytes(talk.html(told))
    return path


@pytest.fixture
def page(browser: Any, carried: Path) -> Iterator[Any]:
    context = browser.new_context(viewport={"width": 1280, "height": 720}, offline=True)
    page = context.new_page()
    page.asked, page.failed = [], []
    page.on("request", lambda request: page.asked.append(request.url))
    page.on("pageerror", lambda error: page.failed.append(str(error)))
    page.goto(carried.as_uri())
    page.locator("main li:nth-child(12) svg").wait_for()
    yield page
    assert page.failed == []
    assert [url for url in page.asked if not url.startswith(("file:", "data:", "about:"))] == []
    context.close()


def test_it_presents_in_both_languages_and_comes_back_after_a_reload(page):
    page.get_by_role("button", name="Trình chiếu", exact=False).first.click()
    page.wait_for_function(FULL)
    assert pressed(page, "3", "Enter") == "3 / 12"
    area = page.locator("div.stage .slide.shown path[data-tip]").nth(20)
    area.hover(force=True)
    assert page.locator("div.stage .tip").text_content() == area.get_attribute("data-tip")
    page.keyboard.press("l")
    title = page.locator(SHOWN).text_content()
    page.reload()
    assert page.locator(SHOWN).text_content() == title
    assert page.locator(COUNT).text_content() == "3 / 12"
    page.get_by_text("Press any key").wait_for()
    page.keyboard.press("PageDown")
    page.wait_for_function(FULL)
    page.keyboard.press("Escape")
    page.locator("div.stage").wait_for(state="hidden")
    page.get_by_role("button", name="English").click()
    assert page.locator("html").get_attribute("lang") == "en"
    page.get_by_role("button", name="Present", exact=False).first.wait_for()


def test_it_has_the_presenters_window(page):
    with page.expect_popup() as found:
        page.get_by_role("button", name="kèm cửa sổ người trình bày").click()
    window = found.value
    window.keyboard.press("End")
    assert page.locator(COUNT).text_content() == "12 / 12"
    assert window.locator(".now svg > title").text_content() == page.locator(SHOWN).text_content()
    assert "Nguồn" in window.locator(".notes").text_content()
    assert (
        window.evaluate("document.fonts.load('16px \"Be Vietnam Pro\"', 'ữ').then(found => found.length)") > 0
    )


def test_its_letters_and_signs_are_its_own(page):
    loaded = "([letters, words]) => document.fonts.load(letters, words).then(found => found.map(one => one.status))"
    for letters, words in (("700 16px 'Be Vietnam Pro'", "Ắữa"), ("16px 'Atlas Signs'", "≥")):
        assert set(page.evaluate(loaded, [letters, words])) == {"loaded"}


def test_the_app_hands_out_the_very_same_talk(browser, app_url, tmp_path):
    page = opened(browser, app_url + PATH)
    with page.expect_download() as found:
        page.get_by_role("button", name="Tải bài thành một tệp").click()
    path = tmp_path / "talk.html"
    found.value.save_as(path)
    assert found.value.suggested_filename == "atlas-overview-vi.html"
    page.context.close()
    context = browser.new_context(offline=True)
    page = context.new_page()
    page.goto(path.as_uri())
    page.locator("main li button").nth(3).click()
    assert page.locator(COUNT).text_content() == "4 / 12"
    context.close()
