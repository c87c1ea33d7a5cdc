"""Names in the encodings Vietnamese maps were written in before Unicode, seen as Western letters."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from typing import Final

# TCVN3 (ABC): one byte a letter, seen as these Western letters when taken for them.
_TCVN3: Final = str.maketrans(
    "¡¢£¤¥¦§¨©ª«¬\xad®µ¶·¸¹»¼½¾ÆÇÈÉÊËÌÎÏÐÑÒÓÔÕÖ×ØÜÝÞßáâãäåæçèéêëìíîïñòóôõö÷øùúûüýþ",
    "ĂÂÊÔƠƯĐăâêôơưđàảãáạằẳẵắặầẩẫấậèẻẽéẹềểễếệìỉĩíịòỏõóọồổỗốộờởỡớợùủũúụừửữứựỳỷỹýỵ",
)
# VISCII 1.1 (RFC 1456), bytes 80 to FF; six rare capitals are control characters.
_VISCII: Final = str.maketrans(
    bytes([*range(0x80, 0x100), 0x02, 0x05, 0x06, 0x14, 0x19, 0x1E]).decode("latin-1"),
    "ẠẮẰẶẤẦẨẬẼẸẾỀỂỄỆỐỒỔỖỘỢỚỜỞỊỎỌỈỦŨỤỲÕắằặấầẩậẽẹếềểễệốồổỗỠƠộờởịỰỨỪỬơớƯÀÁÂÃẢĂẳẵÈÉÊẺÌÍĨỳĐứÒÓÔạỷừửÙÚỹỵÝỡưàáâãảăữẫèéêẻìíĩỉđựòóôõỏọụùúũủýợỮ"
    "ẲẴẪỶỸỴ",
)
# VNI writes a letter and then its marks, as one byte; i, y with a dot, đ, ơ and ư are bytes of their own.
_VNI_LOWER: Final[dict[str, str]] = {
    **dict(zip("ùøûõï", "\u0301\u0300\u0309\u0303\u0323", strict=True)),
    **{
        mark: "\u0302" + tone
        for mark, tone in zip("âáàåãä", ["", *"\u0301\u0300\u0309\u0303\u0323"], strict=True)
    },
    **{
        mark: "\u0306" + tone
        for mark, tone in zip("êéèúüë", ["", *"\u0301\u0300\u0309\u0303\u0323"], strict=True)
    },
}
_VNI_MARKS: Final[dict[str, str]] = _VNI_LOWER | {mark.upper(): marks for mark, marks in _VNI_LOWER.items()}
_VNI_LETTERS: Final = str.maketrans("ñôöæóòîÑÔÖÆÓÒÎ", "đơưỉĩịỵĐƠƯỈĨỊỴ")
_VNI: Final = re.compile(rf"([aeouyôöAEOUYÔÖ])([{''.join(_VNI_MARKS)}])|[ñôöæóòîÑÔÖÆÓÒÎ]")


def from_utf8(text: str) -> str:
    """Return a text whose UTF-8 was read byte by byte; another is returned as it is.

    >>> from_utf8("Xã Nhơn Nghĩa".encode().decode("latin-1"))
    'Xã Nhơn Nghĩa'
    """
    try:
        return _bytes(text).decode("utf-8")
    except ValueError:
        return text


def from_tcvn3(text: str) -> str:
    """Return a text of TCVN3 (ABC) in Unicode.

    >>> from_tcvn3("X· Mü Kh¸nh")
    'Xã Mỹ Khánh'
    """
    return text.translate(_TCVN3)


def from_windows1258(text: str) -> str:
    """Return a text of Windows-1258, which writes tones as letters of their own; another as it is.

    >>> from_windows1258("PhýõÌng An HoÌa")
    'Phường An Hòa'
    """
    try:
        return unicodedata.normalize("NFC", _bytes(text).decode("cp1258"))
    except ValueError:
        return text


def from_viscii(text: str) -> str:
    """Return a text of VISCII in Unicode; another as it is.

    >>> from_viscii("Xã Nh½n Nghîa")
    'Xã Nhơn Nghĩa'
    """
    try:
        return _bytes(text).decode("latin-1").translate(_VISCII)
    except ValueError:
        return text


def from_vni(text: str) -> str:
    """Return a text of VNI in Unicode.

    >>> from_vni("Xaõ Nhôn Nghóa"), from_vni("Phöôøng Höng Phuù")
    ('Xã Nhơn Nghĩa', 'Phường Hưng Phú')
    """
    return unicodedata.normalize("NFC", _VNI.sub(_of_vni, text))


DECODERS: Final[dict[str, Callable[[str], str]]] = {
    "utf8": from_utf8,
    "tcvn3": from_tcvn3,
    "windows1258": from_windows1258,
    "viscii": from_viscii,
    "vni": from_vni,
}


def _of_vni(found: re.Match[str]) -> str:
    letter, marks = str(found[1] or found[0]), str(found[2] or "")
    return letter.translate(_VNI_LETTERS) + _VNI_MARKS.get(marks, "")


def _bytes(text: str) -> bytes:
    """Return the bytes a text was read from, as ISO-8859-1 or as Windows-1252; raises UnicodeEncodeError."""
    try:
        return text.encode("latin-1")
    except UnicodeEncodeError:
        return text.encode("cp1252")
