"""The status of a commitment at every edge, and ranges that keep what they promise."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

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
        ([80, 84], {}, "not_measurable", "two_observations"),
        ([80, 80.5], {}, "not_measurable", "two_observations"),
        ([100], {}, "done", "met"),
        ([60, 70, 80, 90.1], {}, "on_track", "range_meets"),
        ([60, 70, 66, 77], {}, "at_risk", "range_straddles"),
        ([60, 60.1, 60.3, 60.2], {}, "off_track", "range_fails"),
        ([90, 85, 80, 74], {}, "off_track", "wrong_direction"),
        ([90, 85, 80, 75.1], {"comparator": "<=", "target": 65}, "on_track", "range_meets"),
        ([10, 15, 20, 26], {"comparator": "<", "target": 5}, "off_track", "wrong_direction"),
        ([80, 80, 80], {}, "off_track", "range_fails"),
        ([80, 79.2, 80.4, 79.9, 79.8], {}, "off_track", "range_fails"),
        ([80, 78, 81, 77, 80, 100], {}, "at_risk", "met_once"),
        ([80, 100], {}, "at_risk", "met_once"),
        ([80, 100, 101], {}, "done", "met"),
        ([70, 80, 90, 100.5], {}, "done", "met"),
        ([130, 124, 118, 112, 106], {}, "at_risk", "slipping"),
        ([101, 102, 103, 102], {}, "done", "met"),
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
        ([94, 100, 101], dt.date(2022, 12, 31), "done", "met"),
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


def test_pace_and_gap_on_a_known_line():
    """2 a year from 60 at the end of 2020: 100 at the end of 2030 needs 34 in the seven years after 66."""
    found = judged([60, 62, 64, 66])
    assert found.gap == 34
    assert found.pace_needed == pytest.approx(34 / 7, rel=1e-3)
    assert found.pace_observed == pytest.approx(2, rel=1e-3)
    line = projection(observed=yearly([60, 62, 64, 66]), until=dt.date(2026, 6, 30))
    assert line.index.strftime("%Y-%m-%d").tolist() == ["2024-12-31", "2025-12-31", "2026-06-30"]
    assert (line["value"].diff().dropna() > 0).all()
    assert line["value"].iloc[-1] < 71


def test_a_saturating_share_is_never_said_to_be_certain():
    found = judged([60, 70, 80, 90], deadline=dt.date(2035, 12, 31), target=99.9, bounds=(0, 100))
    assert found.low < found.projected < 100
    assert found.status != "on_track"


def test_one_or_no_observation_gives_no_line():
    assert projection(observed=yearly([80]), until=DEADLINE).empty
    assert projection(observed=yearly([80, 81]), until=DEADLINE)[["low", "high"]].isna().all(axis=None)


@pytest.mark.parametrize("correlation", [0.0, 0.8])
def test_a_flat_truth_is_seldom_said_to_move_the_wrong_way(correlation):
    """150 runs of six years about 80, of a promise of 90: half of them were "wrong direction" by a bare slope."""
    chance = np.random.default_rng(20)
    reasons = []
    for _ in range(150):
        noise = [chance.normal()]
        for _ in range(5):
            noise.append(correlation * noise[-1] + np.sqrt(1 - correlation**2) * chance.normal())
        reasons.append(judged(80 + 2 * np.array(noise), target=90, bounds=(0, 100)).reason)
    assert reasons.count("wrong_direction") <= 0.1 * 150


@given(values=st.lists(st.floats(0, 100), min_size=3, max_size=8), target=st.floats(1, 100))
@settings(max_examples=80)
def test_verdict_and_numbers_never_contradict_each_other(values, target):
    found = judged(values, target=target, today=dt.date(2029, 1, 1))
    if found.latest >= target - 1e-9:
        assert found.gap == 0
        assert found.reason in ("met", "met_once", "slipping", "range_meets")
    else:
        assert found.gap == pytest.approx(target - found.latest)
        assert found.pace_needed > 0
        assert found.low <= found.projected + 1e-9
        assert found.projected <= found.high + 1e-9
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
    assert table["status"].tolist() == ["at_risk", "not_measurable", "not_measurable"]
    assert 90 < table.loc["a", "low"] < table.loc["a", "projected"] < 100
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
