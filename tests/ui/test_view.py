"""What the map, the list and the hover say of each unit: ranges marked, missing kept, former communes counted."""

from __future__ import annotations

import re
import shutil
from dataclasses import replace

import pandas as pd
import pytest

from answers import scope as scopes
from answers import summary
from answers.colours import LIGHT
from answers.lists import Asked
from answers.quality import found as quality
from answers.results import Results
from answers.scope import ALL, NATION, Scope
from answers.view import ABOUT, LISTED, WHOLE, View
from answers.words import language
from data.store import open_store
from geo.classify import NO_DATA
from metrics.registry import indicators

YEAR = 2024


@pytest.fixture(scope="module")
def results(demo_store):
    return Results(open_store(demo_store).current())


@pytest.fixture(autouse=True)
def _english():
    with language("en"):
        yield


def view(results, name, province="92", geography="legacy", level="commune", year=YEAR, basis="points"):
    return View(results, Scope(province, geography, level, year, "en"), name, basis, LIGHT)


def test_a_divided_commune_shows_a_marked_range_and_a_whole_one_does_not(results):
    shown = view(results, "population", geography="current")
    links = results.snapshot.frame("crosswalk")
    split = links["legacy_commune"].duplicated(keep=False)
    touched = set(links[split]["current_commune"])
    assert {code for code, one in zip(shown.rows.index, shown.divided, strict=True) if one} == touched & set(
        shown.rows.index
    )
    assert any(shown.divided)
    for code, text, one in zip(shown.rows.index, shown.texts, shown.divided, strict=True):
        assert text.startswith(ABOUT) == one
        if one:
            low, high = shown.rows.loc[code, ["low", "high"]]
            assert text == f"{ABOUT} {low:,.0f}–{high:,.0f}"
    hover = dict(zip(shown.divided, shown.hover, strict=True))
    assert "divided" in hover[True]
    assert "divided" not in hover[False]


def test_the_two_ends_of_a_norm_are_a_range_without_the_mark(results):
    shown = view(results, "staffing_gap", geography="current")
    assert any(shown.ranges)
    assert not any(shown.divided)
    assert not any(text.startswith(ABOUT) for text in shown.texts)


def test_nothing_is_divided_before_the_reform(results):
    for name in ("population", "visits_per_person"):
        assert not any(view(results, name).ranges)


def test_a_merged_commune_not_judged_itself_counts_its_former_communes(results):
    shown = view(results, "communes_meeting_national_criteria", geography="current")
    links = results.snapshot.frame("crosswalk")
    main = links[links["main"]].set_index("legacy_commune")["current_commune"]
    sheets = results.criteria().reset_index()
    sheets = sheets[sheets["year"].eq(YEAR) & sheets["geography"].eq("legacy")].dropna(subset="passes")
    home = sheets["commune"].map(main)
    for code, text, hover in zip(shown.rows.index, shown.texts, shown.hover, strict=True):
        own = sheets[home.eq(code)]
        expected = f"{own['passes'].astype(bool).sum()} of {len(own)} former communes" if len(own) else "–"
        assert text == expected
        assert hover.split("<br>")[0] == (expected if len(own) else "not reported")


def test_a_merged_commune_judged_itself_says_its_own_result(results, monkeypatch):
    sheets = results.criteria().reset_index()
    own = sheets[sheets["geography"].eq("legacy") & sheets["passes"].notna()].head(2)
    own = own.assign(geography="current", commune=["31150", "31186"], year=2026, passes=[True, False])
    fresh = Results(results.snapshot)
    with_own = pd.concat([sheets, own.astype(sheets.dtypes)], ignore_index=True)
    monkeypatch.setattr(fresh, "criteria", lambda: with_own)
    shown = view(fresh, "communes_meeting_national_criteria", geography="current", year=2026)
    texts = dict(zip(shown.rows.index, shown.texts, strict=True))
    assert texts.pop("31150") == "Meets"
    assert texts.pop("31186") == "Does not meet"
    assert set(texts.values()) == {"–"}


@pytest.mark.parametrize("name", sorted(indicators()))
@pytest.mark.parametrize(("geography", "level"), [("legacy", "commune"), ("current", "commune")])
def test_legend_list_and_hover_count_every_unit_once(results, name, geography, level):
    shown = view(results, name, ALL, geography, level)
    count = len(shown.rows)
    assert count == len(shown.texts) == len(shown.hover) == sum(shown.classes.counts.values())
    assert shown.classes.counts[NO_DATA] == shown.rows["value"].isna().sum()
    listed = shown.ranked
    assert sorted(listed["codes"]) == sorted(shown.rows.index)
    assert not listed["served"]
    values = pd.Series(listed["values"], dtype="float64")
    known = values.dropna()
    assert list(known.index) == list(range(len(known))), "missing ones come last"
    lower_is_worse = shown.definition.polarity == "higher_is_better"
    assert known.is_monotonic_increasing if lower_is_worse else known.is_monotonic_decreasing


def test_classes_are_the_same_in_every_year(results):
    breaks = {view(results, "population", year=year).classes.breaks for year in results.options.years}
    assert len(breaks) == 1


def test_the_hover_ends_with_year_and_nature(results):
    assert view(results, "staff").dated == "2024 · ◌ Illustrative"
    assert "2019" in view(results, "population").dated, "a census carried forward says its own year"


def test_the_whole_country_keeps_units_without_data_as_a_class_of_their_own(results):
    provinces = view(results, "staff", NATION, level="province")
    assert len(provinces.rows) == 63
    assert provinces.classes.counts[NO_DATA] == 63 - 6
    communes = view(results, "staff", NATION, "current")
    assert len(communes.rows) == 3321
    known = communes.rows["value"].notna().sum()
    assert communes.classes.counts[NO_DATA] == 3321 - known


def test_a_long_list_sends_its_first_rows_and_the_server_searches_and_sorts(results):
    shown = view(results, "staff", NATION)
    assert len(shown.rows) > WHOLE
    first = shown.ranked
    assert first["served"]
    assert len(first["codes"]) == LISTED
    assert "10,035" in first["more"]
    assert first["values"] == sorted(first["values"])
    found = shown.listed(Asked("an khanh ninh kieu can tho"))
    assert {name.removesuffix(" ⚑") for name in found["texts"][0]} == {"Phường An Khánh", "Phường Xuân Khánh"}
    assert found["more"] == ""
    last = shown.listed(Asked("", 1, -1))
    assert last["values"][0] == shown.rows["value"].max()
    by_name = shown.listed(Asked("can tho", 0, 1))
    assert by_name["order"][0] == sorted(by_name["order"][0])


def test_the_six_provinces_stay_six_when_more_of_the_country_is_known(results):
    scope = Scope(ALL, "legacy", "commune", YEAR, "en")
    assert len(scopes.codes(scope, "province")) == 6
    assert len(scopes.codes(scope, "commune")) == 617
    assert len(scopes.codes(replace(scope, province=NATION), "commune")) == 10035


@pytest.mark.parametrize("name", ["doctors_per_10000", "staffing_gap", "staff_requirement_ratio", "staff"])
def test_the_country_is_what_the_provinces_with_data_add_up_to(results, name):
    scope = Scope(ALL, "legacy", "commune", YEAR, "en")
    six = summary.scope_row(results, name, scope)["value"]
    country = summary.scope_row(results, name, replace(scope, province=NATION))["value"]
    pd.testing.assert_series_equal(six, country)
    parts = results.indicator(name, "legacy", "province").xs(YEAR, level="year")
    definition = indicators()[name]
    top, bottom = parts["numerator"].sum(), parts["denominator"].sum()
    undivided = {"staffing_gap": top - bottom, "staff": top}
    by_hand = undivided[name] if name in undivided else top / bottom * definition.multiplier
    assert six[YEAR] == pytest.approx(by_hand)


def test_the_headline_of_the_country_says_how_much_of_it_is_known(results):
    sentence = summary.shortage_sentence(results, Scope(NATION, "legacy", "province", YEAR, "en"))
    assert "of 10,035 communes have data" in sentence


CASES = [
    (name, geography, level, province)
    for name in ("staffing_gap", "staff_requirement_ratio")
    for geography, level, province in (
        ("legacy", "commune", "92"), ("legacy", "district", "84"), ("current", "commune", "86"),
        ("legacy", "province", NATION), ("current", "province", NATION),
    )
]  # fmt: skip


@pytest.mark.parametrize(("name", "geography", "level", "province"), CASES)
def test_a_certain_shortage_is_never_grey_and_a_range_about_the_norm_always_is(
    results, name, geography, level, province
):
    center = indicators()[name].center
    breaks = set()
    for year in results.options.years:
        shown = view(results, name, province, geography, level, year)
        breaks.add(shown.classes.breaks)
        for code, row in shown.rows.dropna(subset=["low", "high"]).iterrows():
            grey = shown.classes.codes[code] == shown.classes.neutral
            if row["high"] < center:
                assert not grey
                assert shown.classes.codes[code] < shown.classes.neutral
            elif row["low"] <= center:
                assert grey
        neutral = shown.classes.neutral
        assert shown.colours[neutral] == LIGHT.diverging[3]
        assert shown.legend().labels[neutral] == "Enough or in between"
        assert LIGHT.diverging[3] not in shown.colours[:neutral] + shown.colours[neutral + 1 :]
    assert len(breaks) == 1


def test_the_legend_of_missing_staff_is_words(results):
    shown = view(results, "staffing_gap")
    for label, code, low, high in zip(
        [shown.legend().labels[code] if code >= 0 else "" for code in shown.classes.codes],
        shown.classes.codes,
        shown.rows["low"],
        shown.rows["high"],
        strict=True,
    ):
        if code < 0 or code == shown.classes.neutral:
            continue
        assert label.startswith("Short of" if high < 0 else "Above by")
        numbers = [int(part) for part in re.findall(r"\d+", label)]
        amount = -high if high < 0 else low
        assert numbers[0] <= amount
        assert label.endswith("+") or amount <= numbers[-1]


@pytest.fixture(scope="module")
def partly(demo_store, tmp_path_factory):
    """Return the results of a snapshot where every tenth station reported its visits of 2024, the rest none."""
    folder = tmp_path_factory.mktemp("partly") / "store"
    shutil.copytree(demo_store, folder)
    store = open_store(folder)
    base = store.current()
    rows = base.frame("activity")
    told = set(sorted(rows["station"].unique())[::10])
    silent = rows["year"].eq(YEAR) & ~rows["station"].isin(told)
    rows = rows.assign(quantity=rows["quantity"].mask(silent))
    return Results(
        store.write({"activity": (rows, base.tables["activity"].provenance)}, message="x", base=base)
    )


@pytest.mark.parametrize("name", ["visits_per_person", "insured_visits_share"])
def test_what_was_not_reported_is_said_and_is_neither_zero_nor_ranked(partly, name):
    scope = Scope("92", "legacy", "commune", YEAR, "en")
    shown = view(partly, name)
    silent = shown.rows["value"].isna()
    assert 60 < silent.sum() < 80
    assert not shown.rows.loc[silent, "rankable"].any()
    for text, hover, missing in zip(shown.texts, shown.hover, silent, strict=True):
        assert (text == "–") == missing
        assert hover.startswith("not reported") == missing
    last = shown.ranked["codes"][-int(silent.sum()) :]
    assert set(last) == set(silent.index[silent])
    card = summary.indicator_card(partly, name, scope)
    reported = int((~silent).sum())
    assert f"{reported} of 80 stations reported" in card.meaning
    assert card.change is None
    assert card.trend[partly.options.years.index(YEAR)] is None
    district = view(partly, name, level="district")
    assert any("stations reported" in hover for hover in district.hover)
    assert not district.rows["rankable"].any()


@pytest.mark.parametrize("geography", ["legacy", "current"])
def test_a_commune_with_an_open_finding_wears_a_flag_wherever_it_is_named(results, geography):
    scope = Scope("92", geography, "commune", 2025, "en")
    found = quality.findings(results)
    communes = set(found.loc[found["year"].eq(2025), "commune"])
    links = results.snapshot.frame("crosswalk")
    links = links[links["main"]].set_index("legacy_commune")["current_commune"]
    suspect = communes if geography == "legacy" else {links[code] for code in communes}
    shown = view(results, "staffing_gap", geography=geography, year=2025)
    assert suspect & set(shown.rows.index)
    cells = dict(zip(shown.ranked["codes"], shown.ranked["texts"][0], strict=True))
    for code, hover in zip(shown.rows.index, shown.hover, strict=True):
        assert ("to be checked" in hover) == (code in suspect)
        assert str(cells[code]).endswith("⚑") == (code in suspect)
    sentence = summary.shortage_sentence(results, scope)
    frame = summary.gaps(results, scope, "points")
    first = frame[frame["status"].eq("short")].sort_values(["gap_low", "gap_high"], kind="stable").index[:3]
    assert sentence.count("⚑") - ("(⚑" in sentence) == len(set(first) & suspect)
    assert not any(view(results, "staffing_gap", level="district").flags)
