"""Who went where on 1 July 2025, and of whom the new communes were made."""

from __future__ import annotations

import pytest

from data.units import crosswalk
from geo.crosswalk import made_of, went_to
from geo.units import parent_of

PROVINCE = parent_of("current", "commune", "province")
LINKS = crosswalk()[crosswalk()["current_commune"].map(PROVINCE).isin(["92", "86"])]
CODES = sorted(LINKS["legacy_commune"].unique())


def test_where_a_divided_commune_went() -> None:
    found = went_to("29770")
    assert found.index.to_list() == ["29771", "29770"]
    assert found["main"].to_list() == [True, False]
    assert set(found["kind"]) == {"part"}
    assert set(found["province"]) == {"Tỉnh Vĩnh Long"}


def test_what_a_new_commune_is_made_of() -> None:
    found = made_of("29770")
    assert found["kind"].to_list() == ["whole", "part", "part", "part"]
    assert found.loc["29764", ["name", "district", "province"]].to_list() == [
        "Xã Ngãi Tứ",
        "Huyện Tam Bình",
        "Tỉnh Vĩnh Long",
    ]


def test_both_directions_tell_the_same_links() -> None:
    for code in CODES[::25]:
        for new in went_to(code).index:
            assert code in made_of(new).index


def test_an_island_zone_is_made_of_no_commune_and_an_unknown_code_is_an_error() -> None:
    lone = sorted(set(PROVINCE.index) - set(crosswalk()["current_commune"]))[0]
    assert made_of(lone).empty
    with pytest.raises(KeyError, match="31120x"):
        made_of("31120x")
    with pytest.raises(KeyError, match="legacy"):
        went_to("00000")
