"""A table to take away: as CSV and as an Excel workbook, each made when it is asked for."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

import pandas as pd
import streamlit as st

from answers.results import Results
from answers.scope import Scope, sentence
from answers.words import current, language, t
from ui.draw.csv import csv_bytes
from ui.draw.xlsx import table_bytes

EXCEL: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
KINDS: Final = {"csv": ("CSV", "text/csv"), "xlsx": ("Excel", EXCEL)}


def table_downloads(
    table: Callable[[], pd.DataFrame],
    results: Results,
    scope: Scope,
    *,
    name: str,
    tables: Sequence[str],
    index_label: str | None = None,
    title: str | None = None,
    message: str = "list.download",
    key: str | None = None,
) -> None:
    """Draw both buttons side by side.

    ``table`` returns the table under readable heads, its index the codes; ``name`` begins the files' names, and
    ``message`` is the key of what the buttons say. A download comes after the run, so it carries the language.
    """
    lang, title = current(), title or sentence(scope)
    index = index_label or t("export.column.code")
    key = key or f"download.{name}"

    def content(kind: str) -> bytes:
        with language(lang):
            frame = table()
            if kind == "csv":
                return csv_bytes(
                    frame, index_label=index, title=title, snapshot=results.snapshot, tables=tables
                )
            frame = frame.rename_axis(index).reset_index()
            return table_bytes(frame, title=title, results=results, scope=scope, tables=tuple(tables))

    with st.container(horizontal=True):
        for kind, (called, mime) in KINDS.items():
            st.download_button(
                t(message, kind=called),
                data=lambda kind=kind: content(kind),
                file_name=f"{name}-{scope.province}-{scope.geography}-{scope.year}.{kind}",
                mime=mime,
                icon=":material/download:",
                key=f"{key}.{kind}",
                on_click="ignore",
            )
