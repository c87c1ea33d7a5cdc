"""Schematic cells: where each commune lies, when no official boundary has been imported.

Only a point and a bounding box are public for each commune valid to 30 June 2025. A fine lattice of land is
given to the communes point by point: each lattice point goes to the commune in whose box it lies most
centrally. That is a Thiessen diagram whose distance is measured in box widths and heights instead of metres,
so a long thin commune gets a long thin cell. Communes in force are the cells of their former communes joined.

A box that cannot be right (some hundreds are another place's, or a default of the geocoder) is replaced by a
square of the expected area at the best point known. A commune in force without former communes (the island
zones) is a hexagon of its own area.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any, Final

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely
from scipy import ndimage

from data.units import crosswalk, extents, units

Labels = npt.NDArray[np.int32]
Numbers = npt.NDArray[np.float64]

METRES_PER_DEGREE: Final = 111_320.0
OFFSHORE: Final = 110.0  # degrees east: beyond lie only Hoàng Sa and Trường Sa
_LAND_SHARE: Final = 0.52  # of its bounding box that a commune fills: median of the delta's 2009 polygons
_EXPONENT: Final = 3.0  # between an ellipse (2) and the box itself (infinity)
_REACH: Final = 1.0  # how far out a commune may reach by that measure: the corners of its box stay empty
_POINT_WEIGHT: Final = 0.4  # the official point leans to the built-up area, the box centre to the middle
_INTRUSION: Final = 0.1  # handicap per neighbour whose point lies in the heart of the box: it is too big
_FINE: Final = 100.0  # metres between lattice points when some provinces are drawn
_COARSE: Final = 250.0  # and when the whole country is
_FEWEST: Final = 6  # lattice points of the smallest cell
_CALM: Final = 2.2  # lattice steps: bends smaller than this are drawn straight


@dataclass(frozen=True)
class _Lattice:
    """Land points: the south-west corner, the steps in degrees, and rows x columns."""

    west: float
    south: float
    step_x: float
    step_y: float
    shape: tuple[int, int]

    def columns(self, longitude: pd.Series[float]) -> Numbers:
        return np.asarray((longitude - self.west) / self.step_x, dtype=np.float64)

    def rows(self, latitude: pd.Series[float]) -> Numbers:
        return np.asarray((latitude - self.south) / self.step_y, dtype=np.float64)


def cells(geography: str, *, provinces: Collection[str] = ()) -> gpd.GeoDataFrame:
    """Return one schematic cell per commune, indexed by ``code``, in EPSG:4326: a valid coverage.

    ``provinces`` are codes of the same geography; none means the whole country (on a coarser lattice).
    The same call always gives the same cells. Raises ValueError for an unknown geography or province.

    >>> cells("legacy", provinces=["92"]).shape
    (80, 1)
    """
    wanted = communes_of(geography, provinces)
    sites = _sites(geography)
    drawn = sites[sites["commune"].isin(wanted)]
    parts = [_islands(geography)]
    if len(drawn):
        lattice = _lattice(drawn, _FINE if provinces else _COARSE)
        sites = sites[_touching(sites, drawn)]
        labels = _everyone_present(_tidy(_assign(sites, lattice), len(sites)), sites, lattice)
        codes, commune = np.unique(sites["commune"].to_numpy(dtype=object), return_inverse=True)
        labels = np.where(labels >= 0, commune.astype(np.int32)[labels], np.int32(-1))
        parts.append(_polygons(labels, codes, lattice))
    return gpd.GeoDataFrame(pd.concat(parts).loc[wanted.sort_values()], crs=4326)


def communes_of(geography: str, provinces: Collection[str] = ()) -> pd.Index[Any]:
    """Return the codes of the communes of some provinces, or of the whole country."""
    table = units()
    table = table[table["geography"] == geography]
    if table.empty:
        raise ValueError(f"unknown geography {geography!r}")
    level = {name: rows.set_index("code")["parent"] for name, rows in table.groupby("level")}
    province = level["commune"]
    if geography == "legacy":
        province = province.map(level["district"])
    unknown = set(provinces) - set(province)
    if unknown:
        raise ValueError(f"no {geography} province {', '.join(sorted(unknown))}")
    codes = province.index[province.isin(list(provinces))] if provinces else province.index
    return codes.rename("code")


def _communes(geography: str) -> pd.DataFrame:
    table = units()
    rows = table[(table["geography"] == geography) & (table["level"] == "commune")].set_index("code")
    return rows[["latitude", "longitude", "area_km2"]]


def _successor() -> pd.Series[str]:
    """Return, for each legacy commune, the current commune that took it, or took most of it."""
    links = crosswalk()
    return links[links["main"]].set_index("legacy_commune")["current_commune"]


def _sites(geography: str) -> pd.DataFrame:
    """Return box, centre (x, y), handicap and commune of every site of the mainland and the near islands.

    A site is a legacy commune; in the current geography it stands for the commune that took it, and a commune
    made of parts only is a site of its own.
    """
    point = _communes("legacy")[["latitude", "longitude"]]
    after = _communes("current").reindex(_successor().reindex(point.index)).set_index(point.index)
    near = after["longitude"] < OFFSHORE
    point, after = point[near].copy(), after[near]
    after["metres_x"] = METRES_PER_DEGREE * np.cos(np.radians(after["latitude"]))
    after["area_km2"] = after["area_km2"].fillna(after["area_km2"].median())
    siblings = after.groupby(["latitude", "longitude"])["latitude"].transform("size")
    share = after["area_km2"] / siblings
    box = extents().reindex(point.index)
    astray, wrong = _doubtful(box, after, share)
    lost = point.duplicated(keep=False) | astray
    turn = 2 * np.pi * after.groupby(["latitude", "longitude"]).cumcount() / siblings
    spread = 350 * np.sqrt(after["area_km2"]) * (siblings > 1)
    point["longitude"] = point["longitude"].mask(
        lost, after["longitude"] + spread * np.cos(turn) / after["metres_x"]
    )
    point["latitude"] = point["latitude"].mask(
        lost, after["latitude"] + spread * np.sin(turn) / METRES_PER_DEGREE
    )
    sites = _with_centres(box.mask(wrong, _squares(point, share)), point)
    if geography == "legacy":
        return sites.assign(commune=sites.index)
    return pd.concat([sites.assign(commune=_successor().reindex(sites.index)), _newcomers()])


def _doubtful(
    box: pd.DataFrame, after: pd.DataFrame, share: pd.Series[float]
) -> tuple[pd.Series[bool], pd.Series[bool]]:
    """Tell which boxes lie far from the commune in force there, and which cannot be right at all.

    ``share`` is the area to expect: that of the commune in force divided by its former communes.
    """
    east_west, north_south = box["east"] - box["west"], box["north"] - box["south"]
    land = east_west * after["metres_x"] * north_south * METRES_PER_DEGREE * _LAND_SHARE / 1e6
    away = np.hypot(
        (box["west"] + east_west / 2 - after["longitude"]) * after["metres_x"],
        (box["south"] + north_south / 2 - after["latitude"]) * METRES_PER_DEGREE,
    )
    astray = away > 1500 * np.sqrt(after["area_km2"])
    size = (land > 4.5 * share) | (land > 2 * after["area_km2"]) | (land < 0.03 * share)
    return astray, astray | size | box.duplicated(keep=False)


def _squares(point: pd.DataFrame, area_km2: pd.Series[float]) -> pd.DataFrame:
    """Return the square box about each point that a commune of this area would have."""
    half_y = 500 * np.sqrt(area_km2 / _LAND_SHARE) / METRES_PER_DEGREE
    half_x = half_y / np.cos(np.radians(point["latitude"]))
    return pd.DataFrame(
        {
            "south": point["latitude"] - half_y,
            "west": point["longitude"] - half_x,
            "north": point["latitude"] + half_y,
            "east": point["longitude"] + half_x,
        }
    )


def _newcomers() -> pd.DataFrame:
    """Return sites for the communes in force that took no former commune as its main successor."""
    taken = crosswalk()["current_commune"]
    point = _communes("current")
    point = point[point.index.isin(taken) & ~point.index.isin(_successor())]
    sites = _squares(point, point["area_km2"]).assign(
        x=point["longitude"], y=point["latitude"], handicap=-1.0
    )
    return sites.assign(commune=sites.index).rename(index="new {}".format)


def _with_centres(box: pd.DataFrame, point: pd.DataFrame) -> pd.DataFrame:
    """Put the centre between the middle of the box and the point, and count the intruders in its heart."""
    middle_x, middle_y = (box["west"] + box["east"]) / 2, (box["south"] + box["north"]) / 2
    inside = (
        point["longitude"].clip(box["west"], box["east"]),
        point["latitude"].clip(box["south"], box["north"]),
    )
    box["x"] = middle_x + _POINT_WEIGHT * (inside[0] - middle_x)
    box["y"] = middle_y + _POINT_WEIGHT * (inside[1] - middle_y)
    reach_x, reach_y = 0.3 * (box["east"] - box["west"]), 0.3 * (box["north"] - box["south"])
    heart = shapely.box(middle_x - reach_x, middle_y - reach_y, middle_x + reach_x, middle_y + reach_y)
    points = shapely.points(point["longitude"], point["latitude"])
    owner, guest = shapely.STRtree(points).query(heart, predicate="contains")
    box["handicap"] = _INTRUSION * np.bincount(owner[owner != guest], minlength=len(box))
    return box


def _touching(sites: pd.DataFrame, drawn: pd.DataFrame) -> pd.Series[bool]:
    """Tell which communes' boxes meet the box of any commune to be drawn: they compete for the same land."""
    boxes = shapely.box(*(sites[side].to_numpy() for side in ("west", "south", "east", "north")))
    hits = shapely.STRtree(boxes).query(boxes[sites.index.isin(drawn.index)], predicate="intersects")[1]
    return pd.Series(np.isin(np.arange(len(sites)), hits), index=sites.index)


def _lattice(drawn: pd.DataFrame, metres: float) -> _Lattice:
    step_y = metres / METRES_PER_DEGREE
    step_x = step_y / float(np.cos(np.radians(drawn["y"].mean())))
    west, south = drawn["west"].min() - 4 * step_x, drawn["south"].min() - 4 * step_y
    rows = int((drawn["north"].max() - south) / step_y) + 5
    columns = int((drawn["east"].max() - west) / step_x) + 5
    return _Lattice(west, south, step_x, step_y, (rows, columns))


def _assign(sites: pd.DataFrame, lattice: _Lattice) -> Labels:
    """Give each lattice point to the site in whose box it lies most centrally; -1 where no box reaches."""
    best = np.full(lattice.shape, np.inf, dtype=np.float32)
    labels = np.full(lattice.shape, -1, dtype=np.int32)
    left, right = lattice.columns(sites["west"]), lattice.columns(sites["east"])
    low, high = lattice.rows(sites["south"]), lattice.rows(sites["north"])
    x, y, handicap = lattice.columns(sites["x"]), lattice.rows(sites["y"]), sites["handicap"].to_numpy()
    for i in range(len(sites)):
        first, last = max(int(left[i]), 0), min(int(right[i]) + 1, lattice.shape[1])
        bottom, top = max(int(low[i]), 0), min(int(high[i]) + 1, lattice.shape[0])
        if first >= last or bottom >= top:
            continue
        across = _reach(np.arange(first, last, dtype=np.float64) + 0.5, left[i], x[i], right[i])
        along = _reach(np.arange(bottom, top, dtype=np.float64) + 0.5, low[i], y[i], high[i])
        distance = (across[None, :] + along[:, None]) ** (1 / _EXPONENT)
        window = (slice(bottom, top), slice(first, last))
        wins = (distance <= _REACH) & (distance + handicap[i] < best[window])
        best[window][wins] = (distance + handicap[i])[wins]
        labels[window][wins] = i
    return labels


def _reach(at: Numbers, low: float, middle: float, high: float) -> Numbers:
    """Return how far out each position is: 0 in the middle, 1 at either side of the box (to the power)."""
    half = np.where(at < middle, middle - low, high - middle)
    return np.asarray(np.abs(at - middle) / np.maximum(half, 0.5), dtype=np.float64) ** _EXPONENT


def _tidy(labels: Labels, count: int) -> Labels:
    """Keep the largest piece of each cell; its crumbs and the gaps inside the land go to the nearest cell."""
    land = labels >= 0
    land = ndimage.binary_fill_holes(ndimage.binary_closing(land, iterations=4) | land)
    for i, window in enumerate(ndimage.find_objects(labels + 1, max_label=count)):
        if window is None:
            continue
        pieces, number = ndimage.label(labels[window] == i)
        if number > 1:
            crumbs = (pieces > 0) & (pieces != 1 + np.argmax(np.bincount(pieces.ravel())[1:]))
            labels[window][crumbs] = -1
    empty = labels < 0
    if (empty & land).any():
        row, column = ndimage.distance_transform_edt(empty, return_distances=False, return_indices=True)
        labels = np.where(land, labels[row, column], labels)
    return labels


def _everyone_present(labels: Labels, sites: pd.DataFrame, lattice: _Lattice) -> Labels:
    """Carve a few points at its own place for a commune that the others' boxes covered altogether."""
    held = np.bincount(labels[labels >= 0], minlength=len(sites))
    column, row = lattice.columns(sites["x"]), lattice.rows(sites["y"])
    for i in np.flatnonzero(held < _FEWEST):
        r, c = int(row[i]), int(column[i])
        if not (0 <= r < lattice.shape[0] and 0 <= c < lattice.shape[1]):
            continue
        window = (slice(max(r - 6, 0), r + 7), slice(max(c - 6, 0), c + 7))
        rows, columns = np.mgrid[window]
        order = np.argsort(np.hypot(rows - r, columns - c), axis=None, kind="stable")
        for at in order:
            spot = (rows.flat[at], columns.flat[at])
            owner = labels[spot]
            if held[i] >= _FEWEST:
                break
            if owner != i and (owner < 0 or held[owner] > 2 * _FEWEST):
                held[owner] -= owner >= 0
                labels[spot] = i
                held[i] += 1
    return labels


def _polygons(labels: Labels, codes: npt.NDArray[np.object_], lattice: _Lattice) -> gpd.GeoDataFrame:
    """Trace the labelled lattice and calm its steps, keeping every shared edge shared."""
    faces = shapely.get_parts(shapely.polygonize(_edges(labels)))
    inside = shapely.get_coordinates(shapely.point_on_surface(faces)).astype(int)
    owner = labels[inside[:, 1], inside[:, 0]]
    faces, owner = faces[owner >= 0], owner[owner >= 0]
    order = np.argsort(owner, kind="stable")
    present, start = np.unique(owner[order], return_index=True)
    groups = np.split(faces[order], start[1:])
    whole = np.array([group[0] if len(group) == 1 else shapely.multipolygons(group) for group in groups])
    calm = shapely.coverage_simplify(whole, _CALM)
    placed = shapely.transform(
        calm, lambda xy: xy * [lattice.step_x, lattice.step_y] + [lattice.west, lattice.south]
    )
    return gpd.GeoDataFrame(geometry=placed, index=pd.Index(codes[present], name="code"), crs=4326)


def _edges(labels: Labels) -> npt.NDArray[np.object_]:
    """Return the lines between unlike neighbours: straight runs that end wherever another line meets them."""
    padded = np.pad(labels, 1, constant_values=-1)
    # flat[r, c]: a horizontal edge from corner (r, c) to (r, c + 1); upright[r, c]: from (r, c) to (r + 1, c)
    flat = padded[:-1, 1:-1] != padded[1:, 1:-1]
    upright = padded[1:-1, :-1] != padded[1:-1, 1:]
    crossed = np.zeros((labels.shape[0] + 1, labels.shape[1] + 1), dtype=bool)
    crossed[:-1] |= upright
    crossed[1:] |= upright
    met = np.zeros_like(crossed)
    met[:, :-1] |= flat
    met[:, 1:] |= flat
    across = _runs(flat, crossed)
    along = _runs(upright.T, met.T)
    ends = np.concatenate([across, along[:, :, ::-1]])
    return np.asarray(shapely.linestrings(ends.astype(np.float64)))


def _runs(edge: npt.NDArray[np.bool_], stop: npt.NDArray[np.bool_]) -> npt.NDArray[np.int64]:
    """Join unit edges along rows into runs: an array of ((x1, y), (x2, y))."""
    row, column = np.nonzero(edge)
    if not len(row):
        return np.empty((0, 2, 2), dtype=np.int64)
    begins = np.ones(len(row), dtype=bool)
    begins[1:] = (row[1:] != row[:-1]) | (column[1:] != column[:-1] + 1) | stop[row[1:], column[1:]]
    first = np.flatnonzero(begins)
    last = np.append(first[1:], len(row)) - 1
    return np.stack(
        [np.stack([column[first], row[first]], axis=1), np.stack([column[last] + 1, row[last]], axis=1)],
        axis=1,
    )


def _islands(geography: str) -> gpd.GeoDataFrame:
    """Return hexagons for the communes that no lattice holds: island zones and the far archipelagos."""
    current = _communes("current")
    successor = _successor()
    taken = current.index.isin(crosswalk()["current_commune"])
    alone = current[~taken | (current["longitude"] >= OFFSHORE)]
    if geography == "legacy":
        owned = successor[successor.isin(alone.index)]
        alone = alone.reindex(owned).set_index(owned.index)
    siblings = alone.groupby(["latitude", "longitude"])["latitude"].transform("size")
    rank = alone.groupby(["latitude", "longitude"]).cumcount()
    # a regular hexagon of circumradius r covers 3 * sqrt(3) / 2 * r * r
    radius = np.sqrt(alone["area_km2"] / siblings / (1.5 * np.sqrt(3))) * 1000 / METRES_PER_DEGREE
    turn = np.radians(np.arange(30, 390, 60))
    stretch = 1 / np.cos(np.radians(alone["latitude"]))
    x = (alone["longitude"] + 2 * radius * stretch * rank).to_numpy()[:, None]
    x = x + np.outer(radius * stretch, np.cos(turn))
    y = alone["latitude"].to_numpy()[:, None] + np.outer(radius, np.sin(turn))
    return gpd.GeoDataFrame(
        geometry=shapely.polygons(np.stack([x, y], axis=2)), index=alone.index.rename("code"), crs=4326
    )
