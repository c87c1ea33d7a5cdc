"""How unequally staff are spread over people.

Every measure weighs a unit by the people in it: a large commune without a doctor counts for more than a
small one. A unit with no doctor is a finding, so zeros are kept as they are. Units where the amount or the
population is missing are left out and counted.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd

from metrics.staffing import SHORT, UNKNOWN

LEAST_UNITS: Final = 10
DRAWS: Final = 999
SEED: Final = 19120101


@dataclass(frozen=True, kw_only=True)
class Inequality:
    """Inequality of an amount over people; every measure is missing (NaN) when there is no amount at all.

    ``gini`` and the three of ``theil`` are 0 when everyone has the same; ``theil`` = ``between`` +
    ``within`` groups. ``known`` of ``units`` were used. The ends are 95 percent intervals (:func:`inequality`).
    """

    gini: float
    theil: float
    between: float
    within: float
    units: int
    known: int
    gini_low: float = np.nan
    gini_high: float = np.nan
    theil_low: float = np.nan
    theil_high: float = np.nan


def _known(amount: pd.Series, population: pd.Series) -> pd.DataFrame:
    """Return the units with both figures, refused where they cannot be compared."""
    frame = pd.DataFrame({"amount": amount, "population": population}).astype("float64").dropna()
    if (frame < 0).any(axis=None):
        raise ValueError("amounts and people must not be negative")
    if (frame.amount > 0).where(frame.population == 0, False).any():
        raise ValueError("there is an amount where there are no people")
    return frame[frame.population > 0]


def lorenz(*, amount: pd.Series, population: pd.Series) -> pd.DataFrame:
    """Return the Lorenz curve: ``people`` and ``amount``, both shares from 0 to 1, worst-served units first.

    The first row is the origin, then one row for each unit with both figures, indexed by it. Negative
    figures, or an amount where nobody lives, raise ``ValueError``. Source: Lorenz 1905, weighted by people.

    >>> lorenz(amount=pd.Series([0, 3]), population=pd.Series([1000, 1000])).to_numpy().tolist()
    [[0.0, 0.0], [0.5, 0.0], [1.0, 1.0]]
    """
    frame = _known(amount, population)
    curve = frame.iloc[np.argsort(frame.amount / frame.population, kind="stable")].cumsum()
    curve = curve / frame.sum().replace(0, np.nan)
    origin = pd.DataFrame({"amount": [0.0], "population": [0.0]}, index=[None])
    return pd.concat([origin, curve]).rename(columns={"population": "people"})[["people", "amount"]]


def inequality(*, amount: pd.Series, population: pd.Series, groups: pd.Series | None = None) -> Inequality:
    """Return the Gini coefficient and Theil's T of an amount over people, the latter split by ``groups``.

    Gini = 1 - sum of (p_i - p_i-1)(a_i + a_i-1) along the Lorenz curve, from 0 to 1. Theil's T = sum of s
    ln(s / p), s a unit's share of the amount and p of the people (a unit with nothing adds 0); ``between``
    is T of the groups' sums and ``within`` the rest. Without groups all of it is ``within``. A unit without
    a group raises ``ValueError``. Source: Gini 1914; Theil 1967.

    The intervals say how much the measures would differ in other units of the same kind: bootstrap of whole
    units, each with its people, centred on the measure (Mills and Zandvakili, Journal of Applied Econometrics 12
    (1997) 133). Missing with fewer than ten units, or none with an amount.

    >>> doctors, people = pd.Series([1, 1, 0, 2]), pd.Series([1000, 1000, 1000, 1000])
    >>> result = inequality(amount=doctors, population=people, groups=pd.Series(["a", "a", "b", "b"]))
    >>> round(result.gini, 3), round(result.theil, 3), round(result.between, 3)
    (0.375, 0.347, 0.0)
    """
    frame = _known(amount, population)
    curve = lorenz(amount=amount, population=population)
    steps = curve.people.diff() * (curve.amount + curve.amount.shift())
    total = _theil(frame)
    between = 0.0 * total
    if groups is not None:
        group = groups.reindex(frame.index)
        if group.isna().any():
            raise ValueError("a unit has no group")
        between = _theil(frame.groupby(group).sum())
    return Inequality(
        gini=float(1 - steps.iloc[1:].sum(skipna=False)) if len(frame) else total,
        theil=total,
        between=between,
        within=total - between,
        units=len(amount),
        known=len(frame),
        **_intervals(frame),
    )


def _intervals(frame: pd.DataFrame) -> dict[str, float]:
    """Return the ends of the intervals: twice the measure less the quantiles of the resampled, within its range."""
    if len(frame) < LEAST_UNITS or frame.amount.sum() == 0:
        return {}
    ordered = frame.iloc[np.argsort(frame.amount / frame.population, kind="stable")]
    draw = np.random.default_rng(SEED)
    weight = draw.multinomial(len(frame), np.full(len(frame), 1 / len(frame)), DRAWS).astype("float64")
    weight = np.vstack([np.ones(len(frame)), weight])
    amount, people = weight * ordered.amount.to_numpy(), weight * ordered.population.to_numpy()
    some = amount.sum(axis=1) > 0
    amount, people = amount[some], people[some]
    amount, people = amount / amount.sum(axis=1, keepdims=True), people / people.sum(axis=1, keepdims=True)
    above = np.cumsum(amount, axis=1)
    gini = 1 - (people * (2 * above - amount)).sum(axis=1)
    ratio = np.divide(amount, people, out=np.ones_like(amount), where=amount > 0)
    theil = (amount * np.log(ratio)).sum(axis=1)
    found = {}
    for name, values, most in (("gini", gini, 1.0), ("theil", theil, np.inf)):
        low, high = np.quantile(values[1:], [0.025, 0.975])
        found[f"{name}_low"] = float(np.clip(2 * values[0] - high, 0.0, most))
        found[f"{name}_high"] = float(np.clip(2 * values[0] - low, 0.0, most))
    return found


def _theil(frame: pd.DataFrame) -> float:
    """Return Theil's T of amounts over people; missing when there is no amount at all."""
    if frame.amount.sum() == 0:
        return float("nan")
    share = frame / frame.sum()
    some = share[share.amount > 0]
    return float((some.amount * np.log(some.amount / some.population)).sum())


@dataclass(frozen=True, kw_only=True)
class PeopleShort:
    """People living in communes short of staff: ``short`` of the ``known``, and their ``share`` (NaN of nobody)."""

    short: float
    known: float
    share: float
    unknown: float


def people_in_short_units(*, status: pd.Series, population: pd.Series) -> PeopleShort:
    """Return how many people live in units whose ``status`` (:func:`metrics.staffing.staffing_gap`) is short.

    People of units with an unknown status are counted apart; units without a population are left out.

    >>> people_in_short_units(status=pd.Series(["short", "met", "unknown"]),
    ...                       population=pd.Series([3000, 9000, 500])).share
    0.25
    """
    people = population.astype("float64").groupby(status.reindex(population.index)).sum()
    unknown = float(people.get(UNKNOWN, 0))
    known = float(people.sum()) - unknown
    short = float(people.get(SHORT, 0))
    return PeopleShort(
        short=short, known=known, share=short / known if known else float("nan"), unknown=unknown
    )


def concentration(*, amount: pd.Series, population: pd.Series, groups: pd.Series) -> pd.DataFrame:
    """Return, for each group (urban and rural, say), its share of the amount beside its share of the people.

    Columns: ``amount``, ``population``, ``amount_share``, ``people_share``, and ``concentration`` = the
    first share over the second: above 1 the group has more than its people's part. Missing when the amount
    is zero everywhere.

    >>> concentration(amount=pd.Series([8, 2]), population=pd.Series([40, 60]),
    ...               groups=pd.Series(["urban", "rural"])).concentration.round(2).to_dict()
    {'rural': 0.33, 'urban': 2.0}
    """
    frame = _known(amount, population)
    sums = frame.groupby(groups.reindex(frame.index)).sum()
    shares = sums / sums.sum().replace(0, np.nan)
    sums["amount_share"], sums["people_share"] = shares.amount, shares.population
    return sums.assign(concentration=shares.amount / shares.population)
