"""The workbook opened again: numbers exact, nothing a formula, headings frozen, filters and charts there."""

from __future__ import annotations

import io
import zipfile
from dataclasses import replace

import openpyxl
import pandas as pd
import pytest

from answers.making import titled
from answers.scope import sentence
from answers.words import LANGUAGES, language
from metrics.registry import indicators
from tests.ui.export.samples import SCOPE, results
from ui.draw.xlsx import HEAD, table_bytes, workbook

SCOPES = [SCOPE, replace(SCOPE, geography="current", province="all")]


@pytest.fixture(scope="module", params=[(s, lang) for s in SCOPES for lang in LANGUAGES], ids=str)
def book(request, demo_store):
    scope, lang = request.param
    data = workbook(results(demo_store), scope, lang=lang)
    return openpyxl.load_workbook(io.BytesIO(data)), scope, lang, data


def test_every_indicator_to_the_digit(book, demo_store):
    read, scope, lang, _ = book
    sheet = read.worksheets[0]
    heads = [cell.value for cell in sheet[HEAD + 1]]
    units = {row[0].value: row for row in sheet.iter_rows(min_row=HEAD + 2)}
    checked = 0
    for one in indicators().values():
        with language(lang):
            column = titled(one)
        frame = results(demo_store).indicator(one.id, scope.geography, "commune")["value"]
        if column not in heads:
            continue
        for code, row in units.items():
            expected = frame.get((code, scope.year))
            value = row[heads.index(column)].value
            if expected is None or pd.isna(expected):
                assert value is None
            else:
                assert value == pytest.approx(float(expected), rel=1e-15, abs=0)
                checked += 1
    assert checked > 15 * len(units)


def test_sheets_say_where_they_come_from(book, demo_store):
    read, scope, lang, _ = book
    assert len(read.worksheets) == 5
    snapshot = results(demo_store).snapshot
    for sheet in read.worksheets:
        with language(lang):
            assert sheet["A2"].value == sentence(scope)
        assert sheet["A3"].value[0] in "◌◆●"
        assert snapshot.id in sheet["B3"].value
        assert sheet.freeze_panes
        assert sheet.auto_filter.ref
    provenance = read.worksheets[-1]
    assert {row[0].value for row in provenance.iter_rows(min_row=HEAD + 2)} == set(snapshot.tables)
    definitions = read.worksheets[-2]
    assert definitions.max_row == HEAD + 1 + len(indicators())


def test_charts_are_native_and_bars_conditional(book):
    read, _, _, data = book
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert sum(name.startswith("xl/charts/chart") for name in archive.namelist()) == 2
    assert len(read.worksheets[0].conditional_formatting) > 10


def test_codes_stay_text(book):
    sheet = book[0].worksheets[0]
    assert all(
        isinstance(row[0].value, str) and len(row[0].value) == 5 for row in sheet.iter_rows(min_row=HEAD + 2)
    )


@pytest.mark.parametrize(
    "evil", ["=1+1", "+1", "-1", "@SUM(A1)", '=HYPERLINK("http://x")', "http://example.org"]
)
def test_no_text_becomes_a_formula_or_a_link(demo_store, evil):
    frame = pd.DataFrame({"name": [evil], "n": [1.5]})
    data = table_bytes(frame, title=evil, results=results(demo_store), scope=SCOPE, tables=("staffing",))
    sheet = openpyxl.load_workbook(io.BytesIO(data)).worksheets[0]
    cell = sheet.cell(HEAD + 2, 1)
    assert (cell.value, cell.data_type, cell.hyperlink) == (evil, "s", None)
    assert sheet.cell(1, 1).data_type == "s"
    assert sheet.cell(HEAD + 2, 2).value == 1.5
