"""The geometry files a browser fetches: small, gzipped, named by their content so that they keep.

A figure sends codes and values and names a file here by URL; the browser fetches the file once. Each file
is GeoJSON in degrees: a feature's ``id`` is its code as a whole number, ``c`` its code, ``n`` its name
(escaped for HTML, since names end up in tooltips), ``l`` its label: short name, longitude, latitude and the
area's width there. An outline has the ``labels`` of the areas it is of. Shared borders stay shared.
"""

from __future__ import annotations

import gzip
import hashlib
import html
import json
import os
import re
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from threading import RLock
from typing import Any, Final, Literal

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from data.contracts import GEOGRAPHIES, LEVELS
from data.names import split_type
from data.units import REFERENCE, units
from geo import cartogram, schematic

Kind = Literal["area", "outline", "hex"]
Source = Literal["schematic", "official", "mixed"]

PRODUCT: Final = {"legacy": ("83", "84", "86", "92", "93", "94"), "current": ("86", "92")}
NATION: Final = "nation"
METRIC: Final = 3405  # VN-2000 / UTM zone 48N, metres
_TOLERANCE: Final = {"province": 15.0, "product": 25.0, NATION: 150.0}  # metres, where simplifying starts
_BUDGET: Final = {"province": 150_000, "product": 400_000, NATION: 2_000_000}  # bytes gzipped, where it ends
_NAME: Final = re.compile(r"[a-z0-9-]+\.[0-9a-f]{12}\.json")


@dataclass(frozen=True)
class Asset:
    """One geometry file: ``bounds`` are west, south, east, north; ``places`` are label points by code."""

    name: str
    data: bytes
    bounds: tuple[float, float, float, float]
    source: Source
    places: pd.DataFrame

    @property
    def url(self) -> str:
        """Return the address on the app's own host."""
        return f"/geometry/{self.name}"

    @property
    def etag(self) -> str:
        """Return the entity tag: the hash in the name."""
        return f'"{self.name.split(".")[-2]}"'

    @cached_property
    def geojson(self) -> dict[str, Any]:
        """Return the file's content, for an export that draws the map itself."""
        content: dict[str, Any] = json.loads(gzip.decompress(self.data))
        return content


class GeometryStore:
    """Builds each geometry file when it is first asked for and keeps it in a folder.

    ``boundaries_dir`` may hold ``<geography>.parquet`` (columns ``code``, ``geometry``): official boundaries
    that replace the schematic cells commune by commune. A changed boundary or reference file makes new names.
    """

    def __init__(self, cache_dir: Path, boundaries_dir: Path | None = None) -> None:
        self._cache = Path(cache_dir)
        self._cache.mkdir(parents=True, exist_ok=True)
        self._boundaries = boundaries_dir
        self._lock = RLock()
        self._assets: dict[str, Asset] = {}
        self._coverages: dict[tuple[str, tuple[str, ...], str], gpd.GeoDataFrame] = {}

    def asset(self, geography: str, level: str, scope: str, kind: Kind = "area") -> Asset:
        """Return the geometry of one level of a scope.

        ``scope`` is ``nation``, ``all`` (the product's provinces), or province codes of that geography joined
        by hyphens. ``outline`` is the borders as lines; ``hex`` one equal hexagon per unit. Raises ValueError
        for a geography, level or province that does not exist.
        """
        if (
            geography not in GEOGRAPHIES
            or level not in LEVELS
            or (geography, level) == ("current", "district")
        ):
            raise ValueError(f"no level {level!r} in geography {geography!r}")
        label = "-".join(part for part in (geography, level, scope, kind if kind != "area" else "") if part)
        key = f"{label}.{self._fingerprint(geography)}"
        if key in self._assets:  # nobody waits for a file that is ready while another is built
            return self._assets[key]
        with self._lock:
            if key not in self._assets:
                self._assets[key] = self._load(key) or self._build(key, label, geography, level, scope, kind)
            return self._assets[key]

    def read(self, name: str) -> bytes | None:
        """Return the gzipped file of that name, or None where there is none."""
        if not _NAME.fullmatch(name):
            return None
        path = self._cache / f"{name}.gz"
        return path.read_bytes() if path.is_file() else None

    def _fingerprint(self, geography: str) -> str:
        """Hash what the files are made from: the reference tables, this code, the official boundaries."""
        digest = hashlib.sha256(_code_and_reference())
        if path := self._official_file(geography):
            state = path.stat()
            digest.update(f"{state.st_size} {state.st_mtime_ns}".encode())
        return digest.hexdigest()[:12]

    def _official_file(self, geography: str) -> Path | None:
        path = self._boundaries / f"{geography}.parquet" if self._boundaries else None
        return path if path and path.is_file() else None

    def _load(self, key: str) -> Asset | None:
        record = self._cache / f"{key}.about.json"
        if not record.is_file():
            return None
        about = json.loads(record.read_text("utf-8"))
        data = self.read(about["name"])
        if data is None:
            return None
        places = pd.DataFrame(about["places"], columns=["code", "longitude", "latitude"]).astype(
            {"code": "str"}
        )
        return Asset(about["name"], data, tuple(about["bounds"]), about["source"], places.set_index("code"))

    def _build(self, key: str, label: str, geography: str, level: str, scope: str, kind: Kind) -> Asset:
        size = scope if scope == NATION else "product" if scope == "all" or "-" in scope else "province"
        communes, source = self._communes(geography, scope)
        tolerance = _TOLERANCE[size]
        while True:
            frame = _at_level(_simplified(communes, tolerance), geography, level)
            if kind == "hex":
                frame = cartogram.hexagons(frame)
            data = _packed(_features(frame, geography, level, kind))
            if len(data) <= _BUDGET[size]:
                break
            tolerance *= 1.5
        name = f"{label}.{hashlib.sha256(data).hexdigest()[:12]}.json"
        asset = Asset(name, data, _bounds(frame), source, _places(frame))
        _write(self._cache / f"{name}.gz", data)
        rows = asset.places.reset_index().to_numpy().tolist()
        about = {"name": name, "bounds": asset.bounds, "source": source, "places": rows}
        _write(self._cache / f"{key}.about.json", json.dumps(about).encode())
        return asset

    def _communes(self, geography: str, scope: str) -> tuple[gpd.GeoDataFrame, Source]:
        """Return the communes of a scope in metres, and where their borders come from."""
        if scope == NATION:
            provinces: tuple[str, ...] = ()
        else:
            provinces = PRODUCT[geography] if scope == "all" else tuple(scope.split("-"))
        wanted = schematic.communes_of(geography, provinces)
        # one province of the product is cut from the product's map, so that both show the same borders
        drawn = PRODUCT[geography] if provinces and set(provinces) <= set(PRODUCT[geography]) else provinces
        key = (geography, drawn, self._fingerprint(geography))
        if key not in self._coverages:
            cells = schematic.cells(geography, provinces=drawn).to_crs(METRIC)
            self._coverages[key] = self._with_official(cells, geography)
        frame = self._coverages[key]
        frame = frame[frame.index.isin(wanted)]
        if not frame["official"].any():
            return frame, "schematic"
        return frame, "official" if frame["official"].all() else "mixed"

    def _with_official(self, cells: gpd.GeoDataFrame, geography: str) -> gpd.GeoDataFrame:
        """Put official boundaries where there are any in the place of cells, and say which (``official``)."""
        path = self._official_file(geography)
        if path is None:
            return cells.assign(official=False)
        official = gpd.read_parquet(path).set_index("code").to_crs(METRIC)
        official = official.loc[official.index.isin(cells.index), ["geometry"]].sort_index()
        missing = cells[~cells.index.isin(official.index)]
        frame = _fitted(official, missing) if len(official) else cells
        return frame.assign(official=frame.index.isin(official.index))


def routes(store: GeometryStore) -> list[Route]:
    """Return the address under which the browser fetches the files of a store."""

    def geometry(request: Request) -> Response:
        name = request.path_params["name"]
        data = store.read(name)
        if data is None:
            return Response(status_code=404)
        etag = f'"{name.split(".")[-2]}"'
        headers = {
            "ETag": etag,
            "Cache-Control": "public, max-age=31536000, immutable",
            "Vary": "Accept-Encoding",
            "Content-Encoding": "gzip",
        }
        # a proxy that repacks the body weakens the tag (W/"...")
        known = [
            tag.strip().removeprefix("W/") for tag in request.headers.get("if-none-match", "").split(",")
        ]
        if etag in known or "*" in known:
            del headers["Content-Encoding"]
            return Response(status_code=304, headers=headers)
        if "gzip" not in request.headers.get("accept-encoding", ""):
            data, headers["Content-Encoding"] = gzip.decompress(data), "identity"
        return Response(data, headers=headers, media_type="application/geo+json")

    return [Route("/geometry/{name}", geometry, methods=["GET"])]


@cache
def _code_and_reference() -> bytes:
    digest = hashlib.sha256()
    tables = ("units_legacy", "units_current", "unit_extents", "unit_corrections", "crosswalk_2025")
    code = (__file__, schematic.__file__, cartogram.__file__)
    for path in (*map(Path, code), *(REFERENCE / f"{table}.csv" for table in tables)):
        digest.update(path.read_bytes())
    return digest.digest()


def _fitted(official: gpd.GeoDataFrame, missing: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Fit schematic cells into the gaps of official boundaries, which keep all their land.

    A commune whose cell the official boundaries cover altogether keeps a small mark at its place, so that its
    value can be seen and clicked.
    """
    if missing.empty:
        return official
    frame = pd.concat([official, missing])
    clean = shapely.coverage_clean(frame.geometry.to_numpy(), merge_strategy="min_index")
    lost = shapely.area(clean) < 10_000
    if lost.any():
        marks = frame.geometry[lost].scale(0.3, 0.3)
        frame = pd.concat([gpd.GeoDataFrame(geometry=marks), frame[~lost]])
        clean = shapely.coverage_clean(frame.geometry.to_numpy(), merge_strategy="min_index")
    return gpd.GeoDataFrame(geometry=clean, index=frame.index, crs=METRIC).sort_index()


def _simplified(communes: gpd.GeoDataFrame, tolerance: float) -> gpd.GeoDataFrame:
    """Drop detail below ``tolerance`` metres and round to 5 decimals (about a metre), as one coverage."""
    shapes = communes.geometry.to_numpy()
    if not shapely.coverage_is_valid(shapes):
        shapes = shapely.coverage_clean(shapes)
    shapes = shapely.coverage_simplify(shapes, tolerance)
    degrees = gpd.GeoSeries(shapes, index=communes.index, crs=METRIC).to_crs(4326).to_numpy()
    rounded = shapely.transform(degrees, lambda xy: np.round(xy, 5))
    if not shapely.coverage_is_valid(rounded):  # rounding closed a sliver somewhere
        rounded = shapely.transform(
            shapely.coverage_clean(degrees, snapping_distance=2e-5), lambda xy: np.round(xy, 5)
        )
    return gpd.GeoDataFrame(geometry=rounded, index=communes.index, crs=4326)


def _at_level(communes: gpd.GeoDataFrame, geography: str, level: str) -> gpd.GeoDataFrame:
    if level == "commune":
        return communes
    table = units()
    table = table[table["geography"] == geography]
    parents = {name: rows.set_index("code")["parent"] for name, rows in table.groupby("level")}
    owner = parents["commune"].reindex(communes.index)
    if geography == "legacy" and level == "province":
        owner = owner.map(parents["district"])
    return communes.dissolve(owner.rename("code").to_numpy(), method="coverage").rename_axis("code")


def _features(frame: gpd.GeoDataFrame, geography: str, level: str, kind: Kind) -> list[dict[str, Any]]:
    if kind == "outline":
        lines = shapely.line_merge(shapely.union_all(shapely.boundary(frame.geometry.to_numpy())))
        labels = _labels(frame, geography, level)
        return [{"type": "Feature", "id": 0, "properties": {"labels": labels}, "geometry": _geometry(lines)}]
    table = units()
    names = table[(table["geography"] == geography) & (table["level"] == level)].set_index("code")["name"]
    return [
        {
            "type": "Feature",
            "id": int(code),
            "properties": {"c": code, "n": html.escape(names[code]), "l": label},
            "geometry": _geometry(shape),
        }
        for code, shape, label in zip(
            frame.index, frame.geometry, _labels(frame, geography, level), strict=True
        )
    ]


def _labels(frame: gpd.GeoDataFrame, geography: str, level: str) -> list[list[Any]]:
    """Return of each area its short name, where to write it, and how wide the area is there, in degrees."""
    table = units()
    names = table[(table["geography"] == geography) & (table["level"] == level)].set_index("code")["name"]
    places, shapes = _places(frame), frame.geometry.to_numpy()
    boxes = shapely.bounds(shapes)
    north = places["latitude"].to_numpy()
    ends = np.stack([np.stack([boxes[:, side], north], axis=1) for side in (0, 2)], axis=1)
    widths = shapely.length(shapely.intersection(shapely.linestrings(ends), shapes))
    return [
        [_short(names[code]), east, north, round(float(width), 4)]
        for code, east, north, width in zip(
            frame.index, places["longitude"], places["latitude"], widths, strict=True
        )
    ]


def _short(name: str) -> str:
    """Return a name as a map writes it: without its type, unless it is a number.

    >>> _short("Xã Thạnh Tiến"), _short("Phường 1")
    ('Thạnh Tiến', 'P. 1')
    """
    kind, short = split_type(name)
    return f"{kind[0]}. {short}" if kind and short[0].isdigit() else short


def _geometry(shape: Any) -> dict[str, Any]:
    mapping: dict[str, Any] = shapely.geometry.mapping(shape)
    return {"type": mapping["type"], "coordinates": _rounded(mapping["coordinates"])}


def _rounded(coordinates: Any) -> Any:
    if isinstance(coordinates, float | int):
        return round(coordinates, 5)
    return [_rounded(part) for part in coordinates]


def _packed(features: Sequence[dict[str, Any]]) -> bytes:
    collection = {"type": "FeatureCollection", "features": features}
    text = json.dumps(collection, ensure_ascii=False, separators=(",", ":"))
    return gzip.compress(text.encode(), compresslevel=9, mtime=0)


def _bounds(frame: gpd.GeoDataFrame) -> tuple[float, float, float, float]:
    """Return the bounds of the mainland and near islands; the far archipelagos have an inset instead."""
    boxes = frame.geometry.explode().bounds
    near = boxes[boxes["minx"] < schematic.OFFSHORE]
    west, south, east, north = near["minx"].min(), near["miny"].min(), near["maxx"].max(), near["maxy"].max()
    return float(west), float(south), float(east), float(north)


def _places(frame: gpd.GeoDataFrame) -> pd.DataFrame:
    """Return the point to label in each area: its centroid, or a point inside where that is outside."""
    shapes = frame.geometry.to_numpy()
    centre = shapely.centroid(shapes)
    points = np.where(shapely.contains(shapes, centre), centre, shapely.point_on_surface(shapes))
    return pd.DataFrame(
        {"longitude": shapely.get_x(points).round(5), "latitude": shapely.get_y(points).round(5)},
        index=frame.index,
    )


def _write(path: Path, data: bytes) -> None:
    """Write a file whole or not at all: another process may be reading the folder."""
    with tempfile.NamedTemporaryFile(dir=path.parent, delete=False) as file:
        file.write(data)
    os.replace(file.name, path)
