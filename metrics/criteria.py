"""Which communes meet the national criteria, and what blocks the rest.

The rule has three parts: the total reaches a share of the most points, every criterion reaches a share of
its own, and nothing disqualifies. All three are compared in whole millionths of a point, so that 80 percent
is exactly 80 percent and 79.99 is not. A sheet with a criterion missing is not assessable, never zero.

Source: Decision 1300/QD-BYT of 9 March 2023 and, for earlier years, Decision 4667/QD-BYT of 7 November 2014;
the sets themselves are in ``metrics/criteria/*.yaml``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from metrics.criteria_sets import CriteriaSet, criteria_sets, set_in_force

KEY: Final = ["geography", "commune", "year"]
MILLIONTHS: Final = 1_000_000
TOTAL: Final = "total"
DISQUALIFIED: Final = "disqualified"
TEXT: Final = pd.StringDtype(na_value=float("nan"))
ZONES: Final = (1, 2, 3)

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class _Sheets:
    """One score sheet per row: the long table turned, criteria across.

    ``points`` also in whole ``millionths``, zero where missing (the sheet's reason then says so).
    """

    keys: pd.DataFrame
    points: Floats
    millionths: Ints
    missing: Bools
    present: Bools
    disqualified: Bools
    foreign: Bools
    zone: Ints


@dataclass(frozen=True)
class _Limits:
    """The set's limits in millionths of a point, one row per zone; -1 where the most points are unknown."""

    maximum: Ints
    floor: Ints
    total: Ints
    total_needed: Ints
    known: bool


@dataclass(frozen=True)
class _Shortfalls:
    """What each sheet has and lacks, in millionths of a point."""

    sum: Ints
    maximum: Ints
    floor: Bools
    total: Bools
    points: Ints


def evaluate(
    *, scores: pd.DataFrame, criteria_set: CriteriaSet, zones: pd.Series[int] | None = None
) -> pd.DataFrame:
    """Judge every score sheet (geography, commune, year) under one criteria set.

    A commune passes when total >= total share x maximum, every criterion >= floor share x its maximum, and
    no row of the sheet is disqualified. ``points_missing`` is the least number of points that would make it
    pass: max(sum of shortfalls below the floors, shortfall of the total); missing when disqualified.

    ``scores`` follows the contract ``criteria_scores``; ``zones`` (1 to 3, indexed by geography and commune)
    is needed only where the set's maxima depend on the zone. The set is applied to every year given, so two
    sets can be compared on the same year; :func:`evaluate_by_year` takes the set in force.

    Returns one row per sheet, sorted by its key: criteria_set; total, maximum, share (0 to 1); passes,
    failed_total (missing when not assessable); assessable and, where not, ``reason`` (``no_maximum``,
    ``zone_unknown``, ``unknown_criterion``, ``missing_criterion``, ``missing_points``, ``out_of_range``);
    failed_floor (numbers below their floor) and floors_failed (how many); disqualified; points_missing;
    blocking (every part of the rule that failed: criterion numbers as text, ``total``, ``disqualified``);
    completeness (criteria with points / criteria); valid_until (the pass's 31 December plus the validity).

    Missing: a missing criterion or a criterion without points makes the sheet not assessable.
    Raises ``ValueError`` where one sheet holds a criterion twice.

    >>> sheet = pd.DataFrame({"geography": "legacy", "commune": "31117", "year": 2024,
    ...     "criterion": range(1, 11), "points": [14, 10, 12, 9, 19, 12, 6, 11, 1.0, 4],
    ...     "disqualified": False, "reason": None})
    >>> row = evaluate(scores=sheet, criteria_set=criteria_sets()["decision_1300_2023"]).iloc[0]
    >>> print(row.total, row.passes, row.failed_floor, row.points_missing)
    98.0 False (9,) 0.5
    """
    sheets = _sheets(scores, criteria_set, zones)
    limits = _limits(criteria_set)
    reason = _reason(sheets, limits)
    assessable = reason.isna()
    short = _shortfalls(sheets, limits)
    fits = assessable & ~sheets.disqualified
    passes = fits & (short.points == 0)
    floors = short.floor & assessable.to_numpy()[:, None]
    parts = np.column_stack([floors, short.total & assessable, sheets.disqualified & assessable])
    year = sheets.keys["year"]
    return sheets.keys.assign(
        criteria_set=pd.Series(criteria_set.id, index=year.index, dtype=TEXT),
        total=_points(short.sum).where(assessable),
        maximum=_points(short.maximum).where(limits.total[sheets.zone] > 0),
        share=lambda frame: frame["total"] / frame["maximum"],
        passes=passes.astype("boolean").where(assessable),
        assessable=assessable,
        reason=reason,
        failed_total=pd.Series(short.total, dtype="boolean").where(assessable),
        failed_floor=_labels(floors, list(criteria_set.numbers)),
        floors_failed=pd.Series(floors.sum(axis=1), dtype="Int64").where(assessable),
        disqualified=sheets.disqualified,
        points_missing=_points(short.points).where(fits),
        blocking=_labels(parts, [*map(str, criteria_set.numbers), TOTAL, DISQUALIFIED]),
        completeness=(~sheets.missing).mean(axis=1),
        valid_until=_year_end(year + criteria_set.pass_rule.validity_years).where(passes),
    )


def evaluate_by_year(
    *,
    scores: pd.DataFrame,
    zones: pd.Series[int] | None = None,
    sets: Mapping[str, CriteriaSet] | None = None,
) -> pd.DataFrame:
    """Judge every score sheet under the set in force on 31 December of its year.

    The same columns as :func:`evaluate`. A year with no set in force gives rows that are not assessable
    with the reason ``no_set``. ``sets`` replaces the registered ones (for instance with a province's maxima).

    >>> evaluate_by_year(scores=pd.DataFrame({"geography": ["legacy"], "commune": ["31117"], "year": [2005],
    ...     "criterion": [1], "points": [9.0], "disqualified": [False], "reason": [None]})).reason.item()
    'no_set'
    """
    known = criteria_sets() if sets is None else sets
    chosen = {int(year): set_in_force(int(year), sets=known) for year in scores["year"].unique()}
    found = {one.id: one for one in chosen.values() if one is not None}
    of_year = scores["year"].map({year: one.id if one else "" for year, one in chosen.items()})
    frames = [
        evaluate(scores=scores[of_year == name], criteria_set=one, zones=zones) for name, one in found.items()
    ]
    ungoverned = scores[of_year == ""]
    if len(ungoverned) or not frames:
        frames.append(_no_set(ungoverned))
    return pd.concat(frames).sort_values(KEY, ignore_index=True)


def criterion_shares(
    *, scores: pd.DataFrame, criteria_set: CriteriaSet, zones: pd.Series[int] | None = None
) -> pd.DataFrame:
    """Return points / maximum of every criterion (0 to 1): sheets down, criterion numbers across.

    The index is geography, commune, year. Missing where the points or the maximum are missing.
    Raises ``ValueError`` where one sheet holds a criterion twice.

    >>> one = pd.DataFrame({"geography": ["legacy"], "commune": ["31117"], "year": [2024],
    ...     "criterion": [2], "points": [8.0], "disqualified": [False], "reason": [None]})
    >>> shares = criterion_shares(scores=one, criteria_set=criteria_sets()["decision_1300_2023"])
    >>> shares[2].item(), bool(shares[1].isna().item())
    (0.8, True)
    """
    sheets = _sheets(scores, criteria_set, zones)
    most = _limits(criteria_set).maximum[sheets.zone] / MILLIONTHS
    shares = sheets.points / np.where(most > 0, most, np.nan)
    index = pd.MultiIndex.from_frame(sheets.keys)
    return pd.DataFrame(shares, index=index, columns=pd.Index(criteria_set.numbers, name="criterion"))


def _sheets(scores: pd.DataFrame, criteria_set: CriteriaSet, zones: pd.Series[int] | None) -> _Sheets:
    """Turn the long table: one row per sheet, one column per criterion of the set."""
    keys, sheet = _keys(scores)
    column = _places(criteria_set.numbers)(scores["criterion"].to_numpy(dtype=np.int64))
    shape = (len(keys), len(criteria_set.numbers))
    foreign = column < 0
    cell = sheet * shape[1] + column
    given = scores["points"].to_numpy(dtype=np.float64)
    outsiders = np.bincount(sheet[foreign], minlength=len(keys)) > 0
    if outsiders.any():
        cell, given = cell[~foreign], given[~foreign]
    points = np.full(shape[0] * shape[1], np.nan)
    points[cell] = given
    present = np.zeros(len(points), dtype=bool)
    present[cell] = True
    if np.count_nonzero(present) < len(cell):
        raise ValueError("a score sheet holds one criterion twice")
    missing = np.isnan(points)
    struck = scores["disqualified"].to_numpy(dtype=bool)
    return _Sheets(
        keys=keys,
        points=points.reshape(shape),
        millionths=np.rint(np.where(missing, 0.0, points) * MILLIONTHS).astype(np.int64).reshape(shape),
        missing=missing.reshape(shape),
        present=present.reshape(shape),
        disqualified=np.bincount(sheet[struck], minlength=len(keys)) > 0,
        foreign=outsiders,
        zone=_zones(keys, criteria_set, zones),
    )


def _keys(scores: pd.DataFrame) -> tuple[pd.DataFrame, Ints]:
    """Return the key of every sheet, in order, and each row's place among them.

    Rows of a sheet mostly stand together, so only the first of each run of equal keys is looked up.
    """
    columns = [pd.Index(scores[name]) for name in KEY]
    first = np.ones(len(scores), dtype=bool)
    for column in columns:
        first[1:] &= np.asarray(column[1:] == column[:-1], dtype=bool)
    first[1:] = ~first[1:]
    runs = np.flatnonzero(first)
    (geography, geographies), (commune, communes), (year, years) = (
        pd.factorize(column[runs], sort=True) for column in columns
    )
    code = (geography * len(communes) + commune) * len(years) + year
    found, sheet = _dense(code, len(geographies) * len(communes) * len(years))
    keys = pd.DataFrame(
        {
            "geography": pd.Series(geographies[found // (len(years) * len(communes))], dtype=TEXT),
            "commune": pd.Series(communes[found // len(years) % len(communes)], dtype=TEXT),
            "year": pd.Series(years[found % len(years)], dtype="Int64"),
        }
    )
    return keys, sheet[np.cumsum(first) - 1]


def _places(numbers: tuple[int, ...]) -> Callable[[Ints], Ints]:
    """Return a function from criterion numbers to their place in the set, -1 for one it does not hold."""
    table = np.full(max(numbers) + 2, -1)  # the last, and the first, stand for all beyond
    table[list(numbers)] = np.arange(len(numbers))
    return lambda criterion: table[np.clip(criterion, 0, len(table) - 1)]


def _dense(code: Ints, size: int) -> tuple[Ints, Ints]:
    """Return the codes that occur, in order, and each row's place among them (a sort would cost more)."""
    occurs = np.zeros(size, dtype=bool)
    occurs[code] = True
    place = np.cumsum(occurs) - 1
    return np.flatnonzero(occurs), place[code]


def _zones(keys: pd.DataFrame, criteria_set: CriteriaSet, zones: pd.Series[int] | None) -> Ints:
    """Return each sheet's row in the limits: 0 where the zone does not matter, 3 where it is not known."""
    if not criteria_set.by_zone:
        return np.zeros(len(keys), dtype=np.int64)
    if zones is None:
        return np.full(len(keys), len(ZONES), dtype=np.int64)
    places = pd.MultiIndex.from_frame(keys[["geography", "commune"]])
    known = zones.reindex(places).to_numpy(dtype=np.float64, na_value=np.nan)
    row = np.where(np.isin(known, ZONES), known - 1, len(ZONES))
    return row.astype(np.int64)


def _limits(criteria_set: CriteriaSet) -> _Limits:
    """Put the set's limits in millionths, one row per zone and a last one for a zone not known."""
    rule = criteria_set.pass_rule
    maxima = [[one.maximum_in(zone) for one in criteria_set.criteria] for zone in ZONES]
    known = all(value is not None for row in maxima for value in row)
    rows: list[list[Decimal | None]] = [*maxima, [None] * len(criteria_set.numbers)]
    maximum = np.array([[_up(value) for value in row] for row in rows])
    floor = np.array([[_up(value, rule.floor_share) for value in row] for row in rows])
    sums = [sum((value for value in row if value is not None), Decimal(0)) for row in rows]
    complete = [None if None in row else total for row, total in zip(rows, sums, strict=True)]
    return _Limits(
        maximum=maximum,
        floor=floor,
        total=np.array([_up(value) for value in complete]),
        total_needed=np.array([_up(value, rule.total_share) for value in complete]),
        known=known,
    )


def _up(points: Decimal | None, share: Decimal = Decimal(1)) -> int:
    """Return the least whole millionths that reach the share of these points; -1 when not known."""
    return -1 if points is None else -int(-(points * share * MILLIONTHS) // 1)


def _shortfalls(sheets: _Sheets, limits: _Limits) -> _Shortfalls:
    """Compare every sheet with its limits. Points lifted to the floors count towards the total as well."""
    total = sheets.millionths.sum(axis=1)
    below_floor = np.maximum(limits.floor[sheets.zone] - sheets.millionths, 0)
    below_total = np.maximum(limits.total_needed[sheets.zone] - total, 0)
    return _Shortfalls(
        sum=total,
        maximum=limits.total[sheets.zone],
        floor=below_floor > 0,
        total=below_total > 0,
        points=np.maximum(below_floor.sum(axis=1), below_total),
    )


def _points(millionths: Ints) -> pd.Series[float]:
    return pd.Series(millionths / MILLIONTHS)


def _reason(sheets: _Sheets, limits: _Limits) -> pd.Series[str]:
    """Say why each sheet cannot be judged; missing where it can. The first cause in this order is given."""
    outside = (sheets.millionths < 0) | (sheets.millionths > limits.maximum[sheets.zone])
    causes = {
        "no_maximum": np.full(len(sheets.keys), not limits.known),
        "zone_unknown": sheets.zone == len(ZONES),
        "unknown_criterion": sheets.foreign,
        "missing_criterion": ~sheets.present.all(axis=1),
        "missing_points": sheets.missing.any(axis=1),
        "out_of_range": outside.any(axis=1),
    }
    names = pd.array([*causes, None], dtype=TEXT)
    first = np.select(list(causes.values()), list(range(len(causes))), len(causes))
    return pd.Series(names.take(first))


def _labels(flags: Bools, names: Iterable[int] | Iterable[str]) -> pd.Series[Any]:
    """Return for each row the tuple of names whose flag is set (few combinations, so each is made once)."""
    known = list(names)
    bits = np.zeros(len(flags), dtype=np.int64)
    for at in range(len(known)):
        bits |= flags[:, at].astype(np.int64) << at
    which, combinations = pd.factorize(bits)
    made = np.empty(len(combinations), dtype=object)
    for place, bit in enumerate(combinations):
        made[place] = tuple(name for at, name in enumerate(known) if bit >> at & 1)
    return pd.Series(made[which], dtype=object)


def _year_end(year: pd.Series[int]) -> pd.Series[pd.Timestamp]:
    """Return each year's 31 December."""
    days = (year.to_numpy(dtype=np.int64) - 1969).astype("datetime64[Y]").astype("datetime64[D]") - 1
    return pd.Series(days.astype("datetime64[us]"), index=year.index)


def _no_set(scores: pd.DataFrame) -> pd.DataFrame:
    """Give the rows of years that no set governs the shape of an evaluation."""
    some = next(iter(criteria_sets().values()))
    bare = tuple(criterion.model_copy(update={"maximum": None}) for criterion in some.criteria)
    frame = evaluate(scores=scores, criteria_set=some.model_copy(update={"criteria": bare}))
    frame["criteria_set"] = pd.Series(np.nan, index=frame.index, dtype=TEXT)
    frame["reason"] = pd.Series("no_set", index=frame.index, dtype=TEXT)
    return frame
