"""A map as SVG, for paper and for a small picture beside text: the same geometry and classes as on screen."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from html import escape
from typing import Any, Final

from answers.colours import Theme
from geo.webgeometry import Asset

WIDTH: Final = 1000  # units the longer side of a map is drawn in


def svg(
    *,
    shapes: Asset,
    fills: Mapping[str, str],
    theme: Theme,
    outline: Asset | None = None,
    selected: str | None = None,
) -> str:
    """Return the map: each unit in its colour, units without one as no data, the chosen one framed.

    Degrees are drawn with the east-west scale of the middle latitude.
    """
    frame = _frame(shapes)
    areas, framed = [], ""
    for feature in shapes.geojson["features"]:
        code = feature["properties"]["c"]
        path = _path(_rings(feature["geometry"]), frame, close=True)
        fill = fills.get(code, theme.no_data)
        areas.append(f'<path d="{path}" fill="{escape(fill)}" stroke="{theme.border}" stroke-width="1"/>')
        if code == selected:
            framed = f'<path d="{path}" fill="none" stroke="{theme.text}" stroke-width="5"/>'
    borders = ""
    if outline is not None:
        lines = (_path(_rings(one["geometry"]), frame, close=False) for one in outline.geojson["features"])
        borders = f'<path d="{"".join(lines)}" fill="none" stroke="{theme.muted}" stroke-width="2.2"/>'
    _, _, _, width, height = frame
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:.0f} {height:.0f}" '
        f'width="{width:.0f}" height="{height:.0f}">{"".join(areas)}{borders}{framed}</svg>'
    )


def _frame(shapes: Asset) -> tuple[float, float, float, float, float]:
    """Return west, north, units per degree of latitude, width and height."""
    west, south, east, north = shapes.bounds
    squeeze = math.cos(math.radians((south + north) / 2))
    scale = WIDTH / max((east - west) * squeeze, north - south)
    return west, north, scale, (east - west) * squeeze * scale, (north - south) * scale


def _path(
    rings: Iterable[Sequence[Sequence[float]]],
    frame: tuple[float, float, float, float, float],
    *,
    close: bool,
) -> str:
    west, north, scale, _, height = frame
    across = scale * math.cos(math.radians(north - height / scale / 2))
    parts = []
    for ring in rings:
        points = [f"{(x - west) * across:.1f} {(north - y) * scale:.1f}" for x, y in ring]
        parts.append("M" + "L".join(points) + ("Z" if close else ""))
    return "".join(parts)


def _rings(geometry: Mapping[str, Any]) -> list[Sequence[Sequence[float]]]:
    """Return the rings or lines of any geometry.

    >>> _rings({"type": "LineString", "coordinates": [[0, 0], [1, 1]]})
    [[[0, 0], [1, 1]]]
    """
    kind, coordinates = geometry["type"], geometry["coordinates"]
    if kind == "LineString":
        return [coordinates]
    if kind in ("Polygon", "MultiLineString"):
        return list(coordinates)
    if kind == "MultiPolygon":
        return [ring for polygon in coordinates for ring in polygon]
    return [ring for part in geometry["geometries"] for ring in _rings(part)]
