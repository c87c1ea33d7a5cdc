"""What stands around the rows of a province's own workbook, set aside and said: nothing is left out unseen.

Set aside are empty and hidden sheets, columns of row numbers and notes, the row that numbers the columns, totals (once
they agree with the rows above), and what is written under the table. A cell merged downwards holds for all its rows.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from python_calamine import CalamineError, CalamineWorkbook, SheetVisibleEnum

from data.canonical import dtypes, key
from data.names import bare_key
from data.problems import Problem
from data.readers import cells, workbook
from data.readers.excel import Cell, Rows

# columns that tell nothing of a station
_ASIDE: Final = {"tt", "stt", "so tt", "so thu tu", "ghi chu", "note", "notes"}
_TOTALS: Final = ("tong", "cong")
_HEADER_WITHIN: Final = 10
_SURE: Final = 2
_SLACK: Final = 1e-6


@dataclass(frozen=True)
class Aside:
    """Something set aside: a ``sheet``, and what of it (``hidden``, ``empty``, ``merged``, ``column`` ...) where."""

    what: str
    sheet: str
    where: str = ""


@dataclass
class Prepared:
    """A workbook's sheets without what was set aside, and every total that disagrees with its rows."""

    sheets: dict[str, Rows]
    aside: list[Aside] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)


def prepare(path: Path, sheets: dict[str, Rows]) -> Prepared:
    """Return the sheets to read; rows keep their place, so that a fault is named where it stands."""
    done = Prepared({})
    hidden, merged = _look(path)
    for name, rows in sheets.items():
        table = workbook.table_named(name)
        empty = not any(cell != "" for row in rows for cell in row)
        if name in hidden or (empty and table is None):
            done.aside.append(Aside("hidden" if name in hidden else "empty", name))
            continue
        rows = [list(row) for row in rows]
        done.sheets[name] = rows
        if table is not None and (header := _header(table, rows)) is not None:
            if filled := _fill(rows, merged.get(name, []), header):
                done.aside.append(Aside("merged", name, str(filled)))
            _set_aside(done, path.name, name, table, header)
    return done


def _look(path: Path) -> tuple[set[str], dict[str, list[tuple[tuple[int, int], tuple[int, int]]]]]:
    """Return the hidden sheets, and each sheet's merged cells."""
    with CalamineWorkbook.from_path(path) as book:
        seen = [one for one in book.sheets_metadata if one.visible == SheetVisibleEnum.Visible]
        hidden = {one.name for one in book.sheets_metadata} - {one.name for one in seen}
        merged = {}
        for one in seen:
            try:
                merged[one.name] = book.get_sheet_by_name(one.name).merged_cell_ranges or []
            except CalamineError:  # a chart has no cells
                continue
    return hidden, merged


def _header(table: str, rows: Rows) -> int | None:
    """Return the row with the table's headings."""
    top = [
        len({workbook.column_named(cell) for cell in row} & set(dtypes(table)))
        for row in rows[:_HEADER_WITHIN]
    ]
    best = max(range(len(top)), key=top.__getitem__, default=None)
    return best if best is not None and top[best] >= _SURE else None


def _fill(rows: Rows, merged: list[tuple[tuple[int, int], tuple[int, int]]], header: int) -> int:
    """Write the value of cells merged downwards into each of their rows; return how many were empty."""
    filled = 0
    for (top, left), (bottom, _) in merged:
        if top <= header or top >= len(rows) or left >= len(rows[top]):
            continue
        for row in rows[top + 1 : bottom + 1]:
            if left < len(row) and row[left] == "":
                row[left] = rows[top][left]
                filled += 1
    return filled


def _set_aside(done: Prepared, file: str, name: str, table: str, header: int) -> None:
    rows = done.sheets[name]
    for place, cell in enumerate(rows[header]):
        if cell != "" and bare_key(str(cell)[:40]) in _ASIDE:
            done.aside.append(Aside("column", name, str(cell)))
            for row in rows[header:]:
                if place < len(row):
                    row[place] = ""
    places = {workbook.column_named(cell): at for at, cell in enumerate(rows[header]) if cell != ""}
    if header + 1 < len(rows) and _numbers_columns(rows[header + 1]):
        _put_away(done, name, header + 1, "numbers")
    first = places.get(key(table)[0], places.get("commune", 0))
    for at in range(header + 1, len(rows)):
        if _is_total(rows[at]):
            done.problems += _disagreements(rows, header, at, places, table, file, name)
            _put_away(done, name, at, "total")
    for at in reversed(range(header + 1, len(rows))):
        row = rows[at]
        if (first < len(row) and row[first] != "") or any(isinstance(cell, int | float) for cell in row):
            break
        if any(cell != "" for cell in row):
            _put_away(done, name, at, "note")


def _put_away(done: Prepared, name: str, at: int, what: str) -> None:
    done.sheets[name][at] = [""] * len(done.sheets[name][at])
    done.aside.append(Aside(what, name, str(at + 1)))


def _numbers_columns(row: list[Cell]) -> bool:
    """Tell whether a row numbers the columns: A, B, 1, 2, 3 or (1), (2), (3)."""
    said = [str(cell).strip().strip("()").removesuffix(".0") for cell in row if cell != ""]
    numbers = [int(text) for text in said if text.isdecimal() and len(text) <= _SURE]
    letters = [text for text in said if len(text) == 1 and text.isalpha()]
    counting = bool(numbers) and numbers == list(range(numbers[0], numbers[0] + len(numbers)))
    return len(said) > _SURE and counting and len(numbers) > 1 and len(numbers) + len(letters) == len(said)


def _is_total(row: list[Cell]) -> bool:
    texts = [cell for cell in row if isinstance(cell, str) and cell.strip()]
    return len(texts) == 1 and bare_key(texts[0][:40]).partition(" ")[0] in _TOTALS


def _disagreements(
    rows: Rows, header: int, at: int, places: dict[str, int], table: str, file: str, name: str
) -> Iterator[Problem]:
    """Yield the totals that are not the sum of the rows between the heading, or an earlier total, and this one."""
    kinds = dtypes(table)
    for column, place in places.items():
        if kinds.get(column) not in ("Int64", "float64") or column in key(table):
            continue
        stated = rows[at][place] if place < len(rows[at]) else ""
        if stated == "":
            continue
        try:
            told = cells.number(stated)
            parts = [cells.number(row[place]) or 0.0 for row in rows[header + 1 : at] if place < len(row)]
        except cells.Unreadable:
            continue  # the cell itself is told as unreadable, or no number stands there
        if told is not None and abs(sum(parts) - told) > _SLACK:
            yield Problem(
                code="totals_differ",
                file=file,
                sheet=name,
                row=at + 1,
                column=str(rows[header][place]),
                found=f"{told:g}",
                expected=f"{sum(parts):g}",
            )
