"""Which columns of a map file hold what: codes, or names of provinces, districts and communes.

Columns are told by what is in them, never by what they are called: each is scored against the official units.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, fields
from functools import cache, lru_cache
from pathlib import Path
from typing import Final

import pandas as pd

from data.names import TYPES, bare_key, name_key, split_type
from data.problems import Refused
from data.units import units
from geo.boundaries_encodings import DECODERS
from geo.boundaries_texts import problem

# The share of a column's values that must be known units for the column to be taken for them. Communes are
# renamed more often than provinces, so fewer of an old file's are known.
_ENOUGH: Final = {"code": 0.8, "province": 0.6, "district": 0.6, "commune": 0.5}
# A matching asks for the keys of the same names many times; a country has this many.
_REMEMBERED: Final = 50_000
_BARE_TYPE: Final = re.compile(rf"({'|'.join(map(bare_key, TYPES))}) ")
# A full statistical code is province, district and commune run together.
_CODE: Final = re.compile(r"(?:\d{2}\W?(?:\d{3}\W?)?(?=\d{5}))?(\d{1,5})(?:\.0)?")


@dataclass(frozen=True, kw_only=True)
class Columns:
    """The column that holds each part of a commune's identity; None where the file has none."""

    code: str | None = None
    province: str | None = None
    district: str | None = None
    commune: str | None = None

    def found(self) -> dict[str, str]:
        """Return the roles that have a column, with it."""
        return {f.name: column for f in fields(self) if (column := getattr(self, f.name)) is not None}


@lru_cache(maxsize=_REMEMBERED)
def full_key(text: str) -> str:
    """Return the key of a unit's name with its type written out; diacritics count.

    >>> full_key("TT. Thạnh An") == full_key("Thị trấn Thạnh An")
    True
    """
    kind, short = split_type(text.replace("\\", ""))
    return name_key(f"{kind or ''} {short}")


@lru_cache(maxsize=_REMEMBERED)
def short_key(text: str) -> str:
    """Return the key of a unit's name without its type; diacritics count.

    >>> short_key("Xã Hoà Tú II") == short_key("hòa tú 2"), short_key("Phường 01")
    (True, '1')
    """
    return name_key(split_type(text.replace("\\", ""))[1])


@lru_cache(maxsize=_REMEMBERED)
def typed_key(text: str) -> str:
    """Return the key of a unit's name with its type but without diacritics and spaces.

    >>> typed_key("Thi tran Thanh An") == typed_key("TT. Thạnh An")
    True
    """
    kind, name = _bare_parts(text)
    return f"{kind} {name}"


@lru_cache(maxsize=_REMEMBERED)
def loose_key(text: str) -> str:
    """Return the key of a unit's name without type, diacritics and spaces, for the names of the highlands.

    >>> loose_key("Huyện Cư M'gar"), loose_key("Cư M\\\\'Gar"), loose_key("Quan Cai Rang"), loose_key("Quan Lan")
    ('cumgar', 'cumgar', 'cairang', 'quanlan')
    """
    return _bare_parts(text)[1]


def _bare_parts(text: str) -> tuple[str, str]:
    """Split a name into type and name, without diacritics, where the type may be written without them too."""
    kind, short = split_type(text.replace("\\", ""))
    name = bare_key(short)
    found = _BARE_TYPE.match(name) if kind is None and short.isascii() else None
    # "Quan Lan" is a commune of that name, "Quan Cai Rang" a district.
    if found and name.replace(" ", "") not in _bare_names():
        kind, name = found[1], name[found.end() :]
    return bare_key(kind or ""), name.replace(" ", "")


@cache
def _bare_names() -> frozenset[str]:
    return frozenset(
        bare_key(split_type(name)[1]).replace(" ", "") for name in units()["name"].drop_duplicates()
    )


def clean_code(value: object) -> str:
    """Return five digits from a code as files have it: a number, a text, or with its parents' codes before it.

    >>> clean_code(4), clean_code(31117.0), clean_code("92.916.31117"), clean_code("TYT 7")
    ('00004', '31117', '31117', '')
    """
    found = _CODE.fullmatch(str(value).strip())
    return found[1].zfill(5) if found else ""


def texts_of(frame: pd.DataFrame) -> tuple[pd.DataFrame, str | None]:
    """Return the attributes as text, missing as "", and the name of the old encoding undone, if any.

    A file whose names were written in another encoding (``DECODERS``) and read as Western letters is put
    right when that makes more of its names official ones.
    """
    texts = pd.DataFrame({str(c): _text(frame[c]) for c in frame.columns}, index=frame.index)
    best, how, most = texts, None, _known_names(texts)
    for name, decode in DECODERS.items():
        tried = texts.map(decode)
        if not tried.equals(texts) and (known := _known_names(tried)) > most:
            best, how, most = tried, name, known
    return best, how


def find_columns(texts: pd.DataFrame, *, overrides: Columns, path: Path) -> Columns:
    """Tell which column holds what by how many of its values are official; ``overrides`` go first.

    Of two columns as good for a role, the one written with diacritics and then the earlier one is taken.
    Raises :class:`Refused` when an override is not in the file or neither codes nor commune names are.
    """
    absent = [c for c in overrides.found().values() if c not in texts.columns]
    if absent:
        known = ", ".join(map(str, texts.columns))
        raise Refused([problem("no_such_column", path, column=c, expected=known) for c in absent])
    chosen = overrides.found()
    for role in ("code", "province", "district", "commune"):
        if role not in chosen and (best := _best(texts.drop(columns=[*chosen.values()]), role)):
            chosen[role] = best
    if "code" not in chosen and "commune" not in chosen:
        found = ", ".join(map(str, texts.columns))
        raise Refused([problem("no_unit_columns", path, found=found)])
    return Columns(**chosen)


def _best(texts: pd.DataFrame, role: str) -> str | None:
    """Return the column that fits a role best, or None if none fits well enough."""
    scores: dict[str, tuple[float, int, float]] = {}
    for column in texts.columns:
        values = list(texts[column][texts[column] != ""].drop_duplicates())
        if role == "code":
            # what repeats is the code of something larger
            unique = len(values) > len(texts) / 2
            share = exact = _share([clean_code(v) for v in values], _codes()) * unique
        elif sum(any(map(str.isalpha, v)) for v in values) <= len(values) / 2:
            # numbers are names of wards (Phường 1), but a column of numbers is none of names
            continue
        else:
            share = _share([loose_key(v) for v in values], _names(role, loose=True))
            exact = _share([short_key(v) for v in values], _names(role, loose=False))
        # A map of communes names each once or twice, so its commune column is the one that says most.
        says = len(values) if role == "commune" else 0
        if share >= _ENOUGH[role]:
            scores[column] = (round(share, 1), says, exact)
    return max(scores, key=lambda c: scores[c]) if scores else None


def _share(values: list[str], known: frozenset[str]) -> float:
    return sum(value in known for value in values) / len(values) if values else 0.0


@cache
def _codes() -> frozenset[str]:
    table = units()
    return frozenset(table["code"][table["level"] == "commune"])


@cache
def _names(role: str, *, loose: bool) -> frozenset[str]:
    table = units()
    return frozenset(table["name"][table["level"] == role].map(loose_key if loose else short_key))


def _known_names(texts: pd.DataFrame) -> int:
    """Return how many of the file's distinct texts are names of units, diacritics and all."""
    known = _names("province", loose=False) | _names("district", loose=False) | _names("commune", loose=False)
    return sum(short_key(text) in known for c in texts.columns for text in texts[c].drop_duplicates())


def _text(column: pd.Series) -> pd.Series:
    return column.astype("object").where(column.notna(), "").astype(str).str.strip()
