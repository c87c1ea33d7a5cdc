"""Siting against every choice there is, against greedy, and at its edges."""

from __future__ import annotations

import itertools

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from metrics import siting
from metrics.siting import cover_most, coverage_curve, great_circle_km, shorten_most


def town(seed, *, places=12, sites=7):
    """Places and sites strewn over a square of 10 by 10, and the people of each place."""
    chance = np.random.default_rng(seed)
    homes, stations = chance.uniform(0, 10, (places, 2)), chance.uniform(0, 10, (sites, 2))
    apart = np.sqrt(((homes[:, None, :] - stations[None, :, :]) ** 2).sum(axis=2))
    names = [f"P{at}" for at in range(places)]
    distance = pd.DataFrame(apart, index=names, columns=[f"S{at}" for at in range(sites)])
    return pd.Series(chance.integers(1, 50, places), index=names).astype(float), distance


def covered(people, distance, chosen, within):
    return sum(people[place] for place in people.index if (distance.loc[place, list(chosen)] <= within).any())


def walked(people, distance, chosen, farthest):
    nearest = {
        place: distance.loc[place, list(chosen)].min() if chosen else farthest for place in people.index
    }
    return sum(people[place] * min(nearest[place], farthest) for place in people.index)


@given(seed=st.integers(0, 10_000), k=st.integers(0, 4), within=st.floats(0.5, 5))
@settings(max_examples=20)
def test_no_choice_covers_more_and_greedy_never_does(seed, k, within):
    people, distance = town(seed)
    found = cover_most(people=people, distance=distance, k=k, within=within)
    best = max(covered(people, distance, one, within) for one in itertools.combinations(distance.columns, k))
    assert found.people_covered == pytest.approx(best)
    assert found.people_covered == pytest.approx(covered(people, distance, found.chosen, within))
    assert found.worth >= found.greedy_worth - 1e-9
    assert len(found.chosen) == k
    assert found.gap <= 1e-6


@given(seed=st.integers(0, 10_000), k=st.integers(1, 4), farthest=st.floats(2, 12))
@settings(max_examples=20)
def test_no_choice_is_nearer_to_people(seed, k, farthest):
    people, distance = town(seed)
    found = shorten_most(people=people, distance=distance, k=k, farthest=farthest)
    best = min(walked(people, distance, one, farthest) for one in itertools.combinations(distance.columns, k))
    assert walked(people, distance, found.chosen, farthest) == pytest.approx(best)
    assert found.worth == pytest.approx(walked(people, distance, [], farthest) - best)
    assert found.worth >= found.greedy_worth - 1e-9
    assert found.places["covered"].isna().all()
    assert np.isnan(found.people_covered)


@given(seed=st.integers(0, 10_000))
@settings(max_examples=12)
def test_existing_required_and_excluded_sites_are_kept_to(seed):
    people, distance = town(seed, sites=8)
    asked = {"existing": ["S0"], "must": ["S1"], "excluded": ["S2", "S3"]}
    found = cover_most(people=people, distance=distance, k=3, within=2.5, **asked)
    pairs = itertools.combinations(["S4", "S5", "S6", "S7"], 2)
    best = max(covered(people, distance, ["S0", "S1", *pair], 2.5) for pair in pairs)
    assert found.people_covered == pytest.approx(best)
    assert found.people_before == pytest.approx(covered(people, distance, ["S0"], 2.5))
    assert "S1" in found.chosen
    assert not {"S0", "S2", "S3"} & set(found.chosen)
    near = shorten_most(people=people, distance=distance, k=3, farthest=9, **asked)
    pairs = itertools.combinations(["S4", "S5", "S6", "S7"], 2)
    shortest = min(walked(people, distance, ["S0", "S1", *pair], 9) for pair in pairs)
    assert walked(people, distance, ["S0", *near.chosen], 9) == pytest.approx(shortest)


def test_greedy_is_not_enough_and_the_optimum_beats_it():
    """The middle site covers most at first, but the two outer ones together cover everybody."""
    people = pd.Series([5.0, 8, 8, 5], index=list("wxyz"))
    distance = pd.DataFrame(
        {"left": [1, 1, 9, 9], "middle": [9, 1, 1, 9], "right": [9, 9, 1, 1]}, index=list("wxyz")
    ).astype(float)
    found = cover_most(people=people, distance=distance, k=2, within=2)
    assert found.chosen == ("left", "right")
    assert found.people_covered == found.people_total == 26
    assert found.greedy_worth == 21


def test_equity_weights_move_the_choice_but_not_the_count_of_people():
    people = pd.Series({"rich": 10.0, "poor": 8.0})
    distance = pd.DataFrame({"a": [1.0, 9], "b": [9.0, 1]}, index=people.index)
    assert cover_most(people=people, distance=distance, k=1, within=2).chosen == ("a",)
    fair = cover_most(
        people=people, distance=distance, k=1, within=2, weight=pd.Series({"rich": 1.0, "poor": 2.0})
    )
    assert (fair.chosen, fair.people_covered, fair.worth) == (("b",), 8.0, 16.0)


def test_the_reach_of_every_place_is_told():
    people = pd.Series({"x": 10.0, "y": 5.0, "z": 1.0})
    distance = pd.DataFrame({"a": [1.0, 4, 9], "b": [5.0, 2, 9]}, index=people.index)
    found = cover_most(people=people, distance=distance, k=1, within=3, existing=["b"])
    assert found.places["nearest"].tolist() == ["a", "b", "a"]
    assert found.places["distance"].tolist() == [1, 2, 9]
    assert found.places["covered"].tolist() == [True, True, False]
    assert found.places["newly_covered"].tolist() == [True, False, False]
    assert found.mean_distance == pytest.approx((10 + 10 + 9) / 16)


def test_missing_people_and_distances_are_left_out_and_named():
    people = pd.Series({"x": 10.0, "y": np.nan, "z": 5.0})
    distance = pd.DataFrame({"a": [1.0, 1, np.nan], "b": [np.nan, 1, np.nan]}, index=people.index)
    found = cover_most(people=people, distance=distance, k=1, within=3)
    assert found.left_out == ("y", "z")
    assert (found.chosen, found.people_covered, found.people_total) == (("a",), 10, 10)


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        ({"k": 9}, "cannot be chosen"),
        ({"k": 1, "must": ["S0", "S1"]}, "cannot be chosen"),
        ({"k": 1, "existing": ["X"]}, "unknown sites: X"),
        ({"k": 1, "must": ["S0"], "excluded": ["S0"]}, "must be chosen"),
    ],
)
def test_impossible_questions_are_refused(asked, words):
    people, distance = town(1)
    with pytest.raises(ValueError, match=words):
        cover_most(people=people, distance=distance, within=2, **asked)


@pytest.mark.parametrize("seed", range(3))
def test_the_curve_never_falls_and_is_never_below_simpler_choices(seed):
    people, distance = town(seed, places=7, sites=7)
    distance.index = people.index = distance.columns
    curve = coverage_curve(people=people, distance=distance, up_to=5, within=2.5, existing=["S6"])
    assert curve.index.tolist() == list(range(6))
    assert (curve["added"].dropna() >= -1e-9).all()
    assert (curve["people_covered"] >= curve["greedy"] - 1e-9).all()
    assert (curve["people_covered"] >= curve["largest"] - 1e-9).all()
    assert curve.loc[0, "people_covered"] == covered(people, distance, ["S6"], 2.5)
    biggest = people.drop("S6").nlargest(2).index
    assert curve.loc[2, "largest"] == covered(people, distance, ["S6", *biggest], 2.5)


def test_distances_are_those_of_the_sphere():
    """Quarter of a meridian, 10,007.5 km; and along the equator a degree is 111.195 km."""
    here = pd.DataFrame({"latitude": [0.0, 0.0, np.nan], "longitude": [105.0, 0.0, 1.0]})
    there = pd.DataFrame({"latitude": [90.0, 0.0], "longitude": [0.0, 106.0]})
    found = great_circle_km(places=here, sites=there)
    assert found.loc[0].tolist() == pytest.approx([10007.56, 111.195], rel=1e-5)
    assert found.loc[2].isna().all()


def test_the_gap_of_a_p_median_is_of_the_distance_that_is_left(monkeypatch):
    """A choice proven within 10 percent of what is saved, 90 of 100, is within 9 of the 10 that are left."""
    people, apart = (
        pd.Series([10.0, 1.0], index=["x", "y"]),
        pd.DataFrame([[1.0, 10.0], [10.0, 10.0]], index=["x", "y"], columns=["a", "b"]),
    )
    solve = siting._best
    monkeypatch.setattr(siting, "_best", lambda *parts: (solve(*parts)[0], 0.1))
    found = siting.shorten_most(people=people, distance=apart, k=1, farthest=10.0)
    saved = 10 * 9.0
    left = 10 * 1.0 + 1 * 10.0
    assert found.gap == pytest.approx(0.1 * saved / left)
