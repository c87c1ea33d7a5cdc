import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from metrics.registry import indicators
from metrics.results import evaluate, measures, ratio

COLUMNS = ["measure", "code", "year", "value", "low", "high", "reported", "expected", "as_of"]
parts = st.tuples(st.one_of(st.none(), st.integers(0, 500)), st.one_of(st.none(), st.integers(0, 90_000)))


def sums(id_, **by_part):
    """Build what the query returns for 2024; a part's rows: code, value, low, high, reported, expected[, as_of]."""
    return pd.DataFrame(
        [
            (f"{id_}.{part}", row[0], 2024, *row[1:6], *(row[6:] or (2024,)))
            for part, rows in by_part.items()
            for row in rows
        ],
        columns=COLUMNS,
    )


def one(indicator, **by_part):
    return evaluate(indicator=indicators()[indicator], sums=sums(indicator, **by_part)).loc[("92", 2024)]


@given(st.lists(parts, min_size=1, max_size=8))
def test_a_ratio_is_exact_or_says_why_not(cases):
    frame = ratio(
        numerator=pd.Series([top for top, _ in cases], dtype="Int64"),
        denominator=pd.Series([bottom for _, bottom in cases], dtype="Int64"),
        multiplier=10_000,
    )
    for (top, bottom), row in zip(cases, frame.itertuples(), strict=True):
        if top is None or bottom is None:
            assert (row.status, math.isnan(row.value)) == ("missing", True)
        elif bottom == 0:
            assert (row.status, math.isnan(row.value)) == ("zero_denominator", True)
        else:
            assert row.status == "ok"
            assert math.isclose(row.value, 10_000 * top / bottom)


def test_larger_areas_divide_sums_not_average_values():
    frame = ratio(numerator=pd.Series([1, 30]), denominator=pd.Series([1_000, 90_000]), multiplier=10_000)
    total = frame.sum(numeric_only=True).to_frame().T
    whole = ratio(numerator=total.numerator, denominator=total.denominator, multiplier=10_000)
    assert whole.value[0] == pytest.approx(310_000 / 91_000)
    assert whole.value[0] != pytest.approx(frame.value.mean())


def test_bounds_when_only_the_population_is_a_range():
    row = one(
        "doctors_per_10000",
        numerator=[("92", 10, 10, 10, 5, 5)],
        denominator=[("92", 50_000, 40_000, 80_000, 5, 5)],
    )
    assert (row.low, row.value, row.high) == pytest.approx((1.25, 2.0, 2.5))


def test_bounds_when_both_move_together():
    row = one(
        "health_insurance_coverage",
        numerator=[("92", 900, 450, 960, 5, 5)],
        denominator=[("92", 1000, 500, 1200, 5, 5)],
    )
    assert (row.low, row.value, row.high) == pytest.approx((80, 90, 90))


def test_the_less_complete_part_is_told():
    row = one(
        "doctors_per_10000",
        numerator=[("92", 10, 10, 10, 4, 5)],
        denominator=[("92", 50_000, 50_000, 50_000, 9, 9)],
    )
    assert (row.status, row.reported, row.expected) == ("partial", 4, 5)


def test_nothing_is_ranked_below_the_minimum_denominator():
    rows = {people: one("doctors_per_10000", numerator=[("92", 1, 1, 1, 1, 1)],
                        denominator=[("92", people, people, people, 1, 1)]).rankable
            for people in (4_999, 5_000)}  # fmt: skip
    assert rows == {4_999: False, 5_000: True}


def test_a_unit_with_one_part_only_is_missing():
    row = one("doctors_per_10000", numerator=[("92", 1, 1, 1, 1, 1)], denominator=[("86", 1, 1, 1, 1, 1)])
    assert row.status == "missing"
    assert not row.rankable


def test_a_sum_keeps_its_bounds_and_has_no_denominator():
    row = one("population", numerator=[("92", 100, 80, 120, 2, 3)])
    assert (row.value, row.low, row.high, row.status) == (100, 80, 120, "partial")
    assert np.isnan(row.denominator)


def test_a_formula_that_needs_more_than_sums_is_refused():
    with pytest.raises(ValueError, match="staffing_gap"):
        one("staffing_gap", numerator=[])


def test_every_measure_of_the_registry_is_asked_for():
    asked = measures(indicators=indicators().values())
    assert len(asked) == sum(
        (i.numerator is not None) + (i.denominator is not None) for i in indicators().values()
    )
    assert asked["stations_with_doctor.numerator"].aggregate == "stations_with"


def test_the_oldest_data_used_is_told():
    row = one(
        "doctors_per_10000",
        numerator=[("92", 10, 10, 10, 5, 5)],
        denominator=[("92", 50_000, 50_000, 50_000, 9, 9, 2019)],
    )
    assert row.as_of == 2019


def test_what_too_few_reported_is_not_ranked():
    rows = {
        reported: one(
            "doctors_per_10000",
            numerator=[("92", 10, 10, 10, reported, 20)],
            denominator=[("92", 50_000, 50_000, 50_000, 20, 20)],
        ).rankable
        for reported in (17, 18)
    }
    assert rows == {17: False, 18: True}
