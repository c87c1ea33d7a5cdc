"""Maps of areas as Plotly figures; stations, flows and columns are in :mod:`geo.decks`.

Nothing here knows Streamlit.

A figure names its geometry by URL (:mod:`geo.webgeometry`) and carries codes and class numbers only, so an
indicator change sends a few kilobytes. Nothing is asked of another host: the ground is a plain colour.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from textwrap import wrap
from typing import Any, Final

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from geo.classify import NO_DATA, NOT_APPLICABLE, Classes

Bounds = tuple[float, float, float, float]
Corner = dict[str, Any]

_HAIRLINE: Final = 0.6  # pixels
_MANY: Final = 2000  # areas
_AIR: Final = 0.1  # zoom steps, about seven percent of the frame
_NARROW: Final = 500  # pixels: below this a legend has no corner to itself
_TITLE_WIDTH: Final = 34  # characters
_MARK: Final = 12  # pixels about a place that a legend had better leave free
ARCHIPELAGOS: Final = (15.9, 9.3)  # degrees north: just south of Hoàng Sa, and of most of Trường Sa
FONT: Final = "Be Vietnam Pro, sans-serif"
_LEFT_BELOW: Final[Corner] = {"x": 0, "y": 0, "xanchor": "left", "yanchor": "bottom"}
_CORNERS: Final = (  # the fourth holds the buttons
    _LEFT_BELOW,
    {"x": 0, "y": 1, "xanchor": "left", "yanchor": "top"},
    {"x": 1, "y": 0, "xanchor": "right", "yanchor": "bottom"},
)
_MARGIN: Final = {"l": 0, "r": 0, "t": 0, "b": 0}


@dataclass(frozen=True)
class MapColors:
    """Hex colours of one theme; ``classes`` from the lowest class to the highest."""

    classes: Sequence[str]
    no_data: str
    not_applicable: str
    ground: str
    border: str
    outline: str
    text: str
    selected: str


@dataclass(frozen=True)
class Legend:
    """The words of a legend: what is shown and its unit, one label per class, and the two special classes.

    ``count`` writes how many units a class holds.
    """

    title: str
    labels: Sequence[str]
    no_data: str
    not_applicable: str
    count: Callable[[int], str] = str


@dataclass(frozen=True)
class Outline:
    """Borders drawn above the fill, from an ``outline`` file."""

    url: str
    width: float


def area_map(
    *,
    url: str,
    classes: Classes,
    legend: Legend,
    colors: MapColors,
    bounds: Bounds,
    hover: Sequence[str] | None = None,
    selected: str | None = None,
    outlines: Sequence[Outline] = (),
    inset: Sequence[str] = (),
    note: str = "",
    places: pd.DataFrame | None = None,
    width: int = 600,
    height: int = 480,
    uirevision: str = "map",
) -> go.Figure:
    """Return a choropleth of the classes of each unit; a click gives the unit's code as ``location``.

    ``classes.codes`` is indexed by unit code; ``hover`` holds one short prebuilt text per unit, in that
    order, to stand under the name, which is in the geometry file. ``inset`` names the far archipelagos on a map of the
    whole country, ``note`` says where the borders come from. ``places`` (an asset's) lets the legend choose
    the emptiest corner. ``width`` is the frame's in the browser, as far as is known; in a narrow one the map
    keeps clear of the legend. Plotly keeps the zoom while ``uirevision`` stays, as long as the frame itself
    is not replaced.
    Raises ValueError when colours or labels do not match the classes.
    """
    if not classes.k == len(legend.labels) == len(colors.classes):
        raise ValueError(f"{classes.k} classes, {len(legend.labels)} labels, {len(colors.classes)} colours")
    figure = go.Figure(_areas(url, classes, colors, hover))
    if selected is not None and selected in classes.codes.index:
        figure.add_trace(_frame(url, selected, colors))
    key = _legend(classes, legend, colors)
    narrow = width < _NARROW
    seen = view(bounds, width=width, height=height, below=_size(key)[1] if narrow else 0)
    corner = _LEFT_BELOW if narrow or places is None else _emptiest(places, seen, _size(key), width, height)
    side = "left" if corner["x"] else "right"
    beside = {"x": 1 - corner["x"], "y": 0, "xanchor": side, "yanchor": "bottom"}
    figure.update_layout(
        **_layout(colors, height, uirevision),
        map={
            "style": _ground(colors.ground),
            "layers": [_outline(line, colors) for line in outlines],
            **seen,
        },
        annotations=[key | corner, *_note(note, colors, beside), *_inset(inset, colors, seen, height)],
    )
    return figure


def view(bounds: Bounds, *, width: int, height: int, below: int = 0) -> dict[str, Any]:
    """Return the centre and zoom that fit bounds into a frame of so many pixels, with a little air.

    ``below`` pixels at the foot stay free. A MapLibre world is 512 pixels wide at zoom 0 and doubles with
    each step.

    >>> view((-180, -85.0511, 180, 85.0511), width=512, height=512)["zoom"]
    -0.1
    """
    west, south, east, north = bounds
    low, high = _mercator(south), _mercator(north)
    world = min(width / max((east - west) / 360, 1e-9), (height - below) / max(high - low, 1e-9))
    world *= 2**-_AIR
    middle = (low + high) / 2 - below / 2 / world
    return {
        "center": {"lon": round((west + east) / 2, 5), "lat": round(_latitude(middle), 5)},
        "zoom": round(float(np.log2(world / 512)), 3),
    }


def _mercator(latitude: float) -> float:
    """Return how far north a latitude is drawn: -0.5 to 0.5 of the height of a square world."""
    return float(np.arcsinh(np.tan(np.radians(latitude))) / (2 * np.pi))


def _latitude(mercator: float) -> float:
    return float(np.degrees(np.arctan(np.sinh(2 * np.pi * mercator))))


def _layout(colors: MapColors, height: int, uirevision: str) -> dict[str, Any]:
    """Return what every Plotly map has in common."""
    return {
        "height": height,
        "margin": _MARGIN,
        "clickmode": "event+select",
        "dragmode": "pan",
        "uirevision": uirevision,
        "paper_bgcolor": colors.ground,
        "font": {"family": FONT},
        "hoverlabel": {
            "bgcolor": colors.ground,
            "bordercolor": colors.outline,
            "font": {"family": FONT, "size": 13, "color": colors.text},
            "align": "left",
        },
        "template": None,
    }


def _areas(url: str, classes: Classes, colors: MapColors, hover: Sequence[str] | None) -> go.Choroplethmap:
    palette = [colors.not_applicable, colors.no_data, *colors.classes]
    steps = len(palette)
    scale = [[edge / steps, color] for i, color in enumerate(palette) for edge in (i, i + 1)]
    return go.Choroplethmap(
        geojson=url,
        # a code has at most five digits; two bytes each matter for the whole country
        locations=classes.codes.index.astype(int).to_numpy(dtype=np.uint16),
        z=classes.codes.to_numpy(dtype=np.int8),
        zmin=NOT_APPLICABLE - 0.5,
        zmax=classes.k - 0.5,
        colorscale=scale,
        showscale=False,
        text=None if hover is None else list(hover),
        hovertemplate=f"<b>%{{properties.n}}</b>{'' if hover is None else '<br>%{text}'}<extra></extra>",
        # hairlines about thousands of areas would be most of what is seen
        marker={"line": {"width": _HAIRLINE if len(classes.codes) < _MANY else 0, "color": colors.border}},
        # Plotly fades what is not selected; here the fill carries the meaning
        unselected={"marker": {"opacity": 1}},
    )


def _frame(url: str, selected: str, colors: MapColors) -> go.Choroplethmap:
    """Return a strong border about the selected unit, which leaves its colour as it is."""
    return go.Choroplethmap(
        geojson=url,
        locations=[int(selected)],
        z=[0],
        colorscale=[[0, "rgba(0,0,0,0)"], [1, "rgba(0,0,0,0)"]],
        showscale=False,
        hoverinfo="skip",
        marker={"line": {"width": 3, "color": colors.selected}},
    )


def _ground(color: str) -> dict[str, Any]:
    """Return a map style that is one colour and asks nobody for anything."""
    paint = {"background-color": color}
    # Plotly loses an empty "sources" when it redraws, and MapLibre refuses a style without one
    nothing = {"type": "geojson", "data": {"type": "Point", "coordinates": [0, 0]}}
    return {
        "version": 8,
        "sources": {"nothing": nothing},
        "layers": [{"id": "ground", "type": "background", "paint": paint}],
    }


def _outline(line: Outline, colors: MapColors) -> dict[str, Any]:
    return {
        "sourcetype": "geojson",
        "source": line.url,
        "type": "line",
        "color": colors.outline,
        "line": {"width": line.width},
    }


def _legend(classes: Classes, legend: Legend, colors: MapColors) -> dict[str, Any]:
    """Return the legend as one annotation inside the frame, so that it is on every exported picture too.

    The highest class is on top; each class has its count, and is there only when it holds any.
    """
    counts = classes.counts
    rows = [(colors.classes[code], "■", legend.labels[code], code) for code in reversed(range(classes.k))]
    rows = [row for row in rows if counts[row[3]]]
    special = [
        (colors.no_data, "■", legend.no_data, NO_DATA),
        (colors.not_applicable, "□", legend.not_applicable, NOT_APPLICABLE),
    ]
    rows += [row for row in special if counts[row[3]]]
    lines = [
        f'<span style="color:{color};font-size:16px">{sign}</span> {label} ({legend.count(counts[code])})'
        for color, sign, label, code in rows
    ]
    title = "<br>".join(wrap(legend.title, _TITLE_WIDTH))
    return {**_box(colors), "text": "<br>".join([f"<b>{title}</b>", *lines])}


def _size(annotation: dict[str, Any]) -> tuple[int, int]:
    """Return about how many pixels wide and high an annotation is drawn."""
    lines = [re.sub("<[^>]*>", "", line) for line in annotation["text"].split("<br>")]
    return 7 * max(len(line) for line in lines) + 12, 17 * len(lines) + 14


def _emptiest(
    places: pd.DataFrame, seen: dict[str, Any], size: tuple[int, int], width: int, height: int
) -> dict[str, Any]:
    """Return the corner where a box of that size hides the fewest places."""
    world = 512 * 2 ** seen["zoom"]
    x = width / 2 + (places["longitude"] - seen["center"]["lon"]) / 360 * world
    y = height / 2 + (places["latitude"].map(_mercator) - _mercator(seen["center"]["lat"])) * world
    reach_x, reach_y = size[0] + _MARK, size[1] + _MARK

    def hidden(corner: dict[str, Any]) -> int:
        near_x = x > width - reach_x if corner["x"] else x < reach_x
        near_y = y > height - reach_y if corner["y"] else y < reach_y
        return int((near_x & near_y).sum())

    return min(_CORNERS, key=hidden)


def _note(note: str, colors: MapColors, place: dict[str, Any]) -> list[dict[str, Any]]:
    if not note:
        return []
    return [{**_box(colors), **place, "text": note, "font": {"size": 10, "color": colors.text}}]


def _inset(
    names: Sequence[str], colors: MapColors, seen: dict[str, Any], height: int
) -> list[dict[str, Any]]:
    """Return a framed label for Hoàng Sa and one for Trường Sa, at the right, as far north as they lie."""
    world = 512 * 2 ** seen["zoom"]
    middle = _mercator(seen["center"]["lat"])
    rows = [0.5 + (_mercator(latitude) - middle) * world / height for latitude in ARCHIPELAGOS]
    place = {"x": 0.99, "xanchor": "right", "yanchor": "top", "bordercolor": colors.outline}
    return [
        {**_box(colors), **place, "text": name, "y": round(min(max(row, 0.16), 1), 3)}
        for name, row in zip(names, rows, strict=False)
    ]


def _box(colors: MapColors) -> dict[str, Any]:
    return {
        "xref": "paper",
        "yref": "paper",
        "showarrow": False,
        "align": "left",
        "bgcolor": colors.ground,
        "opacity": 0.92,
        "borderpad": 6,
        "font": {"size": 12, "color": colors.text},
    }
