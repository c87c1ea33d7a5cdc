"""Made-up countries as plain Python, and the sums over them by plain loops, written from the rules."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import product
from math import isnan, nan
from pathlib import Path
from random import Random

import pandas as pd

from data.contracts import GEOGRAPHIES, TABLES
from data.query import Measure, measure_sums
from data.store import Snapshot, open_store
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


def check_against_loops(world: World, snapshot: Snapshot, levels: list[tuple[str, str]]) -> None:
    """Compare every number the engine gives with the oracle's."""
    span = [2018, 2019, 2020, 2021, 2022]
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
