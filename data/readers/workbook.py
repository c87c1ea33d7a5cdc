"""Reads the province's own workbook: one sheet per table of :data:`data.contracts.TABLES` that it supplies.

A sheet is known by its name and a column by its header, in Vietnamese or English (``workbook.yml``). Unlike the
census export, which names communes of 2019 and may name one that cannot be placed, this workbook is made for the
atlas: any cell that cannot be read is a problem, every one listed, and it may not name a commune or station that
does not exist (:mod:`data.ingest` looks these up and refuses the workbook whole).
"""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final

import pandas as pd
import xlsxwriter
import yaml
from xlsxwriter.utility import xl_range_abs

from data import codes
from data.canonical import describe, dtypes, rule_text
from data.contracts import TABLES
from data.intake import readings
from data.names import name_key
from data.problems import Problem, language
from data.readers import cells
from data.readers.excel import Cell, Rows

_HEADER_WITHIN: Final = 10
_CHOICES_FROM: Final = 7
_WIDTHS: Final = {"commune": 5, "legacy_commune": 5, "current_commune": 5}
_READERS: Final[dict[str, Callable[[Cell], Any]]] = {
    "str": cells.text,
    "Int64": cells.whole,
    "float64": cells.number,
    "bool": cells.truth,
    "datetime64[us]": cells.date,
}


@dataclass(frozen=True)
class Sheet:
    """One table of a workbook: its rows as the contract types them, the index their rows in Excel.

    ``headers`` is what the sheet calls each column; ``unread`` the cells (row, column) that could not be read and
    stand empty in the frame.
    """

    table: str
    name: str
    frame: pd.DataFrame
    headers: dict[str, str]
    unread: set[tuple[int, str]]


@cache
def registry() -> dict[str, Any]:
    """Return what sheets and columns are called, and what they mean (``workbook.yml``)."""
    text = (Path(__file__).parent / "workbook.yml").read_text(encoding="utf-8")
    content: dict[str, Any] = yaml.safe_load(text)
    return content


@cache
def _known(part: str) -> dict[str, str]:
    """Return the names of sheets or columns, by every key they may be found with."""
    return {
        name_key(str(label)): name
        for name, entry in registry()[part].items()
        for label in (name, entry["vi"], entry["en"])
    }


def table_named(sheet: str) -> str | None:
    """Return the table that a sheet's name names."""
    return _known("sheets").get(name_key(sheet))


def fits(sheets: dict[str, Rows]) -> bool:
    """Tell whether a workbook is a province's own: one of its sheets is named as a table."""
    return any(name_key(name) in _known("sheets") for name in sheets)


def read(sheets: dict[str, Rows], *, file: str) -> tuple[list[Sheet], list[Problem]]:
    """Return the tables of a workbook that hold rows, and every problem of its sheets, headers and cells."""
    tables: list[Sheet] = []
    problems: list[Problem] = []
    seen: set[str] = set()
    definitions = {name_key(label) for label in registry()["definitions"].values()}
    for name, rows in sheets.items():
        table = _known("sheets").get(name_key(name))
        if name_key(name) in definitions:
            continue
        if table is None or table in seen:
            expected = ", ".join(sheet_label(key) for key in registry()["sheets"])
            code = "unknown_sheet" if table is None else "duplicate"
            problems.append(Problem(code=code, file=file, sheet=name, expected=expected))
            continue
        seen.add(table)
        header, columns, found = _columns(table, name, rows, file)
        problems += found
        if not found:
            sheet, found = _read_sheet(table, name, rows, header, columns, file)
            problems += found
            tables += [sheet] if len(sheet.frame) else []
    if not tables and not problems:
        problems.append(Problem(code="empty_table", file=file))
    return tables, problems


def _read_sheet(
    table: str, name: str, rows: Rows, header: int, columns: dict[str, int], file: str
) -> tuple[Sheet, list[Problem]]:
    """Read the rows below the header; a template's sheet that was left empty has none."""
    kinds = dtypes(table)
    blank = {column: False if kind == "bool" else None for column, kind in kinds.items()}
    records, numbers, problems = [], [], []
    unread: set[tuple[int, str]] = set()
    for number, row in enumerate(rows[header + 1 :], start=header + 2):
        if not any(cell != "" and str(cell).strip() for cell in row):
            continue
        record = dict(blank)
        for column, place in columns.items():
            cell = row[place] if place < len(row) else ""
            try:
                record[column] = _value(table, column, kinds[column], cell)
            except cells.Unreadable as error:
                unread.add((number, column))
                problems.append(
                    Problem(
                        code=error.code,
                        file=file,
                        sheet=name,
                        row=number,
                        column=str(rows[header][place]),
                        found=str(cell) or None,
                        expected=error.expected,
                    )
                )
        records.append(record)
        numbers.append(number)
    frame = pd.DataFrame(records, index=pd.Index(numbers), columns=list(blank)).astype(kinds)
    headers = {column: str(rows[header][place]) for column, place in columns.items()}
    return Sheet(table, name, frame, headers, unread), problems


def _columns(table: str, name: str, rows: Rows, file: str) -> tuple[int, dict[str, int], list[Problem]]:
    """Find the header and the place of each column of the contract; a nullable column may be left out."""
    contract = TABLES[table].columns
    top = [[column_named(cell) if cell != "" else "" for cell in row] for row in rows[:_HEADER_WITHIN]]
    header = max(range(len(top)), key=lambda row: len(set(top[row]) & set(contract)), default=None)
    if header is None:
        return 0, {}, [Problem(code="empty_table", file=file, sheet=name)]
    places: dict[str, int] = {}
    problems = []
    for place, column in enumerate(top[header]):
        if column and (column in places or column not in contract):
            code = "duplicate" if column in places else "unknown_column"
            label = str(rows[header][place])
            problems.append(Problem(code=code, file=file, sheet=name, row=header + 1, column=label))
        elif column:
            places[column] = place
    problems += [
        Problem(code="missing_column", file=file, sheet=name, row=header + 1, column=_label(column))
        for column in contract
        if column not in places and not contract[column].nullable
    ]
    return header, places, problems


def column_named(heading: Cell) -> str:
    """Return the column a heading names, else the heading itself."""
    text = str(heading).strip()
    return _known("columns").get(name_key(text), text)


def _value(table: str, column: str, kind: str, cell: Cell) -> Any:
    """Read one cell as its column's type; a choice may go by any of its names."""
    cell = readings.read(column, cell)
    value = cells.code(cell, _WIDTHS[column]) if column in _WIDTHS else _READERS[kind](cell)
    if value is None and not TABLES[table].columns[column].nullable:
        raise cells.Unreadable("missing_value")
    if isinstance(value, str) and column in codes.registry():
        return codes.find(column, value) or value
    return value


def sheet_label(table: str) -> str:
    """Return what a table's sheet is called, and the table's own name."""
    return f"{registry()['sheets'][table]['vi']} ({table})"


def _label(column: str) -> str:
    entry = registry()["columns"][column]
    return f"{entry['vi']} ({column})"


def template() -> bytes:
    """Return an empty workbook to fill in: a sheet per table with its header, and one that defines everything."""
    lang = language()
    content = registry()
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer) as book:
        bold = book.add_format({"bold": True, "bg_color": "#E6EEF0", "border": 1, "text_wrap": True})
        code = book.add_format({"num_format": "@"})
        wrap = book.add_format({"text_wrap": True, "valign": "top"})
        definitions = book.add_worksheet(content["definitions"][lang])
        _write_definitions(definitions, lang, bold, wrap)
        lists = _write_choices(definitions, lang, bold)
        for table, entry in content["sheets"].items():
            sheet = book.add_worksheet(entry[lang])
            sheet.freeze_panes(1, 0)
            for place, column in enumerate(TABLES[table].columns):
                kind = dtypes(table)[column]
                sheet.set_column(place, place, 18, code if kind == "str" else None)
                sheet.write(0, place, content["columns"][column][lang], bold)
                if column in lists:
                    rule = {"validate": "list", "source": lists[column]}
                    sheet.data_validation(1, place, 1_000_000, place, rule)
    return buffer.getvalue()


def _write_choices(sheet: Any, lang: str, bold: Any) -> dict[str, str]:
    """Write each column's choices beside the definitions; return where. (In the rule itself 255 letters fit.)"""
    lists = {}
    for place, (column, entries) in enumerate(codes.registry().items(), start=_CHOICES_FROM):
        sheet.set_column(place, place, 30)
        sheet.write(0, place, registry()["columns"][column][lang], bold)
        sheet.write_column(1, place, [entry[lang] for entry in entries.values()])
        where = xl_range_abs(1, place, len(entries), place)
        lists[column] = f"='{registry()['definitions'][lang]}'!{where}"
    return lists


def _write_definitions(sheet: Any, lang: str, bold: Any, wrap: Any) -> None:
    content = registry()
    titles = {
        "vi": ["Trang", "Cột", "Tên cột", "Bắt buộc", "Ý nghĩa", "Giá trị"],
        "en": ["Sheet", "Column", "Column name", "Required", "Meaning", "Values"],
    }[lang]
    required = {"vi": ("có", "không"), "en": ("yes", "no")}[lang]
    sheet.set_column(0, 3, 22)
    sheet.set_column(4, 5, 60)
    sheet.write_row(0, 0, titles, bold)
    line = 1
    for table, entry in content["sheets"].items():
        for column, rules in describe(table)["columns"].items():
            texts = content["columns"][column]
            choices = codes.registry().get(column, {}).items()
            values = ", ".join(f"{choice[lang]} ({name})" for name, choice in choices)
            sheet.write_row(
                line,
                0,
                [
                    entry[lang],
                    texts[lang],
                    column,
                    required[rules["may_be_missing"]],
                    texts["means"][lang],
                    values or ", ".join(rule_text(rule) or "" for rule in rules["rules"]),
                ],
                wrap,
            )
            line += 1
