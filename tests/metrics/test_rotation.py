import itertools
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from scipy.optimize import OptimizeResult

from metrics import rotation
from metrics.access import travel
from metrics.errors import BadParameters
from metrics.rotation import plan, value_of_one_more
from metrics.rotation_rules import RECRUIT, Rules

OBJECTIVES = ("worst_gap", "people", "total_gap")


def world(rows, costs):
    """Build stations from (existing, required, population) and travel between all of them."""
    names = [f"S{i}" for i in range(len(rows))]
    stations = pd.DataFrame(rows, columns=["existing", "required", "population"], index=names, dtype="Int64")
    pairs = [(names[i], names[j], float(cost)) for (i, j), cost in costs.items()]
    return stations, pd.DataFrame(pairs, columns=["origin", "destination", "cost"])


@st.composite
def worlds(draw, most=5):
    size = draw(st.integers(2, most))
    row = st.tuples(st.integers(0, 4), st.integers(1, 3), st.integers(1, 9))
    rows = draw(st.lists(row, min_size=size, max_size=size))
    pairs = list(itertools.permutations(range(size), 2))
    costs = dict(
        zip(pairs, draw(st.lists(st.integers(1, 9), min_size=len(pairs), max_size=len(pairs))), strict=True)
    )
    return rows, costs


def score_of(rows, flows, costs, objective):
    """Say how good some flows are, straight from the definitions, smaller better; None when not allowed."""
    after = [existing for existing, _, _ in rows]
    for (i, j), doctors in flows.items():
        after[i] -= doctors
        after[j] += doctors
    for i, (existing, required, _) in enumerate(rows):
        if after[i] < min(existing, required) or after[i] > max(existing, required):
            return None
    lacking = [max(required - have, 0) for have, (_, required, _) in zip(after, rows, strict=True)]
    way = sum(costs[pair] * doctors for pair, doctors in flows.items())
    if objective == "worst_gap":
        deepest = max((max(required - existing, 0) for existing, required, _ in rows), default=0)
        return (*(sum(lack >= k for lack in lacking) for k in range(deepest, 0, -1)), way)
    if objective == "total_gap":
        return (sum(lacking), way)
    covered = sum(people for lack, (existing, required, people) in zip(lacking, rows, strict=True)
                  if existing < required and lack == 0)  # fmt: skip
    return (-covered, sum(lacking), way)


def brute_force(rows, costs, rules):
    """Try every way of sending doctors."""
    givers = {i for i, (existing, required, _) in enumerate(rows) if existing > required}
    takers = {j for j, (existing, required, _) in enumerate(rows) if existing < required}
    pairs = [
        pair
        for pair, cost in costs.items()
        if pair[0] in givers and pair[1] in takers and cost <= rules.max_cost
    ]
    best = score_of(rows, {}, costs, rules.objective)
    for doctors in itertools.product(range(4), repeat=len(pairs)):
        if sum(doctors) <= rules.max_moves:
            score = score_of(rows, dict(zip(pairs, doctors, strict=True)), costs, rules.objective)
            best = best if score is None else min(best, score)
    return best


def feasible(rows, costs, rules):
    """Return the plan, or skip the example when nobody can give."""
    stations, pairs = world(rows, costs)
    try:
        return plan(stations=stations, travel=pairs, rules=rules)
    except BadParameters:
        assume(False)


@pytest.mark.parametrize("objective", OBJECTIVES)
@given(worlds(most=4), st.integers(1, 5), st.integers(2, 9))
@settings(max_examples=30)
def test_no_way_of_sending_doctors_is_better(objective, chosen, moves, limit):
    rows, costs = chosen
    rules = Rules(objective=objective, max_moves=moves, max_cost=limit)
    result = feasible(rows, costs, rules)
    if result.score:
        assert result.score == pytest.approx(brute_force(rows, costs, rules))
    assert result.proven
    assert result.gap == 0


def greedy(rows, costs, rules):
    """Fill the deepest shortage from the nearest giver, again and again."""
    have = [existing for existing, _, _ in rows]
    flows = {}
    for _ in range(rules.max_moves):
        options = [
            (-(rows[j][1] - have[j]), cost, (i, j))
            for (i, j), cost in costs.items()
            if cost <= rules.max_cost and have[i] > rows[i][1] and have[j] < rows[j][1]
        ]
        if not options:
            break
        i, j = pair = min(options)[2]
        have[i], have[j] = have[i] - 1, have[j] + 1
        flows[pair] = flows.get(pair, 0) + 1
    return score_of(rows, flows, costs, rules.objective)


@given(worlds(most=7), st.integers(1, 8), st.integers(2, 9), st.sampled_from(OBJECTIVES))
@settings(max_examples=40)
def test_never_worse_than_greedy_and_all_rules_hold(chosen, moves, limit, objective):
    rows, costs = chosen
    rules = Rules(objective=objective, max_moves=moves, max_cost=limit)
    result = feasible(rows, costs, rules)
    after = result.stations
    assert result.moves.doctors.sum() <= moves
    assert (result.moves.cost <= limit).all()
    assert (after.after >= after[["before", "required"]].min(axis=1)).all()
    assert (after.after <= after[["before", "required"]].max(axis=1)).all()
    assert after.after.sum() == after.before.sum()
    if result.score:
        flows = {
            (int(row.origin[1:]), int(row.destination[1:])): row.doctors for row in result.moves.itertuples()
        }
        assert score_of(rows, flows, costs, objective) == pytest.approx(result.score)
        assert result.score <= greedy(rows, costs, rules)


@given(worlds(most=6), st.integers(1, 6), st.randoms(use_true_random=False), st.sampled_from(OBJECTIVES))
@settings(max_examples=20)
def test_relabelling_changes_nothing(chosen, moves, random, objective):
    rows, costs = chosen
    rules = Rules(objective=objective, max_moves=moves, max_cost=8)
    order = list(range(len(rows)))
    random.shuffle(order)
    place = {old: new for new, old in enumerate(order)}
    renamed = [rows[old] for old in order], {(place[i], place[j]): cost for (i, j), cost in costs.items()}
    assert feasible(rows, costs, rules).score == pytest.approx(feasible(*renamed, rules).score)


BASE = ([(4, 1, 100), (2, 1, 50), (0, 1, 70), (0, 3, 20), (1, 2, 90)],
        {(0, 2): 5, (0, 3): 6, (0, 4): 9, (1, 2): 2, (1, 3): 30, (1, 4): 4})  # fmt: skip


def base(**changes):
    stations, pairs = world(*BASE)
    return plan(stations=stations, travel=pairs,
                rules=replace(Rules(objective="worst_gap", max_moves=3, max_cost=20), **changes))  # fmt: skip


def moved(result):
    return {(row.origin, row.destination): row.doctors for row in result.moves.itertuples()}


def test_the_three_aims_differ_as_they_should():
    assert moved(base()) == {("S0", "S3"): 2, ("S1", "S2"): 1}
    assert base().stations.gap_after["S3"] == 1
    people = base(objective="people", max_moves=2)
    assert people.people_covered == 160
    assert base(objective="total_gap").stations.gap_after.sum() == 2


def test_fixed_and_forbidden_moves_are_kept():
    assert moved(base(fixed={("S0", "S4"): 1}))[("S0", "S4")] == 1
    assert all(pair[0] != "S1" for pair in moved(base(forbidden=[("S1", None)])))
    assert all(pair[1] != "S3" for pair in moved(base(forbidden=[(None, "S3")])))
    assert ("S0", "S3") not in moved(base(forbidden=[("S0", "S3")]))


def test_moves_tell_both_ends():
    row = base().moves.set_index(["origin", "destination"]).loc[("S0", "S3")]
    assert (row.origin_before, row.origin_required, row.destination_before, row.destination_required) == (
        4,
        1,
        0,
        3,
    )
    assert row.destination_after == row.doctors


def test_recruits_go_anywhere_and_count_apart():
    result = base(recruits=2, max_moves=0)
    assert result.moves.origin.tolist() == [RECRUIT] * len(result.moves)
    assert result.moves.doctors.sum() == 2
    assert result.stations.after.sum() == result.stations.before.sum() + 2
    assert result.moves.origin_before.isna().all()


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"max_moves": -1}, "must not be negative"),
        ({"max_cost": 0}, "must be positive"),
        ({"max_cost": 1}, "within the limit of 1"),
        ({"forbidden": [("S0", None), ("S1", None)]}, "leave no move"),
        ({"forbidden": [("S9", None)]}, "no station S9"),
        ({"fixed": {("S0", "S2"): 1}, "forbidden": [("S0", "S2")]}, "both fixed and forbidden"),
        ({"fixed": {("S1", "S3"): 1}}, "S1 → S3: is beyond the limit"),
        ({"fixed": {("S0", "S9"): 1}}, "S9: there is no such station"),
        ({"fixed": {("S1", "S4"): 2}}, "S1: the fixed moves take the station below"),
        ({"fixed": {("S0", "S2"): 2}}, "S2: the fixed moves lift the station above"),
        ({"fixed": {("S0", "S2"): 0}}, "at least one doctor"),
        ({"fixed": {("S0", "S2"): 1, ("S0", "S3"): 1}, "max_moves": 1}, "exceed the most that may move"),
    ],
)
def test_what_is_to_blame_is_named(changes, said):
    with pytest.raises(BadParameters, match=said) as raised:
        base(**changes)
    assert raised.value.text("vi") != raised.value.text("en")


def test_nobody_to_give_is_said_and_nothing_to_do_is_not_a_fault():
    stations, pairs = world([(1, 1, 5), (0, 1, 5)], {(0, 1): 3})
    rules = Rules(objective="total_gap", max_moves=3, max_cost=9)
    with pytest.raises(BadParameters, match="No station has a doctor above its norm"):
        plan(stations=stations, travel=pairs, rules=rules)
    content, _ = world([(2, 1, 5), (1, 1, 5)], {})
    result = plan(stations=content, travel=pairs, rules=rules)
    assert result.moves.empty
    assert result.proven


def test_stations_without_figures_neither_give_nor_receive():
    stations, pairs = world(
        [(4, 1, 5), (None, 1, 5), (0, None, 5), (0, 1, None)], {(0, 1): 1, (0, 2): 1, (0, 3): 2}
    )
    result = plan(stations=stations, travel=pairs, rules=Rules(objective="people", max_moves=5, max_cost=9))
    assert list(result.stations.index) == ["S0", "S3"]
    assert moved(result) == {("S0", "S3"): 1}
    assert result.people_covered == 0


@given(worlds(most=5), st.integers(0, 4), st.sampled_from(OBJECTIVES))
@settings(max_examples=25)
def test_one_more_doctor_never_hurts_and_closes_at_most_one_gap(chosen, moves, objective):
    rows, costs = chosen
    stations, pairs = world(rows, costs)
    rules = Rules(objective=objective, max_moves=moves, max_cost=9, recruits=1)
    gain = value_of_one_more(stations=stations, travel=pairs, rules=rules)
    left = plan(stations=stations, travel=pairs, rules=rules).stations.gap_after.sum()
    if objective == "total_gap":
        assert gain.gap_closed == min(left, 1)
    if objective == "people":
        assert gain.people_covered >= 0
        assert gain.station is not None or gain.people_covered == 0
    else:
        assert (gain.station is not None) == (left > 0)


def test_the_next_doctor_is_worth_most_people():
    stations, pairs = world([(0, 1, 70), (0, 1, 90), (0, 2, 500)], {})
    rules = Rules(objective="people", max_moves=0, max_cost=9)
    gain = value_of_one_more(stations=stations, travel=pairs, rules=rules)
    assert (gain.station, gain.people_covered, gain.gap_closed) == ("S1", 90, 1)


@pytest.mark.parametrize("objective", OBJECTIVES)
def test_two_provinces_solve_within_ten_seconds(objective):
    generator = np.random.default_rng(4)
    names = [f"TYT-{i:05d}" for i in range(617)]
    points = pd.DataFrame(generator.uniform([9.2, 105.2], [10.4, 106.7], (617, 2)), index=names,
                          columns=["latitude", "longitude"])  # fmt: skip
    stations = pd.DataFrame({"existing": generator.poisson(4, 617), "required": generator.integers(3, 6, 617),
                             "population": generator.integers(3_000, 30_000, 617)}, index=names)  # fmt: skip
    pairs = travel(origins=points, destinations=points, limit=40)
    result = plan(
        stations=stations, travel=pairs, rules=Rules(objective=objective, max_moves=60, max_cost=40)
    )
    assert result.proven
    assert result.seconds < 10
    assert 0 < result.moves.doctors.sum() <= 60


def test_running_out_of_time_keeps_the_fixed_moves_and_says_so(monkeypatch):
    stopped = OptimizeResult(status=1, x=None, mip_gap=None)
    monkeypatch.setattr(rotation, "milp", lambda *_, **__: stopped)
    result = base(fixed={("S0", "S4"): 1})
    assert moved(result) == {("S0", "S4"): 1}
    assert (result.proven, result.gap) == (False, np.inf)
    assert result.score == (1, 1, 2, 9)
