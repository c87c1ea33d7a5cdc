"""The tree of units and the points that cannot be right."""

from __future__ import annotations

import pytest

from data.units import crosswalk, units
from geo.units import LEVELS, ancestors, at_level, implausible_points, parent_of


def test_a_level_within_a_unit_is_what_its_parents_say() -> None:
    frame = units().query("geography == 'legacy'")
    districts = set(frame.loc[frame["parent"] == "92", "code"])
    communes = set(frame.loc[frame["parent"].isin(districts), "code"])
    assert set(at_level("legacy", "district", within="92").index) == districts
    assert set(at_level("legacy", "commune", within="92").index) == communes
    assert set(at_level("legacy", "commune", within="919").index) == set(
        frame.loc[frame["parent"] == "919", "code"]
    )
    assert at_level("legacy", "province", within="92").index.to_list() == ["92"]


@pytest.mark.parametrize(("province", "communes"), [("92", 103), ("86", 124)])
def test_the_communes_in_force_of_the_two_provinces(province: str, communes: int) -> None:
    assert len(at_level("current", "commune", within=province)) == communes


def test_the_six_old_provinces_have_617_communes() -> None:
    counts = [
        len(at_level("legacy", "commune", within=code)) for code in ("92", "93", "94", "86", "83", "84")
    ]
    assert sum(counts) == 617


def test_a_returned_level_can_be_changed_without_harm() -> None:
    mine = at_level("current", "province")
    mine["name"] = "?"
    assert at_level("current", "province").loc["92", "name"] == "Thành phố Cần Thơ"


@pytest.mark.parametrize("geography", LEVELS)
def test_every_unit_has_an_ancestor_at_every_level_above(geography: str) -> None:
    levels = LEVELS[geography]
    for position, level in enumerate(levels):
        for upper in levels[: position + 1]:
            codes = parent_of(geography, level, upper)
            assert codes.index.is_unique
            assert set(codes) <= set(at_level(geography, upper).index)
    step = parent_of(geography, levels[-1], levels[-2]).map(parent_of(geography, levels[-2], "province"))
    assert step.equals(parent_of(geography, levels[-1], "province").rename(step.name))


def test_the_same_code_has_other_parents_in_the_other_geography() -> None:
    assert ancestors("legacy", "31366") == {"province": "93", "district": "933", "commune": "31366"}
    assert ancestors("current", "31366") == {"province": "92", "commune": "31366"}
    assert ancestors("legacy", "933") == {"province": "93", "district": "933"}


def test_what_does_not_exist_is_a_key_error() -> None:
    with pytest.raises(KeyError, match="district"):
        at_level("current", "district")
    with pytest.raises(KeyError, match="99999"):
        ancestors("legacy", "99999")
    with pytest.raises(KeyError, match="commune above a district"):
        parent_of("legacy", "district", "commune")


def test_no_point_of_the_six_provinces_is_implausible() -> None:
    found = implausible_points()
    legacy = set(parent_of("legacy", "commune", "province").pipe(lambda p: p[p.isin(SIX)]).index)
    current = set(parent_of("current", "commune", "province").pipe(lambda p: p[p.isin({"92", "86"})]).index)
    assert not set(found.loc[found["geography"] == "legacy", "code"]) & legacy
    assert not set(found.loc[found["geography"] == "current", "code"]) & current


SIX = {"92", "93", "94", "86", "83", "84"}


def test_implausible_points_of_the_nation_are_listed_not_changed() -> None:
    found = implausible_points()
    counts = found.groupby(["geography", "reason"]).size().to_dict()
    assert counts == {("current", "astray"): 22, ("legacy", "astray"): 91, ("legacy", "outside"): 3}
    # The source gave Thanh Bình (Đồng Tháp) and Lương Hòa Lạc each other's point.
    assert {"30130", "28615"} <= set(found.loc[found["geography"] == "current", "code"])
    assert (found.loc[found["reason"] == "astray", "km"] > 20).all()


def test_a_point_is_measured_against_what_the_commune_is_linked_to() -> None:
    found = implausible_points(beyond=50).set_index(["geography", "code"])["km"]
    old = at_level("legacy", "commune").loc["30130"]
    new_code = crosswalk().query("legacy_commune == '30130' and main")["current_commune"].item()
    new = at_level("current", "commune").loc[new_code]
    north = (old["latitude"] - new["latitude"]) * 111.2
    east = (old["longitude"] - new["longitude"]) * 111.2 * 0.983  # cosine of 10.6 degrees
    assert found["legacy", "30130"] == pytest.approx((north**2 + east**2) ** 0.5, rel=1e-3)
