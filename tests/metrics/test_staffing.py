import itertools
import math
import time
from decimal import ROUND_CEILING, Decimal

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from metrics.registry import norms
from metrics.staffing import (
    binding_norm,
    posts_filled,
    required_doctors,
    required_staff,
    roll_up,
    short_summary,
    staffing_gap,
)

NORM = norms()["circular_03_2023"]
people = st.integers(min_value=0, max_value=200_000)
zones = st.sampled_from([1, 2, 3])
headcounts = st.one_of(st.none(), st.integers(min_value=0, max_value=40))


def required(population, zone, norm=NORM):
    frame = required_staff(population=pd.Series([population]), zone=pd.Series([zone]), norm=norm)
    return tuple(frame.iloc[0])


def naive(population: int, zone: int) -> tuple[int, int]:
    """Count the circular's increments one by one, in decimals: shares no code or data with the product."""
    threshold, steps, coefficient = {
        1: (6000, (3000, 2000), "1.0"),
        2: (6000, (3000, 2000), "1.2"),
        3: (5000, (1000, 1000), "1.3"),
    }[zone]
    ends = []
    for step in steps:
        staff, reached = 5, threshold + step
        while population >= reached:
            staff, reached = staff + 1, reached + step
        ends.append(int((staff * Decimal(coefficient)).to_integral_value(ROUND_CEILING)))
    return ends[0], ends[1]


@given(people, zones)
def test_requirement_agrees_with_counting_by_hand(population, zone):
    assert required(population, zone) == naive(population, zone)


def test_the_worked_example_of_the_merged_commune():
    assert required(71_000, 1) == (26, 37)
    low, high = required(71_000 / 6, 1)
    assert (6 * low, 6 * high) == (36, 42)


@pytest.mark.parametrize(
    ("population", "zone", "expected"),
    [
        (0, 1, (5, 5)),
        (6_000, 1, (5, 5)),
        (7_999, 1, (5, 5)),
        (8_000, 1, (5, 6)),
        (9_000, 1, (6, 6)),
        (6_000, 2, (6, 6)),  # 5 x 1.2 is 6.000000000000001 in binary
        (5_000, 3, (7, 7)),
        (10_000, 3, (13, 13)),  # 10 x 1.3
    ],
)
def test_requirement_at_the_edges(population, zone, expected):
    assert required(population, zone) == expected


def test_the_former_norm_has_a_cap():
    norm = norms()["joint_circular_08_2007"]
    assert required(9_000, "delta", norm) == (6, 7)
    assert required(100_000, "urban", norm) == (10, 10)


@given(people, st.integers(min_value=0, max_value=10_000), zones)
def test_more_people_never_need_fewer_staff(population, more, zone):
    fewer, larger = required(population, zone), required(population + more, zone)
    assert fewer[0] <= larger[0]
    assert fewer[1] <= larger[1]
    assert fewer[0] <= fewer[1]


@given(people)
def test_a_harder_zone_never_needs_fewer_staff(population):
    for low, high in itertools.pairwise(required(population, zone) for zone in (1, 2, 3)):
        assert low <= high


@pytest.mark.parametrize("dtype", ["Int64", "float64", "str"])
def test_missing_population_or_zone_is_missing(dtype):
    zone = pd.Series([1, 1, None], dtype="Int64").astype(dtype)
    frame = required_staff(population=pd.Series([7000, None, 7000], dtype="Int64"), zone=zone, norm=NORM)
    assert frame.required_low.isna().tolist() == [False, True, True]
    assert frame.required_high.isna().tolist() == [False, True, True]


@pytest.mark.parametrize(
    ("population", "zone", "said"),
    [
        (pd.Series([-1]), pd.Series([1]), "negative"),
        (pd.Series([1]), pd.Series([4]), "no area 4"),
        (pd.Series([1]), pd.Series([1], index=[7]), "same index"),
    ],
)
def test_bad_input_is_refused(population, zone, said):
    with pytest.raises(ValueError, match=said):
        required_staff(population=population, zone=zone, norm=NORM)


def test_the_country_over_six_years_is_quick():
    size = 10_035 * 6
    generator = np.random.default_rng(1)
    population = pd.Series(generator.integers(1_000, 60_000, size))
    zone = pd.Series(generator.integers(1, 4, size))
    begun = time.perf_counter()
    frame = required_staff(population=population, zone=zone, norm=NORM)
    assert time.perf_counter() - begun < 1
    assert len(frame) == size


def gaps_of(rows):
    frame = pd.DataFrame(rows, columns=["existing", "low", "high"], dtype="Int64")
    return staffing_gap(existing=frame.existing, required_low=frame.low, required_high=frame.high)


rows = st.lists(
    st.tuples(headcounts, st.one_of(st.none(), st.integers(5, 20)), st.integers(0, 9)).map(
        lambda row: (row[0], row[1], None if row[1] is None else row[1] + row[2])
    ),
    min_size=1,
    max_size=12,
)


@given(rows)
def test_status_says_what_the_gaps_say(cases):
    frame = gaps_of(cases)
    for (existing, low, high), status in zip(cases, frame.status, strict=True):
        if existing is None or low is None:
            assert status == "unknown"
        else:
            assert status == ("short" if existing < low else "met" if existing >= high else "between")


@given(st.integers(0, 40), st.integers(5, 20), st.integers(0, 9))
def test_one_more_person_never_widens_a_gap(existing, low, width):
    before = gaps_of([(existing, low, low + width)])
    after = gaps_of([(existing + 1, low, low + width)])
    assert (after.gap_low >= before.gap_low).all()
    assert short_summary(gaps=after).missing_high <= short_summary(gaps=before).missing_high


@given(rows, st.data())
def test_rolling_up_sums_only_complete_units(cases, data):
    areas = data.draw(st.lists(st.sampled_from("ab"), min_size=len(cases), max_size=len(cases)))
    rolled = roll_up(gaps=gaps_of(cases), to=pd.Series(areas))
    for area, row in rolled.iterrows():
        inside = [case for case, where in zip(cases, areas, strict=True) if where == area]
        whole = [case for case in inside if None not in case]
        assert (row.complete, row.expected) == (len(whole), len(inside))
        if whole:
            assert row.gap_low == sum(existing - low for existing, low, _ in whole)
            assert row.gap_high == sum(existing - high for existing, _, high in whole)
        else:
            assert row.status == "unknown"
            assert pd.isna(row.gap_low)


@given(rows)
def test_the_headline_counts(cases):
    summary = short_summary(gaps=gaps_of(cases))
    whole = [case for case in cases if None not in case]
    assert summary.units == len(cases)
    assert summary.known == len(whole) == summary.short + summary.between + summary.met
    assert summary.short == sum(existing < low for existing, low, _ in whole)
    assert summary.missing_low == sum(max(low - existing, 0) for existing, low, _ in whole)
    assert summary.missing_high == sum(max(high - existing, 0) for existing, _, high in whole)


def test_doctor_targets_follow_the_stations():
    step = norms()["plan_281"].steps[0]
    frame = required_doctors(stations=pd.Series([3, None], dtype="Int64"), step=step)
    assert frame.required_low.tolist() == [3, pd.NA]


def test_the_norm_that_asks_for_most_binds():
    table = pd.DataFrame({"a": [5, 9, 4], "b": [7, 9, None], "c": [None, 8, None]}, dtype="Int64")
    assert binding_norm(required=table).tolist() == ["b", "a", "a"]


def test_posts_tell_empty_from_unknown():
    heads = pd.DataFrame(
        {
            "doctor": [1, 0, None],
            "preventive_doctor": [None, 0, 0],
            "public_health": [0, 1, 1],
            "assistant_doctor": [1, 1, 1],
            "nurse": [1, 1, 1],
            "midwife": [2, 1, 1],
            "pharmacy": [1, 0, 1],
            "pharmacist_university": [0, 1, 0],
            "population_officer": [1, 1, 0],
        },
        dtype="Int64",
    )
    filled = posts_filled(headcount=heads, norm=NORM)
    assert filled["doctor/preventive_doctor"].tolist() == [True, False, pd.NA]
    assert filled.posts.tolist() == [6, 6, pd.NA]
    assert len(NORM.posts) == 7
    assert math.isclose(float(filled["pharmacy/pharmacist_university"].mean()), 1.0)


def test_6001_people_are_told_under_both_readings_of_each_additional():
    norm = norms()["circular_03_2023"]
    found = required_staff(population=pd.Series([6001]), zone=pd.Series([1]), norm=norm).iloc[0]
    whole, begun = norm.base, norm.base + math.ceil((6001 - norm.areas["1"].threshold) / 3000)
    assert found.tolist() == [whole, whole]
    [said] = [one for one in norm.assumptions if "6,001" in one.en]
    assert f"need {whole} staff" in said.en
    assert f"they would need {begun}" in said.en
    assert f"cần {whole} người" in said.vi
    assert f"cần {begun} người" in said.vi
