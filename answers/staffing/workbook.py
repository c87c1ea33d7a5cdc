"""The workload parameters as a workbook a province edits, and travel times as a file it uploads."""

from __future__ import annotations

import io
import tempfile
from pathlib import Path
from typing import Final

import pandas as pd
import xlsxwriter

from data.problems import Problem, Refused
from data.readers.excel import open_workbook
from metrics.wisn_parameters import SHEETS, WisnParameters, from_tables, to_tables

MAX_BYTES: Final = 20_000_000


def workbook(parameters: WisnParameters) -> bytes:
    """Return the parameters as an Excel file: one sheet a table, its columns' names in the first row."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"strings_to_formulas": False, "strings_to_urls": False}) as book:
        bold = book.add_format({"bold": True})
        for name, table in to_tables(parameters=parameters).items():
            sheet = book.add_worksheet(name)
            sheet.freeze_panes(1, 0)
            sheet.set_column(0, len(table.columns), 18)
            sheet.write_row(0, 0, list(table.columns), bold)
            for row, cells in enumerate(table.itertuples(index=False), start=1):
                sheet.write_row(row, 0, list(cells))
    return out.getvalue()


def read_workbook(content: bytes, name: str, parameters: WisnParameters) -> WisnParameters:
    """Return the parameters an edited workbook holds.

    Raises :class:`Refused` for a file that is not that workbook and :class:`BadParameters` for what is in it.
    """
    if len(content) > MAX_BYTES:
        raise Refused([Problem(code="too_large", file=name)])
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / Path(name).name
        path.write_bytes(content)
        sheets = open_workbook(path)
    problems = [
        Problem(code="missing_sheet", file=name, sheet=sheet) for sheet in SHEETS if sheet not in sheets
    ]
    tables = {}
    for sheet, form in SHEETS.items():
        rows = sheets.get(sheet) or [[]]
        heads = [str(cell).strip() for cell in rows[0]]
        wanted = list(form.model_fields)
        missing = [column for column in wanted if column not in heads]
        if sheet in sheets:
            problems += [
                Problem(code="missing_column", file=name, sheet=sheet, column=column) for column in missing
            ]
        if not missing:
            filled = [row for row in rows[1:] if any(cell != "" for cell in row)]
            tables[sheet] = pd.DataFrame(filled, columns=heads, dtype="object")[wanted]
    if problems:
        raise Refused(problems)
    return from_tables(tables=tables, parameters=parameters)


def read_times(content: bytes, name: str) -> pd.DataFrame:
    """Return an uploaded CSV of travel times as text; :class:`Refused` when it is none."""
    if len(content) > MAX_BYTES:
        raise Refused([Problem(code="too_large", file=name)])
    try:
        # Excel in Vietnamese writes semicolons between fields and commas in numbers
        heading = content.partition(b"\n")[0]
        between = ";" if heading.count(b";") > heading.count(b",") else ","
        table = pd.read_csv(io.BytesIO(content), dtype="str", encoding="utf-8-sig", sep=between)
    except (UnicodeDecodeError, pd.errors.ParserError, pd.errors.EmptyDataError) as error:
        raise Refused([Problem(code="unknown_layout", file=name, expected="CSV, UTF-8")]) from error
    table = table.rename(columns=str.strip)
    if between == ";" and "minutes" in table:
        table["minutes"] = table["minutes"].str.replace(",", ".", regex=False)
    return table
