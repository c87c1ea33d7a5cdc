"""One indicator drawn on a map: areas as they lie, one hexagon each, or a column on each."""

from __future__ import annotations

import math
from collections.abc import Sequence
from html import escape
from typing import Final

import plotly.graph_objects as go
import streamlit as st

from answers import kept as cache
from answers import scope as scopes
from answers.colours import Theme, map_colours
from answers.figure import Spec
from answers.keeping import kept
from answers.results import Results
from answers.view import HEIGHT, WHOLE, View
from answers.words import current, t
from geo import decks, maps
from geo.classify import Classes
from geo.webgeometry import Asset, Kind
from ui import plot, unit_list, visit
from ui.export import pins

PHONE: Final = 340  # pixels a map is wide on a phone
DESK: Final = 610  # and on a desk, beside its list
# What the geometry file of each way of drawing holds, and up to how many units it can be read.
SHAPES: Final[dict[str, tuple[Kind, float]]] = {
    "map": ("area", math.inf),
    "hexagons": ("hex", 4000),
    "columns": ("area", WHOLE),
}


def offered(scope: scopes.Scope, *, comparing: bool) -> list[str]:
    """Return the ways to draw that so many units can be read in; columns have no second map to move with."""
    count = len(scopes.codes(scope, scope.level))
    fit = [name for name, (_, most) in SHAPES.items() if count <= most]
    return [name for name in fit if not (comparing and name == "columns")]


def room(desk: int) -> int:
    """Return how many pixels wide a map is: as told on a desk, what a phone has on a phone."""
    return PHONE if unit_list.is_narrow() else desk


def show(
    view: View, shape: str, width: int, key: str, *, pin: Spec | None, linked: str | None = None
) -> None:
    """Draw a view that way, so many pixels wide on a desk; a click chooses the unit, ``pin`` is its slide."""
    width = room(width)
    if shape == "columns":
        _columns(view, width, key)
        if pin is not None:
            pins.button(pin, key=f"{key}.pin")
        return
    plot.show(
        ready(view, SHAPES[shape][0], width),
        key=key,
        alt=_alt(view),
        chooses=True,
        linked=linked,
        pin=pin,
    )


def ready(view: View, kind: Kind = "area", width: int = DESK) -> plot.Packed:
    """Return the map of a view, ready to be sent."""
    shapes, border = geometry(view.scope, kind)
    return _packed(view.results, view, kind, width, shapes.url, border.url)


@kept(most=64, said=True)
def _packed(_results: Results, view: View, kind: Kind, width: int, *geometry_urls: str) -> plot.Packed:
    """Make it; its geometry is named, for imported boundaries change it."""
    figure = figure_of(
        view.scope, view.classes, view.legend(), view.colours, view.hover, view.theme,
        width=width, height=HEIGHT, kind=kind,
    )  # fmt: skip
    # What all units share is said once, not once for each of ten thousand.
    figure.data[0].hovertemplate = f"<b>%{{properties.n}}</b><br>%{{text}}<br>{view.dated}<extra></extra>"
    return plot.pack(figure, geometry(view.scope, kind)[0].places.index)


def figure_of(
    scope: scopes.Scope,
    classes: Classes,
    legend: maps.Legend,
    fills: Sequence[str],
    hover: Sequence[str],
    colours: Theme,
    *,
    width: int,
    height: int,
    kind: Kind = "area",
) -> go.Figure:
    """Return the map of a scope's areas in classes, ``fills`` their colours, with the chosen unit framed."""
    shapes, border = geometry(scope, kind)
    return maps.area_map(
        url=shapes.url,
        classes=classes,
        legend=legend,
        colors=map_colours(colours, fills),
        bounds=shapes.bounds,
        hover=hover,
        selected=scope.unit,
        # Hexagons lie near their places, not on them, so borders would cut through.
        outlines=[] if kind == "hex" else [maps.Outline(border.url, 1.4)],
        inset=(t("map.hoang_sa"), t("map.truong_sa")) if scope.province == scopes.NATION else (),
        note=t("map.hexagons.short" if kind == "hex" else f"map.{shapes.source}.short"),
        places=shapes.places,
        width=width,
        height=height,
        uirevision=f"{scope.geography}-{scope.level}-{scope.province}-{kind}-{width}",
    )


def _columns(view: View, width: int, key: str) -> None:
    """Show a column on each area, as high as its value is far from zero; the tallest of all years is the measure."""
    shapes, border = geometry(view.scope)
    largest = float(view.all_years["value"].abs().max())
    if not largest > 0:
        st.info(t("map.columns.none"))
        return
    deck = decks.columns_map(
        url=shapes.url,
        outline_urls=[border.url],
        values=view.rows["value"].astype("float64"),
        largest=largest,
        places=shapes.places,
        classes=view.classes,
        hover=[
            f"{name}\n{text}\n{view.dated}".replace("<br>", "\n")
            for name, text in zip(view.names, view.hover, strict=True)
        ],
        colors=map_colours(view.theme, view.colours),
        bounds=shapes.bounds,
        width=width,
        height=HEIGHT,
    )

    def chosen() -> None:
        if picked := st.session_state[key].selection.objects.get("columns"):
            visit.choose_unit(picked[0]["c"])

    st.pydeck_chart(
        deck, height=HEIGHT, key=key, on_select=chosen, selection_mode="single-object", alt=_alt(view)
    )
    legend = view.legend()
    counts = view.classes.counts
    held = [pair for at, pair in enumerate(zip(view.colours, legend.labels, strict=True)) if counts[at]]
    words = " &nbsp; ".join(
        f'<span style="color:{fill}">■</span> {escape(label)}' for fill, label in reversed(held)
    )
    st.html(f'<p class="caption"><strong>{escape(legend.title)}</strong>: {words}</p>')


def geometry(scope: scopes.Scope, kind: Kind = "area") -> tuple[Asset, Asset]:
    """Return the areas of a scope, and the borders of the larger areas they are in."""
    store = cache.geometry()
    inner = scope.geography == "legacy" and scope.level == "commune" and scope.province != scopes.NATION
    return (
        store.asset(scope.geography, scope.level, scope.province, kind),
        store.asset(scope.geography, "district" if inner else "province", scope.province, "outline"),
    )


def _alt(view: View) -> str:
    return t("map.alt", indicator=view.definition.name.in_(current()), scope=scopes.sentence(view.scope))
