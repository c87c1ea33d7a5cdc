"""The interrupted series against the same regression written out, and its refusals."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from metrics.pilot_series import interrupted_time_series

OPENED = pd.Timestamp("2024-11-01")


def series(seed, *, step=0.0, slope=0.0, wave=0.0, periods=36):
    months = pd.period_range("2023-01", periods=periods, freq="M")
    at = np.arange(periods)
    since = np.asarray(months >= pd.Period("2024-11"))
    values = 20 + 0.4 * at + np.random.default_rng(seed).normal(0, 0.5, periods)
    values = values + step * since + slope * np.where(since, at - 21, 0) + wave * np.sin(2 * np.pi * at / 12)
    return pd.Series(values, index=months)


def test_the_coefficients_are_those_of_the_regression():
    data = series(1, step=3, slope=0.2)
    at = np.arange(36.0)
    since = at >= 22
    matrix = np.column_stack([np.ones(36), at, since, np.where(since, at - 21, 0)])
    by_hand = np.linalg.lstsq(matrix, data.to_numpy(), rcond=None)[0]
    found = interrupted_time_series(series=data, opened=OPENED)
    assert not found.seasonal
    assert (found.step, found.slope) == pytest.approx(tuple(by_hand[2:]))
    assert found.effect == pytest.approx(by_hand[2] + by_hand[3] * np.arange(1, 15).mean())
    assert found.low < found.effect < found.high
    assert (found.before, found.since) == (22, 14)


def test_a_planted_step_is_found_and_none_is_not_invented():
    assert interrupted_time_series(series=series(2, step=4), opened=OPENED).p_value < 0.001
    covered = [
        (lambda one: one.low <= 4 <= one.high)(
            interrupted_time_series(series=series(50 + seed, step=4), opened=OPENED)
        )
        for seed in range(40)
    ]
    assert sum(covered) >= 32


def test_the_yearly_wave_is_taken_out_where_two_years_lie_before():
    longer = series(3, step=4, wave=5, periods=48)
    found = interrupted_time_series(series=longer, opened=pd.Timestamp("2025-01-01"))
    assert found.seasonal
    flat = interrupted_time_series(
        series=longer - 5 * np.sin(2 * np.pi * np.arange(48) / 12), opened=pd.Timestamp("2025-01-01")
    )
    assert found.effect == pytest.approx(flat.effect, abs=1e-6)


def test_missing_months_and_the_opening_month_are_left_out():
    data = series(4, step=3)
    data.iloc[5] = np.nan
    data.loc["2024-10"] = 999.0
    found = interrupted_time_series(series=data, opened=pd.Timestamp("2024-10-21"))
    assert (found.before, found.since) == (20, 14)
    assert found.effect == pytest.approx(3, abs=1.5)


@pytest.mark.parametrize("opened", ["2023-06-01", "2025-09-01", "2030-01-01"])
def test_short_sides_are_refused(opened):
    with pytest.raises(ValueError, match="too few periods"):
        interrupted_time_series(series=series(5), opened=pd.Timestamp(opened))


def test_a_series_that_never_changes_is_refused():
    with pytest.raises(ValueError, match="never changes"):
        interrupted_time_series(series=series(6) * 0 + 7, opened=OPENED)
