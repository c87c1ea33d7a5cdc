"""The unit tables: derived from their source, corrected with reasons, and equal to what is known otherwise."""

from __future__ import annotations

import hashlib
import math
import re
from pathlib import Path

import pandas as pd
import pytest
import yaml

from data import units as module
from data.contracts import TABLES
from data.readers import vietnamadminunits as source
from data.units import crosswalk, extents, units

REFERENCE = module.REFERENCE
SHARED = Path(__file__).resolve().parents[2].parent / "shared"
OLD = ("92", "93", "94", "86", "83", "84")
NEW = ("92", "86")
DERIVED = {
    "units_legacy": source.read_units_legacy,
    "units_current": source.read_units_current,
    "unit_extents": source.read_extents,
    "crosswalk_2025": source.read_crosswalk,
}


@pytest.fixture(scope="module")
def folder() -> Path:
    return source.source_folder()


@pytest.mark.parametrize("name", DERIVED)
def test_the_reference_tables_are_what_the_source_gives(name: str, folder: Path) -> None:
    stored = (REFERENCE / f"{name}.csv").read_text(encoding="utf-8")
    assert DERIVED[name](folder).to_csv(index=False, lineterminator="\n") == stored


@pytest.mark.parametrize("name", DERIVED)
def test_the_reference_tables_say_where_they_are_from(name: str, folder: Path) -> None:
    meta = yaml.safe_load((REFERENCE / f"{name}.meta.yml").read_text(encoding="utf-8"))
    assert meta["licence"] == "MIT"
    assert meta["title"]
    file = meta["source_file"].split(",")[0].removeprefix("vietnamadminunits/data/")
    assert hashlib.sha256((folder / file).read_bytes()).hexdigest() == meta["source_sha256"]


def test_the_product_never_imports_the_package() -> None:
    root = REFERENCE.parents[1]
    files = [
        file
        for part in ("data", "geo", "metrics", "answers", "ui", "pages")
        for file in (root / part).rglob("*.py")
    ]
    imported = re.compile(r"^\s*(import|from) vietnamadminunits", re.MULTILINE)
    assert len(files) > 10
    assert not [file for file in files if imported.search(file.read_text(encoding="utf-8"))]


def test_every_unit_of_both_geographies_is_there() -> None:
    counts = units().groupby(["geography", "level"]).size().to_dict()
    assert counts == {
        ("legacy", "province"): 63,
        ("legacy", "district"): 696,
        ("legacy", "commune"): 10_035,
        ("current", "province"): 34,
        ("current", "commune"): 3_321,
    }
    TABLES["units"].validate(units(), lazy=True)


def test_every_parent_exists_one_level_up() -> None:
    frame = units()
    above = {
        ("legacy", "district"): "province",
        ("legacy", "commune"): "district",
        ("current", "commune"): "province",
    }
    for (geography, level), upper in above.items():
        here = frame[(frame["geography"] == geography) & (frame["level"] == level)]
        there = frame[(frame["geography"] == geography) & (frame["level"] == upper)]
        assert set(here["parent"]) <= set(there["code"])
    assert frame.loc[frame["level"] == "province", "parent"].isna().all()


def test_island_districts_without_communes_stay_districts() -> None:
    frame = units()
    districts = frame[(frame["geography"] == "legacy") & (frame["level"] == "district")]
    empty = districts[~districts["code"].isin(frame.loc[frame["level"] == "commune", "parent"])]
    assert set(empty["short_name"]) == {"Bạch Long Vĩ", "Cồn Cỏ", "Hoàng Sa", "Lý Sơn", "Côn Đảo"}


def test_types_and_short_names_come_from_the_names() -> None:
    frame = units().set_index(["geography", "code"])
    assert frame.loc[("legacy", "31231"), ["type", "short_name"]].to_list() == ["Thị trấn", "Thạnh An"]
    assert frame.loc[("legacy", "31522"), ["type", "short_name"]].to_list() == ["Phường", "Phường 1"]
    assert frame.loc[("legacy", "31324"), "short_name"] == "Phường IV"
    current = frame.loc["current"]
    of_commune = current[current["level"] == "commune"].groupby(["parent", "type"]).size()
    assert of_commune["92"].to_dict() == {"Phường": 31, "Xã": 72}
    assert of_commune["86"].to_dict() == {"Phường": 19, "Xã": 105}


def test_the_geographies_meet_at_the_reform() -> None:
    frame = units().set_index("geography")
    assert set(frame.loc["legacy", "valid_to"]) == {pd.Timestamp("2025-06-30")}
    assert set(frame.loc["current", "valid_from"]) == {pd.Timestamp("2025-07-01")}


def test_the_area_of_the_new_can_tho_is_the_official_one() -> None:
    province = units().query("geography == 'current' and level == 'province' and code == '92'")
    assert math.isclose(province["area_km2"].item(), 6360.83, rel_tol=1e-4)  # Resolution 202/2025/QH15


def test_a_province_with_a_commune_of_unknown_area_has_none_itself() -> None:
    current = units().query("geography == 'current'")
    communes = current[current["level"] == "commune"]
    unknown = set(communes.loc[communes["area_km2"].isna(), "parent"])
    provinces = current[current["level"] == "province"]
    assert set(provinces.loc[provinces["area_km2"].isna(), "code"]) == unknown
    assert unknown
    assert not unknown & set(NEW)


def test_every_old_commune_has_exactly_one_main_link() -> None:
    links = crosswalk()
    legacy = units().query("geography == 'legacy' and level == 'commune'")["code"]
    current = units().query("geography == 'current' and level == 'commune'")["code"]
    assert set(links["legacy_commune"]) == set(legacy)
    assert set(links["current_commune"]) <= set(current)
    assert (links.groupby("legacy_commune")["main"].sum() == 1).all()
    alone = ~links["legacy_commune"].duplicated(keep=False)
    assert ((links["kind"] == "whole") == alone).all()


def test_only_island_zones_are_made_of_no_commune() -> None:
    current = units().query("geography == 'current' and level == 'commune'")
    made_of_none = current[~current["code"].isin(crosswalk()["current_commune"])]
    assert set(made_of_none["type"]) == {"Đặc khu"}
    assert len(made_of_none) == 5


# Old communes of which the shared crosswalk is wrong, with the only commune each went to. It too took a commune
# for its namesake; the publisher's list of mergers and the polygons below agree on these.
ELSEWHERE = {
    "28924": "28921",  # Hòa Lộc in Mỏ Cày Bắc is not Hòa Lộc in Tam Bình
    "31240": "31246",  # Xã Thạnh An is not Thị trấn Thạnh An
    "31379": "31378",  # Phú Tân in Hậu Giang is not Phú Tân in Sóc Trăng
    "31588": "31579",  # Xã Hưng Phú is not Phường Hưng Phú
    "31771": "31777",  # Vĩnh Thành is not Vĩnh Thạnh
}


def _of_the_six_provinces() -> pd.DataFrame:
    frame = units().query("geography == 'current' and level == 'commune'").set_index("code")
    links = crosswalk()
    return links[links["current_commune"].map(frame["parent"]).isin(NEW)]


def test_the_crosswalk_of_the_six_provinces() -> None:
    links = _of_the_six_provinces()
    assert links["legacy_commune"].nunique() == 617
    assert links["current_commune"].nunique() == 227
    assert links["kind"].value_counts().to_dict() == {"whole": 609, "part": 16}


def test_the_crosswalk_agrees_with_the_shared_one_but_for_five_namesakes() -> None:
    file = SHARED / "facts" / "crosswalk_2025_cantho_vinhlong.csv"
    if not file.exists():
        pytest.skip("the shared facts are not here")
    shared = pd.read_csv(file, dtype="str")
    kinds = shared["kind"].map({"full": "whole", "partial": "part"})
    theirs = set(zip(shared["legacy_code"], shared["code"], kinds, strict=True))
    links = _of_the_six_provinces()
    ours = set(zip(links["legacy_commune"], links["current_commune"], links["kind"], strict=True))
    assert {code for code, *_ in theirs ^ ours} == set(ELSEWHERE)
    assert {link for link in ours if link[0] in ELSEWHERE} == {(*link, "whole") for link in ELSEWHERE.items()}


@pytest.fixture(scope="module")
def polygons() -> dict[str, object]:
    """The polygons of the communes in force, in metres, by code."""
    geopandas = pytest.importorskip("geopandas")
    file = SHARED / "boundaries" / "communes_2025_coded_cantho_vinhlong.gpkg"
    if not file.exists():
        pytest.skip("the shared boundaries are not here")
    frame = geopandas.read_file(file).to_crs("EPSG:32648").set_index("code")
    return frame.geometry.simplify(50).to_dict()


def test_every_old_commune_lies_in_the_new_one_it_went_to(polygons: dict[str, object]) -> None:
    geopandas = pytest.importorskip("geopandas")
    links = _of_the_six_provinces().query("main").set_index("legacy_commune")["current_commune"]
    place = units().query("geography == 'legacy' and level == 'commune'").set_index("code").loc[links.index]
    points = geopandas.GeoSeries(
        geopandas.points_from_xy(place["longitude"], place["latitude"]), index=links.index, crs="EPSG:4326"
    ).to_crs("EPSG:32648")
    home = geopandas.GeoSeries(links.map(polygons), crs="EPSG:32648")
    assert points.distance(home).max() < 2_000


def test_the_communes_the_shared_crosswalk_mistakes_covered_the_new_ones_we_name(
    polygons: dict[str, object],
) -> None:
    geopandas = pytest.importorskip("geopandas")
    then = geopandas.read_file(SHARED / "boundaries" / "communes_2009_names_only_six_provinces.geojson")
    then = then.to_crs("EPSG:32648").set_index(["TINH", "HUYEN", "XA"]).geometry
    place = {
        "28924": ("Bến Tre", "Huyện Mỏ Cày Bắc", "Xã Hòa Lộc"),
        "31240": ("Cần Thơ", "Huyện Vĩnh Thạnh", "Xã Thạnh An"),
        "31379": ("Hậu Giang", "Huyện Châu Thành", "Xã Phú Tân"),
        "31588": ("Sóc Trăng", "Huyện Mỹ Tú", "Xã Hưng Phú"),
        "31771": ("Sóc Trăng", "Huyện Thạnh Trị", "Xã Vĩnh Thành"),
    }
    assert set(place) == set(ELSEWHERE)
    for code, name in place.items():
        old = then[name].buffer(0)
        assert old.intersection(polygons[ELSEWHERE[code]]).area > 0.95 * old.area


def test_each_correction_has_a_source_and_a_reason_and_changes_something() -> None:
    fixes = pd.read_csv(REFERENCE / "unit_corrections.csv", dtype="str", keep_default_na=False)
    assert set(fixes["table"]) == set(DERIVED)
    assert (fixes["source"] != "").all()
    assert (fixes["reason"] != "").all()
    assert (fixes["was"] != fixes["becomes"]).all()
    assert not fixes.duplicated(["table", "code", "field", "was"]).any()


def test_a_correction_that_no_longer_fits_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    fix = {"code": "31198", "field": "name", "was": "Xã Ba Láng", "becomes": "Phường Ba Láng"}
    monkeypatch.setattr(module, "_corrections", lambda table: [fix])
    with pytest.raises(ValueError, match="31198"):
        module._corrected("units_legacy", numbers=[])


def test_a_link_can_be_added_moved_and_taken_away(monkeypatch: pytest.MonkeyPatch) -> None:
    fixes = [
        {"code": "31183", "was": "31150", "becomes": ""},
        {"code": "31198", "was": "", "becomes": "31201"},
        {"code": "31186", "was": "31186", "becomes": "31201"},
    ]
    monkeypatch.setattr(module, "_corrections", lambda table: fixes)
    links = module.crosswalk.__wrapped__().set_index("legacy_commune")
    assert links.loc[["31183"], ["current_commune", "kind", "main"]].to_numpy().tolist() == [
        ["31183", "whole", True]
    ]
    assert links.loc["31198", "kind"].to_list() == ["part", "part"]
    assert links.loc["31198", "main"].sum() == 1
    assert links.loc["31186", "current_commune"] == "31201"


def test_every_old_commune_has_an_extent_around_its_point() -> None:
    box = extents()
    old = units().query("geography == 'legacy' and level == 'commune'").set_index("code")
    assert set(box.index) == set(old.index)
    assert (box["south"] < box["north"]).all()
    assert (box["west"] < box["east"]).all()
    province = old["parent"].map(units().query("level == 'district'").set_index("code")["parent"])
    six = old[province.isin(OLD)]
    around = box.loc[six.index]
    assert six["latitude"].between(around["south"], around["north"]).all()
    assert six["longitude"].between(around["west"], around["east"]).all()
    assert not six.duplicated(["latitude", "longitude"]).any()
