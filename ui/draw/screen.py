"""Charts on a page: the parts of a figure as plotly figures, every text written by the server.

An axis has its marks, or the values stand beside what shows them: never a bare grid. One line is named by the
title; several by a legend above.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

import plotly.graph_objects as go

from answers import format as fmt
from answers.colours import Theme
from answers.figure import Chart, Series
from ui.draw import frame, scales, screen_kinds, screen_scatter  # noqa: F401  # they add their kinds to ``drawn``
from ui.draw.screen_base import (
    DASH,
    base,
    drawn,
    events,
    faint,
    hovers,
    legend,
    marked,
    plain,
    tones,
    wrapped,
)

LINES_HEIGHT: Final = 340
ROW: Final = 17
"""Pixels a line of a name is high."""
MOST_NAMES: Final = 12
"""Names of categories under a chart; of more, some."""


@drawn.register
def _chart(part: Chart, theme: Theme, narrow: bool) -> go.Figure:
    return _KINDS[part.kind](part, theme, narrow)


# -- bars --------------------------------------------------------------------------------------------------


def _bars(part: Chart, theme: Theme, narrow: bool) -> go.Figure:
    """Return bars lying down from zero, in the order given, each with its value; a range is a mark across."""
    names = [wrapped(name, 20 if narrow else 40) for name in part.categories]
    shown = [one for one in part.series if not one.marks]
    # Where a range is marked across the bars, its text says both: the bar's own would lie under it.
    told = any(one.marks and one.low for one in part.series)
    figure = base(theme, height=60 + _row(names, 16 + 16 * len(shown)) * len(names))
    for one in shown:
        figure.add_bar(
            y=names,
            x=list(one.values),
            name=plain(one.name),
            orientation="h",
            text=None if told else [plain(text) for text in one.texts],
            textposition="outside",
            cliponaxis=False,
            marker={"color": tones(one, theme)},
            customdata=hovers(one),
            hovertemplate=_pointed("%{y}", one, part),
        )
    for one in part.series:
        if one.low:
            _ranges(figure, one, [bar.values for bar in shown], theme)
        elif one.marks:
            _ticked(figure, names, one, theme)
    _lying(figure, part, theme)
    figure.update_layout(bargap=0.35, barmode="group", margin_r=_room(part))
    if len(part.series) > 1:
        legend(figure, reverse=False)
    return figure


def _rows(part: Chart, theme: Theme, narrow: bool) -> go.Figure:
    """Return stacked parts lying down, the sum of each row at its end."""
    names = [wrapped(name, 20 if narrow else 40) for name in part.categories]
    figure = base(theme, height=70 + _row(names, 34) * len(names))
    for one in part.series:
        if not any(one.values):
            continue
        figure.add_bar(
            y=names,
            x=list(one.values),
            name=plain(one.name),
            orientation="h",
            marker={"color": frame.colour(one.tone, theme), "opacity": 0.45 if one.dash else 1},
            customdata=hovers(one),
            hovertemplate=_pointed("%{y}", one, part),
        )
    totals = [sum(one.values[i] or 0 for one in part.series) for i in range(len(names))]
    for name, total in zip(names, totals, strict=True):
        figure.add_annotation(
            x=total, y=name, text=fmt.number(total, part.decimals), showarrow=False, xanchor="left", xshift=6,
            font={"size": 12},
        )  # fmt: skip
    _lying(figure, part, theme)
    figure.update_layout(barmode="stack", bargap=0.35, margin_r=56)
    legend(figure, reverse=False)
    return figure


def _ticked(figure: go.Figure, names: Sequence[str], one: Series, theme: Theme) -> None:
    """Put a mark across each bar at the values of another series."""
    figure.add_scatter(
        x=list(one.values),
        y=list(names),
        name=plain(one.name),
        mode="markers",
        marker={
            "symbol": "line-ns-open",
            "size": 16,
            "line": {"width": 2.5},
            "color": frame.colour(one.tone, theme),
        },
        customdata=hovers(one),
        hovertemplate=f"%{{y}} · {plain(one.name)}: %{{customdata}}<extra></extra>",
        cliponaxis=False,
    )


def _ranges(figure: go.Figure, one: Series, bars: Sequence[Sequence[float | None]], theme: Theme) -> None:
    """Mark the range about each value of a bar; of marks alone with their texts behind bar and range."""
    for i, (low, high) in enumerate(zip(one.low, one.high, strict=True)):
        if low is None or high is None:
            continue
        figure.add_shape(
            type="rect", x0=low, x1=high, y0=i - 0.36, y1=i + 0.36, fillcolor=theme.muted, opacity=0.6,
            line={"width": 2, "color": theme.text},
        )  # fmt: skip
        if one.marks:
            figure.add_annotation(
                x=max(high, *(bar[i] or 0 for bar in bars)), y=i, text=plain(one.texts[i]),
                xanchor="left", xshift=8, showarrow=False,
                font={"size": 12},
            )  # fmt: skip


def _lying(figure: go.Figure, part: Chart, theme: Theme) -> None:
    """Give bars their names at the left and no axis of amounts, for their values stand beside them."""
    known = [v for one in part.series for v in (*one.values, *one.low, *one.high) if v is not None]
    figure.update_yaxes(autorange="reversed", fixedrange=True, ticksuffix="  ", automargin=True)
    figure.update_xaxes(visible=False, fixedrange=True, rangemode="tozero", zeroline=False)
    if known and min(known) < 0 < max(known):
        figure.add_vline(x=0, line={"color": theme.muted, "width": 1})
    if part.floor is not None:
        value, words = part.floor
        figure.add_vline(x=value, line={"color": theme.text, "width": 1, "dash": "dot"})
        figure.add_annotation(
            x=value, y=1, yref="paper", yanchor="bottom", text=plain(words), showarrow=False,
            font={"size": 11},
        )  # fmt: skip
        figure.update_layout(margin_t=30)


def _row(names: Sequence[str], least: int) -> int:
    """Return how many pixels a row needs for the longest of its names."""
    return max(least, ROW * max((name.count("<br>") + 1 for name in names), default=1) + 6)


def _room(part: Chart) -> int:
    """Return how many pixels the longest text beside a bar takes."""
    return 20 + 7 * max((len(text) for one in part.series for text in one.texts), default=0)


# -- columns and lines ---------------------------------------------------------------------------------------


def _columns(part: Chart, theme: Theme, narrow: bool) -> go.Figure:
    """Return stacked columns, each with its sum above it."""
    figure = base(theme, height=LINES_HEIGHT)
    at = list(range(len(part.categories)))
    for one in part.series:
        figure.add_bar(
            x=at,
            y=list(one.values),
            name=plain(one.name),
            text=[plain(text) if value else "" for text, value in zip(one.texts, one.values, strict=True)],
            textposition="inside",
            insidetextanchor="middle",
            textfont={"color": frame.ink(frame.colour(one.tone, theme))},
            marker={"color": frame.colour(one.tone, theme)},
            customdata=hovers(one),
            hovertemplate=_pointed("%{x}", one, part),
        )
    for i in at:
        total = sum(one.values[i] or 0 for one in part.series)
        if sum(bool(one.values[i]) for one in part.series) > 1:
            figure.add_annotation(
                x=i, y=total, text=fmt.number(total, part.decimals), showarrow=False, yanchor="bottom"
            )
    _named_below(figure, part, theme, narrow)
    figure.update_yaxes(visible=False, fixedrange=True, rangemode="tozero")
    figure.update_layout(barmode="stack", bargap=0.35)
    events(figure, part.events, theme)
    legend(figure)
    return figure


def _lines(part: Chart, theme: Theme, narrow: bool) -> go.Figure:
    """Return lines over the categories on an axis with its marks, the values written where there is room."""
    figure = base(theme, height=LINES_HEIGHT, left=52)
    at = list(range(len(part.categories)))
    for one in part.series:
        if one.low:
            _band(figure, one, theme)
    for one in part.series:
        colour = frame.colour(one.tone, theme)
        texts = [plain(text) if i in _written(one, part) else "" for i, text in enumerate(one.texts)]
        figure.add_scatter(
            x=at,
            y=list(one.values),
            name=plain(one.name),
            mode=_mode(one, part),
            line={"color": colour, "width": 1.8 if one.dash else 2.6, "dash": DASH[one.dash]},
            marker={
                "size": 11 if one.marks else 7,
                "symbol": "diamond" if one.marks else "circle",
                "color": colour,
            },
            text=texts,
            textposition="top center",
            textfont={"color": colour, "size": 12},
            cliponaxis=False,
            customdata=hovers(one),
            hovertemplate=_pointed(None, one, part),
        )
    _named_below(figure, part, theme, narrow)
    axis = amounts(part)
    marked(figure, axis, part.percent, theme)
    events(figure, part.events, theme)
    if len(part.series) > 1:
        legend(figure, reverse=False)
    return figure


def amounts(part: Chart) -> scales.Axis:
    """Return the axis of what a chart's bars or lines amount to."""
    known = [v for one in part.series for v in (*one.values, *one.low, *one.high) if v is not None] or [0.0]
    return scales.scale(known, whole=part.decimals == 0 and not part.percent, percent=part.percent)


def _mode(one: Series, part: Chart) -> str:
    if one.marks:
        return "markers+text"
    return "lines+text" if part.dense or one.dash else "lines+markers+text"


def _written(one: Series, part: Chart) -> set[int]:
    """Return the points whose values are written: the last of a dashed or dense line, else all where few."""
    known = [i for i, value in enumerate(one.values) if value is not None]
    if one.marks:
        return set(known)
    everyone = not part.dense and not one.dash and len(known) <= MOST_NAMES and one is part.series[0]
    return set(known if everyone else known[-1:])


def _band(figure: go.Figure, one: Series, theme: Theme) -> None:
    """Fill the range along a line where there is one."""
    known = [i for i, low in enumerate(one.low) if low is not None]
    figure.add_scatter(
        x=[*known, *reversed(known)],
        y=[*(one.high[i] for i in known), *(one.low[i] for i in reversed(known))],
        fill="toself",
        fillcolor=faint(frame.colour(one.tone, theme), 0.16),
        line={"width": 0},
        mode="lines",
        hoverinfo="skip",
        showlegend=False,
    )


def _named_below(figure: go.Figure, part: Chart, theme: Theme, narrow: bool) -> None:
    most = MOST_NAMES // 2 if narrow else MOST_NAMES
    step = -(-len(part.categories) // most)
    shown = [i for i in range(len(part.categories)) if i % step == 0]
    figure.update_xaxes(
        tickvals=shown,
        ticktext=[wrapped(part.categories[i], 14) for i in shown],
        range=[-0.5, len(part.categories) - 0.5],
        tickangle=0,
        showgrid=False,
        zeroline=False,
        fixedrange=True,
        color=theme.muted,
        automargin=True,
    )


def _pointed(axis: str | None, one: Series, part: Chart) -> str | list[str]:
    """Return what is said of a value pointed at: its category, its series where there are several, its text."""
    several = f" · {plain(one.name)}" if len(part.series) > 1 else ""
    if axis == "%{y}":
        return f"{axis}{several}: %{{customdata}}<extra></extra>"
    return [f"{plain(name)}{several}: %{{customdata}}<extra></extra>" for name in part.categories]


_KINDS: Final[dict[str, Callable[[Chart, Theme, bool], go.Figure]]] = {
    "bars": _bars,
    "rows": _rows,
    "stacked": _columns,
    "lines": _lines,
}
