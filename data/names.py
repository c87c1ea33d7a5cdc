"""Vietnamese place names: keys to compare them by, their types, and their order."""

from __future__ import annotations

import re
from typing import Final

TYPES: Final = ("Thành phố", "Tỉnh", "Quận", "Huyện", "Thị xã", "Phường", "Thị trấn", "Xã", "Đặc khu")
_LONG: Final = {kind.lower(): kind for kind in TYPES}
_SHORT: Final = {
    "tp": "Thành phố",
    "tt": "Thị trấn",
    "tx": "Thị xã",
    "p": "Phường",
    "x": "Xã",
    "q": "Quận",
    "h": "Huyện",
    "t": "Tỉnh",
    "đk": "Đặc khu",
}
_TYPED: Final = re.compile(
    rf"\s*(?:({'|'.join(_LONG)})\s+|({'|'.join(_SHORT)})(?:\.\s*|\s+))(?=\S)", re.IGNORECASE
)


def split_type(text: str) -> tuple[str | None, str]:
    """Split a unit's name into its type, written out, and the name proper; no type is None.

    >>> split_type("TT. Thanh An"), split_type("Thị Trấn Ngã Sáu"), split_type("An Bình")
    (('Thị trấn', 'Thanh An'), ('Thị trấn', 'Ngã Sáu'), (None, 'An Bình'))
    """
    found = _TYPED.match(text)
    if found is None:
        return None, text.strip()
    long, short = found.groups()
    kind = _LONG[long.lower()] if long else _SHORT[short.lower()]
    return kind, text[found.end() :].strip()
