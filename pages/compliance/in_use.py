"""The table of measures in use, and what a plan says of it: its source, its badge, its downloads."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from html import escape

import pandas as pd
import streamlit as st

from answers import provenance
from answers.compliance import numbers as compliance
from answers.compliance import plan as compliance_plan
from answers.compliance.plan import Table
from answers.results import Results
from answers.scope import Scope, sentence
from answers.words import t
from ui import badges
from ui.export.downloads import table_downloads

OWN = "compliance.measures"


def current() -> Table:
    """Return the table in use: the visitor's own, or the one shipped."""
    own: Table | None = st.session_state.get(OWN)
    return own or compliance_plan.shipped()


def caption(results: Results, table: Table, tables: Sequence[str] = compliance.TABLES) -> None:
    """Show where a plan comes from: the snapshot's tables and the measures, and the badge of the weakest."""
    nature = provenance.nature(results.snapshot, tables, table.nature)
    sources = "; ".join([*provenance.sources(results.snapshot, tables), table.source])
    st.html(
        f'<div class="atlas caption">{badges.html(nature)} {escape(t("caption.source", sources=sources))}</div>'
    )


def download(
    results: Results,
    scope: Scope,
    name: str,
    table: Callable[[], pd.DataFrame],
    tables: Sequence[str],
) -> None:
    """Draw the buttons of a table that rests on the measures in use; its title says whose they are."""
    origin = current()
    title = f"{sentence(scope)} · {origin.source} ({t(f'nature.{origin.nature}')})"
    table_downloads(table, results, scope, name=name, tables=tables, title=title)
