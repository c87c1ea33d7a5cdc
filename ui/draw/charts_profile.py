"""Charts of one unit's profile."""

from __future__ import annotations

from collections.abc import Sequence

import plotly.graph_objects as go

from answers.colours import Theme
from ui.draw.charts import bars


def criteria(
    *,
    names: Sequence[str],
    shares: Sequence[float | None],
    texts: Sequence[str],
    floor: tuple[float, str],
    theme: Theme,
) -> go.Figure:
    """Return each criterion's share of its maximum (0 to 100) with the floor that every one must reach."""
    value, label = floor
    colours = [theme.short if share is not None and share < value else theme.met for share in shares]
    figure = bars(names=names, values=shares, texts=texts, theme=theme, title="", colours=colours)
    figure.add_vline(x=value, line={"color": theme.text, "width": 1, "dash": "dot"})
    figure.add_annotation(
        x=value, y=1, yref="paper", yanchor="bottom", text=label, showarrow=False, font={"size": 11}
    )
    figure.update_layout(margin_t=26)
    figure.update_xaxes(range=[0, 100])
    return figure
