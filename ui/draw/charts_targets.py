"""Charts of commitments: one promise with its projection, and all deadlines on one line of time."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Final

import pandas as pd
import plotly.graph_objects as go

from answers.colours import Theme
from ui.draw.charts import base

# A deadline "by 2030" is its last day: the year stands under the year's end, not under the day after it.
_YEAR_ENDS: Final[dict[str, str]] = {"tick0": "2000-12-31", "dtick": "M12"}


def outlook(
    *,
    observed: pd.DataFrame,
    ahead: pd.DataFrame,
    target: tuple[float, str],
    texts: Sequence[str],
    words: dict[str, str],
    theme: Theme,
) -> go.Figure:
    """Return at least one observation (date, value), the projection (date: value, low, high) and the target.

    ``texts`` say the observations, then the projected values; ``words``: observed, projected, range.
    """
    figure = go.Figure(layout=base(theme, height=320))
    if len(ahead) and ahead["low"].notna().any():
        days = [*ahead.index, *ahead.index[::-1]]
        figure.add_scatter(
            x=days,
            y=[*ahead["high"], *ahead["low"][::-1]],
            mode="lines",
            fill="toself",
            fillcolor=theme.line,
            line={"width": 0},
            opacity=0.7,
            hoverinfo="skip",
        )
    last = observed.tail(1)
    figure.add_scatter(
        x=[*last["date"], *ahead.index],
        y=[*last["value"], *ahead["value"]],
        mode="lines",
        line={"color": theme.muted, "width": 1.6, "dash": "dot"},
        customdata=[texts[len(observed) - 1], *texts[len(observed) :]],
        hovertemplate=f"%{{x|%Y}} · {words['projected']}: %{{customdata}}<extra></extra>",
    )
    figure.add_scatter(
        x=observed["date"],
        y=observed["value"],
        mode="lines+markers+text",
        text=["" for _ in range(len(observed) - 1)] + list(texts[len(observed) - 1 : len(observed)]),
        textposition="top center",
        customdata=list(texts[: len(observed)]),
        line={"color": theme.accent, "width": 2.6},
        marker={"size": 7},
        hovertemplate=f"%{{x|%Y}} · {words['observed']}: %{{customdata}}<extra></extra>",
    )
    value, label = target
    figure.add_hline(y=value, line={"color": theme.text, "width": 1.2, "dash": "dash"})
    first = observed["date"].min()
    figure.add_annotation(
        x=first, y=value, text=label, xanchor="left", yanchor="bottom", showarrow=False, font={"size": 12}
    )
    days = [*observed["date"], *ahead.index]
    margin = pd.Timedelta(days=150)
    figure.update_xaxes(
        range=[min(days) - margin, max(days) + margin],
        showgrid=False,
        fixedrange=True,
        color=theme.muted,
        tickformat="%Y",
        **_YEAR_ENDS,
    )
    figure.update_yaxes(gridcolor=theme.line, showticklabels=False, fixedrange=True, zeroline=False)
    return figure


def timeline(
    *,
    deadlines: Sequence[dt.date],
    rows: Sequence[float],
    symbols: Sequence[str],
    colours: Sequence[str],
    hovers: Sequence[str],
    today: tuple[dt.date, str],
    theme: Theme,
) -> go.Figure:
    """Return a mark per commitment at its deadline, stacked where several share one, and a line for today."""
    tallest = max(rows, default=0.0)
    figure = go.Figure(layout=base(theme, height=int(110 + 26 * (tallest + 1))))
    figure.add_scatter(
        x=list(deadlines),
        y=list(rows),
        mode="text",
        text=list(symbols),
        textfont={"size": 22, "color": list(colours)},
        customdata=list(hovers),
        hovertemplate="%{customdata}<extra></extra>",
    )
    day, label = today
    figure.add_vline(x=day.isoformat(), line={"color": theme.accent, "width": 1.4})
    figure.add_annotation(
        x=day.isoformat(),
        y=1,
        yref="paper",
        text=label,
        showarrow=False,
        xanchor="left",
        xshift=4,
        font={"size": 12, "color": theme.accent},
    )
    begin = min([*deadlines, day]) - dt.timedelta(days=200)
    end = max([*deadlines, day]) + dt.timedelta(days=250)
    figure.update_xaxes(
        range=[begin, end], showgrid=False, fixedrange=True, color=theme.muted, tickformat="%Y", **_YEAR_ENDS
    )
    figure.update_yaxes(visible=False, fixedrange=True, range=[-0.8, tallest + 1.2])
    return figure
