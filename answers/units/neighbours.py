"""Who a unit is compared with: the nearest, and the most alike."""

from __future__ import annotations

from typing import Final

import numpy as np
import pandas as pd

from answers import format as fmt
from answers.results import Results, home
from answers.scope import Scope
from answers.summary import figure, of_year
from answers.units.profile import SHOWN
from geo.units import at_level, parent_of
from metrics.registry import indicators

_KM: Final = 111.195


def _peers(results: Results, scope: Scope) -> pd.DataFrame:
    """Return the units of the same level in the atlas's provinces, with what they are compared by."""
    level = at_level(scope.geography, scope.level)
    province = parent_of(scope.geography, scope.level, "province").reindex(level.index)
    level = level[province.isin(results.options.provinces[scope.geography])]
    zone = results.frame("stations")[["legacy_commune", "zone"]]
    where = home("legacy", scope.geography, scope.level)
    zones = zone["zone"].astype("float64").groupby(zone["legacy_commune"].map(where)).mean()
    population = of_year(results.indicator("population", scope.geography, scope.level), scope.year)["value"]
    urban = of_year(results.indicator("urban_share", scope.geography, scope.level), scope.year)["value"]
    return level.assign(
        population=population.reindex(level.index),
        urban=urban.reindex(level.index),
        zone=zones.reindex(level.index),
    )


def nearest(results: Results, scope: Scope, count: int = SHOWN) -> pd.DataFrame:
    """Return the units whose points are nearest in a straight line, with ``distance`` in kilometres."""
    frame = _peers(results, scope)
    here = frame.loc[str(scope.unit)]
    north = (frame["latitude"] - here["latitude"]) * _KM
    east = (frame["longitude"] - here["longitude"]) * _KM * np.cos(np.radians(here["latitude"]))
    others = frame.assign(distance=np.hypot(north, east)).drop(index=scope.unit)
    return others.dropna(subset="distance").sort_values(["distance", "name"]).head(count)


def similar(results: Results, scope: Scope, count: int = SHOWN) -> pd.DataFrame:
    """Return the units most alike in people, urban share and zone; ``distance`` in standard deviations.

    The root of the mean squared difference over the three, each divided by its standard deviation among all
    units of the level; people by logarithm, because 2,000 more matters less to a large commune. 0 is the same.
    """
    frame = _peers(results, scope)
    features = pd.DataFrame(
        {"people": np.log(frame["population"]), "urban": frame["urban"], "zone": frame["zone"]}
    ).astype("float64")
    spread = features.std()
    scaled = (features / spread.where(spread > 0)).dropna(axis="columns", how="all")
    away = np.sqrt(((scaled - scaled.loc[str(scope.unit)]) ** 2).mean(axis=1, skipna=False))
    others = frame.assign(distance=away).drop(index=scope.unit)
    return others.dropna(subset="distance").sort_values(["distance", "name"]).head(count)


def compared(results: Results, scope: Scope, codes: list[str]) -> pd.DataFrame:
    """Return people, staff, gap and doctors per 10,000 of units side by side, as text."""
    staff = of_year(results.staffing(scope.geography, scope.level), scope.year).reindex(codes)
    doctors = of_year(results.indicator("doctors_per_10000", scope.geography, scope.level), scope.year)
    people = of_year(results.indicator("population", scope.geography, scope.level), scope.year)["value"]
    gap = zip(staff["gap_high"], staff["gap_low"], strict=True)
    return pd.DataFrame(
        {
            "population": [fmt.number(v) for v in people.reindex(codes)],
            "staff": [fmt.number(v) for v in staff["existing"]],
            "gap": [fmt.span(low, high, sign=True) for low, high in gap],
            "doctors": [
                figure(None if pd.isna(v) else v, indicators()["doctors_per_10000"])
                for v in doctors["value"].reindex(codes)
            ],
        },
        index=codes,
    )
