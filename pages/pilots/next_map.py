"""The next clinics on the map, each with the places it reaches."""

from __future__ import annotations

from html import escape

import plotly.graph_objects as go

from answers import format as fmt
from answers.colours import Theme
from answers.pilots import numbers as pilots
from answers.pilots import sites as pilots_sites
from answers.pilots.sites import Answer
from answers.results import Results
from answers.scope import Scope
from answers.words import t
from geo import maps
from pages.pilots.readiness_map import base_map
from ui import theme


def show(results: Results, scope: Scope, found: Answer) -> go.Figure:
    """Return the map."""
    colours = theme.current()
    standing = pilots_sites.standing_of_units(found.places)
    legend = maps.Legend(
        title=t("pilots.next.legend"),
        labels=[t(f"pilots.next.standing.{name}") for name in pilots_sites.STANDING],
        no_data=t("map.no_data"),
        not_applicable=t("map.not_applicable"),
    )
    fills = [colours.no_data, colours.sequential[2], colours.sequential[0]]
    reached = found.places.groupby(["unit", "standing"])["people"].sum()
    hover = [
        "<br>".join(
            f"{escape(t(f'pilots.next.standing.{name}'))}: {fmt.number(reached[unit, name])}"
            for name in pilots_sites.STANDING
            if (unit, name) in reached.index
        )
        for unit in standing.index
    ]
    figure = base_map(scope, standing, fills, legend, hover)
    _catchments(figure, results, scope, found, colours)
    return figure


def _catchments(figure: go.Figure, results: Results, scope: Scope, found: Answer, colours: Theme) -> None:
    """Draw each clinic, and a line to it from every place it reaches."""
    frame = pilots.stations(results, scope)
    inside = found.places[found.places["standing"].ne("beyond")]
    own, site = frame.loc[inside.index], frame.loc[inside["nearest"]]
    lines = {"lon": [], "lat": []}
    for key, column in (("lon", "longitude"), ("lat", "latitude")):
        for a, b in zip(own[column], site[column], strict=True):
            lines[key] += [a, b, None]
    figure.add_scattermap(
        **lines, mode="lines", line={"color": colours.muted, "width": 1}, hoverinfo="skip", showlegend=False
    )
    for rows, colour, size in (
        (frame[frame["opened"].notna()], colours.categorical[1], 13),
        (found.chosen, colours.text, 12),
    ):
        figure.add_scattermap(
            lon=rows["longitude"],
            lat=rows["latitude"],
            mode="markers",
            marker={"size": size, "color": colour},
            hoverinfo="skip",
            showlegend=False,
        )
