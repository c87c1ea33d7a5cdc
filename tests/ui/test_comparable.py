"""Every change is over the same communes: by a plain loop over the raw rows, on cards, profiles and slides."""

from __future__ import annotations

import shutil
from collections import defaultdict
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from answers import comparable, summary
from answers.cards import changed
from answers.compliance import figures as compliance_figures
from answers.compliance import words
from answers.figure import Spec
from answers.results import Results
from answers.scope import Scope, default, from_params, year_name
from answers.staffing import figures as staffing_figures
from answers.targets import numbers as targets
from answers.units import areas, profile
from answers.words import language
from data.ingest import ingest
from data.store import open_store
from geo.units import parent_of
from metrics.registry import indicators

CAN_THO = Scope("92", "legacy", "commune", 2024, "en")
CASE = Path(__file__).resolve().parents[3] / "shared/cases/intake/44_cantho_partial_2025_closed_station.xlsx"


@pytest.fixture(scope="module")
def results(demo_store):
    return Results(open_store(demo_store).current())


@pytest.fixture(autouse=True)
def _english():
    with language("en"):
        yield


def missing_by_hand(results, years) -> tuple[dict[int, int], int]:
    """Sum the missing staff of old Cần Thơ's communes known in all the years, row by row."""
    province = parent_of("legacy", "commune", "province")
    known: dict[str, dict[int, int]] = defaultdict(dict)
    for row in results.station_gaps("legacy").reset_index().to_dict("records"):
        if province[row["code"]] == "92" and not pd.isna(row["gap_low"]) and not pd.isna(row["gap_high"]):
            known[row["code"]][row["year"]] = max(0, -row["gap_low"])
    same = [code for code, by in known.items() if all(year in by for year in years)]
    return {year: sum(known[code][year] for code in same) for year in years}, len(same)


@pytest.mark.parametrize(("year", "fell", "same"), [(2024, 10, 75), (2025, 12, 77)])
def test_old_can_tho_fell_by_what_the_same_communes_fell(results, year, fell, same):
    by_hand, units = missing_by_hand(results, (year - 1, year))
    assert (by_hand[year - 1] - by_hand[year], units) == (fell, same)
    card = summary.shortage_card(results, replace(CAN_THO, year=year))
    assert changed(card) == f"▼ −{fell} since {year - 1} (same {same}/80 communes) · better"


@pytest.mark.parametrize("name", sorted(indicators()))
@pytest.mark.parametrize("geography", ["legacy", "current"])
def test_an_indicator_of_the_same_communes_is_a_plain_loops(results, name, geography):
    """Numerators and denominators of complete communes of before July 2025, added one by one."""
    definition = indicators()[name]
    scope = replace(CAN_THO, geography=geography, year=2025)
    found = comparable.followed(results, name, scope, years=(2024, 2025))
    atoms = results.indicator(name, "legacy", "commune").reset_index()
    links = results.snapshot.frame("crosswalk")
    links = links[links["main"]].set_index("legacy_commune")["current_commune"]
    home = parent_of(geography, "commune", "province")
    whole: dict[str, dict[int, tuple[float, float]]] = defaultdict(dict)
    for row in atoms.to_dict("records"):
        commune = row["code"] if geography == "legacy" else links[row["code"]]
        if home[commune] == "92" and not pd.isna(row["value"]) and row["reported"] == row["expected"]:
            whole[row["code"]][row["year"]] = (row["numerator"], row["denominator"])
    same = [by for by in whole.values() if 2024 in by and 2025 in by]
    assert found.compared.units == len(same) > 50
    for year in (2024, 2025):
        top = sum(by[year][0] for by in same)
        below = sum(by[year][1] for by in same)
        if definition.formula == "sum":
            expected = top * definition.multiplier
        elif definition.formula == "staffing_gap":
            expected = top - below
        else:
            expected = top / below * definition.multiplier
        assert found.values[year] == pytest.approx(expected)


def test_a_commune_silent_in_one_year_changes_no_change(results):
    """Its staff of the other year may be anything."""

    def change(changed_frame: pd.DataFrame) -> float:
        copy = Results(results.snapshot)
        copy.keep("station_gaps", "legacy", compute=lambda: changed_frame)
        values = comparable.followed(copy, "staffing_gap", CAN_THO, years=(2023, 2024)).values
        return float(values[2024] - values[2023])

    gaps = results.station_gaps("legacy")
    silent = gaps.index[gaps["status"].eq("unknown") & gaps.index.isin([2023], level="year")]
    silent = [code for code in silent.get_level_values("code") if (code, 2024) in gaps.index]
    assert silent
    mad = gaps.copy()
    mad.loc[(silent, [2024]), "existing"] = 10_000
    assert change(mad) == change(gaps)


def test_slides_speak_of_the_same_communes_as_the_cards(results):
    missing = staffing_figures.missing(results, Spec("missing_staff", "", replace(CAN_THO, year=2025)))
    whole = comparable.shortage(results, CAN_THO)
    assert list(missing.parts[0].series[0].values)[-1] == whole.by_year[2025].missing_low
    assert whole.said in missing.title
    trend = areas.trend(results, Spec("trend", "staff", CAN_THO))
    found = comparable.followed(results, "staff", CAN_THO)
    drawn = [v for v in trend.parts[0].series[0].values if v is not None]
    assert drawn == pytest.approx([v for v in found.values if not np.isnan(v)])
    assert found.said in trend.title


def test_a_districts_profile_follows_the_same_communes(results):
    here = replace(CAN_THO, level="district", unit="916")
    table = profile.trends(results, here)
    found = comparable.followed(results, "staff_per_station", here, whole=False)
    assert list(table.loc["staff_per_station", list(results.options.years)].astype(float)) == pytest.approx(
        list(found.values), nan_ok=True
    )
    assert table.loc["staff_per_station", "compared"] == found.said != ""


@pytest.fixture(scope="module")
def partial(demo_store, tmp_path_factory):
    """Return the results of a province of which two stations have reported the newest year."""
    if not CASE.exists():
        pytest.skip("the shared cases are not beside the project")
    folder = tmp_path_factory.mktemp("partial") / "store"
    shutil.copytree(demo_store, folder)
    store = open_store(folder)
    ingest([CASE], store=store)
    return Results(store.current())


@pytest.fixture(scope="module")
def few(demo_store, tmp_path_factory):
    """Return the results of a snapshot in which every fiftieth station reported 2025, of all six provinces."""
    folder = tmp_path_factory.mktemp("few") / "store"
    shutil.copytree(demo_store, folder)
    store = open_store(folder)
    base = store.current()
    staff = base.frame("staffing")
    told = set(sorted(staff["station"].unique())[::50])
    cut = staff[staff["year"].lt(2025) | staff["station"].isin(told)].reset_index(drop=True)
    return Results(
        store.write({"staffing": (cut, base.tables["staffing"].provenance)}, message="few", base=base)
    )


@pytest.mark.parametrize(("which", "opens"), [("few", 2024), ("results", 2025)])
def test_the_app_opens_on_the_newest_year_enough_stations_reported(request, which, opens):
    options = request.getfixturevalue(which).options
    for geography, provinces in options.provinces.items():
        for province in provinces:
            n, of = options.reported(geography, province, 2025)
            expected = 2025 if n >= 0.8 * of else 2024
            scope, _ = from_params({"geography": geography, "province": province}, options)
            assert scope.year == expected
    assert from_params({"province": "all"}, options)[0].year == opens
    assert from_params({"province": "92", "year": "2025"}, options)[0].year == 2025


def test_a_newer_year_is_offered_as_being_collected(few):
    options = few.options
    scope = replace(default(options), province="all")
    n, of = options.reported("legacy", "all", 2025)
    assert year_name(options, scope, 2025) == f"2025 – being collected, {n} of {of} stations"
    assert year_name(options, scope, 2024) == "2024"


def test_two_of_eighty_stations_are_no_headline_and_no_change(partial):
    scope = default(partial.options, "en")
    assert (scope.province, scope.year) == ("92", 2024)
    asked = replace(scope, year=2025)
    assert "2 of 80 stations reported" in summary.shortage_sentence(partial, asked)
    assert changed(summary.shortage_card(partial, asked)) == ""
    for name in ("staff", "stations_with_doctor", "doctors_per_10000"):
        card = summary.indicator_card(partial, name, asked)
        assert changed(card) == ""
        assert card.trend[-1] is None


def test_a_year_being_collected_keeps_no_promise(few):
    """Two stations of which both have a doctor are not a province where all have."""
    observed, basis = targets.observations(few, CAN_THO, "Cần Thơ", "stations_with_permanent_doctor")
    assert basis == "computed"
    assert observed["date"].dt.year.max() == 2024


def test_every_headline_says_of_how_many(results, few):
    scope = replace(CAN_THO, year=2025)
    n, of = few.options.reported("legacy", "92", 2025)
    assert f"{n} of {of} stations reported" in summary.shortage_sentence(few, scope)
    assert "77 of 80 communes reported" in summary.shortage_sentence(results, scope)
    assert "79 of 80 communes reported" in words.headline(results, scope)
    assert "79 of 80 communes reported" in compliance_figures.sentence(results, scope)
    slide = staffing_figures.balance(few, Spec("balance", "", replace(scope, province="all")))
    assert "stations reported" in slide.place
