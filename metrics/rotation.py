"""Which doctors to send where: rotation from stations above their norm to stations below it.

An integer programme solved by HiGHS (through SciPy), in stages: the chosen aim first, ties settled by the
next stage, and last by the least travel. Each stage's optimum is kept as a constraint of the next, so
"worst gap first" is exact: no plan leaves fewer stations at the deepest shortage, then at the next deepest,
and so on.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from time import monotonic

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy import sparse
from scipy.optimize import Bounds, LinearConstraint, OptimizeResult, milp

from metrics.rotation_rules import RECRUIT, Objective, Rules, allowed_pairs, known, refuse, shortage, surplus

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, kw_only=True)
class Plan:
    """A rotation plan.

    ``moves``: origin, destination, doctors, cost, and for both ends how many doctors they have before and
    after and their norm (``origin_before`` ...). ``stations``: ``before``, ``after``, ``required``,
    ``gap_before``, ``gap_after`` (doctors missing, never negative) for every station with both figures.
    ``score`` is the value of each stage, smaller is better, in order. ``proven`` says that every stage was
    solved to the optimum; otherwise ``gap`` is how far from it, at most, as a share, the worst stage may be
    (infinite when no bound is known).
    """

    moves: pd.DataFrame
    stations: pd.DataFrame
    score: tuple[float, ...]
    proven: bool
    gap: float
    seconds: float

    @property
    def people_covered(self) -> float:
        """People of stations brought from below their norm up to it."""
        reached = (self.stations.gap_before > 0) & (self.stations.gap_after == 0)
        return float(self.stations.population[reached].sum())


def plan(*, stations: pd.DataFrame, travel: pd.DataFrame, rules: Rules) -> Plan:
    """Return the best plan under the rules.

    ``stations`` is indexed by id: ``existing`` and ``required`` doctors (whole), ``population``. A station
    where either number of doctors is missing neither gives nor receives, and is left out of the result; one
    without a population counts no people. ``travel`` has origin, destination and cost. No station gives
    below its norm or receives above it. Raises :class:`BadParameters`, naming each rule to blame, when the
    rules cannot all hold or nobody can give.

    >>> stations = pd.DataFrame({"existing": [3, 0], "required": [1, 1], "population": [9000, 7000]}, index=["A", "B"])
    >>> pairs = pd.DataFrame({"origin": ["A"], "destination": ["B"], "cost": [12.0]})
    >>> result = plan(stations=stations, travel=pairs, rules=Rules(objective="worst_gap", max_moves=2, max_cost=30))
    >>> result.moves[["origin", "destination", "doctors"]].values.tolist(), result.proven
    ([['A', 'B', 1]], True)
    """
    refuse(stations, travel, rules)
    return _best(stations, travel, rules)


def _best(stations: pd.DataFrame, travel: pd.DataFrame, rules: Rules) -> Plan:
    """Return the best plan under rules that can hold; an empty one where no move is possible."""
    begun = monotonic()
    usable = known(stations)
    pairs = allowed_pairs(usable, travel, rules)
    score: tuple[float, ...] = ()
    moved, gaps = np.zeros(0), [0.0]
    if not pairs.empty:
        score, moved, gaps = _solved(_Programme(usable, pairs, rules), rules, begun)
    pairs["doctors"] = moved.astype("int64")
    moves = pairs[pairs.doctors > 0].reset_index(drop=True)
    after = _after(usable, moves)
    return Plan(
        moves=_with_ends(moves, after),
        stations=after,
        score=score,
        proven=max(gaps) == 0,
        gap=max(gaps),
        seconds=monotonic() - begun,
    )


@dataclass(frozen=True, kw_only=True)
class Marginal:
    """What one more recruited doctor adds: where to, how many gaps close, how many more people are covered."""

    station: str | None
    gap_closed: int
    people_covered: float


def value_of_one_more(*, stations: pd.DataFrame, travel: pd.DataFrame, rules: Rules) -> Marginal:
    """Return the gain from one recruit more, who may be placed anywhere, all other moves being re-planned.

    ``station`` is missing when no gap would close: every station is at its norm, or only travel is saved.

    >>> stations = pd.DataFrame({"existing": [1, 0], "required": [1, 1], "population": [9000, 7000]}, index=["A", "B"])
    >>> pairs = pd.DataFrame({"origin": ["A"], "destination": ["B"], "cost": [12.0]})
    >>> rules = Rules(objective="people", max_moves=2, max_cost=30, recruits=0)
    >>> value_of_one_more(stations=stations, travel=pairs, rules=rules)
    Marginal(station='B', gap_closed=1, people_covered=7000.0)
    """
    more = replace(rules, recruits=rules.recruits + 1)
    refuse(stations, travel, more)
    before, after = _best(stations, travel, rules), _best(stations, travel, more)
    closed = int(before.stations.gap_after.sum() - after.stations.gap_after.sum())
    covered = after.people_covered - before.people_covered
    placed = _recruits(after).sub(_recruits(before), fill_value=0)
    gained = placed.index[placed > 0]
    useful = len(gained) and (closed > 0 or covered > 0)
    return Marginal(station=str(gained[0]) if useful else None, gap_closed=closed, people_covered=covered)


def _recruits(chosen: Plan) -> pd.Series:
    moves = chosen.moves
    return moves[moves.origin == RECRUIT].groupby("destination").doctors.sum()


# -- the programme -----------------------------------------------------------------------------------------


class _Programme:
    """The integer programme: doctors on each pair, doctors still missing, and stations made whole.

    Variables, in order: x (one for each pair), z (one for each doctor a short station lacks: 1 when still
    missing), and for the objective ``people`` u (one for each short station: 1 when brought up to its norm).
    All are whole.
    """

    def __init__(self, usable: pd.DataFrame, pairs: pd.DataFrame, rules: Rules) -> None:
        lack = shortage(usable)
        self.short = lack[lack > 0]
        self.cost = np.asarray(pairs.cost, dtype=np.float64)
        self.level = np.concatenate([np.arange(1, gap + 1) for gap in self.short])
        self.people = np.zeros(0)
        if rules.objective == "people":
            self.people = np.asarray(
                usable.population.reindex(self.short.index).astype("Float64").fillna(0), float
            )
        self.parts = (len(pairs), len(self.level), len(self.people))
        least = self._fixed(pairs, rules)
        arrived = least.groupby(pairs.destination).sum().reindex(self.short.index).fillna(0)
        still = self.level <= np.repeat(np.asarray(self.short - arrived), self.short)
        self.start = self._row(x=np.asarray(least), z=still.astype(np.float64))
        self.bounds = Bounds(self._row(x=np.asarray(least)), self._row(np.inf, 1.0, 1.0))
        self.constraints = self._constraints(pairs, surplus(usable), rules)

    @staticmethod
    def _fixed(pairs: pd.DataFrame, rules: Rules) -> pd.Series:
        """Return the doctors that must move on each pair."""
        ways = zip(pairs.origin, pairs.destination, strict=True)
        return pd.Series([rules.fixed.get(way, 0) for way in ways], dtype="float64")

    def _row(self, x: Floats | float = 0.0, z: Floats | float = 0.0, u: Floats | float = 0.0) -> Floats:
        """Return one number for each variable."""
        return np.concatenate([np.full(size, part) for size, part in zip(self.parts, (x, z, u), strict=True)])

    def _constraints(self, pairs: pd.DataFrame, room: pd.Series, rules: Rules) -> list[LinearConstraint]:
        pairs_of = np.arange(len(pairs))
        givers = pd.Index(pairs.origin.unique())
        leaving = self._matrix(givers.get_indexer(pd.Index(pairs.origin)), pairs_of, len(givers))
        limits = room.reindex(givers).fillna(rules.recruits).to_numpy(dtype="float64")
        arriving = self._matrix(
            self.short.index.get_indexer(pd.Index(pairs.destination)), pairs_of, len(self.short)
        )
        units = len(pairs) + np.arange(len(self.level))
        missing = self._matrix(np.repeat(np.arange(len(self.short)), self.short), units, len(self.short))
        gaps = self.short.to_numpy(dtype="float64")
        moving = self._row(x=np.asarray(pairs.origin != RECRUIT, dtype=np.float64))
        constraints = [
            LinearConstraint(leaving, -np.inf, limits),
            LinearConstraint(arriving + missing, gaps, gaps),
            LinearConstraint(sparse.csr_array(moving[None, :]), -np.inf, rules.max_moves),
        ]
        if len(self.people):
            made_whole = sparse.hstack(
                [sparse.csr_array((len(gaps), units[-1] + 1)), sparse.diags_array(gaps)]
            )
            constraints.append(LinearConstraint(arriving - made_whole, 0, np.inf))
        return constraints

    def _matrix(
        self, rows: npt.NDArray[np.intp], columns: npt.NDArray[np.intp], height: int
    ) -> sparse.csr_array:
        return sparse.csr_array((np.ones(len(rows)), (rows, columns)), shape=(height, sum(self.parts)))

    def stages(self, objective: Objective) -> Iterator[Floats]:
        """Yield the costs to minimise, most important first; the last is the travel."""
        if objective == "worst_gap":
            for level in range(int(self.level.max()), 0, -1):
                yield self._row(z=(self.level == level).astype(np.float64))
        else:
            if objective == "people":
                yield self._row(u=-self.people)
            yield self._row(z=1.0)
        yield self._row(x=self.cost)


def _solved(
    programme: _Programme, rules: Rules, begun: float
) -> tuple[tuple[float, ...], Floats, list[float]]:
    """Solve stage after stage; return the scores, the doctors on each pair, and each stage's gap."""
    constraints = list(programme.constraints)
    best, scores, gaps = programme.start, [], []
    for cost in programme.stages(rules.objective):
        left = max(rules.time_limit - (monotonic() - begun), 0.1)
        result = _minimised(cost, programme, constraints, left)
        if result.x is not None:
            best = np.rint(result.x)
        gaps.append(0.0 if result.status == 0 else _gap(result.mip_gap))
        scores.append(float(cost @ best))
        constraints.append(LinearConstraint(sparse.csr_array(cost[None, :]), -np.inf, scores[-1]))
    return tuple(scores), best[: programme.parts[0]], gaps


def _minimised(
    cost: Floats, programme: _Programme, constraints: list[LinearConstraint], seconds: float
) -> OptimizeResult:
    """Return HiGHS' answer to one stage: the linear relaxation where it is whole, which it mostly is."""
    for whole in (False, True):
        result = milp(
            cost,
            integrality=np.full(len(cost), int(whole)),
            bounds=programme.bounds,
            constraints=constraints,
            options={"time_limit": seconds, "mip_rel_gap": 0},
        )
        if result.status not in (0, 1):
            raise RuntimeError(f"HiGHS: {result.message}")
        if result.status == 0 and np.allclose(result.x, np.rint(result.x), rtol=0, atol=1e-5):
            break
    return result


def _gap(share: float | None) -> float:
    return float("inf") if share is None else max(float(share), np.finfo(float).tiny)


# -- the result --------------------------------------------------------------------------------------------


def _after(usable: pd.DataFrame, moves: pd.DataFrame) -> pd.DataFrame:
    """Return every station before and after the moves."""
    leaving = moves.groupby("origin").doctors.sum().reindex(usable.index).fillna(0)
    arriving = moves.groupby("destination").doctors.sum().reindex(usable.index).fillna(0)
    before, required = usable.existing.astype("int64"), usable.required.astype("int64")
    after = (before - leaving + arriving).astype("int64")
    return pd.DataFrame(
        {
            "before": before,
            "after": after,
            "required": required,
            "gap_before": (required - before).clip(lower=0),
            "gap_after": (required - after).clip(lower=0),
            "population": usable.population.astype("float64"),
        }
    )


def _with_ends(moves: pd.DataFrame, stations: pd.DataFrame) -> pd.DataFrame:
    """Add what both ends of each move have and need; a recruit's origin has neither."""
    ends = stations[["before", "after", "required"]].astype("Int64")
    for side in ("origin", "destination"):
        moves = moves.join(ends.add_prefix(f"{side}_"), on=side)
    return moves.sort_values(["destination_before", "origin", "destination"], ignore_index=True)
