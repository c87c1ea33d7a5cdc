"""A map file as its owner has it, read into valid polygons in longitude and latitude, or refused with why.

Nothing is assumed that the coordinates contradict: degrees that fit Viet Nam need no stated system, swapped
axes are put right because no place in Viet Nam has them so, and metres without a system are refused.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import geopandas
import numpy as np
import pandas as pd
import pyproj
import shapely

from data.problems import Refused
from geo.boundaries_open import DEGREES, Notes, open_map
from geo.boundaries_places import METRES
from geo.boundaries_texts import problem

# West, south, east, north of Viet Nam with its islands, generously.
VIETNAM: Final = (101.5, 5.5, 118.0, 24.0)
_AREAS: Final = [3, 6]  # shapely type ids of Polygon and MultiPolygon
_CRS_ADVICE: Final = "EPSG:3405 (VN-2000 / UTM 48N), EPSG:9209 (VN-2000 / TM-3 105-30), EPSG:32648, …"
# A ring put right by hand crosses itself a few times. Every crossing is a corner of the areas it encloses, at
# over a kilobyte each, so a scribble of a few thousand points would take gigabytes.
MOST_CROSSINGS: Final = 50_000
_AT_ONCE: Final = 2_000_000


@dataclass(frozen=True, kw_only=True)
class Drawing:
    """The polygons of a file, valid and in degrees, with what was done to them.

    ``attributes`` (all rows) and ``shapes`` (the rows that are areas) are indexed by row number, from 1;
    ``left_out`` gives the reason (a code of ``REASONS``) why each other row is none.
    """

    attributes: pd.DataFrame
    shapes: geopandas.GeoSeries
    left_out: pd.Series
    notes: Notes = field(default_factory=dict)


def file_hash(path: Path) -> str:
    """Return the SHA-256 of a file, in hex."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def read_drawing(path: Path, *, crs: str | None = None) -> Drawing:
    """Read the polygons of any map file GDAL reads.

    ``crs`` overrides the coordinate system the file states. Raises :class:`Refused` when there is nothing
    to read, nothing that is an area, or no way to place it in Viet Nam.
    """
    notes: Notes = {}
    frame, shapeless = open_map(path, notes)
    reason = shapeless.reindex(frame.index, fill_value="not_a_polygon")
    _drop_endless(frame, reason)
    frame = _in_degrees(frame, path, crs, notes)
    _drop_endless(frame, reason)
    shapes = np.asarray(frame.geometry.array)
    valid = shapely.is_valid(shapes)
    _refuse_tangles(shapes, ~valid & ~shapely.is_missing(shapes), path)
    areas = _areas(shapes, reason)
    drawn = ~shapely.is_empty(areas)
    if not drawn.any():
        raise Refused([problem("no_polygons", path)])
    if repaired := int((drawn & ~valid).sum()):
        notes["repaired"] = repaired
    if other := int((~drawn).sum()):
        notes["other_shapes"] = other
    return Drawing(
        attributes=pd.DataFrame(frame.drop(columns=frame.geometry.name)),
        shapes=geopandas.GeoSeries(areas, frame.index, crs=DEGREES)[drawn],
        left_out=reason[~drawn],
        notes=notes,
    )


def in_metres(shapes: geopandas.GeoSeries) -> geopandas.GeoSeries:
    """Return areas in metres, valid there too: what just misses itself in degrees may meet itself in metres."""
    moved = shapes.to_crs(METRES)
    return geopandas.GeoSeries(_areas(np.array(moved.array)), shapes.index, crs=METRES)


def _drop_endless(frame: geopandas.GeoDataFrame, reason: pd.Series) -> None:
    """Take out the shapes with a coordinate that is no number, or that no place on earth has."""
    coordinates, place = shapely.get_coordinates(frame.geometry.array, return_index=True)
    endless = frame.index[np.unique(place[~np.isfinite(coordinates).all(axis=1)])]
    reason[endless] = "broken_shape"
    frame.loc[endless, frame.geometry.name] = None


def _in_degrees(
    frame: geopandas.GeoDataFrame, path: Path, crs: str | None, notes: Notes
) -> geopandas.GeoDataFrame:
    """Return the frame in WGS 84 degrees, checked to lie in Viet Nam."""
    if frame.geometry.isna().all() or frame.geometry.is_empty.all():
        raise Refused([problem("no_polygons", path)])
    frame = frame.set_geometry(shapely.force_2d(frame.geometry.array))
    if crs is not None:
        try:
            frame = frame.set_crs(pyproj.CRS.from_user_input(crs), allow_override=True)
        except pyproj.exceptions.CRSError as error:
            raise Refused([problem("bad_crs", path, found=crs, expected=_CRS_ADVICE)]) from error
    if frame.crs is not None and not _leads_home(frame.crs):
        if crs is not None:
            raise Refused([problem("bad_crs", path, found=crs, expected=_CRS_ADVICE)])
        notes["crs_damaged"] = frame.crs.name
        frame = frame.set_crs(None, allow_override=True)
    west, south, east, north = frame.total_bounds
    degrees = max(abs(west), abs(east)) <= 180 and max(abs(south), abs(north)) <= 180
    if frame.crs is None or frame.crs.is_geographic:
        if not degrees:
            raise Refused(
                [problem("no_crs", path, found=f"x = {west:.0f} … {east:.0f}", expected=_CRS_ADVICE)]
            )
        if frame.crs is None:
            notes["crs_assumed"] = DEGREES
            frame = frame.set_crs(DEGREES)
    frame = frame.to_crs(DEGREES)
    if _share_inside(frame, swapped=True) == 1:
        notes["axes_swapped"] = len(frame)
        frame = frame.set_geometry(
            shapely.transform(frame.geometry.array, lambda xy: xy[:, ::-1]), crs=DEGREES
        )
    if _share_inside(frame, swapped=False) < 0.5:
        bounds = " ".join(f"{edge:.3f}" for edge in frame.total_bounds)
        raise Refused([problem("outside", path, found=bounds, expected=" ".join(map(str, VIETNAM)))])
    return frame


def _leads_home(crs: pyproj.CRS) -> bool:
    """Say whether there is a way from a coordinate system to degrees; a drawing's own has none."""
    try:
        pyproj.Transformer.from_crs(crs, DEGREES)
    except pyproj.exceptions.ProjError:
        return False
    return True


def _share_inside(frame: geopandas.GeoDataFrame, *, swapped: bool) -> float:
    west, south, east, north = shapely.bounds(np.asarray(frame.geometry.dropna().array)).T
    if swapped:
        west, south, east, north = south, west, north, east
    inside = (west > VIETNAM[0]) & (south > VIETNAM[1]) & (east < VIETNAM[2]) & (north < VIETNAM[3])
    return float(inside.mean())


def _refuse_tangles(shapes: np.ndarray, invalid: np.ndarray, path: Path) -> None:
    """Refuse the row with which the rings of a file cross themselves too often to be repaired."""
    crossings = 0
    for place in np.flatnonzero(invalid):
        crossings += _crossings(shapes[place], MOST_CROSSINGS - crossings)
        if crossings > MOST_CROSSINGS:
            row = int(place) + 1
            raise Refused([problem("tangled", path, row=row, found=f"> {MOST_CROSSINGS}")])


def _crossings(shape: shapely.Geometry, enough: int) -> int:
    """Count the pairs of a shape's edges that meet other than end to end; stop beyond ``enough``."""
    rings = [shapely.get_coordinates(ring) for ring in shapely.get_rings(shapely.get_parts(shape))]
    if not rings:
        return 0
    edges = shapely.linestrings(np.concatenate([np.stack([xy[:-1], xy[1:]], axis=1) for xy in rings]))
    edges = edges[shapely.length(edges) > 0]
    tree = shapely.STRtree(edges)
    step = max(1, _AT_ONCE // max(1, len(edges)))
    met = 0
    for first in range(0, len(edges), step):
        some = edges[first : first + step]
        # itself, and the edges before and after, are among those an edge meets
        met += tree.query(some, predicate="intersects").shape[1] - 3 * len(some)
        if met > 2 * enough:
            break
    return max(0, met) // 2


def _areas(shapes: np.ndarray, reason: pd.Series | None = None) -> np.ndarray:
    """Return each shape's areas, made valid: a self-crossing ring becomes the areas it encloses."""
    empty = shapely.MultiPolygon()
    known = np.where(shapely.is_missing(shapes), empty, shapes)
    for place in np.flatnonzero(~shapely.is_valid(known)):
        try:
            known[place] = shapely.make_valid(known[place], method="structure", keep_collapsed=False)
        except shapely.errors.GEOSException:
            known[place] = empty
            if reason is not None:
                reason.iloc[int(place)] = "broken_shape"
    mixed = np.flatnonzero(~np.isin(shapely.get_type_id(known), _AREAS))
    for place in mixed:
        parts = shapely.get_parts(known[place])
        areal = parts[np.isin(shapely.get_type_id(parts), _AREAS)]
        known[place] = shapely.union_all(areal) if len(areal) else empty
    return known
