"""The app as a visitor meets it: every page by deep link, offline, on a desk and on a phone, light and dark."""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

import pytest

from tests.browser.conftest import SCREENSHOTS
from ui.shell import PAGES

DESK, PHONE = (1440, 900), (390, 844)
SIZES = {"desk": DESK, "phone": PHONE}
VIEW = "() => document.querySelector('.js-plotly-plot')._fullLayout.map._subplot.map.getZoom()"
READY = "() => document.querySelector('.js-plotly-plot')?._fullLayout?.map?._subplot?.map?.loaded()"


class Visit:
    """A page open in a browser, with every request it made."""

    def __init__(self, browser, url: str, size: tuple[int, int] = DESK, scheme: str = "light") -> None:
        self.url = url
        self.context = browser.new_context(
            viewport={"width": size[0], "height": size[1]}, color_scheme=scheme, locale="vi-VN"
        )
        self.page = self.context.new_page()
        self.page.set_default_timeout(60_000)
        self.requests: list[str] = []
        self.page.on("request", lambda request: self.requests.append(request.url))
        self.page.on("websocket", lambda socket: self.requests.append(socket.url))

    def open(self, path: str) -> Visit:
        self.page.goto(self.url + path)
        self.page.wait_for_selector(".headline", timeout=90_000)
        self.settle()
        return self

    def settle(self) -> None:
        """Wait until nothing runs and nothing is drawn any more."""
        self.page.wait_for_selector(
            '[data-testid="stApp"][data-test-script-state="notRunning"]', timeout=90_000
        )
        self.page.wait_for_load_state("networkidle")
        self.page.wait_for_timeout(400)

    def outside(self) -> list[str]:
        home = urlsplit(self.url).netloc
        return [
            url for url in self.requests
            if urlsplit(url).scheme in ("http", "https", "ws", "wss") and urlsplit(url).netloc != home
        ]  # fmt: skip

    def param(self, name: str) -> str | None:
        return parse_qs(urlsplit(self.page.url).query).get(name, [None])[0]

    def __enter__(self) -> Visit:
        return self

    def __exit__(self, *_: object) -> None:
        self.context.close()


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("name", PAGES)
def test_every_page_opens_by_deep_link_with_the_whole_shell_and_asks_no_other_host(
    browser, app_url, name, scheme, size
):
    lang = "en" if scheme == "dark" else "vi"
    with Visit(browser, app_url, SIZES[size], scheme).open(f"/{name}?lang={lang}") as visit:
        page = visit.page
        assert page.locator('[data-testid="stAlert"], [data-testid="stException"]').count() == 0
        assert page.locator('[data-testid="stSidebarNav"]').count() == 1
        assert page.get_by_text("Page not found").count() == 0
        overflow = page.evaluate("document.documentElement.scrollWidth - innerWidth")
        assert overflow <= 0, "the page scrolls sideways"
        SCREENSHOTS.mkdir(exist_ok=True)
        page.screenshot(path=SCREENSHOTS / f"{name}-{lang}-{scheme}-{size}.png")
        assert visit.outside() == []
        assert visit.param("province") == "92"


def test_the_root_leads_to_the_overview(browser, app_url):
    with Visit(browser, app_url).open("/?lang=en") as visit:
        assert urlsplit(visit.page.url).path == "/overview"


def test_the_font_that_holds_vietnamese_is_our_own(browser, app_url):
    with Visit(browser, app_url).open("/overview") as visit:
        assert visit.page.evaluate("document.fonts.check('16px \"Be Vietnam Pro\"', 'Ổ')")
        assert any("be-vietnam-pro-vietnamese" in url for url in visit.requests)


def test_the_map_is_fetched_once_by_url_and_kept(browser, app_url):
    with Visit(browser, app_url).open("/overview") as visit:
        visit.page.wait_for_function(READY)
        fetched = [url for url in visit.requests if "/geometry/" in url]
        assert fetched
        again = visit.page.evaluate(
            "url => fetch(url).then(r => [r.status, r.headers.get('cache-control'), r.headers.get('etag')])",
            fetched[0],
        )
        assert again[0] == 200
        assert "immutable" in again[1]
        assert again[2]


def test_a_click_in_the_list_chooses_a_unit_in_the_url_and_shows_its_trend(browser, app_url):
    with Visit(browser, app_url).open("/overview") as visit:
        row = visit.page.locator(".units tbody tr").nth(3)
        code = row.get_attribute("data-code")
        row.click()
        visit.page.wait_for_selector(".units tr.selected")
        visit.settle()
        assert visit.param("unit") == code
        assert visit.page.locator(".units tr.selected").get_attribute("data-code") == code
        visit.page.get_by_role("link", name="Mở hồ sơ").click()
        visit.page.wait_for_url("**/commune*")
        visit.settle()
        assert visit.param("unit") == code


def test_a_click_on_the_map_chooses_a_unit_and_the_list_follows(browser, app_url):
    with Visit(browser, app_url).open("/overview") as visit:
        visit.page.wait_for_function(READY)
        visit.page.wait_for_timeout(500)
        box = visit.page.locator(".js-plotly-plot").first.bounding_box()
        visit.page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
        visit.page.wait_for_selector(".units tr.selected", timeout=60_000)
        visit.settle()
        assert visit.param("unit") == visit.page.locator(".units tr.selected").get_attribute("data-code")


def test_the_zoom_survives_a_change_of_indicator(browser, app_url):
    with Visit(browser, app_url).open("/overview") as visit:
        page = visit.page
        page.wait_for_function(READY, timeout=60_000)
        at_first = page.evaluate(VIEW)
        box = page.locator(".js-plotly-plot").first.bounding_box()
        page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
        page.mouse.wheel(0, -400)
        page.wait_for_function(f"before => ({VIEW})() > before + 0.2", arg=at_first)
        page.wait_for_timeout(1000)
        zoomed = page.evaluate(VIEW)
        page.locator('[data-testid="stMain"] [data-testid="stSelectbox"] input').first.click()
        page.get_by_role("option").nth(2).click()
        visit.settle()
        page.wait_for_timeout(1500)
        assert abs(page.evaluate(VIEW) - zoomed) < 0.01


def test_two_maps_move_together_and_come_back(browser, app_url):
    views = """() => [...document.querySelectorAll('.js-plotly-plot')].slice(0, 2).map(plot => {
      const map = plot._fullLayout?.map?._subplot?.map;
      return map?.loaded() ? [map.getZoom(), map.getCenter().lng, map.getCenter().lat] : null; })"""
    both = f"() => {{ const at = ({views})(); return at.length === 2 && at.every(Boolean); }}"
    alike = f"() => {{ const [a, b] = ({views})(); return a && b && a.every((x, i) => Math.abs(x - b[i]) < 0.01); }}"
    with Visit(browser, app_url).open("/overview") as visit:
        page = visit.page
        page.get_by_text("So sánh", exact=True).click()
        page.wait_for_function(both)
        page.wait_for_timeout(1000)
        home = page.evaluate(views)[0]
        box = page.locator(".js-plotly-plot").first.bounding_box()
        page.mouse.move(box["x"] + box["width"] / 3, box["y"] + box["height"] / 3)
        page.mouse.wheel(0, -400)
        page.wait_for_function(f"zoom => ({views})()[1]?.[0] > zoom + 0.2", arg=home[0])
        page.wait_for_function(alike)
        page.get_by_role("button", name="Xem lại toàn bộ bản đồ").first.click()
        page.wait_for_function(
            f"zoom => ({views})().every(one => one && Math.abs(one[0] - zoom) < 0.01)", arg=home[0]
        )
        page.wait_for_function(alike)


def test_names_are_written_on_the_map_and_keep_clear_of_the_legend(browser, app_url):
    written = """() => { const canvas = document.querySelector('.atlas-plot > canvas'), ratio = devicePixelRatio;
      const pen = canvas.getContext('2d'), frame = canvas.getBoundingClientRect();
      const inked = (...rect) => pen.getImageData(...rect.map(side => side * ratio)).data.some(Boolean);
      const legend = document.querySelector('.atlas-plot .annotation').getBoundingClientRect();
      return [inked(0, 0, frame.width, frame.height),
              inked(legend.x - frame.x, legend.y - frame.y, legend.width, legend.height)]; }"""
    with Visit(browser, app_url).open("/overview") as visit:
        visit.page.wait_for_function(READY)
        visit.page.wait_for_function(f"() => ({written})()[0]")
        assert visit.page.evaluate(written) == [True, False]


def test_search_in_the_list_needs_no_diacritics(browser, app_url):
    with Visit(browser, app_url).open("/overview") as visit:
        visit.page.locator(".units input").fill("thanh tien")
        names = visit.page.locator(".units tbody .name").all_inner_texts()
        assert "Xã Thạnh Tiến" in names


def test_a_copied_link_opens_the_same_view_in_another_session(browser, app_url):
    with Visit(browser, app_url).open(
        "/staffing?province=94&geography=legacy&level=district&year=2022&lang=en"
    ) as one:
        copied = urlsplit(one.page.url)
        headline = one.page.inner_text(".headline")
    with Visit(browser, app_url).open(f"{copied.path}?{copied.query}") as two:
        assert two.page.inner_text(".headline") == headline
        assert {name: two.param(name) for name in ("province", "level", "year", "lang")} == {
            "province": "94", "level": "district", "year": "2022", "lang": "en",
        }  # fmt: skip


def test_the_communes_in_force_are_one_click_away(browser, app_url):
    with Visit(browser, app_url).open("/overview") as visit:
        visit.page.get_by_role("radio", name="Hiện hành").or_(
            visit.page.get_by_text("Hiện hành")
        ).first.click()
        visit.page.wait_for_function("location.search.includes('geography=current')")
        visit.settle()
        assert visit.param("province") == "92"
        assert visit.page.locator(".units tbody tr").count() == 103


def test_the_scope_survives_a_change_of_page(browser, app_url):
    with Visit(browser, app_url).open("/overview?province=94&year=2023&lang=en") as visit:
        visit.page.locator('[data-testid="stSidebarNavLink"]', has_text="Staffing").click()
        visit.page.wait_for_url("**/staffing*")
        visit.settle()
        visit.page.wait_for_function("location.search.includes('province=94')")
        assert (visit.param("province"), visit.param("year")) == ("94", "2023")


def test_the_map_returns_no_outside_request_after_use(browser, app_url):
    with Visit(browser, app_url).open("/staffing") as visit:
        visit.page.mouse.move(500, 600)
        visit.page.mouse.wheel(0, 300)
        visit.settle()
        assert visit.outside() == []
