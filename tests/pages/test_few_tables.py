"""A province that has loaded a few tables only: what is known is shown, what is not is said, nothing fails."""

from __future__ import annotations

from dataclasses import replace

import pytest
from streamlit.testing.v1 import AppTest

from answers import format as fmt
from answers import story, summary
from answers.kept import geometry
from answers.results import Results
from answers.words import LANGUAGES, language
from data.store import open_store
from tests.pages.test_pages import open_page, said
from tests.ui.export.test_kinds import SPECS
from ui.draw import pdf
from ui.draw.xlsx import workbook
from ui.shell import PAGES, ROOT

PLACES = ("units", "crosswalk", "stations")
LOADED = {
    "stations": PLACES,
    "staffing": (*PLACES, "staffing"),
    "criteria": (*PLACES, "criteria_scores"),
    "people": (*PLACES, "population", "insurance", "targets"),
}


@pytest.fixture(scope="module", params=LOADED)
def few(request, demo_store, tmp_path_factory):
    """Return the folder of a store that holds these tables and no other."""
    whole = open_store(demo_store).current()
    folder = tmp_path_factory.mktemp(request.param)
    tables = {name: (whole.frame(name), whole.tables[name].provenance) for name in LOADED[request.param]}
    open_store(folder).write(tables, message=request.param)
    return folder


@pytest.mark.parametrize("name", PAGES)
def test_every_page_shows_what_there_is(few, name, monkeypatch):
    monkeypatch.setenv("ATLAS_STORE", str(few))
    for params in ({"province": "92"}, {"unit": "31120", "geography": "current"}):
        at = open_page(name, lang="en", **params)
        assert not at.exception
        assert not at.error, [error.value for error in at.error]
        assert "nan" not in said(at).lower().split()


def test_what_nobody_reported_is_no_zero(few):
    results = Results(open_store(few).current())
    scope = replace(SPECS[0].scope, year=results.options.years[-1], unit=None)
    known = results.staffing("legacy", "commune")["status"].ne("unknown").any()
    with language("en"):
        for cards in (
            summary.overview_cards(results, scope),
            summary.staffing_cards(results, scope, "points"),
        ):
            shortage = cards[0]
            assert (shortage.figure == fmt.MISSING) is not known
            assert all(card.figure != "0" for card in cards)
            assert all(card.meaning == "no data yet" for card in cards if card.figure == fmt.MISSING)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_slide_is_made_or_told(few, lang):
    results = Results(open_store(few).current())
    years = results.options.years
    for geography in ("legacy", "current"):
        specs = [
            replace(spec, scope=replace(spec.scope, geography=geography, year=years[-1])) for spec in SPECS
        ]
        built = story.build(results, specs, lang)
        assert len(built.slides) + len(built.missing) == len(specs)
        assert all(reason for _, reason in built.missing)


def test_workbook_and_profile_are_written(few):
    results = Results(open_store(few).current())
    scope = replace(SPECS[0].scope, year=results.options.years[-1], unit="31120")
    with language("vi"):
        assert workbook(results, replace(scope, unit=None), lang="vi").startswith(b"PK")
        assert pdf.profile(results, scope, geometry()).startswith(b"%PDF")


def test_without_a_station_the_page_says_what_to_load(demo_store, tmp_path, monkeypatch):
    whole = open_store(demo_store).current()
    tables = {name: (whole.frame(name), whole.tables[name].provenance) for name in ("units", "population")}
    open_store(tmp_path).write(tables, message="people only")
    monkeypatch.setenv("ATLAS_STORE", str(tmp_path))
    at = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60).run()
    assert not at.exception
    assert "Trạm y tế" in at.warning[0].value
