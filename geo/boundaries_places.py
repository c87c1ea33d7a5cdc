"""Where official communes are and what they are called, in the form that polygons are compared with."""

from __future__ import annotations

from functools import cache
from typing import Final

import geopandas
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from data.units import REFERENCE, crosswalk, extents, units
from geo.boundaries_columns import full_key, loose_key, short_key, typed_key
from geo.boundaries_open import DEGREES
from geo.coverage import Shapes

METRES: Final = "EPSG:32648"
# The coordinate systems Vietnamese maps are drawn in, which a file may fail to say.
SYSTEMS: Final = {
    "EPSG:4326": "WGS 84",
    "EPSG:4756": "VN-2000",
    "EPSG:3405": "VN-2000 / UTM 48N",
    "EPSG:3406": "VN-2000 / UTM 49N",
    "EPSG:32648": "WGS 84 / UTM 48N",
    "EPSG:32649": "WGS 84 / UTM 49N",
    "EPSG:5896": "VN-2000 / TM-3 102-00",
    "EPSG:9205": "VN-2000 / TM-3 103-00",
    "EPSG:9206": "VN-2000 / TM-3 104-00",
    "EPSG:9207": "VN-2000 / TM-3 104-30",
    "EPSG:9208": "VN-2000 / TM-3 104-45",
    "EPSG:5897": "VN-2000 / TM-3 105-00",
    "EPSG:9209": "VN-2000 / TM-3 105-30",
    "EPSG:9210": "VN-2000 / TM-3 105-45",
    "EPSG:9211": "VN-2000 / TM-3 106-00",
    "EPSG:9212": "VN-2000 / TM-3 106-15",
    "EPSG:9213": "VN-2000 / TM-3 106-30",
    "EPSG:9214": "VN-2000 / TM-3 107-00",
    "EPSG:9215": "VN-2000 / TM-3 107-15",
    "EPSG:9216": "VN-2000 / TM-3 107-30",
    "EPSG:5899": "VN-2000 / TM-3 107-45",
    "EPSG:5898": "VN-2000 / TM-3 108-00",
    "EPSG:9217": "VN-2000 / TM-3 108-15",
    "EPSG:9218": "VN-2000 / TM-3 108-30",
}
BOX: Final = ["west", "south", "east", "north"]
# The keys of a commune's name, strictest first.
NAME_KEYS: Final = ("full", "short", "typed", "loose")
# An official point this far outside a polygon still agrees with it: points are often at the old office.
_NEAR: Final = 1_000.0
_HALF: Final = 0.5

Boxes = npt.NDArray[np.float64]


@cache
def official(geography: str) -> pd.DataFrame:
    """Return every commune of a geography by code: names and keys of it and its parents, point and extent.

    Points and extents are in metres (:data:`METRES`); a current commune's extent is that of the former
    communes merged into it whole. Where a point or an extent is unknown it is missing. The frame is cached
    and shared: copy before changing it.
    """
    table = units()
    table = table[table["geography"] == geography].set_index(["level", "code"])
    frame = pd.DataFrame(table.xs("commune"))[["name", "parent", "latitude", "longitude", "area_km2"]]
    frame = frame.rename(columns={"name": "commune", "parent": "province"})
    frame["district"] = ""
    frame["parent"] = frame["province"]
    if geography == "legacy":
        districts = table.xs("district")
        frame["district"] = frame["province"].map(districts["name"])
        frame["province"] = frame["province"].map(districts["parent"])
    frame["province_code"] = frame["province"]
    frame["province"] = frame["province"].map(table.xs("province")["name"])
    points = geopandas.points_from_xy(frame["longitude"], frame["latitude"], crs=DEGREES).to_crs(METRES)
    frame["x"], frame["y"] = points.x, points.y
    frame = frame.join(_extents(geography))
    # Communes of one point or extent have their district's, which says nothing of each.
    for columns in (["x", "y"], BOX):
        frame.loc[frame.duplicated(columns, keep=False), columns] = np.nan
    return with_keys(frame)


@cache
def changes() -> pd.DataFrame:
    """Return what became of the communes of 2019 by 30 June 2025, with the keys of their old names.

    ``split`` marks a commune that went to several, the first being where most of it went. ``new_code`` is
    missing for one that was dissolved.
    """
    table = pd.read_csv(REFERENCE / "commune_changes.csv", dtype=str)
    provinces = units().query("geography == 'legacy' and level == 'province'").set_index("code")["name"]
    frame = pd.DataFrame(
        {
            "province": table["province_code"].map(provinces),
            "district": table["from_district"],
            "commune": table["from_name"],
            "old_code": table["from_code"],
            "new_code": table["to_code"],
            "split": table["kind"] == "split",
        }
    )
    main_first = (table["main"] == "True").sort_values(ascending=False, kind="stable").index
    return with_keys(frame.loc[main_first].reset_index(drop=True))


def _extents(geography: str) -> pd.DataFrame:
    """Return official extents in metres, by code."""
    boxes = extents()[["west", "south", "east", "north"]].copy()
    if geography == "current":
        links = crosswalk()
        links = links[links["kind"] == "whole"].join(boxes, on="legacy_commune")
        ends = {"west": "min", "south": "min", "east": "max", "north": "max"}
        boxes = links.groupby("current_commune").agg(ends).rename_axis("code")
    low = geopandas.points_from_xy(boxes["west"], boxes["south"], crs=DEGREES).to_crs(METRES)
    high = geopandas.points_from_xy(boxes["east"], boxes["north"], crs=DEGREES).to_crs(METRES)
    metres = {"west": low.x, "south": low.y, "east": high.x, "north": high.y}
    return pd.DataFrame(metres, index=boxes.index)


def with_keys(frame: pd.DataFrame) -> pd.DataFrame:
    """Add the keys names are compared by: of the parents one each, of the commune one for each strictness."""
    keyed = frame.copy()
    for parent in ("province", "district"):
        keyed[f"{parent}_key"] = [loose_key(name) for name in frame[parent]]
    for kind, key in zip(NAME_KEYS, (full_key, short_key, typed_key, loose_key), strict=True):
        keyed[kind] = [key(name) for name in frame["commune"]]
    # Plain objects: a matching looks a few texts up many times, which Arrow's strings are slow at.
    return keyed.astype(dict.fromkeys(keyed.select_dtypes("str"), object))


def in_place(shapes: Shapes, boxes: Boxes, place: pd.DataFrame) -> npt.NDArray[np.bool_]:
    """Tell for each shape whether its official place (a row of :func:`official`) is where it is drawn.

    It is when the official point is in the shape or near it, or half of its box is in the official extent.
    """
    points = shapely.points(place["x"].to_numpy(), place["y"].to_numpy())
    points = np.where(place["x"].isna(), None, points)
    near: npt.NDArray[np.bool_] = shapely.distance(shapes, points) <= _NEAR
    return near | (shared(boxes, place[BOX].to_numpy()) >= _HALF)


def shared(boxes: Boxes, others: Boxes) -> npt.NDArray[np.float64]:
    """Return the share of each box that the other of its row covers; missing where the other is."""
    width = np.minimum(boxes[:, 2], others[:, 2]) - np.maximum(boxes[:, 0], others[:, 0])
    height = np.minimum(boxes[:, 3], others[:, 3]) - np.maximum(boxes[:, 1], others[:, 1])
    share: npt.NDArray[np.float64] = np.clip(width, 0, None) * np.clip(height, 0, None) / box_area(boxes)
    return share


def box_area(boxes: Boxes) -> npt.NDArray[np.float64]:
    """Return the area of boxes given as west, south, east, north."""
    area: npt.NDArray[np.float64] = (boxes[:, 2] - boxes[:, 0]) * (boxes[:, 3] - boxes[:, 1])
    return area


def likeness(boxes: Boxes, others: Boxes) -> npt.NDArray[np.float64]:
    """Return intersection over union of boxes row by row, from 0 (apart) to 1 (equal)."""
    common = shared(boxes, others) * box_area(boxes)
    share: npt.NDArray[np.float64] = common / (box_area(boxes) + box_area(others) - common)
    return share
