"""Search in the names of every unit, old and new, however they are typed."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import defaultdict
from functools import cache
from typing import Final, NamedTuple

import pandas as pd

from data.names import bare_key, collation_key, name_key, split_type
from geo.units import LEVELS, at_level, parent_of

# The type of a parent, within a query ("An Bình, quận Ninh Kiều"): its name alone narrows.
_PARENT_TYPE: Final = re.compile(
    r"(?<=[\s,])(?:thành phố|tỉnh|quận|huyện|thị xã|tp|tx)(?:\.\s?|\s)", re.IGNORECASE
)
COLUMNS: Final = ("geography", "level", "code", "name", "province", "district")


class _Entry(NamedTuple):
    """One unit with the keys it is found by; ``own`` are the words of its name without type and parents."""

    row: tuple[str, ...]
    kind: str | None
    keys: tuple[str, str]
    bare: tuple[str, str]
    own: frozenset[str]
    order: tuple[int, str]


class _Index(NamedTuple):
    """Every unit by number and by code, and which have a word in their name, a parent's name, or their type.

    The words of names are sorted, so that all with one beginning are a range.
    """

    entries: list[_Entry]
    codes: dict[str, list[_Entry]]
    words: list[str]
    named: dict[str, set[int]]
    typed: dict[str, set[int]]


def search(query: str, *, geography: str | None = None, limit: int = 20) -> pd.DataFrame:
    """Return the units a query names, best first: geography, level, code, name, province, district.

    Diacritics, case and tone placement are optional ("thanh tien", "Hoà"); a type may be written out,
    shortened ("TP", "P.", "TT") or left out; further words narrow by district or province ("an binh ninh
    kieu", "An Bình, quận Ninh Kiều"); the last word may be unfinished; a code finds its units. A whole name
    comes before a beginning, that before words within, those before parents; then diacritics as typed,
    larger units before smaller. ``district`` is missing above and outside districts. A blank query finds
    nothing.

    >>> search("P. Hung Thanh ca", geography="legacy")["name"].to_list()
    ['Phường Hưng Thạnh']
    """
    kind, short = split_type(query)
    short = _PARENT_TYPE.sub("", short)
    wanted, typed = bare_key(short), name_key(short)
    ranked = [
        (*_rank(entry, wanted, typed), entry.order, entry.row)
        for entry in _index().codes.get(query.strip()) or _holding(wanted.split())
        if geography in (None, entry.row[0]) and kind in (None, entry.kind)
    ]
    found = [row for *_, row in sorted(ranked)[:limit]]
    return pd.DataFrame(found, columns=list(COLUMNS), dtype="str").replace("", float("nan"))


def _rank(entry: _Entry, wanted: str, typed: str) -> tuple[int, int]:
    """Rank an answer: 0 the whole name, 1 its beginning, 2 its words, 3 parents' words; then 0 as typed."""
    as_typed = 0 if any(key.startswith(typed) for key in entry.keys) else 1
    if wanted in entry.bare:
        return 0, as_typed
    if any(key.startswith(wanted) for key in entry.bare):
        return 1, as_typed
    *whole, last = wanted.split()
    inside = entry.own.issuperset(whole) and any(own.startswith(last) for own in entry.own)
    return (2 if inside else 3), as_typed


def _holding(wanted: list[str]) -> list[_Entry]:
    """Return the units that have every wanted word, the last perhaps unfinished, one in their own name."""
    if not wanted:
        return []
    index, (*whole, last) = _index(), wanted
    start, end = bisect_left(index.words, last), bisect_left(index.words, last + "\uffff")
    numbers = {number for word in index.words[start:end] for number in index.named[word]}
    for word in whole:
        numbers &= index.named.get(word, set()) | index.typed.get(word, set())
    entries = (index.entries[number] for number in numbers)
    return [
        entry
        for entry in entries
        if not entry.own.isdisjoint(whole) or any(own.startswith(last) for own in entry.own)
    ]


@cache
def _index() -> _Index:
    entries: list[_Entry] = []
    codes, named, typed = defaultdict(list), defaultdict(set), defaultdict(set)
    for geography, levels in LEVELS.items():
        for rank, level in enumerate(levels):
            for code, *names in _named(geography, level).itertuples(name=None):
                entry = _entry((geography, level, str(code), *names), rank)
                above = {word for parent in names[1:] for word in _keys(split_type(parent)[1])[1].split()}
                for word in entry.own | above:
                    named[word].add(len(entries))
                for word in _keys(entry.kind or "")[1].split():
                    typed[word].add(len(entries))
                codes[entry.row[2]].append(entry)
                entries.append(entry)
    return _Index(entries, dict(codes), sorted(named), dict(named), dict(typed))


def _named(geography: str, level: str) -> pd.DataFrame:
    """Return names of units beside those of their province and district; empty where there is none."""
    frame = at_level(geography, level)[["name"]]
    levels = LEVELS[geography]
    for above in ("province", "district"):
        if above in levels[: levels.index(level) + 1]:
            frame[above] = parent_of(geography, level, above).map(at_level(geography, above)["name"])
        else:
            frame[above] = ""
    return frame


def _entry(row: tuple[str, ...], rank: int) -> _Entry:
    kind, short = split_type(row[3])
    (key, bare, order), (kind_key, kind_bare, _) = _keys(short), _keys(kind or "")
    return _Entry(
        row=row,
        kind=kind,
        keys=(key, f"{kind_key} {key}"),
        bare=(bare, f"{kind_bare} {bare}"),
        own=frozenset(bare.split()),
        order=(rank, order),
    )


@cache
def _keys(name: str) -> tuple[str, str, str]:
    return name_key(name), bare_key(name), collation_key(name)
