"""Charts as plotly figures: pure builders, formatted text in, no Streamlit.

Every builder takes its colours from a theme and shows server-formatted text, so that what a chart says is what
an export says.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import plotly.graph_objects as go

from answers.colours import FONT, Theme

REFORM: Final = 2025.5
MINIMUM_HEIGHT: Final = 240


def base(theme: Theme, *, height: int, title: str = "", left: int = 8) -> go.Layout:
    """Return the layout every chart starts from."""
    return go.Layout(
        height=max(height, MINIMUM_HEIGHT),
        margin={"l": left, "r": 16, "t": 34 if title else 10, "b": 28},
        title={
            "text": title,
            "font": {"size": 14, "color": theme.text},
            "x": 0,
            "xanchor": "left",
            "y": 0.985,
        },
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


def trend(
    *,
    years: Sequence[int],
    series: Sequence[tuple[str, Sequence[float | None], Sequence[str]]],
    theme: Theme,
    title: str,
    reform_label: str,
    target: tuple[float, str] | None = None,
    zero: bool = False,
    height: int = 300,
) -> go.Figure:
    """Return lines over years, labelled at their ends, with a mark where communes were merged.

    ``series`` holds (name, values, formatted values); the first is the one the reader asked for.
    """
    figure = go.Figure(layout=base(theme, height=height, title=title))
    for i, (name, values, texts) in enumerate(series):
        colour = theme.accent if i == 0 else theme.muted
        figure.add_scatter(
            x=list(years),
            y=list(values),
            customdata=list(texts),
            name=name,
            mode="lines+markers",
            line={"color": colour, "width": 2.6 if i == 0 else 1.4},
            marker={"size": 7 if i == 0 else 4},
            hovertemplate=f"%{{x}} · {_plain(name)}: %{{customdata}}<extra></extra>",
        )
        known = [j for j, value in enumerate(values) if value is not None]
        if known:
            figure.add_annotation(
                x=years[known[-1]],
                y=values[known[-1]],
                text=f"{_plain(name)} {texts[known[-1]]}",
                xanchor="right",
                yanchor="bottom" if i == 0 else "top",
                yshift=6 if i == 0 else -6,
                showarrow=False,
                font={"color": colour, "size": 12},
            )
    if target is not None:
        value, label = target
        figure.add_hline(y=value, line={"color": theme.text, "width": 1, "dash": "dot"})
        figure.add_annotation(
            x=years[0],
            y=value,
            text=label,
            xanchor="left",
            yanchor="bottom",
            showarrow=False,
            font={"size": 11},
        )
    if years[-1] > REFORM:
        figure.add_vline(x=REFORM, line={"color": theme.muted, "width": 1, "dash": "dash"})
        figure.add_annotation(
            x=REFORM, y=1, yref="paper", text=reform_label, showarrow=False, xanchor="left", font={"size": 11}
        )
    figure.update_xaxes(tickvals=list(years), showgrid=False, fixedrange=True, color=theme.muted)
    figure.update_yaxes(
        showgrid=True,
        gridcolor=theme.line,
        showticklabels=False,
        fixedrange=True,
        zeroline=False,
        rangemode="tozero" if zero else "normal",
    )
    return figure


def bars(
    *,
    names: Sequence[str],
    values: Sequence[float | None],
    texts: Sequence[str],
    theme: Theme,
    title: str,
    colours: Sequence[str] | None = None,
    height: int | None = None,
) -> go.Figure:
    """Return horizontal bars from a zero baseline, in the order given, each with its formatted value."""
    layout = base(theme, height=height or 60 + 30 * len(names), title=title)
    figure = go.Figure(layout=layout)
    figure.add_bar(
        y=list(names),
        x=list(values),
        orientation="h",
        text=list(texts),
        textposition="outside",
        cliponaxis=False,
        marker={"color": list(colours) if colours else theme.accent},
        hovertemplate="%{y}: %{text}<extra></extra>",
    )
    figure.update_yaxes(autorange="reversed", fixedrange=True, ticksuffix="  ", automargin=True)
    figure.update_xaxes(visible=False, fixedrange=True, rangemode="tozero")
    figure.update_layout(bargap=0.35, margin_r=64)
    return figure


def _plain(text: str) -> str:
    """Return a name safe inside plotly's small HTML."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace("%{", "% {")
