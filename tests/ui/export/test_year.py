"""A deck, a workbook and a brief of a year hold nothing that was known later."""

from __future__ import annotations

import datetime as dt
import io
import re
from dataclasses import replace
from functools import cache

import openpyxl
import pandas as pd
import pytest

from answers import story
from answers.figure import Spec
from answers.scope import Scope
from answers.targets import numbers as targets
from data import clock
from geo.webgeometry import GeometryStore
from tests.ui.export.samples import SCOPE, deck_bytes, opened, results
from ui.draw import pdf_brief
from ui.draw.xlsx import workbook

YEARS = (2023, 2024)
SCOPES = [SCOPE, replace(SCOPE, geography="current")]
YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")
PROMISES = {"commitments", "rollout"}
"""Kinds whose dates to come are deadlines."""
EVERY_KIND = [
    ("cards", "overview"), ("map", "staffing_gap"), ("ranking", "doctors_per_10000"),
    ("trend", "doctors_per_10000"), ("funnel", "doctors_per_10000"), ("table", "staffing_gap"), ("missing", ""),
    ("balance", ""), ("cadres", ""), ("standing", ""), ("blockers", ""), ("heat", ""), ("closest", ""),
    ("clinics", ""), ("headcount", ""), ("verdict_map", ""), ("combinations", ""), ("flow", ""),
    ("posts", ""), ("access", ""), ("norms", "doctor"), ("lorenz", "doctor"), ("inequality", "doctor"),
    ("stations", ""), ("cards", "pilots"), ("verdicts", ""), ("events", ""), ("opening", ""),
]  # fmt: skip


@cache
def deadlines(store) -> frozenset[int]:
    """The years something is due: the only later years that may be said, and only as deadlines."""
    rows = results(store).frame("targets")["deadline"].dropna()
    return frozenset(int(year) for year in rows.dt.year)


REFORM = re.compile(r"1/7/2025|1 July 2025")
"""The day that tells the two geographies apart is part of their names."""


def later(texts, year):
    said = (REFORM.sub("", text) for text in texts)
    return {int(found) for text in said for found in YEAR.findall(text) if int(found) > year}


def texts_of(slide):
    for shape in slide.shapes:
        if shape.has_text_frame:
            yield shape.text_frame.text
        if shape.has_table:
            yield from (cell.text for row in shape.table.rows for cell in row.cells)
        yield shape._element.xpath(".//p:cNvPr")[0].get("descr")


@pytest.mark.parametrize("year", YEARS)
@pytest.mark.parametrize("scope", SCOPES, ids=lambda scope: scope.geography)
@pytest.mark.parametrize("name", story.STORIES)
def test_nothing_in_a_deck_is_later_than_its_year(demo_store, name, scope, year):
    scope = replace(scope, year=year)
    source = story.build(results(demo_store), story.specs(name, scope), "vi")
    slides = list(opened(deck_bytes(demo_store, name, "vi", scope)).slides)
    drawn = 0
    for slide, made in zip(slides, source.slides, strict=True):
        for shape in slide.shapes:
            if shape.has_chart:
                categories = [str(one) for one in shape.chart.plots[0].categories]
                allowed = deadlines(demo_store) if made.spec.kind in PROMISES else set()
                assert later(categories, year) <= allowed, (made.spec, categories)
                drawn += any(YEAR.search(one) for one in categories)
        # The foot says when its sources were printed, and the cover when the data was made.
        found = [text for text in texts_of(slide) if not text.startswith("Nguồn")]
        said = later(found, year) if made.spec.kind != "cover" else set()
        assert said <= deadlines(demo_store), (made.spec, said)
        assert not said or made.spec.kind in {*PROMISES, "cards"}, (made.spec, said)
    assert drawn


@pytest.mark.parametrize("year", YEARS)
@pytest.mark.parametrize("scope", SCOPES, ids=lambda scope: scope.geography)
@pytest.mark.parametrize("kind", EVERY_KIND, ids=":".join)
def test_no_kind_of_slide_runs_past_its_year(demo_store, kind, scope, year):
    """Whatever is drawn is the same as if nothing later had ever been written down."""
    spec = Spec(*kind, replace(scope, year=year, lang="en"))
    [built] = [story.build(results(demo_store), [spec], "en")]
    for slide in built.slides:
        for part in slide.parts:
            assert later(map(str, getattr(part, "categories", ())), year) == set()
        assert later([slide.title], year) <= deadlines(demo_store)
    assert built.slides or built.missing


@pytest.mark.parametrize("year", YEARS)
def test_pace_and_standing_are_of_the_year(demo_store, year, monkeypatch):
    monkeypatch.setattr(clock, "today", lambda: dt.date(2026, 7, 1))
    known = results(demo_store).until(year)
    for scope in SCOPES:
        judged = targets.commitments(known, replace(scope, year=year, lang="en"))
        dates = pd.to_datetime(judged["latest_date"].dropna())
        assert len(dates)
        assert dates.max() <= pd.Timestamp(year, 12, 31)
        # What was due after that day had not been missed on it.
        due = judged["deadline"].gt(pd.Timestamp(year, 12, 31))
        assert not judged.loc[due, "status"].eq("missed").any()


def test_the_newest_year_is_all_that_is_known(demo_store):
    found = results(demo_store)
    newest = found.options.years[-1]
    assert found.until(newest) is found
    assert found.until(newest + 3) is found
    assert found.until(newest).today() == clock.today()


@pytest.mark.parametrize("geography", ["legacy", "current"])
def test_what_was_known_agrees_with_the_whole(demo_store, geography):
    """Cutting takes years away and changes no number that stays."""
    whole = results(demo_store)
    cut = whole.until(2023)
    for name in ("staffing_gap", "doctors_per_10000", "health_insurance_coverage", "population"):
        theirs = whole.indicator(name, geography, "commune")
        ours = cut.indicator(name, geography, "commune")
        kept = theirs[theirs.index.get_level_values("year") <= 2023]
        pd.testing.assert_frame_equal(ours.sort_index(), kept.sort_index())
    assert max(cut.criteria().reset_index()["year"]) == 2023
    assert cut.frame("activity_monthly")["month"].max() == "2023-12"
    assert len(cut.frame("pilots")) == 0
    assert len(cut.frame("targets")) == len(whole.frame("targets"))


@pytest.mark.parametrize("year", YEARS)
def test_the_map_keeps_the_colours_of_every_year(demo_store, year):
    from answers import colours
    from answers.view import view_of

    scope = replace(SCOPE, year=year, lang="en")
    [slide] = story.build(results(demo_store), [Spec("map", "doctors_per_10000", scope)], "en").slides
    shown = view_of(results(demo_store), scope, "doctors_per_10000", "points", colours.LIGHT)
    assert list(slide.parts[0].classes) == [int(one) for one in shown.classes.codes]


@pytest.mark.parametrize("year", YEARS)
def test_the_workbook_ends_with_its_year(demo_store, year):
    data = workbook(results(demo_store), replace(SCOPE, year=year), lang="vi")
    book = openpyxl.load_workbook(io.BytesIO(data))
    years = set()
    for sheet in book.worksheets[:-2]:  # definitions and provenance name laws and files
        for row in sheet.iter_rows(min_row=5, values_only=True):
            years |= {int(one) for one in row if isinstance(one, str) and YEAR.fullmatch(one)}
    assert max(years) == year


@pytest.mark.parametrize("year", YEARS)
def test_the_brief_ends_with_its_year(demo_store, year, tmp_path):
    scope = Scope("92", "legacy", "commune", year, "en")
    said = pdf_brief.brief_content(results(demo_store), scope, GeometryStore(tmp_path))
    seen = [row[2] for row in said["commitments"]["rows"] + said["attention"]["rows"]]
    assert any(YEAR.search(text) for text in seen)
    assert later(seen, year) == set()
    cards = [str(value) for card in said["cards"] for value in card.values()]
    assert later([said["headline"], said["subline"], *cards], year) <= deadlines(demo_store)
    assert f"31/12/{year}" in said["commitments"]["title"]
