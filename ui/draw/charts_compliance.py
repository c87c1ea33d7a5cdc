"""Charts of the national criteria: pure builders in the manner of :mod:`ui.draw.charts`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from textwrap import wrap
from typing import Final

import plotly.graph_objects as go

from answers.colours import Theme
from ui.draw.charts import base

_VERDICTS: Final = ("met", "short", "unknown")


@dataclass(frozen=True)
class Promised:
    """A commitment on a chart: when, how much, its name, whether it is the place's own, whether it is kept."""

    year: int
    value: float
    label: str
    own: bool
    kept: bool


@dataclass(frozen=True)
class Ahead:
    """A projection: years with value, low and high; low and high are None where there is no range."""

    years: Sequence[int]
    values: Sequence[float]
    low: Sequence[float | None]
    high: Sequence[float | None]


def commitments(
    *,
    years: Sequence[int],
    values: Sequence[float],
    texts: Sequence[str],
    ahead: Ahead,
    promised: Sequence[Promised],
    pace_label: str,
    ahead_label: str,
    percent: Mapping[int, str],
    theme: Theme,
    narrow: bool = False,
    height: int = 360,
) -> go.Figure:
    """Return the share over years, the line it follows with its range, and each commitment with the pace to it.

    ``percent`` writes the ticks of the vertical axis; the axis begins below the smallest value, so that a
    few points stay visible. A ``narrow`` chart writes only the years that matter.
    """
    figure = go.Figure(layout=base(theme, height=height, left=44))
    _band(figure, ahead, years[-1], values[-1], ahead_label, theme)
    figure.add_scatter(
        x=list(years),
        y=list(values),
        mode="lines+markers+text",
        line={"color": theme.accent, "width": 2.8},
        marker={"size": 8},
        text=list(texts),
        textposition="top left",
        textfont={"color": theme.accent, "size": 12},
        hovertemplate="%{x}: %{text}<extra></extra>",
        cliponaxis=False,
    )
    for one in promised:
        _promise(figure, one, years[-1], values[-1], theme)
    low = min([*values, *(value for value in ahead.low if value is not None), *(p.value for p in promised)])
    floor = max(0, 10 * int(low // 10) - 5)
    ticks = [tick for tick in percent if tick >= floor]
    figure.update_yaxes(
        range=[floor, 106],
        tickvals=ticks,
        ticktext=[percent[tick] for tick in ticks],
        gridcolor=theme.line,
        zeroline=False,
        fixedrange=True,
    )
    last = max([years[-1], *ahead.years, *(one.year for one in promised)])
    written = {years[0], years[-1], *(one.year for one in promised)}
    figure.update_xaxes(
        range=[years[0] - (1.6 if narrow else 0.6), last + 0.6],
        tickvals=sorted(written) if narrow else list(range(years[0], last + 1)),
        tickangle=0,
        showgrid=False,
        fixedrange=True,
        color=theme.muted,
    )
    figure.add_annotation(
        x=0,
        y=-0.13,
        xref="paper",
        yref="paper",
        text=pace_label,
        showarrow=False,
        font={"size": 11},
        xanchor="left",
    )
    figure.update_layout(margin_b=52)
    return figure


def _promise(figure: go.Figure, one: Promised, year: int, value: float, theme: Theme) -> None:
    """Mark a commitment, and unless it is kept the pace from the last observation to it."""
    if not one.kept:
        figure.add_scatter(
            x=[year, one.year],
            y=[value, one.value],
            mode="lines",
            line={"color": theme.text, "width": 1.2, "dash": "dot"},
            hoverinfo="skip",
        )
    figure.add_scatter(
        x=[one.year],
        y=[one.value],
        mode="markers",
        marker={"symbol": "diamond", "size": 11 if one.own else 8, "color": theme.text},
        text=[one.label],
        hovertemplate="%{text}<extra></extra>",
    )
    figure.add_annotation(
        x=one.year,
        y=one.value,
        text=one.label,
        showarrow=False,
        xanchor="right" if one.year > year + 3 else "center",
        yanchor="bottom",
        yshift=7,
        font={"size": 11},
    )


def _band(figure: go.Figure, ahead: Ahead, year: int, value: float, label: str, theme: Theme) -> None:
    """Draw the projection from the last observation on, with its range where there is one."""
    if not ahead.years:
        return
    known = [i for i, low in enumerate(ahead.low) if low is not None]
    if known:
        xs = [ahead.years[i] for i in known]
        figure.add_scatter(
            x=[year, *xs, *reversed(xs), year],
            y=[value, *(ahead.high[i] for i in known), *(ahead.low[i] for i in reversed(known)), value],
            fill="toself",
            fillcolor=theme.accent,
            opacity=0.13,
            line={"width": 0},
            mode="lines",
            hoverinfo="skip",
        )
    figure.add_scatter(
        x=[year, *ahead.years],
        y=[value, *ahead.values],
        mode="lines",
        line={"color": theme.accent, "width": 1.6, "dash": "dash"},
        hoverinfo="skip",
    )
    at = len(ahead.years) // 2
    figure.add_annotation(
        x=ahead.years[at],
        y=ahead.low[at] if known else ahead.values[at],
        text=label,
        showarrow=False,
        yanchor="bottom" if known else "top",
        yshift=4 if known else -4,
        font={"color": theme.accent, "size": 11},
    )


def flow(
    *,
    years: Sequence[int],
    counts: Mapping[tuple[int, str, str], int],
    labels: Mapping[tuple[int, str], str],
    words: Mapping[tuple[str, str], str],
    theme: Theme,
    height: int = 340,
) -> go.Figure:
    """Return communes flowing between verdicts from year to year.

    ``counts`` by (first year, verdict then, verdict next); ``labels`` names each (year, verdict) with its
    count, ``words`` each change.
    """
    colours = {"met": theme.met, "short": theme.short, "unknown": theme.between}
    nodes = [(year, verdict) for year in years for verdict in _VERDICTS if (year, verdict) in labels]
    place = {node: i for i, node in enumerate(nodes)}
    links = [(key, count) for key, count in counts.items() if count]
    following = dict(pairwise(years))
    height_of = {"met": 0.25, "short": 0.8, "unknown": 0.96}
    figure = go.Figure(layout=base(theme, height=height))
    figure.add_sankey(
        arrangement="snap",
        node={
            "label": [labels[node] for node in nodes],
            "color": [colours[verdict] for _, verdict in nodes],
            "x": [0.001 + 0.998 * years.index(year) / max(len(years) - 1, 1) for year, _ in nodes],
            "y": [height_of[verdict] for _, verdict in nodes],
            "pad": 26,
            "thickness": 16,
            "line": {"width": 0},
            "hovertemplate": "%{label}<extra></extra>",
        },
        link={
            "source": [place[year, before] for (year, before, _), _ in links],
            "target": [place[following[year], after] for (year, _, after), _ in links],
            "value": [count for _, count in links],
            "color": [
                _faint(colours[after], 0.45 if before != after else 0.18) for (_, before, after), _ in links
            ],
            "customdata": [words[before, after] for (_, before, after), _ in links],
            "hovertemplate": "%{customdata}: %{value:.0f}<extra></extra>",
        },
        textfont={"color": theme.text, "size": 12, "shadow": "none"},
    )
    figure.update_layout(margin={"l": 8, "r": 8, "t": 12, "b": 30})
    return figure


def wrapped(name: str, width: int) -> str:
    """Return a name in lines of about so many characters, for an axis.

    >>> wrapped("3. Premises of the commune", 12)
    '3. Premises<br>of the<br>commune'
    """
    return "<br>".join(wrap(name, width))


def _row(names: Sequence[str], least: int) -> int:
    """Return how many pixels a row needs for the longest of its names."""
    lines = max((name.count("<br>") + 1 for name in names), default=1)
    return max(least, 17 * lines + 6)


def _faint(colour: str, opacity: float) -> str:
    red, green, blue = (int(colour[i : i + 2], 16) for i in (1, 3, 5))
    return f"rgba({red},{green},{blue},{opacity})"


def blockers(
    *,
    names: Sequence[str],
    alone: Sequence[int],
    others: Sequence[int],
    total_texts: Sequence[str],
    words: tuple[str, str],
    theme: Theme,
) -> go.Figure:
    """Return bars of the communes each part of the rule blocks: alone (dark), and together with others."""
    figure = go.Figure(layout=base(theme, height=70 + _row(names, 34) * len(names)))
    for values, word, colour in (
        (alone, words[0], theme.short),
        (others, words[1], _faint(theme.short, 0.4)),
    ):
        figure.add_bar(
            y=list(names),
            x=list(values),
            name=word,
            orientation="h",
            marker={"color": colour},
            hovertemplate=f"%{{y}} · {word}: %{{x:.0f}}<extra></extra>",
        )
    for name, one, both, text in zip(names, alone, others, total_texts, strict=True):
        figure.add_annotation(
            x=one + both, y=name, text=text, showarrow=False, xanchor="left", xshift=6, font={"size": 12}
        )
    _rows(figure)
    figure.update_layout(barmode="stack", bargap=0.35, margin_r=70, margin_t=34, **_legend())
    return figure


def _legend() -> dict[str, object]:
    return {
        "showlegend": True,
        "legend": {
            "orientation": "h",
            "traceorder": "reversed",
            "x": 0,
            "y": 1.0,
            "xanchor": "left",
            "yanchor": "bottom",
            "font": {"size": 12},
        },
    }


def _rows(figure: go.Figure) -> None:
    """Give horizontal bars their names at the left and no axis below."""
    figure.update_yaxes(autorange="reversed", fixedrange=True, ticksuffix="  ", automargin=True)
    figure.update_xaxes(visible=False, fixedrange=True, rangemode="tozero")


def combinations(
    *,
    parts: Sequence[str],
    sets: Sequence[Sequence[int]],
    counts: Sequence[int],
    texts: Sequence[str],
    theme: Theme,
) -> go.Figure:
    """Return an UpSet view: how many communes fail on exactly which parts of the rule together.

    Each column is one combination; ``sets`` holds the places in ``parts`` that it fails on.
    """
    rows, columns = len(parts), len(sets)
    below = _row(parts, 30) * rows
    figure = go.Figure(layout=base(theme, height=150 + below))
    figure.add_bar(
        x=list(range(columns)),
        y=list(counts),
        yaxis="y2",
        text=list(texts),
        textposition="outside",
        cliponaxis=False,
        marker={"color": theme.short},
        hoverinfo="skip",
        width=0.55,
    )
    grid = [(x, y) for x in range(columns) for y in range(rows)]
    figure.add_scatter(
        x=[x for x, _ in grid],
        y=[y for _, y in grid],
        mode="markers",
        marker={"size": 11, "color": [theme.short if y in sets[x] else theme.line for x, y in grid]},
        hoverinfo="skip",
    )
    for x, members in enumerate(sets):
        if len(members) > 1:
            figure.add_scatter(
                x=[x, x],
                y=[min(members), max(members)],
                mode="lines",
                line={"color": theme.short, "width": 3},
                hoverinfo="skip",
            )
    _panels(figure, parts, columns, max(counts, default=1), below)
    return figure


def _panels(figure: go.Figure, parts: Sequence[str], columns: int, most: int, below: int) -> None:
    """Put the bars of an UpSet view above its dots, which take ``below`` pixels."""
    rows = len(parts)
    top = below / (150 + below)
    figure.update_layout(
        yaxis={
            "domain": [0, top - 0.03],
            "tickvals": list(range(rows)),
            "ticktext": [f"{part}  " for part in parts],
            "range": [rows - 0.5, -0.5],
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


def profile(
    *,
    names: Sequence[str],
    own: Sequence[float | None],
    after: Sequence[float | None] | None,
    peers: Sequence[float | None],
    best: Sequence[float | None],
    texts: Mapping[str, Sequence[str]],
    words: Mapping[str, str],
    floor: float,
    floor_label: str,
    theme: Theme,
) -> go.Figure:
    """Return one commune's criteria in percent of their points, beside its peers and the best quarter.

    ``texts`` and ``words`` are keyed own, after, peers, best; a criterion below the floor is drawn in the
    colour of a shortage with another symbol.
    """
    figure = go.Figure(layout=base(theme, height=90 + _row(names, 38) * len(names)))
    below = [value is not None and value < floor for value in own]
    columns = {"best": best, "peers": peers, "after": after, "own": own}
    figure.add_vline(x=floor, line={"color": theme.short, "width": 1.2, "dash": "dot"})
    figure.add_annotation(
        x=floor,
        y=0,
        yref="paper",
        yanchor="top",
        yshift=-2,
        text=floor_label,
        showarrow=False,
        font={"size": 11},
    )
    for key, values in columns.items():
        if values is None:
            continue
        figure.add_scatter(
            x=list(values),
            y=list(names),
            mode="markers",
            name=words[key],
            marker=_marker(key, below, theme),
            text=list(texts[key]),
            hovertemplate=f"%{{y}}<br>{words[key]}: %{{text}}<extra></extra>",
            cliponaxis=False,
        )
    for name, one, text in zip(names, below, texts["own"], strict=True):
        font = {"size": 12, "color": theme.short if one else theme.text}
        figure.add_annotation(
            x=1, xref="paper", y=name, text=text, showarrow=False, xanchor="left", xshift=6, font=font
        )
    figure.update_yaxes(
        autorange="reversed", fixedrange=True, ticksuffix="  ", automargin=True, gridcolor=theme.line
    )
    figure.update_xaxes(range=[0, 103], showticklabels=False, showgrid=False, zeroline=False, fixedrange=True)
    figure.update_layout(margin_t=40, margin_r=58, **_legend())
    return figure


def _marker(key: str, below: Sequence[bool], theme: Theme) -> dict[str, object]:
    """Return what marks a commune's own points, those after a plan, its peers' and the best quarter's."""
    return {
        "best": {"symbol": "line-ns-open", "size": 15, "line": {"width": 2.5}, "color": theme.met},
        "peers": {"symbol": "diamond-open", "size": 10, "color": theme.between},
        "after": {"symbol": "circle-open", "size": 13, "color": theme.accent, "line": {"width": 2}},
        "own": {
            "symbol": ["triangle-down" if one else "circle" for one in below],
            "size": 13,
            "color": [theme.short if one else theme.accent for one in below],
        },
    }[key]


def curve(
    *,
    budgets: Sequence[float],
    values: Sequence[float],
    texts: Sequence[str],
    chosen: tuple[float, float, str],
    ticks: Mapping[float, str],
    y_ticks: Mapping[float, str],
    steps: bool,
    theme: Theme,
    height: int = 340,
) -> go.Figure:
    """Return what each budget achieves, with the chosen budget marked. ``steps``: one commune at a time."""
    figure = go.Figure(layout=base(theme, height=height, left=52))
    figure.add_scatter(
        x=list(budgets),
        y=list(values),
        mode="lines+markers" if len(budgets) <= 60 else "lines",
        line={"color": theme.accent, "width": 2.4, "shape": "hv" if steps else "linear"},
        marker={"size": 5},
        text=list(texts),
        hovertemplate="%{text}<extra></extra>",
    )
    low, high = min(values), max(values)
    _here(figure, chosen, budgets, low, theme)
    figure.update_xaxes(
        tickvals=list(ticks),
        ticktext=list(ticks.values()),
        showgrid=False,
        zeroline=False,
        fixedrange=True,
        color=theme.muted,
    )
    figure.update_yaxes(
        tickvals=list(y_ticks),
        ticktext=list(y_ticks.values()),
        gridcolor=theme.line,
        zeroline=False,
        fixedrange=True,
        range=[low - 0.06 * (high - low), high + 0.04 * (high - low)],
    )
    figure.update_layout(margin_t=26)
    return figure


def _here(
    figure: go.Figure,
    chosen: tuple[float, float, str],
    budgets: Sequence[float],
    floor: float,
    theme: Theme,
) -> None:
    """Mark the chosen budget on a curve."""
    x, y, label = chosen
    figure.add_scatter(
        x=[x],
        y=[y],
        mode="markers",
        marker={"size": 12, "color": theme.text, "symbol": "diamond"},
        hoverinfo="skip",
    )
    # the curve only rises: right of a point below it is free, but on the floor the axis' own numbers are there
    left = bool(budgets) and x > 0.55 * budgets[-1]
    above = left or y <= floor
    figure.add_annotation(
        x=x,
        y=y,
        text=label,
        showarrow=False,
        xanchor="right" if left else "left",
        xshift=-10 if left else 10,
        yanchor="bottom" if above else "top",
        yshift=8 if above else -6,
        font={"size": 12, "color": theme.text},
    )


def calendar(
    *,
    years: Sequence[int],
    spent: Sequence[float],
    spent_texts: Sequence[str],
    passing: Sequence[int],
    passing_texts: Sequence[str],
    words: tuple[str, str],
    theme: Theme,
    height: int = 320,
) -> go.Figure:
    """Return the money spent each year as bars below the communes that pass by each year's end."""
    figure = go.Figure(layout=base(theme, height=height))
    figure.add_bar(
        x=list(years),
        y=list(spent),
        name=words[0],
        text=list(spent_texts),
        textposition="outside",
        cliponaxis=False,
        marker={"color": theme.sequential[1]},
        hovertemplate=f"%{{x}} · {words[0]}: %{{text}}<extra></extra>",
        width=0.5,
    )
    figure.add_scatter(
        x=list(years),
        y=list(passing),
        name=words[1],
        yaxis="y2",
        mode="lines+markers+text",
        text=list(passing_texts),
        textposition="top center",
        line={"color": theme.accent, "width": 2.4},
        cliponaxis=False,
        hovertemplate=f"%{{x}} · {words[1]}: %{{text}}<extra></extra>",
    )
    span = max(passing) - min(passing) or 1
    figure.update_layout(
        yaxis={
            "domain": [0, 0.42],
            "visible": False,
            "fixedrange": True,
            "range": [0, 1.3 * max([*spent, 1])],
        },
        yaxis2={
            "domain": [0.5, 0.95],
            "visible": False,
            "fixedrange": True,
            "anchor": "x",
            "range": [min(passing) - 0.35 * span, max(passing) + 0.5 * span],
        },
        margin_t=36,
        **_legend(),
    )
    figure.update_xaxes(tickvals=list(years), showgrid=False, fixedrange=True, color=theme.muted)
    return figure
