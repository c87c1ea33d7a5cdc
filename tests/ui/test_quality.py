"""Rules find what was planted, and nothing in data that is right."""

from __future__ import annotations

import statistics

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from answers.quality import numbers as quality
from answers.quality.found import RULES
from answers.results import Results
from answers.scope import Scope
from answers.words import language, t
from data.query import completeness
from data.store import open_store
from geo.units import implausible_points
from metrics import quality as rules


@pytest.fixture(scope="module")
def results(demo_store):
    return Results(open_store(demo_store).current())


class Mended(Results):
    """Results of the illustrative snapshot with some tables changed."""

    def __init__(self, results, **tables):
        super().__init__(results.snapshot)
        frames = {name: results.snapshot.frame(name) for name in results.snapshot.tables} | tables

        class Changed:
            id = "changed"
            tables = results.snapshot.tables

            @staticmethod
            def frame(name):
                return frames[name]

        self.snapshot = Changed()
        self.sums = results.sums
        self.indicator = results.indicator


def planted(results, table, rows, column, value):
    frame = results.snapshot.frame(table).copy()
    where = frame.index[rows(frame)][0]
    frame.loc[where, column] = value
    return frame, frame.loc[where]


def rules_at(found, row):
    return set(
        found[found["unit"].eq(row.get("station", row.get("commune"))) & found["year"].eq(row["year"])][
            "rule"
        ]
    )


def test_a_doctor_counted_twice_is_found(results):
    staff, row = planted(
        results,
        "staffing",
        lambda f: f["cadre"].eq("doctor") & f["headcount"].eq(1),
        "full_time_equivalent",
        2.0,
    )
    before = rules_at(quality.findings(results), row)
    assert "counted_twice" not in before
    assert "counted_twice" in rules_at(quality.findings(Mended(results, staffing=staff)), row)


def test_a_station_with_no_staff_is_found_but_not_one_that_did_not_report(results):
    staff = results.snapshot.frame("staffing").copy()
    one = staff["station"].eq("TYT-31198") & staff["year"].eq(2024)
    staff.loc[one, "headcount"] = 0
    other = staff["station"].eq("TYT-31195") & staff["year"].eq(2024)
    staff.loc[other, "headcount"] = pd.NA
    found = rules.no_staff(staff=staff.rename(columns={"station": "unit"}))
    assert found["unit"].tolist() == ["TYT-31198"]


def test_months_that_do_not_add_up_are_found(results):
    activity, row = planted(
        results, "activity", lambda f: f["activity"].eq("visits") & f["year"].eq(2024), "quantity", 1e6
    )
    found = quality.findings(Mended(results, activity=activity))
    assert "months_and_year" in rules_at(found, row)


def test_urban_and_rural_that_do_not_add_up_are_found(results):
    people, row = planted(results, "population", lambda f: f["urban"].gt(100), "urban", 5)
    found = quality.findings(Mended(results, population=people))
    assert rules_at(found, row) == {"population_parts"}


def test_a_population_that_jumps_is_found_per_year():
    frame = pd.DataFrame(
        {
            "unit": ["a"] * 3 + ["b"] * 2,
            "year": [2019, 2020, 2024, 2019, 2024],
            "total": [100, 130, 135, 100, 195],
        }
    )
    found = rules.population_jump(population=frame)
    assert found[["unit", "year"]].to_numpy().tolist() == [["a", 2020]]


@pytest.mark.parametrize(
    ("load", "out"), [(499.9, True), (500.0, False), (20_000.0, False), (20_000.1, True)]
)
def test_the_band_holds_its_ends(load, out):
    key = {"unit": ["a"], "year": [2024]}
    found = rules.visits_per_doctor(
        visits=pd.DataFrame(key | {"quantity": [load * 2]}), doctors=pd.DataFrame(key | {"headcount": [2]})
    )
    assert len(found) == out


@settings(max_examples=40)
@given(
    st.lists(st.integers(-50, 50), min_size=12, max_size=40),
    st.sampled_from([0.5, 2.0, 8.0]),
    st.integers(-9, 9),
)
def test_outliers_are_the_rule_by_hand_in_any_unit_of_measure(values, scale, shift):
    middle = statistics.median(values)
    spread = statistics.median(abs(value - middle) for value in values)
    expected = {
        at for at, value in enumerate(values) if spread and abs(value - middle) * 0.6745 > 3.5 * spread
    }
    frame = pd.DataFrame(
        {"unit": range(len(values)), "year": 2024, "value": [float(value) for value in values]}
    )
    for rows in (frame, frame.assign(value=frame["value"] * scale + shift)):
        assert set(rules.outliers(values=rows, rule="x")["unit"]) == expected


@pytest.mark.parametrize(
    ("published", "computed", "percent", "beyond"),
    [(95, 97, True, False), (95, 97.1, True, True), (200, 210, False, False), (200, 211, False, True)],
)
def test_the_tolerance_holds_its_ends(published, computed, percent, beyond):
    assert rules.beyond_tolerance(published=published, computed=computed, percent=percent) is beyond


def test_a_published_figure_that_disagrees_is_flagged(results):
    facts = results.snapshot.frame("facts").copy()
    where = facts["indicator"].eq("stations_with_doctor") & facts["date"].dt.year.eq(2023)
    facts.loc[where, "value"] = 60.0
    found = quality.published(Mended(results, facts=facts))
    assert found["beyond"].tolist() == [False, True]
    assert not quality.published(results)["beyond"].any()
    with language("en"):
        assert "Beyond" in quality.published_rows(found)[1][-1]


def test_what_counts_something_wider_is_not_compared(results):
    compared = set(quality.published(results)["indicator"])
    assert compared == {"stations_with_doctor"}


def test_each_finding_belongs_to_a_unit_of_the_scope(results):
    everywhere = quality.findings(results)
    assert set(everywhere["rule"]) <= set(RULES)
    for geography, level in (("legacy", "commune"), ("legacy", "district"), ("current", "commune")):
        rows = quality.within(results, Scope("all", geography, level, 2024, "en"))
        assert len(rows) == len(everywhere)
        assert rows["code"].notna().all()
    one = everywhere["commune"].iloc[0]
    own = quality.within(results, Scope("all", "legacy", "commune", 2024, "en"), unit=one)
    assert set(own["commune"]) == {one}


@pytest.mark.parametrize("lang", ["vi", "en"])
def test_findings_are_said_with_what_was_expected(results, lang):
    with language(lang):
        for _, row in quality.findings(results).groupby("rule").head(1).iterrows():
            text = quality.found_text(row)
            assert ";" in text
            assert text.split()[-1] != "–"


def test_completeness_by_district_sums_to_that_by_year(results):
    """Cells filled, weighted by rows, over all districts: what the engine counts for the whole table."""
    staff = results.snapshot.frame("staffing")
    whole = completeness(results.snapshot)
    engine = whole[whole["table"].eq("staffing") & whole["year"].eq(2024)]["missing"].iloc[0]
    rows = staff[staff["year"].eq(2024)]
    assert rows["headcount"].isna().mean() == pytest.approx(engine)
    shares = quality.by_district(results)["staffing"].xs(2024, level="year")
    assert shares.between(0, 100).all()
    assert (shares < 100).any()


def test_implausible_points_are_told_with_their_province(results):
    """All of the country; none of a province with stations, and each where its own table puts it."""
    found = quality.points(results)
    assert len(found) == len(implausible_points()) > 100
    assert not found["ours"].any()
    units = results.snapshot.frame("units")
    units = units[units["level"].eq("commune")].set_index(["geography", "code"])
    for row in found.head(20).itertuples():
        own = units.loc[(row.geography, row.code)]
        assert (row.name, row.latitude, row.longitude) == (own["name"], own["latitude"], own["longitude"])
    assert found["km"].dropna().is_monotonic_decreasing
    for lang in ("vi", "en"):
        with language(lang):
            table = quality.points_table(found)
            assert table.shape == (len(found), 7)
            assert "20" in t("quality.points.note", ours="0")


def test_a_point_of_ours_comes_first(results, monkeypatch):
    mine = pd.DataFrame(
        {"geography": ["legacy"], "code": ["31198"], "name": ["x"], "reason": ["astray"], "km": [21.0]}
    )
    both = pd.concat([implausible_points(), mine], ignore_index=True)
    monkeypatch.setattr(quality, "implausible_points", lambda: both)
    found = quality.points(Results(results.snapshot))
    assert found.iloc[0][["code", "ours", "province"]].tolist() == ["31198", True, "Thành phố Cần Thơ"]


def test_the_trend_says_how_each_snapshot_differs_from_the_one_before(results, demo, monkeypatch):
    class Info:
        def __init__(self, name):
            self.id, self.created, self.message = name, None, ""

    class Store:
        def snapshots(self):
            return [Info("c"), Info("b"), Info("a")]

        def snapshot(self, name):
            return name

    monkeypatch.setattr(quality, "open_store", Store)
    monkeypatch.setattr(quality, "Results", lambda name: name)
    monkeypatch.setattr(quality, "findings", lambda name: range({"a": 5, "b": 9, "c": 7}[name]))
    frame = quality.over_snapshots(results)
    assert frame["findings"].tolist() == [7, 9, 5]
    assert frame["change"].tolist()[:2] == [-2, 4]
    assert pd.isna(frame["change"].iloc[2])


def test_the_trend_counts_this_snapshot(results, demo):
    frame = quality.over_snapshots(results)
    mine = frame[frame["id"].eq(results.snapshot.id)]
    assert mine["findings"].tolist() == [len(quality.findings(results))]
