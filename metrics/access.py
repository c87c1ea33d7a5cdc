"""How many doctors people can reach, not only how many their own commune has.

Floating catchments, by PySAL's ``access``: each station's doctors are shared among the people near enough
to come, and each commune adds up the shares of the stations its people can reach. Distances are straight
lines lengthened by a detour factor, unless the province gives a table of travel times: say which beside
every result.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd
from access.fca import two_stage_fca
from access.weights import step_fn
from scipy.spatial import cKDTree

EARTH_RADIUS_KM: Final = 6371.0088
# Roads are longer than straight lines; studies find about 1.2 to 1.4. Our assumption, to be replaced by travel times.
DETOUR: Final = 1.3
# Willingness to travel falls with distance: the weights of Luo & Qi 2009, on distances of our choosing (km).
STEPS_KM: Final[Mapping[float, float]] = MappingProxyType({5: 1.0, 10: 0.68, 20: 0.22})


def travel(
    *, origins: pd.DataFrame, destinations: pd.DataFrame, limit: float, detour: float = DETOUR
) -> pd.DataFrame:
    """Return every pair within ``limit`` km: ``origin``, ``destination``, ``cost`` = great circle x detour, km.

    Both frames are indexed by id and have ``latitude`` and ``longitude`` in degrees; a place without either
    is in no pair. A limit that is not positive, or a detour below 1, raises ``ValueError``.

    >>> places = pd.DataFrame({"latitude": [10.0, 10.1], "longitude": [105.7, 105.7]}, index=["a", "b"])
    >>> travel(origins=places, destinations=places, limit=20, detour=1).cost.round(2).tolist()
    [0.0, 11.12, 11.12, 0.0]
    """
    if limit <= 0 or detour < 1:
        raise ValueError("the limit must be positive and the detour factor at least 1")
    origins, destinations = (
        frame.dropna(subset=["latitude", "longitude"]) for frame in (origins, destinations)
    )
    chord = 2 * np.sin(min(limit / detour / EARTH_RADIUS_KM, np.pi) / 2)
    pairs = cKDTree(_on_sphere(origins)).sparse_distance_matrix(
        cKDTree(_on_sphere(destinations)), chord * (1 + 1e-12), output_type="ndarray"
    )
    cost = 2 * EARTH_RADIUS_KM * np.arcsin(np.clip(pairs["v"] / 2, 0, 1)) * detour
    found = pd.DataFrame(
        {"origin": origins.index[pairs["i"]], "destination": destinations.index[pairs["j"]], "cost": cost}
    )
    return found.sort_values(["origin", "destination"], ignore_index=True)


def _on_sphere(places: pd.DataFrame) -> npt.NDArray[np.float64]:
    """Return places as points on the unit sphere, where straight distances order like great circles."""
    latitude, longitude = np.radians(places.latitude.to_numpy()), np.radians(places.longitude.to_numpy())
    flat = np.cos(latitude)
    return np.column_stack([flat * np.cos(longitude), flat * np.sin(longitude), np.sin(latitude)])


def reachable(
    *,
    population: pd.Series,
    supply: pd.Series,
    travel: pd.DataFrame,
    steps: Mapping[float, float] = STEPS_KM,
    per: float = 10_000,
) -> pd.DataFrame:
    """Return the enhanced two-step floating catchment access of each place, indexed like ``population``.

    ``access`` = per x sum over stations j in reach of w(d) S_j / (sum over places k near j of w(d) P_k), in
    doctors per 10,000 reachable people; w is the weight of the first step whose limit the cost does not
    exceed, 0 beyond all. One step of weight 1 is the plain two-step form. ``travel`` has origin (place),
    destination (station) and cost in the unit of the steps (km, or minutes of a given table). ``nearest``
    is the cost to the nearest station with any supply (missing beyond the table).

    A place from which no doctor can be reached has access 0. One from which a station with doctors can be reached
    in whose catchment nobody lives, or nobody's number is known, has none: doctors per nobody are not
    applicable, and missing. ``incomplete`` marks places within reach of a
    station whose supply is missing, or whose catchment holds a place without a population: their access is
    uncertain. Weights outside 0 to 1 raise ``ValueError``. Source: Luo & Wang 2003; Luo & Qi 2009.

    >>> pairs = pd.DataFrame({"origin": ["a", "b"], "destination": ["A", "A"], "cost": [1.0, 4.0]})
    >>> reachable(population=pd.Series({"a": 6000, "b": 4000, "c": 5000}), supply=pd.Series({"A": 2}),
    ...           travel=pairs).access.tolist()
    [2.0, 2.0, 0.0]
    """
    if not steps or not all(0 <= weight <= 1 for weight in steps.values()):
        raise ValueError("steps need weights from 0 to 1")
    near = travel[(travel.cost <= max(steps)) & travel.origin.isin(population.index)]
    near = near[near.destination.isin(supply.index)]
    frame = pd.DataFrame(index=population.index)
    frame["access"] = _shared(near, population, supply, dict(steps), per)
    frame.loc[frame.index.isin(_to_nobody(near, population, supply, steps)), "access"] = np.nan
    staffed = supply.index[supply.fillna(0) > 0]
    frame["nearest"] = near[near.destination.isin(staffed)].groupby("origin").cost.min()
    uncounted = near.destination[near.origin.isin(population.index[population.isna()])]
    unknown = near.destination.isin(supply.index[supply.isna()]) | near.destination.isin(uncounted)
    frame["incomplete"] = frame.index.isin(near.origin[unknown])
    return frame


def _to_nobody(
    near: pd.DataFrame, population: pd.Series, supply: pd.Series, steps: Mapping[float, float]
) -> pd.Series:
    """Return the places in reach of a station with doctors that has no known people in reach of it."""
    limits = sorted(steps)
    weight = np.array([steps[limit] for limit in limits])[np.searchsorted(limits, near.cost)]
    pairs = near[weight > 0].assign(
        people=lambda pairs: pairs.origin.map(population.astype("float64")).fillna(0)
    )
    crowd = pairs.groupby("destination").people.sum()
    empty = crowd.index[crowd.eq(0) & (supply.reindex(crowd.index).astype("float64").fillna(0) > 0)]
    return pairs.origin[pairs.destination.isin(empty)]


def _shared(
    near: pd.DataFrame, population: pd.Series, supply: pd.Series, steps: dict[float, float], per: float
) -> pd.Series:
    """Return the two-step ratio of each place, 0 where nothing is in reach."""
    people = population.astype("float64").fillna(0).rename("demand").rename_axis("geoid").reset_index()
    staff = supply.astype("float64").fillna(0).rename("supply").rename_axis("geoid").to_frame()
    ratio: pd.Series[float] = two_stage_fca(
        people,
        staff,
        near.rename(columns={"destination": "dest"}),
        max_cost=max(steps),
        weight_fn=step_fn(steps),
    )
    return ratio.reindex(population.index).fillna(0) * per


def fine_but_poor(
    *, ratio: pd.Series, access: pd.Series, population: pd.Series, worst_share: float = 0.2
) -> pd.Series:
    """Return whether a commune's own ratio looks fine while what its people can reach is poor.

    Fine: doctors per person at or above all the communes together (sum / sum). Poor: among the communes of
    worst access that together hold ``worst_share`` of the people. Missing where any of the three is.

    >>> fine_but_poor(ratio=pd.Series([2.0, 1.0, 3.0]), access=pd.Series([0.5, 1.5, 2.5]),
    ...               population=pd.Series([1000, 8000, 1000])).tolist()
    [True, False, False]
    """
    frame = pd.DataFrame({"ratio": ratio, "access": access, "people": population}).astype("float64")
    known = frame.dropna()
    if known.empty:
        return pd.Series(pd.NA, index=frame.index, dtype="boolean")
    together = (known.ratio * known.people).sum() / known.people.sum()
    ordered = known.sort_values("access", kind="stable")
    poor = (ordered.people.cumsum() <= worst_share * known.people.sum()).reindex(known.index)
    return (poor & (known.ratio >= together)).reindex(frame.index).astype("boolean")
