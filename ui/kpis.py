"""The strip of equal cards under the headline: figure, change since the year before, small trend, meaning."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from urllib.parse import quote

import streamlit as st

from answers.cards import Kpi, changed
from answers.colours import Theme
from answers.words import t
from ui import badges, theme


def sparkline(values: Sequence[float | None], label: str, colours: Theme) -> str:
    """Return a small trend line as an image; a missing year breaks the line.

    An image, because Streamlit takes SVG elements out of HTML.

    >>> from answers.colours import LIGHT
    >>> sparkline([1.0], "x", LIGHT)
    ''
    """
    known = [value for value in values if value is not None]
    if len(known) < 2:
        return ""
    low, high = min(known), max(known)
    step, height, pad = 100 / (len(values) - 1), 30, 5
    path, pen, x, y = "", "M", 0.0, 0.0
    for i, value in enumerate(values):
        if value is None:
            pen = "M"
            continue
        share = 0.5 if high == low else (value - low) / (high - low)
        x, y = i * step, height - pad - share * (height - 2 * pad)
        path += f"{pen}{x:.0f} {y:.1f}"
        pen = "L"
    svg = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="-4 0 109 {height}">'
        f'<path d="{path}" fill="none" stroke="{colours.muted}" stroke-width="2"/>'
        f'<circle cx="{x:.0f}" cy="{y:.1f}" r="4" fill="{colours.accent}"/></svg>'
    )
    return f'<img class="trend" alt="{escape(label)}" src="data:image/svg+xml,{quote(svg)}">'


def _change(kpi: Kpi) -> str:
    if kpi.change is None:
        return "<div></div>"
    tone = {True: "better", False: "worse", None: ""}[kpi.better]
    return f'<div class="change {tone}">{escape(changed(kpi))}</div>'


def card(kpi: Kpi, colours: Theme) -> str:
    """Return a card as HTML; every text is escaped."""
    unit = f" <small>{escape(kpi.unit)}</small>" if kpi.unit else ""
    trend = sparkline(kpi.trend, t("kpi.trend", label=kpi.label), colours)
    badge = badges.html(kpi.nature) if kpi.nature != "real" else ""
    return (
        f'<section class="kpi" aria-label="{escape(kpi.label)}"><div class="label">{escape(kpi.label)}</div>'
        f'<div class="figure">{escape(kpi.figure)}{unit}</div><div class="row">{_change(kpi)}{trend}</div>'
        f'<div class="meaning"><span>{escape(kpi.meaning)}</span>{badge}</div></section>'
    )


def strip(kpis: Sequence[Kpi]) -> None:
    """Show at most five cards in one row."""
    colours = theme.current()
    st.html(f'<div class="atlas kpis">{"".join(card(kpi, colours) for kpi in kpis[:5])}</div>')
