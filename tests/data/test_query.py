from __future__ import annotations

import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from math import isnan
from random import Random

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data.contracts import TABLES, absent_row
from data.query import Measure, completeness, latest_year, measure_sums, years
from data.store import Snapshot, StoreError, open_store
from tests.data.samples import PROVENANCE
from tests.data.world import (
    DOCTORS,
    LEVELS,
    PEOPLE,
    STAFF,
    World,
    as_rows,
    check_against_loops,
    country,
    filled,
    same,
    snapshot_of,
)


@settings(max_examples=6)
@given(st.randoms(use_true_random=False), st.sampled_from(LEVELS))
def test_every_number_is_what_a_plain_loop_gives(random: Random, level: tuple[str, str]) -> None:
    world = country(random, provinces=2)
    with snapshot_of(world) as snapshot:
        check_against_loops(world, snapshot, [level])


def test_every_number_of_a_larger_country_is_what_a_plain_loop_gives() -> None:
    world = country(Random(2025), provinces=12)
    with snapshot_of(world) as snapshot:
        check_against_loops(world, snapshot, LEVELS)


@settings(max_examples=2)
@given(st.randoms(use_true_random=False))
def test_totals_survive_every_change_of_level_and_geography(random: Random) -> None:
    world = country(random, provinces=4)
    world.population = {key: value for key, value in world.population.items() if key[0] == "legacy"}
    measures = {"staff": STAFF, "people": PEOPLE}
    with snapshot_of(world) as snapshot:
        found = {
            place: measure_sums(snapshot, measures, geography=place[0], level=place[1], years=[2020, 2021])
            for place in LEVELS
        }
    totals = {
        place: frame.groupby(["measure", "year"])["value"].sum().to_dict() for place, frame in found.items()
    }
    for place, frame in found.items():
        assert totals[place] == totals["legacy", "commune"], place
        known = frame.dropna(subset="value")
        assert (known["low"] <= known["value"]).all()
        assert (known["value"] <= known["high"]).all()
        assert (frame["reported"] <= frame["expected"]).all()
        assert (frame["high"].isna() == (frame["reported"] == 0)).all()
        if place[0] == "legacy":
            assert (known["low"] == known["high"]).all()


# -- rules one by one --------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def world() -> World:
    """Two provinces of each geography; legacy 00001 is not current 00001.

    Legacy 00001 went whole to 00006; 00002 was split inside province 11; 00004 across provinces.
    """
    links = {
        "00001": ["00006"],
        "00002": ["00006", "00001"],
        "00003": ["00001"],
        "00004": ["00007", "00006"],
        "00005": ["00007"],
    }
    world = World(
        district={"00001": "001", "00002": "001", "00003": "002", "00004": "003", "00005": "003"},
        province={"001": "01", "002": "01", "003": "02"},
        new_province={"00001": "11", "00006": "11", "00007": "12", "00008": "12"},
        links=links,
    )
    world.stations = {"S1": ("00001", "00006"), "S2": ("00002", "00001"), "S4": ("00004", "00007")}
    world.staffing = {
        ("S1", 2020, "doctor"): 2,
        ("S1", 2020, "nurse"): 3,
        ("S2", 2020, "nurse"): 1,
        ("S4", 2020, "doctor"): None,
        ("S4", 2020, "nurse"): 4,
        ("S1", 2021, "nurse"): 5,
    }
    world.population = {("legacy", commune, 2019): n * 100 for n, commune in enumerate(links, start=1)}
    return world


@pytest.fixture(scope="module")
def snapshot(world: World) -> Iterator[Snapshot]:
    with snapshot_of(world) as snapshot:
        yield snapshot


def ask(snapshot: Snapshot, measure: Measure, geography: str, level: str, **options: object) -> pd.DataFrame:
    frame = measure_sums(snapshot, {"m": measure}, geography=geography, level=level, **options)  # type: ignore[arg-type]
    return frame.drop(columns="measure").set_index(["code", "year"])


def test_a_station_that_lists_no_row_for_a_cadre_has_none_and_a_missing_row_is_not_reported(
    snapshot: Snapshot,
) -> None:
    doctors = ask(snapshot, DOCTORS, "legacy", "commune")
    assert doctors.loc[("00001", 2020), ["value", "reported", "expected"]].tolist() == [2, 1, 1]
    assert doctors.loc[("00002", 2020), ["value", "reported", "expected"]].tolist() == [0, 1, 1]
    assert doctors.loc[("00004", 2020), ["reported", "expected"]].tolist() == [0, 1]
    assert isnan(doctors.loc[("00004", 2020), "value"])
    nurses = DOCTORS.model_copy(update={"where": {"cadre": ["nurse"]}})
    assert ask(snapshot, nurses, "legacy", "commune").loc[("00004", 2020), "value"] == 4
    staff = ask(snapshot, STAFF, "legacy", "province")
    assert staff.loc[("01", 2020), ["value", "reported", "expected"]].tolist() == [6, 2, 2]
    assert staff.loc[("02", 2020), ["reported", "expected"]].tolist() == [0, 1]


def test_what_nobody_lists_in_a_year_was_not_collected(snapshot: Snapshot) -> None:
    doctors = ask(snapshot, DOCTORS, "legacy", "district")
    assert doctors.loc[("001", 2020), "value"] == 2
    assert isnan(doctors.loc[("001", 2021), "value"])
    assert doctors.loc[("001", 2021), "reported"] == 0
    assert ask(snapshot, STAFF, "legacy", "district").loc[("001", 2021), ["value", "reported"]].tolist() == [
        5,
        1,
    ]


def test_a_unit_without_a_station_expects_none_and_has_no_value(snapshot: Snapshot) -> None:
    staff = ask(snapshot, STAFF, "legacy", "commune", within="01")
    assert staff.loc[("00003", 2020), ["reported", "expected"]].tolist() == [0, 0]
    assert isnan(staff.loc[("00003", 2020), "value"])
    assert isnan(ask(snapshot, STAFF, "current", "commune", within="12").loc[("00008", 2020), "value"])


def test_units_without_any_data_appear_only_inside_a_province_asked_for(snapshot: Snapshot) -> None:
    codes = ask(snapshot, STAFF, "current", "commune").index.unique("code").tolist()
    assert codes == ["00001", "00006", "00007"]
    assert ask(snapshot, STAFF, "current", "commune", within="all").index.unique("code").tolist() == codes
    inside = ask(snapshot, STAFF, "current", "commune", within="12")
    assert inside.index.unique("code").tolist() == ["00007", "00008"]
    assert inside.index.unique("year").tolist() == [2020, 2021]


def test_a_split_commune_gives_bounds_and_is_whole_where_both_parts_are_in_the_unit(
    snapshot: Snapshot,
) -> None:
    people = ask(snapshot, PEOPLE, "current", "commune")
    ends = ["low", "value", "high", "reported", "expected"]
    # 00006 took 00001 whole (100), the main part of 00002 (200), a part of 00004 (400)
    assert people.loc[("00006", 2019), ends].tolist() == [100, 300, 700, 3, 3]
    assert people.loc[("00001", 2019), ends].tolist() == [300, 300, 500, 2, 2]
    assert people.loc[("00007", 2019), ends].tolist() == [500, 900, 900, 2, 2]
    provinces = ask(snapshot, PEOPLE, "current", "province")
    assert provinces.loc[("11", 2019), ends].tolist() == [600, 600, 1000, 4, 4]
    assert provinces.loc[("12", 2019), ends].tolist() == [500, 900, 900, 2, 2]


def test_carried_data_say_their_own_year(snapshot: Snapshot) -> None:
    people = ask(snapshot, PEOPLE, "legacy", "province", years=[2018, 2024, 2019])
    assert people.loc["01", "as_of"].tolist() == [pd.NA, 2019, 2019]
    assert people.loc["01", "value"].tolist()[1:] == [600, 600]
    assert isnan(people.loc[("01", 2018), "value"])
    now = ask(
        snapshot, PEOPLE.model_copy(update={"carry_forward": False}), "legacy", "province", years=[2024]
    )
    assert now["value"].isna().all()
    assert now["expected"].tolist() == [3, 2]


def test_direct_data_win_in_their_province_and_year_only(world: World) -> None:
    direct = replace(world, population=world.population | {("current", "00007", 2021): 5000})
    with snapshot_of(direct) as snapshot:
        people = ask(snapshot, PEOPLE, "current", "commune", years=[2019, 2021, 2022])
        ends = ["low", "value", "high", "expected", "as_of"]
        assert people.loc[("00007", 2019), ends].tolist() == [500, 900, 900, 2, 2019]
        assert people.loc[("00007", 2021), ends].tolist() == [5000, 5000, 5000, 1, 2021]
        assert people.loc[("00007", 2022), ends].tolist() == [5000, 5000, 5000, 1, 2021]
        assert people.loc[("00006", 2022), ends].tolist() == [100, 300, 700, 3, 2019]
        assert ask(snapshot, PEOPLE, "legacy", "commune").index.unique("year").tolist() == [2019]


def test_twelve_months_add_up_to_their_year(snapshot: Snapshot) -> None:
    rows: list[tuple[str, str, str, float | None]] = [
        ("S1", f"2020-{month:02d}", "visits", month + 0.5) for month in range(1, 13)
    ]
    rows += [("S1", f"2021-{month:02d}", "visits", None if month == 2 else 7.0) for month in range(1, 13)]
    rows += [("S2", f"2020-{month:02d}", "visits", 7.0) for month in range(1, 12)]  # no December
    monthly = filled(
        "activity_monthly", pd.DataFrame(rows, columns=["station", "month", "activity", "quantity"])
    )
    with tempfile.TemporaryDirectory() as folder:
        tables = {name: (snapshot.frame(name), PROVENANCE) for name in ("units", "crosswalk", "stations")}
        tables["activity_monthly"] = monthly, PROVENANCE
        written = open_store(folder).write(tables, message="m")
        visits = Measure(table="activity_monthly", column="quantity", where={"activity": ["visits"]})
        found = ask(written, visits, "legacy", "commune")
        assert found.loc[("00001", 2020), "value"] == 84.0
        assert found.loc[("00001", 2021), "reported"] == 0
        assert found.loc[("00002", 2020), "reported"] == 0
        assert years(written, "activity_monthly") == [2020, 2021]


def test_what_a_station_has_no_row_for_it_did_not_report(snapshot: Snapshot) -> None:
    rows = [
        ("S1", 2024, "vaccinations", 500.0),
        ("S2", 2024, "visits", 7000.0),
        ("S2", 2024, "vaccinations", 300.0),
        ("S4", 2024, "visits", 0.0),
    ]
    activity = filled("activity", pd.DataFrame(rows, columns=["station", "year", "activity", "quantity"]))

    def of(*activities: str, aggregate: str = "sum") -> Measure:
        where = {"activity": list(activities)}
        return Measure(table="activity", column="quantity", where=where, aggregate=aggregate)  # type: ignore[arg-type]

    with tempfile.TemporaryDirectory() as folder:
        tables = {name: (snapshot.frame(name), PROVENANCE) for name in ("units", "crosswalk", "stations")}
        written = open_store(folder).write(tables | {"activity": (activity, PROVENANCE)}, message="m")
        visits = ask(written, of("visits"), "legacy", "commune")
        assert isnan(visits.loc[("00001", 2024), "value"])
        assert visits.loc[("00001", 2024), "reported"] == 0
        assert visits.loc[("00002", 2024), "value"] == 7000
        assert visits.loc[("00004", 2024), ["value", "reported"]].tolist() == [0, 1]  # said to be none
        above = ask(written, of("visits"), "legacy", "district")
        assert above.loc[("001", 2024), ["value", "reported", "expected"]].tolist() == [7000, 1, 2]
        both = ask(written, of("visits", "vaccinations"), "legacy", "district")
        assert both.loc[("001", 2024), ["value", "reported"]].tolist() == [7300, 1]
        assert both.loc[("003", 2024), "reported"] == 0
        reporting = ask(written, of("visits", aggregate="stations"), "legacy", "district")
        assert reporting.loc[("001", 2024), "value"] == 1


def test_every_contract_says_what_an_absent_row_means() -> None:
    said = {name: absent_row(name) for name in TABLES}
    assert set(said.values()) == {"none", "not_reported"}
    assert said["staffing"] == "none"
    assert {said[name] for name in ("activity", "activity_monthly", "facilities")} == {"not_reported"}


def test_columns_types_and_order(snapshot: Snapshot) -> None:
    frame = measure_sums(snapshot, {"b": PEOPLE, "a": STAFF}, geography="legacy", level="commune")
    assert dict(frame.dtypes.astype("str")) == {
        "measure": "str",
        "code": "str",
        "year": "Int64",
        "value": "float64",
        "low": "float64",
        "high": "float64",
        "reported": "Int64",
        "expected": "Int64",
        "as_of": "Int64",
    }
    assert frame["measure"].unique().tolist() == ["b", "a"]
    assert frame.loc[frame["measure"] == "a", ["code", "year"]].apply(tuple, axis=1).is_monotonic_increasing


def test_answers_do_not_depend_on_the_thread(snapshot: Snapshot) -> None:
    def answer(n: int) -> dict[tuple[str, str, int], tuple]:
        geography, level = LEVELS[n % len(LEVELS)]
        measures = {"staff": STAFF, "people": PEOPLE}
        return as_rows(measure_sums(snapshot, measures, geography=geography, level=level, years=[2020]))

    alone = [answer(n) for n in range(len(LEVELS))]
    with ThreadPoolExecutor(4) as pool:
        for n, rows in enumerate(pool.map(answer, range(6))):
            expected = alone[n % len(LEVELS)]
            assert rows.keys() == expected.keys()
            assert all(same(row, expected[key]) for key, row in rows.items())


@pytest.mark.parametrize(
    ("measure", "message"),
    [
        (Measure(table="doctors", column="headcount"), "'doctors' is not by station or commune and year"),
        (Measure(table="stations", column="zone"), "'stations' is not by station or commune and year"),
        (Measure(table="staffing", column="cadre"), "no number column 'cadre'"),
        (Measure(table="staffing", column="year"), "no number column 'year'"),
        (Measure(table="staffing", column="headcount", where={"post": ["x"]}), "no text column 'post'"),
        (Measure(table="population", column="total", aggregate="stations"), "'stations' cannot be counted"),
    ],
)
def test_a_measure_that_cannot_be_is_named(snapshot: Snapshot, measure: Measure, message: str) -> None:
    with pytest.raises(ValueError, match=f"bad: .*{message}"):
        measure_sums(snapshot, {"good": STAFF, "bad": measure}, geography="legacy", level="commune")


@pytest.mark.parametrize(
    ("geography", "level", "within", "message"),
    [
        ("current", "district", None, "no level 'district'"),
        ("future", "commune", None, "geography 'future'"),
        ("legacy", "village", None, "no level 'village'"),
        ("legacy", "commune", "99", "no province '99'"),
    ],
)
def test_a_place_that_cannot_be_is_named(
    snapshot: Snapshot, geography: str, level: str, within: str | None, message: str
) -> None:
    with pytest.raises(ValueError, match=message):
        measure_sums(snapshot, {"m": STAFF}, geography=geography, level=level, within=within)
    with pytest.raises(ValueError, match="no measure"):
        measure_sums(snapshot, {}, geography="legacy", level="commune")


@pytest.mark.parametrize(("table", "column"), [("activity", "quantity"), ("village_workers", "villages")])
@pytest.mark.parametrize(("geography", "level"), [("legacy", "commune"), ("current", "province")])
def test_of_a_table_the_snapshot_lacks_nobody_reports(
    snapshot: Snapshot, table: str, column: str, geography: str, level: str
) -> None:
    lacking = Measure(table=table, column=column)
    asked = {"geography": geography, "level": level, "years": [2020, 2021]}
    found = measure_sums(snapshot, {"staff": STAFF, "m": lacking}, **asked)
    there, none = found[found["measure"] == "staff"], found[found["measure"] == "m"]
    assert list(none["code"]) == list(there["code"])
    assert list(none["year"]) == list(there["year"])
    assert none["reported"].eq(0).all()
    assert none[["value", "low", "high"]].isna().all(axis=None)
    assert none["expected"].gt(0).any()
    assert list(found.dtypes) == list(measure_sums(snapshot, {"m": STAFF}, **asked).dtypes)
    assert measure_sums(snapshot, {"m": lacking}, geography=geography, level=level).empty


def test_a_table_the_snapshot_lacks_is_named(snapshot: Snapshot) -> None:
    with pytest.raises(StoreError, match="no table “activity”"):
        latest_year(snapshot, "activity")


def test_years_and_completeness(snapshot: Snapshot) -> None:
    assert years(snapshot, "staffing") == [2020, 2021]
    assert latest_year(snapshot, "staffing") == 2021
    assert latest_year(snapshot, "insurance") is None
    frame = completeness(snapshot).set_index(["table", "year"])
    # four number columns; only headcount is filled in, except for one doctor
    assert frame.loc[("staffing", 2020)].tolist() == [5, 16 / 20]
    assert frame.loc[("staffing", 2021)].tolist() == [1, 3 / 4]
    assert frame.loc[("population", 2019)].tolist() == [5, 4 / 5]
    assert frame.loc["crosswalk", "rows"].tolist() == [7]
    assert frame.loc["crosswalk", "missing"].isna().all()
    assert "insurance" not in frame.index.unique("table")
