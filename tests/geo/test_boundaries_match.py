"""Each kind of evidence settles what it should, and no spelling, order or missing column changes the answer."""

from __future__ import annotations

import random
import unicodedata

import geopandas
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from data.names import split_type
from geo.boundaries_match import match
from geo.boundaries_places import METRES, changes, in_place, likeness, official
from tests.geo.boundary_files import communes

LEGACY = communes("legacy", "92")
NO_CHANGES = changes().iloc[:0]
SHORT = {"Phường": "P.", "Thị trấn": "TT", "Xã": "X."}


def rows_of(frame: geopandas.GeoDataFrame) -> tuple[pd.DataFrame, geopandas.GeoSeries]:
    frame = frame.set_axis(pd.RangeIndex(1, len(frame) + 1, name="row"))
    columns = {"code": "MA", "province": "TINH", "district": "HUYEN", "commune": "XA"}
    rows = pd.DataFrame({role: frame.get(column, "") for role, column in columns.items()}, index=frame.index)
    return rows.fillna("").astype(object), frame.geometry.to_crs(METRES)


def matched(frame: geopandas.GeoDataFrame, changed: pd.DataFrame = NO_CHANGES) -> pd.DataFrame:
    rows, shapes = rows_of(frame)
    return match(rows, shapes, places=official("legacy"), changes=changed).sort_values("row").set_index("row")


def bare(text: str) -> str:
    plain = unicodedata.normalize("NFD", text.replace("Đ", "D").replace("đ", "d"))
    return "".join(char for char in plain if not unicodedata.combining(char))


def abbreviated(text: str) -> str:
    kind, name = split_type(text)
    return f"{SHORT[kind]} {name}" if kind in SHORT else text


SPELLINGS = {
    "upper case": str.upper,
    "no type": lambda text: text if text[-1].isdigit() else split_type(text)[1],
    "abbreviated": abbreviated,
    "no diacritics": bare,
    "composed": lambda text: unicodedata.normalize("NFD", text),
    "spaced": lambda text: f"  {text.replace(' ', '  ')} ",
}


@settings(max_examples=8)
@given(st.integers(0, 10_000))
def test_any_mixture_of_spellings_and_orders_gives_the_same_codes(seed: int) -> None:
    chance = random.Random(seed)
    frame = LEGACY.sample(frac=1, random_state=seed).reset_index(drop=True)
    truth = list(frame["MA"])
    spelt = frame.drop(columns="MA").assign(
        XA=[chance.choice(list(SPELLINGS.values()))(name) for name in frame["XA"]],
        HUYEN=[chance.choice([str.upper, bare, str])(name) for name in frame["HUYEN"]],
    )
    assert list(matched(spelt)["code"]) == truth


@pytest.mark.parametrize(
    ("without", "methods"),
    [
        ([], {"code"}),
        (["MA"], {"name"}),
        (["MA", "HUYEN"], {"name"}),
        (["MA", "TINH", "HUYEN"], {"country_name"}),
        (["MA", "HUYEN", "XA"], {"point"}),
    ],
)
def test_what_is_missing_weakens_the_evidence_not_the_answer(without: list[str], methods: set[str]) -> None:
    found = matched(LEGACY.drop(columns=without))
    assert set(found["method"]) == methods
    assert list(found["code"]) == list(LEGACY["MA"])


def test_names_that_differ_in_a_tone_are_different_communes() -> None:
    frame = communes("legacy", "86")
    twins = frame[frame["XA"].isin(["Xã Đông Thạnh", "Xã Đông Thành"])].drop(columns="MA")
    found = matched(twins)
    assert found["code"].nunique() == len(twins) == 2
    assert list(found["code"]) == list(frame["MA"][twins.index])


def test_a_renamed_province_is_told_by_its_communes() -> None:
    found = matched(LEGACY.drop(columns="MA").assign(TINH="Tỉnh Phong Dinh"))
    assert list(found["code"]) == list(LEGACY["MA"])


def test_a_commune_of_another_district_now_is_found_at_its_place() -> None:
    frame = LEGACY.drop(columns="MA")
    frame.loc[3, "HUYEN"] = "Huyện Phong Điền Cũ"
    found = matched(frame)
    assert (found["method"] == "province_name").sum() == 1
    assert list(found["code"]) == list(LEGACY["MA"])


def test_a_known_name_far_from_its_place_is_not_believed_over_the_place() -> None:
    frame = LEGACY.drop(columns=["MA", "HUYEN"])
    frame.loc[0, "XA"] = "Xã Thạnh Lộc"  # another commune of this province, drawn too, and of others
    found = matched(frame)
    assert found["code"].iloc[0] == LEGACY["MA"][0]
    assert found["method"].iloc[0] == "point"


def test_a_similar_name_in_the_district_is_taken() -> None:
    frame = LEGACY.drop(columns="MA")
    frame.loc[7, "XA"] = frame["XA"][7][:-1]
    found = matched(frame)
    assert found.iloc[7].to_dict() | {"geometry": None} == {
        "code": LEGACY["MA"][7],
        "method": "similar_name",
        "geometry": None,
    }


def test_a_former_commune_goes_where_it_was_merged() -> None:
    """Resolution 1192/NQ-UBTVQH15: An Hội and An Lạc became part of Tân An; An Cư and An Nghiệp of Thới Bình."""
    ninh_kieu = LEGACY[LEGACY["XA"].isin(["Phường Tân An", "Phường Thới Bình"])].set_index("XA")
    pieces = []
    for now, former in {
        "Phường Tân An": ["Phường Tân An", "Phường An Hội", "Phường An Lạc"],
        "Phường Thới Bình": ["Phường Thới Bình", "Phường An Cư", "Phường An Nghiệp"],
    }.items():
        shape = ninh_kieu.geometry[now]
        west, south, east, north = shape.bounds
        for place, name in enumerate(former):
            step = (east - west) / 3
            strip = shapely.box(west + place * step, south, west + (place + 1) * step, north)
            pieces.append({"XA": name, "now": now, "geometry": shape & strip})
    frame = geopandas.GeoDataFrame(pieces, crs=4326).assign(TINH="Cần Thơ", HUYEN="Quận Ninh Kiều")
    found = matched(frame, changes())
    assert list(found["code"]) == list(ninh_kieu["MA"][frame["now"]])
    assert list(found["method"]) == ["name", "change", "change"] * 2


def test_a_commune_founded_since_is_cut_from_what_it_came_from() -> None:
    young = LEGACY.index[12]
    others = LEGACY.drop(index=young)
    beside = others.index[others.touches(LEGACY.geometry[young])][0]
    frame = others.copy()
    frame.loc[beside, "geometry"] = others.geometry[beside] | LEGACY.geometry[young]
    found = matched(frame, changes()).reset_index()
    assert sorted(found["code"]) == sorted(LEGACY["MA"])
    cut = found[found["method"] == "split"]
    assert list(cut["code"]) == [LEGACY["MA"][young]]
    truth = LEGACY.to_crs(METRES).geometry[young]
    part = cut["geometry"].iloc[0]
    assert part.intersection(truth).area / part.union(truth).area > 0.9
    # a file of the geography's own day draws every commune it means to
    assert len(matched(frame)) == len(frame)


def test_what_is_nowhere_official_matches_nothing() -> None:
    sea = geopandas.GeoDataFrame({"XA": ["Xã Đảo Xa"]}, geometry=[shapely.box(104, 8, 104.1, 8.1)], crs=4326)
    assert list(matched(sea)["code"]) == [""]


@given(st.lists(st.floats(0, 100), min_size=8, max_size=8))
def test_likeness_is_that_of_the_boxes(edges: list[float]) -> None:
    (a, b, c, d), (e, f, g, h) = edges[:4], edges[4:]
    one = np.array([[min(a, b), min(c, d), max(a, b) + 1, max(c, d) + 1]])
    other = np.array([[min(e, f), min(g, h), max(e, f) + 1, max(g, h) + 1]])
    boxes = shapely.box(*one[0]), shapely.box(*other[0])
    truth = boxes[0].intersection(boxes[1]).area / boxes[0].union(boxes[1]).area
    assert likeness(one, other)[0] == pytest.approx(truth)


def test_a_place_is_unknown_where_communes_share_one() -> None:
    place = official("legacy").loc[["22736", "22737", "22739"]]  # the communes of Trường Sa
    assert place[["x", "y"]].isna().all(axis=None)
    box = shapely.bounds(shapely.box(0, 0, 1, 1))[None, :].repeat(3, axis=0)
    assert not in_place(np.array([shapely.box(0, 0, 1, 1)] * 3), box, place).any()
