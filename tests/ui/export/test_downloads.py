"""Beside every table: CSV and Excel, made when asked for, in the reader's language, with the same numbers."""

from __future__ import annotations

import csv
import io

import openpyxl
import pandas as pd
import pytest

from answers.staffing import table
from answers.words import LANGUAGES, language, t
from pages.staffing.table import TABLES
from tests.ui.export.samples import SCOPE, results
from ui.draw.xlsx import HEAD, table_bytes
from ui.export import downloads


@pytest.fixture
def offered(monkeypatch):
    """Return the downloads a page offers: file name and what makes it."""
    found = {}

    def button(label, *, data, file_name, **_):
        found[file_name.rpartition(".")[2]] = (label, file_name, data)

    monkeypatch.setattr(downloads.st, "download_button", button)
    return found


@pytest.mark.parametrize("lang", LANGUAGES)
def test_both_files_hold_the_table_in_the_language_of_the_page(demo_store, offered, lang):
    source = results(demo_store)
    frame = table.rows(source, SCOPE, "points")
    with language(lang):
        downloads.table_downloads(
            lambda: table.download(frame), source, SCOPE, name="nhan-luc", tables=TABLES
        )
        heads = [t("export.column.code"), *table.download(frame).columns]
    assert [name for _, name, _ in offered.values()] == [
        "nhan-luc-92-legacy-2024.csv",
        "nhan-luc-92-legacy-2024.xlsx",
    ]
    assert "CSV" in offered["csv"][0]
    assert "Excel" in offered["xlsx"][0]
    with language(next(other for other in LANGUAGES if other != lang)):
        plain, book = offered["csv"][2](), offered["xlsx"][2]()
    rows = list(csv.reader(io.StringIO(plain.decode("utf-8-sig"))))[3:]
    sheets = openpyxl.load_workbook(io.BytesIO(book)).worksheets
    assert len(sheets) == 3
    read = [[cell.value for cell in row] for row in sheets[0].iter_rows(min_row=HEAD + 1)]
    assert read[0] == rows[0] == heads
    assert len(read) == len(rows) == len(frame) + 1
    for ours, theirs in zip(read[1:], rows[1:], strict=True):
        for cell, text in zip(ours, theirs, strict=True):
            if cell is None or isinstance(cell, str):
                assert (cell or "") == text
            else:
                assert float(cell) == float(text)


def test_the_workbook_defines_and_sources_what_it_holds(demo_store):
    source = results(demo_store)
    frame = pd.DataFrame({"code": ["31117"], "n": [1.5]})
    with language("en"):
        data = table_bytes(frame, title="x", results=source, scope=SCOPE, tables=("insurance",))
    book = openpyxl.load_workbook(io.BytesIO(data))
    _, definitions, provenance = book.worksheets
    named = [row[0].value for row in definitions.iter_rows(min_row=HEAD + 2)]
    assert any("insurance" in name for name in named)
    assert not any("octor" in name for name in named)
    assert [row[0].value for row in provenance.iter_rows(min_row=HEAD + 2)] == ["insurance"]


def test_days_and_truths_stay_days_and_truths(demo_store):
    frame = pd.DataFrame(
        {"day": [pd.Timestamp("2025-03-01"), None], "met": [True, False], "none": [None, "=1+1"]}
    )
    data = table_bytes(frame, title="x", results=results(demo_store), scope=SCOPE, tables=("staffing",))
    sheet = openpyxl.load_workbook(io.BytesIO(data)).worksheets[0]
    first, second = ([cell.value for cell in sheet[HEAD + 2 + i]] for i in (0, 1))
    assert first == [pd.Timestamp("2025-03-01").to_pydatetime(), True, None]
    assert second == [None, False, "=1+1"]
    assert sheet.cell(HEAD + 3, 3).data_type == "s"


def test_whole_numbers_show_no_decimals(demo_store):
    frame = pd.DataFrame({"people": [3.0, None], "share": [0.25, 1.0]})
    data = table_bytes(frame, title="x", results=results(demo_store), scope=SCOPE, tables=("staffing",))
    sheet = openpyxl.load_workbook(io.BytesIO(data)).worksheets[0]
    assert sheet.cell(HEAD + 2, 1).number_format == "#,##0"
    assert sheet.cell(HEAD + 2, 2).number_format == "#,##0.00"
