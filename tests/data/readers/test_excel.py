"""Opening what is called an Excel file: the values, and each reason to refuse."""

from __future__ import annotations

import datetime as dt
import zipfile
from pathlib import Path

import openpyxl
import pytest
import xlsxwriter
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from data.problems import Refused
from data.readers.excel import CellError, open_workbook
from tests.data.bad import bomb, encrypted, with_error_cell, write

CELLS = st.one_of(
    st.integers(-(10**9), 10**9),
    st.booleans(),
    st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), min_size=1, max_size=12).filter(
        lambda text: text.strip() and "_x" not in text and not text.startswith(("=", "http"))
    ),
)


def codes(path: Path) -> list[str]:
    with pytest.raises(Refused) as refused:
        open_workbook(path)
    assert all(problem.file == path.name for problem in refused.value.problems)
    return [problem.code for problem in refused.value.problems]


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=st.lists(st.lists(CELLS, min_size=1, max_size=4), min_size=1, max_size=6))
def test_cells_keep_their_place(tmp_path: Path, rows: list[list[object]]) -> None:
    read = open_workbook(write(tmp_path / "a.xlsx", {"Một": [[], *rows], "Hai": [["x"]]}))
    assert list(read) == ["Một", "Hai"]
    book = openpyxl.load_workbook(tmp_path / "a.xlsx")["Một"]
    for number, row in enumerate(read["Một"], start=1):
        for place, cell in enumerate(row, start=1):
            assert cell == (
                book.cell(number, place).value if book.cell(number, place).value is not None else ""
            )


def test_dates_come_as_dates(tmp_path: Path) -> None:
    write(tmp_path / "a.xlsx", {"s": [[dt.date(2024, 10, 21)]]})
    assert open_workbook(tmp_path / "a.xlsx")["s"][0][0] in (dt.date(2024, 10, 21), dt.datetime(2024, 10, 21))


def test_an_error_value_is_no_empty_cell(tmp_path: Path) -> None:
    write(tmp_path / "a.xlsx", {"s": [["a", "b"], [1, ""]]})
    cell = open_workbook(with_error_cell(tmp_path / "a.xlsx", "s", "D5"))["s"][4][3]
    assert isinstance(cell, CellError)
    assert cell == "#REF!"


def test_a_formula_never_calculated_is_no_empty_cell(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.active["B2"] = "=1+1"
    book.save(tmp_path / "a.xlsx")
    cell = open_workbook(tmp_path / "a.xlsx")["Sheet"][1][1]
    assert isinstance(cell, CellError)
    assert cell == "=1+1"


def test_a_calculated_formula_gives_its_value(tmp_path: Path) -> None:
    with xlsxwriter.Workbook(tmp_path / "a.xlsx") as book:
        sheet = book.add_worksheet("s")
        sheet.write_formula(0, 0, "=1+1", value=2)
        sheet.write_formula(0, 1, '=""', value="")
        sheet.write(0, 2, "end")
    # Excel marks a text result as text, also when it is empty; XlsxWriter does not
    edited(tmp_path / "a.xlsx", b'<c r="B1">', b'<c r="B1" t="str">')
    assert open_workbook(tmp_path / "a.xlsx")["s"] == [[2, "", "end"]]


def edited(path: Path, old: bytes, new: bytes) -> None:
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    assert old in parts["xl/worksheets/sheet1.xml"]
    parts["xl/worksheets/sheet1.xml"] = parts["xl/worksheets/sheet1.xml"].replace(old, new)
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name, content)


def test_missing_and_empty(tmp_path: Path) -> None:
    assert codes(tmp_path / "nowhere.xlsx") == ["not_found"]
    assert codes(tmp_path) == ["not_found"]
    (tmp_path / "empty.xlsx").write_bytes(b"")
    assert codes(tmp_path / "empty.xlsx") == ["empty_file"]


@pytest.mark.parametrize("content", [b"a,b\n1,2\n", b"<html>", b"%PDF-1.7", b"PK", b"PK\x03\x04nonsense"])
def test_another_file_named_xlsx(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "a.xlsx").write_bytes(content)
    assert codes(tmp_path / "a.xlsx") == ["not_excel"]


def test_another_zip_named_xlsx(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a.xlsx", "w") as archive:
        archive.writestr("readme.txt", "no workbook")
    assert codes(tmp_path / "a.xlsx") == ["not_excel"]


def test_truncated(tmp_path: Path) -> None:
    whole = write(tmp_path / "a.xlsx", {"s": [["a"] * 50] * 50}).read_bytes()
    for part in (0.2, 0.5, 0.9, 0.99):
        (tmp_path / "b.xlsx").write_bytes(whole[: int(len(whole) * part)])
        assert codes(tmp_path / "b.xlsx") == ["not_excel"]


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_whatever_byte_is_damaged_it_opens_or_is_refused(tmp_path: Path, data: st.DataObject) -> None:
    content = bytearray(write(tmp_path / "a.xlsx", {"s": [["a"] * 5] * 50}).read_bytes())
    for _ in range(data.draw(st.integers(1, 3))):
        content[data.draw(st.integers(4, len(content) - 1))] ^= data.draw(st.integers(1, 255))
    (tmp_path / "b.xlsx").write_bytes(content)
    try:
        told: object = list(open_workbook(tmp_path / "b.xlsx").values())
    except Refused as refused:
        told = [problem.code for problem in refused.problems]
    assert told in ([[["a"] * 5] * 50], ["not_excel"])


def test_password(tmp_path: Path) -> None:
    plain = write(tmp_path / "a.xlsx", {"s": [["a"]]})
    assert codes(encrypted(tmp_path / "b.xlsx", plain)) == ["password"]


def test_the_old_binary_form_is_named(tmp_path: Path) -> None:
    (tmp_path / "a.xls").write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600))
    with pytest.raises(Refused) as refused:
        open_workbook(tmp_path / "a.xls")
    (problem,) = refused.value.problems
    assert (problem.code, problem.found, problem.expected) == ("not_excel", ".xls", ".xlsx")


def test_a_zip_bomb(tmp_path: Path) -> None:
    assert bomb(tmp_path / "a.xlsx").stat().st_size < 1024**2
    assert codes(tmp_path / "a.xlsx") == ["too_large"]


def test_a_stray_cell_in_the_last_row(tmp_path: Path) -> None:
    write(tmp_path / "a.xlsx", {"s": [["a"]]})
    book = openpyxl.load_workbook(tmp_path / "a.xlsx")
    book["s"]["XFD1048576"] = "b"
    book.save(tmp_path / "a.xlsx")
    with pytest.raises(Refused) as refused:
        open_workbook(tmp_path / "a.xlsx")
    (problem,) = refused.value.problems
    assert (problem.code, problem.sheet, problem.row) == ("too_large", "s", 1048576)
