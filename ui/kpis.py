"""The strip of equal cards under the headline: figure, change since the year before, small trend, meaning."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

import streamlit as st

from ui import badges
from ui.i18n import t


@dataclass(frozen=True)
class Kpi:
    """One card. ``better`` is None where a change is neither good nor bad; direction is told apart from it."""

    label: str
    figure: str
    unit: str = ""
    change: str | None = None
    direction: int = 0
    better: bool | None = None
    meaning: str = ""
    trend: Sequence[float | None] = ()
    nature: str = "real"


def sparkline(values: Sequence[float | None], label: str) -> str:
    """Return a small trend line as SVG; a missing year breaks the line.

    >>> sparkline([1.0], "x")
    ''
    """
    known = [value for value in values if value is not None]
    if len(known) < 2:
        return ""
    low, high = min(known), max(known)
    step, height, pad = 100 / (len(values) - 1), 30, 4
    points, path, pen = [], "", "M"
    for i, value in enumerate(values):
        if value is None:
            pen = "M"
            continue
        share = 0.5 if high == low else (value - low) / (high - low)
        points.append((i * step, height - pad - share * (height - 2 * pad)))
        path += f"{pen}{points[-1][0]:.1f} {points[-1][1]:.1f}"
        pen = "L"
    x, y = points[-1]
    return (
        f'<svg viewBox="-3 0 108 {height}" role="img" aria-label="{escape(label)}" preserveAspectRatio="none">'
        f'<path d="{path}" fill="none" stroke="var(--muted)" stroke-width="1.6" vector-effect="non-scaling-stroke"/>'
        f'<ellipse cx="{x:.1f}" cy="{y:.1f}" rx="3.4" ry="2.8" fill="var(--accent)"/></svg>'
    )


def _change(kpi: Kpi) -> str:
    if kpi.change is None:
        return ""
    arrow = {1: "▲", -1: "▼", 0: "■"}[kpi.direction]
    tone = {True: "better", False: "worse", None: ""}[kpi.better]
    word = {True: t("change.better"), False: t("change.worse"), None: ""}[kpi.better]
    said = f" {escape(word)}" if word else ""
    return f'<div class="change"><span class="{tone}">{arrow} {escape(kpi.change)}{said}</span></div>'


def card(kpi: Kpi) -> str:
    """Return a card as HTML; every text is escaped."""
    unit = f" <small>{escape(kpi.unit)}</small>" if kpi.unit else ""
    trend = sparkline(kpi.trend, t("kpi.trend", label=kpi.label))
    badge = badges.html(kpi.nature) if kpi.nature != "real" else ""
    return (
        f'<section class="kpi" aria-label="{escape(kpi.label)}"><div class="label">{escape(kpi.label)}</div>'
        f'<div class="row"><div class="figure">{escape(kpi.figure)}{unit}</div>{trend}</div>{_change(kpi)}'
        f'<div class="meaning">{escape(kpi.meaning)} {badge}</div></section>'
    )


def strip(kpis: Sequence[Kpi]) -> None:
    """Show at most five cards in one row."""
    st.html(f'<div class="atlas kpis">{"".join(card(kpi) for kpi in kpis[:5])}</div>')
