"""Files that should be refused, and the good ones they spoil, each built by the test that gives it in."""

from __future__ import annotations

import datetime as dt
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeAlias

import msoffcrypto.format.ooxml
import openpyxl
import xlsxwriter

Sheets: TypeAlias = dict[str, list[list[Any]]]


def write(path: Path, sheets: Sheets) -> Path:
    """Write a workbook cell by cell."""
    with xlsxwriter.Workbook(
        path, {"default_date_format": "dd/mm/yyyy", "strings_to_formulas": False}
    ) as book:
        book.set_properties({"created": dt.datetime(2025, 1, 1)})  # the same bytes every time
        for name, rows in sheets.items():
            sheet = book.add_worksheet(name)
            for number, row in enumerate(rows):
                for place, cell in enumerate(row):
                    sheet.write(number, place, cell)
    return path


def province() -> Sheets:
    """Return a valid workbook of a province, the old Cần Thơ: three stations and what they report."""
    return {
        "Trạm y tế": [
            ["Mã trạm", "Tên trạm", "Mã xã cũ", "Mã xã mới", "Vai trò", "Vùng", "Vĩ độ", "Kinh độ"],
            ["TYT-31241", "Trạm Y tế xã Thạnh Tiến", "31241", "31246", "trạm", 1, 10.2, 105.3],
            ["TYT-31198", "Trạm Y tế phường Thường Thạnh", 31198, 31186, "điểm trạm", "", 9.98, 105.7],
            ["TYT-31228", "Trạm Y tế phường Thuận Hưng", "31228", "31228", "station", 1, "", ""],
        ],
        "staffing": [
            ["station", "year", "cadre", "headcount", "permanent"],
            ["TYT-31241", 2024, "bác sĩ", 2, 1],
            ["TYT-31241", "2024", "Điều dưỡng", "3", 3],
            ["TYT-31198", 2024.0, "doctor", 1, 1],
        ],
        "Bảo hiểm y tế": [
            ["Địa giới", "Mã xã", "Năm", "Có thẻ bảo hiểm y tế"],
            ["cũ", 31241, 2024, 9000],
            ["mới", "31246", 2024, 21000],
        ],
        "Điểm tiêu chí": [
            ["Địa giới", "Mã xã", "Năm", "Tiêu chí", "Điểm", "Điểm liệt", "Lý do"],
            ["mới", "31246", 2024, 1, 9.5, "không", ""],
            ["mới", "31246", 2024, 2, "7,5", "có", "thiếu bác sĩ"],
        ],
    }


def spoiled(spoil: Callable[[Sheets], None]) -> Sheets:
    """Return the province's workbook after ``spoil`` has been at it."""
    sheets = province()
    spoil(sheets)
    return sheets


def encrypted(path: Path, source: Path) -> Path:
    """Protect a workbook with a password, as Excel does."""
    with source.open("rb") as plain, path.open("wb") as secret:
        msoffcrypto.format.ooxml.OOXMLFile(plain).encrypt("mật khẩu", secret)
    return path


def with_error_cell(path: Path, sheet: str, cell: str) -> Path:
    """Put an Excel error in one cell, as a formula whose reference was deleted leaves it."""
    book = openpyxl.load_workbook(path)
    book[sheet][cell] = "#REF!"
    book[sheet][cell].data_type = "e"
    book.save(path)
    return path


def bomb(path: Path) -> Path:
    """Write a zip of a few kilobytes that unpacks to hundreds of megabytes."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", b"0" * 300 * 1024**2)
    return path


CENSUS_HEADER = [
    ["Dân số chia theo dân tộc, giới tính, thành thị nông thôn, đơn vị hành chính (ĐVT: Người)"],
    [],
    ["", "", "", "Tổng số", "1. Thành thị", "2. Nông thôn"],
]
Tree: TypeAlias = dict[str, dict[str, dict[str, tuple[int, int]]]]


def census(tree: Tree) -> Sheets:
    """Lay a small census out as the statistics office does: names where they change, totals rows, text numbers."""
    rows: list[list[Any]] = []

    def line(names: list[str], parts: list[tuple[int, int]]) -> list[Any]:
        urban, rural = sum(part[0] for part in parts), sum(part[1] for part in parts)
        return [*names, *(str(count) if count else "" for count in (urban + rural, urban, rural))]

    everyone = [
        part for districts in tree.values() for communes in districts.values() for part in communes.values()
    ]
    rows.append(line(["Tổng số", "", ""], everyone))
    for province, districts in tree.items():
        people = [part for communes in districts.values() for part in communes.values()]
        rows.append(line([f" {province} (Tổng số)", "", ""], people))
        name = f" {province}"
        for district, communes in districts.items():
            rows.append(line([name, f"{district} (Tổng số)", ""], list(communes.values())))
            name = ""
            for place, (commune, part) in enumerate(communes.items()):
                rows.append(line(["", "" if place else district, f" {commune}"], [part]))
    return {"Cube1a_DansoChung": [*CENSUS_HEADER, *rows]}


def small_census() -> Tree:
    """Return two provinces: a merger, a divided commune, three ways of spelling, and a name nobody has."""
    return {
        "Thành phố Cần Thơ": {
            "Quận Ninh Kiều": {
                "Phường An Hội": (100, 0),
                "Phường Tân An": (50, 0),
                "Phường Cái Khế": (70, 0),
            },
            "Quận Bình Thuỷ": {"Phường Bùi Hữu Nghĩa": (30, 0), "Phường Không Có": (7, 0)},
        },
        "Tỉnh Hậu Giang": {
            "Huyện Châu Thành": {
                "Thị trấn Ngã Sáu": (11, 2),
                "Xã Phú An": (0, 40),
                "Xã Đông Thanh": (0, 20),
            },
        },
    }
