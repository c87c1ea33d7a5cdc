"""The codes that columns may hold, and what people call them (``codes.yml``).

A name is found by :func:`data.names.name_key`, else without diacritics when it is then one code's only; what is not
found is told with the nearest name that would be.
"""

from __future__ import annotations

from collections import defaultdict
from difflib import get_close_matches
from functools import cache, lru_cache
from pathlib import Path
from typing import Any, Final

import yaml

from data.names import bare_key, name_key

# A longer text is no slip of a name, and comparing it takes long.
_LONGEST: Final = 80
_CLOSE: Final = 0.5


@cache
def registry() -> dict[str, dict[str, dict[str, Any]]]:
    """Return by column and code what it is called: vi, en, and the list of other names (also)."""
    text = Path(__file__).with_suffix(".yml").read_text(encoding="utf-8")
    content: dict[str, dict[str, dict[str, Any]]] = yaml.safe_load(text)
    return content


def codes(column: str) -> tuple[str, ...]:
    """Return the codes of a column, in the order they are told.

    >>> codes("role"), codes("cadre")[:2]
    (('station', 'point'), ('doctor', 'preventive_doctor'))
    """
    return tuple(registry()[column])


@lru_cache(maxsize=1024)
def find(column: str, text: str) -> str | None:
    """Return the code that a text means in a column, None when it means none or could mean several.

    >>> find("cadre", "Bác sỹ"), find("cadre", "ĐD"), find("activity", "visit"), find("model", "pk")
    ('doctor', 'nurse', None, None)
    """
    if len(text) > _LONGEST:
        return None
    exact, bare = _names(column)
    return exact.get(name_key(text)) or bare.get(bare_key(text))


@lru_cache(maxsize=1024)
def nearest(column: str, text: str) -> str | None:
    """Return the code nearest to a text, with what it is called in Vietnamese; None when nothing is near.

    >>> nearest("activity", "visit"), nearest("item", "ultra_sound"), nearest("role", "zzz")
    ('visits (lượt khám bệnh)', 'ultrasound (máy siêu âm)', None)
    """
    if column not in registry() or len(text) > _LONGEST:
        return None
    _, bare = _names(column)
    close = get_close_matches(bare_key(text), bare, n=1, cutoff=_CLOSE)
    if not close:
        return None
    code = bare[close[0]]
    return f"{code} ({registry()[column][code]['vi']})"


def known_names(column: str) -> dict[str, list[str]]:
    """Return every name each code of a column goes by."""
    return {
        code: [code, *(str(entry[lang]) for lang in ("vi", "en")), *map(str, entry.get("also", ()))]
        for code, entry in registry()[column].items()
    }


@cache
def _names(column: str) -> tuple[dict[str, str], dict[str, str]]:
    """Return the codes by the keys of their names, and by those without diacritics that are one code's only."""
    exact = {name_key(name): code for code, names in known_names(column).items() for name in names}
    owners: dict[str, set[str]] = defaultdict(set)
    for code, names in known_names(column).items():
        for name in names:
            owners[bare_key(name)].add(code)
    return exact, {name: next(iter(mine)) for name, mine in owners.items() if len(mine) == 1}
