"""Vietnamese place names: keys to compare them by, their types, and their order.

The same commune is written "Xã Hoà Tú II" and "xã Hòa Tú 2"; :func:`name_key` makes such spellings equal and
leaves different names different ("Thạnh An" is not "Thanh An"). :func:`bare_key` goes further, for search and
for files without diacritics, and then different names do meet: tell those apart by type and parents.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Final

TYPES: Final = ("Thành phố", "Tỉnh", "Quận", "Huyện", "Thị xã", "Phường", "Thị trấn", "Xã", "Đặc khu")
_LONG: Final = {kind.lower(): kind for kind in TYPES}
_SHORT: Final = {
    "tp": "Thành phố",
    "tt": "Thị trấn",
    "tx": "Thị xã",
    "đk": "Đặc khu",
    "p": "Phường",
    "x": "Xã",
    "q": "Quận",
    "h": "Huyện",
}
# An abbreviation ends with a dot, a space, or (P1, Q5) at a number.
_TYPED: Final = re.compile(
    rf"(?:({'|'.join(_LONG)})\s|({'|'.join(_SHORT)})(?:\.\s?|\s|(?=\d)))(?=\S)", re.IGNORECASE
)

# Tone marks in Vietnamese dictionary order; each sorts as a secondary difference.
_TONES: Final = "\u0300\u0309\u0303\u0301\u0323"
_LETTER: Final = r"a-zđ\u0302\u0306\u031b"
# Only from the first letter of a run: from every letter of a long one takes time with its square.
_SYLLABLE: Final = re.compile(rf"(?<![{_LETTER}{_TONES}])[{_LETTER}]*[{_TONES}][{_LETTER}{_TONES}]*")
_MARKS: Final = re.compile(r"[\u0300-\u036f]")
_APOSTROPHE: Final = re.compile(r"(?<=\w)['’‘`´ʼ]\s*")
_PUNCTUATION: Final = re.compile(r"[^\w\u0300-\u036f]|_")
_NUMERAL: Final = re.compile(r"(?:^|(?<=\s))(x{0,3}(?:ix|iv|v?i{0,3}))$", re.IGNORECASE)
_ROMAN: Final = {"i": 1, "v": 5, "x": 10}
# These are also syllables of names (Sơn Vi, Pú Xi).
_SYLLABLES: Final = {"vi", "xi"}
_FINAL_Y: Final = re.compile(r"(?<![aeiou])y\b|(?<=qu)y\b")


def split_type(text: str) -> tuple[str | None, str]:
    """Split a unit's name into its type, written out, and the name proper; no type is None.

    >>> split_type("TT. Thanh An"), split_type("Thị Trấn Ngã Sáu"), split_type("P1"), split_type("An Bình")
    (('Thị trấn', 'Thanh An'), ('Thị trấn', 'Ngã Sáu'), ('Phường', '1'), (None, 'An Bình'))
    """
    text = " ".join(unicodedata.normalize("NFC", text).split())
    found = _TYPED.match(text)
    if found is None:
        return None, text
    long, short = found.groups()
    kind = _LONG[long.lower()] if long else _SHORT[short.lower()]
    return kind, text[found.end() :]


def name_key(text: str) -> str:
    """Return the key that equal names share: case, spaces, punctuation, numerals and tone placement aside.

    The tone of a syllable is moved to its end, so that it no longer matters on which vowel it was written.

    >>> name_key("Xã Hoà Tú II") == name_key("xã  Hòa Tú 2"), name_key("D' Ran") == name_key("D’Ran")
    (True, True)
    >>> name_key("Phường 01") == name_key("Phường 1"), name_key("Thạnh An") == name_key("Thanh An")
    (True, False)
    """
    text = _APOSTROPHE.sub("", unicodedata.normalize("NFC", text))
    text = " ".join(_PUNCTUATION.sub(" ", text).split())
    text = _NUMERAL.sub(_arabic, text)
    text = unicodedata.normalize("NFD", text.lower().replace("ð", "đ"))
    text = _SYLLABLE.sub(_tone_last, text)
    text = re.sub(r"\b0+(?=\d)", "", text)
    return unicodedata.normalize("NFC", text)


def bare_key(text: str) -> str:
    """Return :func:`name_key` without diacritics, and with the spellings i and y of one sound made equal.

    >>> bare_key("Xã Lục Sỹ Thành"), bare_key("An Quy") == bare_key("An Qui"), bare_key("Đắk R'Lấp")
    ('xa luc si thanh', True, 'dak rlap')
    """
    plain = _MARKS.sub("", unicodedata.normalize("NFD", name_key(text))).replace("đ", "d")
    return _FINAL_Y.sub("i", plain)


def collation_key(text: str) -> str:
    """Return a key that sorts as ``Intl.Collator("vi", {numeric: true})`` does.

    First letters (ă, â, đ, ê, ô, ơ, ư are letters of their own) and numbers by value, then tones (none,
    huyền, hỏi, ngã, sắc, nặng), then case, lower first. Equal keys mean that the order does not tell two
    names apart ("Phường 01" and "Phường 1").

    >>> sorted(["Phường 10", "Đa Lộc", "Ân", "Phường 2", "An", "Ản", "Dân"], key=collation_key)
    ['An', 'Ản', 'Ân', 'Dân', 'Đa Lộc', 'Phường 2', 'Phường 10']
    """
    letters, tones, variants = [], [], []
    for part in _CLUSTER.findall(unicodedata.normalize("NFD", text)):
        base, marks = part[0], part[1:]
        if base in _DIGITS:
            value = part.lstrip("0") or "0"
            letters.append(_NUMBER + chr(len(value)) + value)
            tones.append(_PLAIN)
            variants.append(_PLAIN)
            continue
        plain = _VARIANTS.get(base, base.lower())
        own = next((mark for mark in marks if plain + mark in _WEIGHTS), "")
        letters.append(_WEIGHTS.get(plain + own) or _LAST + plain)
        tones.append(_PLAIN + "".join(_TONE_WEIGHTS.get(mark, mark) for mark in marks if mark != own))
        variants.append(_PLAIN if base == plain else base)
    return "\x01".join("".join(level) for level in (letters, tones, variants))


_DIGITS: Final = "0123456789"
_CLUSTER: Final = re.compile(rf"[{_DIGITS}]+|.[\u0300-\u036f]*", re.DOTALL)
_PLAIN: Final = "\x02"
_TONE_WEIGHTS: Final = {tone: chr(3 + rank) for rank, tone in enumerate(_TONES)}
# What sorts before the letters, in the order of ICU; a variant differs from its plain form like a capital.
_BEFORE: Final = " _-–—,;:!?.…'\"«»()[]{}@*/\\&#%`^°+<=>|~$"
_VARIANTS: Final = {"\xa0": " ", "‘": "'", "’": "'", "“": '"', "”": '"'}
_LETTERS: Final = "aăâbcdđeêfghijklmnoôơpqrstuưvwxyz"
_WEIGHTS: Final = {
    unicodedata.normalize("NFD", char): chr(3 + rank) for rank, char in enumerate([*_BEFORE, "0", *_LETTERS])
}
_NUMBER: Final = _WEIGHTS["0"]
# A character unknown here sorts after every letter, by code point.
_LAST: Final = chr(3 + len(_WEIGHTS))


def _arabic(found: re.Match[str]) -> str:
    """Write a closing roman numeral in digits, unless it may be a syllable of a name."""
    numeral = found[1]
    before = found.string[: found.start()].split()
    if not numeral:
        return ""
    if numeral.lower() in _SYLLABLES and not (before and before[-1].lower() == "phường"):
        return numeral
    values = [_ROMAN[digit] for digit in numeral.lower()]
    pairs = zip(values, [*values[1:], 0], strict=True)
    return str(sum(-value if value < following else value for value, following in pairs))


def _tone_last(found: re.Match[str]) -> str:
    syllable = found[0]
    marks = "".join(char for char in syllable if char in _TONES)
    return "".join(char for char in syllable if char not in _TONES) + marks
