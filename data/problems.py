"""What is wrong with an input, said so that its owner can mend it: file, sheet, row, column, found, expected.

Every check gathers all its problems before it refuses; :class:`Refused` carries the whole list.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

MESSAGES: Final[dict[str, dict[str, str]]] = {
    "not_found": {"vi": "không tìm thấy tệp", "en": "file not found"},
    "unreadable": {"vi": "không đọc được tệp", "en": "the file cannot be read"},
    "empty_file": {"vi": "tệp rỗng", "en": "the file is empty"},
    "not_excel": {"vi": "không phải tệp Excel", "en": "not an Excel file"},
    "password": {
        "vi": "tệp có mật khẩu; hãy lưu lại không mật khẩu",
        "en": "the file is password-protected; save it without a password",
    },
    "too_large": {"vi": "tệp giải nén quá lớn", "en": "the file is too large when unpacked"},
    "unknown_layout": {"vi": "không nhận ra mẫu tệp", "en": "no known layout fits this file"},
    "missing_sheet": {"vi": "thiếu trang tính", "en": "sheet is missing"},
    "unknown_sheet": {"vi": "trang tính không có trong mẫu", "en": "sheet is not part of the template"},
    "missing_column": {"vi": "thiếu cột", "en": "column is missing"},
    "unknown_column": {"vi": "cột không có trong mẫu", "en": "column is not part of the template"},
    "empty_table": {"vi": "không có dòng dữ liệu nào", "en": "there are no rows"},
    "not_a_number": {"vi": "không phải là số", "en": "not a number"},
    "not_a_date": {"vi": "không phải là ngày", "en": "not a date"},
    "negative": {"vi": "số âm", "en": "a negative number"},
    "in_the_future": {"vi": "sau ngày hôm nay", "en": "later than today"},
    "not_whole": {"vi": "không phải số nguyên", "en": "not a whole number"},
    "out_of_range": {"vi": "ngoài khoảng cho phép", "en": "outside the allowed range"},
    "not_allowed": {"vi": "giá trị không hợp lệ", "en": "value is not allowed"},
    "missing_value": {"vi": "thiếu giá trị", "en": "a value is missing"},
    "duplicate": {"vi": "trùng dòng", "en": "duplicate row"},
    "unknown_unit": {"vi": "không có đơn vị hành chính này", "en": "unknown administrative unit"},
    "ambiguous_unit": {"vi": "tên chỉ nhiều đơn vị", "en": "the name fits more than one unit"},
    "totals_differ": {
        "vi": "không khớp số tổng ghi trong tệp",
        "en": "differs from the total stated in the file",
    },
    "inconsistent": {"vi": "không nhất quán", "en": "inconsistent values"},
}
_WORDS: Final = {
    "vi": {
        "sheet": "trang",
        "row": "dòng",
        "column": "cột",
        "found": "thấy",
        "nearest": "gần nhất",
        "expected": "cần",
    },
    "en": {
        "sheet": "sheet",
        "row": "row",
        "column": "column",
        "found": "found",
        "nearest": "nearest",
        "expected": "expected",
    },
}
_REST: Final = {
    "vi": "… và {n} lỗi nữa; sửa các lỗi trên rồi nạp lại để thấy tiếp",
    "en": "… and {n} more; mend these and take the file in again to see the rest",
}
TOLD: Final = 100
"""How many problems are told one by one; the rest are counted."""
# A cell may hold 32,767 letters; so many are shown.
_SHOWN: Final = 120


def language() -> str:
    """Return the language of messages outside the app: ``ATLAS_LANG``, Vietnamese unless it says ``en``."""
    return "en" if os.environ.get("ATLAS_LANG", "vi").lower().startswith("en") else "vi"


@dataclass(frozen=True, kw_only=True)
class Problem:
    """One thing wrong with an input, placed as exactly as its reader can.

    >>> print(Problem(code="negative", file="a.xlsx", sheet="staffing", row=7, column="headcount",
    ...               found="-2", expected=">= 0").text("en"))
    a.xlsx, sheet “staffing”, row 7, column “headcount”: a negative number (found: -2; expected: >= 0)
    """

    code: str
    file: str
    sheet: str | None = None
    row: int | None = None
    column: str | None = None
    found: str | None = None
    nearest: str | None = None
    expected: str | None = None

    def __post_init__(self) -> None:
        if self.code not in MESSAGES:
            raise ValueError(f"unknown problem code {self.code!r}")

    def text(self, lang: str | None = None) -> str:
        """Say the problem in Vietnamese (``vi``) or English (``en``)."""
        lang = lang or language()
        words = _WORDS[lang]
        place = [self.file]
        if self.sheet:
            place.append(f"{words['sheet']} “{_clipped(self.sheet)}”")
        if self.row is not None:
            place.append(f"{words['row']} {self.row}")
        if self.column:
            place.append(f"{words['column']} “{_clipped(self.column)}”")
        details = (("found", self.found), ("nearest", self.nearest), ("expected", self.expected))
        detail = [
            f"{words[key]}: {value if key == 'expected' else _clipped(value)}"
            for key, value in details
            if value is not None
        ]
        tail = f" ({'; '.join(detail)})" if detail else ""
        return f"{', '.join(place)}: {MESSAGES[self.code][lang]}{tail}"


class Refused(Exception):
    """An input was refused whole; nothing was changed. ``problems`` holds every reason."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = list(problems)
        super().__init__("\n".join(self.lines("en")))

    def lines(self, lang: str | None = None) -> list[str]:
        """Say the first problems one by one and count the rest.

        >>> Refused([Problem(code="negative", file="a.xlsx", row=row) for row in range(140)]).lines("en")[-2:]
        ['a.xlsx, row 99: a negative number', '… and 40 more; mend these and take the file in again to see the rest']
        """
        told = [problem.text(lang) for problem in self.problems[:TOLD]]
        rest = len(self.problems) - len(told)
        return [*told, _REST[lang or language()].format(n=rest)] if rest else told


def _clipped(text: str) -> str:
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…"
