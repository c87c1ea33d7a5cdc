"""A unit's profile says what the tables hold, of the unit itself or of whoever it says."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest

from answers import format as fmt
from answers import summary
from answers.results import Results
from answers.scope import Scope
from answers.units import neighbours, profile, score_sheets
from answers.words import language
from data.store import open_store
from metrics.staffing import short_summary

COMMUNE, DISTRICT, MERGED = "31198", "919", "31150"


@pytest.fixture(scope="module")
def results(demo_store):
    return Results(open_store(demo_store).current())


def scope(unit, geography="legacy", province="92", year=2024, lang="en"):
    return profile.placed(Scope(province, geography, "commune", year, lang, unit))


def test_a_link_by_code_opens_its_own_level_and_province():
    assert (scope(DISTRICT).level, scope("92").level, scope(COMMUNE).level) == (
        "district",
        "province",
        "commune",
    )
    assert scope("31528", province="92").province == "94"
    assert scope("31528", province="all").province == "all"


def test_who_lives_there_is_the_census(results):
    found = profile.people(results, scope(COMMUNE))
    rows = results.snapshot.frame("population").set_index("commune").loc[COMMUNE]
    assert (found.total, found.as_of) == (rows["total"], 2019)
    assert found.urban == pytest.approx(100 * rows["urban"] / rows["total"])


def test_ages_are_the_districts_and_say_so(results):
    ages = results.snapshot.frame("population_age")
    own = ages[ages["district"].eq(DISTRICT)]
    young = 100 * own.loc[own["age_group"].eq("00-04"), "total"].sum() / own["total"].sum()
    aged = own["age_group"].str[:2].astype("int64").ge(65)
    old = 100 * own.loc[aged, "total"].sum() / own["total"].sum()
    commune, district = profile.people(results, scope(COMMUNE)), profile.people(results, scope(DISTRICT))
    for found in (commune, district):
        assert found.under_5 == pytest.approx(young)
        assert found.over_65 == pytest.approx(old)
    assert not commune.own_ages
    assert district.own_ages
    with language("en"):
        assert "Quận Cái Răng" in {a: c for a, _, c in profile.people_lines(commune)}["Under 5 years"]


def test_ages_of_a_merged_commune_name_every_district_it_lies_in(results):
    found = profile.people(results, scope(MERGED, "current"))
    assert found.ages_of == ("Quận Ninh Kiều", "Huyện Phong Điền")


@pytest.mark.parametrize(
    ("unit", "geography"), [(COMMUNE, "legacy"), (DISTRICT, "legacy"), (MERGED, "current")]
)
def test_cadres_and_stations_are_the_units_own(results, unit, geography):
    here = scope(unit, geography)
    stations = profile.stations(results, here)
    staff = results.snapshot.frame("staffing")
    rows = staff[staff["station"].isin(stations["station"]) & staff["year"].eq(2024)]
    expected = rows.groupby("cadre")["headcount"].sum()
    counted = profile.cadres(results, here).dropna()
    assert counted.to_dict() == {name: float(expected[name]) for name in counted.index}
    lens = next(one for one in profile.lenses(results, here) if one.id == "circular_03_2023")
    assert lens.existing == rows["headcount"].sum()


def test_the_pilot_station_shows_its_clinic(results):
    assert profile.stations(results, scope(COMMUNE))["opened"].notna().tolist() == [True]


def test_nearest_are_nearest_by_great_circle(results):
    here = scope(COMMUNE)
    found = neighbours.nearest(results, here)
    frame = results.snapshot.frame("units")
    frame = frame[frame["geography"].eq("legacy") & frame["level"].eq("commune")].set_index("code")
    mine = frame.loc[COMMUNE]

    def haversine(code):
        a, b = (math.radians(v) for v in (mine["latitude"], frame["latitude"][code]))
        x = math.radians(frame["longitude"][code] - mine["longitude"])
        inner = math.sin((b - a) / 2) ** 2 + math.cos(a) * math.cos(b) * math.sin(x / 2) ** 2
        return 2 * 6371.0 * math.asin(math.sqrt(inner))

    assert found["distance"].tolist() == pytest.approx([haversine(code) for code in found.index], rel=0.01)
    stationed = set(results.snapshot.frame("stations")["legacy_commune"]) - {COMMUNE}
    assert min(map(haversine, stationed)) == pytest.approx(found["distance"].iloc[0], rel=0.01)


def test_similar_is_a_distance(results):
    """Symmetric, never negative, and the unit itself is never among its peers."""
    here = scope(COMMUNE)
    found = neighbours.similar(results, here, 50)
    assert COMMUNE not in found.index
    assert found["distance"].is_monotonic_increasing
    assert found["distance"].ge(0).all()
    other = str(found.index[0])
    back = neighbours.similar(results, replace(here, unit=other), 700)["distance"]
    assert back[COMMUNE] == pytest.approx(found["distance"].iloc[0])


def test_criteria_are_the_sheets_points(results):
    [sheet] = score_sheets.scored(results, scope(COMMUNE))
    rows = results.snapshot.frame("criteria_scores")
    rows = rows[rows["commune"].eq(COMMUNE) & rows["year"].eq(2024)].set_index("criterion")["points"]
    assert sheet.verdict["total"] == rows.sum()
    with language("en"):
        texts = [line.text.split(" / ")[0] for line in score_sheets.criteria_lines(sheet)]
    assert [float(text) for text in texts] == pytest.approx(rows.tolist())


def test_a_merged_commune_shows_its_former_ones(results):
    sheets = score_sheets.scored(results, scope(MERGED, "current"))
    assert [(sheet.geography, sheet.code) for sheet in sheets] == [("legacy", "31150"), ("legacy", "31312")]
    assert score_sheets.scored(results, scope(COMMUNE, year=2020)) == []


def test_before_and_after_lose_no_staff(results):
    """All old communes of the merged commune, together, have its staff: stations survive the reform."""
    merged = scope(MERGED, "current")
    before = profile.reform(results, merged)
    now = results.staffing("current", "commune").loc[(MERGED, 2024)]
    assert before["staff"].sum() == now["existing"]
    assert list(profile.reform(results, scope(COMMUNE)).index) == ["31186"]


def test_trends_end_where_the_cards_stand(results):
    here = scope(DISTRICT)
    table = profile.trends(results, here)
    for name in profile.TRENDS:
        value = results.indicator(name, "legacy", "district")["value"].get((DISTRICT, 2024), np.nan)
        assert table.loc[name, "now"] == pytest.approx(value, nan_ok=True)


@pytest.mark.parametrize("lang", ["vi", "en"])
def test_a_year_without_data_is_said(results, lang, monkeypatch):
    monkeypatch.setattr(profile, "lenses", lambda *_: [])
    with language(lang):
        assert "Thường Thạnh" in profile.headline(results, scope(COMMUNE, lang=lang))


def test_a_provinces_headline_says_what_the_overview_says(results):
    here = scope("92")
    missing = short_summary(gaps=summary.gaps(results, replace(here, unit=None), "points"))
    with language("en"):
        span = fmt.span(missing.missing_low, missing.missing_high)
        assert profile.headline(results, here).endswith(f"short of {span}.")
