"""A link to a station opens its profile with every part, and its commune on every other page."""

from __future__ import annotations

import pytest

from answers.words import LANGUAGES, catalogue
from tests.pages.test_pages import open_page, said
from ui.shell import PAGES

STATION = "TYT-31198"
TABS = ("facilities", "activity", "clinic", "commune")


@pytest.mark.usefixtures("demo")
@pytest.mark.parametrize("geography", ["legacy", "current"])
@pytest.mark.parametrize("name", [name for name in PAGES if name != "present"])
def test_every_page_opens_with_a_station_chosen(name, geography):
    at = open_page(name, province="all", geography=geography, lang="en", unit=STATION)
    assert not at.exception
    assert not at.error, [error.value for error in at.error]
    assert at.query_params["unit"] == [STATION] or at.query_params["unit"] == STATION


@pytest.mark.usefixtures("demo")
@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("tab", [*TABS, "staff", "criteria", "trends", "peers", "quality"])
def test_every_part_of_a_stations_profile_shows(tab, lang):
    key = f"station.tab.{tab}" if tab in TABS else f"profile.tab.{tab}"
    at = open_page("commune", lang=lang, unit=STATION)
    at.session_state["station.tabs"] = catalogue(lang)[key]
    at.run()
    assert not at.exception
    assert not at.error, [error.value for error in at.error]
    shown = said(at)
    assert "Trạm Y tế phường Thường Thạnh: 8 " in shown
    expected = {"facilities": "ultrasound", "activity": "home visits", "commune": "Phường Lê Bình"}
    if lang == "en" and tab in expected:
        assert expected[tab] in shown


@pytest.mark.usefixtures("demo")
@pytest.mark.parametrize("geography", ["legacy", "current"])
def test_next_previous_and_the_commune_of_a_station(geography):
    at = open_page("commune", geography=geography, lang="en", unit=STATION)
    at.button(key="commune.next").click().run()
    after = at.session_state["scope.station"]
    assert after not in (STATION, None)
    at.button(key="commune.previous").click().run()
    assert at.session_state["scope.station"] == STATION
    at.button(key="commune.of_station").click().run()
    assert at.session_state["scope.station"] is None
    assert at.session_state["scope.unit"] == ("31198" if geography == "legacy" else "31186")
    assert not at.exception


@pytest.mark.usefixtures("demo")
@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_year_before_scores_says_so(lang):
    at = open_page("commune", year="2020", lang=lang, unit=STATION)
    at.session_state["station.tabs"] = catalogue(lang)["profile.tab.criteria"]
    at.run()
    assert not at.exception
    assert str(catalogue(lang)["table.criteria_scores"]) in said(at)
