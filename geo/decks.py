"""Stations, flows between them and columns, drawn by deck.gl above the borders. Nothing here knows Streamlit.

Borders are named by URL (:mod:`geo.webgeometry`); what stands on them is sent, for it is little. Nothing is asked
of another host: there is no map underneath.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import numpy as np
import pandas as pd
import pydeck as pdk

from geo.classify import Classes
from geo.maps import FONT, Bounds, MapColors, view

_METRES: Final = 111_320.0  # in a degree of latitude
_TALLEST: Final = 0.16  # of the map's height: the column of the largest value
_FOOT: Final = 0.3  # of the distance between neighbours that are spread evenly: a column's radius
_LEANING: Final = (45, 12)  # degrees of pitch and of bearing, under columns
_FLOWING: Final = 25  # degrees of pitch, under arcs
_CLOSER: Final = 0.1  # zoom steps: a leaning map fills less of its frame


def stations_map(
    *,
    outline_url: str,
    stations: pd.DataFrame,
    classes: Classes,
    hover: Sequence[str],
    colors: MapColors,
    bounds: Bounds,
    width: int = 600,
    height: int = 480,
) -> pdk.Deck:
    """Return one dot per station, coloured by its class, above the borders; a click gives the station.

    ``stations`` has ``longitude`` and ``latitude``, indexed by station as ``classes.codes`` is; one without a
    position is left out, so say how many there are. ``hover`` is plain text, in lines.
    """
    dots = pdk.Layer(
        "ScatterplotLayer",
        _placed("s", stations, classes, hover, colors),
        id="stations",
        get_position="[x, y]",
        get_fill_color=_fill(colors),
        get_line_color=_rgb(colors.ground),
        stroked=True,
        line_width_min_pixels=1,
        get_radius=5,
        radius_units=pdk.types.String("pixels"),
        pickable=True,
        auto_highlight=True,
    )
    return _deck([_borders(outline_url, colors), dots], colors, bounds, width, height)


def add_flows(
    deck: pdk.Deck,
    *,
    flows: pd.DataFrame,
    places: pd.DataFrame,
    hover: Sequence[str],
    colors: tuple[str, str],
) -> pdk.Deck:
    """Draw each flow as an arc from ``origin`` to ``destination``, wider with ``count``, above a map of stations.

    ``places`` has the ends' ``longitude`` and ``latitude``; a flow from elsewhere has no arc. ``colors`` are
    those of the two ends.
    """
    rows = [
        {
            "a": _point(places, origin),
            "b": _point(places, destination),
            "w": int(count) + 3,
            "t": text,
        }
        for origin, destination, count, text in zip(
            flows["origin"], flows["destination"], flows["count"], hover, strict=True
        )
        if origin in places.index
    ]
    arcs = pdk.Layer(
        "ArcLayer",
        rows,
        id="flows",
        get_source_position="a",
        get_target_position="b",
        get_source_color=_rgb(colors[0]),
        get_target_color=_rgb(colors[1]),
        get_width="w",
        get_height=0.4,
        pickable=True,
        auto_highlight=True,
    )
    deck.layers.append(arcs)
    deck.initial_view_state.pitch = _FLOWING
    deck.initial_view_state.zoom += _CLOSER
    return deck


def columns_map(
    *,
    url: str,
    outline_urls: Sequence[str],
    values: pd.Series[float],
    largest: float,
    places: pd.DataFrame,
    classes: Classes,
    hover: Sequence[str],
    colors: MapColors,
    bounds: Bounds,
    width: int = 600,
    height: int = 480,
) -> pdk.Deck:
    """Return a column on each area, as high as its value is far from zero, on a map that leans away.

    ``values`` and ``classes.codes`` are indexed by unit code, ``places`` (an asset's) says where each column
    stands; an area without a value has none. ``largest`` is the value of the tallest column, whichever its
    sign: give the largest of all years, so that columns compare between years. A click gives the unit as
    ``c``. Raises ValueError when ``largest`` is not above zero.
    """
    if not largest > 0:
        raise ValueError(f"the tallest column stands for a value above zero, not {largest}")
    west, south, east, north = bounds
    high = (north - south) * _METRES
    wide = (east - west) * _METRES * float(np.cos(np.radians((south + north) / 2)))
    rows = _placed("c", places.reindex(values.index), classes, hover, colors)
    tall = {code: abs(float(value)) / largest for code, value in values.dropna().items()}
    columns = pdk.Layer(
        "ColumnLayer",
        [row | {"h": round(tall[row["c"]], 4)} for row in rows if row["c"] in tall],
        id="columns",
        get_position="[x, y]",
        get_elevation="h",
        elevation_scale=round(_TALLEST * max(high, wide)),
        radius=round(_FOOT * float(np.sqrt(high * wide / max(len(places), 1)))),
        disk_resolution=6,
        get_fill_color=_fill(colors),
        pickable=True,
        auto_highlight=True,
    )
    layers = [_areas(url, colors), *(_borders(one, colors) for one in outline_urls), columns]
    deck = _deck(layers, colors, bounds, width, height)
    deck.initial_view_state.pitch, deck.initial_view_state.bearing = _LEANING
    deck.initial_view_state.zoom -= _CLOSER
    return deck


def _areas(url: str, colors: MapColors) -> pdk.Layer:
    """Return the areas the columns stand on."""
    return pdk.Layer(
        "GeoJsonLayer",
        url,
        id="ground",
        get_fill_color=_rgb(colors.no_data),
        get_line_color=_rgb(colors.ground),
        line_width_units=pdk.types.String("pixels"),
        get_line_width=1,
        pickable=False,
    )


def _placed(
    name: str, places: pd.DataFrame, classes: Classes, hover: Sequence[str], colors: MapColors
) -> list[dict[str, Any]]:
    """Return what has a position: its code under ``name``, where it is, its class and its text."""
    size = len(colors.classes) + 2
    rows = zip(places.index, places["longitude"], places["latitude"], classes.codes, hover, strict=True)
    return [
        # a negative code counts from the end of the palette, which the browser does not do by itself
        {name: code, "x": round(x, 5), "y": round(y, 5), "k": int(kind) % size, "t": text}
        for code, x, y, kind, text in rows
        if np.isfinite(x) and np.isfinite(y)
    ]


def _fill(colors: MapColors) -> str:
    palette = [_rgb(color) for color in (*colors.classes, colors.not_applicable, colors.no_data)]
    # the parentheses are needed: the expression parser takes no index straight after a list
    return f"({palette})[k]"


def _borders(url: str, colors: MapColors) -> pdk.Layer:
    return pdk.Layer(
        "GeoJsonLayer",
        url,
        id=url,
        get_line_color=_rgb(colors.outline),
        line_width_units=pdk.types.String("pixels"),
        get_line_width=1,
        pickable=False,
    )


def _deck(layers: list[pdk.Layer], colors: MapColors, bounds: Bounds, width: int, height: int) -> pdk.Deck:
    seen = view(bounds, width=width, height=height)
    return pdk.Deck(
        layers=layers,
        initial_view_state=pdk.ViewState(
            longitude=seen["center"]["lon"], latitude=seen["center"]["lat"], zoom=seen["zoom"]
        ),
        map_provider=None,  # and no map_style: either would fetch a map from elsewhere
        height=height,
        tooltip={
            "html": "{t}",
            "style": {
                "backgroundColor": colors.ground,
                "color": colors.text,
                "border": f"1px solid {colors.outline}",
                "fontFamily": FONT,
                "fontSize": "13px",
                "whiteSpace": "pre-line",  # tags in what is shown are escaped, so lines are lines
            },
        },
    )


def _point(places: pd.DataFrame, code: str) -> list[float]:
    return [round(float(places[axis].astype("float64")[code]), 5) for axis in ("longitude", "latitude")]


def _rgb(color: str) -> list[int]:
    return [int(color[i : i + 2], 16) for i in (1, 3, 5)]
