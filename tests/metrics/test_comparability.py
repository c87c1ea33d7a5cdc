"""A change compares the same units: a naive loop says which, and a unit unknown in one year never counts."""

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter

from metrics.comparability import (
    REPORTING,
    ReportingRule,
    comparison,
    enough,
    opening_year,
    reporting_rule,
    same_units,
)
from metrics.registry_files import RegistryError, read_folder

YEARS = (2021, 2022, 2023)
worlds = st.dictionaries(
    st.tuples(st.sampled_from("abcdefgh"), st.sampled_from(YEARS)),
    st.one_of(st.none(), st.integers(0, 50)),
    max_size=24,
)


def known_of(world: dict) -> pd.Series:
    index = pd.MultiIndex.from_tuples(list(world), names=["code", "year"]) if world else None
    empty = pd.MultiIndex.from_arrays([[], []], names=["code", "year"])
    values = [value is not None for value in world.values()]
    return pd.Series(values, index=empty if index is None else index, dtype="bool")


@given(worlds, st.sets(st.sampled_from(YEARS), min_size=1))
def test_the_same_units_are_those_a_plain_loop_finds(world, years):
    expected = [unit for unit in "abcdefgh" if all(world.get((unit, year)) is not None for year in years)]
    assert sorted(same_units(known_of(world), years)) == expected


@given(worlds, st.sampled_from("abcdefgh"), st.sampled_from(YEARS), st.integers(0, 10**6))
def test_a_unit_unknown_in_one_of_the_years_never_changes_a_change(world, unit, hole, other):
    def change(given: dict) -> int:
        codes = same_units(known_of(given), (2021, 2022, 2023))
        return sum(given[code, 2023] - given[code, 2021] for code in codes)

    without = {**world, (unit, hole): None}
    year = next(year for year in YEARS if year != hole)
    assert change(without) == change({**without, (unit, year): other})
    assert change(without) == change({key: v for key, v in without.items() if key[0] != unit})


@given(worlds)
def test_compared_units_are_known_in_every_year_compared_and_enough(world):
    found = comparison(known=known_of(world), years=YEARS, of=8)
    assert len(found.years) != 1
    for code in found.codes:
        assert all(world[code, year] is not None for year in found.years)
    assert enough(found.units, 8) == bool(found.years)


def test_two_of_97_stations_are_no_year_to_open_on_nor_to_compare_with():
    reports = {2023: (90, 97), 2024: (96, 97), 2025: (2, 97)}
    assert opening_year(reports) == 2024
    known = {(f"{unit:02d}", 2024): 1 for unit in range(96)} | {("00", 2025): 1, ("01", 2025): 1}
    assert comparison(known=known_of(known), years=(2024, 2025), of=97).years == ()


def test_where_no_year_is_full_the_fullest_opens():
    assert opening_year({2023: (40, 97), 2024: (60, 97), 2025: (60, 97)}) == 2025
    assert opening_year({2024: (0, 0)}) == 2024


def test_the_share_is_the_registrys_and_bounded(tmp_path):
    assert reporting_rule().enough_share == pytest.approx(0.8)
    text = (REPORTING / "default.yaml").read_text(encoding="utf-8")
    (tmp_path / "default.yaml").write_text(text.replace("0.8\n", "8\n"), encoding="utf-8")
    with pytest.raises(RegistryError, match="enough_share"):
        read_folder(folder=tmp_path, form=TypeAdapter(ReportingRule))
