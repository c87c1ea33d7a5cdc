"""Keys that make spellings equal and names different; the order of a Vietnamese dictionary."""

from __future__ import annotations

import random
import unicodedata
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.names import TYPES, bare_key, collation_key, name_key, split_type
from data.units import units

# Printed by Node.js 20 (ICU 78): a list sorted with Intl.Collator("vi", {numeric: true}), no two of it equal.
ORDERED = (Path(__file__).parent / "vietnamese_order.txt").read_text(encoding="utf-8").splitlines()
LETTERS = "aàảãáạăằẳẵắặâầẩẫấậbcdđeèẻẽéẹêềểễếệghiìỉĩíịklmnoòỏõóọôồổỗốộơờởỡớợpqrstuùủũúụưừửữứựvxyỳỷỹýỵ"
names = st.text(alphabet=LETTERS + LETTERS.upper() + "0123456789 -'’.", max_size=12)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Hoà Bình", "Hòa Bình"),
        ("Vị Thuỷ", "Vị Thủy"),
        ("Qúy", "Quý"),
        ("Hòan Kiếm", "Hoàn Kiếm"),
        ("Phường 01", "Phường 1"),
        ("Hòa Tú II", "Hòa Tú 2"),
        ("hòa tú ii", "Hòa Tú 2"),
        ("Phường IV", "Phường 4"),
        ("PHƯỜNG VI", "phường 6"),
        ("D' Ran", "D’Ran"),
        ("Ia  O", " Ia O "),
        ("Đại Ân  2", "Đại Ân 2"),
        ("Phan Rang-Tháp Chàm", "Phan Rang – Tháp Chàm"),
        ("Thị Trấn Ngã Sáu", "Thị trấn Ngã Sáu"),
        ("Ðông Hải", "Đông Hải"),  # U+00D0, as old files have it
    ],
)
def test_spellings_of_one_name_share_a_key(one: str, other: str) -> None:
    assert name_key(one) == name_key(other)
    assert bare_key(one) == bare_key(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Thạnh An", "Thanh An"),
        ("Thạnh Qưới", "Thạnh Quới"),
        ("An Quy", "An Qui"),
        ("Đông", "Dông"),
        ("Phường 1", "Phường 11"),
        ("Sơn Vi", "Sơn 6"),
        ("SƠN VI", "SƠN 6"),
        ("Pú Xi", "Pú 11"),
        ("Long Trị", "Long Trị A"),
    ],
)
def test_different_names_keep_different_keys(one: str, other: str) -> None:
    assert name_key(one) != name_key(other)


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("an qui", "An Quy"),
        ("luc sy thanh", "Lục Sĩ Thành"),
        ("thanh quoi", "Thạnh Qưới"),
        ("dong thanh", "Đông Thành"),
        ("ea hleo", "Ea H'leo"),
        ("vi thuy", "Vị Thuỷ"),
    ],
)
def test_the_bare_key_needs_no_diacritics(typed: str, name: str) -> None:
    assert bare_key(typed) == bare_key(name)


def test_the_bare_key_keeps_y_where_it_is_a_sound_of_its_own() -> None:
    assert bare_key("Tây") != bare_key("Tai")
    assert bare_key("Thuý") != bare_key("Thúi")


@given(names)
def test_keys_do_not_depend_on_unicode_form_and_are_final(name: str) -> None:
    assert name_key(unicodedata.normalize("NFD", name)) == name_key(name)
    assert bare_key(name) == bare_key(name_key(name))
    assert not {char for char in bare_key(name) if ord(char) > 127}


def test_no_two_communes_of_a_district_share_a_name_key() -> None:
    frame = units()
    keys = frame["name"].map(name_key)
    assert not frame.assign(key=keys).duplicated(["geography", "level", "parent", "key"]).any()


@pytest.mark.parametrize(
    ("text", "kind", "short"),
    [
        ("TT. Thanh An", "Thị trấn", "Thanh An"),
        ("P.Hưng Phú", "Phường", "Hưng Phú"),
        ("P1", "Phường", "1"),
        ("Q. 5", "Quận", "5"),
        ("TX. Vĩnh Châu", "Thị xã", "Vĩnh Châu"),
        ("H. Cờ Đỏ", "Huyện", "Cờ Đỏ"),
        ("tp Cần Thơ", "Thành phố", "Cần Thơ"),
        ("THÀNH PHỐ CẦN THƠ", "Thành phố", "CẦN THƠ"),
        ("Thị  Trấn  Ngã Sáu", "Thị trấn", "Ngã Sáu"),
        (unicodedata.normalize("NFD", "Thị xã Ngã Năm"), "Thị xã", "Ngã Năm"),
        ("Xã Xà Phiên", "Xã", "Xà Phiên"),
        ("Xà Phiên", None, "Xà Phiên"),
        ("Phường", None, "Phường"),
        ("H'Ra", None, "H'Ra"),
        ("Tân An", None, "Tân An"),
    ],
)
def test_the_type_is_split_off_and_written_out(text: str, kind: str | None, short: str) -> None:
    assert split_type(text) == (kind, short)


def test_every_unit_has_a_type_and_a_name_proper() -> None:
    for name in units()["name"]:
        kind, short = split_type(name)
        assert kind in TYPES
        assert f"{kind} {short}".lower() == name.lower()


def test_the_order_is_that_of_the_vietnamese_collator() -> None:
    shuffled = random.Random(0).sample(ORDERED, len(ORDERED))
    assert sorted(shuffled, key=collation_key) == ORDERED
    assert len({collation_key(name) for name in ORDERED}) == len(ORDERED)


@pytest.mark.parametrize(
    ("one", "other"), [("Phường 01", "Phường 1"), ("0", "00"), ("Hòa", unicodedata.normalize("NFD", "Hòa"))]
)
def test_what_the_collator_finds_equal_has_equal_keys(one: str, other: str) -> None:
    assert collation_key(one) == collation_key(other)


@given(names, names)
def test_letters_decide_before_tones_and_case(one: str, other: str) -> None:
    tones = dict.fromkeys(map(ord, "\u0300\u0301\u0303\u0309\u0323"))

    def plain(name: str) -> str:
        toneless = unicodedata.normalize("NFD", name).translate(tones)
        return unicodedata.normalize("NFC", toneless).lower().replace("’", "'")

    if collation_key(plain(one)) < collation_key(plain(other)):
        assert collation_key(one) < collation_key(other)


@given(st.integers(0, 10**12), st.integers(0, 10**12))
def test_numbers_sort_by_value(one: int, other: int) -> None:
    keys = collation_key(f"Phường {one}"), collation_key(f"Phường {other}")
    assert (keys[0] < keys[1]) == (one < other)
