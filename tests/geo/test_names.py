"""Finding a unit however its name is typed."""

from __future__ import annotations

import time

import pandas as pd
import pytest

from data.units import units
from geo.names import COLUMNS, search


def _first(query: str, geography: str | None = None) -> tuple[str, str]:
    found = search(query, geography=geography, limit=1).iloc[0]
    return found["geography"], found["code"]


@pytest.mark.parametrize(
    ("query", "geography", "code"),
    [
        ("Thạnh Tiến", "legacy", "31241"),
        ("TT. Thạnh An", "legacy", "31231"),
        ("thi tran thanh an vinh thanh", "legacy", "31231"),
        ("P.Ba Láng", "legacy", "31195"),
        ("phuong hung phu cai rang", "legacy", "31189"),
        ("p1 soc trang", "legacy", "31522"),
        ("Phường 01 tp sóc trăng", "legacy", "31522"),
        ("hoa tu ii", "legacy", "31729"),
        ("Quoi Son", "legacy", "28807"),
        ("Qưới Sơn", "legacy", "28807"),
        ("an quy thanh phu", "legacy", "29218"),
        ("Vị Thuỷ", "legacy", "935"),
        ("tp can tho", "current", "92"),
        ("TP Cần Thơ", "legacy", "92"),
        ("Ninh Kiều", "current", "31135"),
        ("31198", "legacy", "31198"),
    ],
)
def test_a_unit_is_found_however_it_is_typed(query: str, geography: str, code: str) -> None:
    assert _first(query, geography) == (geography, code)


def test_diacritics_are_optional_but_count() -> None:
    bare = search("thanh tien", geography="legacy")["name"].to_list()
    assert set(bare[:3]) == {"Xã Thanh Tiên", "Xã Thành Tiến", "Xã Thạnh Tiến"}
    assert search("Thạnh Tiến", geography="legacy")["name"].iloc[0] == "Xã Thạnh Tiến"
    assert search("Hoà")["code"].equals(search("Hòa")["code"])


def test_whole_names_then_beginnings_then_words_then_parents() -> None:
    names = search("long phú", geography="legacy", limit=100)["name"].to_list()
    in_order = ["Huyện Long Phú", "Xã Long Phụng", "Xã Nhị Long Phú", "Xã An Long"]
    assert sorted(in_order, key=names.index) == in_order
    assert [name.endswith(" Long Phú") for name in names[:7]] == [True] * 6 + [False]
    assert {"Xã Long Phước", "Thị xã Phước Long"} <= set(names)


def test_a_type_is_not_taken_for_the_beginning_of_a_name() -> None:
    found = search("long phú", geography="legacy", limit=100)
    assert not found["name"].str.fullmatch(r"Phường \d+").any()


def test_old_and_new_names_are_both_found() -> None:
    found = search("hưng phú cần thơ")
    assert set(zip(found["geography"], found["code"], strict=True)) >= {
        ("legacy", "31189"),
        ("current", "31201"),
    }
    assert set(search("hưng phú", geography="current")["geography"]) == {"current"}


def test_the_words_of_parents_narrow_but_do_not_find_alone() -> None:
    assert search("an binh ninh kieu")["code"].to_list() == ["31150"]
    assert search("An Bình, quận Ninh Kiều, TP. Cần Thơ")["code"].to_list() == ["31150"]
    found = search("ninh kieu", geography="legacy", limit=50)
    assert "31120" not in set(found["code"])


def test_a_type_that_is_typed_must_fit() -> None:
    assert set(search("xã hưng phú", limit=50)["name"].str.split().str[0]) == {"Xã"}


def test_parents_are_named() -> None:
    row = search("31198", geography="legacy").iloc[0]
    assert row.to_dict() == {
        "geography": "legacy",
        "level": "commune",
        "code": "31198",
        "name": "Phường Thường Thạnh",
        "province": "Thành phố Cần Thơ",
        "district": "Quận Cái Răng",
    }
    assert pd.isna(search("31120", geography="current").iloc[0]["district"])


@pytest.mark.parametrize("query", ["", "   ", "...", "không có xã nào như thế"])
def test_what_names_nothing_finds_nothing(query: str) -> None:
    found = search(query)
    assert found.empty
    assert tuple(found.columns) == COLUMNS


def test_the_limit_holds() -> None:
    assert len(search("an", limit=7)) == 7


def test_every_unit_is_found_by_its_own_name_and_parents() -> None:
    frame = units().query("level == 'commune'")
    parents = units().set_index(["geography", "code"])["name"]
    for row in frame.iloc[::97].itertuples():
        query = f"{row.name} {parents[row.geography, row.parent]}"
        assert row.code in set(search(query, geography=row.geography, limit=50)["code"]), query


def test_a_search_is_quick() -> None:
    search("warm")
    queries = ["a", "thanh", "phuong 1", "an binh ninh kieu", "Đ", "xã vĩnh"]
    took = []
    for query in queries:
        start = time.process_time()
        search(query)
        took.append(time.process_time() - start)
    assert sorted(took)[len(took) // 2] < 0.03
