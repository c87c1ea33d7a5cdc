"""The sidebar's search: old and new names, with or without diacritics, and what became of them."""

from __future__ import annotations

import pytest
from streamlit.testing.v1 import AppTest

from answers.results import Results
from answers.words import language
from data.store import open_store
from ui import search
from ui.shell import ROOT


@pytest.fixture(scope="module")
def options(demo_store):
    return Results(open_store(demo_store).current()).options


@pytest.fixture(autouse=True)
def _vietnamese():
    with language("vi"):
        yield


@pytest.mark.parametrize("query", ["Phường An Khánh", "an khanh", "P. An Khánh", "AN KHANH ninh kieu"])
def test_a_name_is_found_however_it_is_typed(options, query):
    assert "31149" in set(search.found(query, options)["code"])


def test_only_provinces_with_stations_are_found_unless_the_page_shows_the_country(options):
    assert search.found("ba dinh", options).empty
    assert len(search.found("ba dinh", options, national=True))


def test_a_result_says_where_an_old_commune_went_and_what_a_new_one_is_made_of(options):
    old = search.found("31183", options).query("geography == 'legacy'").iloc[0]
    assert search.where(old).endswith("(trước 7/2025)")
    assert "Phường Long Tuyền" in search.fate(old)
    assert "(một phần)" in search.fate(old)
    new = search.found("31150", options)
    new = new[new["geography"].eq("current")].iloc[0]
    assert search.fate(new).startswith("Hình thành từ ")
    assert search.fate(search.found("ninh kieu", options).query("level == 'district'").iloc[0]) == ""


@pytest.mark.usefixtures("demo")
def test_choosing_a_result_opens_it_in_its_own_geography_and_province():
    at = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60)
    at.query_params.update({"province": "92", "geography": "legacy", "lang": "vi"})
    at.run()
    at.text_input(key=search.BOX).set_value("phu tan ben tre").run()
    assert not at.exception
    buttons = [one for one in at.button if (one.key or "").startswith("search.")]
    assert buttons
    buttons[0].click().run()
    assert not at.exception
    assert not at.error
    assert at.query_params["province"] == "83"
    assert at.query_params["unit"]
    assert at.text_input(key=search.BOX).value == ""


@pytest.mark.usefixtures("demo")
def test_a_commune_outside_the_provinces_with_data_opens_the_whole_country():
    at = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60)
    at.query_params.update({"lang": "vi"})
    at.run()
    at.text_input(key=search.BOX).set_value("thanh pho ha noi").run()
    next(one for one in at.button if (one.key or "").startswith("search.")).click().run()
    assert not at.exception
    assert not at.error
    assert at.query_params["province"] == "nation"
    at.switch_page("pages/staffing/page.py").run()
    assert not at.error
    assert at.query_params["province"] == "all", "a page about stations falls back to the provinces with data"
