"""The illustrative data set: generated figures for 617 old communes of six provinces, marked so everywhere.

No staffing, activity, insurance or score of a single commune is public, so these are drawn from a seeded
generator on real ground (units, the 2019 census, the reform's crosswalk). What is calibrated to which
published figure, and what is assumed, is written in ``data/reference/illustrative.meta.yml``. What was
planted is told by :func:`truths`.

Each table draws from its own stream of the seed, so that a change to one leaves the others as they were.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import numpy as np
import pandas as pd
import yaml

from data import reference_tables
from data.demo.activity import (
    EFFECT_FROM,
    PILOT_EFFECTS,
    PRE_TREND_ACTIVITY,
    PRE_TREND_PER_MONTH,
    PRE_TREND_STATION,
    monthly,
)
from data.demo.areas import insurance, village_workers
from data.demo.criteria import Criteria, criteria
from data.demo.facilities import facilities
from data.demo.ground import YEARS, Bools, smooth, standard, station_ids
from data.demo.staffing import Staffing, staffing
from data.demo.stations import stations
from data.demo.truths import PreTrend, Truths
from data.demo.yearly import yearly
from data.store import Provenance, Snapshot, Store
from data.units import REFERENCE, crosswalk, units

__all__ = ["PILOT_EFFECTS", "SEED", "Truths", "build_snapshot", "generate", "monthly_activity", "truths"]

SEED: Final = 20250701
NAME: Final = "illustrative"
MESSAGE: Final = "Bộ dữ liệu minh họa · Illustrative data set"
# A stream's place in this list is its key: add at the end.
STREAMS: Final = (
    "quality",
    "staffing",
    "facilities",
    "criteria",
    "activity_monthly",
    "activity",
    "insurance",
    "village_workers",
)


@dataclass(frozen=True)
class _Made:
    tables: dict[str, pd.DataFrame]
    truths: Truths


def generate(seed: int = SEED) -> dict[str, pd.DataFrame]:
    """Return the generated tables by name, and with them the pilots, which are published."""
    return {name: frame.copy() for name, frame in _made(seed).tables.items()}


def truths(seed: int = SEED) -> Truths:
    """Return what was planted in the tables of this seed."""
    return _made(seed).truths


def monthly_activity(seed: int, *, effects: Mapping[str, float] = PILOT_EFFECTS) -> pd.DataFrame:
    """Return ``activity_monthly`` alone with these planted effects, none at all when empty.

    For asking many simulated data sets whether a method finds what is there, and nothing where nothing is.
    """
    staff = staffing(_stream(seed, "staffing"), pilots=_pilots())
    return monthly(_stream(seed, "activity_monthly"), staff=staff, pilots=_pilots(), effects=effects).table()


def build_snapshot(store: Store) -> Snapshot:
    """Write the first snapshot: real units and census, published figures, and the generated tables."""
    old, new = reference_tables.provenance("units_legacy"), reference_tables.provenance("units_current")
    titles = {lang: "; ".join(part.said("title", lang) for part in (old, new)) for lang in ("vi", "en")}
    both = old.model_copy(
        update={"title": titles["en"], "vi": {**old.vi, "title": titles["vi"]}, "note": None}
    )
    tables = {
        "units": (units(), both),
        "crosswalk": (crosswalk(), reference_tables.provenance("crosswalk_2025")),
        **reference_tables.published(),
        "pilots": reference_tables.pilots(),
    }
    generated = {name: (frame, _provenance(name)) for name, frame in generate().items() if name not in tables}
    return store.write(tables | generated, message=MESSAGE)


def _stream(seed: int, name: str) -> np.random.Generator:
    child = np.random.SeedSequence(seed, spawn_key=(STREAMS.index(name),))
    return np.random.Generator(np.random.PCG64(child))


def _pilots() -> Bools:
    opened, _ = reference_tables.pilots()
    return np.isin(station_ids(), opened["station"].to_list())


@lru_cache(maxsize=2)
def _made(seed: int) -> _Made:
    pilots = _pilots()
    chance = _stream(seed, "quality")
    field = smooth(chance, length_km=14)
    quality = standard(field + chance.normal(size=len(field)))
    staff = staffing(_stream(seed, "staffing"), pilots=pilots)
    premises = facilities(_stream(seed, "facilities"), quality=quality, pilots=pilots)
    scores = criteria(_stream(seed, "criteria"), quality=quality, staff=staff, premises=premises)
    months = monthly(_stream(seed, "activity_monthly"), staff=staff, pilots=pilots)
    tables = {
        "stations": stations(),
        "staffing": staff.table,
        "activity": yearly(_stream(seed, "activity"), months=months, unreported=staff.unreported),
        "activity_monthly": months.table(),
        "insurance": insurance(_stream(seed, "insurance")),
        "village_workers": village_workers(_stream(seed, "village_workers")),
        "criteria_scores": scores.table,
        "facilities": premises.table,
        "pilots": reference_tables.pilots()[0],
    }
    return _Made(tables, _planted(staff, scores, pilots))


def _planted(staff: Staffing, scores: Criteria, pilots: Bools) -> Truths:
    ids = station_ids()
    rise = PreTrend(station=PRE_TREND_STATION, activity=PRE_TREND_ACTIVITY, per_month=PRE_TREND_PER_MONTH)
    return Truths(
        worst_shortage=staff.worst,
        pilots=tuple(ids[at] for at in np.flatnonzero(pilots)),
        pilot_effects=PILOT_EFFECTS,
        effect_from=EFFECT_FROM,
        pre_trends=(rise,),
        passing=scores.passing,
        assessable=scores.assessable,
        contradictions=scores.contradictions,
        unreported=frozenset((ids[at], YEARS[year]) for at, year in np.argwhere(staff.unreported)),
    )


def _provenance(table: str) -> Provenance:
    """Return a generated table's provenance: the set's, with the table's own title and note."""
    meta = yaml.safe_load((REFERENCE / f"{NAME}.meta.yml").read_text(encoding="utf-8"))
    return reference_tables.provenance(NAME).model_copy(update=meta["tables"][table])
