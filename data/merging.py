"""How a file's rows go over those of the snapshot: by key, or in place of whole provinces and years.

By key: a row with a known key changes that row, in the columns that the file has; another key is a row more; every
other row stays. In place: the rows of each province and year that the file holds go first, and which went is said.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache
from typing import Final

import pandas as pd

from data.canonical import key
from data.manifest import Provenance
from data.units import units

PLACE: Final = "place"
_TOGETHER: Final = {"vi": "Cùng với phần giữ lại từ: ", "en": "Together with what was kept of: "}
_BETWEEN: Final = "; "


@dataclass(frozen=True)
class Change:
    """What became of a table: rows added, changed, as they were; and those that went, by place and year.

    ``gone`` is indexed by the code of the district before the reform, or of the province in force, and by the year
    ("" where the table has none).
    """

    added: int
    changed: int
    same: int
    gone: pd.Series[int] = field(default_factory=lambda: pd.Series(dtype="int64"))

    def __add__(self, other: Change) -> Change:
        gone = self.gone.add(other.gone, fill_value=0).astype("int64")
        return Change(self.added + other.added, self.changed + other.changed, self.same + other.same, gone)


def completed(name: str, old: pd.DataFrame, new: pd.DataFrame, given: list[str]) -> pd.DataFrame:
    """Return new rows with what a file left out (columns not ``given``) as the old row of the same key has it."""
    left_out = [column for column in new if column not in given]
    if not left_out:
        return new
    known, full = _matching(name, old, new), new.copy()
    for column in left_out:
        full[column] = known[column].where(known["known"], new[column])
    return full


def compared(name: str, old: pd.DataFrame, new: pd.DataFrame) -> Change:
    """Count which of the new rows are new, different from the old row of their key, or the same."""
    known = _matching(name, old, new)
    there = known["known"]
    values = [column for column in new if column not in key(name)]
    differs = pd.Series(False, index=new.index)
    for column in values:
        one, other = new[column].astype("object"), known[column].astype("object")
        differs |= ~((one == other).fillna(False).astype(bool) | (one.isna() & other.isna()))
    changed = int((there & differs).sum())
    return Change(int((~there).sum()), changed, int(there.sum()) - changed)


def kept_by_key(name: str, old: pd.DataFrame, new: pd.DataFrame) -> pd.DataFrame:
    """Return the old rows whose key no new row has."""
    both = pd.concat([new[key(name)], old[key(name)]])
    return old[~both.duplicated().to_numpy()[len(new) :]]


def kept_blocks(old: pd.DataFrame, new: pd.DataFrame, stations: pd.DataFrame) -> pd.DataFrame:
    """Return the old rows of provinces and years of which there is no new row."""
    return old[~_block(old, stations).isin(_block(new, stations))]


def counted(rows: pd.DataFrame, stations: pd.DataFrame) -> pd.Series[int]:
    """Count rows by place (the district before the reform, else the province in force) and year."""
    place = _place(rows, stations).fillna("")
    return place.groupby([place, _year(rows)]).size().rename_axis([PLACE, "year"])


def together(new: Provenance, old: Provenance) -> Provenance:
    """Say that rows of earlier sources stand beside the new ones: the last, and those it was said to be with."""
    note = {}
    for lang, words in _TOGETHER.items():
        last = f"{old.said('title', lang)} ({old.file or old.said('producer', lang)}, {old.date})"
        before = (old.note or {}).get(lang, "")
        sources = [last, *before.removeprefix(words).split(_BETWEEN)] if before.startswith(words) else [last]
        note[lang] = words + _BETWEEN.join(dict.fromkeys(sources))
    return new.model_copy(update={"note": note})


def _matching(name: str, old: pd.DataFrame, new: pd.DataFrame) -> pd.DataFrame:
    """Return for every new row the old row of its key; ``known`` says whether there is one."""
    found = new[key(name)].merge(old.assign(known=True), on=key(name), how="left")
    return found.set_axis(new.index).assign(known=found["known"].eq(True).to_numpy())


@cache
def _parents(geography: str, level: str) -> pd.Series[str]:
    """Return the parents of a level's units by code."""
    frame = units()
    frame = frame[(frame["geography"] == geography) & (frame["level"] == level)]
    return frame.set_index("code")["parent"]


def _year(frame: pd.DataFrame) -> pd.Series[str]:
    none = pd.Series("", frame.index)
    return frame["year"].astype("str") if "year" in frame else frame.get("month", none).str[:4]


def _commune(frame: pd.DataFrame, stations: pd.DataFrame, geography: str) -> pd.Series[str]:
    """Return the commune where each row's station stands."""
    commune = stations.drop_duplicates("station", keep="last").set_index("station")[f"{geography}_commune"]
    return frame["station"].map(commune)


def _place(frame: pd.DataFrame, stations: pd.DataFrame) -> pd.Series[str]:
    if "district" in frame:
        return frame["district"]
    if "commune" not in frame:
        return _commune(frame, stations, "legacy").map(_parents("legacy", "commune"))
    legacy = frame["commune"].map(_parents("legacy", "commune"))
    return legacy.where(frame["geography"] == "legacy", frame["commune"].map(_parents("current", "commune")))


def _block(frame: pd.DataFrame, stations: pd.DataFrame) -> pd.Series[str]:
    """Return the province and year that each row is about."""
    province_of = _parents("legacy", "district")
    if "district" in frame:
        province = frame["district"].map(province_of)
    elif "commune" in frame:
        legacy = frame["commune"].map(_parents("legacy", "commune")).map(province_of)
        current = frame["commune"].map(_parents("current", "commune"))
        province = frame["geography"] + legacy.where(frame["geography"] == "legacy", current)
    else:
        province = _commune(frame, stations, "current").map(_parents("current", "commune"))
    return province.astype("str") + " " + _year(frame)
