"""Where a province's money brings most communes, or most people, over the line: plan, curve and calendar.

Measures act on one commune each, so once every commune's least cost c_i is known (:mod:`compliance_path`) the
province's question is a knapsack: choose the communes S that maximise sum w_i with sum c_i <= budget. This is
exact, not an approximation. Take any affordable plan. A commune that it leaves failing gives nothing, so its
money can be kept back; a commune that it brings over the line was brought at c_i or more, so its measures can
be replaced by the cheapest ones. Neither step changes who passes or costs more: so some best plan spends c_i
on the communes of a set S and nothing elsewhere. With w_i = 1 the cheapest first are best: any set of k
communes costs at least as much as the k cheapest.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal

import numpy as np
import numpy.typing as npt
import pandas as pd

from metrics.compliance_path import PLACE, Paths
from metrics.programme import Programme

Floats = npt.NDArray[np.float64]
Objective = Literal["communes", "people"]

CURVE_POINTS: Final = 24
GAP: Final = 1e-4
SECONDS: Final = 5.0


@dataclass(frozen=True, kw_only=True)
class Plan:
    """Which communes to bring over the line with one budget.

    ``communes``: every commune with its path's columns, ``people`` and ``chosen``. ``steps``: the measures of
    the chosen ones. ``passing_before`` and ``passing_after`` count communes, ``people_after`` the people in
    them (missing where a population is missing). ``gap``: proven relative distance to the best plan.
    """

    communes: pd.DataFrame
    steps: pd.DataFrame
    spent: float
    passing_before: int
    passing_after: int
    people_after: float
    gap: float


@dataclass(frozen=True, kw_only=True)
class Schedule:
    """In which year each chosen commune starts and from which year it passes.

    ``communes``: the communes with a path, with ``start`` and ``passes_in`` (missing where not chosen) and
    ``why_not`` (``too_late`` where no start is early enough, ``no_money``). ``years``: per year money,
    spent, carried_over, started and passing (all communes that pass by the year's end).
    """

    communes: pd.DataFrame
    years: pd.DataFrame
    gap: float


def budget_plan(
    *,
    paths: Paths,
    budget: float,
    objective: Objective = "communes",
    population: pd.Series[int] | None = None,
) -> Plan:
    """Choose the communes to bring over the line so that most communes, or most people, pass.

    ``paths`` from :func:`~metrics.compliance_path.cheapest_paths`; ``budget`` in the measures' unit of cost;
    ``population`` by geography and commune, needed for ``people``. A commune whose population is missing
    cannot be weighed and is not chosen for ``people``.

    Raises ``ValueError`` for a negative budget, or for ``people`` without populations.

    >>> communes = pd.DataFrame({"geography": "legacy", "commune": ["1", "2", "3"], "status": "reached",
    ...     "cost": [40.0, 50.0, 95.0]})
    >>> plan = budget_plan(paths=Paths(communes=communes, steps=communes[["geography", "commune"]]), budget=100)
    >>> plan.communes.loc[plan.communes.chosen, "commune"].tolist(), plan.spent
    (['1', '2'], 90.0)
    """
    if budget < 0:
        raise ValueError("a budget is not negative")
    frame = _weighed(paths, objective, population)
    chosen, gap = _best(frame["cost"].to_numpy(), frame["weight"].to_numpy(), budget, objective)
    frame["chosen"] = chosen
    passing = frame["chosen"] | (frame["status"] == "passes")
    kept = pd.MultiIndex.from_frame(frame.loc[frame["chosen"], PLACE])
    steps = paths.steps[pd.MultiIndex.from_frame(paths.steps[PLACE]).isin(kept)]
    return Plan(
        communes=frame.drop(columns="weight"),
        steps=steps.reset_index(drop=True),
        spent=float(frame.loc[frame["chosen"], "cost"].sum()),
        passing_before=int((frame["status"] == "passes").sum()),
        passing_after=int(passing.sum()),
        people_after=float(frame.loc[passing, "people"].sum(skipna=False)),
        gap=gap,
    )


def budget_curve(
    *, paths: Paths, objective: Objective = "communes", population: pd.Series[int] | None = None
) -> pd.DataFrame:
    """Return how many communes (and people) pass for each budget, and what the next one costs.

    For ``communes`` one row per commune in the order of cost, exact at every budget: budget, communes,
    people, marginal_cost (of this commune), geography, commune. For ``people`` the best plan at each of
    :data:`CURVE_POINTS` budgets up to the cost of all; marginal_cost is money per additional person.
    The first row is the budget 0. Neither communes nor the objective ever falls along the curve.

    >>> communes = pd.DataFrame({"geography": "legacy", "commune": ["1", "2"], "status": ["reached", "passes"],
    ...     "cost": [40.0, 0.0]})
    >>> budget_curve(paths=Paths(communes=communes, steps=communes))[["budget", "communes"]].values.tolist()
    [[0.0, 1.0], [40.0, 2.0]]
    """
    frame = _weighed(paths, objective, population)
    if objective == "communes":
        return _curve_of_communes(frame)
    return _curve_of_people(frame)


def schedule(
    *,
    paths: Paths,
    annual_budget: Mapping[int, float],
    deadline: int,
    objective: Objective = "communes",
    population: pd.Series[int] | None = None,
) -> Schedule:
    """Spread the paths over the years so that most communes, or most people, pass by the deadline.

    A commune started in year t is paid for in that year and passes at the end of t + its lead time; money
    not spent is carried over. First as many as can be pass by the deadline; then the same communes start
    as early as the money allows (most commune-years, or person-years, of passing).

    Raises ``ValueError`` where no year of the budget is at or before the deadline.

    >>> communes = pd.DataFrame({"geography": "legacy", "commune": ["1", "2"], "status": "reached",
    ...     "cost": [40.0, 50.0], "lead_time_years": [1, 0]})
    >>> plan = schedule(paths=Paths(communes=communes, steps=communes), annual_budget={2026: 50, 2027: 40},
    ...     deadline=2027)
    >>> plan.communes[["commune", "start", "passes_in"]].values.tolist()
    [['1', 2026, 2027], ['2', 2027, 2027]]
    """
    years = sorted(year for year in annual_budget if year <= deadline)
    if not years:
        raise ValueError("no year of the budget is at or before the deadline")
    frame = _weighed(paths, objective, population)
    reach = frame[(frame["status"] == "reached") & (frame["weight"] > 0)].reset_index(drop=True)
    money = np.array([float(annual_budget[year]) for year in years])
    starts, gap = _calendar(reach, np.array(years), money, deadline)
    reach["start"] = pd.Series(starts, dtype="Int64").replace(0, pd.NA)
    reach["passes_in"] = reach["start"] + reach["lead_time_years"]
    late = years[0] + reach["lead_time_years"] > deadline
    reason = np.select([reach["start"].notna(), late], ["", "too_late"], "no_money")
    reach["why_not"] = pd.Series(reason, dtype="str").replace("", np.nan)
    already = int((frame["status"] == "passes").sum())
    return Schedule(
        communes=reach.drop(columns="weight"), years=_by_year(reach, years, money, already), gap=gap
    )


def _weighed(paths: Paths, objective: Objective, population: pd.Series[int] | None) -> pd.DataFrame:
    """Give every commune its people and what choosing it is worth: nothing where it cannot be chosen."""
    frame = paths.communes.copy()
    if population is None:
        if objective == "people":
            raise ValueError("people need a population")
        frame["people"] = np.nan
    else:
        places = pd.MultiIndex.from_frame(frame[PLACE])
        frame["people"] = population.reindex(places).to_numpy(dtype="float64", na_value=np.nan)
    worth = frame["people"] if objective == "people" else pd.Series(1.0, index=frame.index)
    frame["weight"] = worth.where(frame["status"] == "reached").fillna(0.0)
    return frame


def _best(
    cost: Floats, weight: Floats, budget: float, objective: Objective
) -> tuple[npt.NDArray[np.bool_], float]:
    """Choose under one budget: the cheapest first for communes, a knapsack for people."""
    able = np.flatnonzero((weight > 0) & (cost <= budget))
    chosen = np.zeros(len(cost), dtype=bool)
    if not len(able):
        return chosen, 0.0
    if objective == "communes":
        order = able[np.argsort(cost[able], kind="stable")]
        chosen[order[np.cumsum(cost[order]) <= budget]] = True
        return chosen, 0.0
    sack = Programme(
        cost=-weight[able],
        matrix=cost[None, able],
        row_lower=[-np.inf],
        row_upper=[budget],
        lower=np.zeros(len(able)),
        upper=np.ones(len(able)),
        whole=[True] * len(able),
        gap=GAP,
        seconds=SECONDS,
    )
    found = sack.solve()
    assert found is not None  # nothing chosen is always affordable
    chosen[able] = found.values > 0
    return chosen, found.gap


def _curve_of_communes(frame: pd.DataFrame) -> pd.DataFrame:
    passing = frame[frame["status"] == "passes"]
    able = frame[frame["weight"] > 0].sort_values("cost", kind="stable")
    start = passing["people"].sum(skipna=False)
    curve = pd.DataFrame(
        {
            "budget": np.concatenate([[0.0], able["cost"].cumsum()]),
            "communes": len(passing) + np.arange(len(able) + 1),
            "people": np.concatenate([[start], start + able["people"].cumsum(skipna=False)]),
            "marginal_cost": np.concatenate([[np.nan], able["cost"]]),
        }
    )
    for name in PLACE:
        curve[name] = pd.Series([None, *able[name]], dtype="str")
    return curve


def _curve_of_people(frame: pd.DataFrame) -> pd.DataFrame:
    """Solve a grid of budgets; a larger budget never does worse, for the smaller one's plan is open to it."""
    passing = frame["status"] == "passes"
    cost, weight = frame["cost"].to_numpy(), frame["weight"].to_numpy()
    start = frame.loc[passing, "people"].sum(skipna=False)
    best = np.zeros(len(frame), dtype=bool)
    rows = []
    for budget in np.linspace(0.0, cost[weight > 0].sum(), CURVE_POINTS):
        chosen, _ = _best(cost, weight, budget * (1 + 1e-12), "people")
        best = chosen if weight[chosen].sum() > weight[best].sum() else best
        rows.append((budget, int(passing.sum() + best.sum()), start + weight[best].sum()))
    curve = pd.DataFrame(rows, columns=["budget", "communes", "people"])
    gained = curve["people"].diff()
    curve["marginal_cost"] = (curve["budget"].diff() / gained).where(gained > 0)
    return curve


def _calendar(
    reach: pd.DataFrame, years: npt.NDArray[np.int64], money: Floats, deadline: int
) -> tuple[npt.NDArray[np.int64], float]:
    """Choose each commune's year: one binary per commune and year that is early enough."""
    lead = reach["lead_time_years"].to_numpy(dtype=np.int64)
    pairs = np.argwhere(lead[:, None] + years[None, :] <= deadline)
    if not len(pairs):
        return np.zeros(len(reach), dtype=np.int64), 0.0
    who, when = pairs.T
    cost, weight = reach["cost"].to_numpy()[who], reach["weight"].to_numpy()[who]
    once = (who[None, :] == np.arange(len(reach))[:, None]).astype(float)
    paid = np.where(when[None, :] <= np.arange(len(years))[:, None], cost, 0.0)
    rows = np.vstack([once, paid])
    limit = np.concatenate([np.ones(len(reach)), np.cumsum(money)])
    free = np.full(len(rows), -np.inf)

    def programme(worth: Floats) -> Programme:
        return Programme(
            cost=-worth,
            matrix=rows,
            row_lower=free,
            row_upper=limit,
            lower=np.zeros(len(pairs)),
            upper=np.ones(len(pairs)),
            whole=[True] * len(pairs),
            gap=GAP,
            seconds=SECONDS,
        )

    most = programme(weight).solve()
    assert most is not None  # nobody started is always affordable
    # Then the same communes, as early as the money allows: each must keep a start, the others none.
    kept = once @ most.values
    each = np.concatenate([kept, free[len(reach) :]])
    passing_years = deadline + 1 - years[when] - lead[who]
    early = programme(weight * passing_years).solve(row_lower=each, upper=kept[who], start=most.values)
    assert early is not None  # the calendar just found satisfies it
    start = np.zeros(len(reach), dtype=np.int64)
    taken = early.values > 0
    start[who[taken]] = years[when[taken]]
    return start, most.gap


def _by_year(reach: pd.DataFrame, years: list[int], money: Floats, already: int) -> pd.DataFrame:
    """Sum the calendar by year."""
    spent = reach.groupby("start")["cost"].sum().reindex(years, fill_value=0.0)
    started = reach.groupby("start").size().reindex(years, fill_value=0)
    passing = [already + int((reach["passes_in"] <= year).sum()) for year in years]
    return pd.DataFrame(
        {
            "year": years,
            "money": money,
            "spent": spent.to_numpy(),
            "carried_over": np.cumsum(money) - spent.cumsum().to_numpy(),
            "started": started.to_numpy(),
            "passing": passing,
        }
    )
