"""Damage a workbook as no one foresees it: in its bytes, in the XML inside, or in its cells; the same for a seed."""

from __future__ import annotations

import io
import random
import re
import zipfile
from typing import Final

_VALUES: Final = (
    "9223372036854775808", "-1", "1e400", "1e308", "99999", "0.1", "", "x", "=1+1", "-", "1.234", "12,5%", "45292.5",
    "2042-01-01", "a" * 32_767, "á" * 9_000, "\u0301" * 300, "&#55296;", "&#0;", "<b/>", "NaN", "inf", "00000000", "٣",
)  # fmt: skip
_TYPES: Final = ("s", "n", "b", "e", "d", "str", "inlineStr", "zz")
_ADDRESSES: Final = ("XFD1048576", "A0", "ZZZZ9", "A99999999", "", "1A")


def damaged(content: bytes, seed: int) -> bytes:
    """Return a workbook's bytes with some damage."""
    chance = random.Random(seed)
    return chance.choice((_bytes, _xml, _cells, _cells))(content, chance)


def _bytes(content: bytes, chance: random.Random) -> bytes:
    raw = bytearray(content)
    for _ in range(chance.choice((1, 3, 30))):
        at = chance.randrange(len(raw))
        raw[at : at + chance.choice((0, 1, 1, 20))] = chance.randbytes(chance.choice((0, 1, 1, 40)))
    return bytes(raw[: chance.randrange(len(raw))] if chance.random() < 0.1 else raw)


def _xml(content: bytes, chance: random.Random) -> bytes:
    def spoil(text: bytes) -> bytes:
        raw = bytearray(text)
        for _ in range(chance.choice((1, 2, 8))):
            at = chance.randrange(len(raw))
            raw[at : at + chance.choice((1, 1, 5, 60))] = chance.choice(
                (b"", b"<", b"x", raw[at // 2 : at // 2 + 30])
            )
        return bytes(raw)

    return _repacked(content, chance, spoil)


def _cells(content: bytes, chance: random.Random) -> bytes:
    def value(_: re.Match[bytes]) -> bytes:
        return b"<v>" + chance.choice(_VALUES).encode() + b"</v>"

    def kind(_: re.Match[bytes]) -> bytes:
        return b' t="' + chance.choice(_TYPES).encode() + b'"'

    def address(_: re.Match[bytes]) -> bytes:
        return b'<c r="' + chance.choice(_ADDRESSES).encode() + b'"'

    pattern, change = chance.choice(
        (
            (rb"<v>[^<]*</v>", value),
            (rb"<v>[^<]*</v>", value),
            (rb' t="[a-zA-Z]+"', kind),
            (rb'<c r="[A-Z]+\d+"', address),
            (rb"<t[^>]*>[^<]*</t>", lambda _: b"<t>" + chance.choice(_VALUES).encode() + b"</t>"),
        )
    )
    rate = chance.choice((0.02, 0.2))

    def spoil(text: bytes) -> bytes:
        return re.sub(pattern, lambda found: change(found) if chance.random() < rate else found[0], text)

    return _repacked(content, chance, spoil, every=True)


def _repacked(content: bytes, chance: random.Random, spoil: object, *, every: bool = False) -> bytes:
    """Write the zip again with one member spoiled, or every one."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    chosen = set(members) if every else {chance.choice(sorted(members))}
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in members.items():
            archive.writestr(name, spoil(text) if name in chosen and text else text)  # type: ignore[operator]
    return buffer.getvalue()
