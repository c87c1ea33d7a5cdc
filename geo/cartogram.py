"""Hexagon cartogram: one equal hexagon per unit, so that a small crowded ward shows as much as a wide commune.

The hexagons tile the outline of the units and each unit takes the one that keeps all units together closest
to their places on the map (least sum of squared distances, solved exactly).
"""

from __future__ import annotations

from typing import Final

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import shapely
from scipy.optimize import linear_sum_assignment

from geo.schematic import METRES_PER_DEGREE, OFFSHORE

Points = npt.NDArray[np.float64]

_MOST: Final = 4000  # units; the exact assignment grows with the cube, and nobody reads more hexagons
_SHRINK: Final = 0.98


def hexagons(areas: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Return equal hexagons, indexed like ``areas`` (EPSG:4326), near the areas' places.

    The same areas always give the same hexagons. The far archipelagos take hexagons at the edge of the
    mainland. Raises ValueError for more than 4,000 units.

    >>> from shapely import box
    >>> squares = gpd.GeoDataFrame(geometry=[box(x, 10, x + 1, 11) for x in (105, 106)], crs=4326)
    >>> hexagons(squares).geometry.centroid.x.is_monotonic_increasing
    True
    """
    count = len(areas)
    if count > _MOST:
        raise ValueError(f"{count} units are too many for a cartogram; at most {_MOST}")
    stretch = float(np.cos(np.radians(areas.total_bounds[[1, 3]].mean())))
    scale = np.array([METRES_PER_DEGREE * stretch, METRES_PER_DEGREE])
    flat = shapely.transform(areas.geometry.to_numpy(), lambda xy: xy * scale)
    places = shapely.get_coordinates(shapely.centroid(flat))
    land = shapely.union_all(flat[places[:, 0] < OFFSHORE * scale[0]])
    pitch, centres = _tiling(land, count)
    cost = ((places[:, None, :] - centres[None, :, :]) ** 2).sum(axis=2)
    _, chosen = linear_sum_assignment(cost)
    turn = np.radians(np.arange(30, 390, 60))
    corners = np.stack([np.cos(turn), np.sin(turn)], axis=1) * pitch / np.sqrt(3)
    rings = (centres[chosen][:, None, :] + corners[None, :, :]) / scale
    return gpd.GeoDataFrame(geometry=shapely.polygons(rings), index=areas.index, crs=4326)


def _tiling(land: shapely.Geometry, count: int) -> tuple[float, Points]:
    """Return the pitch and the centres of as many hexagons as wanted, those deepest inside the land."""
    # a hexagon of pitch p (side to side) covers p * p * sqrt(3) / 2
    pitch = float(np.sqrt(shapely.area(land) / count * 2 / np.sqrt(3)))
    shapely.prepare(land)
    while True:
        centres = _lattice(shapely.bounds(land), pitch)
        inside = centres[shapely.contains_xy(land, centres[:, 0], centres[:, 1])]
        if len(inside) >= count:
            break
        pitch *= _SHRINK
    depth = shapely.distance(shapely.boundary(land), shapely.points(inside))
    kept = np.sort(np.argsort(-np.round(depth, 3), kind="stable")[:count])
    return pitch, inside[kept]


def _lattice(bounds: Points, pitch: float) -> Points:
    """Return the centres of a hexagon tiling of a box, rows half a step out of line."""
    west, south, east, north = bounds
    rise = pitch * np.sqrt(3) / 2
    rows = np.arange(south, north + rise, rise)
    columns = np.arange(west, east + pitch, pitch)
    x = columns[None, :] + (np.arange(len(rows)) % 2)[:, None] * pitch / 2
    y = np.broadcast_to(rows[:, None], x.shape)
    return np.stack([x.ravel(), y.ravel()], axis=1)
