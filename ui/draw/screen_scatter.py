"""Scatters on the screen: points, curves and bands over two axes of numbers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import plotly.graph_objects as go

from answers.colours import Theme
from answers.figure import Dots, Scatter
from ui.draw import frame, scales
from ui.draw.screen_base import (
    DASH,
    SYMBOLS,
    around,
    base,
    drawn,
    events,
    faint,
    legend,
    marked,
    plain,
    ticks,
)

LABELLED: Final = 8
"""Points that are named on a scatter, first come."""
APART: Final = (0.16, 0.05)
"""Parts of the axes that two names need between them."""


@drawn.register
def _scatter(part: Scatter, theme: Theme, narrow: bool) -> go.Figure:
    """Return points and lines over two axes of numbers."""
    figure = base(theme, height=420 if narrow else 460, left=60)
    across, up = scales.axes(part)
    taken: list[tuple[float, float]] = []
    for one in sorted(part.series, key=lambda one: (not one.band, not one.line)):
        if one.line or one.band:
            _line(figure, one, theme)
        else:
            places = [(x / across.span, y / up.span) for x, y in zip(one.xs, one.ys, strict=True)]
            _points(figure, one, _named(one, places, taken), theme)
    marked(figure, up, False, theme)
    figure.update_xaxes(
        **ticks(across, percent=False),
        range=around(across),
        title={"text": plain(part.x_title), "font": {"size": 12}},
        gridcolor=theme.line,
        zeroline=across.low < 0,
        zerolinecolor=theme.muted,
        fixedrange=True,
        color=theme.muted,
    )
    figure.update_yaxes(title={"text": plain(part.y_title), "font": {"size": 12}})
    events(figure, part.events, theme)
    figure.update_layout(margin_b=44)
    legend(figure, reverse=False)
    return figure


def _line(figure: go.Figure, one: Dots, theme: Theme) -> None:
    colour = frame.colour(one.tone, theme)
    seen = {trace.name for trace in figure.data}
    figure.add_scatter(
        x=list(one.xs),
        y=list(one.ys),
        name=plain(one.name),
        showlegend=plain(one.name) not in seen,  # both limits of a range are one line of the legend
        mode="lines",
        fill="toself" if one.band else None,
        fillcolor=faint(colour, 0.16),
        line={
            "color": colour,
            "width": 0 if one.band else 1.4 if one.dash else 2.6,
            "dash": DASH[one.dash],
            "shape": "hv" if one.steps else "linear",
        },
        customdata=[plain(text) for text in one.hovers],
        hovertemplate="%{customdata}<extra></extra>" if one.hovers else None,
        hoverinfo=None if one.hovers else "skip",
    )


def _named(
    one: Dots, places: Sequence[tuple[float, float]], taken: list[tuple[float, float]]
) -> list[str] | None:
    """Return the points' names, those near one already written left out; None of the tones that are many."""
    if one.tone in ("accent", "muted"):
        return None
    names = []
    for (x, y), label in zip(places, one.labels, strict=True):
        free = all(abs(x - u) > APART[0] or abs(y - v) > APART[1] for u, v in taken)
        names.append(plain(label) if free and len(taken) < LABELLED else "")
        if names[-1]:
            taken.append((x, y))
    return names


def _points(figure: go.Figure, one: Dots, names: list[str] | None, theme: Theme) -> None:
    told = one.hovers or one.labels
    figure.add_scatter(
        x=list(one.xs),
        y=list(one.ys),
        name=plain(one.name),
        mode="markers" if names is None else "markers+text",
        text=names,
        textposition="top center",
        textfont={"size": 11},
        cliponaxis=False,
        marker={
            "color": frame.colour(one.tone, theme),
            "symbol": SYMBOLS.get(one.tone, "circle"),
            "size": 7 if names is None else 11,
            "line": {"width": 1, "color": theme.ground},
        },
        customdata=[plain(text) for text in told],
        hovertemplate="%{customdata}<extra></extra>",
    )
