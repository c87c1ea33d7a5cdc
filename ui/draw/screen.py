"""Charts on a page: the parts of a figure as plotly figures, every text written by the server.

An axis has its marks, or the values stand beside what shows them: never a bare grid. One line is named by the
title; several by a legend above.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import singledispatch
from textwrap import wrap
from typing import Any, Final

import plotly.graph_objects as go

from answers import format as fmt
from answers.colours import FONT, Theme
from answers.figure import Chart, Dots, Event, Scatter, Series, Tone
from ui.draw import frame, scales

MINIMUM_HEIGHT: Final = 240
LINES_HEIGHT: Final = 340
ROW: Final = 17
"""Pixels a line of a name is high."""
MOST_NAMES: Final = 12
"""Names of categories under a chart; of more, some."""
LABELLED: Final = 8
"""Points of one tone that are named on a scatter, first come."""
AIR: Final = 0.04
DASH: Final = {True: "dash", False: "solid"}
SYMBOLS: Final[dict[Tone, str]] = {
    "short": "triangle-down",
    "met": "triangle-up",
    "text": "diamond",
    "c1": "diamond",
}


def plain(text: str) -> str:
    """Return a text safe inside plotly's small HTML.

    >>> plain("a < b & %{x}")
    'a &lt; b &amp; % {x}'
    """
    return text.replace("&", "&amp;").replace("<", "&lt;").replace("%{", "% {").replace("\n", "<br>")


def wrapped(name: str, width: int) -> str:
    """Return a name in lines of about so many characters, for an axis.

    >>> wrapped("3. Premises of the commune", 12)
    '3. Premises<br>of the<br>commune'
    """
    return "<br>".join(plain(line) for line in wrap(name, width))


def base(theme: Theme, *, height: int, left: int = 8) -> go.Figure:
    """Return the empty figure every chart starts from."""
    return go.Figure(
        layout=go.Layout(
            height=max(height, MINIMUM_HEIGHT),
            margin={"l": left, "r": 16, "t": 10, "b": 28},
            font={"family": FONT, "size": 13, "color": theme.text},
            paper_bgcolor="rgba(0,0,0,0)",
            plot_bgcolor="rgba(0,0,0,0)",
            showlegend=False,
            hoverlabel={
                "font": {"family": FONT, "size": 13},
                "bgcolor": theme.surface,
                "bordercolor": theme.line,
            },
            dragmode=False,
        )
    )


@singledispatch
def drawn(part: Any, theme: Theme, narrow: bool) -> go.Figure:
    """Return a part of a figure as a plotly figure; ``narrow`` as a phone's window is."""
    raise TypeError(f"{type(part).__name__} is no chart")


@drawn.register
def _chart(part: Chart, theme: Theme, narrow: bool) -> go.Figure:
    return _KINDS[part.kind](part, theme, narrow)


# -- bars --------------------------------------------------------------------------------------------------


def _bars(part: Chart, theme: Theme, narrow: bool) -> go.Figure:
    """Return bars lying down from zero, in the order given, each with its value; a range is a mark across."""
    names = [wrapped(name, 20 if narrow else 40) for name in part.categories]
    shown = [one for one in part.series if not one.marks]
    figure = base(theme, height=60 + _row(names, 16 + 16 * len(shown)) * len(names))
    for one in shown:
        figure.add_bar(
            y=names,
            x=list(one.values),
            name=plain(one.name),
            orientation="h",
            text=[plain(text) for text in one.texts],
            textposition="outside",
            cliponaxis=False,
            marker={"color": _tones(one, theme)},
            customdata=_hovers(one),
            hovertemplate=_pointed("%{y}", one, part),
        )
    for one in part.series:
        if one.low:
            _ranges(figure, one, theme)
        elif one.marks:
            _ticked(figure, names, one, theme)
    _lying(figure, part, theme)
    figure.update_layout(bargap=0.35, barmode="group", margin_r=_room(part))
    if len(part.series) > 1:
        _legend(figure, reverse=False)
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
            customdata=_hovers(one),
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
    _legend(figure, reverse=False)
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
        customdata=_hovers(one),
        hovertemplate=f"%{{y}} · {plain(one.name)}: %{{customdata}}<extra></extra>",
        cliponaxis=False,
    )


def _ranges(figure: go.Figure, one: Series, theme: Theme) -> None:
    """Mark the range about each value of a bar; of marks alone with their texts behind it."""
    for i, (low, high) in enumerate(zip(one.low, one.high, strict=True)):
        if low is None or high is None:
            continue
        figure.add_shape(
            type="rect", x0=low, x1=high, y0=i - 0.36, y1=i + 0.36, fillcolor=theme.muted, opacity=0.6,
            line={"width": 2, "color": theme.text},
        )  # fmt: skip
        if one.marks:
            figure.add_annotation(
                x=high, y=i, text=plain(one.texts[i]), xanchor="left", xshift=8, showarrow=False,
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
            customdata=_hovers(one),
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
    _events(figure, part.events, theme)
    _legend(figure)
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
            mode="markers+text" if one.marks else "lines+markers+text",
            line={"color": colour, "width": 1.8 if one.dash else 2.6, "dash": DASH[one.dash]},
            marker={
                "size": _size(one, part),
                "symbol": "diamond" if one.marks else "circle",
                "color": colour,
            },
            text=texts,
            textposition="top center",
            textfont={"color": colour, "size": 12},
            cliponaxis=False,
            customdata=_hovers(one),
            hovertemplate=_pointed(None, one, part),
        )
    _named_below(figure, part, theme, narrow)
    axis = _amounts(part)
    _marked(figure, axis, part.percent, theme)
    _events(figure, part.events, theme)
    if len(part.series) > 1:
        _legend(figure, reverse=False)
    return figure


def _amounts(part: Chart) -> scales.Axis:
    known = [v for one in part.series for v in (*one.values, *one.low, *one.high) if v is not None] or [0.0]
    return scales.scale(known, whole=part.decimals == 0 and not part.percent, percent=part.percent)


def _size(one: Series, part: Chart) -> int:
    if one.marks:
        return 11
    return 0 if part.dense or one.dash else 7


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


# -- scatters ------------------------------------------------------------------------------------------------


@drawn.register
def _scatter(part: Scatter, theme: Theme, narrow: bool) -> go.Figure:
    """Return points and lines over two axes of numbers."""
    figure = base(theme, height=420 if narrow else 460, left=60)
    across, up = scales.axes(part)
    for one in sorted(part.series, key=lambda one: (not one.band, not one.line)):
        (_line if one.line or one.band else _points)(figure, one, theme)
    _marked(figure, up, False, theme)
    figure.update_xaxes(
        **_ticks(across, percent=False),
        range=_around(across),
        title={"text": plain(part.x_title), "font": {"size": 12}},
        gridcolor=theme.line,
        zeroline=across.low < 0,
        zerolinecolor=theme.muted,
        fixedrange=True,
        color=theme.muted,
    )
    figure.update_yaxes(title={"text": plain(part.y_title), "font": {"size": 12}})
    _events(figure, part.events, theme)
    figure.update_layout(margin_b=44)
    _legend(figure, reverse=False)
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


def _points(figure: go.Figure, one: Dots, theme: Theme) -> None:
    told = one.hovers or one.labels
    named = one.tone not in ("accent", "muted")
    figure.add_scatter(
        x=list(one.xs),
        y=list(one.ys),
        name=plain(one.name),
        mode="markers+text" if named else "markers",
        text=[plain(text) if i < LABELLED else "" for i, text in enumerate(one.labels)] if named else None,
        textposition="top center",
        textfont={"size": 11},
        cliponaxis=False,
        marker={
            "color": frame.colour(one.tone, theme),
            "symbol": SYMBOLS.get(one.tone, "circle"),
            "size": 11 if named else 7,
            "line": {"width": 1, "color": theme.ground},
        },
        customdata=[plain(text) for text in told],
        hovertemplate="%{customdata}<extra></extra>",
    )


# -- what they share -----------------------------------------------------------------------------------------


def _marked(figure: go.Figure, axis: scales.Axis, percent: bool, theme: Theme) -> None:
    """Give the upright axis its marks, written by the server."""
    figure.update_yaxes(
        **_ticks(axis, percent=percent),
        range=_around(axis),
        gridcolor=theme.line,
        zeroline=axis.low < 0,
        zerolinecolor=theme.muted,
        fixedrange=True,
        color=theme.muted,
    )


def _ticks(axis: scales.Axis, *, percent: bool) -> dict[str, Any]:
    write: Callable[[float, int], str] = fmt.percent if percent else fmt.number
    return {"tickvals": list(axis.marks), "ticktext": [write(mark, axis.decimals) for mark in axis.marks]}


def _around(axis: scales.Axis) -> list[float]:
    """Return the ends of an axis with room for what stands on its last mark."""
    return [axis.low - AIR * axis.span, axis.high + 2 * AIR * axis.span]


def _events(figure: go.Figure, events: Sequence[Event], theme: Theme) -> None:
    for one in events:
        figure.add_vline(x=one.at, line={"color": theme.muted, "width": 1, "dash": "dot"})
        figure.add_annotation(
            x=one.at, y=1, yref="paper", yanchor="top", text=plain(one.text), showarrow=False, xanchor="left",
            xshift=4, font={"size": 11}, bgcolor=theme.ground,
        )  # fmt: skip


def _legend(figure: go.Figure, *, reverse: bool = True) -> None:
    figure.update_layout(
        showlegend=True,
        legend={
            "orientation": "h",
            "traceorder": "reversed" if reverse else "normal",
            "x": 0,
            "y": 1.0,
            "xanchor": "left",
            "yanchor": "bottom",
            "font": {"size": 12},
            "itemclick": False,
            "itemdoubleclick": False,
        },
        margin_t=56,
    )


def _tones(one: Series, theme: Theme) -> Any:
    return [frame.colour(tone, theme) for tone in one.tones] if one.tones else frame.colour(one.tone, theme)


def _hovers(one: Series) -> list[str]:
    return [plain(text) for text in one.hovers or one.texts]


def _pointed(axis: str | None, one: Series, part: Chart) -> str | list[str]:
    """Return what is said of a value pointed at: its category, its series where there are several, its text."""
    several = f" · {plain(one.name)}" if len(part.series) > 1 else ""
    if axis == "%{y}":
        return f"{axis}{several}: %{{customdata}}<extra></extra>"
    return [f"{plain(name)}{several}: %{{customdata}}<extra></extra>" for name in part.categories]


def faint(colour: str, opacity: float) -> str:
    """Return a colour seen through.

    >>> faint("#ff0000", 0.5)
    'rgba(255,0,0,0.5)'
    """
    red, green, blue = (int(colour[i : i + 2], 16) for i in (1, 3, 5))
    return f"rgba({red},{green},{blue},{opacity})"


_KINDS: Final[dict[str, Callable[[Chart, Theme, bool], go.Figure]]] = {
    "bars": _bars,
    "rows": _rows,
    "stacked": _columns,
    "lines": _lines,
}
