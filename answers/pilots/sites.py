"""Where the next clinics go: the choice that reaches most people, beside simpler choices and what readiness costs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

import numpy as np
import pandas as pd

from answers.keeping import kept
from answers.pilots import numbers as pilots
from answers.pilots.numbers import Evidence
from answers.results import Results
from answers.scope import Scope
from geo.units import at_level
from metrics.pilot_indicators import pilot_indicators
from metrics.pilots import cost_of_one_more
from metrics.siting import Siting, cover_most, coverage_curve, great_circle_km, shorten_most

FARTHEST_KM: Final = 20.0
CURVE: Final = 10
STANDING: Final = ("beyond", "new", "before")
"""How a place stands: out of reach, in reach by the new clinics, in reach before."""


@dataclass(frozen=True, kw_only=True)
class Ask:
    """What was asked; hashable, so that answers can be kept. ``hard``: what one person of zones 2 and 3 counts."""

    k: int
    within: float
    goal: Literal["cover", "near"] = "cover"
    ready_only: bool = True
    must: tuple[str, ...] = ()
    excluded: tuple[str, ...] = ()
    hard: float = 1.0


@dataclass(frozen=True, kw_only=True)
class Answer:
    """The best choice; the best of all stations, ready or not; and the people reached by k of three choices.

    ``places``: the siting's, with ``standing`` and ``unit``; ``chosen``: a row per new clinic, those that newly
    reach most first, with :func:`answers.pilots.numbers.readiness` columns and ``reached``. ``before``, ``now``,
    ``total`` and ``unrestricted`` count people within the distance.
    """

    siting: Siting
    places: pd.DataFrame
    chosen: pd.DataFrame
    before: float
    now: float
    total: float
    unrestricted: float
    curve: pd.DataFrame


def candidates(results: Results, scope: Scope, ask: Ask) -> list[str]:
    """Return the stations that may be chosen; those that must be are, ready or not."""
    frame = pilots.readiness(results, scope)
    free = frame["opened"].isna() & ~frame.index.isin(ask.excluded)
    if ask.ready_only:
        free &= frame["state"].eq("ready").fillna(False) | frame.index.isin(ask.must)
    return list(frame.index[free])


@kept(most=32)
def answer(results: Results, scope: Scope, ask: Ask) -> Answer:
    """Solve what was asked; raises ``ValueError`` where k stations cannot be chosen."""
    frame = pilots.readiness(results, scope)
    people, distance = _ground(results, scope)
    existing = tuple(frame.index[frame["opened"].notna()])
    free = set(candidates(results, scope, ask))
    shut = [one for one in frame.index if one not in free and one not in existing]
    weight = frame["zone"].ge(2).fillna(False).map({True: ask.hard, False: 1.0}).astype("float64")
    common = {"people": people, "distance": distance, "existing": existing, "weight": weight}

    def solve(excluded: list[str]) -> Siting:
        shared = common | {"k": ask.k, "must": ask.must, "excluded": excluded}
        if ask.goal == "cover":
            return cover_most(within=ask.within, **shared)
        return shorten_most(farthest=FARTHEST_KM, **shared)

    made = solve(shut)
    anyone = solve(list(ask.excluded)) if ask.ready_only else made
    up_to = min(max(ask.k, CURVE), len(free))
    curve = coverage_curve(within=ask.within, excluded=shut, up_to=up_to, **common)
    places = _places(made, distance, existing, frame, ask.within)
    counted = places.groupby("standing")["people"].sum().reindex(STANDING, fill_value=0.0)
    return Answer(
        siting=made,
        places=places,
        chosen=_chosen(made, places, frame),
        before=float(counted["before"]),
        now=float(counted["before"] + counted["new"]),
        total=float(counted.sum()),
        unrestricted=_reached(anyone, ask.within),
        curve=curve,
    )


def _ground(results: Results, scope: Scope) -> tuple[pd.Series, pd.DataFrame]:
    """Return people by former commune, named by its station, and straight-line distances to every station."""
    frame = pilots.stations(results, scope)

    def compute() -> pd.DataFrame:
        places = at_level("legacy", "commune").reindex(frame["legacy_commune"]).set_axis(frame.index)
        return great_circle_km(places=places, sites=frame)

    distance = results.keep("pilots.distance", scope.geography, scope.province, compute=compute)
    return pilots.people(results).reindex(frame.index), distance


def _places(
    made: Siting, distance: pd.DataFrame, existing: tuple[str, ...], frame: pd.DataFrame, within: float
) -> pd.DataFrame:
    had = distance.loc[made.places.index, list(existing)].le(within).any(axis=1)
    standing = np.select([had, made.places["distance"].le(within)], ["before", "new"], "beyond")
    unit = frame["unit"].reindex(made.places.index)
    return made.places.assign(standing=pd.Series(standing, index=made.places.index, dtype="str"), unit=unit)


def _chosen(made: Siting, places: pd.DataFrame, frame: pd.DataFrame) -> pd.DataFrame:
    new = places[places["standing"].eq("new")]
    reached = new.groupby("nearest")["people"].sum()
    chosen = frame.loc[list(made.chosen)]
    chosen = chosen.assign(reached=reached.reindex(chosen.index).fillna(0.0))
    return chosen.sort_values("reached", ascending=False, kind="stable")


def _reached(made: Siting, within: float) -> float:
    return float(made.places.loc[made.places["distance"].le(within), "people"].sum())


def standing_of_units(places: pd.DataFrame) -> pd.Series:
    """Return how each unit stands, as the number of most of its people's standing.

    >>> rows = pd.DataFrame({"unit": ["a", "a"], "standing": ["new", "before"], "people": [3.0, 5.0]})
    >>> standing_of_units(rows).to_dict()
    {'a': 2}
    """
    counted = places.pivot_table(
        index="unit", columns="standing", values="people", aggfunc="sum", fill_value=0
    )
    counted = counted.reindex(columns=STANDING, fill_value=0.0)
    return counted.to_numpy().argmax(axis=1) + pd.Series(0, index=counted.index)


@dataclass(frozen=True, kw_only=True)
class Cost:
    """The cost of one more person or event with its interval, what was spent in all, and what was gained."""

    middle: float
    low: float
    high: float
    spent: float
    gained: float
    clinics: int


def cost_of_one(results: Results, found: Evidence, name: str, *, setup: float, monthly: float) -> Cost:
    """Return the cost of one more person or event, with its interval, at cost per clinic and per month.

    A register counts people at a time: one more person on it, on average since the opening. Events add up over
    the periods. Missing where the clinics show no gain. The clinics are those the effect was estimated from.
    """
    study = found.studies[name]
    assert study.effect is not None
    assert study.matched is not None
    periods = study.periods_since
    months = periods if pilots.by_month(results) else 12 * periods
    members = study.matched.pairs["pilot"].unique()
    definition = pilot_indicators()[name]
    counted = float(pilots.people(results).reindex(members).sum()) / definition.multiplier
    units = counted * periods if definition.counted == "events" else counted
    spent = len(members) * (setup + monthly * months)
    middle, low, high = cost_of_one_more(cost=spent, effect=study.effect, units=units)
    gained = study.effect.estimate * units
    return Cost(middle=middle, low=low, high=high, spent=spent, gained=gained, clinics=len(members))
