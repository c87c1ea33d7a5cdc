"""The talk before an audience: truly full screen, its keys, and what a reload or a lost server leaves standing."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import pytest

from bench._browser import ROOT, serving
from tests.browser.test_present import PATH, SHOWN, opened

FULL = """() => { const root = document.querySelector(".atlas-talk")?.shadowRoot;
  return Boolean(root && root.fullscreenElement?.classList.contains("stage")
    && document.fullscreenElement === root.host); }"""
COUNT = "div.stage .count"
WORD = "div.stage .word"


def begun(browser: Any, address: str, **how: Any) -> Any:
    page = opened(browser, address, **how)
    page.locator("button.begin").click()
    page.locator(SHOWN).wait_for(state="attached")
    return page


def pressed(page: Any, *keys: str) -> str:
    for key in keys:
        page.keyboard.press(key)
    return str(page.locator(COUNT).text_content())


def colours(page: Any) -> set[tuple[int, ...]]:
    """Return the colours on the screen, looked at in a few places."""
    from io import BytesIO

    from PIL import Image

    seen = Image.open(BytesIO(page.screenshot())).convert("RGB")
    return {
        seen.getpixel((seen.width * i // 10, seen.height * j // 10))
        for i in range(1, 10)
        for j in range(1, 10)
    }


def test_the_stage_is_the_browsers_full_screen_and_escape_ends_it(browser, app_url):
    page = begun(browser, app_url + PATH)
    page.wait_for_function(FULL)
    assert page.locator(WORD).is_hidden()
    page.keyboard.press("Escape")
    page.locator("div.stage").wait_for(state="hidden")
    page.wait_for_function("document.fullscreenElement === null")
    page.context.close()


def test_a_refusal_of_full_screen_is_said_and_the_talk_fills_the_window(browser, app_url):
    page = opened(browser, app_url + PATH)
    page.evaluate(
        "void (Element.prototype.requestFullscreen = () => Promise.reject(new TypeError('not allowed')))"
    )
    page.locator("button.begin").click()
    page.get_by_text("Trình duyệt không cho mở toàn màn hình").wait_for()
    assert pressed(page, "ArrowRight") == "2 / 12"
    box = page.locator("div.stage").bounding_box()
    assert (box["width"], box["height"]) == (1280, 720)
    page.keyboard.press("l")
    page.keyboard.press("f")
    page.get_by_text("The browser refused full screen").wait_for()
    page.context.close()


def test_a_clickers_start_button_moves_nothing_and_ends_nothing(browser, app_url):
    page = begun(browser, app_url + PATH)
    page.wait_for_function(FULL)
    page.evaluate("window.untouched = true")
    assert pressed(page, "ArrowRight", "F5", "Shift+F5", "F5") == "2 / 12"
    page.wait_for_timeout(500)
    assert page.evaluate("window.untouched")
    assert page.evaluate(FULL)
    page.context.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_b_is_black_and_w_is_white(browser, app_url, scheme):
    page = begun(browser, app_url + PATH, scheme=scheme)
    page.wait_for_function(FULL)
    for key, colour in (("b", 0), (".", 0), ("w", 255), (",", 255)):
        page.keyboard.press(key)
        assert colours(page) == {(colour,) * 3}, key
        page.keyboard.press(key)
        assert len(colours(page)) > 1
    page.keyboard.press("b")
    page.keyboard.press("w")
    assert colours(page) == {(255, 255, 255)}
    assert pressed(page, "ArrowRight") == "2 / 12"
    assert len(colours(page)) > 1
    page.context.close()


def test_the_keys_everyone_knows(browser, app_url):
    page = begun(browser, app_url + PATH)
    assert pressed(page, "End") == "12 / 12"
    assert pressed(page, "Home") == "1 / 12"
    for key, place in (("Space", 2), ("PageDown", 3), ("ArrowDown", 4), ("Enter", 5), ("PageUp", 4)):
        assert pressed(page, key) == f"{place} / 12", key
    assert pressed(page, "Backspace", "Shift+Space", "ArrowUp") == "1 / 12"
    assert pressed(page, "1", "1", "Enter") == "11 / 12"
    assert pressed(page, "9", "9", "Enter") == "12 / 12"
    assert pressed(page, "3", "ArrowLeft", "Enter") == "12 / 12"  # a number left behind is forgotten
    page.keyboard.press("Home")
    page.keyboard.press("g")
    assert page.locator("div.stage .grid button").count() == 12
    assert pressed(page, "ArrowRight", "ArrowRight", "Enter") == "3 / 12"
    assert page.locator("div.stage .grid").is_hidden()
    page.keyboard.press("g")
    page.keyboard.press("Escape")
    assert page.locator("div.stage .grid").is_hidden()
    assert page.locator("div.stage").is_visible()
    page.keyboard.press("p")
    page.mouse.move(300, 200)
    assert page.locator("div.stage .dot").bounding_box() == {"x": 289, "y": 189, "width": 22, "height": 22}
    page.context.close()


@pytest.mark.parametrize("size", [(390, 844), (1280, 720), (1920, 1080)])
def test_the_overviews_tiles_stand_apart_at_every_width(browser, app_url, size):
    page = begun(browser, app_url + PATH, size=size)
    page.keyboard.press("g")
    tiles = page.locator("div.stage .grid button")
    boxes = [tiles.nth(i).bounding_box() for i in range(12)]
    assert all(abs(box["height"] - box["width"] * 9 / 16) < 3 for box in boxes)
    apart = [
        one["x"] + one["width"] <= two["x"] or one["y"] + one["height"] <= two["y"]
        for one, two in pairwise(boxes)
    ]
    assert all(apart)
    assert boxes[0]["y"] == boxes[1]["y"]  # two beside each other even on a phone
    page.context.close()


def test_a_mark_says_its_number_under_the_pointer(browser, app_url):
    page = begun(browser, app_url + PATH)
    pressed(page, "3", "Enter")
    area = page.locator("div.stage .slide.shown path[data-tip]").nth(20)
    area.hover(force=True)
    assert page.locator("div.stage .tip").text_content() == area.get_attribute("data-tip")
    page.context.close()


def test_a_swipe_turns_the_page(browser, app_url):
    page = begun(browser, app_url + PATH)
    swipe = """([from, to]) => { const stage = document.querySelector(".atlas-talk").shadowRoot.querySelector(".stage");
      for (const [kind, x] of [["pointerdown", from], ["pointerup", to]]) stage.dispatchEvent(
        new PointerEvent(kind, { clientX: x, clientY: 300, pointerType: "touch", bubbles: true })); }"""
    for start, end, place in ((500, 300, 2), (500, 300, 3), (300, 500, 2), (300, 310, 2)):
        page.evaluate(swipe, [start, end])
        assert page.locator(COUNT).text_content() == f"{place} / 12"
    page.context.close()


def test_it_moves_on_by_itself_at_the_chosen_pace(browser, app_url):
    page = opened(browser, app_url + PATH)
    page.locator("select.paces").select_option("5")
    page.locator("button.begin").click()
    page.get_by_text("2 / 12").wait_for(timeout=9000)
    page.keyboard.press("a")
    page.keyboard.press("+")
    page.get_by_text("10 giây mỗi trang", exact=True).wait_for()
    page.wait_for_timeout(6000)
    assert page.locator(COUNT).text_content() == "2 / 12"
    page.context.close()


def test_a_reload_comes_back_to_the_same_slide_and_language(browser, app_url):
    page = begun(browser, app_url + PATH)
    pressed(page, "5", "Enter", "l")
    title = page.locator(SHOWN).text_content()
    assert "Staff missing" in title
    page.wait_for_function("location.hash.startsWith('#talk=')")
    page.reload()
    page.locator(SHOWN).wait_for(state="attached", timeout=60_000)
    assert page.locator(SHOWN).text_content() == title
    assert page.locator(COUNT).text_content() == "5 / 12"
    page.keyboard.press("ArrowRight")  # the first key may ask for full screen again
    page.wait_for_function(FULL)
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Trở lại bản đồ").click()
    page.wait_for_selector("ol.strip li:nth-child(12) svg", timeout=60_000)
    assert page.locator("div.stage").is_hidden()
    page.context.close()


def test_without_a_worker_the_app_itself_comes_back_to_the_slide(browser, app_url):
    context = browser.new_context(viewport={"width": 1280, "height": 720}, service_workers="block")
    page = context.new_page()
    page.goto(app_url + PATH)
    page.wait_for_selector("ol.strip li:nth-child(12) svg", timeout=60_000)
    page.wait_for_timeout(1500)
    page.locator("button.begin").click()
    pressed(page, "7", "Enter", "l")
    page.reload()
    page.get_by_text("7 / 12").wait_for(timeout=60_000)
    assert page.locator("div.stage").get_attribute("lang") == "en"
    context.close()


def test_the_presenters_window_keeps_in_step_and_its_notes_are_not_the_audiences(browser, app_url):
    page = opened(browser, app_url + PATH)
    with page.expect_popup() as found:
        page.get_by_role("button", name="kèm cửa sổ người trình bày").click()
    window = found.value
    page.get_by_text("Bấm phím bất kỳ").wait_for()
    page.locator("div.stage").click()  # the browser wants a gesture of its own for full screen
    page.wait_for_function(FULL)
    assert page.locator(COUNT).text_content() == "1 / 12"  # that click only gave the screen back
    page.keyboard.press("ArrowRight")
    slide, following = (window.locator(f".{one} svg > title") for one in ("now", "after"))
    shown = page.locator(SHOWN).text_content()
    assert (window.locator("header .place").text_content(), slide.text_content()) == ("2 / 12", shown)
    ahead = following.text_content()
    notes = window.locator(".notes")
    assert "Nguồn" in notes.text_content()
    assert page.locator("div.stage").get_by_text(notes.text_content()).count() == 0
    notes.click()
    assert page.locator(COUNT).text_content() == "2 / 12"
    window.keyboard.press("PageDown")
    assert page.locator(SHOWN).text_content() == slide.text_content() == ahead
    window.get_by_role("button", name="Trang sau").click()
    assert page.locator(COUNT).text_content() == "4 / 12"
    window.keyboard.press("F5")
    window.keyboard.press("g")
    window.locator(".grid button").nth(6).click()
    assert page.locator(COUNT).text_content() == "7 / 12"
    assert page.locator("div.stage .grid").is_hidden()
    window.keyboard.press("b")
    assert colours(page) == {(0, 0, 0)}
    window.keyboard.press("b")
    window.keyboard.press("l")
    assert window.locator("html").get_attribute("lang") == "en"
    assert window.get_by_role("heading", name="Next slide").is_visible()
    assert ":" in window.locator(".clock").text_content()
    before = window.locator(".spent").text_content()
    window.wait_for_timeout(1600)
    assert window.locator(".spent").text_content() > before
    window.keyboard.press("Escape")
    page.locator("div.stage").wait_for(state="hidden")
    page.wait_for_timeout(300)
    assert window.is_closed()
    page.context.close()


def test_a_reload_finds_the_presenters_window_again(browser, app_url):
    page = opened(browser, app_url + PATH)
    with page.expect_popup() as found:
        page.get_by_role("button", name="kèm cửa sổ người trình bày").click()
    window = found.value
    window.keyboard.press("End")
    page.wait_for_function("location.hash.startsWith('#talk=')")
    page.reload()
    page.get_by_text("12 / 12").wait_for(timeout=60_000)
    assert window.locator(".after").text_content() == "Đây là trang cuối."
    window.keyboard.press("Home")
    assert page.locator(COUNT).text_content() == "1 / 12"
    assert window.locator("header .place").text_content() == "1 / 12"
    assert len(page.context.pages) == 2
    page.context.close()


def test_a_window_the_browser_blocks_is_said(browser, app_url):
    page = begun(browser, app_url + PATH)
    page.evaluate("window.open = () => null")
    page.keyboard.press("n")
    page.get_by_text("Trình duyệt chặn cửa sổ người trình bày").wait_for()
    page.context.close()


@pytest.mark.parametrize("allowed", [True, False], ids=["full screen", "refused"])
def test_a_lost_server_leaves_the_talk_standing_even_over_a_reload(browser, demo_store, allowed):
    with serving(ROOT / "app.py", ATLAS_STORE=str(demo_store)) as url:
        page = opened(browser, url + PATH)
        if not allowed:
            page.evaluate("Element.prototype.requestFullscreen = undefined")
        page.locator("button.begin").click()
        pressed(page, "4", "Enter")
        page.wait_for_function("location.hash.startsWith('#talk=')")
    page.wait_for_timeout(4000)  # Streamlit notices, and says so in English
    over = """() => { const host = document.querySelector(".atlas-talk");
      return [...Array(99).keys()].every(i => document.elementFromPoint(
        innerWidth * (i % 11 + 0.5) / 11, innerHeight * (Math.floor(i / 11) + 0.5) / 9) === host); }"""
    assert page.evaluate(over)
    assert page.evaluate(FULL) == allowed
    assert pressed(page, "ArrowRight") == "5 / 12"
    title = page.locator(SHOWN).text_content()
    page.reload()
    assert page.locator(SHOWN).text_content() == title
    assert pressed(page, "ArrowRight") == "6 / 12"
    page.context.close()
