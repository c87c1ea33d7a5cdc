"""Verdicts on planted truths, and refusals where the data cannot carry one."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from statsmodels.stats.multitest import multipletests

from data import demo, reference_tables
from data.demo.ground import ground, station_ids
from metrics.multiple import adjust
from metrics.pilot_effects import Effect
from metrics.pilot_verdicts import verdicts
from metrics.pilots import before_after, cost_of_one_more, rates, study

MONTHS = pd.period_range("2023-01", periods=36, freq="M")
OPENED = pd.Timestamp("2024-10-21")


def stations(seed, *, count=60, pilots=3, effect=0.0, drift=0.0):
    """Stations with correlated noise; from November 2024 on the first ones gain ``effect``."""
    chance = np.random.default_rng(seed)
    noise = np.zeros((count, 36))
    for at in range(1, 36):
        noise[:, at] = 0.7 * noise[:, at - 1] + chance.normal(size=count)
    values = chance.normal(50, 4, (count, 1)) + 0.2 * np.arange(36) + noise
    values[:pilots, 22:] += effect
    values[:pilots] += drift * np.arange(36)
    return pd.DataFrame(values, index=[f"S{at:02d}" for at in range(count)], columns=MONTHS)


def opening(*names, day=OPENED):
    return pd.Series({name: pd.Timestamp(day) for name in names}, dtype="datetime64[us]")


def verdict(panel, opened, polarity="higher_is_better", **options):
    made = study(panel=panel, opened=opened, **options)
    return made, verdicts(studies={"x": made}, polarity={"x": polarity})["x"]


THREE = opening("S00", "S01", "S02")


@pytest.mark.parametrize(
    ("effect", "polarity", "conclusion"),
    [
        (8, "higher_is_better", "improved"),
        (-8, "higher_is_better", "worsened"),
        (8, "lower_is_better", "worsened"),
        (-8, "lower_is_better", "improved"),
        (8, "neutral", "changed"),
        (0, "higher_is_better", "no_effect_seen"),
    ],
)
def test_the_conclusion_follows_the_effect_and_what_is_better(effect, polarity, conclusion):
    made, said = verdict(stations(1, effect=effect), THREE, polarity)
    assert said.conclusion == conclusion
    assert said.grade in "BC"
    assert made.problems == ()
    assert said.low <= effect <= said.high


def test_a_drift_before_the_opening_lowers_the_grade_and_stops_the_conclusion():
    _, clean = verdict(stations(2, effect=8), THREE)
    _, drifting = verdict(stations(2, drift=0.6), THREE)
    assert "drift_before" not in clean.reasons
    assert {"drift_before", "drift_explains_it"} <= set(drifting.reasons)
    assert drifting.grade > clean.grade
    assert drifting.conclusion == "cannot_tell"


def test_many_pilots_and_a_long_time_earn_the_best_grade():
    names = [f"S{at:02d}" for at in range(12)]
    _, said = verdict(stations(3, count=240, pilots=12, effect=5), opening(*names))
    assert (said.conclusion, said.grade, said.reasons) == ("improved", "A", ())


def test_one_pilot_and_few_stations_cannot_tell_and_say_so():
    _, said = verdict(stations(4, count=12, pilots=1, effect=9), opening("S00"))
    assert said.conclusion == "cannot_tell"
    assert "few_choices" in said.reasons
    assert (said.low, said.high) == (-np.inf, np.inf)


def test_a_noisy_outcome_says_how_many_pilots_it_would_take():
    panel = 5 + 6 * (stations(5, count=200) - 50)
    made, said = verdict(panel, THREE)
    assert said.conclusion == "cannot_tell"
    assert "too_small_to_see" in said.reasons
    assert said.pilots_needed is None or said.pilots_needed > 3
    assert made.detectable > 0.1 * abs(made.baseline)


def test_an_effect_that_does_not_survive_the_correction_is_never_called_none():
    """One clinic reaches p = 1/21 at best: enough for one question, never for ten."""
    one = study(panel=stations(1, effect=8), opened=opening("S00"), never_compare=["S01", "S02"])
    alone = verdicts(studies={"x": one}, polarity={"x": "higher_is_better"})["x"]
    names = [f"x{at}" for at in range(10)]
    many = verdicts(studies=dict.fromkeys(names, one), polarity=dict.fromkeys(names, "higher_is_better"))
    assert alone.conclusion == "improved"
    assert {said.conclusion for said in many.values()} == {"cannot_tell"}
    assert all("many_questions" in said.reasons for said in many.values())


def test_two_open_months_are_too_few():
    panel = stations(6, effect=9).loc[:, :"2024-12"]
    _, said = verdict(panel, THREE)
    assert said.conclusion == "cannot_tell"
    assert "few_periods" in said.reasons


def test_every_pilot_that_cannot_be_studied_is_named():
    panel = stations(7)
    panel.loc["S05", "2023-09"] = np.nan
    opened = pd.concat(
        [
            opening("S00", "S05"),
            opening("S01", day="2022-05-01"),
            opening("S02", day="2026-05-01"),
            opening("X", day=OPENED),
        ]
    )
    made, _ = verdict(panel, opened)
    assert dict(made.problems) == {
        "S05": "missing_periods",
        "S01": "opened_before_data",
        "S02": "opened_after_data",
        "X": "not_in_data",
    }
    assert (made.effect.pilots, made.effect.cells_missing) == (2, 0)
    assert "S01" not in made.matched.comparisons


def test_no_comparison_left_and_a_constant_outcome_are_said_plainly():
    zones = pd.DataFrame({"zone": [3.0] + [1.0] * 59}, index=stations(8).index)
    made, said = verdict(stations(8), opening("S00"), covariates=zones, exact=["zone"])
    assert made.problems == (("S00", "no_comparison"), ("", "no_pilot_left"))
    assert (said.conclusion, said.grade) == ("cannot_tell", "D")
    assert said.reasons == ("no_pilot_left", "only_before_after")
    flat, said = verdict(stations(8) * 0 + 7, THREE)
    assert flat.problems == (("", "constant_outcome"),)
    assert said.reasons == ("constant_outcome", "only_before_after")
    assert flat.before_after["change"].tolist() == [0, 0, 0]


def test_other_pilots_are_never_comparisons():
    panel = stations(9)
    made = study(panel=panel, opened=opening("S00"), never_compare=["S01", "S02"])
    assert not {"S01", "S02"} & set(made.matched.comparisons)
    everyone = study(panel=panel, opened=THREE)
    assert not set(THREE.index) & set(everyone.matched.comparisons)


def test_yearly_data_are_studied_too():
    yearly = stations(10, effect=10).T.groupby(MONTHS.year).mean().T
    yearly = yearly.join(pd.DataFrame({2026: yearly[2025] + 1}))
    yearly.columns = pd.PeriodIndex(yearly.columns.astype(str), freq="Y")
    _, said = verdict(yearly, THREE)
    assert said.conclusion == "cannot_tell"
    assert "few_periods" in said.reasons


def test_before_and_after_leave_the_opening_month_out():
    panel = stations(11)
    panel.loc["S00", "2024-10"] = 9999.0
    row = before_after(panel=panel, opened=opening("S00")).iloc[0]
    values = panel.loc["S00"]
    assert row["before"] == pytest.approx(values[:"2024-09"].mean())
    assert row["since"] == pytest.approx(values["2024-11":].mean())
    assert (row["periods_before"], row["periods_since"]) == (21, 14)


def test_rates_carry_missing_reports_and_denominators_as_missing():
    reports = pd.DataFrame(
        {"station": ["a", "a", "b", "c"], "period": [2021, 2023, 2022, 2021], "quantity": [5.0, 7, 9, 1]}
    )
    panel = rates(quantity=reports, per=pd.Series({"a": 500.0, "b": 0.0}), multiplier=100)
    assert panel.columns.astype(str).tolist() == ["2021", "2022", "2023"]
    assert panel.loc["a"].tolist()[::2] == pytest.approx([1.0, 1.4])
    assert panel.loc[["b", "c"]].isna().all(axis=None)
    assert np.isnan(panel.loc["a"].iloc[1])


def test_corrections_are_the_published_ones():
    """Holm: 0.01 x 3, 0.02 x 2, max; Benjamini-Hochberg: p x 3 / rank, from the largest down."""
    p_values = pd.Series({"a": 0.01, "b": 0.02, "c": 0.3, "d": np.nan})
    assert adjust(p_values=p_values).tolist()[:3] == pytest.approx([0.03, 0.04, 0.3])
    assert adjust(p_values=p_values, method="bh").tolist()[:3] == pytest.approx([0.03, 0.03, 0.3])
    assert np.isnan(adjust(p_values=p_values)["d"])
    assert adjust(p_values=p_values.iloc[3:]).isna().all()


def test_corrections_agree_with_statsmodels():
    chance = np.random.default_rng(0)
    for size in (1, 2, 7, 30):
        p_values = pd.Series(np.round(chance.random(size), 1))  # rounded, so that some are equal
        for method, name in (("holm", "holm"), ("bh", "fdr_bh")):
            expected = multipletests(p_values.to_numpy(), method=name)[1]
            assert adjust(p_values=p_values, method=method).to_numpy() == pytest.approx(expected)


def test_an_effect_that_may_be_nothing_has_no_upper_cost():
    base = {"p_value": 0.2, "smallest_p": 0.01, "pilots": 3, "comparisons": 30}
    rest = {"cells": 9, "cells_missing": 0, "chance": 1.0}
    unsure = Effect(estimate=10, low=-5, high=20, **base, **rest)
    assert cost_of_one_more(cost=100, effect=unsure, units=1) == (10, 5, np.inf)
    none = Effect(estimate=-1, low=-5, high=2, **base, **rest)
    assert np.isnan(cost_of_one_more(cost=100, effect=none, units=1)).all()


@pytest.fixture(scope="module")
def illustrative():
    """Studies of four indicators of the illustrative data at the three named clinics."""
    people = pd.Series(ground()["population"].to_numpy(float), index=station_ids())
    opened = reference_tables.pilots()[0].set_index("station")["opened"]
    months = demo.monthly_activity(demo.SEED).rename(columns={"month": "period"})
    wanted = ["people_managed", "hypertension_managed", "referrals", "electronic_records"]
    panels = {
        name: rates(
            quantity=months.loc[months["activity"] == name, ["station", "period", "quantity"]], per=people
        )
        for name in wanted
    }
    covariates = people.to_frame("people")
    return {name: study(panel=panel, opened=opened, covariates=covariates) for name, panel in panels.items()}


def test_the_planted_effects_of_the_illustrative_data_are_found(illustrative):
    said = verdicts(studies=illustrative, polarity=dict.fromkeys(illustrative, "higher_is_better"))
    for name in ("people_managed", "hypertension_managed"):
        assert said[name].conclusion == "improved"
        assert said[name].low <= demo.PILOT_EFFECTS[name] <= said[name].high
    assert said["referrals"].conclusion in ("no_effect_seen", "cannot_tell")
    assert said["electronic_records"].conclusion == "cannot_tell"
    assert said["electronic_records"].grade in "CD"
    assert "drift_before" in said["electronic_records"].reasons
    assert ("TYT-31228", "drifting_alone") in illustrative["electronic_records"].problems
    assert "drift_before" not in said["people_managed"].reasons
