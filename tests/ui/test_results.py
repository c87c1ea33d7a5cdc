"""What pages show is what the tables hold: every roll-up against sums done by hand from the raw tables."""

from __future__ import annotations

import math
import re
from fractions import Fraction
from types import SimpleNamespace

import pandas as pd
import pytest

from answers import summary
from answers.results import Results
from answers.scope import ALL, Scope
from answers.words import language
from data.store import open_store

LEVELS = [("legacy", "commune"), ("legacy", "district"), ("legacy", "province")]
LEVELS += [("current", "commune"), ("current", "province")]
YEAR = 2024


@pytest.fixture(scope="module")
def results(demo_store):
    return Results(open_store(demo_store).current())


@pytest.fixture(scope="module")
def raw(results):
    """Return the raw tables by name."""
    return {name: results.snapshot.frame(name) for name in results.snapshot.tables}


@pytest.fixture(scope="module")
def links(raw):
    """Return every link of the crosswalk, with whether the legacy commune went there whole."""
    frame = raw["crosswalk"]
    parts = frame["legacy_commune"].map(frame["legacy_commune"].value_counts())
    return frame.assign(whole=parts.eq(1))


def above(raw, geography, level):
    """Return the unit of a level above each commune, by the parents of the units table."""
    units = raw["units"]
    units = units[units["geography"].eq(geography)].set_index(["level", "code"])["parent"]
    communes = units["commune"].index
    chain = pd.Series(communes, index=communes)
    steps = {"legacy": ["commune", "district"], "current": ["commune"]}[geography]
    for step in steps:
        if step == level:
            return chain
        chain = chain.map(units[step])
    return chain if level == "province" else chain.map(units[level])


def by_station(raw, table, geography, level):
    """Return a station table with the unit of each station."""
    home = raw["stations"].set_index("station")[f"{geography}_commune"].map(above(raw, geography, level))
    return raw[table].assign(code=raw[table]["station"].map(home))


def same(found, expected):
    """Compare two series on the index of the one done by hand."""
    found = found.astype("float64").reindex(expected.index)
    pd.testing.assert_series_equal(found, expected.astype("float64"), check_names=False, check_dtype=False)


@pytest.mark.parametrize(("geography", "level"), LEVELS)
def test_staff_are_the_stations_staff(results, raw, geography, level):
    rows = by_station(raw, "staffing", geography, level)
    same(
        results.indicator("staff", geography, level)["value"].dropna(),
        rows.groupby(["code", "year"])["headcount"].sum(min_count=1).dropna(),
    )


@pytest.mark.parametrize("name", ["staff", "doctors", "insured_visits_at_stations"])
def test_every_aggregation_keeps_the_total(results, name):
    totals = {
        (geography, level): results.indicator(name, geography, level)["numerator"].groupby("year").sum()
        for geography, level in LEVELS
    }
    first = totals["legacy", "commune"]
    assert first.gt(0).any()
    for total in totals.values():
        same(total, first)


@pytest.mark.parametrize(
    "name", ["population", "health_insurance_coverage", "villages_with_trained_health_worker"]
)
def test_the_crosswalk_loses_nobody_and_counts_nobody_twice(results, name):
    old = results.indicator(name, "legacy", "commune")["numerator"].groupby("year").sum()
    for geography, level in LEVELS:
        same(results.indicator(name, geography, level)["numerator"].groupby("year").sum(), old)


def test_people_of_a_merged_commune_lie_between_low_and_high_done_by_hand(results, raw, links):
    people = raw["population"].set_index("commune")["total"].astype("float64")
    joined = links.assign(people=links["legacy_commune"].map(people)).dropna(subset="people")
    here = joined[joined["current_commune"].isin(links["current_commune"])].groupby("current_commune")[
        "people"
    ]
    expected = pd.DataFrame(
        {
            "low": joined[joined["whole"]].groupby("current_commune")["people"].sum(),
            "value": joined[joined["main"]].groupby("current_commune")["people"].sum(),
            "high": here.sum(),
        }
    )
    found = results.indicator("population", "current", "commune").xs(YEAR, level="year")
    known = expected.dropna(subset="value").fillna({"low": 0.0})
    for end in ("low", "value", "high"):
        same(found[end], known[end])


@pytest.mark.parametrize(
    "name",
    [
        "population", "health_insurance_coverage", "urban_share", "doctors_per_10000", "visits_per_person",
        "staffing_gap", "staff_requirement_ratio",
    ],
)  # fmt: skip
def test_low_is_never_above_the_value_nor_that_above_high(results, name):
    for geography, level in LEVELS:
        rows = results.indicator(name, geography, level).dropna(subset="value")
        assert len(rows)
        slack = 1e-9 * rows["value"].abs()
        assert (rows["low"] <= rows["value"] + slack).all()
        assert (rows["value"] <= rows["high"] + slack).all()


def test_a_commune_made_of_whole_ones_has_no_range_and_every_split_one_has(results, raw, links):
    rows = results.indicator("population", "current", "commune").xs(YEAR, level="year").dropna(subset="value")
    whole = links.groupby("current_commune")["whole"].all()
    exact = rows["low"].eq(rows["high"])
    people = set(raw["population"]["commune"])
    touched = set(links[~links["whole"] & links["legacy_commune"].isin(people)]["current_commune"])
    assert exact[[code for code in rows.index if whole[code]]].all()
    split = [code for code in rows.index if code in touched]
    assert split
    assert not exact[split].any()


@pytest.mark.parametrize(("geography", "level"), LEVELS)
def test_insurance_coverage_is_sum_over_sum(results, raw, links, geography, level):
    insured = raw["insurance"][raw["insurance"]["year"].eq(YEAR)].set_index("commune")["insured"]
    people = raw["population"].set_index("commune")["total"].reindex(insured.index)
    home = pd.Series(insured.index, index=insured.index)
    if geography == "current":
        home = home.map(links[links["main"]].set_index("legacy_commune")["current_commune"])
    home = home.map(above(raw, geography, level))
    both = pd.DataFrame({"insured": insured, "people": people, "code": home}).dropna()
    sums = both.groupby("code")[["insured", "people"]].sum().astype("float64")
    found = results.indicator("health_insurance_coverage", geography, level).xs(YEAR, level="year")["value"]
    whole = results.indicator("health_insurance_coverage", geography, level).xs(YEAR, level="year")
    complete = whole.index[whole["reported"].eq(whole["expected"])]
    expected = 100 * sums["insured"] / sums["people"]
    same(found, expected[expected.index.isin(complete)])


@pytest.mark.parametrize(("geography", "level"), LEVELS)
def test_stations_with_a_doctor_are_counted_one_by_one(results, raw, geography, level):
    rows = by_station(raw, "staffing", geography, level)
    rows = rows[rows["year"].eq(YEAR)]
    reporting = rows.groupby("station")["headcount"].apply(lambda heads: heads.notna().any())
    doctors = rows[rows["cadre"].eq("doctor")].groupby("station")["headcount"].sum()
    stations = pd.DataFrame(
        {"reports": reporting, "doctor": doctors.reindex(reporting.index).fillna(0).gt(0)}
    )
    stations = stations[stations["reports"]].join(
        rows.drop_duplicates("station").set_index("station")["code"]
    )
    expected = 100 * stations.groupby("code")["doctor"].mean()
    found = results.indicator("stations_with_doctor", geography, level).xs(YEAR, level="year")["value"]
    same(found.dropna(), expected)


def needed(people, zone, step):
    """Return the staff one station needs by Circular 03/2023, counted step by step."""
    if zone == 3:
        threshold, step, coefficient = 5000, 1000, Fraction(13, 10)
    else:
        threshold, coefficient = 6000, Fraction(1) if zone == 1 else Fraction(12, 10)
    steps = max(0, math.floor((people - threshold) / step))
    return math.ceil((5 + steps) * coefficient)


@pytest.fixture(scope="module")
def gaps(raw):
    """Return existing and required staff of each old commune in a year, one by one."""
    staff = raw["staffing"][raw["staffing"]["year"].eq(YEAR)]
    heads = staff.groupby("station")["headcount"].sum(min_count=1)
    complete = staff.groupby("station")["headcount"].apply(lambda rows: rows.notna().all())
    people = raw["population"].set_index("commune")["total"]
    rows = {}
    for station in raw["stations"].itertuples():
        count = people.get(station.legacy_commune)
        if station.station not in heads.index or not complete[station.station] or pd.isna(count):
            continue
        rows[station.legacy_commune] = (
            float(heads[station.station]),
            needed(count, station.zone, 3000),
            needed(count, station.zone, 2000),
        )
    return pd.DataFrame.from_dict(rows, orient="index", columns=["existing", "low", "high"])


@pytest.mark.parametrize(("geography", "level"), LEVELS)
def test_the_gap_of_an_area_is_its_stations_gaps(results, raw, links, gaps, geography, level):
    home = pd.Series(gaps.index, index=gaps.index)
    if geography == "current":
        home = home.map(links[links["main"]].set_index("legacy_commune")["current_commune"])
    sums = gaps.groupby(home.map(above(raw, geography, level))).sum()
    found = results.staffing(geography, level).xs(YEAR, level="year")
    same(found["existing"].dropna(), sums["existing"])
    same(found["gap_low"].dropna(), sums["existing"] - sums["low"])
    same(found["gap_high"].dropna(), sums["existing"] - sums["high"])


@pytest.mark.parametrize(("geography", "level"), LEVELS)
def test_criteria_count_the_communes_that_pass_of_those_judged(results, raw, links, geography, level):
    sheets = results.criteria().reset_index()
    sheets = sheets[sheets["year"].eq(YEAR) & sheets["geography"].eq("legacy") & sheets["passes"].notna()]
    home = sheets["commune"]
    if geography == "current":
        home = home.map(links[links["main"]].set_index("legacy_commune")["current_commune"])
    grouped = sheets["passes"].astype(bool).groupby(home.map(above(raw, geography, level)))
    found = results.indicator("communes_meeting_national_criteria", geography, level).xs(YEAR, level="year")
    same(found["numerator"], grouped.sum())
    same(found["denominator"], grouped.size())
    same(found["value"], 100 * grouped.sum() / grouped.size())


@pytest.mark.parametrize("province", ["92", "94", ALL])
def test_the_headline_says_the_numbers_of_the_tables(results, raw, gaps, province):
    home = pd.Series(gaps.index, index=gaps.index).map(above(raw, "legacy", "province"))
    own = gaps if province == ALL else gaps[home.eq(province)]
    gap = own["existing"] - own["low"]
    scope = Scope(province, "legacy", "commune", YEAR, "en")
    with language("en"):
        sentence = summary.shortage_sentence(results, scope)
        card = summary.shortage_card(results, scope)
    numbers = [int(text.replace(",", "")) for text in re.findall(r"\d[\d,]*\d|\d", sentence)]
    assert numbers[:3] == [(gap < 0).sum(), len(own), -gap[gap < 0].sum()]
    high = own["existing"] - own["high"]
    assert re.findall(r"[\d,]+", card.figure) == [f"{-g[g < 0].sum():,.0f}" for g in (gap, high)]


def test_a_merged_commune_scored_itself_no_longer_shows_its_former_communes(results, monkeypatch):
    former = results.snapshot.frame("criteria_scores")
    merged = "31186"
    own = former[former["commune"].eq("31186") & former["year"].eq(2025)].assign(geography="current")
    both = pd.concat([former, own], ignore_index=True)
    fresh = Results(results.snapshot)
    frames = {name: results.snapshot.frame(name) for name in results.snapshot.tables} | {
        "criteria_scores": both
    }
    monkeypatch.setattr(fresh, "snapshot", SimpleNamespace(frame=frames.__getitem__, tables=frames))
    found = fresh.indicator("communes_meeting_national_criteria", "current", "commune")
    assert found.loc[(merged, 2025), "expected"] == 1
    assert found.loc[(merged, 2024), "expected"] > 1


def test_a_table_is_kept_and_a_caller_s_change_stays_its_own(results):
    before = results.frame("stations")
    changed = results.frame("stations")
    changed["name"] = "x"
    del changed["latitude"]
    pd.testing.assert_frame_equal(results.frame("stations"), before)


def test_an_activity_a_commune_did_not_report_is_no_zero(results, tmp_path):
    """A station that lists vaccinations and no visits has not said how many came: no rate, and no rank."""
    snapshot = results.snapshot
    stations, activity = snapshot.frame("stations"), snapshot.frame("activity")
    commune = stations["legacy_commune"].iloc[0]
    mine = stations.loc[stations["legacy_commune"].eq(commune), "station"]
    silent = activity["station"].isin(mine) & activity["activity"].eq("visits")
    tables = {name: (snapshot.frame(name), info.provenance) for name, info in snapshot.tables.items()}
    tables["activity"] = activity[~silent].reset_index(drop=True), snapshot.tables["activity"].provenance
    changed = Results(open_store(tmp_path).write(tables, message="m"))
    for name in ("visits_per_person", "insured_visits_share"):
        row = changed.indicator(name, "legacy", "commune").loc[(commune, YEAR)]
        assert (row["status"], bool(row["rankable"]), row["reported"]) == ("missing", False, 0)
        assert math.isnan(row["value"])
