"""The pilots' effect against plain re-statements, a published example, another library, and planted truths."""

from __future__ import annotations

import itertools

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm
from scipy import stats

from metrics.pilot_effects import difference_in_differences, event_study, pilots_needed


def months(count):
    return pd.period_range("2023-01", periods=count, freq="M")


def opening(stations, month):
    return pd.Series(dict.fromkeys(stations, pd.Timestamp(month)))


def wandering(seed, *, stations=24, periods=12, keep=0.7):
    """Stations with their own level, slope and correlated noise; nothing happens to any of them."""
    chance = np.random.default_rng(seed)
    noise = np.zeros((stations, periods))
    state = chance.normal(size=stations)
    for at in range(periods):
        state = keep * state + chance.normal(size=stations)
        noise[:, at] = state
    slope = chance.normal(0.3, 0.05, stations)[:, None] * np.arange(periods)
    values = chance.normal(50, 8, stations)[:, None] + slope + noise
    return pd.DataFrame(values, index=[f"S{at:02d}" for at in range(stations)], columns=months(periods))


def test_the_minimum_wage_study_of_card_and_krueger():
    """Card and Krueger (1994), AER 84(4), Table 3: 20.44 to 21.03 beside 23.33 to 21.17 gives 2.76 (2.75 from
    the printed means)."""
    waves = pd.period_range("1992-02", periods=2, freq="9M")
    panel = pd.DataFrame(
        [[20.44, 21.03], [23.33, 21.17]], index=["New Jersey", "Pennsylvania"], columns=waves
    )
    found = difference_in_differences(panel=panel, opened=opening(["New Jersey"], "1992-11-01"))
    assert found.estimate == pytest.approx(2.76, abs=0.02)
    assert found.smallest_p == 0.5
    assert (found.low, found.high) == (-np.inf, np.inf)


def test_one_opening_is_the_interaction_of_the_regression():
    panel = wandering(1)
    opened = opening(panel.index[:3], "2023-08-01")
    long = panel.stack().rename_axis(["station", "month"]).rename("y").reset_index()
    pilot = long["station"].isin(opened.index).to_numpy(float)
    since = (long["month"] >= pd.Period("2023-08")).to_numpy(float)
    fit = sm.OLS(long["y"], np.column_stack([np.ones(len(long)), pilot, since, pilot * since])).fit()
    assert difference_in_differences(panel=panel, opened=opened).estimate == pytest.approx(fit.params.iloc[3])


def naive_group_time(panel, opened, *, base):
    """Every pilot and open period by itself, against the stations not open then: loops, nothing clever."""
    first = {name: list(panel.columns).index(pd.Period(day, "M")) for name, day in opened.items()}
    cells = []
    for pilot, start in first.items():
        for period in range(start, panel.shape[1]):
            others = [one for one in panel.index if first.get(one, 99) > max(period, start)]

            def change(name, period=period, start=start):
                past = (
                    panel.loc[name].iloc[:start]
                    if base == "mean"
                    else panel.loc[name].iloc[start - 1 : start]
                )
                return panel.loc[name].iloc[period] - past.mean()

            cells.append(change(pilot) - np.nanmean([change(one) for one in others]))
    return np.nanmean(cells)


STAGGERED = pd.Series(
    {"S00": "2023-05-01", "S01": "2023-05-01", "S02": "2023-08-01", "S03": "2023-11-01"}
).map(pd.Timestamp)


@pytest.mark.parametrize("base", ["mean", "last"])
def test_staggered_openings_never_compare_with_stations_already_open(base):
    panel = wandering(2, stations=14)
    panel.loc["S00", "2023-07"] = np.nan
    found = difference_in_differences(panel=panel, opened=STAGGERED, base=base)
    assert found.estimate == pytest.approx(naive_group_time(panel, STAGGERED, base=base))
    assert (found.cells, found.cells_missing) == (8 + 8 + 5 + 2, 1)


def test_agrees_with_the_group_time_averages_of_another_library():
    diff_diff = pytest.importorskip("diff_diff")
    panel = wandering(3, stations=14)
    long = panel.stack().rename_axis(["station", "month"]).rename("y").reset_index()
    long["time"] = long["month"].map({month: at + 1 for at, month in enumerate(panel.columns)})
    starts = STAGGERED.map(lambda day: list(panel.columns).index(pd.Period(day, "M")) + 1)
    long["first"] = long["station"].map(starts).fillna(0).astype(int)
    other = diff_diff.CallawaySantAnna(control_group="not_yet_treated", estimation_method="reg")
    theirs = other.fit(long, outcome="y", unit="station", time="time", first_treat="first")
    ours = difference_in_differences(panel=panel, opened=STAGGERED, base="last")
    assert ours.estimate == pytest.approx(theirs.overall_att, abs=1e-8)


def test_growing_effects_do_not_turn_the_staggered_estimate_around():
    """Effects that grow with time since opening: a two-way fixed-effects regression is biased, this is not."""
    panel = pd.DataFrame(
        np.tile(np.arange(12.0), (10, 1)), index=[f"S{at:02d}" for at in range(10)], columns=months(12)
    )
    true = []
    for station, day in STAGGERED.items():
        start = list(panel.columns).index(pd.Period(day, "M"))
        growth = 2.0 * np.arange(1, 12 - start + 1)
        panel.loc[station, panel.columns[start:]] += growth
        true += list(growth)
    assert difference_in_differences(panel=panel, opened=STAGGERED).estimate == pytest.approx(np.mean(true))


def test_the_p_value_counts_every_other_choice_of_stations():
    panel = wandering(4, stations=8)
    panel.iloc[:2, 6:] += 2.0
    opened = opening(panel.index[:2], "2023-07-01")
    change = (panel.iloc[:, 6:].mean(axis=1) - panel.iloc[:, :6].mean(axis=1)).to_numpy()
    sizes = []
    for pair in itertools.combinations(range(8), 2):
        rest = [at for at in range(8) if at not in pair]
        sizes.append(abs(change[list(pair)].mean() - change[rest].mean()))
    found = difference_in_differences(panel=panel, opened=opened)
    assert found.smallest_p == 1 / 28
    assert found.p_value == pytest.approx(np.mean(np.array(sizes) >= sizes[0] - 1e-12))


def test_the_interval_holds_what_the_test_does_not_reject():
    panel = wandering(5, stations=16)
    opened = opening(panel.index[:3], "2023-07-01")
    found = difference_in_differences(panel=panel, opened=opened)
    width = found.high - found.low
    for effect, rejected in [
        (found.low + width / 50, False),
        (found.high - width / 50, False),
        (found.low - width / 50, True),
        (found.high + width / 50, True),
    ]:
        shifted = panel.copy()
        shifted.iloc[:3, 6:] -= effect
        again = difference_in_differences(panel=shifted, opened=opened)
        assert (again.p_value <= 0.05) == rejected


def test_the_month_of_the_opening_counts_on_neither_side():
    panel = wandering(6)
    opened = opening(panel.index[:3], "2023-07-21")
    before = difference_in_differences(panel=panel, opened=opened)
    panel.loc[panel.index[:3], "2023-07"] = 9999.0
    assert difference_in_differences(panel=panel, opened=opened) == before
    assert before.cells == 3 * 5


@pytest.mark.parametrize(
    ("day", "stations", "words"),
    [
        ("2022-06-01", ["S00"], "no period before"),
        ("2025-06-01", ["S00"], "no period before or since"),
        ("2023-06-01", ["X"], "not in the panel"),
        ("2023-06-01", [f"S{at:02d}" for at in range(24)], "no comparison"),
        ("2023-06-01", [], "no pilot"),
    ],
)
def test_an_impossible_question_is_refused(day, stations, words):
    with pytest.raises(ValueError, match=words):
        difference_in_differences(panel=wandering(7), opened=opening(stations, day))


def test_truth_covered_and_false_alarms_kept_in_small():
    """60 data sets with three pilots among 24: binomial bounds so wide that chance alone hardly breaks them."""
    covered = alarms = 0
    for seed in range(60):
        panel = wandering(100 + seed)
        opened = opening(panel.index[:3], "2023-08-01")
        alarms += difference_in_differences(panel=panel, opened=opened).p_value <= 0.05
        panel.iloc[:3, 7:] += 3.0
        found = difference_in_differences(panel=panel, opened=opened)
        covered += found.low <= 3.0 <= found.high
    assert covered >= stats.binom.ppf(0.001, 60, 0.95)
    assert alarms <= stats.binom.ppf(0.999, 60, 0.05)


def test_a_drift_before_the_opening_is_caught_and_its_share_told():
    panel = wandering(12, periods=24)
    opened = opening(panel.index[:3], "2024-01-01")
    assert event_study(panel=panel, opened=opened).pre_p > 0.1
    panel.iloc[:3] += 1.0 * np.arange(24)
    study = event_study(panel=panel, opened=opened)
    assert study.pre_p < 0.05
    assert study.pre_slope == pytest.approx(1.0, abs=0.4)
    assert study.carried_on == pytest.approx(study.pre_slope * 12)


def test_the_event_study_draws_the_effect_where_it_is():
    panel = pd.DataFrame(
        np.random.default_rng(9).normal(0, 0.1, (24, 12)), index=[f"S{at:02d}" for at in range(24)]
    )
    panel.columns = months(12)
    panel.iloc[:3, 6:] += np.arange(1.0, 7.0)
    points = event_study(panel=panel, opened=opening(panel.index[:3], "2023-07-01")).points
    assert points.index.tolist() == list(range(-6, 6))
    assert points["estimate"].loc[0:].tolist() == pytest.approx(np.arange(1.0, 7.0), abs=0.25)
    assert points["estimate"].loc[:-1].mean() == pytest.approx(0, abs=1e-9)
    assert (points["chance_low"] < 0).all()
    assert (points["chance_high"] > 0).all()


def test_staggered_event_study_counts_the_pilots_behind_each_point():
    points = event_study(panel=wandering(10, stations=14), opened=STAGGERED).points
    assert points.loc[0, "pilots"] == 4
    assert points.loc[7, "pilots"] == 2
    assert points.loc[-10, "pilots"] == 1


def test_no_number_of_pilots_finds_what_can_never_be_found():
    assert pilots_needed(detectable=np.inf, worthwhile=1, pilots=1, comparisons=11) is None


def test_more_pilots_are_needed_for_smaller_effects():
    needed = [
        pilots_needed(detectable=10, worthwhile=size, pilots=3, comparisons=300) for size in (12, 10, 7, 5)
    ]
    assert needed == sorted(needed)
    assert needed[:2] == [3, 3]
    assert pilots_needed(detectable=100, worthwhile=1, pilots=3, comparisons=10) is None


SETS = pd.Series({f"S{at:02d}": f"S{at % 2:02d}" for at in range(2, 14)})


def test_a_matched_pilot_is_compared_with_its_own_stations_only():
    panel = wandering(13, stations=14)
    opened = pd.concat([opening(["S00"], "2023-07-01"), opening(["S01"], "2023-09-01")])
    cells = []
    for pilot, start in (("S00", 6), ("S01", 8)):
        change = panel.iloc[:, start:].sub(panel.iloc[:, :start].mean(axis=1), axis=0)
        cells += list(change.loc[pilot] - change.loc[SETS.index[pilot == SETS]].mean())
    found = difference_in_differences(panel=panel, opened=opened, sets=SETS)
    assert found.estimate == pytest.approx(np.mean(cells))
    assert (found.cells, found.comparisons, found.smallest_p) == (6 + 4, 12, 1 / 49)


def test_a_matched_pilot_changes_places_with_its_own_stations_only():
    panel = wandering(14, stations=14)
    opened = opening(["S00", "S01"], "2023-07-01")
    change = panel.iloc[:, 6:].mean(axis=1) - panel.iloc[:, :6].mean(axis=1)
    apart = []
    for pilot in opened.index:
        members = [pilot, *SETS.index[pilot == SETS]]
        apart.append([change[one] - change[[two for two in members if two != one]].mean() for one in members])
    sizes = np.abs([(first + second) / 2 for first in apart[0] for second in apart[1]])
    found = difference_in_differences(panel=panel, opened=opened, sets=SETS)
    assert found.p_value == pytest.approx(np.mean(sizes >= sizes[0] - 1e-12))
    study = event_study(panel=panel, opened=opened, sets=SETS)
    assert study.points["estimate"].loc[0:].mean() == pytest.approx(found.estimate)


def test_a_pilot_without_matched_stations_is_refused():
    with pytest.raises(ValueError, match="no comparison"):
        difference_in_differences(
            panel=wandering(15), opened=opening(["S00", "S20"], "2023-07-01"), sets=SETS
        )
