"""What follows from the verdicts on score sheets: recognitions, changes, and what holds communes back."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pandas as pd

from metrics.criteria import KEY, TEXT, _year_end, evaluate
from metrics.criteria_sets import CriteriaSet


def recognition(*, evaluated: pd.DataFrame, as_of: dt.date) -> pd.DataFrame:
    """Return until when each commune is recognised, from its latest pass dated ``as_of`` or before.

    A pass of a year counts from that year's 31 December and lasts the set's validity (three years; that it
    runs from the year's end is our reading, the data holding years only). One row per geography and commune:
    last_passed, recognised_until, ``status`` (``recognised``, ``expiring`` within a year, ``lapsed``,
    ``never``, or ``not_assessable`` where no year could be judged), latest_year, latest_passes.

    >>> rows = pd.DataFrame({"geography": ["legacy"], "commune": ["31117"], "year": [2022],
    ...     "assessable": [True], "passes": [True], "valid_until": [pd.Timestamp("2025-12-31")]})
    >>> recognition(evaluated=rows, as_of=dt.date(2025, 6, 1)).status.item()
    'expiring'
    """
    today = pd.Timestamp(as_of)
    known = evaluated[_year_end(evaluated["year"]) <= today].sort_values("year")
    place = ["geography", "commune"]
    passed = known[known["passes"].fillna(False).astype(bool)]
    frame = evaluated[place].drop_duplicates().sort_values(place).set_index(place)
    frame["last_passed"] = passed.groupby(place)["year"].max().astype("Int64")
    frame["recognised_until"] = passed.groupby(place)["valid_until"].max()
    latest = known.drop_duplicates(place, keep="last").set_index(place)
    frame["latest_year"] = latest["year"].astype("Int64")
    frame["latest_passes"] = latest["passes"]
    judged = known.groupby(place)["assessable"].any().reindex(frame.index).fillna(False).astype(bool)
    until = frame["recognised_until"]
    status = np.select(
        [until.isna() & ~judged, until.isna(), until < today, until <= today + pd.DateOffset(years=1)],
        ["not_assessable", "never", "lapsed", "expiring"],
        "recognised",
    )
    frame.insert(2, "status", pd.Series(status, index=frame.index, dtype=TEXT))
    return frame.reset_index()


def transitions(*, evaluated: pd.DataFrame, year_from: int, year_to: int) -> pd.DataFrame:
    """Return how each commune went from one year to the other.

    ``transition`` is ``gained``, ``lost``, ``kept``, ``never`` (failed both) or ``not_assessable`` (either
    year missing or not assessable). One row per geography and commune seen in either year.

    >>> rows = pd.DataFrame({"geography": "legacy", "commune": "31117", "year": [2023, 2024],
    ...     "passes": pd.array([False, True], dtype="boolean")})
    >>> transitions(evaluated=rows, year_from=2023, year_to=2024).transition.item()
    'gained'
    """
    seen = evaluated[evaluated["year"].isin([year_from, year_to])]
    wide = seen.set_index(KEY)["passes"].unstack("year")
    wide = wide.reindex(columns=pd.Index([year_from, year_to])).astype("boolean")
    wide.columns = pd.Index(["passes_from", "passes_to"])
    before, after = wide["passes_from"], wide["passes_to"]
    names = np.select(
        [
            (before.isna() | after.isna()).to_numpy(),
            (before & after).fillna(False).to_numpy(bool),
            (~before & after).fillna(False).to_numpy(bool),
            (before & ~after).fillna(False).to_numpy(bool),
        ],
        ["not_assessable", "kept", "gained", "lost"],
        "never",
    )
    wide["transition"] = pd.Series(names, index=wide.index, dtype=TEXT)
    return wide.reset_index()


def blockers(*, evaluated: pd.DataFrame) -> pd.DataFrame:
    """Count the failing communes each part of the rule blocks: alone, with others, and in all.

    One row per part (criterion number as text, ``total``, ``disqualified``), most communes first. A commune
    blocked by two parts counts in both rows, under ``with_others``. Not assessable sheets count nowhere.

    >>> blockers(evaluated=pd.DataFrame({"blocking": [("2",), ("2", "total"), ()]})).to_dict("list")
    {'part': ['2', 'total'], 'alone': [1, 0], 'with_others': [1, 1], 'communes': [2, 1]}
    """
    parts = evaluated["blocking"].explode().dropna()
    alone = evaluated["blocking"].map(len).reindex(parts.index) == 1
    frame = pd.DataFrame({"part": parts.astype(TEXT), "alone": alone.to_numpy(), "with_others": ~alone})
    counted = frame.groupby("part", sort=False)[["alone", "with_others"]].sum()
    counted["communes"] = counted.sum(axis=1)
    return counted.sort_values("communes", ascending=False, kind="stable").reset_index()


def blocking_combinations(*, evaluated: pd.DataFrame) -> pd.DataFrame:
    """Count the failing communes of every combination of failed parts, most communes first (UpSet).

    >>> blocking_combinations(evaluated=pd.DataFrame({"blocking": [("2",), (), ("2",)]})).to_dict("list")
    {'parts': [('2',)], 'size': [1], 'communes': [2]}
    """
    failing = evaluated["blocking"][evaluated["blocking"].map(len) > 0]
    counted = failing.value_counts()
    frame = pd.DataFrame({"parts": list(counted.index), "communes": counted.to_numpy()})
    frame.insert(1, "size", frame["parts"].map(len).astype("int64"))
    return frame.sort_values(["communes", "size", "parts"], ascending=[False, True, True], ignore_index=True)


def near_misses(
    *, evaluated: pd.DataFrame, within_points: float = 2.0, within_criteria: int = 1
) -> pd.DataFrame:
    """Return the failing communes that are close: few points short, or short in few criteria only.

    ``near_in_points``: points_missing <= ``within_points``. ``near_in_criteria``: at most
    ``within_criteria`` criteria below their floor and the total reached. Closest first; a disqualified
    commune is never near, for no points would help it.

    >>> rows = pd.DataFrame({"passes": pd.array([False], dtype="boolean"), "points_missing": [3.0],
    ...     "disqualified": [False], "failed_total": pd.array([False], dtype="boolean"),
    ...     "floors_failed": pd.array([1], dtype="Int64")})
    >>> near_misses(evaluated=rows)[["near_in_points", "near_in_criteria"]].values.tolist()
    [[False, True]]
    """
    fails = ~evaluated["passes"].fillna(True).astype(bool) & ~evaluated["disqualified"]
    frame = evaluated[fails].copy()
    frame["near_in_points"] = frame["points_missing"] <= within_points
    reached = ~frame["failed_total"].astype(bool)
    frame["near_in_criteria"] = reached & (frame["floors_failed"] <= within_criteria).astype(bool)
    near = frame["near_in_points"] | frame["near_in_criteria"]
    return frame[near].sort_values("points_missing", kind="stable", ignore_index=True)


def compare_sets(
    *,
    scores: pd.DataFrame,
    first: CriteriaSet,
    second: CriteriaSet,
    zones: pd.Series[int] | None = None,
) -> pd.DataFrame:
    """Judge the same sheets under two sets: communes passing under each, by geography and year.

    Columns: communes, then for each set ``assessable_*`` and ``passing_*``, and ``passing_both``.

    >>> from metrics.criteria_sets import criteria_sets
    >>> rule = criteria_sets()["decision_1300_2023"]
    >>> empty = pd.DataFrame(columns=["geography", "commune", "year", "criterion", "points", "disqualified"])
    >>> list(compare_sets(scores=empty, first=rule, second=rule).columns)[2:4]
    ['communes', 'assessable_first']
    """
    one = evaluate(scores=scores, criteria_set=first, zones=zones)
    two = evaluate(scores=scores, criteria_set=second, zones=zones)
    passing = [frame["passes"].fillna(False).astype(bool) for frame in (one, two)]
    counts = one[["geography", "year"]].assign(
        communes=1,
        assessable_first=one["assessable"],
        passing_first=passing[0],
        assessable_second=two["assessable"],
        passing_second=passing[1],
        passing_both=passing[0] & passing[1],
    )
    return counts.groupby(["geography", "year"], as_index=False).sum()
