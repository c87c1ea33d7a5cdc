"""What is in a map file: the layer of areas to import, as GDAL reads it, or why it cannot be read.

Of a zip every map file is looked at and of a file every layer, because the first is often another one. What a
file says wrongly about itself is set aside and noted: its coordinate system, its encoding, a ring left open.
"""

from __future__ import annotations

import re
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from xml.sax.saxutils import escape, quoteattr

import geopandas
import numpy as np
import pandas as pd
import pyogrio
import pyproj
import shapely

from data.problems import Refused
from geo.boundaries_columns import Columns, find_columns, texts_of
from geo.boundaries_texts import problem

Notes = dict[str, str | int | float]

DEGREES: Final = "EPSG:4326"
ZIPPED_SUFFIXES: Final = (".shp", ".gpkg", ".geojson", ".json", ".kml", ".tab", ".mif", ".gml", ".fgb")
LARGEST_UNPACKED: Final = 2_000_000_000
_BEGINNING: Final = 4096
_WITH_AREAS: Final = ["Polygon", "MultiPolygon", "GeometryCollection"]
# These "formats" make GDAL open other files or addresses that the file names.
_POINTERS: Final = (b"<ogrvrt", b"<ogrwfs", b"gdal_streamed_alg")
# What pyogrio raises at a coordinate system that cannot be read; the last is a slip of its own.
_NO_SYSTEM: Final = (pyogrio.errors.CRSError, pyproj.exceptions.CRSError, UnboundLocalError)
# A file geodatabase is a folder.
_GEODATABASE: Final = re.compile(r"(.+\.gdb)/[^/]+", re.IGNORECASE)


def open_map(path: Path, notes: Notes) -> tuple[geopandas.GeoDataFrame, pd.Series]:
    """Return the rows of a map file, from 1, and of each row without a shape the reason, a code of ``REASONS``."""
    if not path.is_file():
        raise Refused([problem("not_found", path)])
    if path.stat().st_size == 0:
        raise Refused([problem("empty_file", path)])
    if path.suffix.lower() in {".zip", ".kmz"}:
        sources = _in_zip(path)
    else:
        try:
            with path.open("rb") as file:
                beginning = file.read(_BEGINNING)
        except OSError as error:
            raise _unreadable(path, error) from error
        _refuse_pointer(beginning, path)
        sources = [str(path)]
    if path.suffix.lower() == ".parquet":
        try:
            frame = geopandas.read_parquet(path)
        except Exception as error:
            raise _unreadable(path, error) from error
        broken = pd.Series(False, frame.index)
    else:
        frame, broken = _best_layer(sources, path, notes)
    frame.index = broken.index = pd.RangeIndex(1, len(frame) + 1, name="row")
    reason = broken.map({True: "broken_shape", False: "no_geometry"})[frame.geometry.isna()]
    return frame, reason


def _refuse_pointer(beginning: bytes, path: Path) -> None:
    if any(pointer in beginning.lower() for pointer in _POINTERS):
        raise Refused([problem("not_vector", path)])


def _unreadable(path: Path, error: Exception) -> Refused:
    return Refused([problem("not_vector", path, found=" ".join(str(error).split())[:200])])


def _in_zip(path: Path) -> list[str]:
    """Return GDAL's names of the map files in a zip, once the zip is known to be whole."""
    try:
        with zipfile.ZipFile(path) as archive:
            if sum(entry.file_size for entry in archive.infolist()) > LARGEST_UNPACKED:
                raise Refused([problem("too_large", path)])
            if broken := archive.testzip():
                raise Refused([problem("broken_zip", path, found=broken)])
            for entry in archive.infolist():
                if entry.filename.lower().endswith(ZIPPED_SUFFIXES):
                    _refuse_pointer(archive.open(entry).read(_BEGINNING), path)
            held = [entry.filename for entry in archive.infolist() if not entry.is_dir()]
        names = _names_in_zip(path, held)
    except Refused:
        raise
    except Exception as error:
        found = " ".join(str(error).split())[:200]
        raise Refused([problem("broken_zip", path, found=found)]) from error
    names = [name for name in names if "__MACOSX/" not in name]
    folders = dict.fromkeys(inner[1] for name in names if (inner := _GEODATABASE.fullmatch(name)))
    maps = [name for suffix in ZIPPED_SUFFIXES for name in names if name.lower().endswith(suffix)]
    if not maps and not folders:
        raise Refused([problem("no_map_in_zip", path, found=", ".join(held[:5]))])
    return [*maps, *folders]


def _names_in_zip(path: Path, held: list[str]) -> list[str]:
    """Return the files of a zip by GDAL's names: folders may be written with backslashes, or not in UTF-8."""
    root = f"/vsizip/{{{path}}}"
    if len(held) <= 1:  # the file in a zip of one is the whole of it to GDAL
        return [f"{root}/{name.replace(chr(92), '/')}" for name in held]
    return sorted(pyogrio.vsi_listtree(root))


@dataclass(frozen=True, kw_only=True)
class _Layer:
    """One layer with areas: its rows, which of them have a broken shape, and what was noted of it."""

    name: str
    frame: geopandas.GeoDataFrame
    broken: pd.Series
    areas: int
    notes: Notes


def _best_layer(sources: list[str], path: Path, notes: Notes) -> tuple[geopandas.GeoDataFrame, pd.Series]:
    """Return the layer that holds communes, or else most areas: a file may hold outlines and labels too.

    In KML a layer is a folder, and communes may be filed by district, so all its folders are read.
    """
    layers: list[_Layer] = []
    failures: list[Exception] = []
    for source in sources:
        try:
            layers += _with_areas(source)
        # A zip holds files that are no maps; only where there is no map is that a fault.
        except Exception as error:
            if len(sources) == 1:
                raise _unreadable(path, error) from error
            failures.append(error)
    if not layers:
        raise _unreadable(path, failures[0]) if failures else Refused([problem("no_polygons", path)])
    if sources[0].lower().endswith(".kml"):
        frames = [layer.frame for layer in layers]
        joined = geopandas.GeoDataFrame(pd.concat(frames, ignore_index=True), crs=frames[0].crs)
        return joined, pd.concat([layer.broken for layer in layers], ignore_index=True)
    best = max(layers, key=lambda layer: (_holds_communes(layer.frame), layer.areas))
    notes |= {**best.notes, **({"layer": best.name} if len(layers) > 1 else {})}
    return best.frame, best.broken


def _with_areas(source: str) -> list[_Layer]:
    """Read the layers of a file that hold areas."""
    layers = []
    for name, kind in pyogrio.list_layers(source):
        # a layer of points need not be read to know that it holds no area
        if kind is not None and "Point" not in kind and "Line" not in kind:
            notes: Notes = {}
            frame, broken = _layer(source, name, notes)
            if areas := int((frame.geometry.type.isin(_WITH_AREAS) | broken).sum()):
                layers.append(_Layer(name=name, frame=frame, broken=broken, areas=areas, notes=notes))
    return layers


def _holds_communes(frame: geopandas.GeoDataFrame) -> bool:
    texts, _ = texts_of(pd.DataFrame(frame.drop(columns=frame.geometry.name)))
    try:
        find_columns(texts, overrides=Columns(), path=Path())
    except Refused:
        return False
    return True


def _layer(source: str, layer: str, notes: Notes) -> tuple[geopandas.GeoDataFrame, pd.Series]:
    """Return a layer's rows, and which of them have a shape that cannot be drawn."""
    where: str | bytes = source
    try:
        frame = _frame(where, layer)
    except _NO_SYSTEM:
        # The file names a coordinate system that makes no sense: another view of it names none of its own.
        where = _without_system(source, layer)
        frame = _frame(where, layer).set_crs(None, allow_override=True)
        notes["crs_damaged"] = layer
    broken = pd.Series(False, frame.index)
    if frame.geometry.isna().any():
        _, _, wkb, _ = pyogrio.raw.read(where, layer=layer, columns=[])
        lost = np.flatnonzero(frame.geometry.isna() & pd.notna(wkb))
        mended = shapely.from_wkb(wkb[lost], on_invalid="fix")
        mended[shapely.is_empty(mended)] = None
        shapes = np.array(frame.geometry.array)
        shapes[lost] = mended
        frame = frame.set_geometry(geopandas.GeoSeries(shapes, frame.index, crs=frame.crs))
        broken.iloc[lost] = shapely.is_missing(mended)
        if closed := int(shapely.is_geometry(mended).sum()):
            notes["closed"] = closed
    return frame, broken


def _frame(where: str | bytes, layer: str) -> geopandas.GeoDataFrame:
    """Read a layer; a shape that is none (an open ring, a ring of one point) is missing."""
    try:
        frame = pyogrio.read_dataframe(where, layer=layer, on_invalid="ignore")
    except UnicodeDecodeError:
        # Said to be UTF-8 and is not: read byte by byte, so that the encoding can be told from the names.
        frame = pyogrio.read_dataframe(where, layer=layer, on_invalid="ignore", encoding="ISO-8859-1")
    if not isinstance(frame, geopandas.GeoDataFrame):  # a table without shapes
        return geopandas.GeoDataFrame(frame, geometry=[None] * len(frame))
    return frame


def _without_system(source: str, layer: str) -> bytes:
    return (
        f"<OGRVRTDataSource><OGRVRTLayer name={quoteattr(layer)}>"
        f"<SrcDataSource>{escape(source)}</SrcDataSource><LayerSRS>{DEGREES}</LayerSRS>"
        "</OGRVRTLayer></OGRVRTDataSource>"
    ).encode()
