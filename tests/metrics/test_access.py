import math
import time

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from metrics.access import STEPS_KM, fine_but_poor, reachable, travel

latitudes, longitudes = st.floats(9.0, 10.5), st.floats(105.0, 106.8)
places = st.lists(st.tuples(latitudes, longitudes), min_size=1, max_size=8)


def located(points, prefix):
    return pd.DataFrame(
        points, columns=["latitude", "longitude"], index=[f"{prefix}{i}" for i in range(len(points))]
    )


def haversine(one, other):
    a, b, c, d = map(math.radians, (*one, *other))
    half = math.sin((c - a) / 2) ** 2 + math.cos(a) * math.cos(c) * math.sin((d - b) / 2) ** 2
    return 2 * 6371.0088 * math.asin(math.sqrt(half))


@given(places, places, st.floats(2, 150))
def test_travel_agrees_with_haversine(here, there, limit):
    pairs = travel(origins=located(here, "o"), destinations=located(there, "d"), limit=limit)
    got = pairs.set_index(["origin", "destination"]).cost.to_dict()
    for i, one in enumerate(here):
        for j, other in enumerate(there):
            cost = 1.3 * haversine(one, other)
            if abs(cost - limit) > 1e-6:
                assert ((f"o{i}", f"d{j}") in got) == (cost < limit)
            if (f"o{i}", f"d{j}") in got:
                assert got[f"o{i}", f"d{j}"] == pytest.approx(cost, abs=1e-5)


def test_a_place_nobody_located_is_in_no_pair():
    here = located([(10.0, 105.0), (None, 105.0)], "o").astype("float64")
    assert travel(origins=here, destinations=here, limit=50).origin.unique().tolist() == ["o0"]


@pytest.mark.parametrize(("limit", "detour"), [(0, 1.3), (-5, 1.3), (10, 0.9)])
def test_impossible_limits_are_refused(limit, detour):
    here = located([(10.0, 105.0)], "o")
    with pytest.raises(ValueError, match="must be"):
        travel(origins=here, destinations=here, limit=limit, detour=detour)


def naive(people, doctors, costs, steps):
    """Follow the two steps with loops over every commune and station."""

    def weight(cost):
        return next((steps[limit] for limit in sorted(steps) if cost <= limit), 0)

    share = []
    for j, supply in enumerate(doctors):
        crowd = sum(weight(costs[i][j]) * people[i] for i in range(len(people)))
        share.append(supply / crowd if crowd else 0)
    return [
        10_000 * sum(weight(costs[i][j]) * share[j] for j in range(len(doctors))) for i in range(len(people))
    ]


@st.composite
def worlds(draw):
    n, m = draw(st.integers(1, 6)), draw(st.integers(1, 5))
    people = draw(st.lists(st.integers(1, 20_000), min_size=n, max_size=n))
    doctors = draw(st.lists(st.integers(0, 6), min_size=m, max_size=m))
    costs = draw(st.lists(st.lists(st.floats(0, 40), min_size=m, max_size=m), min_size=n, max_size=n))
    return people, doctors, costs


def run(people, doctors, costs, steps=STEPS_KM):
    pairs = [(f"p{i}", f"s{j}", cost) for i, row in enumerate(costs) for j, cost in enumerate(row)]
    return reachable(
        population=pd.Series({f"p{i}": count for i, count in enumerate(people)}),
        supply=pd.Series({f"s{j}": count for j, count in enumerate(doctors)}),
        travel=pd.DataFrame(pairs, columns=["origin", "destination", "cost"]),
        steps=steps,
    )


@given(worlds(), st.sampled_from([dict(STEPS_KM), {15: 1.0}, {10: 1, 30: 0.5}]))
@settings(max_examples=60)
def test_access_agrees_with_following_the_two_steps(world, steps):
    people, doctors, costs = world
    frame = run(people, doctors, costs, steps)
    assert frame.access.tolist() == pytest.approx(naive(people, doctors, costs, steps))
    for (_, row), distances in zip(frame.iterrows(), costs, strict=True):
        near = [
            cost for cost, supply in zip(distances, doctors, strict=True) if supply and cost <= max(steps)
        ]
        assert (math.isnan(row.nearest) and not near) or row.nearest == min(near)


@given(worlds())
@settings(max_examples=30)
def test_every_reachable_doctor_is_shared_out_exactly_once(world):
    people, doctors, costs = world
    frame = run(people, doctors, costs)
    reached = sum(supply for j, supply in enumerate(doctors) if any(row[j] <= 20 for row in costs))
    assert (frame.access * people).sum() / 10_000 == pytest.approx(reached)


@given(worlds(), st.data())
@settings(max_examples=30)
def test_one_more_doctor_never_lowers_access(world, data):
    people, doctors, costs = world
    where = data.draw(st.integers(0, len(doctors) - 1))
    more = [supply + (j == where) for j, supply in enumerate(doctors)]
    assert (run(people, more, costs).access >= run(people, doctors, costs).access - 1e-9).all()


def test_unknown_figures_are_marked_where_they_matter():
    pairs = pd.DataFrame([("a", "A", 1.0), ("b", "A", 2.0), ("b", "B", 2.0), ("c", "C", 1.0), ("d", "C", 30.0)],
                         columns=["origin", "destination", "cost"])  # fmt: skip
    frame = reachable(
        population=pd.Series({"a": None, "b": 4000, "c": 5000, "d": None}, dtype="Int64"),
        supply=pd.Series({"A": 1, "B": 2, "C": 1}, dtype="Int64"),
        travel=pairs,
    )
    assert frame.incomplete.to_dict() == {"a": True, "b": True, "c": False, "d": False}
    missing = reachable(population=pd.Series({"b": 4000, "c": 1}), supply=pd.Series({"A": None, "C": 1}, dtype="Int64"),
                        travel=pairs)  # fmt: skip
    assert missing.incomplete.to_dict() == {"b": True, "c": False}


@pytest.mark.parametrize("people", [0, None])
def test_doctors_for_nobody_are_not_applicable_rather_than_endless(people):
    pairs = pd.DataFrame(
        [("a", "A", 1.0), ("b", "B", 1.0), ("c", "C", 1.0), ("d", "A", 12.0)],
        columns=["origin", "destination", "cost"],
    )
    frame = reachable(
        population=pd.Series({"a": people, "b": 4000, "c": people, "d": people}, dtype="Int64"),
        supply=pd.Series({"A": 2, "B": 2, "C": 0}, dtype="Int64"),
        travel=pairs,
    )
    assert frame.access.isna().to_dict() == {"a": True, "b": False, "c": False, "d": True}
    assert frame.access.dropna().to_dict() == {"b": 5.0, "c": 0.0}
    assert frame.nearest["a"] == 1.0
    assert not np.isinf(frame.access).any()
    assert frame.incomplete["a"] == (people is None)


@given(worlds(), st.data())
@settings(max_examples=60)
def test_access_is_never_endless(world, data):
    people, doctors, costs = world
    known = [data.draw(st.sampled_from([count, 0, None])) for count in people]
    pairs = [(f"p{i}", f"s{j}", cost) for i, row in enumerate(costs) for j, cost in enumerate(row)]
    frame = reachable(
        population=pd.Series({f"p{i}": count for i, count in enumerate(known)}, dtype="Int64"),
        supply=pd.Series({f"s{j}": count for j, count in enumerate(doctors)}, dtype="Int64"),
        travel=pd.DataFrame(pairs, columns=["origin", "destination", "cost"]),
    )
    assert not np.isinf(frame.access).any()
    assert frame.access[[bool(count) for count in known]].notna().all()


def test_nobody_in_reach_of_anything_has_no_access():
    frame = run([100], [3], [[21.0]])
    assert frame.access.tolist() == [0]
    assert frame.nearest.isna().all()
    assert not frame.incomplete.any()


@pytest.mark.parametrize("steps", [{}, {5: 1.2}, {5: -0.1}])
def test_impossible_weights_are_refused(steps):
    with pytest.raises(ValueError, match="weights"):
        run([1], [1], [[1.0]], steps)


def test_fine_but_poor_is_silent_where_figures_are_missing():
    result = fine_but_poor(
        ratio=pd.Series([9.0, None, 1.0, 1.0]),
        access=pd.Series([0.1, 0.2, 5.0, 6.0]),
        population=pd.Series([10, 10, 45, 45]),
    )
    assert result.tolist() == [True, pd.NA, False, False]


def test_the_two_provinces_take_well_under_a_second():
    generator = np.random.default_rng(2)
    points = located(
        np.column_stack([generator.uniform(9.2, 10.4, 617), generator.uniform(105.2, 106.7, 617)]), "c"
    )
    begun = time.perf_counter()
    pairs = travel(origins=points, destinations=points, limit=20)
    frame = reachable(
        population=pd.Series(10_000, index=points.index),
        supply=pd.Series(1, index=points.index),
        travel=pairs,
    )
    assert time.perf_counter() - begun < 3
    assert frame.access.between(0, 10).all()
