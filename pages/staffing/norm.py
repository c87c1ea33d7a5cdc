"""The norm itself: its document, its dates of force, its parameters, and what is our own reading."""

from __future__ import annotations

import datetime as dt
from html import escape

import streamlit as st

from metrics.registry import FixedNorm, norms
from ui import format as fmt
from ui import html
from ui.i18n import current, t
from ui.results import Results
from ui.scope import Scope


def show(results: Results, scope: Scope, basis: str) -> None:
    """Show the fixed norm the gap is measured against; it does not depend on the data."""
    norm = norms()["circular_03_2023"]
    assert isinstance(norm, FixedNorm)
    lang = current()
    force = norm.force_on(dt.date(scope.year, 12, 31))
    status = t(f"staffing.norm.status.{force.status}") if force else fmt.MISSING
    why = force.why.in_(lang) if force else ""
    steps = [f"{t('staffing.norm.base')}: {fmt.number(norm.base)}"]
    for zone, area in norm.areas.items():
        steps.append(
            t(
                "staffing.norm.zone",
                zone=zone,
                threshold=fmt.number(area.threshold),
                step=fmt.span(area.step_low, area.step_high),
                coefficient=fmt.number(area.coefficient, 1),
            )
        )
    source = norm.source
    document = ", ".join(
        part
        for part in (
            source.document.in_(lang),
            source.article.in_(lang) if source.article else "",
            fmt.date(source.date),
        )
        if part
    )
    rows = [
        (t("staffing.norm.source"), [document]),
        (t("staffing.norm.force"), [f"{scope.year}: {status}. {why}"]),
        (t("staffing.norm.parameters"), steps),
        (t("staffing.norm.assumptions"), [text.in_(lang) for text in norm.assumptions]),
    ]
    cells = [[escape(name), "<br>".join(escape(line) for line in lines)] for name, lines in rows]
    st.html(f'<h3 class="atlas card-title">{escape(norm.name.in_(lang))}</h3>')
    st.html(html.table(["", ""], cells))
