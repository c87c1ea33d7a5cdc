"""Synthetic controls: a known mix recovered, another solver's optimum, placebos counted."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from metrics.pilot_synthetic import synthetic_control

OPENED = pd.Timestamp("2024-03-01")


def donors(seed, count=8, periods=20):
    chance = np.random.default_rng(seed)
    values = 50 + chance.normal(0, 5, (count, 1)) + chance.normal(0, 1, (count, periods)).cumsum(axis=1)
    months = pd.period_range("2023-01", periods=periods, freq="M")
    return pd.DataFrame(values, index=[f"D{at}" for at in range(count)], columns=months)


def with_pilot(panel, effect, *, noise=0.0, seed=0):
    """A pilot that is a known mix of three donors, plus an effect from March 2024 on."""
    mix = 0.5 * panel.loc["D0"] + 0.3 * panel.loc["D1"] + 0.2 * panel.loc["D2"]
    wobble = np.random.default_rng(seed).normal(0, noise, panel.shape[1]) if noise else 0.0
    after = np.asarray(panel.columns >= pd.Period("2024-03"))
    return pd.concat([(mix + wobble + effect * after).to_frame("P").T, panel])


def test_a_known_mix_and_effect_are_recovered():
    found = synthetic_control(panel=with_pilot(donors(1), 4.0), pilot="P", opened=OPENED)
    assert found.effect == pytest.approx(4.0, abs=0.02)
    assert found.weights.reindex(["D0", "D1", "D2"]).tolist() == pytest.approx([0.5, 0.3, 0.2], abs=0.02)
    assert found.weights.sum() == pytest.approx(1, abs=1e-3)
    assert found.misfit_before < 0.05
    assert found.path.index.equals(pd.period_range("2023-01", periods=20, freq="M"))


def test_no_other_mix_fits_the_past_better():
    """At the optimum no donor with weight, and none without, can take weight over to better effect."""
    panel = with_pilot(donors(2), 0.0, noise=2.0)
    found = synthetic_control(panel=panel, pilot="P", opened=OPENED)
    past = panel.loc[:, :"2024-02"]
    mix = past.drop(index="P").to_numpy().T
    weights = found.weights.reindex(panel.index.drop("P"), fill_value=0.0).to_numpy()
    slope = mix.T @ (mix @ weights - past.loc["P"].to_numpy())
    used = weights > 1e-6
    assert slope[used] == pytest.approx(np.full(used.sum(), slope[used].min()), rel=1e-6, abs=1e-6)
    assert (slope[~used] >= slope[used].min() - 1e-6).all()


def test_another_library_finds_the_same_mix():
    synth = pytest.importorskip("pysyncon").Synth()
    panel = with_pilot(donors(7), 3.0, noise=1.0)
    found = synthetic_control(panel=panel, pilot="P", opened=OPENED)
    past = panel.loc[:, :"2024-02"].T
    spread = past.std(axis=1).to_numpy()
    past = past.sub(past["P"], axis=0)
    theirs = {"X0": past.drop(columns="P"), "X1": past["P"], "Z0": past.drop(columns="P"), "Z1": past["P"]}
    synth.fit(**theirs, custom_V=spread**2)
    ours = found.weights.reindex(panel.index.drop("P"), fill_value=0.0)
    assert ours.tolist() == pytest.approx(list(synth.W), abs=0.01)


def test_a_large_effect_outranks_every_placebo_and_none_does_not():
    large = synthetic_control(panel=with_pilot(donors(3), 25.0, noise=0.3), pilot="P", opened=OPENED)
    assert large.p_value == large.smallest_p == 1 / 9
    none = synthetic_control(panel=with_pilot(donors(3), 0.0, noise=3.0), pilot="P", opened=OPENED)
    assert none.p_value > 1 / 9
    ours = none.misfit_after / none.misfit_before
    assert none.p_value == pytest.approx((1 + (none.placebos["ratio"] >= ours).sum()) / 9)


def test_gaps_in_the_data_leave_donors_and_periods_out():
    panel = with_pilot(donors(4), 4.0)
    panel.loc["D7", "2023-05"] = np.nan
    panel.loc["P", "2023-08"] = np.nan
    found = synthetic_control(panel=panel, pilot="P", opened=OPENED)
    assert "D7" not in found.placebos.index
    assert pd.Period("2023-08") not in found.path.index
    assert found.effect == pytest.approx(4.0, abs=0.05)


def test_the_month_of_the_opening_is_left_out():
    panel = with_pilot(donors(5), 4.0)
    panel.loc["P", "2024-02"] = 999.0
    found = synthetic_control(panel=panel, pilot="P", opened=pd.Timestamp("2024-02-21"))
    assert found.effect == pytest.approx(4.0, abs=0.02)


def test_too_little_to_go_on_is_refused():
    panel = with_pilot(donors(6), 4.0)
    for few in (panel.iloc[:2], panel.loc[:, "2024-02":], panel.loc[:, :"2024-02"]):
        with pytest.raises(ValueError, match="too few"):
            synthetic_control(panel=few, pilot="P", opened=OPENED)
