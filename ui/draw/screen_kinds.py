"""What only a screen draws: flows between times, things had together, dated things on a line of time."""

from __future__ import annotations

import datetime as dt
from typing import Final

import plotly.graph_objects as go

from answers.colours import Theme
from answers.figure import Flow, Sets, Timeline
from ui.draw import frame
from ui.draw.screen_base import base, drawn, faint, plain, wrapped

# A deadline "by 2030" is its last day: the year stands under the year's end, not under the day after it.
_YEAR_ENDS: Final[dict[str, str]] = {"tick0": "2000-12-31", "dtick": "M12"}
_ABOVE: Final = 150
"""Pixels of the columns over the dots of combinations."""


@drawn.register
def flow(part: Flow, theme: Theme, narrow: bool) -> go.Figure:
    """Return how many went from which standing to which, from time to time; a phone sees the last step."""
    last = max(node.column for node in part.nodes)
    first = last - 1 if narrow else 0
    kept = [i for i, node in enumerate(part.nodes) if node.column >= first]
    links = [link for link in part.links if link[0] in kept and link[1] in kept]
    place = {i: at for at, i in enumerate(kept)}
    nodes = [part.nodes[i] for i in kept]
    figure = base(theme, height=340)
    figure.add_sankey(
        arrangement="snap",
        node={
            "label": [plain(node.name) for node in nodes],
            "color": [frame.colour(node.tone, theme) for node in nodes],
            "x": [0.001 + 0.998 * (node.column - first) / max(last - first, 1) for node in nodes],
            "y": [{"met": 0.25, "short": 0.8}.get(node.tone, 0.96) for node in nodes],
            "pad": 26,
            "thickness": 16,
            "line": {"width": 0},
            "hovertemplate": "%{label}<extra></extra>",
        },
        link={
            "source": [place[link[0]] for link in links],
            "target": [place[link[1]] for link in links],
            "value": [link[2] for link in links],
            "color": [
                faint(
                    frame.colour(part.nodes[link[1]].tone, theme),
                    0.18 if part.nodes[link[0]].tone == part.nodes[link[1]].tone else 0.45,
                )
                for link in links
            ],
            "customdata": [plain(link[3]) for link in links],
            "hovertemplate": "%{customdata}<extra></extra>",
        },
        textfont={"color": theme.text, "size": 12, "shadow": "none"},
    )
    figure.update_layout(margin={"l": 8, "r": 8, "t": 12, "b": 30})
    return figure


@drawn.register
def sets(part: Sets, theme: Theme, narrow: bool) -> go.Figure:
    """Return columns of how many over dots of what they have together."""
    names = [wrapped(name, 20 if narrow else 40) for name in part.parts]
    below = max(30, 17 * max(name.count("<br>") + 1 for name in names) + 6) * len(names)
    colour = frame.colour(part.tone, theme)
    figure = base(theme, height=_ABOVE + below)
    figure.add_bar(
        x=list(range(len(part.sets))),
        y=list(part.counts),
        yaxis="y2",
        text=[plain(text) for text in part.texts],
        textposition="outside",
        cliponaxis=False,
        marker={"color": colour},
        hoverinfo="skip",
        width=0.55,
    )
    grid = [(x, y) for x in range(len(part.sets)) for y in range(len(names))]
    figure.add_scatter(
        x=[x for x, _ in grid],
        y=[y for _, y in grid],
        mode="markers",
        marker={"size": 11, "color": [colour if y in part.sets[x] else theme.line for x, y in grid]},
        hoverinfo="skip",
    )
    for x, members in enumerate(part.sets):
        if len(members) > 1:
            figure.add_scatter(
                x=[x, x], y=[min(members), max(members)], mode="lines", line={"color": colour, "width": 3},
                hoverinfo="skip",
            )  # fmt: skip
    _panels(figure, names, len(part.sets), max(part.counts, default=1), below)
    return figure


def _panels(figure: go.Figure, names: list[str], columns: int, most: int, below: int) -> None:
    """Put the columns above the dots, which take ``below`` pixels."""
    top = below / (_ABOVE + below)
    figure.update_layout(
        yaxis={
            "domain": [0, top - 0.03],
            "tickvals": list(range(len(names))),
            "ticktext": [f"{name}  " for name in names],
            "range": [len(names) - 0.5, -0.5],
            "showgrid": False,
            "zeroline": False,
            "fixedrange": True,
            "automargin": True,
        },
        yaxis2={
            "domain": [top, 0.97],
            "anchor": "x",
            "visible": False,
            "range": [0, 1.2 * most],
            "fixedrange": True,
        },
        xaxis={"visible": False, "range": [-0.6, max(columns, 6) - 0.4], "fixedrange": True},
        margin_b=8,
    )


@drawn.register
def timeline(part: Timeline, theme: Theme, narrow: bool) -> go.Figure:
    """Return a symbol per dated thing, stacked where several share a day, a line for today, and the key."""
    tallest = max((mark.row for mark in part.marks), default=0)
    figure = base(theme, height=int(110 + 26 * (tallest + 1)))
    figure.add_scatter(
        x=[mark.day for mark in part.marks],
        y=[mark.row for mark in part.marks],
        mode="text",
        text=[mark.symbol for mark in part.marks],
        textfont={"size": 22, "color": [frame.colour(mark.tone, theme) for mark in part.marks]},
        customdata=[plain(mark.hover) for mark in part.marks],
        hovertemplate="%{customdata}<extra></extra>",
    )
    day, label = part.today
    figure.add_vline(x=day.isoformat(), line={"color": theme.accent, "width": 1.4})
    figure.add_annotation(
        x=day.isoformat(), y=1, yref="paper", text=plain(label), showarrow=False, xanchor="left", xshift=4,
        font={"size": 12, "color": theme.accent},
    )  # fmt: skip
    days = [*(mark.day for mark in part.marks), day]
    figure.update_xaxes(
        range=[min(days) - dt.timedelta(days=200), max(days) + dt.timedelta(days=250)],
        showgrid=False,
        fixedrange=True,
        color=theme.muted,
        tickformat="%Y",
        **_YEAR_ENDS,
    )
    figure.update_yaxes(visible=False, fixedrange=True, range=[-0.8, tallest + 1.2])
    words = (" " * 6).join(f"{symbol} {plain(word)}" for symbol, word in part.key)
    figure.add_annotation(
        x=0, y=0, xref="paper", yref="paper", yshift=-30, text=words, showarrow=False, xanchor="left",
        yanchor="top", font={"size": 12},
    )  # fmt: skip
    figure.update_layout(margin_b=64)
    return figure
