"""Columns are told by what is in them; codes and names are read however they are written."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data.problems import Refused
from data.units import units
from geo.boundaries_columns import Columns, clean_code, find_columns, loose_key, texts_of
from tests.geo.boundary_files import communes

FILE = Path("a.shp")


def told(frame: pd.DataFrame, **overrides: str) -> Columns:
    return find_columns(texts_of(frame)[0], overrides=Columns(**overrides), path=FILE)


def attributes(geography: str = "legacy") -> pd.DataFrame:
    return pd.DataFrame(communes(geography).drop(columns="geometry"))


@settings(max_examples=15)
@given(st.permutations(["MA", "TINH", "HUYEN", "XA"]), st.permutations(["A", "B", "C", "D"]))
def test_names_and_order_of_columns_do_not_matter(order: list[str], called: list[str]) -> None:
    new = dict(zip(order, called, strict=True))
    frame = attributes()[order].rename(columns=new)
    assert told(frame) == Columns(
        code=new["MA"], province=new["TINH"], district=new["HUYEN"], commune=new["XA"]
    )


def test_other_columns_are_left_alone() -> None:
    frame = attributes().assign(
        OBJECTID=range(1, 81), AREA=12.5, CAP="Xã", NGUOI_VE="Nguyễn Văn An", MATINH=92, GHICHU=None, TESS=-1
    )
    assert told(frame) == Columns(code="MA", province="TINH", district="HUYEN", commune="XA")


def test_communes_in_force_have_no_district() -> None:
    assert told(attributes("current")) == Columns(code="MA", province="TINH", commune="XA")


def test_of_a_name_with_and_without_diacritics_the_one_with_is_taken() -> None:
    frame = attributes()
    frame.insert(0, "VARNAME", frame["XA"].map(lambda name: name.encode("ascii", "ignore").decode()))
    frame.insert(0, "ASCII", frame["XA"].map(loose_key))
    assert told(frame).commune == "XA"


def test_an_override_goes_first_and_must_exist() -> None:
    frame = attributes().assign(TEN=attributes()["XA"])
    assert told(frame, commune="TEN").commune == "TEN"
    with pytest.raises(Refused, match="XYZ") as refusal:
        told(frame, commune="XYZ")
    assert refusal.value.problems[0].code == "no_such_column"


def test_a_map_of_districts_is_none_of_communes() -> None:
    frame = attributes().drop_duplicates("HUYEN")[["TINH", "HUYEN"]]
    with pytest.raises(Refused) as refusal:
        told(frame)
    assert refusal.value.problems[0].code == "no_unit_columns"


@pytest.mark.parametrize("write", [int, float, "{:0>5}".format, "92.916.{}".format, "92916{}".format])
def test_codes_are_read_as_numbers_and_with_their_parents(write: object) -> None:
    codes = units().query("level == 'commune'")["code"].drop_duplicates()
    assert [clean_code(write(code)) for code in codes] == list(codes)  # type: ignore[operator]


@given(st.text(max_size=12))
def test_a_code_is_five_digits_or_nothing(text: str) -> None:
    assert clean_code(text) == "" or (len(clean_code(text)) == 5 and clean_code(text).isdecimal())


def test_names_read_in_a_wrong_encoding_are_put_right() -> None:
    frame = attributes()
    garbled = frame.map(lambda name: name.encode("utf-8").decode("latin-1"))
    texts, how = texts_of(garbled)
    assert how == "utf8"
    pd.testing.assert_frame_equal(texts, frame, check_dtype=False)
    assert texts_of(frame)[1] is None


def test_names_in_tcvn3_are_put_right() -> None:
    # golden pairs of iconv -t TCVN5712-1, shown as Latin-1
    pairs = {
        "Xã Nhơn Nghĩa": "X· Nh¬n NghÜa",
        "Phường Thới Hòa": "Ph­êng Thíi Hßa",
        "Xã Mỹ Khánh": "X· Mü Kh¸nh",
        "Phường Hưng Phú": "Ph­êng H­ng Phó",
    }
    texts, how = texts_of(pd.DataFrame({"ten": list(pairs.values())}))
    assert (list(texts["ten"]), how) == (list(pairs), "tcvn3")


@pytest.mark.parametrize(
    ("how", "seen"),
    [
        # golden: of Python's cp1258 and iconv -t VISCII, shown as Latin-1, and of a VNI keyboard
        ("windows1258", ["XaÞ Nhõn NghiÞa", "PhýõÌng Thõìi HoÌa", "XaÞ MyÞ Khánh"]),
        ("viscii", ["Xã Nh½n Nghîa", "Phß¶ng Th¾i Hòa", "Xã MÛ Khánh"]),
        ("vni", ["Xaõ Nhôn Nghóa", "Phöôøng Thôùi Hoøa", "Xaõ Myõ Khaùnh"]),
    ],
)
def test_names_in_older_encodings_are_put_right(how: str, seen: list[str]) -> None:
    texts, found = texts_of(pd.DataFrame({"ten": seen}))
    assert (list(texts["ten"]), found) == (["Xã Nhơn Nghĩa", "Phường Thới Hòa", "Xã Mỹ Khánh"], how)
