"""Names to codes: the communes and districts of a file of 2019 in the units valid to 30 June 2025.

Nobody is lost on the way: every line of the file ends with a code, or among the rejected rows with its reason and
its people. How each line was matched is kept, from the surest way to the least:

======== ====================================================================================================
change   the table of changes since 2019 has this name (:mod:`data.readers.gso_changes`). Asked first: the
         name may belong to another commune by now (of two old communes one took the other's name)
exact    the same name in the same district and province, however it is spelled (Hoà and Hòa)
type     the same name under another type (Xã became Phường, Huyện became Thị xã)
spelling the same letters without diacritics, i and y as one (Sĩ Bình and Sỹ Bình)
similar  one name in the district is close, and no other nearly as close (La Dom and Ia Dom)
======== ====================================================================================================

A commune that went to several is placed whole in the main one and marked doubtful.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Iterable
from difflib import SequenceMatcher
from functools import cache
from typing import Any, Final, TypeAlias

import pandas as pd

from data.canonical import dtypes
from data.names import bare_key, name_key, split_type
from data.readers.gso_age import tidy
from data.readers.gso_census import YEAR
from data.units import REFERENCE, units

REASONS: Final[dict[str, dict[str, str]]] = {
    "unknown_unit": {
        "vi": "không có đơn vị hành chính nào mang tên này",
        "en": "no administrative unit has this name",
    },
    "ambiguous_unit": {"vi": "tên chỉ nhiều đơn vị", "en": "the name fits more than one unit"},
    "no_commune": {"vi": "huyện không chia xã", "en": "the district has no communes"},
}
WAYS: Final[dict[str, dict[str, str]]] = {
    "change": {"vi": "theo bảng thay đổi từ 2019", "en": "by the table of changes since 2019"},
    "exact": {"vi": "trùng tên", "en": "the same name"},
    "type": {"vi": "trùng tên, khác loại", "en": "the same name, another type"},
    "spelling": {"vi": "trùng tên, khác chính tả", "en": "the same name, another spelling"},
    "similar": {"vi": "tên gần giống", "en": "a similar name"},
}
_COUNTS: Final = ["total", "urban", "rural"]
_CLOSE: Final = 0.8
_CLEAR: Final = 0.1
# province code, district, name, code
_Place: TypeAlias = tuple[str, str, str, str | None]
_Keys: TypeAlias = tuple[tuple[str, Callable[[str, str], Hashable]], ...]
# code, way, doubtful, reason
_Match: TypeAlias = tuple[str | None, str | None, bool, str | None]


_key, _bare = cache(name_key), cache(bare_key)


@cache
def _short(name: str) -> str:
    return split_type(name)[1]


# From the surest to the least sure: the way, and the key by it of a commune in its district, or of a district.
_COMMUNE_KEYS: Final[_Keys] = (
    ("exact", lambda district, name: (_key(district), _key(name))),
    ("type", lambda district, name: (_key(_short(district)), _key(_short(name)))),
    ("spelling", lambda district, name: (_bare(_short(district)), _bare(name))),
    ("spelling", lambda district, name: (_bare(_short(district)), _bare(_short(name)))),
)
_DISTRICT_KEYS: Final[_Keys] = (
    ("exact", lambda _, name: _key(name)),
    ("type", lambda _, name: _key(_short(name))),
    ("spelling", lambda _, name: _bare(_short(name))),
)


@cache
def changes() -> pd.DataFrame:
    """Return the table of communes changed since 2019; the frame is shared, copy before changing it."""
    table = pd.read_csv(REFERENCE / "commune_changes.csv", dtype="str", keep_default_na=False, na_values=[""])
    return table.assign(main=table["main"] == "True")


def population(lines: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Turn the census by commune (:func:`data.readers.gso_census.read`) into the table ``population``.

    Communes that became one are summed. Age is not known by commune: missing. Returns the table, and the
    communes of the file with what :func:`match_communes` says of each.
    """
    communes = lines[lines["level"] == "commune"]
    matched = communes.join(match_communes(communes))
    frame = matched.groupby("code", as_index=False)[_COUNTS].sum().rename(columns={"code": "commune"})
    frame = frame.assign(geography="legacy", year=YEAR)
    return _contract("population", frame), matched


def population_age(lines: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Turn the census by age (:func:`data.readers.gso_age.read`) into the table ``population_age``.

    Districts that became one are summed. Returns the table, and the districts of the file with what
    :func:`match_districts` says of each.
    """
    districts = lines[lines["level"] == "district"]
    matched = districts.join(match_districts(districts))
    groups = tidy(lines).join(matched["code"])
    frame = groups.groupby(["code", "age_group"], as_index=False)[_COUNTS].sum()
    frame = frame.rename(columns={"code": "district"}).assign(geography="legacy", year=YEAR)
    return _contract("population_age", frame), matched


def _contract(name: str, frame: pd.DataFrame) -> pd.DataFrame:
    return frame.reindex(columns=list(dtypes(name))).astype(dtypes(name))


class _Index:
    """Codes of the places of a province, by every key that may find them, the surest first."""

    def __init__(self, keys: _Keys, places: Iterable[_Place]) -> None:
        self._keys = keys
        self._places: dict[str, list[_Place]] = defaultdict(list)
        self._codes: dict[tuple[int, str], dict[Hashable, set[str | None]]] = {}
        for place in places:
            self._places[place[0]].append(place)

    def exact(self, province: str, district: str, name: str) -> set[str | None]:
        """Return the codes with exactly this name."""
        return self._find(0, province, district, name)

    def find(self, province: str, district: str, name: str) -> tuple[set[str | None], str]:
        """Return the codes found in the surest way that finds any, and that way."""
        for way, (label, _) in enumerate(self._keys):
            if found := self._find(way, province, district, name):
                return found, label
        return set(), ""

    def similar(self, province: str, district: str, name: str, taken: set[Hashable]) -> set[str | None]:
        """Return the code of the one name of the district that is close; several when none stands out.

        ``taken`` holds the names that the file itself has: another line of it is not what this one means.
        """
        wanted, best = _bare(_short(name)), dict[str | None, float]()
        for _, other_district, full, code in self._places[province]:
            other = _bare(_short(full))
            if _bare(_short(other_district)) == _bare(_short(district)) and other not in taken:
                best[code] = max(best.get(code, 0.0), _likeness(wanted, other))
        top = max(best.values(), default=0.0)
        if top < _CLOSE:
            return set()
        return {code for code, ratio in best.items() if ratio > top - _CLEAR}

    def _find(self, way: int, province: str, district: str, name: str) -> set[str | None]:
        key = self._keys[way][1]
        if (way, province) not in self._codes:
            codes = self._codes[way, province] = defaultdict(set)
            for _, parent, other, code in self._places[province]:
                codes[key(parent, other)].add(code)
        return self._codes[way, province].get(key(district, name), set())


def match_communes(lines: pd.DataFrame) -> pd.DataFrame:
    """Match province, district and commune names of 2019 to commune codes of 30 June 2025.

    Returns, indexed like ``lines``: code, how (the way it was matched), doubtful (the commune went to several),
    reason (why there is no code).
    """
    changed, either, divided, empty = _communes()
    names = [
        (_provinces().get(_bare(_short(province)), ""), parent, name)
        for province, parent, name in lines[["province", "district", "commune"]].itertuples(index=False)
    ]
    taken: dict[Hashable, set[Hashable]] = defaultdict(set)
    for province, parent, name in names:
        taken[province, _key(parent)].add(_bare(_short(name)))

    def match(province: str, parent: str, name: str) -> _Match:
        if (province, _key(parent)) in empty:
            return None, None, False, "no_commune"
        found, how = changed.exact(province, parent, name), "change"
        if not found:
            found, how = either.find(province, parent, name)
        if not found:
            how = "similar"
            found = either.similar(province, parent, name, taken[province, _key(parent)])
        return _verdict(found, how, doubtful=bool(divided.exact(province, parent, name)))

    return _frame([match(*place) for place in names], lines)


@cache
def _communes() -> tuple[_Index, _Index, _Index, set[tuple[str, str]]]:
    """Return the communes changed since 2019, all of then and now, the divided, and districts without any."""
    district = {row["code"]: row for row in _legacy("district")}
    parents = [(district[row["parent"]], row) for row in _legacy("commune")]
    now = [(parent["parent"], parent["name"], row["name"], row["code"]) for parent, row in parents]
    old = _changes()
    then = [(row["province_code"], row["from_district"], row["from_name"], row["to_code"]) for row in old]
    split = [place for place, row in zip(then, old, strict=True) if row["kind"] == "split"]
    settled = {(province, _key(name)) for province, name, _, _ in now}
    empty = {(row["parent"], _key(row["name"])) for row in district.values()} - settled
    changed, either, divided = (_Index(_COMMUNE_KEYS, places) for places in (then, [*now, *then], split))
    return changed, either, divided, empty


def match_districts(lines: pd.DataFrame) -> pd.DataFrame:
    """Match province and district names of 2019 to district codes of 30 June 2025.

    A district that is gone is placed where most of its communes went. ``doubtful`` marks a district some of
    whose communes are in another one now: its people are placed whole all the same. Returns what
    :func:`match_communes` does.
    """
    now = _Index(
        _DISTRICT_KEYS, ((row["parent"], "", row["name"], row["code"]) for row in _legacy("district"))
    )
    went: dict[Hashable, Counter[str]] = defaultdict(Counter)
    for row in _changes():
        if row["kind"] != "dissolved":
            went[row["province_code"], _key(row["from_district"])][row["to_district_code"]] += 1
    rows = []
    for province, name in lines[["province", "district"]].itertuples(index=False):
        code = _provinces().get(_bare(_short(province)), "")
        moved = went.get((code, _key(name)), Counter())
        found, how = now.exact(code, "", name), "exact"
        if not found and moved:
            found, how = {moved.most_common(1)[0][0]}, "change"
        if not found:
            found, how = now.find(code, "", name)
        rows.append(_verdict(found, how, doubtful=bool(set(moved) - found)))
    return _frame(rows, lines)


def _likeness(name: str, other: str) -> float:
    """Return how alike two names are, 0 to 1, where a space counts little; numbers are alike or not at all."""
    if name.isdigit() or other.isdigit():
        return 0.0
    pairs = ((name, other), (name.replace(" ", ""), other.replace(" ", "")))
    return max(SequenceMatcher(None, *pair).ratio() for pair in pairs)


def _verdict(found: set[str | None], how: str, *, doubtful: bool) -> _Match:
    if len(found) == 1 and (code := next(iter(found))) is not None:
        return code, how, doubtful, None
    return None, None, False, "ambiguous_unit" if found else "unknown_unit"


def _frame(rows: list[_Match], lines: pd.DataFrame) -> pd.DataFrame:
    frame = pd.DataFrame(rows, index=lines.index, columns=["code", "how", "doubtful", "reason"])
    return frame.astype({"code": "str", "how": "str", "doubtful": "bool", "reason": "str"})


def _legacy(level: str) -> list[dict[Hashable, Any]]:
    frame = units()
    return frame[(frame["geography"] == "legacy") & (frame["level"] == level)].to_dict("records")


def _changes() -> list[dict[Hashable, Any]]:
    """Return the main successors since 2019 as records; a dissolved commune's is missing."""
    table = changes()[changes()["main"]]
    return table.astype("object").where(table.notna(), None).to_dict("records")


@cache
def _provinces() -> dict[str, str]:
    """Return province codes by name, also by the name of 2019 (Thừa Thiên Huế)."""
    now = {_bare(_short(row["name"])): row["code"] for row in _legacy("province")}
    return {_bare(_short(row["from_province"])): row["province_code"] for row in _changes()} | now
