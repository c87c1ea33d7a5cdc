"""The programme's face: right against enumeration, repeatable, honest about what cannot be."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

from metrics.programme import Programme


def sack(seed, *, count=8):
    chance = np.random.default_rng(seed)
    worth, size = chance.integers(1, 30, count), chance.integers(1, 20, count)
    programme = Programme(
        cost=-worth,
        matrix=size[None, :],
        row_lower=[-np.inf],
        row_upper=[30],
        lower=np.zeros(count),
        upper=np.ones(count),
        whole=[True] * count,
    )
    return worth, size, programme


def most(worth, size, limit):
    choices = np.array(list(itertools.product([0, 1], repeat=len(worth))))
    return (choices @ worth)[choices @ size <= limit].max()


@pytest.mark.parametrize("seed", range(5))
def test_one_model_answers_under_one_bound_after_another(seed):
    worth, size, programme = sack(seed)
    for limit in (30, 10, 45, 0, 30):
        found = programme.solve(row_upper=np.array([float(limit)]))
        assert -found.objective == pytest.approx(most(worth, size, limit))
        assert set(found.values) <= {0.0, 1.0}
        assert found.gap == pytest.approx(0, abs=1e-9)


def test_what_was_solved_before_does_not_change_the_answer():
    _, _, programme = sack(7)
    first = programme.solve().values
    programme.solve(row_upper=np.array([5.0]))
    assert (programme.solve().values == first).all()


def test_a_known_solution_is_a_start_not_a_limit():
    worth, size, programme = sack(8)
    found = programme.solve(start=np.zeros(8))
    assert -found.objective == pytest.approx(most(worth, size, 30))


def test_nothing_satisfies_contradictory_bounds():
    _, _, programme = sack(9)
    assert programme.solve(row_lower=np.array([31.0])) is None
    assert programme.solve(lower=np.ones(8), row_upper=np.array([1.0])) is None


def test_without_whole_variables_it_is_a_linear_programme():
    line = Programme(
        cost=[-1, -1],
        matrix=[[1, 2], [3, 1]],
        row_lower=[-np.inf, -np.inf],
        row_upper=[4, 6],
        lower=[0, 0],
        upper=[np.inf, np.inf],
        whole=[False, False],
        interior=True,
    )
    assert line.solve().values.tolist() == pytest.approx([1.6, 1.2])
