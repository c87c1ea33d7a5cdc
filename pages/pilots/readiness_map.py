"""The communes on the map by the nearest state of their stations."""

from __future__ import annotations

from dataclasses import replace
from html import escape

import pandas as pd
import plotly.graph_objects as go

from answers.colours import Theme
from answers.pilots import numbers as pilots
from answers.pilots import words as pilots_words
from answers.scope import Scope
from answers.words import t
from geo import maps
from geo.classify import Classes
from ui import map_shapes, theme

HEIGHT = 440


def state_colours(colours: Theme) -> list[str]:
    """Return a colour per state, from the farthest to an open clinic."""
    return [colours.sequential[0], colours.sequential[1], colours.sequential[3], colours.categorical[1]]


def coded(state: pd.Series, size: int) -> Classes:
    """Return numbers of kinds as the classes of a map; missing is no data."""
    return Classes(tuple(at - 0.5 for at in range(1, size)), "left", state.fillna(-1).astype("int64"))


def base_map(
    scope: Scope, codes: pd.Series, fills: list[str], legend: maps.Legend, hover: list[str]
) -> go.Figure:
    """Return a map of the scope's communes in kinds, for the register and for what comes next."""
    return map_shapes.figure_of(
        replace(scope, level="commune"), coded(codes, len(fills)), legend, fills, hover, theme.current(),
        width=map_shapes.room(610), height=HEIGHT,
    )  # fmt: skip


def readiness_map(scope: Scope, known: pd.DataFrame, frame: pd.DataFrame) -> go.Figure:
    """Return the map of communes by the nearest state of their stations."""
    legend = maps.Legend(
        title=t("pilots.map.legend"),
        labels=[t(f"pilots.state.{name}") for name in pilots.STATES],
        no_data=t("map.no_data"),
        not_applicable=t("map.not_applicable"),
    )
    lines = {}
    for row in frame.itertuples():
        lines.setdefault(row.unit, []).append(
            f"{escape(str(row.name))}: {escape(pilots_words.state(row.state))}"
        )
    hover = ["<br>".join(lines[code][:6]) for code in known.index]
    return base_map(scope, known["state"], state_colours(theme.current()), legend, hover)
