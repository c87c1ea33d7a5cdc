"""Placebos built like the pilots, and what they make of a change."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from metrics.pilot_matching import comparisons
from metrics.pilot_placebos import _choices, placebos
from metrics.pilot_verdicts import verdicts
from metrics.pilots import study

MONTHS = pd.period_range("2023-01", periods=24, freq="M")
OPENED = pd.Timestamp("2024-05-01")


def panel(seed, *, count=40, scale=None, shock=0.0, districts=10):
    draw = np.random.default_rng(seed)
    values = 50 + draw.normal(size=(count, 24)) * (np.ones(count) if scale is None else scale)[:, None]
    values[:, 16:] += shock * draw.normal(size=districts)[np.arange(count) % districts][:, None]
    return pd.DataFrame(values, index=[f"S{at:02d}" for at in range(count)], columns=MONTHS)


def opening(*names):
    return pd.Series(dict.fromkeys(names, OPENED))


def near_all(frame, opened):
    """Compare every station with all that never opened."""
    return {one: [o for o in frame.index if o not in opened.index and o != one] for one in frame.index}


def naive(frame, opened, near, station):
    """The change of one station beside its comparisons, and its own noise, month by month."""
    before, since = [], []
    for month in frame.columns:
        gap = frame.loc[station, month] - np.mean([frame.loc[one, month] for one in near[station]])
        (before if month.end_time < OPENED else since).append(gap)
    return np.mean(since) - np.mean(before), np.var(before, ddof=1), len(before) - 1


def test_the_p_value_is_the_share_of_stations_as_far_in_their_own_noise():
    frame, opened = panel(1), opening("S03")
    near = near_all(frame, opened)
    parts = {one: naive(frame, opened, near, one) for one in frame.index}
    usual = np.median([variance for _, variance, _ in parts.values()])
    score = {
        one: abs(change) / np.sqrt((variance * free + usual) / (free + 1))
        for one, (change, variance, free) in parts.items()
    }
    found = placebos(panel=frame, opened=opened, near=near, estimate=parts["S03"][0])
    assert found.p_value == pytest.approx(
        np.mean([score[one] >= score["S03"] - 1e-12 for one in frame.index])
    )
    assert found.smallest_p == pytest.approx(1 / 40)


@given(st.integers(0, 10_000), st.floats(-4, 4))
@settings(max_examples=25, deadline=None)
def test_the_interval_holds_what_the_test_does_not_reject(seed, effect):
    frame, opened = panel(seed), opening("S00", "S01", "S02")
    near = near_all(frame, opened)
    found = placebos(panel=frame, opened=opened, near=near, estimate=1.5)
    shifted = placebos(panel=frame, opened=opened, near=near, estimate=1.5 - effect)
    inside = found.low <= effect <= found.high
    if abs(abs(1.5 - effect) - (found.high - 1.5)) > 1e-6:
        assert inside == (shifted.p_value > 0.05)


@given(
    st.lists(st.sampled_from("abc"), min_size=1, max_size=4),
    st.lists(st.sampled_from("pqrstuvw"), min_size=12, max_size=30),
)
@settings(max_examples=40, deadline=None)
def test_placebo_groups_have_the_pilots_structure(pilots, pool):
    rows, possible = _choices(tuple(pilots), tuple(pool))
    for row in rows[:200]:
        assert len(set(row)) == len(row)
        for i in range(len(row)):
            for j in range(i):
                assert (pool[row[i]] == pool[row[j]]) == (pilots[i] == pilots[j])
    assert (possible > 0) == (len(rows) > 0)


def test_the_detectable_effect_is_found_about_as_often_as_promised():
    found = []
    for seed in range(80):
        frame, opened = panel(seed, count=60), opening("S00", "S01", "S02")
        near = near_all(frame, opened)
        estimate = float(np.mean([naive(frame, opened, near, one)[0] for one in opened.index]))
        seen = placebos(panel=frame, opened=opened, near=near, estimate=estimate)
        lifted = placebos(panel=frame, opened=opened, near=near, estimate=estimate + seen.detectable)
        found.append(lifted.p_value <= 0.05)
    assert stats.binom.ppf(0.001, 80, 0.7) <= sum(found) <= stats.binom.ppf(0.999, 80, 0.9)


def test_pilots_of_one_district_have_as_many_placebos_as_there_are_districts():
    frame, opened = panel(2), opening("S00", "S10", "S20")
    where = pd.Series([f"D{at % 10}" for at in range(40)], index=frame.index)
    found = placebos(panel=frame, opened=opened, near=near_all(frame, opened), estimate=50.0, districts=where)
    assert found.shared == 3
    assert found.smallest_p == pytest.approx(1 / 10)
    assert (found.low, found.high) == (-np.inf, np.inf)


def alarms(runs, *, pilots, districts=None, scale=None, shock=0.0, count=60):
    found = []
    for seed in range(runs):
        frame = panel(seed, count=count, scale=scale, shock=shock, districts=30)
        opened = opening(*pilots)
        made = comparisons(panel=frame, opened=opened)
        ours = made.matched.pairs
        gap = frame.loc[list(pilots)].to_numpy() - np.array(
            [frame.loc[ours[ours.pilot == one].comparison].mean() for one in pilots]
        )
        estimate = (gap[:, 16:].mean(axis=1) - gap[:, :16].mean(axis=1)).mean()
        one = placebos(
            panel=frame, opened=opened, near=made.near, estimate=estimate, held=made.held, districts=districts
        )
        found.append(one.p_value <= 0.05)
    return np.mean(found)


def test_noisier_pilots_raise_no_more_false_alarms():
    scale = np.ones(60)
    scale[:3] = 3.0
    assert alarms(80, pilots=("S00", "S01", "S02"), scale=scale) <= 0.125


def test_one_shared_district_raises_no_more_false_alarms():
    where = pd.Series([f"D{at % 30}" for at in range(90)], index=[f"S{at:02d}" for at in range(90)])
    together = alarms(60, pilots=("S00", "S30", "S60"), districts=where, shock=0.7, count=90)
    assert together <= 0.15


def test_shared_districts_and_noisier_pilots_lower_the_grade():
    scale = np.ones(60)
    scale[:3] = 3.0
    frame = panel(5, count=60, scale=scale)
    where = pd.Series([f"D{at % 20}" for at in range(60)], index=frame.index)
    made = study(panel=frame, opened=opening("S00", "S01", "S20"), districts=where)
    assert (made.shared, made.noise > 1.5) == (2, True)
    said = verdicts(studies={"x": made}, polarity={"x": "higher_is_better"})["x"]
    assert {"shared_district", "noisier_pilots"} <= set(said.reasons)
    assert said.grade == "D"


def test_no_change_is_said_only_when_the_whole_interval_is_small():
    calm = study(panel=panel(6, count=60), opened=opening("S00", "S01", "S02"))
    said = verdicts(studies={"x": calm}, polarity={"x": "neutral"})["x"]
    worth = 0.1 * calm.baseline
    assert said.conclusion == "no_effect_seen"
    assert -worth < said.low <= said.high < worth
    wild = study(panel=50 + 12 * (panel(6, count=60) - 50), opened=opening("S00", "S01", "S02"))
    said = verdicts(studies={"x": wild}, polarity={"x": "neutral"})["x"]
    assert said.conclusion == "cannot_tell"
    assert "too_small_to_see" in said.reasons


def test_the_check_of_drift_uses_months_that_matching_did_not():
    frame = panel(7, count=60)
    frame.loc[["S00", "S01", "S02"], MONTHS[11:16]] += 4.0  # apart only after the months matched on
    made = study(panel=frame, opened=opening("S00", "S01", "S02"))
    assert made.events.pre_p < 0.05
    assert comparisons(panel=frame, opened=opening("S00")).held == MONTHS[11].start_time
