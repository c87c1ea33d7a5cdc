"""Matching against every assignment there is, and its refusals."""

from __future__ import annotations

import itertools

import numpy as np
import pandas as pd
import pytest

from metrics.pilot_matching import match, past


def known(seed, count=9):
    values = np.random.default_rng(seed).normal(size=(count, 2))
    return pd.DataFrame(values, index=[f"S{at}" for at in range(count)], columns=["people", "trend"])


@pytest.mark.parametrize("seed", range(4))
def test_no_other_assignment_is_closer(seed):
    frame = known(seed)
    found = match(covariates=frame, pilots=["S0", "S1"], ratio=2)
    scaled = frame / frame.std(ddof=0)

    def distance(pilot, other):
        return np.sqrt(((scaled.loc[pilot] - scaled.loc[other]) ** 2).mean())

    totals = [
        distance("S0", a) + distance("S0", b) + distance("S1", c) + distance("S1", d)
        for a, b, c, d in itertools.permutations(frame.index[2:], 4)
    ]
    assert found.pairs["distance"].sum() == pytest.approx(min(totals))
    assert len(found.comparisons) == 4


def test_exact_covariates_and_the_caliper_are_kept():
    frame = known(5, 30).assign(zone=[1, 2] * 15)
    found = match(covariates=frame, pilots=["S0", "S1"], ratio=3, exact=["zone"])
    zones = frame.loc[found.pairs["comparison"], "zone"].to_numpy()
    assert (zones == frame.loc[found.pairs["pilot"], "zone"].to_numpy()).all()
    near = match(covariates=frame, pilots=["S0", "S1"], ratio=3, exact=["zone"], caliper=0.3)
    assert (near.pairs["distance"] <= 0.3).all()
    assert len(near.pairs) < len(found.pairs)


def test_a_pilot_without_a_like_station_is_unmatched():
    frame = known(6).assign(zone=[9] + [1] * 8)
    found = match(covariates=frame, pilots=["S0", "S1"], exact=["zone"], ratio=2)
    assert found.unmatched == ("S0",)
    assert set(found.pairs["pilot"]) == {"S1"}
    nobody = match(covariates=frame, pilots=["S0"], exact=["zone"])
    assert (nobody.comparisons, nobody.unmatched) == ([], ("S0",))


def test_what_is_not_known_is_not_compared():
    frame = known(7)
    frame.loc["S3", "people"] = np.nan
    found = match(covariates=frame, pilots=["S0"], ratio=20)
    assert "S3" not in found.comparisons
    assert len(found.comparisons) == 7
    frame.loc["S0", "trend"] = np.nan
    assert match(covariates=frame, pilots=["S0"]).unmatched == ("S0",)
    with pytest.raises(ValueError, match="no covariates of X"):
        match(covariates=frame, pilots=["X"])


def test_the_balance_is_that_of_the_means():
    frame = known(8, 60)
    frame.loc[["S0", "S1"]] += 2
    found = match(covariates=frame, pilots=["S0", "S1"], ratio=3)
    pool = frame.drop(index=["S0", "S1"])
    expected = (frame.loc[["S0", "S1"]].mean() - pool.mean()) / pool.std(ddof=0)
    assert found.balance["before"].tolist() == pytest.approx(expected.tolist())
    matched = frame.loc[found.pairs["comparison"]].mean()
    assert found.balance["matched"].tolist() == pytest.approx(matched.tolist())
    assert (found.balance["after"].abs() < found.balance["before"].abs()).all()
    assert found.balanced == bool((found.balance["after"].abs() <= 0.25).all())


def test_level_and_trend_are_those_of_a_line_through_what_is_there():
    months = pd.period_range("2024-01", periods=8, freq="M")
    panel = pd.DataFrame(np.random.default_rng(9).normal(size=(3, 8)), columns=months)
    panel.iloc[1, 2] = np.nan
    panel.iloc[2, 1:] = np.nan
    found = past(panel=panel, before=pd.Timestamp("2024-06-15"))
    for row in (0, 1):
        early = panel.iloc[row, :5].dropna()
        slope = np.polyfit([list(months).index(month) for month in early.index], early, 1)[0]
        assert found.iloc[row].tolist() == pytest.approx([early.mean(), slope])
    assert found["level"].iloc[2] == panel.iloc[2, 0]
    assert np.isnan(found["trend"].iloc[2])
