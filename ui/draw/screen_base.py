"""What every figure on the screen shares: its ground, ticks, legend, marks, events and colours."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import singledispatch
from textwrap import wrap
from typing import Any, Final

import plotly.graph_objects as go

from answers import format as fmt
from answers.colours import FONT, Theme
from answers.figure import Event, Series, Tone
from ui.draw import frame, scales

MINIMUM_HEIGHT: Final = 240
AIR: Final = 0.04
"""Of an axis of numbers, left free at its ends."""
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


def marked(figure: go.Figure, axis: scales.Axis, percent: bool, theme: Theme) -> None:
    """Give the upright axis its marks, written by the server."""
    figure.update_yaxes(
        **ticks(axis, percent=percent),
        range=around(axis),
        gridcolor=theme.line,
        zeroline=axis.low < 0,
        zerolinecolor=theme.muted,
        fixedrange=True,
        color=theme.muted,
    )


def ticks(axis: scales.Axis, *, percent: bool) -> dict[str, Any]:
    """Return the places and the texts of an axis's ticks."""
    write: Callable[[float, int], str] = fmt.percent if percent else fmt.number
    return {"tickvals": list(axis.marks), "ticktext": [write(mark, axis.decimals) for mark in axis.marks]}


def around(axis: scales.Axis) -> list[float]:
    """Return the ends of an axis with room for what stands on its last mark."""
    return [axis.low - AIR * axis.span, axis.high + 2 * AIR * axis.span]


def events(figure: go.Figure, events: Sequence[Event], theme: Theme) -> None:
    """Draw moments as upright lines, each with its name."""
    for one in events:
        figure.add_vline(x=one.at, line={"color": theme.muted, "width": 1, "dash": "dot"})
        figure.add_annotation(
            x=one.at, y=1, yref="paper", yanchor="top", text=plain(one.text), showarrow=False, xanchor="left",
            xshift=4, font={"size": 11}, bgcolor=theme.ground,
        )  # fmt: skip


def legend(figure: go.Figure, *, reverse: bool = True) -> None:
    """Give a figure its legend, above."""
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


def tones(one: Series, theme: Theme) -> Any:
    """Return a series' colour, or one colour for each of its points."""
    return [frame.colour(tone, theme) for tone in one.tones] if one.tones else frame.colour(one.tone, theme)


def hovers(one: Series) -> list[str]:
    """Return what is said of each point under the pointer."""
    return [plain(text) for text in one.hovers or one.texts]


def faint(colour: str, opacity: float) -> str:
    """Return a colour seen through.

    >>> faint("#ff0000", 0.5)
    'rgba(255,0,0,0.5)'
    """
    red, green, blue = (int(colour[i : i + 2], 16) for i in (1, 3, 5))
    return f"rgba({red},{green},{blue},{opacity})"
