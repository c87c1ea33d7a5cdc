"""Reads the statistics office's export of the 2019 census: people by commune, urban and rural.

The export is a cube printed on one sheet: a title, a header of three number columns, then a row for the country,
and for every province, district and commune. Names stand in columns A to C, each only where it changes; totals
rows say "(Tổng số)"; numbers are text. There is no code anywhere. A blank count means nobody: that is checked, as
the total must equal urban plus rural. Three island districts have no total row of their own, and no commune.

Everything the file says twice is compared: each commune's total with its parts, and the communes' sum with the totals
stated for the district, the province and the country. A file that disagrees with itself is refused.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import pandas as pd

from data.manifest import Provenance
from data.problems import Problem, Refused
from data.readers.cells import Unreadable, text, whole
from data.readers.excel import Cell, Rows

YEAR: Final = 2019
TOTAL_MARK: Final = "(Tổng số)"
_TITLE: Final = "dân số chia theo"
COUNTS: Final = {"total": "Tổng số", "urban": "1. Thành thị", "rural": "2. Nông thôn"}
PLACE: Final = ["province", "district", "commune"]
PROVENANCE: Final = Provenance(
    title="Population and Housing Census 2019: people by commune, urban and rural",
    producer="General Statistics Office of Viet Nam, Central Population and Housing Census Steering Committee",
    date="2019-04-01",
    licence="Official statistics, published; the file states no licence",
    nature="real",
    vi={
        "title": "Tổng điều tra dân số và nhà ở 2019: dân số theo xã, thành thị và nông thôn",
        "producer": "Tổng cục Thống kê, Ban Chỉ đạo Tổng điều tra dân số và nhà ở Trung ương",
        "licence": "Số liệu thống kê chính thức đã công bố; tệp không ghi giấy phép. Ghi nguồn khi trích dẫn",
    },
)


def is_census(rows: Rows) -> bool:
    """Tell whether a sheet is an export of the census's population cube, by its title."""
    return bool(rows) and (text(rows[0][0]) or "").lower().startswith(_TITLE)


def fits(sheets: dict[str, Rows]) -> bool:
    """Tell whether a workbook is the export by commune: one cube without age groups."""
    return len(sheets) == 1 and all(is_census(rows) and not has_ages(rows) for rows in sheets.values())


def has_ages(rows: Rows) -> bool:
    """Tell whether a cube is also by age: its header has a second row."""
    return any("85+" in (text(cell) or "") for row in rows[:6] for cell in row)


def read(sheets: dict[str, Rows], *, file: str) -> pd.DataFrame:
    """Return one row per line of the export, the index its row in Excel.

    Columns: level (country, province, district, commune), province, district, commune (as written), total,
    urban, rural. Raises Refused with every problem of the file.
    """
    sheet, rows = next(iter(sheets.items()))
    header, columns = _header(rows, file, sheet)
    frame, problems = read_lines(rows, header + 1, columns, places=3, file=file, sheet=sheet)
    problems = problems or [*_repeated(frame, file, sheet), *disagreements(frame, COUNTS, file, sheet)]
    if problems:
        raise Refused(problems)
    return frame


def _header(rows: Rows, file: str, sheet: str) -> tuple[int, dict[str, int]]:
    """Return the row of the header and the column of each count."""
    headers = [[text(cell) for cell in row] for row in rows[:10]]
    known = [{name: row.index(label) for name, label in COUNTS.items() if label in row} for row in headers]
    columns = max(known, key=len)
    missing = [label for name, label in COUNTS.items() if name not in columns]
    if missing:
        raise Refused(
            Problem(code="missing_column", file=file, sheet=sheet, column=label) for label in missing
        )
    return known.index(columns), columns


def read_lines(
    rows: Rows, first: int, columns: dict[str, int], *, places: int, file: str, sheet: str
) -> tuple[pd.DataFrame, list[Problem]]:
    """Read the lines of a cube: names filled down, counts as whole numbers.

    ``places`` is how many columns of names there are (2 without communes). Returns the lines and every problem.
    """
    lines, numbers, problems = [], [], []
    names: list[str] = ["", "", ""]
    for number, row in enumerate(rows[first:], start=first + 1):
        labels = [text(cell) or "" for cell in row[:places]]
        if not any(labels) and not any(text(row[column]) for column in columns.values()):
            continue
        level = _level(labels, names)
        counts: dict[str, int | None] = {}
        for name, column in columns.items():
            try:
                counts[name] = _people(row[column])
            except Unreadable as error:
                problems.append(
                    Problem(
                        code=error.code,
                        file=file,
                        sheet=sheet,
                        row=number,
                        column=name,
                        found=str(row[column]),
                        expected=error.expected,
                    )
                )
        lines.append({"level": level, **dict(zip(PLACE, names, strict=True)), **counts})
        numbers.append(number)
    frame = pd.DataFrame(lines, index=pd.Index(numbers, name="row"))
    return frame.astype(
        {**dict.fromkeys(["level", *PLACE], "str"), **dict.fromkeys(columns, "Int64")}
    ), problems


def _people(cell: Cell) -> int:
    value = whole(cell)
    if value is not None and value < 0:
        raise Unreadable("negative", ">= 0")
    return value or 0


def _level(labels: list[str], names: list[str]) -> str:
    """Tell what a line is about, and carry the names of its places on in ``names``."""
    places = len(labels)
    if labels[0] == COUNTS["total"]:
        return "country"
    for place, label in enumerate(labels):
        if label:
            names[place:] = [label.removesuffix(TOTAL_MARK).strip(), *[""] * (2 - place)]
    if any(label.endswith(TOTAL_MARK) for label in labels):
        return PLACE[max(place for place in range(places) if labels[place].endswith(TOTAL_MARK))]
    return PLACE[places - 1]


def _repeated(frame: pd.DataFrame, file: str, sheet: str) -> Iterator[Problem]:
    communes = frame[frame["level"] == "commune"]
    for row, place in communes[communes.duplicated(PLACE)].iterrows():
        found = ", ".join(place[PLACE])
        yield Problem(code="duplicate", file=file, sheet=sheet, row=int(str(row)), found=found)


def disagreements(
    frame: pd.DataFrame, counts: dict[str, str], file: str, sheet: str, *, lowest: str = "commune"
) -> Iterator[Problem]:
    """Yield every place where the file's own numbers do not add up.

    ``counts`` names the columns to sum; total must equal urban plus rural on every line, and the lowest level
    must sum to what each line above it states.
    """
    for row, line in frame[frame["total"] != frame["urban"] + frame["rural"]].iterrows():
        found = f"{line['urban']} + {line['rural']}"
        yield _totals(file, sheet, row, counts["total"], found, line["total"])
    parts = frame[frame["level"] == lowest]
    sums = {
        "country": parts.assign(country="").groupby("country")[list(counts)].sum(),
        "province": parts.groupby("province")[list(counts)].sum(),
        "district": parts.groupby(["province", "district"])[list(counts)].sum(),
    }
    for row, line in frame[frame["level"] != lowest].iterrows():
        place = {"country": "", "province": line["province"]}.get(line["level"], (*line[PLACE[:2]],))
        summed = sums[line["level"]]
        for name, label in counts.items():
            value = summed.at[place, name] if place in summed.index else 0
            if value != line[name]:
                yield _totals(file, sheet, row, label, str(value), line[name])


def _totals(file: str, sheet: str, row: object, column: str, found: str, stated: object) -> Problem:
    return Problem(
        code="totals_differ",
        file=file,
        sheet=sheet,
        row=int(str(row)),
        column=column,
        found=found,
        expected=str(stated),
    )
