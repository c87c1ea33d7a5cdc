"""The administrative units of both geographies and the 2025 crosswalk between them.

Read from ``data/reference`` (derived from a package by :mod:`data.readers.vietnamadminunits`), with
``unit_corrections.csv`` applied on top. The frames are cached and shared: copy before changing one.
"""

from __future__ import annotations

import csv
from functools import cache
from pathlib import Path
from typing import Final

import pandas as pd

from data.contracts import TABLES
from data.names import name_key, split_type

REFERENCE: Final = Path(__file__).parent / "reference"
REFORM: Final = pd.Timestamp("2025-07-01")
_POINT: Final = ["latitude", "longitude", "area_km2"]
_BOX: Final = ["south", "west", "north", "east"]


@cache
def units() -> pd.DataFrame:
    """Return every unit of both geographies (contract ``units``): 63/696/10,035 legacy, 34/3,321 current.

    ``short_name`` leaves the type out, except before a number, which is no name alone ("Phường 1", "Phường IV").
    A current province's area is the sum of its communes', missing while one of theirs is; legacy areas are
    not known. ``valid_from`` of legacy units and ``valid_to`` of current ones are missing.
    """
    legacy = _corrected("units_legacy", numbers=_POINT).assign(geography="legacy")
    current = _corrected("units_current", numbers=_POINT).assign(geography="current")
    areas = current.groupby("parent")["area_km2"].sum(skipna=False).round(2)
    current["area_km2"] = current["area_km2"].fillna(current["code"].map(areas))
    frame = pd.concat([legacy, current], ignore_index=True)
    typed = [split_type(name) for name in frame["name"]]
    frame["type"] = pd.array([kind for kind, _ in typed], dtype="str")
    frame["short_name"] = pd.array([_short(kind, short) for kind, short in typed], dtype="str")
    current_row = frame["geography"] == "current"
    frame["valid_from"] = pd.Series(pd.NaT, frame.index, dtype="datetime64[us]").mask(current_row, REFORM)
    frame["valid_to"] = pd.Series(pd.NaT, frame.index, dtype="datetime64[us]").mask(
        ~current_row, REFORM - pd.Timedelta(days=1)
    )
    return TABLES["units"].validate(frame[list(TABLES["units"].columns)], lazy=True)


@cache
def crosswalk() -> pd.DataFrame:
    """Return the links from legacy to current communes (contract ``crosswalk``).

    A legacy commune has one ``whole`` link, or several ``part`` links of which one is ``main``. A correction
    that takes a link away may leave one: that commune then moved whole.
    """
    frame = _corrected_links()
    alone = ~frame["legacy_commune"].duplicated(keep=False)
    frame["kind"] = pd.Series("part", frame.index, dtype="str").mask(alone, "whole")
    frame["main"] |= alone
    return TABLES["crosswalk"].validate(frame[list(TABLES["crosswalk"].columns)], lazy=True)


@cache
def extents() -> pd.DataFrame:
    """Return each legacy commune's bounding box in degrees, by code: south, west, north, east."""
    return _corrected("unit_extents", numbers=_BOX).set_index("code")


def _short(kind: str | None, short: str) -> str:
    numbered = len(short) <= len("VIII") and name_key(short).isdigit()
    return f"{kind} {short}" if numbered else short


def _rows(name: str) -> list[dict[str, str]]:
    with (REFERENCE / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _corrections(table: str) -> list[dict[str, str]]:
    return [row for row in _rows("unit_corrections") if row["table"] == table]


def _corrected(table: str, *, numbers: list[str]) -> pd.DataFrame:
    """Read a table by code and put its corrections in; one that no longer fits its table raises ValueError.

    A correction of several fields at once separates them, and their values, by semicolons.
    """
    rows = {row["code"]: row for row in _rows(table)}
    for fix in _corrections(table):
        row, fields = rows[fix["code"]], fix["field"].split(";")
        if ";".join(row[field] for field in fields) != fix["was"]:
            raise ValueError(f"{table} {fix['code']} {fix['field']} is not {fix['was']!r} any more")
        row.update(zip(fields, fix["becomes"].split(";"), strict=True))
    frame = pd.DataFrame(list(rows.values()), dtype="str").replace("", float("nan"))
    return frame.astype(dict.fromkeys(numbers, "float64"))


def _corrected_links() -> pd.DataFrame:
    """Read the crosswalk; a correction has the current commune a link leads to (was), and should (becomes).

    Without ``becomes`` the link goes; without ``was`` one is added, as a part that is not the main one.
    """
    links = _rows("crosswalk_2025")
    main = {(link["legacy_commune"], link["current_commune"]): link["main"] == "True" for link in links}
    for fix in _corrections("crosswalk_2025"):
        taken = main.pop((fix["code"], fix["was"])) if fix["was"] else False
        if fix["becomes"]:
            main[fix["code"], fix["becomes"]] = taken
    rows = sorted((*ends, flag) for ends, flag in main.items())
    return pd.DataFrame(rows, columns=["legacy_commune", "current_commune", "main"])
