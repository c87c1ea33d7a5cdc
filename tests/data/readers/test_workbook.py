"""The province's own workbook: its template, and every mistake named by sheet, row and column."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest

from data import codes
from data.canonical import describe, violations
from data.contracts import TABLES
from data.names import name_key
from data.readers import workbook
from data.readers.excel import open_workbook
from tests.data.bad import Sheets, province, spoiled, write

Found = list[tuple[str, str | None, int | None, str | None]]


def read(tmp_path: Path, sheets: Sheets) -> tuple[dict[str, workbook.Sheet], Found]:
    opened = open_workbook(write(tmp_path / "tỉnh.xlsx", sheets))
    assert workbook.fits(opened)
    tables, problems = workbook.read(opened, file="tỉnh.xlsx")
    return {sheet.table: sheet for sheet in tables}, [(p.code, p.sheet, p.row, p.column) for p in problems]


def test_a_good_workbook_gives_tables_that_hold_their_contracts(tmp_path: Path) -> None:
    tables, problems = read(tmp_path, province())
    assert problems == []
    assert set(tables) == {"stations", "staffing", "insurance", "criteria_scores"}
    for name, sheet in tables.items():
        assert violations(name, sheet.frame) == []
    stations = tables["stations"].frame
    assert stations["legacy_commune"].tolist() == ["31241", "31198", "31228"]
    assert stations["role"].tolist() == ["station", "point", "station"]
    assert stations["zone"].isna().tolist() == [False, True, False]
    assert tables["staffing"].frame["cadre"].tolist() == ["doctor", "nurse", "doctor"]
    assert tables["staffing"].frame["full_time_equivalent"].isna().all()  # the column was left out
    assert tables["insurance"].frame["geography"].tolist() == ["legacy", "current"]
    scores = tables["criteria_scores"].frame
    assert scores["points"].tolist() == [9.5, 7.5]
    assert scores["disqualified"].tolist() == [False, True]


def test_a_code_that_lost_its_zeros_gets_them_back(tmp_path: Path) -> None:
    sheets = {"population": [["geography", "commune", "year", "total"], ["legacy", 4, 2024, 9]]}
    assert read(tmp_path, sheets)[0]["population"].frame["commune"].tolist() == ["00004"]


def test_rows_are_those_of_excel_under_a_title_and_over_gaps(tmp_path: Path) -> None:
    rows = province()["staffing"]
    sheets = {"NHÂN  LỰC": [["Sở Y tế"], [], rows[0], rows[1], [], rows[2]]}
    tables, problems = read(tmp_path, sheets)
    assert problems == []
    assert tables["staffing"].frame.index.tolist() == [4, 6]


def test_an_empty_template_holds_no_table(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for lang in ("vi", "en"):
        monkeypatch.setenv("ATLAS_LANG", lang)
        (tmp_path / "t.xlsx").write_bytes(workbook.template())
        tables, problems = workbook.read(open_workbook(tmp_path / "t.xlsx"), file="t.xlsx")
        assert tables == []
        assert [problem.code for problem in problems] == ["empty_table"]


@pytest.mark.parametrize("lang", ["vi", "en"])
def test_a_filled_template_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, lang: str) -> None:
    monkeypatch.setenv("ATLAS_LANG", lang)
    (tmp_path / "t.xlsx").write_bytes(workbook.template())
    book = openpyxl.load_workbook(tmp_path / "t.xlsx")
    content = workbook.registry()
    assert book.sheetnames == [content["definitions"][lang], *(s[lang] for s in content["sheets"].values())]
    sheet = book[content["sheets"]["staffing"][lang]]
    cadre = codes.registry()["cadre"]["preventive_doctor"][lang]
    sheet.append(["TYT-31241", 2024, cadre, 1, 0.4, 0, 0])
    name, where = sheet.data_validations.dataValidation[0].formula1.split("!")
    choices = [cell.value for (cell,) in book[name.strip("'")][where.replace("$", "")]]
    assert choices == [choice[lang] for choice in codes.registry()["cadre"].values()]
    book.save(tmp_path / "t.xlsx")
    (table,), problems = workbook.read(open_workbook(tmp_path / "t.xlsx"), file="t.xlsx")
    assert problems == []
    assert table.frame.iloc[0].tolist() == ["TYT-31241", 2024, "preventive_doctor", 1, 0.4, 0, 0]


def test_the_registry_names_every_column_once() -> None:
    content = workbook.registry()
    assert set(content["sheets"]) == {
        *("stations", "staffing", "activity", "activity_monthly", "population", "insurance"),
        *("village_workers", "criteria_scores", "facilities", "pilots"),
    }
    columns = {column for table in content["sheets"] for column in TABLES[table].columns}
    assert set(content["columns"]) == columns
    for part in (content["sheets"], content["columns"]):
        owner: dict[str, str] = {}
        for name, entry in part.items():
            for label in (name, entry["vi"], entry["en"]):
                assert owner.setdefault(name_key(label), name) == name
    for column, choices in codes.registry().items():
        table = next(name for name in content["sheets"] if column in TABLES[name].columns)
        rule = describe(table)["columns"][column]["rules"][0]
        assert all(repr(choice) in rule for choice in choices)


def drop(sheet: str, place: int) -> Callable[[Sheets], None]:
    return lambda sheets: [row.pop(place) for row in sheets[sheet]].clear()


def put(sheet: str, row: int, place: int, cell: object) -> Callable[[Sheets], None]:
    return lambda sheets: sheets[sheet][row].__setitem__(place, cell)


def rename(old: str, new: str) -> Callable[[Sheets], None]:
    return lambda sheets: sheets.__setitem__(new, sheets.pop(old))


MISTAKES = {
    "missing column": (drop("staffing", 2), [("missing_column", "staffing", 1, "Chức danh (cadre)")]),
    "unknown column": (put("staffing", 0, 4, "lương"), [("unknown_column", "staffing", 1, "lương")]),
    "column twice": (put("staffing", 0, 4, "Số người"), [("duplicate", "staffing", 1, "Số người")]),
    "renamed sheet": (rename("staffing", "Sheet1"), [("unknown_sheet", "Sheet1", None, None)]),
    "sheet twice": (
        lambda sheets: sheets.update({"Nhân lực": sheets["staffing"]}),
        [("duplicate", "Nhân lực", None, None)],
    ),
    "no rows at all": (lambda sheets: sheets.update({"pilots": []}), [("empty_table", "pilots", None, None)]),
    "text in a number": (put("staffing", 2, 3, "ba"), [("not_a_number", "staffing", 3, "headcount")]),
    "part of a person": (put("staffing", 2, 3, 2.5), [("not_whole", "staffing", 3, "headcount")]),
    "no value": (put("staffing", 1, 1, ""), [("missing_value", "staffing", 2, "year")]),
    "no yes or no": (put("Điểm tiêu chí", 2, 5, ""), [("missing_value", "Điểm tiêu chí", 3, "Điểm liệt")]),
    "neither yes nor no": (
        put("Điểm tiêu chí", 1, 5, "chưa rõ"),
        [("not_allowed", "Điểm tiêu chí", 2, "Điểm liệt")],
    ),
    "headers in French": (
        lambda sheets: sheets["Bảo hiểm y tế"].__setitem__(0, ["Géographie", "Commune", "Année", "Assurés"]),
        [
            ("unknown_column", "Bảo hiểm y tế", 1, "Géographie"),
            ("unknown_column", "Bảo hiểm y tế", 1, "Année"),
            ("unknown_column", "Bảo hiểm y tế", 1, "Assurés"),
            ("missing_column", "Bảo hiểm y tế", 1, "Địa giới (geography)"),
            ("missing_column", "Bảo hiểm y tế", 1, "Năm (year)"),
        ],
    ),
    "a date that is text": (
        lambda sheets: sheets.update(
            {"pilots": [["station", "opened", "model"], ["TYT-31241", "10/21/2024", "x"]]}
        ),
        [("not_a_date", "pilots", 2, "opened")],
    ),
}


@pytest.mark.parametrize("mistake", MISTAKES)
def test_each_mistake_is_named_where_it_stands(tmp_path: Path, mistake: str) -> None:
    spoil, wanted = MISTAKES[mistake]
    assert read(tmp_path, spoiled(spoil))[1] == wanted


def test_every_mistake_of_every_sheet_is_named_at_once(tmp_path: Path) -> None:
    def spoil(sheets: Sheets) -> None:
        for row in range(1, 4):
            sheets["staffing"][row][3] = "nhiều"
        sheets["Bảo hiểm y tế"][1][2] = "năm ngoái"
        sheets["Điểm tiêu chí"][0][3] = "Tiêu chuẩn"

    found = read(tmp_path, spoiled(spoil))[1]
    assert [code for code, *_ in found] == ["not_a_number"] * 4 + ["unknown_column", "missing_column"]
