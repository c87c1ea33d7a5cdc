"""Reads the units and the 2025 crosswalk out of the data files of the package ``vietnamadminunits``.

The package is never imported (it draws in a GPL dependency) and is not needed to run the atlas: only its
MIT-licensed data files are opened, once, to derive ``data/reference/units_*.csv``, ``unit_extents.csv`` and
``crosswalk_2025.csv``. A test derives them again and compares. To derive them anew after a release::

    python -m data.readers.vietnamadminunits
"""

from __future__ import annotations

import importlib.util
import json
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Final

import pandas as pd

from data.names import bare_key

PACKAGE: Final = "vietnamadminunits"
REFERENCE: Final = Path(__file__).parents[1] / "reference"
_UNIT: Final = ["level", "code", "name", "parent", "latitude", "longitude", "area_km2"]


def source_folder() -> Path:
    """Return the folder of the installed package's data files; raise ModuleNotFoundError without it."""
    spec = importlib.util.find_spec(PACKAGE)
    if spec is None or spec.origin is None:
        raise ModuleNotFoundError(f"{PACKAGE} is not installed; it is listed in requirements-test.txt")
    return Path(spec.origin).parent / "data"


def read_units_legacy(folder: Path) -> pd.DataFrame:
    """Return the units valid to 30 June 2025, three levels; five island districts have no commune."""
    raw = _table(folder, "admin_units_legacy")
    levels = [
        _level(raw, "province", "province", parent=None),
        _level(raw, "district", "district", parent="province"),
        _level(raw.dropna(subset="wardCode"), "commune", "ward", parent="district"),
    ]
    return pd.concat(levels, ignore_index=True)


def read_units_current(folder: Path) -> pd.DataFrame:
    """Return provinces and communes valid from 1 July 2025, with the areas of communes.

    The source gives namesakes in different provinces one and the same area, which is true of one at most:
    an area repeated under a name (diacritics aside), or of zero, is missing.
    """
    raw = _table(folder, "admin_units")
    provinces = _level(raw, "province", "province", parent=None)
    communes = _level(raw, "commune", "ward", parent="province")
    area = raw.set_index("wardCode")["wardAreaKm2"]
    name = raw.set_index("wardCode")["wardShort"].map(bare_key)
    repeated = pd.DataFrame({"name": name, "area": area}).duplicated(keep=False)
    communes["area_km2"] = communes["code"].map(area.mask(repeated | (area == 0)))
    return pd.concat([provinces, communes], ignore_index=True)


def read_extents(folder: Path) -> pd.DataFrame:
    """Return the bounding box of every legacy commune in degrees: code, south, west, north, east."""
    raw = _table(folder, "admin_units_legacy").dropna(subset="wardCode")
    corners = raw["wardBounds"].str.split(r",| – ", expand=True, regex=True).astype("float64")
    corners.columns = pd.Index(["south", "west", "north", "east"])
    return pd.concat([raw["wardCode"].rename("code"), corners], axis=1).reset_index(drop=True)


def read_crosswalk(folder: Path) -> pd.DataFrame:
    """Return the links from legacy to current communes: legacy_commune, current_commune, kind, main.

    The source names a commune by the unaccented path of its names (``tinhbentre_huyenbatri_xaanductay``);
    a path is unique, a name is not. An island district without communes has no legacy commune, hence no link.
    """
    legacy = _table(folder, "admin_units_legacy").dropna(subset="wardCode")
    current = _table(folder, "admin_units")
    legacy_code = dict(
        zip(_path(legacy, "provinceKey", "districtKey", "wardKey"), legacy["wardCode"], strict=True)
    )
    current_code = dict(zip(_path(current, "provinceKey", "wardKey"), current["wardCode"], strict=True))
    converter = json.loads((folder / "converter_2025.json").read_text(encoding="utf-8"))
    links = [
        (old, f"{province}_{new}", "whole", True)
        for province, news in converter["DICT_PROVINCE_WARD_NO_DIVIDED"].items()
        for new, olds in news.items()
        for old in olds
    ] + [
        (old, f"{province}_{target['newWardKey']}", "part", target["isDefaultNewWard"])
        for province, olds in converter["DICT_PROVINCE_WARD_DIVIDED"].items()
        for old, targets in olds.items()
        for target in targets
    ]
    rows = [
        (legacy_code[old], current_code[new], kind, main)
        for old, new, kind, main in links
        if not old.endswith("_")  # an island district: its commune part is empty
    ]
    frame = pd.DataFrame(rows, columns=["legacy_commune", "current_commune", "kind", "main"])
    return frame.sort_values(["legacy_commune", "current_commune"], ignore_index=True)


def write_reference(folder: Path, target: Path = REFERENCE) -> None:
    """Write the four derived tables as CSV into ``target``."""
    for name, frame in {
        "units_legacy": read_units_legacy(folder),
        "units_current": read_units_current(folder),
        "unit_extents": read_extents(folder),
        "crosswalk_2025": read_crosswalk(folder),
    }.items():
        frame.to_csv(target / f"{name}.csv", index=False, lineterminator="\n")


def _table(folder: Path, name: str) -> pd.DataFrame:
    with closing(sqlite3.connect(f"{(folder / 'dataset.db').as_uri()}?mode=ro", uri=True)) as connection:
        return pd.read_sql(f"select * from {name}", connection)


def _path(raw: pd.DataFrame, *keys: str) -> pd.Series[str]:
    return raw[keys[0]].str.cat(raw[list(keys[1:])], sep="_")


def _level(raw: pd.DataFrame, level: str, prefix: str, *, parent: str | None) -> pd.DataFrame:
    frame = pd.DataFrame(
        {
            "level": level,
            "code": raw[f"{prefix}Code"],
            "name": raw[prefix],
            "parent": raw[f"{parent}Code"] if parent else None,
            "latitude": raw[f"{prefix}Lat"].astype("float64"),
            "longitude": raw[f"{prefix}Lon"].astype("float64"),
            "area_km2": float("nan"),
        }
    )
    return frame[_UNIT].drop_duplicates("code").sort_values("code", ignore_index=True)


if __name__ == "__main__":
    write_reference(source_folder())
