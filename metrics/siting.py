"""Where the next clinics reach most people: maximal covering and p-median, solved to a proven optimum.

Maximal covering (Church and ReVelle 1974): choose k stations so that most people live within a distance of
one; p-median (Hakimi 1964; ReVelle and Swain 1970): so that people are, in all, nearest to one. Clinics that
exist count as open. Solved by HiGHS, started from the greedy choice, hence never below it.

Distances are those given: :func:`great_circle_km` is as the crow flies, which in a delta of canals is shorter
than any road; a matrix of travel times replaces it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.sparse import csc_array

from metrics.programme import Programme

Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]

EARTH_KM: Final = 6371.0088
SECONDS: Final = 10.0
MANY_LEVELS: Final = 5000
GAP: Final = 1e-6


@dataclass(frozen=True, kw_only=True)
class Siting:
    """The stations chosen and what they reach.

    ``places``, by place: people, nearest (the open site it is nearest to), distance, covered (within the
    distance) and newly_covered. ``people_covered`` and ``people_before`` (by the existing
    clinics alone) and ``people_total`` count people, unweighted; ``mean_distance`` is per person. ``worth``
    is the objective reached and ``greedy_worth`` the greedy choice's. ``left_out``: places without people or
    without any distance. What is covered is missing for p-median. ``gap``: the proven relative distance to
    the best choice, of people covered or, for p-median, of the people-distance that is left.
    """

    chosen: tuple[str, ...]
    places: pd.DataFrame
    people_covered: float
    people_before: float
    people_total: float
    mean_distance: float
    worth: float
    greedy_worth: float
    left_out: tuple[str, ...]
    gap: float


def great_circle_km(*, places: pd.DataFrame, sites: pd.DataFrame) -> pd.DataFrame:
    """Return distances in kilometres as the crow flies: places down, sites across.

    Both have latitude and longitude in degrees; haversine on a sphere of 6,371.0088 km (within 0.5 percent).
    A missing coordinate gives a missing distance.

    >>> one = pd.DataFrame({"latitude": [10.0], "longitude": [105.0]}, index=["a"])
    >>> two = pd.DataFrame({"latitude": [11.0], "longitude": [105.0]}, index=["b"])
    >>> great_circle_km(places=one, sites=two).round(1).values
    array([[111.2]])
    """
    here, there = (np.radians(frame[["latitude", "longitude"]].to_numpy(float)) for frame in (places, sites))
    apart = here[:, None, :] - there[None, :, :]
    chord = np.sin(apart[..., 0] / 2) ** 2 + (
        np.cos(here[:, None, 0]) * np.cos(there[None, :, 0]) * np.sin(apart[..., 1] / 2) ** 2
    )
    kilometres = 2 * EARTH_KM * np.arcsin(np.sqrt(np.clip(chord, 0, 1)))
    return pd.DataFrame(kilometres, index=places.index, columns=sites.index)


def cover_most(
    *,
    people: pd.Series[float],
    distance: pd.DataFrame,
    k: int,
    within: float,
    existing: Sequence[str] = (),
    must: Sequence[str] = (),
    excluded: Sequence[str] = (),
    weight: pd.Series[float] | None = None,
) -> Siting:
    """Choose k more sites so that most people are within a distance of an open one.

        maximise  sum people_i weight_i covered_i   so that   covered_i <= sum of open_j within reach of i,
                  sum open_j = k over the sites that are not existing

    ``distance``: places x sites, in any unit, ``within`` in the same; ``people`` and ``weight`` (equity; 1
    where not given) by place. ``existing`` clinics are open already, ``must`` are among the k, ``excluded``
    are not (stations that are not ready: solve with and without them to see what readiness costs).

    A place whose people are missing, or all of whose distances are, is left out and named; a missing
    distance reaches nobody. Raises ``ValueError`` for unknown sites, or a k that cannot be.

    >>> people = pd.Series([10.0, 10, 15], index=list("xyz"))
    >>> apart = pd.DataFrame([[1.0, 9, 2], [9, 1, 2], [9, 9, 9]], index=list("xyz"), columns=list("abc"))
    >>> cover_most(people=people, distance=apart, k=1, within=3).chosen
    ('c',)
    """
    made = _Question(people, distance, k, existing, must, excluded, weight)
    gain = _cover_gain(made, within)
    greedy = _greedy(made, gain)
    chosen, gap = _best(made, gain, greedy)
    return _siting(made, chosen, greedy, gain, gap, within)


def shorten_most(
    *,
    people: pd.Series[float],
    distance: pd.DataFrame,
    k: int,
    farthest: float,
    existing: Sequence[str] = (),
    must: Sequence[str] = (),
    excluded: Sequence[str] = (),
    weight: pd.Series[float] | None = None,
) -> Siting:
    """Choose k more sites so that people are, in all, nearest to an open one (p-median).

        minimise  sum people_i weight_i min(distance to the nearest open site, farthest)

    Beyond ``farthest`` every distance is as good as none: it bounds the problem and keeps one remote place
    from deciding. ``worth`` is the people-distance saved beside the existing clinics alone. The other
    arguments, missing values and errors are those of :func:`cover_most`.

    >>> people = pd.Series([10.0, 10, 15], index=list("xyz"))
    >>> apart = pd.DataFrame([[1.0, 9, 4], [9, 1, 4], [9, 9, 5]], index=list("xyz"), columns=list("abc"))
    >>> shorten_most(people=people, distance=apart, k=1, farthest=10).chosen
    ('c',)
    """
    made = _Question(people, distance, k, existing, must, excluded, weight)
    capped = np.minimum(np.where(np.isnan(made.distance), farthest, made.distance), farthest)
    base = capped[:, made.existing].min(axis=1, initial=farthest)
    gain = np.maximum(base[:, None] - capped, 0.0) * made.worth[:, None]
    greedy = _greedy(made, gain)
    chosen, gap = _best(made, gain, greedy)
    saved = _total(gain, chosen)
    left = float(base @ made.worth) - saved
    # the bound is on what is saved; beside the distance that is left it is another share
    gap = saved * gap / left if left > 0 else 0.0
    return _siting(made, chosen, greedy, gain, gap, None)


def coverage_curve(
    *,
    people: pd.Series[float],
    distance: pd.DataFrame,
    up_to: int,
    within: float,
    existing: Sequence[str] = (),
    excluded: Sequence[str] = (),
    weight: pd.Series[float] | None = None,
) -> pd.DataFrame:
    """Return the people covered by the best choice of 0, 1, ... ``up_to`` sites, beside simpler choices.

    Indexed by k: people_covered (best), added (by the last one), greedy, largest (the k sites whose own
    place has most people: a site and a place of the same name). The best never falls and is never below the
    others where every weight is 1.

    >>> people = pd.Series([10.0, 10, 15], index=list("abc"))
    >>> apart = pd.DataFrame([[0.0, 9, 2], [9, 0, 2], [9, 9, 0]], index=list("abc"), columns=list("abc"))
    >>> coverage_curve(people=people, distance=apart, up_to=2, within=3).people_covered.tolist()
    [0.0, 35.0, 35.0]
    """
    made = _Question(people, distance, up_to, existing, (), excluded, weight)
    gain = _cover_gain(made, within)
    greedy, largest = _greedy(made, gain), _largest(made)
    rows = []
    for k in range(up_to + 1):
        made.k = k
        best, _ = _best(made, gain, greedy[:k])
        rows.append([made.people_within(one, within) for one in (best, greedy[:k], largest[:k])])
    curve = pd.DataFrame(
        rows, columns=["people_covered", "greedy", "largest"], index=pd.RangeIndex(up_to + 1)
    )
    curve.insert(1, "added", curve["people_covered"].diff())
    return curve.rename_axis("k")


class _Question:
    """What was asked, as arrays over the places that can be weighed."""

    def __init__(
        self,
        people: pd.Series[float],
        distance: pd.DataFrame,
        k: int,
        existing: Sequence[str],
        must: Sequence[str],
        excluded: Sequence[str],
        weight: pd.Series[float] | None,
    ) -> None:
        unknown = {*existing, *must, *excluded} - set(distance.columns)
        if unknown:
            raise ValueError(f"unknown sites: {', '.join(sorted(unknown))}")
        if set(must) & {*existing, *excluded}:
            raise ValueError("a site that must be chosen is excluded or exists already")
        known = people.reindex(distance.index).astype("float64")
        usable = (known.notna() & distance.notna().any(axis=1)).to_numpy()
        self.left_out = tuple(str(one) for one in distance.index[~usable])
        self.names = [str(one) for one in distance.columns]
        self.places = distance.index[usable]
        self.distance = distance.to_numpy(dtype="float64")[usable]
        self.people = known.to_numpy()[usable]
        weights = pd.Series(1.0, index=distance.index) if weight is None else weight.reindex(distance.index)
        self.worth = self.people * weights.fillna(1.0).to_numpy(dtype="float64")[usable]
        self.existing = np.isin(self.names, list(existing))
        self.must = np.isin(self.names, list(must))
        self.free = ~self.existing & ~np.isin(self.names, list(excluded))
        self.k = k
        if not len(must) <= k <= int(self.free.sum()):
            raise ValueError(f"{k} cannot be chosen: {len(must)} must be, {int(self.free.sum())} can be")

    def open_with(self, chosen: Sequence[int]) -> Bools:
        """Return which sites are open once these are chosen."""
        return self.existing | np.isin(np.arange(len(self.names)), list(chosen))

    def people_within(self, chosen: Sequence[int], within: float) -> float:
        """Return the people within a distance of an open site."""
        reach: Bools = np.asarray(self.distance <= within)
        return float(self.people @ reach[:, self.open_with(chosen)].any(axis=1))


def _cover_gain(made: _Question, within: float) -> Floats:
    """Return what each site is worth to each place: its worth where it newly covers it."""
    reach: Bools = np.asarray(made.distance <= within)
    base: Bools = np.asarray(reach[:, made.existing].any(axis=1))
    return np.where(reach & ~base[:, None], made.worth[:, None], 0.0)


def _total(gain: Floats, chosen: Sequence[int]) -> float:
    """Return what a choice is worth: every place counts its best chosen site."""
    return float(gain[:, list(chosen)].max(axis=1, initial=0.0).sum())


def _greedy(made: _Question, gain: Floats) -> list[int]:
    """Choose one site after another, each the one that adds most to those before."""
    chosen = [int(one) for one in np.flatnonzero(made.must)]
    best = gain[:, chosen].max(axis=1, initial=0.0)
    while len(chosen) < made.k:
        added = np.maximum(gain - best[:, None], 0.0).sum(axis=0)
        added[~made.free] = -1.0
        added[chosen] = -1.0
        chosen.append(int(added.argmax()))
        best = np.maximum(best, gain[:, chosen[-1]])
    return chosen


def _largest(made: _Question) -> list[int]:
    """Order the free sites by the people of their own place, most first."""
    own = pd.Series(made.people, index=made.places.astype(str)).reindex(made.names).fillna(-1.0).to_numpy()
    order = np.argsort(-own, kind="stable")
    return [int(site) for site in order if made.free[site]]


def _best(made: _Question, gain: Floats, greedy: list[int]) -> tuple[list[int], float]:
    """Solve the siting exactly, by the levels of gain each place can reach (Elloumi 2010).

    With a place's distinct gains g_1 > g_2 > ..., u_l says that it reaches g_l at least: u_l <= u_(l-1) + the
    open sites that give exactly g_l, and it counts (g_l - g_(l+1)) u_l. Covering has one level per place.
    """
    place, site = np.nonzero(gain)
    worth = gain[place, site]
    order = np.lexsort((-worth, place))
    place, site, worth = place[order], site[order], worth[order]
    fresh = np.concatenate([[True], (np.diff(place) != 0) | (np.diff(worth) != 0)])[: len(place)]
    level = np.cumsum(fresh) - 1
    level_place, level_worth = place[fresh], worth[fresh]
    levels, sites = len(level_place), len(made.names)
    lower_place = np.append(level_place[1:], -1) if levels else level_place
    follows = np.flatnonzero(lower_place == level_place) + 1
    step = level_worth.copy()
    step[follows - 1] -= level_worth[follows]
    rows = np.concatenate([np.arange(levels), level, follows, np.full(sites, levels)])
    columns = np.concatenate([sites + np.arange(levels), site, sites + follows - 1, np.arange(sites)])
    values = np.concatenate([np.ones(levels), -np.ones(len(site) + len(follows)), made.free.astype(float)])
    reached = gain[:, greedy].max(axis=1, initial=0.0)[level_place] >= level_worth
    solved = Programme(
        cost=np.concatenate([np.zeros(sites), -step]),
        matrix=csc_array((values, (rows, columns)), shape=(levels + 1, sites + levels)),
        row_lower=np.append(np.full(levels, -np.inf), made.k),
        row_upper=np.append(np.zeros(levels), made.k),
        lower=np.append(made.must.astype(float), np.zeros(levels)),
        upper=np.append(made.free.astype(float), np.ones(levels)),
        whole=[True] * sites + [False] * levels,
        gap=GAP,
        seconds=SECONDS,
        interior=levels > MANY_LEVELS,
    ).solve(start=np.concatenate([np.isin(np.arange(sites), greedy), reached]).astype(float))
    assert solved is not None  # the greedy choice is one
    chosen = [int(one) for one in np.flatnonzero(solved.values[:sites] > 0)]
    return (chosen, solved.gap) if _total(gain, chosen) >= _total(gain, greedy) else (greedy, solved.gap)


def _siting(
    made: _Question, chosen: list[int], greedy: list[int], gain: Floats, gap: float, within: float | None
) -> Siting:
    """Describe what a choice reaches."""
    now = np.where(made.open_with(chosen)[None, :], made.distance, np.inf)
    now = np.where(np.isnan(now), np.inf, now)
    nearest = now.argmin(axis=1) if now.size else np.zeros(0, dtype=np.int64)
    distance = now[np.arange(len(now)), nearest]
    found = np.isfinite(distance)
    reached, new = [pd.NA] * len(now), [pd.NA] * len(now)
    if within is not None:
        had = (made.distance[:, made.existing] <= within).any(axis=1)
        reached, new = list(distance <= within), list((distance <= within) & ~had)
    names = pd.Series(np.array(made.names, dtype=object)[nearest], dtype="str")
    places = pd.DataFrame(
        {
            "people": made.people,
            "nearest": names.where(found).array,
            "distance": np.where(found, distance, np.nan),
            "covered": pd.array(reached, dtype="boolean"),
            "newly_covered": pd.array(new, dtype="boolean"),
        },
        index=made.places,
    )
    some = found & (made.people > 0)
    mean = np.average(distance[some], weights=made.people[some]) if some.any() else np.nan
    return Siting(
        chosen=tuple(sorted(made.names[one] for one in chosen)),
        places=places,
        people_covered=np.nan if within is None else made.people_within(chosen, within),
        people_before=np.nan if within is None else made.people_within([], within),
        people_total=float(made.people.sum()),
        mean_distance=float(mean),
        worth=_total(gain, chosen),
        greedy_worth=_total(gain, greedy),
        left_out=made.left_out,
        gap=gap,
    )
