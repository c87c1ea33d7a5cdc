"""Official boundaries from any map file: one clean, simplified GeoParquet file for each geography.

An import reads the file, tells which official commune each polygon is, cleans the borders, and replaces the
geography's file whole; :class:`ImportReport` says how every commune was found and what was not. A refused or
failed import changes nothing.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import geopandas
import numpy as np
import pandas as pd
import shapely

from data.problems import Refused
from data.units import REFORM, crosswalk
from geo.boundaries_columns import Columns, clean_code, find_columns, loose_key, texts_of
from geo.boundaries_doubts import doubts
from geo.boundaries_match import match
from geo.boundaries_places import BOX, changes, in_place, likeness, official, with_keys
from geo.boundaries_read import Drawing, file_hash, in_metres, read_drawing
from geo.boundaries_report import ImportReport
from geo.boundaries_texts import METHODS, problem
from geo.boundaries_written import boundaries_file, boundaries_folder, keep, kept_report
from geo.coverage import clean, dissolve, simplify

__all__ = [
    "Columns",
    "ImportReport",
    "boundaries_file",
    "boundaries_folder",
    "import_boundaries",
    "kept_report",
]

Progress = Callable[[str, float], None]

# Metres: under a pixel at the closest zoom a page opens with, so a map may be simplified further from it.
TOLERANCE: Final = 20.0
_HALF: Final = 0.5
_NAMES: Final = ["province", "district", "commune"]
# Evidence of what a polygon is called, rather than of where it lies.
_BY_IDENTITY: Final = ("code", "name", "change", "province_name", "country_name")
# How much better a file must fit the other geography before it is taken for one of that.
_CLEARLY: Final = 1.2


def import_boundaries(
    path: Path,
    *,
    geography: str,
    mapping: Columns | None = None,
    crs: str | None = None,
    date: datetime.date | None = None,
    output: Path | None,
    progress: Progress | None = None,
) -> ImportReport:
    """Import the communes of a geography from a map file into the folder ``output``; None writes nothing.

    ``mapping`` names columns that should not be guessed, ``crs`` overrides the coordinate system the file
    states, and ``date`` is the day whose communes the file draws; without it, the file's own names decide.
    A file of former communes gives those in force by joining what was merged on 1 July 2025. ``progress``
    gets a key of ``STAGES`` and the share done. Raises :class:`Refused`.
    """
    tell = progress or (lambda stage, share: None)
    tell("read", 0.0)
    drawing = read_drawing(path, crs=crs)
    rows, columns = _rows(drawing, mapping or Columns(), path)
    _refuse_ambiguous_codes(rows, path)
    tell("match", 0.15)
    with _refusing_misshapen(path):
        plan = _plan(rows, in_metres(drawing.shapes), geography, date, path)
        _refuse_misfits(plan, rows, path)
    tell("clean", 0.4)
    with _refusing_misshapen(path):
        parts = _cleaned(plan, rows, drawing.notes)
    tell("simplify", 0.75)
    shared = set(plan.changed["new_code"][plan.changed["split"]])
    if plan.drawn != geography:
        drawing.notes["reform"] = int(parts["code"].nunique())
        links = crosswalk()
        shared = set(links["current_commune"][links["kind"] == "part"])
        parts["code"] = parts["code"].map(links[links["main"]].set_index("legacy_commune")["current_commune"])
    drawn = parts[~parts.geometry.is_empty]
    with _refusing_misshapen(path):
        shapes = dissolve(np.asarray(drawn.geometry.array), drawn["code"])
        shapes = pd.Series(simplify(shapes.to_numpy(), TOLERANCE), shapes.index)
    places = official(geography)
    report = ImportReport(
        geography=geography,
        file=path.name,
        sha256=file_hash(path),
        columns=columns,
        matched=_units(drawn, places, doubts(drawn, shapes, places, shared=shared)),
        polygons=drawn[["row", "code", "method"]].join(rows[_NAMES], on="row"),
        unmatched=_unmatched(rows, drawing, parts, plan),
        missing=_missing(drawn, places),
        notes=drawing.notes,
    )
    tell("write", 0.95)
    if output is not None:
        keep(report, shapes, output)
    tell("write", 1.0)
    return report


@contextmanager
def _refusing_misshapen(path: Path) -> Iterator[None]:
    """Refuse shapes that geometry cannot work with, though each is valid by itself."""
    try:
        yield
    except (shapely.errors.ShapelyError, ValueError) as error:
        raise Refused([problem("not_clean", path, found=" ".join(str(error).split())[:200])]) from error


def _rows(drawing: Drawing, overrides: Columns, path: Path) -> tuple[pd.DataFrame, Columns]:
    """Return code, province, district and commune of every row as text, and the columns they are from."""
    texts, encoding = texts_of(drawing.attributes)
    if encoding:
        drawing.notes[encoding] = len(texts)
    columns = find_columns(texts, overrides=overrides, path=path)
    found = columns.found()
    roles = ("code", "province", "district", "commune")
    return pd.DataFrame({r: texts[found[r]] if r in found else "" for r in roles}, index=texts.index), columns


def _refuse_ambiguous_codes(rows: pd.DataFrame, path: Path) -> None:
    """Refuse a code given to communes of different names; the pieces of one commune may share it."""
    coded = rows[rows["code"] != ""]
    names = coded["commune"].map(loose_key).groupby(coded["code"])
    if len(twice := coded[names.transform("nunique") > 1]):
        raise Refused(
            problem(
                "duplicate_code",
                path,
                row=int(of.index[1]),
                found=f"{code}: {' / '.join(of['commune'].drop_duplicates())}",
            )
            for code, of in twice.groupby("code")
        )


@dataclass(frozen=True, kw_only=True)
class _Plan:
    """Which commune each part of the file is, in the geography the file draws."""

    drawn: str
    parts: geopandas.GeoDataFrame
    places: pd.DataFrame
    changed: pd.DataFrame

    def fit(self, shapes: geopandas.GeoSeries) -> float:
        """Return how well the rows that are told by name or code fill their official extents, summed.

        Names and codes alone do not tell the geographies apart: a commune in force mostly has those of one
        of the former communes it is made of.
        """
        told = self.parts[self.parts["method"].isin(_BY_IDENTITY)]
        boxes = shapely.bounds(np.asarray(shapes.loc[told["row"]].array))
        return float(np.nansum(likeness(boxes, self.places[BOX].reindex(told["code"]).to_numpy())))


def _plan(
    rows: pd.DataFrame, shapes: geopandas.GeoSeries, geography: str, date: datetime.date | None, path: Path
) -> _Plan:
    """Match the rows within the geography whose communes the file draws: one before or after the reform."""
    if date is not None:
        plan = _matched(rows, shapes, "legacy" if pd.Timestamp(date) < REFORM else "current", date)
    elif (rows["district"] != "").any():
        plan = _matched(rows, shapes, "legacy", date)
    else:
        plan = _matched(rows, shapes, geography, date)
        if plan.fit(shapes) < len(shapes) * _HALF:
            rival = _matched(rows, shapes, "current" if geography == "legacy" else "legacy", date)
            plan = rival if rival.fit(shapes) > plan.fit(shapes) * _CLEARLY else plan
    if geography == "legacy" and plan.drawn == "current":
        raise Refused([problem("newer_than_geography", path)])
    return plan


def _matched(
    rows: pd.DataFrame, shapes: geopandas.GeoSeries, drawn: str, date: datetime.date | None
) -> _Plan:
    places, changed = official(drawn), changes()
    eve = REFORM - pd.Timedelta(days=1)
    if drawn == "current" or (date is not None and pd.Timestamp(date) >= eve):
        changed = changed.iloc[:0]
    parts = match(rows.loc[shapes.index], shapes, places=places, changes=changed)
    return _Plan(drawn=drawn, parts=parts, places=places, changed=changed)


def _refuse_misfits(plan: _Plan, rows: pd.DataFrame, path: Path) -> None:
    """Refuse a file most of whose polygons are no communes, or lie away from the communes they name."""
    strong = plan.parts[plan.parts["method"].isin(_BY_IDENTITY)]
    total = plan.parts["row"].nunique()
    if strong["row"].nunique() < total * _HALF:
        open_rows = rows.loc[plan.parts["row"][plan.parts["code"] == ""]]
        names = ", ".join(
            dict.fromkeys(n or c for n, c in zip(open_rows["commune"], open_rows["code"], strict=True))
        )
        found = f"{strong['row'].nunique()}/{total}; {names[:200]}"
        raise Refused([problem("few_matched", path, found=found)])
    place = plan.places.reindex(strong["code"])
    shapes = np.asarray(strong.geometry.array)
    known = (place["x"].notna() | place["west"].notna()).to_numpy()
    away = known & ~in_place(shapes, shapely.bounds(shapes), place)
    if known.any() and away.sum() > known.sum() * _HALF:
        raise Refused([problem("displaced", path, found=f"{int(away.sum())}/{int(known.sum())}")])
    # Without names, a second polygon of a code is its piece only if it lies there.
    nameless = (strong["row"].map(rows["commune"]) == "") & strong["code"].duplicated(keep=False)
    strays = strong[nameless & away]
    if len(strays):
        raise Refused(
            problem("duplicate_code", path, row=int(row), found=code)
            for row, code in zip(strays["row"], strays["code"], strict=True)
        )


def _cleaned(plan: _Plan, rows: pd.DataFrame, notes: dict[str, str | int | float]) -> geopandas.GeoDataFrame:
    """Return the matched parts as a clean coverage, with what :func:`doubts` asks of each.

    A part that lay wholly in others is empty.
    """
    parts = plan.parts[plan.parts["code"] != ""].reset_index(drop=True)
    shapes, gaps = clean(np.asarray(parts.geometry.array))
    if gaps:
        notes["slivers"] = gaps
    if pieces := int(rows.loc[parts["row"].drop_duplicates()].duplicated().sum()):
        notes["same_unit"] = pieces
    written = rows.loc[parts["row"], ["code", "commune"]].set_axis(parts.index)
    codes, names = written["code"].map(clean_code), written["commune"].map(loose_key)
    other_name = (names != "") & (names != plan.places["loose"].reindex(parts["code"]).to_numpy())
    # An overlap among the parts of one commune is no loss to it.
    before = dissolve(np.asarray(parts.geometry.array), parts["code"]).map(shapely.area)
    after = pd.Series(shapely.area(shapes)).groupby(parts["code"]).sum()
    return parts.assign(
        lost=parts["code"].map(1 - after / before),
        cut=parts["row"].duplicated(keep=False),
        code_differs=codes.isin(plan.places.index)
        & ((codes != parts["code"]) | ((parts["method"] == "code") & other_name)),
        geometry=shapes,
    )


def _units(parts: pd.DataFrame, places: pd.DataFrame, reasons: pd.Series) -> pd.DataFrame:
    """Return the communes drawn, by code, with the strongest of the methods that found their parts."""
    rank = {method: place for place, method in enumerate(METHODS)}
    best = parts.assign(rank=parts["method"].map(rank)).sort_values("rank").groupby("code")
    units = places.loc[reasons.index, _NAMES].rename(columns={"commune": "name"})
    return units.assign(
        method=best["method"].first(),
        polygons=best.size(),
        doubtful=reasons.map(bool),
        reasons=reasons,
    )


def _unmatched(rows: pd.DataFrame, drawing: Drawing, parts: pd.DataFrame, plan: _Plan) -> pd.DataFrame:
    """Return the rows that gave no commune anything, with why."""
    gone = plan.changed[plan.changed["new_code"].isna()]
    dissolved = {(unit.province_key, unit.district_key, unit.loose) for unit in gone.itertuples()}
    reason: dict[Any, str] = drawing.left_out.to_dict()
    for unit in with_keys(rows.loc[plan.parts["row"][plan.parts["code"] == ""]]).itertuples():
        named = "unknown_name" if unit.commune else "no_name"
        key = (unit.province_key, unit.district_key, unit.loose)
        reason[unit.Index] = "dissolved" if key in dissolved else named
    reason |= dict.fromkeys(parts["row"][parts.geometry.is_empty], "swallowed")
    lost = sorted(reason)
    return rows.loc[lost].assign(reason=[reason[row] for row in lost])


def _missing(parts: pd.DataFrame, places: pd.DataFrame) -> pd.DataFrame:
    """Return the communes without a polygon of the provinces that the file draws."""
    provinces = places.loc[parts["code"], "province_code"].unique()
    absent = places[places["province_code"].isin(provinces) & ~places.index.isin(parts["code"])]
    return absent[_NAMES].rename(columns={"commune": "name"}).assign(reason="not_drawn")
