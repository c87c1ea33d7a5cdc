"""The cheapest way over the line: the least-cost measures that make a commune pass.

For one commune, with x_m the times measure m is done (whole, 0 to max_times) and y_c its points afterwards:

    minimise  sum cost_m x_m
    so that   y_c <= points_c + sum of gain_m x_m over the measures of criterion c,   y_c <= maximum_c,
              y_c >= floor share x maximum_c,   sum y_c >= total share x sum maximum_c,
              x_m <= max_times_m x_(prerequisite of m).

Points are counted in whole hundredths, so that the solver's tolerance cannot hide a hundredth. The solver is
HiGHS, asked for a proven optimum. Costs are in the unit of the table of measures (million dong in ours).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from metrics.compliance_measures import chain
from metrics.criteria import KEY, TEXT, evaluate
from metrics.criteria_sets import CriteriaSet
from metrics.programme import Programme

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
PLACE: Final = ["geography", "commune"]
STEPS: Final = ["measure", "criterion", "times", "points", "cost", "lead_time_years"]
COMMUNES: Final = ["status", "cost", "lead_time_years", "points_missing", "gap"]
TYPES: Final[dict[str, Any]] = {
    **dict.fromkeys(["geography", "commune", "measure", "status"], TEXT),
    **dict.fromkeys(["criterion", "times", "lead_time_years"], "int64"),
    **dict.fromkeys(["points", "cost", "points_missing", "gap"], "float64"),
    "year": "Int64",
}
HUNDREDTHS: Final = 100


@dataclass(frozen=True, kw_only=True)
class Path:
    """The least-cost set of measures for one commune.

    ``status``: ``passes`` already, ``reached``, ``out_of_reach`` (all measures together are not enough),
    ``disqualified`` (no points would help) or ``not_assessable``. ``cost`` is 0 for a commune that passes
    and missing where there is no path. ``steps``: one row per measure. ``after``: points by criterion.
    """

    status: str
    cost: float
    steps: pd.DataFrame
    after: pd.Series[float]
    lead_time_years: int
    gap: float


@dataclass(frozen=True, kw_only=True)
class Paths:
    """The paths of many communes: one row per commune, and one row per commune and measure."""

    communes: pd.DataFrame
    steps: pd.DataFrame


def cheapest_path(
    *,
    scores: pd.DataFrame,
    measures: pd.DataFrame,
    criteria_set: CriteriaSet,
    zones: pd.Series[int] | None = None,
    within_years: int | None = None,
) -> Path:
    """Return the least-cost measures that bring one commune over all parts of the rule.

    ``scores`` holds one sheet (one geography, commune, year; contract ``criteria_scores``), ``measures`` the
    table of :func:`~metrics.compliance_measures.measures`. ``within_years`` leaves out measures whose lead
    time, prerequisites included, is longer. The points of a step are what the measures promise; what counts
    is cut at the criterion's maximum (``after``).

    Raises ``ValueError`` where ``scores`` holds no or several sheets.

    >>> from metrics.compliance_measures import measures
    >>> from metrics.criteria_sets import set_in_force
    >>> sheet = pd.DataFrame({"geography": "legacy", "commune": "31117", "year": 2024,
    ...     "criterion": range(1, 11), "points": [14, 10, 12, 9, 19, 12, 6, 11, 1.0, 4],
    ...     "disqualified": False, "reason": None})
    >>> path = cheapest_path(scores=sheet, measures=measures(), criteria_set=set_in_force(2024))
    >>> path.status, path.cost, path.steps.measure.tolist()
    ('reached', 18.0, ['communication_kit'])
    """
    if len(scores[KEY].drop_duplicates()) != 1:
        raise ValueError("a path is for one score sheet")
    judged = evaluate(scores=scores, criteria_set=criteria_set, zones=zones)
    points = _points_before(scores, judged, criteria_set).iloc[0]
    row = judged.iloc[0]
    model = _Model(measures, criteria_set, _zone(zones, row), within_years)
    status, times, cost, gap = _path(_status(row), points.to_numpy(), model)
    steps = _table(_steps(model, times), STEPS)
    return Path(
        status=status,
        cost=cost,
        steps=steps,
        after=pd.Series(model.after(points.to_numpy(), times), index=points.index),
        lead_time_years=int(steps["lead_time_years"].max()) if len(steps) else 0,
        gap=gap,
    )


def cheapest_paths(
    *,
    scores: pd.DataFrame,
    measures: pd.DataFrame,
    criteria_set: CriteriaSet,
    zones: pd.Series[int] | None = None,
    within_years: int | None = None,
) -> Paths:
    """Return :func:`cheapest_path` of every commune, in the order of their codes.

    ``communes``: geography, commune, year, status, cost, lead_time_years, points_missing, gap.
    ``steps``: geography, commune, year, measure, criterion, times, points, cost, lead_time_years.

    Raises ``ValueError`` where a commune has sheets of several years: choose the year first.

    >>> from metrics.compliance_measures import measures
    >>> from metrics.criteria_sets import set_in_force
    >>> none = pd.DataFrame(columns=["geography", "commune", "year", "criterion", "points", "disqualified"])
    >>> cheapest_paths(scores=none, measures=measures(), criteria_set=set_in_force(2024)).communes.empty
    True
    """
    judged = evaluate(scores=scores, criteria_set=criteria_set, zones=zones)
    if judged.duplicated(PLACE).any():
        raise ValueError("choose one year: a commune has sheets of several years")
    before = _points_before(scores, judged, criteria_set).to_numpy()
    models: dict[int, _Model] = {}
    rows: list[dict[str, Any]] = []
    steps: list[dict[str, Any]] = []
    for row, points in zip(judged.itertuples(), before, strict=True):
        zone = _zone(zones, row)
        if zone not in models:
            models[zone] = _Model(measures, criteria_set, zone, within_years)
        status, times, cost, gap = _path(_status(row), points, models[zone])
        key = {name: getattr(row, name) for name in KEY}
        done = _steps(models[zone], times)
        steps += [{**key, **step} for step in done]
        lead = max((step["lead_time_years"] for step in done), default=0)
        missing = row.points_missing
        found = {
            "status": status,
            "cost": cost,
            "lead_time_years": lead,
            "points_missing": missing,
            "gap": gap,
        }
        rows.append({**key, **found})
    return Paths(communes=_table(rows, [*KEY, *COMMUNES]), steps=_table(steps, [*KEY, *STEPS]))


def rule_shadows(
    *,
    scores: pd.DataFrame,
    measures: pd.DataFrame,
    criteria_set: CriteriaSet,
    zones: pd.Series[int] | None = None,
) -> pd.DataFrame:
    """Return what each part of the rule costs: how much cheaper all paths would be without that part.

    Parts: ``total``, ``floors`` (all of them), each criterion's own floor (its number as text) where some
    commune is below it, and ``disqualified``. Columns: communes (those whose path gets cheaper or possible),
    saved (the money, over communes that have a path with and without the part), newly_reached (communes with
    a path only without it).

    A part that a commune satisfies costs it nothing, since measures only raise points; only the floors that
    fail are dropped and solved again.

    >>> from metrics.compliance_measures import measures
    >>> from metrics.criteria_sets import set_in_force
    >>> sheet = pd.DataFrame({"geography": "legacy", "commune": "31117", "year": 2024,
    ...     "criterion": range(1, 11), "points": [14, 10, 12, 9, 19, 12, 6, 11, 1.0, 4],
    ...     "disqualified": False, "reason": None})
    >>> rule_shadows(scores=sheet, measures=measures(), criteria_set=set_in_force(2024)).to_dict("records")[1]
    {'part': 'floors', 'communes': 1, 'saved': 18.0, 'newly_reached': 0}
    """
    judged = evaluate(scores=scores, criteria_set=criteria_set, zones=zones)
    before = _points_before(scores, judged, criteria_set).to_numpy()
    models: dict[int, _Model] = {}
    found: list[tuple[str, float, float]] = []
    for row, points in zip(judged.itertuples(), before, strict=True):
        if _status(row) in ("not_assessable", "passes"):
            continue
        zone = _zone(zones, row)
        if zone not in models:
            models[zone] = _Model(measures, criteria_set, zone, None)
        parts = _without_each_part(row, points, models[zone])
        found += [(part, full, without) for part, (full, without) in parts.items()]
    table = pd.DataFrame(found, columns=["part", "full", "without"])
    both = table["full"].notna() & table["without"].notna()
    table["saved"] = (table["full"] - table["without"]).where(both, 0.0)
    table["newly_reached"] = (table["full"].isna() & table["without"].notna()).astype("int64")
    table["communes"] = ((table["saved"] > 0) | (table["newly_reached"] > 0)).astype("int64")
    order = ["total", "floors", *map(str, criteria_set.numbers), "disqualified"]
    summed = table.groupby("part")[["communes", "saved", "newly_reached"]].sum()
    return summed.reindex([part for part in order if part in summed.index]).reset_index()


def with_gains(*, scores: pd.DataFrame, gains: pd.DataFrame, criteria_set: CriteriaSet) -> pd.DataFrame:
    """Return the scores after another plan has raised some of them (a rotation of doctors: criterion 2).

    ``gains``: geography, commune, criterion, points. Points are added to every year given and cut at the
    criterion's maximum (in no zone above its greatest); missing points stay missing.

    >>> one = pd.DataFrame({"geography": ["legacy"], "commune": ["31117"], "year": [2024],
    ...     "criterion": [2], "points": [9.0], "disqualified": [False], "reason": [None]})
    >>> gain = one[["geography", "commune", "criterion"]].assign(points=2.0)
    >>> from metrics.criteria_sets import set_in_force
    >>> with_gains(scores=one, gains=gain, criteria_set=set_in_force(2024)).points.tolist()
    [10.0]
    """
    keys = [*PLACE, "criterion"]
    gained = gains.groupby(keys)["points"].sum()
    added = gained.reindex(pd.MultiIndex.from_frame(scores[keys])).fillna(0.0).to_numpy()
    most = {
        one.number: max(float(one.maximum_in(zone) or np.inf) for zone in (1, 2, 3))
        for one in criteria_set.criteria
    }
    limit = scores["criterion"].map(most).to_numpy(dtype="float64", na_value=np.inf)
    return scores.assign(points=np.minimum(scores["points"].to_numpy() + added, limit))


class _Model:
    """The programme of one zone: built once, solved for each commune under its own points."""

    def __init__(
        self, measures: pd.DataFrame, criteria_set: CriteriaSet, zone: int, within_years: int | None
    ) -> None:
        before = {str(one): first for one, first in measures["prerequisite"].items()}
        lead = measures["lead_time_years"]
        self.lead = pd.Series({one: int(lead[chain(one, before)].sum()) for one in before}, dtype="int64")
        self.measures = measures
        self.facts = [
            {
                "measure": one.Index,
                "criterion": one.criterion,
                "points": one.points,
                "cost": one.cost,
                "lead_time_years": self.lead.loc[str(one.Index)],
            }
            for one in measures.itertuples()
        ]
        self.numbers = list(criteria_set.numbers)
        rule = criteria_set.pass_rule
        most = [one.maximum_in(zone) for one in criteria_set.criteria]
        known = [one for one in most if one is not None]
        if len(known) < len(most):
            self.maximum = self.floor = np.zeros(0, dtype=np.int64)
            return
        self.maximum = np.array([int(one * HUNDREDTHS) for one in known])
        self.floor = np.array([_up(one * rule.floor_share) for one in known])
        self.total = _up(sum(known) * rule.total_share)
        column = measures["criterion"].map({number: at for at, number in enumerate(self.numbers)})
        self.gain = np.zeros((len(self.numbers), len(measures)))
        self.gain[column.to_numpy(int), range(len(measures))] = (measures["points"] * HUNDREDTHS).round()
        slow = self.lead.to_numpy() > (np.inf if within_years is None else within_years)
        self.times = measures["max_times"].to_numpy(dtype=float) * ~slow
        self.programme = self._programme()

    def _programme(self) -> Programme:
        """Columns: the measures' times, then the criteria's points. Rows: criteria, total, prerequisites."""
        criteria, count = self.gain.shape
        bound = self.measures["prerequisite"].dropna()
        needs = np.zeros((len(bound), count + criteria))
        for at, (measure, first) in enumerate(bound.items()):
            needs[at, self.measures.index.get_loc(measure)] = 1
            needs[at, self.measures.index.get_loc(first)] = -int(self.measures["max_times"].loc[str(measure)])
        reach = np.hstack([-self.gain, np.eye(criteria)])
        total = np.concatenate([np.zeros(count), np.ones(criteria)])
        rows = criteria + 1 + len(bound)
        return Programme(
            cost=np.concatenate([self.measures["cost"], np.zeros(criteria)]),
            matrix=np.vstack([reach, total, needs]),
            row_lower=np.full(rows, -np.inf),
            row_upper=np.zeros(rows),
            lower=np.zeros(count + criteria),
            upper=np.concatenate([self.times, self.maximum]),
            whole=[True] * count + [False] * criteria,
        )

    def solve(self, points: Ints, *, floor: Ints, total: int) -> tuple[Ints, float, float] | None:
        """Return times, cost and gap of the least-cost measures above these floors and this total."""
        criteria, count = self.gain.shape
        rows = len(self.measures["prerequisite"].dropna())
        found = self.programme.solve(
            row_lower=np.concatenate([np.full(criteria, -np.inf), [total], np.full(rows, -np.inf)]),
            row_upper=np.concatenate([points, [np.inf], np.zeros(rows)]),
            lower=np.concatenate([np.zeros(count), floor]),
        )
        if found is None:
            return None
        times = found.values[:count].astype(np.int64)
        return times, float(times @ self.measures["cost"].to_numpy()), found.gap

    def after(self, points: Floats, times: Ints) -> Floats:
        """Return the points once the measures are done, cut at each criterion's maximum."""
        if not times.any():
            return points
        gained: Floats = np.minimum(points + self.gain @ times / HUNDREDTHS, self.maximum / HUNDREDTHS)
        return gained


def _status(row: Any) -> str:
    """Say whether there is anything to solve: an empty text means yes."""
    if not row.assessable:
        return "not_assessable"
    if row.disqualified:
        return "disqualified"
    return "passes" if row.passes else ""


def _path(status: str, points: Floats, model: _Model) -> tuple[str, Ints, float, float]:
    """Return the status, the times of each measure, the cost and the gap."""
    none = np.zeros(len(model.measures), dtype=np.int64)
    if status:
        return status, none, 0.0 if status == "passes" else np.nan, 0.0
    found = model.solve(_down(points), floor=model.floor, total=model.total)
    return ("out_of_reach", none, np.nan, 0.0) if found is None else ("reached", *found)


def _steps(model: _Model, times: Ints) -> list[dict[str, Any]]:
    """List the measures done, cheapest first."""
    done = [
        {
            **model.facts[at],
            "times": int(times[at]),
            "points": model.facts[at]["points"] * times[at],
            "cost": model.facts[at]["cost"] * times[at],
        }
        for at in np.flatnonzero(times)
    ]
    return sorted(done, key=lambda step: (step["cost"], step["measure"]))


def _without_each_part(row: Any, points: Floats, model: _Model) -> Mapping[str, tuple[float, float]]:
    """Return the cost under the full rule and without each part that fails, missing where unreachable."""
    have = _down(points)

    def cost(floor: Ints, total: int) -> float:
        found = model.solve(have, floor=floor, total=total)
        return np.nan if found is None else found[1]

    full = cost(model.floor, model.total)
    if row.disqualified:
        return {"disqualified": (np.nan, full)}
    found = {"total": (full, cost(model.floor, 0))}
    if row.failed_floor:
        found["floors"] = (full, cost(np.zeros_like(model.floor), model.total))
    for number in row.failed_floor:
        one = model.floor.copy()
        one[model.numbers.index(number)] = 0
        found[str(number)] = (full, cost(one, model.total))
    return found


def _points_before(scores: pd.DataFrame, judged: pd.DataFrame, criteria_set: CriteriaSet) -> pd.DataFrame:
    """Turn the scores: one row per sheet in the order of its verdicts, one column per criterion."""
    long = scores.set_index([*KEY, "criterion"])["points"].astype("float64")
    wide = long.unstack("criterion")
    return wide.reindex(index=pd.MultiIndex.from_frame(judged[KEY]), columns=list(criteria_set.numbers))


def _zone(zones: pd.Series[int] | None, row: Any) -> int:
    """Return the commune's zone; 1 where it is not known (then nothing is solved, or no maximum differs)."""
    place = (row.geography, row.commune)
    known = zones is not None and place in zones.index and pd.notna(zones[place])
    return int(zones[place]) if known and zones is not None else 1


def _up(points: Any) -> int:
    """Return the least whole hundredths that are not below these points."""
    return int(-(-(points * HUNDREDTHS) // 1))


def _down(points: Floats) -> Ints:
    """Return points in whole hundredths, never more than they are."""
    hundredths: Ints = np.floor(points * HUNDREDTHS + 1e-6).astype(np.int64)
    return hundredths


def _table(rows: list[dict[str, Any]], columns: list[str]) -> pd.DataFrame:
    """Make the rows a frame with the types of the contracts, also where there are none."""
    types = {name: TYPES[name] for name in columns}
    return pd.DataFrame(rows, columns=columns).astype(types)
