"""Every indicator with its definition, numerator, denominator, source and how sure we are of it."""

from __future__ import annotations

from html import escape

import streamlit as st

from answers import provenance
from answers.results import Results
from answers.words import current, t
from metrics.pilot_indicators import pilot_indicators
from metrics.registry import Defined, indicators
from ui import badges, html, page

METHODS = ("funnel", "posts", "trend", "forecast", "pilots", "workload", "inequality", "siting")


def show(results: Results) -> None:
    """Show the registry of the maps and tables, and that of the clinics."""
    tables = results.snapshot.tables
    rows = [_row(results, one, provenance.tables_of(one)) for one in indicators().values()]
    page.remark(t("data.indicators.note"))
    st.html(html.table(_heads(), rows))
    page.section(t("data.indicators.clinics"), t("data.indicators.clinics.note"))
    activity = "activity_monthly" if "activity_monthly" in tables else "activity"
    rows = [_row(results, one, [activity, "population"]) for one in pilot_indicators().values()]
    st.html(html.table(_heads(), rows))
    page.section(t("data.methods"), t("data.methods.note"))
    said = [[escape(t(f"data.method.{one}{part}")) for part in ("", ".how", ".source")] for one in METHODS]
    st.html(html.table([t(f"data.methods.{one}") for one in ("claim", "how", "source")], said))


def _heads() -> list[str]:
    return [
        t("map.indicator"),
        t("data.column.nature"),
        t("caption.definition"),
        f"{t('caption.numerator')} ÷ {t('caption.denominator')}",
        t("caption.rule"),
    ]


def _row(results: Results, definition: Defined, tables: list[str]) -> list[str]:
    lang, below = current(), definition.denominator_text
    return [
        f"<strong>{escape(definition.name.in_(lang))}</strong><br><code>{definition.id}</code>",
        badges.html(provenance.nature(results.snapshot, tables)),
        escape(definition.definition.in_(lang)),
        escape(definition.numerator_text.in_(lang)) + (f"<br>÷ {escape(below.in_(lang))}" if below else ""),
        escape(provenance.rule(definition)),
    ]
