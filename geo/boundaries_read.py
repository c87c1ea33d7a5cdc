"""A map file as its owner has it, read into valid polygons in longitude and latitude, or refused with why.

Nothing is assumed that the coordinates contradict: degrees that fit Viet Nam need no stated system, swapped
axes are put right because no place in Viet Nam has them so, and metres without a system are refused.
"""

from __future__ import annotations

import hashlib
import zipfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import geopandas
import numpy as np
import pandas as pd
import pyarrow
import pyogrio
import pyproj
import shapely
from pyogrio.errors import DataLayerError, DataSourceError, FeatureError, GeometryError

from data.problems import Refused
from geo.boundaries_texts import problem

DEGREES: Final = "EPSG:4326"
# West, south, east, north of Viet Nam with its islands, generously.
VIETNAM: Final = (101.5, 5.5, 118.0, 24.0)
ZIPPED_SUFFIXES: Final = (".shp", ".gpkg", ".geojson", ".json", ".kml", ".tab", ".mif", ".gml", ".fgb")
LARGEST_UNPACKED: Final = 2_000_000_000
_BEGINNING: Final = 4096
_AREAS: Final = [3, 6]  # shapely type ids of Polygon and MultiPolygon
_WITH_AREAS: Final = ["Polygon", "MultiPolygon", "GeometryCollection"]
_UNREADABLE: Final = (DataSourceError, DataLayerError, FeatureError, GeometryError, ValueError, OSError)
# These "formats" make GDAL open other files or addresses that the file names.
_POINTERS: Final = (b"<ogrvrt", b"<ogrwfs", b"gdal_streamed_alg")
_CRS_ADVICE: Final = "EPSG:3405 (VN-2000 / UTM 48N), EPSG:9209 (VN-2000 / TM-3 105-30), EPSG:32648, …"


@dataclass(frozen=True, kw_only=True)
class Drawing:
    """The polygons of a file, valid and in degrees, with what was done to them.

    ``attributes`` (all rows) and ``shapes`` (the rows that are areas) are indexed by row number, from 1;
    ``left_out`` gives the reason (a code of ``REASONS``) why each other row is none.
    """

    attributes: pd.DataFrame
    shapes: geopandas.GeoSeries
    left_out: pd.Series
    notes: dict[str, str | int | float] = field(default_factory=dict)


def file_hash(path: Path) -> str:
    """Return the SHA-256 of a file, in hex."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def read_drawing(path: Path, *, crs: str | None = None) -> Drawing:
    """Read the polygons of any map file GDAL reads.

    ``crs`` overrides the coordinate system the file states. Raises :class:`Refused` when there is nothing
    to read, nothing that is an area, or no way to place it in Viet Nam.
    """
    notes: dict[str, str | int | float] = {}
    frame = _read(path, notes)
    frame.index = pd.RangeIndex(1, len(frame) + 1, name="row")
    frame = _in_degrees(frame, path, crs, notes)
    shapes = np.asarray(frame.geometry.array)
    valid = shapely.is_valid(shapes)
    areas = _areas(shapes)
    reason = pd.Series("not_a_polygon", frame.index).mask(frame.geometry.isna(), "no_geometry")
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


def _read(path: Path, notes: dict[str, str | int | float]) -> geopandas.GeoDataFrame:
    if not path.is_file():
        raise Refused([problem("not_found", path)])
    if path.stat().st_size == 0:
        raise Refused([problem("empty_file", path)])
    zipped = path.suffix.lower() in {".zip", ".kmz"}
    source, beginning = _in_zip(path) if zipped else (str(path), _beginning(path))
    if any(pointer in beginning.lower() for pointer in _POINTERS):
        raise Refused([problem("not_vector", path)])
    try:
        if source.lower().endswith(".parquet"):
            return geopandas.read_parquet(path)
        return _read_layers(source, path, notes)
    except (*_UNREADABLE, pyarrow.ArrowException) as error:
        raise Refused([problem("not_vector", path, found=str(error)[:200])]) from error


def _beginning(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(_BEGINNING)


def _in_zip(path: Path) -> tuple[str, bytes]:
    """Return GDAL's name of the map file in a zip, once the zip is known to be whole, and how it begins."""
    try:
        with zipfile.ZipFile(path) as archive:
            if sum(entry.file_size for entry in archive.infolist()) > LARGEST_UNPACKED:
                raise Refused([problem("too_large", path)])
            if broken := archive.testzip():
                raise Refused([problem("broken_zip", path, found=broken)])
            names = [name for name in sorted(archive.namelist()) if not name.startswith("__MACOSX/")]
            for suffix in ZIPPED_SUFFIXES:
                for name in names:
                    if name.lower().endswith(suffix):
                        return f"/vsizip/{{{path}}}/{name}", archive.open(name).read(_BEGINNING)
    except (zipfile.BadZipFile, EOFError, RuntimeError, NotImplementedError) as error:
        raise Refused([problem("broken_zip", path, found=str(error)[:200])]) from error
    raise Refused([problem("no_map_in_zip", path, found=", ".join(names[:5]))])


def _read_layers(source: str, path: Path, notes: dict[str, str | int | float]) -> geopandas.GeoDataFrame:
    """Read the layer with the most areas: a file may hold outlines and labels too.

    In KML a layer is a folder, and communes may be filed by district, so all its folders are read.
    """
    layers = {}
    for layer, kind in pyogrio.list_layers(source):
        # a layer of points need not be read to know that it holds no area
        if kind is not None and "Point" not in kind and "Line" not in kind:
            frame = _read_layer(source, layer)
            if areas := int(frame.geometry.type.isin(_WITH_AREAS).sum()):
                layers[layer] = (areas, frame)
    if not layers:
        raise Refused([problem("no_polygons", path)])
    if source.lower().endswith(".kml"):
        frames = [frame for _, frame in layers.values()]
        return geopandas.GeoDataFrame(pd.concat(frames, ignore_index=True), crs=frames[0].crs)
    best = max(layers, key=lambda layer: layers[layer][0])
    if len(layers) > 1:
        notes["layer"] = best
    return layers[best][1]


def _read_layer(source: str, layer: str) -> geopandas.GeoDataFrame:
    try:
        return pyogrio.read_dataframe(source, layer=layer)
    except UnicodeDecodeError:
        # Said to be UTF-8 and is not: read byte by byte, so that the encoding can be told from the names.
        return pyogrio.read_dataframe(source, layer=layer, encoding="ISO-8859-1")


def _in_degrees(
    frame: geopandas.GeoDataFrame, path: Path, crs: str | None, notes: dict[str, str | int | float]
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


def _share_inside(frame: geopandas.GeoDataFrame, *, swapped: bool) -> float:
    west, south, east, north = shapely.bounds(np.asarray(frame.geometry.dropna().array)).T
    if swapped:
        west, south, east, north = south, west, north, east
    inside = (west > VIETNAM[0]) & (south > VIETNAM[1]) & (east < VIETNAM[2]) & (north < VIETNAM[3])
    return float(inside.mean())


def _areas(shapes: np.ndarray) -> np.ndarray:
    """Return each shape's areas, made valid: a self-crossing ring becomes the areas it encloses."""
    empty = shapely.MultiPolygon()
    known = np.where(shapely.is_missing(shapes), empty, shapes)
    invalid = ~shapely.is_valid(known)
    known[invalid] = shapely.make_valid(known[invalid], method="structure", keep_collapsed=False)
    mixed = np.flatnonzero(~np.isin(shapely.get_type_id(known), _AREAS))
    for place in mixed:
        parts = shapely.get_parts(known[place])
        areal = parts[np.isin(shapely.get_type_id(parts), _AREAS)]
        known[place] = shapely.union_all(areal) if len(areal) else empty
    return known
