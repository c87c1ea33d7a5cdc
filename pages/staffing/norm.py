"""The norms themselves: their documents, dates of force, parameters, and what is our own reading."""

from __future__ import annotations

from html import escape

import streamlit as st

from answers import format as fmt
from answers.results import Results
from answers.scope import Scope
from answers.staffing.numbers import lens_ids
from answers.words import current, t
from metrics.registry import DoctorTarget, FixedNorm, WorkloadNorm, norms
from ui import html

Norm = FixedNorm | DoctorTarget | WorkloadNorm


def show(results: Results, scope: Scope, basis: str) -> None:
    """Show every norm of the folder, those compared first; none depends on the data."""
    lang = current()
    compared = lens_ids()
    for name in (*compared, *(name for name in norms() if name not in compared)):
        norm = norms()[name]
        rows = [
            (t("staffing.norm.source"), [_document(norm)]),
            (t("staffing.norm.force"), _force(norm)),
            (t("staffing.norm.parameters"), _parameters(norm)),
            (t("staffing.norm.assumptions"), [text.in_(lang) for text in norm.assumptions] or [fmt.MISSING]),
        ]
        cells = [[escape(label), "<br>".join(escape(line) for line in lines)] for label, lines in rows]
        st.html(f'<h3 class="atlas card-title">{escape(norm.name.in_(lang))}</h3>')
        if name not in compared:
            st.caption(t("staffing.norm.not_computed"))
        st.html(html.table(["", ""], cells))


def _document(norm: Norm) -> str:
    source, lang = norm.source, current()
    article = source.article.in_(lang) if source.article else ""
    date = fmt.date(source.date) if source.date else ""
    return ", ".join(part for part in (source.document.in_(lang), article, date) if part)


def _force(norm: Norm) -> list[str]:
    return [
        f"{fmt.date(step.since)}: {t(f'staffing.norm.status.{step.status}')}. {step.why.in_(current())}"
        for step in norm.force
    ]


def _parameters(norm: Norm) -> list[str]:
    if not isinstance(norm, FixedNorm):
        return [norm.summary.in_(current())]
    base = f"{t('staffing.norm.base')}: {fmt.number(norm.base)}"
    zones = [
        t(
            f"staffing.norm.{norm.area_kind}",
            zone=zone if norm.area_kind == "zone" else t(f"staffing.norm.terrain.{zone}"),
            threshold=fmt.number(area.threshold),
            step=fmt.span(area.step_low, area.step_high),
            coefficient=fmt.number(area.coefficient, 1),
        )
        for zone, area in norm.areas.items()
    ]
    return [base, *zones]
