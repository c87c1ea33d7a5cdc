"""The outlines of areas in the coordinates of a slide, from the geometry the app's own maps use."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any, Final

from answers import kept as cache
from answers.figure import AreaMap
from answers.keeping import Shelf
from answers.scope import NATION
from geo.webgeometry import Asset

Ring = tuple[tuple[float, float], ...]
STEP: Final = 0.2
"""Corners closer than this many points on the slide are one."""

_drawings: Final = Shelf(most=32)


@dataclass(frozen=True)
class Box:
    """A place on a slide, in points: 960 wide, 540 high."""

    left: float
    top: float
    width: float
    height: float

    @property
    def right(self) -> float:
        """The right edge."""
        return self.left + self.width

    @property
    def bottom(self) -> float:
        """The lower edge."""
        return self.top + self.height


@dataclass(frozen=True)
class Drawing:
    """Rings of each area by code, and the lines of the level above.

    ``frame``: the slide's left and top of the map's north-west corner, that corner in degrees, points a degree.
    """

    areas: dict[str, tuple[Ring, ...]]
    lines: tuple[Ring, ...]
    source: str
    frame: tuple[float, float, float, float, float, float]

    def place(self, longitude: float, latitude: float) -> tuple[float, float]:
        """Return where a place lies on the slide."""
        left, top, west, north, across, down = self.frame
        return round(left + (longitude - west) * across, 2), round(top + (north - latitude) * down, 2)


def draw(area: AreaMap, box: Box) -> Drawing:
    """Return a map's shapes fitted into a box, north up, its middle in the middle."""
    above = "district" if (area.geography, area.level) == ("legacy", "commune") else "province"
    store = cache.geometry()
    asset = store.asset(area.geography, area.level, area.province)
    outline = store.asset(area.geography, above, area.province, "outline")
    # Files are named by their content, which imported boundaries change.
    key = ("drawing", asset.name, outline.name, area.province, box)
    return _drawings.keep(key, lambda: _draw(asset, outline, area.province, box))


def _draw(asset: Asset, outline: Asset, province: str, box: Box) -> Drawing:
    west, south, east, north = asset.bounds
    shrink = math.cos(math.radians((south + north) / 2))
    scale = min(box.width / ((east - west) * shrink), box.height / (north - south))
    # On a map of the country the names of the far archipelagos stand at the right.
    aside = 0 if province == NATION else 0.5
    left = box.left + (box.width - (east - west) * shrink * scale) * aside
    top = box.top + (box.height - (north - south) * scale) / 2

    drawing = Drawing({}, (), asset.source, (left, top, west, north, shrink * scale, scale))

    def placed(points: Any) -> Ring:
        kept: list[tuple[float, float]] = []
        for longitude, latitude in points:
            x, y = drawing.place(longitude, latitude)
            if not kept or abs(x - kept[-1][0]) + abs(y - kept[-1][1]) >= STEP:
                kept.append((x, y))
        return tuple(kept)

    areas = {}
    for feature in asset.geojson["features"]:
        rings = tuple(placed(ring) for ring in _rings(feature["geometry"]))
        # An archipelago far from the coast lies outside the frame, as on the app's map.
        near = tuple(ring for ring in rings if len(ring) > 2 and ring[0][0] < box.right + box.width / 4)
        areas[feature["properties"]["c"]] = near
    lines = tuple(placed(line) for line in _lines(outline.geojson["features"][0]["geometry"]))
    return replace(drawing, areas=areas, lines=tuple(line for line in lines if len(line) > 1))


def _rings(geometry: dict[str, Any]) -> Iterator[Any]:
    polygons = geometry["coordinates"]
    for polygon in [polygons] if geometry["type"] == "Polygon" else polygons:
        yield from polygon


def _lines(geometry: dict[str, Any]) -> Iterator[Any]:
    lines = geometry["coordinates"]
    yield from [lines] if geometry["type"] == "LineString" else lines
