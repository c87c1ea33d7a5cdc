"""Present mode in a real browser: keys move, nothing else shows, nothing leaves, the story survives."""

from __future__ import annotations

from typing import Any

import pytest

from bench.export import seen_after

PATH = "/present?province=92&geography=legacy&level=commune&year=2024&lang=vi"
SHOWN = "div.stage .slide.shown svg > title"


def opened(browser: Any, address: str, *, size: tuple[int, int] = (1280, 720), scheme: str = "light") -> Any:
    context = browser.new_context(viewport={"width": size[0], "height": size[1]}, color_scheme=scheme)
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    page = context.new_page()
    page.goto(address)
    page.wait_for_selector("ol.strip li:nth-child(12) svg", timeout=60_000)
    page.wait_for_load_state("networkidle")
    page.wait_for_timeout(1000)  # a presenter does not press before the page stands
    return page


@pytest.mark.parametrize(("size", "scheme"), [((1280, 720), "light"), ((1920, 1080), "dark")])
def test_keys_move_full_screen_and_no_other_host_is_asked(browser, app_url, size, scheme):
    page = opened(browser, app_url + PATH, size=size, scheme=scheme)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    assert seen_after(page, "press") < 1
    first = page.locator(SHOWN).text_content()
    seen = {}
    for key in ("ArrowRight", "PageDown", "Space", "PageUp", "ArrowLeft", "End", "Home"):
        page.keyboard.press(key)
        seen[key] = page.locator(SHOWN).text_content()
    assert seen["Home"] == first
    assert seen["ArrowRight"] == seen["ArrowLeft"] != first
    assert len({first, seen["ArrowRight"], seen["Space"], seen["End"]}) == 4
    page.keyboard.press("ArrowRight")
    assert "xã" in page.locator(SHOWN).text_content()
    page.keyboard.press("l")
    assert "communes" in page.locator(SHOWN).text_content()
    box = page.locator("div.stage").bounding_box()
    assert (box["width"], box["height"]) == size
    over = "(([x, y]) => document.elementFromPoint(x, y).closest('[data-testid=stSidebar], header') === null)"
    assert page.evaluate(f"[[20, 100], [200, 20], [{size[0] - 10}, 10]].every({over})")
    assert asked == []
    page.keyboard.press("Escape")
    page.locator("div.stage").wait_for(state="hidden")
    page.context.close()


def test_a_changed_story_survives_a_reload_and_travels_by_link(browser, app_url):
    page = opened(browser, app_url + PATH)
    page.locator("ol.strip input").first.fill("Mở đầu hội nghị")
    page.keyboard.press("Tab")
    first = page.locator("ol.strip li svg > title").first
    page.wait_for_timeout(300)
    page.get_by_role("button", name="Bỏ trang này").nth(1).click()
    page.locator("ol.strip li").nth(11).wait_for(state="detached", timeout=30_000)
    assert first.text_content() == "Mở đầu hội nghị"
    page.get_by_role("button", name="Sao chép liên kết").click()
    page.get_by_text("Đã sao chép").wait_for()
    link = page.evaluate("navigator.clipboard.readText()")
    page.reload()
    for address in (None, link):
        again = page
        if address:
            again = browser.new_context().new_page()
            again.goto(address)
        again.wait_for_selector("ol.strip li:nth-child(11) svg", timeout=60_000)
        again.locator("ol.strip li").nth(11).wait_for(state="detached", timeout=30_000)
        assert again.locator("ol.strip li svg > title").first.text_content() == "Mở đầu hội nghị"
        again.context.close()


def test_a_broken_link_keeps_the_present_story(browser, app_url):
    page = opened(browser, f"{app_url}{PATH}#story=nonsense")
    page.get_by_text("không chứa bài trình chiếu").wait_for(timeout=30_000)
    assert page.locator("ol.strip li").count() == 12
    page.context.close()


def test_what_is_pinned_while_browsing_is_presented(browser, app_url):
    page = browser.new_context(viewport={"width": 1440, "height": 1000}).new_page()
    page.goto(f"{app_url}/staffing{PATH.removeprefix('/present')}")
    pin = page.locator(".atlas-plot button[aria-pressed]").first
    pin.wait_for(state="attached", timeout=60_000)
    page.locator(".atlas-plot").first.hover()
    pin.click()
    page.locator(".atlas-plot button[aria-pressed=true]").first.wait_for(timeout=30_000)
    page.get_by_role("link", name="Trình chiếu").first.click()
    page.get_by_role("combobox", name="Bài trình chiếu").click(timeout=60_000)
    page.locator("ol.strip li").nth(1).wait_for(timeout=60_000)  # the whole story, before the pins alone
    page.get_by_text("Các trang đã ghim").click()
    page.locator("ol.strip li").nth(1).wait_for(state="detached", timeout=60_000)
    page.locator("ol.strip li").first.wait_for(timeout=60_000)
    [kept] = page.locator("ol.strip li .side strong").all_text_contents()
    assert kept == "1. Bản đồ: Thừa hoặc thiếu nhân lực so với định mức"
    page.context.close()


def test_the_story_of_the_clinics_is_chosen_from_the_list(browser, app_url):
    page = opened(browser, app_url + PATH)
    page.get_by_role("combobox", name="Bài trình chiếu").click()
    page.get_by_text("Phòng khám bác sĩ gia đình").click()
    page.locator("ol.strip li").nth(9).wait_for(state="detached", timeout=120_000)
    assert page.locator("ol.strip li svg").count() == 9
    page.context.close()
