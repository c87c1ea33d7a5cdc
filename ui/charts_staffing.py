"""The staffing page's own charts and its map of moves: pure builders, formatted text in, no Streamlit."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import pandas as pd
import plotly.graph_objects as go

from ui.charts import base
from ui.theme import Theme

LINES: Final = (("low_998", "dot"), ("low_95", "dash"), ("high_95", "dash"), ("high_998", "dot"))
SYMBOLS: Final = {
    "low": "triangle-down",
    "below": "triangle-down",
    "within": "circle",
    "at": "circle",
    "unjudged": "circle",
    "high": "triangle-up",
}


def against_norms(
    *,
    names: Sequence[str],
    existing: Sequence[float],
    low: Sequence[float],
    high: Sequence[float],
    texts: Sequence[str],
    theme: Theme,
    narrow: bool,
) -> go.Figure:
    """Return what is there as bars and what each norm asks for as a mark, a wider one where it is a range."""
    figure = go.Figure(layout=base(theme, height=70 + 58 * len(names)))
    figure.add_bar(
        y=list(names),
        x=list(existing),
        orientation="h",
        marker={"color": theme.accent},
        customdata=list(texts),
        hovertemplate="%{customdata}<extra></extra>",
    )
    for i, (first, last, text) in enumerate(zip(low, high, texts, strict=True)):
        box = {
            "xref": "x",
            "yref": "y",
            "y0": i - 0.36,
            "y1": i + 0.36,
            "line": {"width": 2, "color": theme.text},
        }
        figure.add_shape(type="rect", x0=first, x1=last, fillcolor=theme.muted, opacity=0.6, **box)
        figure.add_annotation(
            x=max(last, existing[i]),
            y=i,
            text=text,
            xanchor="left",
            xshift=8,
            showarrow=False,
            font={"size": 12},
        )
    figure.update_yaxes(autorange="reversed", fixedrange=True, ticksuffix="  ", automargin=True)
    top = max((*high, *existing), default=1)
    figure.update_xaxes(visible=False, fixedrange=True, range=[0, top * (3.2 if narrow else 1.45)])
    figure.update_layout(bargap=0.5)
    return figure


def funnel(
    *,
    points: pd.DataFrame,
    limits: pd.DataFrame,
    target: float,
    labels: dict[str, str],
    texts: Sequence[str],
    named: Sequence[str],
    axes: tuple[str, str],
    theme: Theme,
    height: int = 460,
) -> go.Figure:
    """Return a funnel plot: units by size and value, inside or outside the limits of chance.

    ``points`` has ``name``, ``denominator``, ``value`` and ``position``; ``named`` are the codes to label.
    ``labels`` names the lines: ``target``, ``95`` and ``998``; ``limits`` may have none. Beyond a limit, or below
    the norm, a point has a colour and a shape.
    """
    figure = go.Figure(layout=base(theme, height=height, left=56))
    for column, dash in LINES if len(limits.columns) else ():
        figure.add_scatter(
            x=limits.index,
            y=limits[column],
            mode="lines",
            line={"color": theme.muted, "width": 1.2, "dash": dash},
            hoverinfo="skip",
        )
    figure.add_hline(y=target, line={"color": theme.text, "width": 1})
    side = points["position"].str.split("_").str[0]
    plain = side.isin(["within", "at", "unjudged"])
    colours = side.map({"low": theme.short, "below": theme.short, "high": theme.met}).fillna(theme.muted)
    figure.add_scatter(
        x=points["denominator"],
        y=points["value"],
        mode="markers",
        marker={
            "color": list(colours),
            "symbol": list(side.map(SYMBOLS)),
            "size": [7 if calm else 11 for calm in plain],
            "line": {"width": 1, "color": theme.ground},
        },
        customdata=list(texts),
        hovertemplate="%{customdata}<extra></extra>",
    )
    for code in named:
        row = points.loc[code]
        figure.add_annotation(
            x=row["denominator"],
            y=row["value"],
            text=_plain(str(row["name"])),
            showarrow=False,
            yshift=13,
            font={"size": 11, "color": theme.text},
        )
    end = limits.index.max()
    ends = {"95": "high_95", "998": "high_998"} if len(limits.columns) else {}
    for text, y in (
        (labels["target"], target),
        *((labels[name], limits[column].iloc[-1]) for name, column in ends.items()),
    ):
        figure.add_annotation(
            x=end, y=y, text=text, xanchor="right", yanchor="bottom", showarrow=False, font={"size": 11}
        )
    figure.update_xaxes(
        title={"text": axes[0], "font": {"size": 12}},
        fixedrange=True,
        gridcolor=theme.line,
        showticklabels=False,
    )
    figure.update_yaxes(
        title={"text": axes[1], "font": {"size": 12}},
        fixedrange=True,
        gridcolor=theme.line,
        zeroline=False,
        showticklabels=False,
        rangemode="tozero",
    )
    figure.update_layout(margin_b=44)
    return figure


def axis_ticks(
    figure: go.Figure, *, x: Sequence[tuple[float, str]], y: Sequence[tuple[float, str]]
) -> go.Figure:
    """Write the ticks of both axes as formatted text and return the figure."""
    for update, ticks in ((figure.update_xaxes, x), (figure.update_yaxes, y)):
        update(
            tickvals=[value for value, _ in ticks], ticktext=[text for _, text in ticks], showticklabels=True
        )
    return figure


def lorenz(
    *, curve: pd.DataFrame, label: str, equal: str, axes: tuple[str, str], theme: Theme, height: int = 380
) -> go.Figure:
    """Return the Lorenz curve beside the line of equal shares."""
    figure = go.Figure(layout=base(theme, height=height, left=56))
    figure.add_scatter(
        x=[0, 1], y=[0, 1], mode="lines", line={"color": theme.muted, "dash": "dash"}, hoverinfo="skip"
    )
    figure.add_scatter(
        x=curve["people"],
        y=curve["amount"],
        mode="lines",
        fill="tonexty",
        fillcolor=f"rgba{_rgba(theme.accent, 0.14)}",
        line={"color": theme.accent, "width": 2.6},
        hoverinfo="skip",
    )
    figure.add_annotation(
        x=0.34, y=0.37, text=equal, showarrow=False, xanchor="right", font={"size": 12, "color": theme.muted}
    )
    figure.add_annotation(
        x=0.97, y=0.3, text=label, showarrow=False, xanchor="right", font={"size": 12, "color": theme.accent}
    )
    figure.update_xaxes(
        title={"text": axes[0], "font": {"size": 12}}, range=[0, 1], fixedrange=True, gridcolor=theme.line
    )
    figure.update_yaxes(
        title={"text": axes[1], "font": {"size": 12}}, range=[0, 1], fixedrange=True, gridcolor=theme.line
    )
    figure.update_layout(margin_b=44)
    return figure


def _rgb(colour: str) -> list[int]:
    return [int(colour[i : i + 2], 16) for i in (1, 3, 5)]


def _rgba(colour: str, opacity: float) -> tuple[float, ...]:
    return (*_rgb(colour), opacity)


def _plain(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;")
