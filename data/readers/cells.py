"""Reads the value of one cell, whatever Excel made of it; what cannot be read without guessing is refused.

Every function returns None for an empty cell: missing is missing.
"""

from __future__ import annotations

import datetime as dt
import math
import re
from typing import Final

from data.readers.excel import Cell, CellError

MOST: Final = 10**12
_YES: Final = {"có", "co", "x", "đúng", "yes", "y", "true", "1"}
_NO: Final = {"không", "khong", "sai", "no", "n", "false", "0"}
_WHOLE: Final = re.compile(r"[-+]?\d+")
# One or two digits after the mark: three could be a group of thousands.
_DECIMAL: Final = re.compile(r"[-+]?\d+[.,]\d{1,2}")
_DAY: Final = re.compile(r"(?P<day>\d{1,2})[/.-](?P<month>\d{1,2})[/.-](?P<year>\d{4})")
_ISO: Final = re.compile(r"(?P<year>\d{4})-(?P<month>\d{2})-(?P<day>\d{2})")


class Unreadable(ValueError):
    """A cell whose value cannot be told; ``code`` is the problem's, ``expected`` what would be right."""

    def __init__(self, code: str, expected: str | None = None) -> None:
        super().__init__(code)
        self.code, self.expected = code, expected


def text(cell: Cell) -> str | None:
    """Return the text with its spaces squeezed; a whole number as its digits.

    >>> text("  Xã   Thạnh Tiến "), text(31241.0), text("")
    ('Xã Thạnh Tiến', '31241', None)
    """
    if isinstance(cell, CellError):
        raise Unreadable("not_allowed")
    if isinstance(cell, float) and cell.is_integer():
        cell = int(cell)
    return " ".join(str(cell).split()) or None


def code(cell: Cell, width: int) -> str | None:
    """Return a code of digits; leading zeros that Excel dropped are put back.

    >>> code(4.0, 5), code("00004", 5), code("TYT-31241", 5)
    ('00004', '00004', 'TYT-31241')
    """
    value = text(cell)
    return value.zfill(width) if value and value.isdigit() else value


def number(cell: Cell) -> float | None:
    """Return a number; text only if it can mean one number (``12,5`` can, ``1.234`` may be a thousand).

    >>> number("12,5"), number(3), number(" ")
    (12.5, 3.0, None)
    """
    if isinstance(cell, str) and not isinstance(cell, CellError):
        digits = "".join(cell.split())
        if not digits:
            return None
        if _WHOLE.fullmatch(digits) or _DECIMAL.fullmatch(digits):
            return _sized(float(digits.replace(",", ".")))
    elif isinstance(cell, int | float) and not isinstance(cell, bool):
        return _sized(float(cell))
    raise Unreadable("not_a_number")


def _sized(value: float) -> float:
    """Return a number of a size that can be a count; a larger one is a slip, and past 2^53 no longer exact."""
    if math.isnan(value):
        raise Unreadable("not_a_number")
    if abs(value) > MOST:
        raise Unreadable("out_of_range", f"<= {MOST:_}".replace("_", " "))
    return value


def whole(cell: Cell) -> int | None:
    """Return a whole number.

    >>> whole("96208984"), whole(12.0), whole("")
    (96208984, 12, None)
    """
    value = number(cell)
    if value is not None and not value.is_integer():
        raise Unreadable("not_whole")
    return None if value is None else int(value)


def date(cell: Cell) -> dt.datetime | None:
    """Return a day: a date cell, or text as day/month/year or year-month-day. A bare number is no date.

    >>> date("21/10/2024"), date("2024-10-21") == date(dt.date(2024, 10, 21))
    (datetime.datetime(2024, 10, 21, 0, 0), True)
    """
    if isinstance(cell, dt.datetime):
        return cell
    if isinstance(cell, dt.date):
        return dt.datetime(cell.year, cell.month, cell.day)
    if isinstance(cell, str) and not cell.strip():
        return None
    value = cell.strip() if isinstance(cell, str) else ""
    for pattern in (_DAY, _ISO):
        if found := pattern.fullmatch(value):
            year, month, day = (int(found[part]) for part in ("year", "month", "day"))
            try:
                return dt.datetime(year, month, day)
            except ValueError:
                break
    raise Unreadable("not_a_date", "dd/mm/yyyy")


def truth(cell: Cell) -> bool | None:
    """Return yes or no, as Vietnamese or English writes it.

    >>> truth("Có"), truth("x"), truth("không"), truth(0.0)
    (True, True, False, False)
    """
    value = str(cell).lower() if isinstance(cell, bool) else (text(cell) or "").lower()
    if value in _YES | _NO:
        return value in _YES
    if not value:
        return None
    raise Unreadable("not_allowed", "có/không")
