"""The table of communes changed since 2019: derived anew, and true in itself."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import pandas as pd
import pytest

from data.names import name_key
from data.readers import gso_changes
from data.units import units

RAW = Path(__file__).resolve().parents[3].parent / "shared" / "raw"
FILE = RAW / "gso_ward_changes_2019_2024.xls"


@pytest.fixture(scope="module")
def table() -> pd.DataFrame:
    return pd.read_csv(gso_changes.TABLE, dtype="str", keep_default_na=False, na_values=[""])


@pytest.mark.skipif(not FILE.is_file(), reason="the change log is not here")
@pytest.mark.skipif(not importlib.util.find_spec("vietnamadminunits"), reason="former names are not here")
def test_it_is_what_the_log_and_the_former_names_give(table: pd.DataFrame) -> None:
    legacy = units()[units()["geography"] == "legacy"]
    former = gso_changes.former_names(gso_changes.source_folder())
    derived = gso_changes.derive(gso_changes.read_log(FILE), former, legacy)
    derived["main"] = derived["main"].map({True: "True", False: "False"})
    pd.testing.assert_frame_equal(derived.astype("str").where(derived.notna()), table, check_dtype=False)


def test_every_successor_is_in_force_in_the_district_said(table: pd.DataFrame) -> None:
    legacy = units()[units()["geography"] == "legacy"].set_index(["level", "code"])
    there = table.dropna(subset="to_code")
    assert (there["to_code"].map(legacy.loc["commune", "name"]) == there["to_name"]).all()
    assert (there["to_code"].map(legacy.loc["commune", "parent"]) == there["to_district_code"]).all()
    province = there["to_district_code"].map(legacy.loc["district", "parent"])
    assert (province == there["province_code"]).all()


def test_a_commune_has_one_main_successor_and_a_source(table: pd.DataFrame) -> None:
    columns = zip(table["province_code"], table["from_district"], table["from_name"], strict=True)
    origin = pd.Series([tuple(name_key(part) for part in place) for place in columns])
    assert (table["main"] == "True").groupby(origin).sum().eq(1).all()
    assert (origin.duplicated(keep=False) == (table["kind"] == "split")).all()
    assert table["source"].notna().all()
    assert set(table["derived"]) == {"log", "log-name", "same-name", "package", "read", "none"}


def test_only_the_district_of_ly_son_lost_its_communes(table: pd.DataFrame) -> None:
    gone = table[table["to_code"].isna()]
    assert gone["from_district"].tolist() == ["Huyện Lý Sơn"] * 3
    assert set(gone["kind"]) == {"dissolved"}


@pytest.mark.parametrize(
    ("district", "name", "successor"),
    [
        # read in the resolutions, not in the log
        ("Huyện Châu Thành", "Xã Phú An Hòa", "Xã An Phước"),  # 1237/NQ-UBTVQH15
        ("Huyện Châu Thành", "Xã Sơn Hòa", "Xã Tường Đa"),
        ("Thành phố Bến Tre", "Phường 4", "Phường An Hội"),
        ("Huyện Ba Tri", "Xã Tân Mỹ", "Xã Mỹ Hòa"),
        ("Thành phố Trà Vinh", "Phường 6", "Phường 3"),  # 1277/NQ-UBTVQH15
        ("Thành phố Sóc Trăng", "Phường 9", "Phường 1"),  # 1105/NQ-UBTVQH15
        ("Huyện Long Hồ", "Xã Phú Đức", "Thị trấn Long Hồ"),
        ("Huyện Bình Tân", "Xã Thành Lợi", "Xã Thành Lợi"),  # 860/NQ-UBTVQH14, by hamlet
        ("Huyện Bình Tân", "Xã Thành Đông", "Thị trấn Tân Quới"),
    ],
)
def test_known_changes(table: pd.DataFrame, district: str, name: str, successor: str) -> None:
    here = table[
        (table["from_district"] == district) & (table["from_name"] == name) & (table["main"] == "True")
    ]
    assert here["to_name"].tolist() == [successor]


def test_people_in_a_note_decide_between_two_successors(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gso_changes, "_SPLITS", {})
    note = "nhập 3,69 km2, 1.030 người của xã Phú An vào thị trấn Ngã Sáu, 2.602 người của xã Phú An vào xã Đông Thạnh"
    log = pd.DataFrame(
        {
            "province_code": "93",
            "from_province": "Tỉnh Hậu Giang",
            "from_district": "Huyện Châu Thành",
            "from_district_code": "933",
            "from_name": "Xã Phú An",
            "from_code": "31372",
            "log_name": ["Thị Trấn Ngã Sáu", "Xã Đông Thạnh"],
            "log_code": ["31366", "31369"],
            "log_district_code": "933",
            "note": note,
            "origin": "93|huyện châu thành|xã phú an",
        }
    )
    none = pd.DataFrame({"code": [], "former": []}, dtype="str")
    derived = gso_changes.derive(log, none, units()[units()["geography"] == "legacy"])
    chosen = derived[derived["to_code"].isin(["31366", "31369"])].set_index("to_code")["main"]
    assert chosen.to_dict() == {"31366": False, "31369": True}
