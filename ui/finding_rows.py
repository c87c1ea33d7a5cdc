"""The rows behind a finding as a table on a page."""

from __future__ import annotations

from html import escape

from answers.quality.rows import Behind, column_name, written
from answers.words import t
from ui import html


def table_html(found: Behind) -> str:
    """Return the rows as a table, each cell in question marked with a symbol, weight and colour."""
    columns = list(found.rows.columns)
    numbers = [
        1 + at
        for at, name in enumerate(columns)
        if str(found.rows[name].dtype) in ("Int64", "float64") and name not in ("year", "criterion")
    ]
    rows = [
        [
            str(number),
            *(_cell(row[name], name, marked=bool(found.marks.loc[number, name])) for name in columns),
        ]
        for number, row in found.rows.iterrows()
    ]
    return html.table([t("quality.rows.row"), *map(column_name, columns)], rows, numbers=numbers)


def _cell(value: object, column: str, *, marked: bool) -> str:
    text = escape(written(value, column))
    return f'<strong class="status short">▼ {text}</strong>' if marked else text
