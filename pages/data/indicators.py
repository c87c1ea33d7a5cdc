"""Every indicator with its definition, numerator, denominator, source and how sure we are of it."""

from __future__ import annotations

from html import escape

import streamlit as st

from metrics.registry import indicators
from ui import badges, html
from ui.i18n import current, t
from ui.results import Results


def show(results: Results) -> None:
    """Show the registry."""
    lang = current()
    rows = []
    for definition in indicators().values():
        below = definition.denominator_text
        rows.append(
            [
                f"<strong>{escape(definition.name.in_(lang))}</strong><br><code>{definition.id}</code>",
                badges.html(badges.nature(results.snapshot, badges.tables_of(definition))),
                escape(definition.definition.in_(lang)),
                escape(definition.numerator_text.in_(lang))
                + (f"<br>÷ {escape(below.in_(lang))}" if below else ""),
                escape(badges.rule(definition)),
            ]
        )
    heads = [
        t("map.indicator"),
        t("data.column.nature"),
        t("caption.definition"),
        f"{t('caption.numerator')} ÷ {t('caption.denominator')}",
        t("caption.rule"),
    ]
    st.html(f'<p class="atlas card-note">{escape(t("data.indicators.note"))}</p>')
    st.html(html.table(heads, rows))
