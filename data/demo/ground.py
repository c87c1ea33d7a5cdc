"""The real ground the illustrative figures stand on: 617 communes, their people, the way to a hospital."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from data.reference_tables import population_2019
from data.units import crosswalk, units

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]

CAN_THO: Final = "92"
TRA_VINH: Final = "84"
OLD_PROVINCES: Final = (CAN_THO, "93", "94", "86", "83", TRA_VINH)
YEARS: Final = tuple(range(2020, 2026))
PREFIX: Final = "TYT-"

KM_PER_DEGREE: Final = 111.195
TOWN_TYPES: Final = ("Phường", "Thị trấn")
# Districts on the sea or on islands: the distance rule for remote and island places is applied to them.
REMOTE_DISTRICTS: Final = ("835", "837", "850", "851", "945", "950", "951")
ZONE_1_BELOW_KM: Final = 3
ZONE_3_FROM_KM: Final = 15
ZONE_3_FROM_KM_REMOTE: Final = 5


@cache
def ground() -> pd.DataFrame:
    """Return one row per old commune of the six provinces, indexed by code, in code order.

    Columns: name, type, district, province (old), new_province, current_commune, population (2019 census),
    latitude, longitude, x and y (kilometres on a plane), hospital_km, zone. All real but the last two, which
    take the town of each district for its hospital's place.
    """
    everywhere = units()
    legacy = everywhere[everywhere["geography"] == "legacy"].set_index("code")
    districts = legacy[(legacy["level"] == "district") & legacy["parent"].isin(OLD_PROVINCES)]
    communes = legacy[(legacy["level"] == "commune") & legacy["parent"].isin(districts.index)].sort_index()
    frame = communes[["name", "type", "latitude", "longitude"]].copy()
    frame["district"] = communes["parent"]
    frame["province"] = frame["district"].map(districts["parent"])
    links = crosswalk()
    frame["current_commune"] = links[links["main"]].set_index("legacy_commune")["current_commune"]
    current = everywhere[(everywhere["geography"] == "current") & (everywhere["level"] == "commune")]
    frame["new_province"] = frame["current_commune"].map(current.set_index("code")["parent"])
    people, _ = population_2019()
    people = people[people["geography"] == "legacy"].set_index("commune")
    frame["population"] = people["total"].reindex(frame.index).astype("float64")
    frame = _on_plane(frame)
    frame["hospital_km"] = _hospital_km(frame, _on_plane(districts[["latitude", "longitude"]].copy()))
    frame["zone"] = _zone(frame)
    return frame


def station_ids() -> list[str]:
    """Return the identifier of each commune's station, in the order of :func:`ground`."""
    return [PREFIX + code for code in ground().index]


def standard(values: npt.ArrayLike) -> Floats:
    """Return values shifted and scaled to mean 0 and standard deviation 1."""
    array = np.asarray(values, dtype="float64")
    result: Floats = (array - array.mean()) / array.std()
    return result


def smooth(rng: np.random.Generator, *, length_km: float) -> Floats:
    """Return a random field over the communes, mean 0 and deviation 1, alike within about ``length_km``.

    Rounded, so that the last bit of a sum, which differs between machines, decides nothing.
    """
    place = ground()[["x", "y"]].to_numpy()
    apart = np.hypot(*(place[:, None, :] - place[None, :, :]).transpose(2, 0, 1))
    return np.round(standard(np.exp(-0.5 * (apart / length_km) ** 2) @ rng.normal(size=len(place))), 6)


def rank_share(score: npt.ArrayLike, *, within: npt.ArrayLike | None = None) -> Floats:
    """Return each score's place from the top as a share in (0, 1): the highest comes first."""
    scores = pd.Series(np.asarray(score, dtype="float64"))
    groups = pd.Series(np.zeros(len(scores)) if within is None else np.asarray(within))
    rank = scores.groupby(groups).rank(ascending=False, method="first")
    return ((rank - 0.5) / scores.groupby(groups).transform("size")).to_numpy()


def cube(axes: Mapping[str, npt.ArrayLike], values: Mapping[str, npt.NDArray[np.generic]]) -> pd.DataFrame:
    """Return arrays that share their axes as one tidy frame, the last axis running fastest.

    >>> cube({"a": ["x", "y"], "b": [1, 2]}, {"n": np.array([[5, 6], [7, 8]])}).to_numpy().tolist()
    [['x', 1, 5], ['x', 2, 6], ['y', 1, 7], ['y', 2, 8]]
    """
    shape = [len(np.asarray(labels)) for labels in axes.values()]
    places = np.unravel_index(np.arange(np.prod(shape)), shape)
    keys = {}
    for (name, labels), at in zip(axes.items(), places, strict=True):
        dtype = "Int64" if np.asarray(labels).dtype.kind == "i" else "str"
        keys[name] = pd.Series(labels, dtype=dtype).take(at).array
    return pd.DataFrame(keys | {name: array.ravel() for name, array in values.items()})


def _on_plane(frame: pd.DataFrame) -> pd.DataFrame:
    middle = np.radians(9.9)  # the six provinces span one degree: a plane is off by under one percent
    frame["x"] = frame["longitude"] * KM_PER_DEGREE * np.cos(middle)
    frame["y"] = frame["latitude"] * KM_PER_DEGREE
    return frame


def _hospital_km(communes: pd.DataFrame, districts: pd.DataFrame) -> Floats:
    """Return the distance to the nearest seat: a district's town commune nearest its official point."""
    seats = []
    for district, own in communes[communes["type"].isin(TOWN_TYPES)].groupby("district"):
        point = districts.loc[str(district)]
        apart = np.hypot(own["x"] - point["x"], own["y"] - point["y"])
        seats.append(own.index[int(apart.argmin())])
    sites = communes.loc[seats, ["x", "y"]].to_numpy()
    away = communes[["x", "y"]].to_numpy()[:, None, :] - sites[None, :, :]
    nearest: Floats = np.round(np.hypot(away[..., 0], away[..., 1]).min(axis=1), 3)
    return nearest


def _zone(communes: pd.DataFrame) -> Ints:
    remote = communes["district"].isin(REMOTE_DISTRICTS).to_numpy()
    far = communes["hospital_km"].to_numpy()
    zone_3 = far >= np.where(remote, ZONE_3_FROM_KM_REMOTE, ZONE_3_FROM_KM)
    zone_1 = (far < ZONE_1_BELOW_KM) & ~remote  # remote places have no zone 1
    return np.select([zone_3, zone_1], [3, 1], default=2)
