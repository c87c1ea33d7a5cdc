"""Which official commune each polygon of a file is, and how that is known.

Evidence is tried from the strongest to the weakest, and a polygon keeps the first that settles it: its code;
its name within its district and province; what became of the unit of that name since; its name within the
province or the country at the right place; a similar name; the official point it holds; the official extent
it lies in. What is left may hold communes founded since, and is then cut between them.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from difflib import SequenceMatcher
from functools import cached_property
from typing import Any, Final

import geopandas
import numpy as np
import pandas as pd
import shapely

from geo.boundaries_columns import clean_code, loose_key
from geo.boundaries_places import BOX, METRES, NAME_KEYS, in_place, likeness, shared, with_keys
from geo.coverage import cut

_HALF: Final = 0.5
_SIMILAR: Final = 0.7
_MOSTLY: Final = 0.9
# Metres: neighbours drawn apart leave gaps of up to this width between them.
_BORDERING: Final = 250.0
_NAMED: Final = ("code", "name", "province_name", "country_name")
_DISTRICT: Final = ["province_key", "district_key"]
_PROVINCE: Final = ["province_key"]


@dataclass(kw_only=True)
class Case:
    """One matching: the rows of a file with their shapes in metres, the official places, the changes."""

    rows: pd.DataFrame
    shapes: geopandas.GeoSeries
    places: pd.DataFrame
    changes: pd.DataFrame
    found: pd.DataFrame = field(init=False)

    def __post_init__(self) -> None:
        self.found = pd.DataFrame({"code": "", "method": ""}, index=self.rows.index, dtype=object)

    @cached_property
    def boxes(self) -> pd.DataFrame:
        """The bounding box of each row."""
        return pd.DataFrame(shapely.bounds(np.asarray(self.shapes.array)), self.rows.index, columns=BOX)

    @cached_property
    def neighbours(self) -> pd.DataFrame:
        """The pairs of rows (row, other) that border on each other."""
        shapes = np.asarray(self.shapes.array)
        one, other = shapely.STRtree(shapes).query(shapes, predicate="dwithin", distance=_BORDERING)
        pairs = pd.DataFrame({"row": self.rows.index[one], "other": self.rows.index[other]})
        return pairs[pairs["row"] != pairs["other"]]

    def pending(self) -> pd.DataFrame:
        """Return the rows not matched yet."""
        return self.rows[self.found["code"] == ""]

    def unclaimed(self, *, by: tuple[str, ...] | None = None) -> pd.DataFrame:
        """Return the official communes that no row has been matched to yet, or not by these methods."""
        claims = self.found if by is None else self.found[self.found["method"].isin(by)]
        return self.places[~self.places.index.isin(claims["code"])].rename_axis("code")

    def take(self, codes: pd.Series, method: str) -> None:
        """Match rows (the index) to codes."""
        self.found.loc[codes.index, "code"] = codes
        self.found.loc[codes.index, "method"] = method

    def fits(self, codes: pd.Series) -> pd.Series:
        """Tell for each row (the index) whether it may be the commune of that code, by where it lies.

        It may when it is in place (:func:`in_place`), or borders on a commune of the same district, or of
        the same province where there are no districts.
        """
        place = self.places.reindex(codes)
        shapes = np.asarray(self.shapes.reindex(codes.index).array)
        placed = in_place(shapes, self.boxes.loc[codes.index].to_numpy(), place)
        parent = self.found["code"].map(self.places["parent"])
        beside = self.neighbours.assign(parent=parent[self.neighbours["other"]].array)
        known = pd.MultiIndex.from_frame(beside[["row", "parent"]].dropna().drop_duplicates())
        own = pd.MultiIndex.from_arrays([codes.index, place["parent"]])
        return pd.Series(placed | own.isin(known), codes.index)

    def fitting(self, pairs: pd.DataFrame) -> pd.Series:
        """Tell for each pair (row, code) whether they fit; a row may be in several."""
        return pd.Series(self.fits(pairs.set_index("row")["code"]).to_numpy(), pairs.index)


def match(
    rows: pd.DataFrame, shapes: geopandas.GeoSeries, *, places: pd.DataFrame, changes: pd.DataFrame
) -> geopandas.GeoDataFrame:
    """Match the rows of a file to official communes.

    ``rows`` has the texts code, province, district and commune ("" where missing), ``shapes`` their areas in
    metres, ``places`` is :func:`official`, and ``changes`` is :func:`changes` or an empty part of it.
    Returns the parts communes are made of: ``row``, ``code`` and ``method`` (a key of ``METHODS``), both ""
    where nothing fits, and the geometry. Several rows may have one code; a row cut in two comes twice.
    """
    case = Case(rows=with_keys(_provinces_told(rows, places)), shapes=shapes, places=places, changes=changes)
    within = _DISTRICT if (rows["district"] != "").any() else _PROVINCE
    case.take(_by_code(case, names_agree=True), "code")
    _by_name(case, within, method="name", only_if_fits=True)
    case.take(_by_change(case, _DISTRICT, only_if_fits=True), "change")
    _by_name(case, _PROVINCE, method="province_name", only_if_fits=True)
    case.take(_by_change(case, _PROVINCE, only_if_fits=True), "change")
    _by_name(case, within, method="name", only_if_fits=False)
    case.take(_by_change(case, _DISTRICT, only_if_fits=False), "change")
    _by_name(case, [], method="country_name", only_if_fits=True)
    case.take(_by_code(case, names_agree=False), "code")
    case.take(_by_similar_name(case), "similar_name")
    case.take(_by_point(case), "point")
    cuts = _cuts(case)
    case.take(_by_extent(case, besides=cuts["row"]), "extent")
    whole = case.found.assign(geometry=shapes).drop(index=list(cuts["row"])).rename_axis("row").reset_index()
    return geopandas.GeoDataFrame(pd.concat([whole, cuts], ignore_index=True), crs=METRES)


def _provinces_told(rows: pd.DataFrame, places: pd.DataFrame) -> pd.DataFrame:
    """Give each province of the file the official name of the province most of its communes are in.

    A province may be spelled another way, or have been renamed or merged since (Hà Tây, Thừa Thiên Huế).
    """
    known = set(places["province_key"])
    unknown = [n for n in rows["province"].drop_duplicates() if n and loose_key(n) not in known]
    communes = places[["loose", "province"]].drop_duplicates()
    told = {}
    for name in unknown:
        keys = rows.loc[rows["province"] == name, "commune"].map(loose_key).drop_duplicates()
        votes = communes["province"][communes["loose"].isin(keys)].value_counts()
        if len(votes) and votes.iloc[0] > len(keys) * _HALF:
            told[name] = str(votes.index[0])
    return rows.assign(province=rows["province"].replace(told))


def _by_code(case: Case, *, names_agree: bool) -> pd.Series:
    """Return the official codes that rows carry where the row's name, if any, is that commune's.

    With ``names_agree`` false, return those of other names, where the place fits and nothing else is there.
    """
    rows = case.pending()
    codes: pd.Series = rows["code"].map(clean_code)
    codes = codes[codes.isin(case.unclaimed().index)]
    name = rows.loc[codes.index, "loose"]
    agree = (name == "") | (name == case.places["loose"].reindex(codes).to_numpy())
    found: pd.Series = codes[agree if names_agree else case.fits(codes)]
    return found


def _by_name(case: Case, within: list[str], *, method: str, only_if_fits: bool) -> None:
    """Match rows to the one commune of the same name within the same parents, the strictest key first.

    A commune that another row was matched to by its name is out; one that a row was merged into is not.
    """
    for key in NAME_KEYS:
        on = [*within, key]
        rows = case.pending()
        rows = rows[rows[key] != ""]
        pairs = rows[on].reset_index().merge(case.unclaimed(by=_NAMED)[on].reset_index(), on=on)
        if pairs.empty:
            continue
        fits = case.fitting(pairs)
        if only_if_fits:
            pairs = pairs[fits]
        pairs = pairs[~pairs["row"].duplicated(keep=False)]
        # Rows of one name are pieces of one commune, those in place at least; rows of two names are not.
        names = pairs["row"].map(case.rows["full"]).groupby(pairs["code"]).transform("nunique")
        placed = fits[pairs.index].groupby(pairs["code"]).transform("any")
        pairs = pairs[(names == 1) & (fits[pairs.index] | ~placed)]
        case.take(pairs.set_index("row")["code"], method)


def _by_change(case: Case, within: list[str], *, only_if_fits: bool) -> pd.Series:
    """Return what became of the units that rows name, by old code or by old name within the same parents.

    Of several successors the one at the row's place is meant, or else the first listed.
    """
    rows = case.pending().reset_index().assign(old_code=lambda r: r["code"].map(clean_code))
    changes = case.changes.dropna(subset="new_code")
    found = [rows.loc[rows["old_code"] != "", ["row", "old_code"]].merge(changes, on="old_code")]
    for key in NAME_KEYS:
        on = [*within, key]
        found.append(rows.loc[rows[key] != "", ["row", *on]].merge(changes, on=on))
    pairs = pd.concat(found)[["row", "new_code"]].set_axis(["row", "code"], axis=1)
    pairs = pairs.drop_duplicates().reset_index(drop=True)
    fits = case.fitting(pairs)
    order = fits[fits] if only_if_fits else fits.sort_values(ascending=False, kind="stable")
    return pairs.loc[order.index].drop_duplicates("row").set_index("row")["code"]


def _by_similar_name(case: Case) -> pd.Series:
    """Return the unclaimed communes whose names are most like those of rows of the province, each the other's best.

    The district must be the same, or the place fit, or the official place be unknown.
    """
    rows = case.pending()
    rows = rows[rows["loose"] != ""].reset_index()[["row", "loose", *_DISTRICT]]
    units = case.unclaimed().reset_index()[["code", "loose", "x", *_DISTRICT]]
    pairs = rows.merge(units, on="province_key", suffixes=("", "_unit"))
    names = zip(pairs["loose"], pairs["loose_unit"], strict=True)
    pairs["likeness"] = [SequenceMatcher(None, one, other).ratio() for one, other in names]
    pairs = pairs[pairs["likeness"] >= _SIMILAR]
    same_district = pairs["district_key"] == pairs["district_key_unit"]
    pairs = pairs[same_district | pairs["x"].isna() | case.fitting(pairs)]
    for side in ("row", "code"):
        pairs = pairs[pairs["likeness"] == pairs.groupby(side)["likeness"].transform("max")]
    pairs = pairs[~pairs["row"].duplicated(keep=False) & ~pairs["code"].duplicated(keep=False)]
    return pairs.set_index("row")["code"]


def _points_in(case: Case, rows: pd.Index) -> pd.DataFrame:
    """Return the pairs (row, code) where an unclaimed commune's official point lies in a row of its province."""
    units = case.unclaimed()
    units = units[units["x"].notna()]
    tree = shapely.STRtree(np.asarray(case.shapes.loc[rows].array))
    point, row = tree.query(shapely.points(units["x"], units["y"]), predicate="within")
    pairs = pd.DataFrame({"row": rows[row], "code": units.index[point]})
    own = case.found["code"].map(case.places["province_key"]).fillna(case.rows["province_key"])
    province = own[pairs["row"]].to_numpy()
    same: pd.DataFrame = pairs[(province == units["province_key"].to_numpy()[point]) | (province == "")]
    return same


def _by_point(case: Case) -> pd.Series:
    """Return the unclaimed communes whose official point lies in a row, where it holds only one."""
    pairs = _points_in(case, case.pending().index)
    return pairs[~pairs["row"].duplicated(keep=False)].set_index("row")["code"]


def _cuts(case: Case) -> pd.DataFrame:
    """Return the parts of rows that hold the official points of unclaimed communes: units founded since.

    A row is cut between the points of those communes and of the one it was matched to, if any, along the
    lines half way between them, because the file cannot say where the new border runs. A file without
    changes to apply draws the communes as they are, and nothing is cut.
    """
    parts = []
    if len(case.changes):
        pairs = _points_in(case, case.rows.index)
        drawn = case.boxes.loc[pairs["row"]].to_numpy()
        old = case.found["code"][pairs["row"]]
        # A new commune's extent lies mostly in what it came from, and that is not drawn as it is now.
        outside = shared(case.places.loc[pairs["code"], BOX].to_numpy(), drawn) < _HALF
        as_now = likeness(drawn, case.places[BOX].reindex(old).to_numpy()) >= _MOSTLY
        for row, codes in pairs[~outside & ~as_now].groupby("row")["code"]:
            parts += [(row, *part) for part in _cut_row(case, row, list(codes))]
    return pd.DataFrame(parts, columns=["row", "code", "method", "geometry"])


def _cut_row(case: Case, row: Any, codes: list[str]) -> list[tuple[str, str, shapely.Geometry]]:
    """Return the parts of a row, as code, method and shape: of its own commune and of those founded in it."""
    shape, (own, method) = case.shapes[row], case.found.loc[row]
    points = shapely.points(case.places.loc[codes, ["x", "y"]])
    if own:
        point = shapely.Point(case.places.loc[own, ["x", "y"]])
        points = np.append(points, point if shape.contains(point) else shape.point_on_surface())
    methods = ["split"] * len(codes) + [method] * bool(own)
    return list(zip([*codes, own], methods, cut(shape, points), strict=False))


def _by_extent(case: Case, *, besides: pd.Series) -> pd.Series:
    """Return the neighbour each row was joined to: its official extent holds both and fits them better so."""
    pairs = case.neighbours.assign(code=case.found["code"][case.neighbours["other"]].array)
    rows = case.pending().index.difference(list(besides))
    pairs = pairs[pairs["row"].isin(rows) & (pairs["code"] != "")][["row", "code"]].drop_duplicates()
    own = case.boxes.loc[pairs["row"]].to_numpy()
    ends = {"west": "min", "south": "min", "east": "max", "north": "max"}
    drawn = case.boxes.groupby(case.found["code"]).agg(ends).loc[pairs["code"]].to_numpy()
    place = case.places[BOX].loc[pairs["code"]].to_numpy()
    both = np.column_stack([np.minimum(own[:, :2], drawn[:, :2]), np.maximum(own[:, 2:], drawn[:, 2:])])
    pairs["gain"] = likeness(both, place) - likeness(drawn, place)
    pairs = pairs[(shared(own, place) >= _MOSTLY) & (pairs["gain"] > 0)]
    return pairs.sort_values("gain", ascending=False).drop_duplicates("row").set_index("row")["code"]
