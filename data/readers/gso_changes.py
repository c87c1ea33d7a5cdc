"""What became of the communes of the 2019 census by 30 June 2025, as data.

The statistics office's log pairs each commune of 2019 with its successor late in 2024. This module joins the
log to the units of 30 June 2025 and writes ``data/reference/commune_changes.csv``: one row per commune whose
name, district or existence changed, so that reading the census needs no log. A commune that went to
several has a row for each, one of them ``main``: the one that kept its code, else the one the log says took most
people, else the one the log names first. Where the log names one successor of several, or the wrong one,
``_SPLITS`` says what the resolution does. To derive the table anew::

    python -m data.readers.gso_changes gso_ward_changes_2019_2024.xls

How a successor was found is in ``derived``:

========== ==============================================================================================
log        the log's new code is in force on 30 June 2025
log-name   the log writes the merged commune under two codes; the other one is in force
same-name  a commune of that name and district is in force, under another code
package    ``vietnamadminunits`` lists the name among the former names of one commune (changes after the log)
read       found by reading: the resolution or what ``source`` names
none       the district has had no communes since
========== ==============================================================================================
"""

from __future__ import annotations

import json
import re
import sqlite3
import sys
from collections import defaultdict
from collections.abc import Hashable
from contextlib import closing
from pathlib import Path
from typing import Any, Final

import pandas as pd

from data.names import bare_key, name_key, split_type
from data.readers.vietnamadminunits import REFERENCE, source_folder
from data.units import units

TABLE: Final = REFERENCE / "commune_changes.csv"
_LOG: Final = {
    "Tỉnh": "province_code",
    "Tên Tỉnh": "from_province",
    "QH": "from_district_code",
    "Tên QH": "from_district",
    "Xã": "from_code",
    "Tên Xã": "from_name",
    "Tên Xã DC": "log_name",
    "Xã DC": "log_code",
    "QH DC": "log_district_code",
    "Ghi Chú": "note",
}
_COLUMNS: Final = [
    "province_code",
    "from_province",
    "from_district",
    "from_name",
    "from_code",
    "to_code",
    "to_name",
    "to_district_code",
    "to_district",
    "kind",
    "main",
    "derived",
    "source",
]
_SOURCES: Final = {
    "log": "GSO change log 2019-2024",
    "log-name": "GSO change log 2019-2024",
    "same-name": "units in force on 30 June 2025",
    "package": "vietnamadminunits 1.0.4, former names",
    "none": "GSO change log 2019-2024",
}
_BEN_TRE: Final = "Resolution 1237/NQ-UBTVQH15, 2024-10-24"
_TRA_VINH: Final = "Resolution 1277/NQ-UBTVQH15, 2024-11-14, in force 2025-01-01"
_VINH_LONG: Final = "Resolution 860/NQ-UBTVQH14, 2020-01-10: people moved by hamlet"
_DA_NANG: Final = "Resolution 1251/NQ-UBTVQH15, in force 2025-01-01"
# Changes after the log that were read up: the log's code, the code in force, the source.
_READ: Final = {
    "28765": ("28777", _BEN_TRE),
    "28768": ("28777", _BEN_TRE),
    "28825": ("28828", _BEN_TRE),
    "28849": ("28828", _BEN_TRE),
    "28864": ("28855", _BEN_TRE),
    "29074": ("29077", _BEN_TRE),
    "29113": ("29116", _BEN_TRE),
    "29245": ("29242", _TRA_VINH),
    "29251": ("29242", _TRA_VINH),
    "20239": ("20236", _DA_NANG),
    "10774": ("10750", "vietnamadminunits 1.0.4, former name Phúc Thành of Thị trấn Phú Thái"),
}
# Splits the log does not tell: the successors, the main one first, and the source. The seat of Thành Lợi
# passed to Tân Quới, and the code with it, but 8,000 of its 14,000 people stayed; of Thành Đông's people half
# went to Tân Quới.
_SPLITS: Final = {
    "29800": (("29791", "29800"), _VINH_LONG),
    "29791": (("29800", "29791", "29776"), _VINH_LONG),
    "29776": (("29776", "29797"), _VINH_LONG),
    "04966": (("04969", "04960"), "GSO change log 2019-2024, notes of 04966 and 04969"),
    "25996": (("25996", "26041", "26023"), "GSO change log 2019-2024; 25996 is in force"),
}
# The district of 2019 where the log has a later one.
_DISTRICTS: Final = {"02428": ("Huyện Yên Sơn", "075")}


def read_log(path: Path) -> pd.DataFrame:
    """Return the log's rows as text: the commune of 2019 (``origin``), its successor in the log, the note."""
    raw = pd.read_excel(path, engine="calamine", dtype=str)
    log = raw.rename(columns=_LOG)[list(_LOG.values())]
    log["province_code"] = log["province_code"].ffill()
    log = log.dropna(subset="from_code").reset_index(drop=True)
    for code, district in _DISTRICTS.items():
        log.loc[log["from_code"] == code, ["from_district", "from_district_code"]] = district
    # not the code: the log gives some pairs of neighbours one code
    places = zip(log["province_code"], log["from_district"], log["from_name"], strict=True)
    log["origin"] = ["|".join(name_key(part) for part in place) for place in places]
    return log


def derive(log: pd.DataFrame, former: pd.DataFrame, legacy: pd.DataFrame) -> pd.DataFrame:
    """Return the table of changes from the log, former names, and the units valid to 30 June 2025.

    ``former`` has code and former, the unaccented former names of each commune in force.
    """
    communes = _communes(legacy)
    log = log.join(_successors(log, former, communes))
    log["main"] = _main(log)
    log = pd.concat([log[~log["from_code"].isin(_SPLITS)], _splits(log)], ignore_index=True)
    log = log.sort_values("main", ascending=False, kind="stable").drop_duplicates(["origin", "to_code"])
    log = log.join(communes[["to_name", "to_district_code", "to_district"]], on="to_code")
    log["kind"] = _kind(log)
    return log.loc[~_unchanged(log, communes), _COLUMNS].sort_values(
        ["province_code", "from_district", "from_code", "to_code"], ignore_index=True
    )


def former_names(folder: Path) -> pd.DataFrame:
    """Return the former names of communes in force, as ``vietnamadminunits`` writes them (``xasonhoa``)."""
    query = "select wardCode, wardAlias from admin_units_legacy where wardAlias > ''"
    with closing(sqlite3.connect(f"{(folder / 'dataset.db').as_uri()}?mode=ro", uri=True)) as connection:
        rows = connection.execute(query).fetchall()
    pairs = [(code, name) for code, names in rows for name in json.loads(names)]
    return pd.DataFrame(pairs, columns=["code", "former"])


def _communes(legacy: pd.DataFrame) -> pd.DataFrame:
    """Return the communes in force by code, with their district and the province's code."""
    district = legacy[legacy["level"] == "district"].set_index("code")
    commune = legacy[legacy["level"] == "commune"].set_index("code")
    return pd.DataFrame(
        {
            "to_name": commune["name"],
            "to_district_code": commune["parent"],
            "to_district": commune["parent"].map(district["name"]),
            "province_code": commune["parent"].map(district["parent"]),
        }
    )


def _successors(log: pd.DataFrame, former: pd.DataFrame, communes: pd.DataFrame) -> pd.DataFrame:
    """Return to_code, derived and source for each row of the log; see the table in the module's docstring."""
    by_name: dict[tuple[str, str], set[str]] = defaultdict(set)
    for row in communes.reset_index().to_dict("records"):
        by_name[row["to_district_code"], bare_key(row["to_name"])].add(row["code"])
    siblings: dict[tuple[str, str], set[str]] = defaultdict(set)
    for row in log[log["log_code"].isin(communes.index)].to_dict("records"):
        siblings[row["log_district_code"], name_key(row["log_name"])].add(row["log_code"])
    aliases: dict[tuple[str, str], set[str]] = defaultdict(set)
    for row in former.join(communes, on="code").to_dict("records"):
        for place in ("to_district_code", "province_code"):
            aliases[row[place], _alias(row["former"])].add(row["code"])

    def successor(row: dict[Hashable, Any]) -> tuple[str | None, str, str]:
        code, name, place = row["log_code"], row["log_name"], row["log_district_code"]
        if pd.isna(code):
            return None, "none", _SOURCES["none"]
        if code in communes.index:
            return code, "log", _SOURCES["log"]
        if code in _READ:
            return _READ[code][0], "read", _READ[code][1]
        alias, short = _alias(name), _alias(split_type(name)[1])
        for how, found in (
            ("log-name", siblings[place, name_key(name)]),
            ("same-name", by_name[place, bare_key(name)]),
            ("package", aliases[place, alias]),
            ("package", aliases[place, short]),
            ("package", aliases[row["province_code"], alias]),
        ):
            if len(found) == 1:
                return next(iter(found)), how, _SOURCES[how]
        return None, "unknown", ""

    rows = [successor(row) for row in log.to_dict("records")]
    return pd.DataFrame(rows, index=log.index, columns=["to_code", "derived", "source"])


def _alias(name: str) -> str:
    """Return a name as the package writes former names, i and y made equal: ``xahaumi``."""
    return "".join(bare_key(name).split()).replace("y", "i")


def _main(log: pd.DataFrame) -> pd.Series[bool]:
    """Mark one successor of each commune of 2019."""
    several = log[log["origin"].duplicated(keep=False)]
    rank = pd.DataFrame(
        {
            "origin": several["origin"],
            "own": several["from_code"] == several["to_code"],
            "people": [_moved(row) for row in several.to_dict("records")],
        }
    )
    rank = rank.sort_values(["own", "people"], ascending=False, kind="stable")
    return ~rank["origin"].duplicated().reindex(log.index, fill_value=False)


def _splits(log: pd.DataFrame) -> pd.DataFrame:
    """Return the rows of ``_SPLITS`` in the form of the log's."""
    first = log.drop_duplicates("from_code").set_index("from_code")
    rows = [
        {
            **first.loc[code].to_dict(),
            "from_code": code,
            "to_code": to_code,
            "main": place == 0,
            "derived": "read",
            "source": source,
        }
        for code, (to_codes, source) in _SPLITS.items()
        for place, to_code in enumerate(to_codes)
    ]
    return pd.DataFrame(rows)


def _moved(row: dict[Hashable, Any]) -> int:
    """Return how many people the note sends this way ("1.030 người của xã Phú An vào ..."), 0 if none."""
    if pd.isna(row["note"]) or pd.isna(row["log_name"]):
        return 0
    start, end = (re.escape(split_type(row[name])[1]) for name in ("from_name", "log_name"))
    way = rf"của (?:xã|phường) {start} vào (?:xã|phường|thị trấn) {end}"
    found = re.search(rf"([\d.,]+) (?:người|nhân khẩu)\s+(?:còn lại )?{way}", row["note"])
    return int(re.sub(r"\D", "", found[1])) if found else 0


def _kind(log: pd.DataFrame) -> pd.Series[str]:
    """Say what happened: dissolved, split, merged (into another code), moved (district), renamed."""
    kind = pd.Series("renamed", log.index, dtype="str")
    kind = kind.mask(log["from_district_code"] != log["to_district_code"], "moved")
    kind = kind.mask(log["from_code"] != log["to_code"], "merged")
    kind = kind.mask(log["origin"].duplicated(keep=False), "split")
    return kind.mask(log["to_code"].isna(), "dissolved")


def _unchanged(log: pd.DataFrame, communes: pd.DataFrame) -> pd.Series[bool]:
    """Mark the communes that their names of 2019 alone lead to, in the units of 2025."""
    names = zip(communes["province_code"], communes["to_district"], communes["to_name"], strict=True)
    now = dict(zip([(p, name_key(d), name_key(c)) for p, d, c in names], communes.index, strict=True))
    then = zip(log["province_code"], log["from_district"], log["from_name"], strict=True)
    found = [now.get((p, name_key(d), name_key(c))) for p, d, c in then]
    return (pd.Series(found, log.index) == log["to_code"]) & (log["kind"] != "split")


if __name__ == "__main__":
    old = units()
    table = derive(
        read_log(Path(sys.argv[1])), former_names(source_folder()), old[old["geography"] == "legacy"]
    )
    table.to_csv(TABLE, index=False, lineterminator="\n")
