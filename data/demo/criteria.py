"""Scores on the ten national criteria, driven by staff and facilities, with faults and contradictions.

Only the years since Decision 1300/QD-BYT (2023) are scored: the points of the form used before are not known.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd

from data.demo.facilities import DIGITAL, EQUIPMENT, PREMISES, Facilities
from data.demo.ground import YEARS, Bools, Floats, cube, ground
from data.demo.staffing import Staffing

SCORED_YEARS: Final = (2023, 2024, 2025)
MAXIMA: Final = (14.0, 10.0, 12.0, 9.0, 19.0, 12.0, 6.0, 11.0, 3.0, 4.0)
STEP: Final = 0.25
USUAL_SHARE: Final = (0.895, 0.80, 0.825, 0.815, 0.845, 0.825, 0.855, 0.865, 0.87, 0.82)
YEARLY_GAIN: Final = 0.007
DISQUALIFIED: Final = 0.012
NOT_SCORED: Final = 0.012
CONTRADICTIONS: Final = 5
"""Contradictions planted of each kind, in the last scored year."""
CONTRADICTORY_SHARE: Final = 0.95


@dataclass(frozen=True)
class Contradiction:
    """A score near the maximum that another table of the same year speaks against."""

    commune: str
    year: int
    criterion: int


@dataclass(frozen=True)
class Criteria:
    """The table ``criteria_scores`` and what it holds; ``contradictions`` were planted."""

    table: pd.DataFrame
    contradictions: tuple[Contradiction, ...]
    passing: dict[int, int]
    assessable: dict[int, int]


def criteria(rng: np.random.Generator, *, quality: Floats, staff: Staffing, premises: Facilities) -> Criteria:
    """Return the score sheets of every old commune, ten rows a sheet."""
    share = _shares(rng, quality, staff, premises)
    contradictions = _contradict(rng, share, staff, premises)
    points = np.floor(share * np.array(MAXIMA) / STEP + 0.5) * STEP
    spared = ground().index.isin([one.commune for one in contradictions])
    sheets = rng.random(points.shape[:2])
    row = np.arange(len(MAXIMA)) == rng.integers(len(MAXIMA), size=points.shape[:2])[:, :, None]
    points[row & ((sheets < NOT_SCORED) & ~spared[:, None])[:, :, None]] = np.nan
    struck = row & (sheets > 1 - DISQUALIFIED)[:, :, None]
    table = cube(
        {"geography": ["legacy"], "commune": ground().index, "year": SCORED_YEARS, "criterion": _numbers()},
        {"points": points, "disqualified": struck},
    )
    said = "Điểm liệt ở tiêu chí " + table["criterion"].astype("str") + " (minh họa)"
    table["reason"] = said.astype("str").where(table["disqualified"])
    known = ~np.isnan(points).any(axis=2)
    passed = known & _passes(points) & ~struck.any(axis=2)
    return Criteria(table, contradictions, _by_year(passed), _by_year(known))


def _numbers() -> list[int]:
    return list(range(1, len(MAXIMA) + 1))


def _shares(rng: np.random.Generator, quality: Floats, staff: Staffing, premises: Facilities) -> Floats:
    """Return each criterion's share of its maximum: communes x years x criteria."""
    at = [YEARS.index(year) for year in SCORED_YEARS]
    shape = (len(quality), len(SCORED_YEARS), len(MAXIMA))
    share = np.array(USUAL_SHARE) + YEARLY_GAIN * np.arange(len(SCORED_YEARS))[None, :, None]
    share = share + 0.04 * quality[:, None, None]
    share = share + rng.normal(scale=0.05, size=(shape[0], 1, shape[2])) + rng.normal(scale=0.025, size=shape)
    short = np.minimum(staff.adequacy[:, at] - 0.85, 0.25)
    share[:, :, 1] += 0.35 * short + np.where(staff.doctors[:, at] > 0, 0.03, -0.08)
    for column, items, weight in ((2, PREMISES, 0.30), (3, EQUIPMENT, 0.25), (9, DIGITAL, 0.25)):
        has = np.mean([premises.has[item][:, at] for item in items], axis=0)
        share[:, :, column] += weight * (has - has.mean())
    weak = rng.random((shape[0], 1, shape[2])) < 0.009  # a commune with one lasting weak spot
    share -= np.where(weak, 0.35 - 0.06 * np.arange(len(SCORED_YEARS))[None, :, None], 0)
    result: Floats = np.clip(share, 0.2, 1.0)
    return result


def _contradict(
    rng: np.random.Generator, share: Floats, staff: Staffing, premises: Facilities
) -> tuple[Contradiction, ...]:
    """Raise a few scores of the last year against what staffing, premises and equipment say (in place)."""
    year, last = SCORED_YEARS[-1], YEARS.index(SCORED_YEARS[-1])
    lacks: dict[int, Bools] = {
        2: (staff.doctors[:, last] == 0) & ~staff.unreported[:, last],
        3: np.mean([premises.has[item][:, last] for item in PREMISES], axis=0) <= 0.5,
        4: np.mean([premises.has[item][:, last] for item in EQUIPMENT], axis=0) <= 0.4,
    }
    codes, planted = ground().index, []
    for criterion, lacking in lacks.items():
        for at in sorted(rng.choice(np.flatnonzero(lacking), size=CONTRADICTIONS, replace=False)):
            share[at, -1, criterion - 1] = max(share[at, -1, criterion - 1], CONTRADICTORY_SHARE)
            planted.append(Contradiction(str(codes[at]), year, criterion))
    return tuple(planted)


def _passes(points: Floats) -> Bools:
    """Say which sheets reach 80 percent in total and half of every criterion (missing points do not)."""
    most = np.array(MAXIMA)
    result: Bools = (points.sum(axis=2) >= 0.8 * most.sum()) & (points >= 0.5 * most).all(axis=2)
    return result


def _by_year(sheets: Bools) -> dict[int, int]:
    return {year: int(sheets[:, at].sum()) for at, year in enumerate(SCORED_YEARS)}
