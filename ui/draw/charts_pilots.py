"""Charts of the clinics: the roll-out, series about the opening, the event study, placebos, people reached by k."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from answers.colours import Theme
from answers.pilots.figures import stacked
from ui.draw.charts import base

TICKS = 6


def rollout(
    *,
    days: Sequence[pd.Timestamp],
    values: Sequence[float],
    texts: Sequence[str],
    plan: Sequence[bool],
    theme: Theme,
) -> go.Figure:
    """Return published numbers of clinics as points on a line; what is planned is hollow, and dashed to."""
    figure = go.Figure(layout=base(theme, height=300))
    for i in range(1, len(days)):
        figure.add_scatter(
            x=[days[i - 1], days[i]],
            y=[values[i - 1], values[i]],
            mode="lines",
            line={"color": theme.accent, "width": 2.4, "dash": "dot" if plan[i] else "solid"},
            hoverinfo="skip",
        )
    figure.add_scatter(
        x=list(days),
        y=list(values),
        mode="markers+text",
        text=list(texts),
        textposition="top left",
        textfont={"size": 12, "color": theme.text},
        marker={
            "size": 12,
            "color": [theme.ground if one else theme.accent for one in plan],
            "line": {"width": 2.4, "color": theme.accent},
        },
        cliponaxis=False,
        hoverinfo="skip",
    )
    air = pd.Timedelta(days=150)
    figure.update_xaxes(
        range=[min(days) - air, max(days) + air],
        showgrid=False,
        fixedrange=True,
        color=theme.muted,
        tickformat="%m/%Y",
        nticks=TICKS,
    )
    figure.update_yaxes(
        range=[0, max(values) * 1.3],
        gridcolor=theme.line,
        fixedrange=True,
        zeroline=False,
        showticklabels=False,
    )
    return figure


def about_opening(
    *,
    periods: pd.PeriodIndex,
    lines: Sequence[tuple[str, Sequence[float | None], Sequence[str]]],
    opened: pd.Timestamp,
    opened_label: str,
    number: Callable[[float], str],
    theme: Theme,
) -> go.Figure:
    """Return series by period, named at their ends, with a line where the clinics opened.

    ``lines``: name, values, formatted values; the first is the clinics', drawn strongest.
    """
    figure = go.Figure(layout=base(theme, height=330, left=48))
    days = periods.start_time
    for i, (name, values, texts) in enumerate(lines):
        colour = theme.accent if i == 0 else theme.muted
        figure.add_scatter(
            x=days,
            y=list(values),
            mode="lines",
            line={"color": colour, "width": 2.6 if i == 0 else 1.8, "dash": "solid" if i == 0 else "dash"},
            customdata=list(texts),
            hovertemplate=f"%{{x|%m/%Y}} · {_plain(name)}: %{{customdata}}<extra></extra>",
        )
    _label_ends(figure, days, lines, theme)
    figure.add_vline(x=opened, line={"color": theme.text, "width": 1, "dash": "dot"})
    figure.add_annotation(
        x=opened,
        y=1,
        yref="paper",
        text=_plain(opened_label),
        showarrow=False,
        xanchor="right",
        xshift=-4,
        font={"size": 12},
    )
    _quiet(figure, theme, number, [value for _, values, _ in lines for value in values if value is not None])
    figure.update_xaxes(tickformat="%m/%Y", nticks=TICKS)
    return figure


def _label_ends(
    figure: go.Figure,
    days: pd.DatetimeIndex,
    lines: Sequence[tuple[str, Sequence[float | None], Sequence[str]]],
    theme: Theme,
) -> None:
    """Write each line's name at its end: the higher line's above, the lower one's below."""
    ends = [next((v for v in reversed(values) if v is not None), 0.0) for _, values, _ in lines]
    top = int(np.argmax(ends))
    for i, (name, _, _) in enumerate(lines):
        figure.add_annotation(
            x=days[-1],
            y=ends[i],
            text=_plain(name),
            showarrow=False,
            xanchor="right",
            yanchor="bottom" if i == top else "top",
            yshift=8 if i == top else -14,
            bgcolor=theme.ground,
            font={"size": 12, "color": theme.accent if i == 0 else theme.muted},
        )


def events(
    *,
    points: pd.DataFrame,
    texts: Sequence[str],
    words: dict[str, str],
    number: Callable[[float], str],
    theme: Theme,
) -> go.Figure:
    """Return the effect of every period about the opening, over the band that chance alone would fill.

    ``points`` as :class:`metrics.pilot_effects.EventStudy` has them; ``words``: before, since, chance, axis.
    """
    figure = go.Figure(layout=base(theme, height=340, left=48))
    at = points.index
    figure.add_scatter(
        x=[*at, *at[::-1]],
        y=[*points["chance_high"], *points["chance_low"][::-1]],
        fill="toself",
        fillcolor=theme.line,
        opacity=0.6,
        line={"width": 0},
        hoverinfo="skip",
    )
    figure.add_scatter(
        x=at,
        y=points["estimate"],
        mode="markers",
        marker={
            "size": 8,
            "color": [theme.muted if event < 0 else theme.accent for event in at],
            "symbol": ["circle-open" if event < 0 else "circle" for event in at],
        },
        customdata=list(texts),
        hovertemplate="%{customdata}<extra></extra>",
    )
    figure.add_vline(x=-0.5, line={"color": theme.text, "width": 1, "dash": "dot"})
    for name, side in (("before", "right"), ("since", "left")):
        figure.add_annotation(
            x=-0.5,
            y=1,
            yref="paper",
            yanchor="bottom",
            text=_plain(words[name]),
            showarrow=False,
            xanchor=side,
            xshift=-6 if side == "right" else 6,
            font={"size": 12},
        )
    figure.add_annotation(
        x=at.min(),
        y=points["chance_low"].iloc[0],
        text=_plain(words["chance"]),
        showarrow=False,
        xanchor="left",
        yanchor="top",
        yshift=-4,
        font={"size": 12, "color": theme.muted},
    )
    seen = points[["estimate", "chance_low", "chance_high"]].to_numpy().ravel()
    _quiet(figure, theme, number, list(seen), zero=True)
    figure.update_xaxes(title={"text": _plain(words["axis"]), "font": {"size": 12}})
    figure.update_layout(margin_b=44, margin_t=30)
    return figure


def placebos(
    *,
    values: Sequence[float],
    own: float,
    names: Sequence[str],
    texts: Sequence[str],
    own_text: str,
    number: Callable[[float], str],
    theme: Theme,
) -> go.Figure:
    """Return what the method finds at stations where nothing opened, as stacked dots, and at the clinic."""
    figure = go.Figure(layout=base(theme, height=260))
    rows = stacked([*values, own])
    figure.add_scatter(
        x=list(values),
        y=rows[:-1],
        mode="markers",
        marker={"size": 9, "color": theme.muted, "opacity": 0.7},
        customdata=[f"{_plain(name)}: {text}" for name, text in zip(names, texts, strict=True)],
        hovertemplate="%{customdata}<extra></extra>",
    )
    figure.add_scatter(
        x=[own],
        y=rows[-1:],
        mode="markers+text",
        text=[_plain(own_text)],
        textposition="top center",
        textfont={"size": 12, "color": theme.accent},
        marker={"size": 14, "color": theme.accent, "symbol": "diamond"},
        hoverinfo="skip",
        cliponaxis=False,
    )
    figure.add_vline(x=0, line={"color": theme.line, "width": 1})
    spread = [*values, own]
    air = max(max(spread) - min(spread), 1e-9) * 0.18
    ticks = ticks_of(spread)
    figure.update_xaxes(
        range=[min(spread) - air, max(spread) + air],
        tickvals=ticks,
        ticktext=[number(tick) for tick in ticks],
        showgrid=False,
        zeroline=False,
        fixedrange=True,
        color=theme.muted,
    )
    figure.update_yaxes(visible=False, fixedrange=True, range=[-0.8, max([*rows, 3]) + 2])
    return figure


def reach(
    *,
    curve: pd.DataFrame,
    k: int,
    words: dict[str, str],
    number: Callable[[float], str],
    theme: Theme,
) -> go.Figure:
    """Return the people reached by k new clinics: the best choice, one after another, and the largest communes."""
    figure = go.Figure(layout=base(theme, height=330, left=56))
    style = {
        "people_covered": (theme.accent, "solid", 2.8),
        "greedy": (theme.muted, "dot", 1.8),
        "largest": (theme.short, "dash", 1.8),
    }
    for name, (colour, dash, width) in style.items():
        figure.add_scatter(
            x=curve.index,
            y=curve[name],
            mode="lines+markers",
            line={"color": colour, "dash": dash, "width": width},
            marker={"size": 6 if name == "people_covered" else 4},
            customdata=[number(value) for value in curve[name]],
            hovertemplate=f"k = %{{x}} · {_plain(words[name])}: %{{customdata}}<extra></extra>",
        )
    # the lower name hangs below where its line is two fifths on: the line only rises, so it stays above
    low = curve["largest"].iloc[2 * (len(curve) - 1) // 5]
    for name, y, side in (("people_covered", curve["people_covered"].iloc[-1], 1), ("largest", low, -1)):
        figure.add_annotation(
            x=curve.index[-1],
            y=y,
            text=_plain(words[name]),
            showarrow=False,
            xanchor="right",
            yanchor="bottom" if side > 0 else "top",
            xshift=-4,
            yshift=8 * side,
            font={"size": 12, "color": style[name][0]},
        )
    figure.add_vline(x=k, line={"color": theme.text, "width": 1, "dash": "dot"})
    _quiet(figure, theme, number, [0.0, *curve["people_covered"]])
    figure.update_yaxes(rangemode="tozero")
    figure.update_xaxes(
        title={"text": _plain(words["axis"]), "font": {"size": 12}}, dtick=max(1, len(curve) // 10)
    )
    figure.update_layout(margin_b=44)
    return figure


def ticks_of(values: Sequence[float], most: int = 5) -> list[float]:
    """Return round places for the marks of an axis, at most about ``most``.

    >>> ticks_of([0.0, 97.0])
    [0.0, 20.0, 40.0, 60.0, 80.0]
    """
    low, high = min(values), max(values)
    if high <= low:
        return [low]
    rough = (high - low) / most
    size = 10.0 ** np.floor(np.log10(rough))
    step = next(size * one for one in (1, 2, 2.5, 5, 10) if size * one >= rough)
    first = np.ceil(low / step - 1e-9)
    return [float(round(step * (first + i), 10)) for i in range(int((high / step) - first + 1e-9) + 1)]


def _quiet(
    figure: go.Figure,
    theme: Theme,
    number: Callable[[float], str],
    seen: Sequence[float],
    *,
    zero: bool = False,
) -> None:
    """Give a figure quiet axes, the marks of the upright one written on the server."""
    ticks = ticks_of([value for value in seen if value is not None and np.isfinite(value)] or [0.0])
    figure.update_xaxes(showgrid=False, zeroline=False, fixedrange=True, color=theme.muted)
    figure.update_yaxes(
        gridcolor=theme.line,
        zeroline=zero,
        zerolinecolor=theme.text,
        zerolinewidth=1,
        fixedrange=True,
        color=theme.muted,
        tickvals=ticks,
        ticktext=[number(tick) for tick in ticks],
    )


def _plain(text: str) -> str:
    """Return a name safe inside plotly's small HTML."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace("%{", "% {")
