from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from itertools import product
from math import isnan, nan
from pathlib import Path
from random import Random

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data.contracts import GEOGRAPHIES, TABLES
from data.query import Measure, completeness, latest_year, measure_sums, years
from data.store import Snapshot, StoreError, open_store
from tests.data.samples import PROVENANCE, sample

CADRES = ("doctor", "nurse", "midwife")
DOCTORS = Measure(table="staffing", column="headcount", where={"cadre": ["doctor"]})
STAFF = Measure(table="staffing", column="headcount")
PEOPLE = Measure(table="population", column="total", carry_forward=True)
INSURED = Measure(table="insurance", column="insured")
MEASURES = {
    "doctors": DOCTORS,
    "staff": STAFF,
    "clinicians": DOCTORS.model_copy(update={"where": {"cadre": ["doctor", "nurse"]}}),
    "with_doctor": DOCTORS.model_copy(update={"aggregate": "stations_with"}),
    "reporting": STAFF.model_copy(update={"aggregate": "stations"}),
    "people": PEOPLE,
    "people_then": PEOPLE.model_copy(update={"carry_forward": False}),
    "insured": INSURED,
    "insured_carried": INSURED.model_copy(update={"carry_forward": True}),
}
LEVELS = [
    ("legacy", "commune"),
    ("legacy", "district"),
    ("legacy", "province"),
    ("current", "commune"),
    ("current", "province"),
]


@dataclass
class World:
    """A small country as plain Python that an oracle can loop over."""

    district: dict[str, str]  # legacy commune -> district
    province: dict[str, str]  # district -> province
    new_province: dict[str, str]  # current commune -> province
    links: dict[str, list[str]]  # legacy commune -> current communes, the main one first
    stations: dict[str, tuple[str, str]] = field(default_factory=dict)  # station -> legacy, current commune
    staffing: dict[tuple[str, int, str], int | None] = field(default_factory=dict)
    population: dict[tuple[str, str, int], int | None] = field(default_factory=dict)
    insurance: dict[tuple[str, str, int], int | None] = field(default_factory=dict)

    def frames(self) -> dict[str, pd.DataFrame]:
        units = [("legacy", "commune", code, parent) for code, parent in self.district.items()]
        units += [("legacy", "district", code, parent) for code, parent in self.province.items()]
        units += [("current", "commune", code, parent) for code, parent in self.new_province.items()]
        units += [("legacy", "province", code, None) for code in sorted(set(self.province.values()))]
        units += [("current", "province", code, None) for code in sorted(set(self.new_province.values()))]
        links = []
        for old, news in self.links.items():
            kind = "part" if len(news) > 1 else "whole"
            links += [(old, new, kind, n == 0) for n, new in enumerate(news)]
        rows = {
            "units": (["geography", "level", "code", "parent"], units),
            "crosswalk": (["legacy_commune", "current_commune", "kind", "main"], links),
            "stations": (
                ["station", "legacy_commune", "current_commune"],
                [(name, *ends) for name, ends in self.stations.items()],
            ),
            "staffing": (["station", "year", "cadre", "headcount"], flat(self.staffing)),
            "population": (["geography", "commune", "year", "total"], flat(self.population)),
            "insurance": (["geography", "commune", "year", "insured"], flat(self.insurance)),
        }
        return {name: filled(name, pd.DataFrame(r, columns=columns)) for name, (columns, r) in rows.items()}

    def communes(self, geography: str) -> list[str]:
        return list(self.district if geography == "legacy" else self.new_province)

    def unit(self, geography: str, level: str, commune: str) -> str:
        if level == "commune":
            return commune
        if geography == "current":
            return self.new_province[commune]
        return self.district[commune] if level == "district" else self.province[self.district[commune]]


def flat(table: dict[tuple, int | None]) -> list[tuple]:
    return [(*key, value) for key, value in table.items()]


def filled(name: str, frame: pd.DataFrame) -> pd.DataFrame:
    """Fill the columns a test does not care about and set the contract's types."""
    example = sample(name)
    for column in example:
        if column not in frame:
            nullable = TABLES[name].columns[column].nullable
            frame[column] = None if nullable else example[column].iloc[0]
    return frame[list(example)].astype(example.dtypes.to_dict())


@contextmanager
def snapshot_of(world: World) -> Iterator[Snapshot]:
    with tempfile.TemporaryDirectory() as folder:
        tables = {name: (frame, PROVENANCE) for name, frame in world.frames().items()}
        yield open_store(Path(folder)).write(tables, message="world")


# -- an oracle: loops over the plain world, written from the rules and not from the code ---------------------


def station_reports(world: World, station: str, year: int, cadres: list[str] | None) -> int | None:
    rows = {c: world.staffing[station, year, c] for c in CADRES if (station, year, c) in world.staffing}
    if all(value is None for value in rows.values()):
        return None
    wanted = cadres or CADRES
    if not any((name, year, c) in world.staffing for name in world.stations for c in wanted):
        return None
    matching = [value for cadre, value in rows.items() if cadre in wanted]
    return None if None in matching else sum(matching)


def station_oracle(world: World, measure: Measure, geography: str, level: str, unit: str, year: int) -> tuple:
    at = 0 if geography == "legacy" else 1
    mine = [name for name, ends in world.stations.items() if world.unit(geography, level, ends[at]) == unit]
    reports = [station_reports(world, name, year, measure.where.get("cadre")) for name in mine]
    values = [value for value in reports if value is not None]
    value = {
        "sum": sum(values),
        "stations_with": sum(value > 0 for value in values),
        "stations": len(values),
    }[measure.aggregate]
    value = float(value) if values else nan
    return value, value, value, len(values), len(mine), year if values else None


def latest(world: World, measure: Measure, geography: str, commune: str, year: int) -> tuple | None:
    table = getattr(world, measure.table)
    for own in range(year, 2015 if measure.carry_forward else year - 1, -1):
        if (geography, commune, own) in table:
            return own, table[geography, commune, own]
    return None


def area_oracle(world: World, measure: Measure, geography: str, level: str, unit: str, year: int) -> tuple:
    def homes(source: str, commune: str) -> list[str]:
        return [commune] if source == geography else world.links[commune]

    def found(source: str, keep: Callable[[str], bool]) -> dict[str, tuple]:
        rows = {c: latest(world, measure, source, c, year) for c in world.communes(source)}
        return {c: row for c, row in rows.items() if row and any(map(keep, homes(source, c)))}

    def in_unit(commune: str) -> bool:
        return world.unit(geography, level, commune) == unit

    def in_province(commune: str) -> bool:
        return world.new_province[commune] == world.new_province.get(unit, unit)

    source = geography
    if geography == "current":
        newest = {s: max((row[0] for row in found(s, in_province).values()), default=0) for s in GEOGRAPHIES}
        source = "legacy" if newest["legacy"] > newest["current"] else "current"
    expected = sum(any(map(in_unit, homes(source, c))) for c in world.communes(source))
    rows = found(source, in_unit)
    values = {c: value for c, (_, value) in rows.items() if value is not None}
    if not values:
        return nan, nan, nan, 0, expected, None
    main = [v for c, v in values.items() if in_unit(homes(source, c)[0])]
    whole = [v for c, v in values.items() if all(map(in_unit, homes(source, c)))]
    as_of = min(own for own, _ in rows.values())
    value = float(sum(main)) if main else nan
    return value, float(sum(whole)), float(sum(values.values())), len(values), expected, as_of


def as_rows(frame: pd.DataFrame) -> dict[tuple[str, str, int], tuple]:
    rows = {}
    for row in frame.itertuples(index=False):
        as_of = None if pd.isna(row.as_of) else row.as_of
        ends = (row.value, row.low, row.high)
        rows[row.measure, row.code, row.year] = (*ends, row.reported, row.expected, as_of)
    return rows


def same(one: tuple, other: tuple) -> bool:
    pairs = zip(one, other, strict=True)
    return all(a == b or (a is not None and b is not None and isnan(a) and isnan(b)) for a, b in pairs)


def check_against_loops(world: World, levels: list[tuple[str, str]]) -> None:
    span = [2018, 2019, 2020, 2021, 2022]
    with snapshot_of(world) as snapshot:
        for geography, level in levels:
            frame = measure_sums(snapshot, MEASURES, geography=geography, level=level, years=span)
            rows = as_rows(frame)
            assert set(rows) == set(product(MEASURES, frame["code"].unique(), span))
            for (name, code, year), row in rows.items():
                oracle = station_oracle if MEASURES[name].table == "staffing" else area_oracle
                truth = oracle(world, MEASURES[name], geography, level, code, year)
                assert same(row, truth), (geography, level, name, code, year, row, truth)


# -- worlds ------------------------------------------------------------------------------------------------


def country(random: Random, provinces: int) -> World:
    """Make up a country: splits of every kind, stations anywhere, rows absent, missing, zero or doubled."""
    province = {f"{n:03d}": f"{n % provinces + 1:02d}" for n in range(1, 2 * provinces + 1)}
    district = {f"{n:05d}": random.choice(sorted(province)) for n in range(1, 6 * provinces)}
    new_province = {f"{n:05d}": f"{n % provinces + 21:02d}" for n in range(3, 3 * provinces + 3)}
    links = {old: random.sample(sorted(new_province), random.choice([1, 1, 2, 3])) for old in district}
    world = World(district, province, new_province, links)
    for n in range(random.randrange(1, 6 * provinces)):
        commune = random.choice(sorted(district))
        world.stations[f"S{n}"] = commune, random.choice(links[commune])
    for row in product(world.stations, (2020, 2021, 2022), CADRES):
        if random.random() < 0.6:
            world.staffing[row] = random.choice([None, 0, 0, 1, 2, 3])
    areas = [(geography, commune) for geography in GEOGRAPHIES for commune in world.communes(geography)]
    for (geography, commune), year in product(areas, (2019, 2021)):
        sparse = 0.7 if geography == "legacy" else 0.2
        if random.random() < sparse:
            world.population[geography, commune, year] = random.randrange(1000)
        if random.random() < sparse:
            world.insurance[geography, commune, year] = random.choice([None, 0, 5, 70])
    return world


@settings(max_examples=6, deadline=None)
@given(st.randoms(use_true_random=False), st.sampled_from(LEVELS))
def test_every_number_is_what_a_plain_loop_gives(random: Random, level: tuple[str, str]) -> None:
    check_against_loops(country(random, provinces=2), [level])


def test_every_number_of_a_larger_country_is_what_a_plain_loop_gives() -> None:
    check_against_loops(country(Random(2025), provinces=12), LEVELS)


@settings(max_examples=2, deadline=None)
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


def test_months_add_up_to_their_year(snapshot: Snapshot) -> None:
    rows = [
        ("S1", "2020-01", "visits", 10.0),
        ("S1", "2020-12", "visits", 5.5),
        ("S1", "2021-01", "visits", None),
    ]
    monthly = filled(
        "activity_monthly", pd.DataFrame(rows, columns=["station", "month", "activity", "quantity"])
    )
    with tempfile.TemporaryDirectory() as folder:
        tables = {name: (snapshot.frame(name), PROVENANCE) for name in ("units", "crosswalk", "stations")}
        tables["activity_monthly"] = monthly, PROVENANCE
        written = open_store(folder).write(tables, message="m")
        visits = Measure(table="activity_monthly", column="quantity", where={"activity": ["visits"]})
        found = ask(written, visits, "legacy", "commune")
        assert found.loc[("00001", 2020), "value"] == 15.5
        assert found.loc[("00001", 2021), "reported"] == 0
        assert years(written, "activity_monthly") == [2020, 2021]


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
        for n, rows in enumerate(pool.map(answer, range(12))):
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


def test_a_table_the_snapshot_lacks_is_named(snapshot: Snapshot) -> None:
    visits = Measure(table="activity", column="quantity")
    with pytest.raises(StoreError, match="no table “activity”"):
        measure_sums(snapshot, {"m": visits}, geography="legacy", level="commune")
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
