"""Cells as officers write them: a month as a date or in words, a criterion or a zone with its label or in Roman.

What could mean two things is left to the reader of the column, which refuses it.
"""

from __future__ import annotations

import datetime as dt
import re
from typing import Final

from data.names import bare_key
from data.readers.excel import Cell, CellError

_MONTH: Final = re.compile(r"(?:t|thang)?\s*(1[0-2]|0?[1-9])\s+(?:nam\s+)?((?:19|20)\d\d)")
_MONTH_LAST: Final = re.compile(r"((?:19|20)\d\d)\s*(1[0-2]|0?[1-9])")
# criterion and zone, with the labels they are written with
_LABELS: Final = {"criterion": ("tieu chi so", "tieu chi", "tc"), "zone": ("vung so", "vung", "khu vuc")}
_ROMAN: Final = ("i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x")
# A longer text is no month and no number.
_LONGEST: Final = 40


def read(column: str, cell: Cell) -> Cell:
    """Return a cell of a column in the form the template asks for, where it can mean only one thing.

    >>> read("zone", "Vùng 1"), read("name", "Vùng 1")
    ('1', 'Vùng 1')
    """
    if column == "month":
        return month(cell)
    return ordinal(column, cell) if column in _LABELS else cell


def month(cell: Cell) -> Cell:
    """Return a month as 2024-03, however it is written, if its year is; else the cell as it is.

    >>> cells = (dt.date(2024, 3, 1), 202403, "01/2024", "T1/2024", "Tháng 3 năm 2024", "2024-1", "Tháng 1")
    >>> [month(cell) for cell in cells]
    ['2024-03', '2024-03', '2024-01', '2024-01', '2024-03', '2024-01', 'Tháng 1']
    """
    if isinstance(cell, dt.date):
        return f"{cell:%Y-%m}"
    if isinstance(cell, float | int) and 190_000 < cell < 210_000 and 1 <= cell % 100 <= 12:
        return f"{int(cell) // 100}-{int(cell) % 100:02d}"  # 202403, as health statistics write it
    if not isinstance(cell, str) or isinstance(cell, CellError) or len(cell) > _LONGEST:
        return cell
    text = bare_key(cell)
    if found := _MONTH.fullmatch(text):
        return f"{found[2]}-{int(found[1]):02d}"
    if found := _MONTH_LAST.fullmatch(text):
        return f"{found[1]}-{int(found[2]):02d}"
    return cell


def ordinal(column: str, cell: Cell) -> Cell:
    """Return the number of a criterion or zone without its label and in digits; else the cell as it is.

    >>> [ordinal("criterion", cell) for cell in ("Tiêu chí 1", "IX", "TC 10", "1b")], ordinal("zone", "Vùng 2")
    (['1', '9', '10', '1b'], '2')
    """
    if not isinstance(cell, str) or isinstance(cell, CellError) or len(cell) > _LONGEST:
        return cell
    text = " ".join(cell.split()).lower()
    key = bare_key(cell)
    label = next((label for label in _LABELS[column] if key.startswith(f"{label} ")), "")
    rest = key.removeprefix(label).strip() if label else text
    if rest in _ROMAN:
        return str(_ROMAN.index(rest) + 1)
    return rest if rest.isdecimal() else cell
