"""The wild cluster bootstrap against every draw counted one by one, and where it must not be used."""

from __future__ import annotations

import itertools

import numpy as np
import pandas as pd
import pytest

from metrics.pilot_bootstrap import LEAST_TREATED, wild_cluster_bootstrap
from metrics.pilot_effects import difference_in_differences, station_changes
from metrics.pilots import study

MONTHS = pd.period_range("2024-01", periods=12, freq="M")
DAYS = ["2024-07-01", "2024-05-01", "2024-09-15"]


def world(seed, *, pilots, each, effect=0.0, staggered=False):
    """Stations with their own level and correlated noise, in matched sets; the pilots gain ``effect``."""
    chance = np.random.default_rng(seed)
    count = pilots * (each + 1)
    noise = np.zeros((count, 12))
    for at in range(12):
        noise[:, at] = 0.6 * noise[:, at - 1] + chance.normal(size=count)
    names = [f"S{at:03d}" for at in range(count)]
    panel = pd.DataFrame(noise + chance.normal(50, 5, (count, 1)), index=names, columns=MONTHS)
    days = [pd.Timestamp(DAYS[at % 3 if staggered else 0]) for at in range(pilots)]
    opened = pd.Series(days, index=names[:pilots])
    for name, day in opened.items():
        panel.loc[name, MONTHS[MONTHS.start_time >= day]] += effect
    sets = pd.Series({name: names[at % pilots] for at, name in enumerate(names) if at >= pilots})
    return {"panel": panel, "opened": opened, "sets": sets}


def naive_p(changes, effect):
    """Every sign of every station: fit by least squares, t by the formula, count the larger ones.

    A set's weight, periods x size / (size - 1), makes the estimate the mean over sets of pilot - comparisons.
    """
    sets = list(dict.fromkeys(changes["pilot"]))
    x = np.array([[pilot == one for one in sets] for pilot in changes["pilot"]], dtype=float)
    d = changes["treated"].to_numpy(dtype=float)
    size = np.array([(changes["pilot"] == pilot).sum() for pilot in changes["pilot"]])
    root = np.sqrt(changes["periods"].to_numpy() * size / (size - 1))
    x, d, y = x * root[:, None], d * root, root * (changes["change"].to_numpy() - effect * d)
    full = np.column_stack([x, d])

    solve = np.linalg.pinv(full)

    def t_of(outcome):
        fit = solve @ outcome
        robust = solve[-1] ** 2 @ (outcome - full @ fit) ** 2
        return fit[-1] / np.sqrt(robust)

    fitted = x @ np.linalg.lstsq(x, y, rcond=None)[0]
    drawn = [
        abs(t_of(fitted + np.array(sign) * (y - fitted)))
        for sign in itertools.product([1, -1], repeat=len(y))
    ]
    return np.mean(np.array(drawn) > abs(t_of(y)) * (1 + 1e-9))


def test_few_stations_are_counted_exhaustively(monkeypatch):
    monkeypatch.setattr("metrics.pilot_bootstrap.DRAWS", 2**14)
    given = world(4, pilots=6, each=2, effect=1.2)
    given["sets"] = given["sets"].head(8)  # two pilots with two comparisons, four with one
    found = wild_cluster_bootstrap(**given)
    changes = station_changes(**given)
    assert found.clusters == 14
    assert found.p_value == pytest.approx(naive_p(changes, 0.0))
    width = found.high - found.low
    for effect, rejected in [
        (found.low - width / 50, True),
        (found.low + width / 50, False),
        (found.high - width / 50, False),
        (found.high + width / 50, True),
    ]:
        assert (naive_p(changes, effect) < 0.05) == rejected


@pytest.mark.parametrize("staggered", [False, True])
def test_the_averaged_changes_are_the_estimate(staggered):
    given = world(1, pilots=7, each=3, effect=2.0, staggered=staggered)
    changes = station_changes(**given)
    apart = changes.groupby(["pilot", "treated"])["change"].mean().unstack()
    periods = changes[changes["treated"]].set_index("pilot")["periods"]
    estimate = ((apart[True] - apart[False]) * periods).sum() / periods.sum()
    assert estimate == pytest.approx(difference_in_differences(**given).estimate)
    found = wild_cluster_bootstrap(**given)
    assert found.low < estimate < found.high


def test_sets_of_different_size_keep_the_estimate_inside():
    given = world(2, pilots=6, each=4, effect=3.0, staggered=True)
    given["sets"] = given["sets"].drop(index=given["sets"].index[:9])
    found = wild_cluster_bootstrap(**given)
    middle = difference_in_differences(**given).estimate
    assert found.clusters == 6 + 15
    assert found.low < middle < found.high
    # the interval is centred on the estimate, which a wrong weighting of the sets would move it off
    assert (found.low + found.high) / 2 == pytest.approx(middle, abs=(found.high - found.low) / 8)


def test_with_no_effect_it_seldom_rejects(monkeypatch):
    monkeypatch.setattr("metrics.pilot_bootstrap.DRAWS", 399)
    p_values = [wild_cluster_bootstrap(**world(seed, pilots=8, each=4)).p_value for seed in range(40)]
    assert 0 < sum(p <= 0.05 for p in p_values) <= 6
    assert 0.35 < np.mean(p_values) < 0.65


def test_it_is_not_used_where_it_does_not_hold():
    few = world(3, pilots=LEAST_TREATED - 1, each=9, effect=9.0)
    assert wild_cluster_bootstrap(**few) is None
    lonely = world(3, pilots=LEAST_TREATED, each=1)
    lonely["panel"].iloc[-1] = np.nan  # its pilot has no comparison left
    assert wild_cluster_bootstrap(**lonely) is None
    flat = world(3, pilots=8, each=2)
    flat["panel"].loc[:] = 7.0
    assert wild_cluster_bootstrap(**flat) is None


def test_missing_months_are_left_out():
    given = world(5, pilots=8, each=4, effect=2.0)
    whole = wild_cluster_bootstrap(**given)
    given["panel"].loc["S000", "2024-02"] = np.nan
    given["panel"].loc["S020", "2024-11"] = np.nan
    holes = wild_cluster_bootstrap(**given)
    assert holes.clusters == whole.clusters
    assert holes.low == pytest.approx(whole.low, abs=0.4)
    assert holes != whole


def test_a_study_of_many_pilots_holds_it_and_one_of_few_does_not():
    given = world(6, pilots=8, each=9, effect=4.0)
    many = study(panel=given["panel"], opened=given["opened"])
    assert many.bootstrap.low < many.effect.estimate < many.bootstrap.high
    few = study(panel=given["panel"], opened=given["opened"].head(3), never_compare=given["opened"].index[3:])
    assert few.bootstrap is None
