"""The status of a commitment at every edge, and ranges that keep what they promise."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from data.contracts import TABLES
from metrics.targets import STATUSES, meets, needing_attention, projection, standing, standings

DEADLINE = dt.date(2030, 12, 31)


def yearly(values, *, first=2020):
    """Observations at the end of each year."""
    index = pd.to_datetime([f"{first + at}-12-31" for at in range(len(values))])
    return pd.Series([np.nan if value is None else float(value) for value in values], index=index)


def judged(values, *, comparator=">=", target=100, deadline=DEADLINE, today=dt.date(2026, 3, 1), **options):
    return standing(
        observed=yearly(values),
        comparator=comparator,
        target=target,
        deadline=deadline,
        today=today,
        **options,
    )


@pytest.mark.parametrize(
    ("comparator", "value", "expected"),
    [
        (">=", 95.0, True), (">=", 94.99, False), (">", 95.0, False), (">", 95.01, True),
        ("<=", 95.0, True), ("<=", 95.01, False), ("<", 95.0, False), ("<", 94.99, True),
        ("done", 95.0, True), ("done", 94.0, False), (">=", np.nan, False), ("<", np.nan, False),
        (">=", 95 - 1e-12, True), (">", 95 + 1e-12, False),
    ],
)  # fmt: skip
def test_the_exact_target(comparator, value, expected):
    assert meets(value=value, comparator=comparator, target=95) is expected


@pytest.mark.parametrize(
    ("values", "options", "status", "reason"),
    [
        ([], {}, "not_measurable", "no_data"),
        ([None, None], {}, "not_measurable", "no_data"),
        ([80], {}, "not_measurable", "one_observation"),
        ([80, 84], {}, "at_risk", "two_observations"),
        ([80, 80.5], {}, "off_track", "two_observations"),
        ([100], {}, "done", "met"),
        ([60, 64, 68, 72.1], {"bounds": (0, 100)}, "on_track", "range_meets"),
        ([60, 70, 66, 77], {}, "at_risk", "range_straddles"),
        ([60, 60.1, 60.3, 60.2], {}, "off_track", "range_fails"),
        ([90, 85, 80, 70], {}, "off_track", "wrong_direction"),
        ([90, 85, 80, 75.1], {"comparator": "<=", "target": 50}, "on_track", "range_meets"),
        ([10, 15, 30, 32], {"comparator": "<", "target": 5}, "off_track", "wrong_direction"),
        ([80, 80, 80], {}, "off_track", "range_fails"),
        ([80, 85, 90], {"deadline": None}, "not_measurable", "no_deadline"),
        ([0], {"comparator": "done", "target": 1}, "at_risk", "not_done_yet"),
        ([0, 1], {"comparator": "done", "target": 1}, "done", "met"),
    ],
)
def test_before_the_deadline(values, options, status, reason):
    found = judged(values, **options)
    assert (found.status, found.reason) == (status, reason)
    assert status in STATUSES


@pytest.mark.parametrize(
    ("values", "today", "status", "reason"),
    [
        ([90, 95, 99], dt.date(2022, 12, 31), "off_track", "no_time_left"),
        ([90, 95, 100], dt.date(2022, 12, 31), "done", "met"),
        ([90, 95, 99], dt.date(2023, 1, 1), "missed", "deadline_passed"),
        ([90, 95, 100], dt.date(2023, 1, 1), "done", "met"),
        ([90, 95, 100, 80], dt.date(2024, 1, 1), "done", "met"),
        ([90, 95, 99, 100], dt.date(2024, 1, 1), "missed", "met_late"),
        ([90, 95], dt.date(2023, 1, 1), "missed", "deadline_passed"),
        ([90], dt.date(2023, 1, 1), "not_measurable", "stale"),
        ([100], dt.date(2023, 1, 1), "done", "met"),
        ([], dt.date(2023, 1, 1), "not_measurable", "no_data"),
        ([None, None, None, 100], dt.date(2024, 1, 1), "not_measurable", "no_data_by_deadline"),
    ],
)
def test_on_the_deadline_and_after_it(values, today, status, reason):
    found = judged(values, deadline=dt.date(2022, 12, 31), today=today)
    assert (found.status, found.reason) == (status, reason)


def test_what_is_observed_after_today_is_not_known_yet():
    found = judged([80, 85, 100], today=dt.date(2022, 12, 30))
    assert (found.latest, found.latest_date, found.observations) == (85, dt.date(2021, 12, 31), 2)


def test_pace_gap_and_projection_on_a_known_line():
    """2 a year from 60 at the end of 2020: 80 at the end of 2030; 100 would need 5 a year from 66."""
    found = judged([60, 62, 64, 66])
    assert found.gap == 34
    assert found.pace_needed == pytest.approx(34 / 7, rel=1e-3)
    assert found.pace_observed == pytest.approx(2, rel=1e-3)
    assert found.projected == pytest.approx(80, abs=0.02)
    assert found.high - found.low < 0.05
    line = projection(observed=yearly([60, 62, 64, 66]), until=dt.date(2026, 6, 30))
    assert line.index.strftime("%Y-%m-%d").tolist() == ["2024-12-31", "2025-12-31", "2026-06-30"]
    assert line["value"].tolist() == pytest.approx([68, 70, 71], abs=0.02)


def test_the_range_is_that_of_the_textbook():
    values = np.array([3.0, 5.0, 4.0, 8.0, 9.0])
    x = np.arange(5.0)
    fit = stats.linregress(x, values)
    spread = np.sqrt(((values - fit.intercept - fit.slope * x) ** 2).sum() / 3)
    half = stats.t.ppf(0.9, 3) * spread * np.sqrt(1 + 1 / 5 + (7 - 2) ** 2 / 10)
    centre = fit.intercept + fit.slope * 7
    row = projection(observed=yearly(values), until=dt.date(2027, 12, 31)).iloc[-1]
    assert row.tolist() == pytest.approx([centre, centre - half, centre + half], rel=2e-3)


def test_bounds_cut_the_projection_but_not_the_pace():
    found = judged([60, 70, 80, 90], deadline=dt.date(2035, 12, 31), target=99, bounds=(0, 100))
    assert (found.projected, found.high) == (100, 100)
    assert found.pace_observed == pytest.approx(10, rel=1e-2)


@pytest.mark.parametrize(
    ("values", "bounds", "reaches"),
    [
        ([60, 70, 80, 90], (0, 100), dt.date(2024, 12, 31)),
        ([40, 30, 20, 10], (0, 100), dt.date(2024, 12, 31)),
        ([70, 71, 72, 73], (0, 100), None),
        ([60, 70, 80, 90], None, None),
        ([99, 105, 111, 99.5], (0, 100), dt.date(2024, 1, 1)),
        ([100, 100, 100, 100], (0, 100), None),
    ],
)
def test_a_line_past_a_bound_says_when_it_reaches_it(values, bounds, reaches):
    found = judged(values, target=99.9, bounds=bounds)
    if reaches is None:
        assert found.reaches is None
    else:
        assert found.reaches is not None
        assert abs((found.reaches - reaches).days) <= 2
        assert found.projected in (0, 100)


@given(values=st.lists(st.floats(0, 100), min_size=2, max_size=8))
@settings(max_examples=80)
def test_a_bound_is_reached_between_the_latest_figure_and_the_deadline(values):
    found = judged(values, target=101, bounds=(0, 100), today=dt.date(2029, 1, 1))
    cut = judged(values, target=101, today=dt.date(2029, 1, 1)).projected
    if found.reaches is None:
        assert found.projected == pytest.approx(cut)
        return
    assert not 0 <= cut <= 100
    assert found.latest_date < found.reaches <= DEADLINE


def test_one_or_no_observation_gives_no_line():
    assert projection(observed=yearly([80]), until=DEADLINE).empty
    assert projection(observed=yearly([80, 81]), until=DEADLINE)[["low", "high"]].isna().all(axis=None)


def test_ranges_hold_the_held_out_year_at_their_rate():
    """400 lines with noise: the 80 percent range holds three years ahead about 80 times in 100."""
    chance = np.random.default_rng(20)
    held = 0
    for _ in range(400):
        values = 50 + chance.uniform(-2, 4) * np.arange(9) + chance.normal(0, 2, 9)
        row = projection(observed=yearly(values[:6]), until=dt.date(2028, 12, 31)).iloc[-1]
        held += row["low"] <= values[8] <= row["high"]
    low, high = stats.binom.interval(0.999, 400, 0.8)
    assert low <= held <= high


@given(values=st.lists(st.floats(0, 100), min_size=3, max_size=8), target=st.floats(1, 100))
@settings(max_examples=80)
def test_verdict_and_numbers_never_contradict_each_other(values, target):
    found = judged(values, target=target, today=dt.date(2029, 1, 1))
    if found.status == "done":
        assert found.latest >= target - 1e-9
        assert found.gap == 0
    else:
        assert found.gap == pytest.approx(target - found.latest)
        assert found.pace_needed > 0
        assert found.low <= found.projected <= found.high
    if found.status == "on_track":
        assert found.low >= target - 1e-9
    if found.status == "off_track" and found.reason == "range_fails":
        assert found.high < target


def promises(*rows):
    names = ["id", "place", "indicator", "comparator", "value", "unit", "deadline", "source"]
    frame = pd.DataFrame(list(rows), columns=names)
    text = dict.fromkeys(["id", "place", "indicator", "comparator", "unit", "source"], "str")
    return frame.astype({**text, "deadline": "datetime64[us]"})


def test_every_commitment_gets_its_own_observations():
    targets = promises(
        ("a", "Cần Thơ", "x", ">=", 100.0, "percent of stations", "2030-12-31", "s"),
        ("b", "Cần Thơ", "y", ">=", 1.0, "people", "2030-12-31", "s"),
        ("c", "Trà Vinh", "x", ">=", 90.0, "percent of stations", None, "s"),
    )
    TABLES["targets"].validate(targets)
    seen = yearly([60, 70, 80, 90])
    observations = pd.DataFrame({"date": seen.index, "value": seen.to_numpy()}).assign(
        place="Cần Thơ", indicator="x"
    )
    table = standings(targets=targets, observations=observations, today=dt.date(2026, 1, 1)).set_index("id")
    assert table["status"].tolist() == ["on_track", "not_measurable", "not_measurable"]
    assert table.loc["a", "high"] == 100
    assert table["reason"].tolist()[1:] == ["no_data", "no_data"]
    assert list(table.columns[:7]) == list(targets.columns[1:])
    nobody = standings(targets=targets, observations=observations.iloc[:0], today=dt.date(2026, 1, 1))
    assert set(nobody["reason"]) == {"no_data"}


def test_attention_goes_to_the_worst_and_nearest():
    rows = pd.DataFrame(
        {
            "id": list("abcdef"),
            "status": ["at_risk", "off_track", "done", "off_track", "missed", "on_track"],
            "deadline": pd.to_datetime(
                ["2026-01-01", "2030-01-01", "2026-01-01", "2027-01-01", "2025-01-01", None]
            ),
        }
    )
    assert needing_attention(judged=rows)["id"].tolist() == ["d", "b", "e"]
    assert needing_attention(judged=rows, count=9)["id"].tolist() == ["d", "b", "e", "a"]
