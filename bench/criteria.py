"""The national criteria: judging the country, and finding the cheapest way for a whole region."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator

import numpy as np
import pandas as pd

from bench import Promise
from data.units import units
from metrics.compliance_measures import measures
from metrics.compliance_path import cheapest_paths
from metrics.compliance_plan import budget_plan
from metrics.criteria import evaluate
from metrics.criteria_sets import set_in_force

YEARS = range(2023, 2029)
REGION = 617
MEASURES = 20


def _scores(communes: pd.Index, years: range, low: float, high: float) -> pd.DataFrame:
    """Return random sheets under Decision 1300, each criterion between two shares of its most points."""
    rule = set_in_force(years[0])
    assert rule is not None
    most = np.array([float(one.maximum_in(1) or 0) for one in rule.criteria])
    keys = [["legacy"], communes, list(years), rule.numbers]
    frame = pd.MultiIndex.from_product(keys, names=["geography", "commune", "year", "criterion"]).to_frame(
        index=False
    )
    share = np.random.default_rng(0).uniform(low, high, len(frame))
    points = np.round(4 * share * np.tile(most, len(frame) // len(most))) / 4
    return frame.assign(
        points=points, disqualified=False, reason=pd.Series(np.nan, index=frame.index, dtype="str")
    )


def _grouped(scores: pd.DataFrame, most: pd.Series[float]) -> pd.Series[bool]:
    """Judge with a plain groupby: totals and floors only, nothing said about why, or about missing points."""
    enough = scores["points"] >= 0.5 * scores["criterion"].map(most)
    groups = scores.assign(enough=enough).groupby(["geography", "commune", "year"])
    return (groups["points"].sum() >= 0.8 * most.sum()) & groups["enough"].all()


def _seconds(work: Callable[[], object]) -> float:
    """Return the least time of several, which other work on the machine disturbs least."""
    spent = []
    for _ in range(7):
        start = time.perf_counter()
        work()
        spent.append(time.perf_counter() - start)
    return min(spent)


def measure() -> Iterator[Promise]:
    rule = set_in_force(YEARS[0])
    assert rule is not None
    places = units()
    codes = pd.Index(places.loc[places["geography"].eq("legacy") & places["level"].eq("commune"), "code"])
    country = _scores(codes, YEARS, 0.4, 1.0)
    most = pd.Series({one.number: float(one.maximum_in(1) or 0) for one in rule.criteria})
    judged = evaluate(scores=country, criteria_set=rule).set_index(["geography", "commune", "year"])["passes"]
    assert judged.astype("bool").equals(_grouped(country, most).reindex(judged.index))
    ours = _seconds(lambda: evaluate(scores=country, criteria_set=rule))
    plain = _seconds(lambda: _grouped(country, most))
    name = f"judging {len(codes):,} communes x {len(YEARS)} years"
    beside = f"a plain groupby, which judges less, {1000 * plain:.0f} ms"
    yield Promise(name=name, measured=1000 * ours, limit=200, unit="ms", beside=beside)
    yield Promise(name=f"{name}, beside a groupby", measured=ours / plain, limit=None, unit="x")
    yield from _plan(codes[:REGION])


def _plan(codes: pd.Index) -> Iterator[Promise]:
    rule = set_in_force(YEARS[0])
    assert rule is not None
    region = _scores(codes, range(2025, 2026), 0.4, 0.9)
    start = time.perf_counter()
    paths = cheapest_paths(scores=region, measures=measures().head(MEASURES), criteria_set=rule)
    found = paths.communes
    budget = found["cost"].sum() / 2
    people = pd.Series(
        np.random.default_rng(1).integers(2_000, 30_000, len(codes)),
        index=pd.MultiIndex.from_product([["legacy"], codes], names=["geography", "commune"]),
    )
    plan = budget_plan(paths=paths, budget=budget, objective="people", population=people)
    spent = time.perf_counter() - start
    solved = int(found["status"].eq("reached").sum())
    yield Promise(
        name=f"budget plan, {len(codes)} communes x {MEASURES} measures",
        measured=spent,
        limit=20,
        unit="s",
        beside=f"{solved} paths to solve, {spent / max(solved, 1) * 1000:.0f} ms each",
    )
    gap = 100 * max(float(found["gap"].max()), plan.gap)
    yield Promise(name="budget plan, proven distance to the best plan", measured=gap, limit=1, unit="%")
