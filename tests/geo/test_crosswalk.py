"""Area figures through the reform: nobody lost, nobody counted twice, and bounds that hold the truth."""

from __future__ import annotations

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data.units import crosswalk
from geo.crosswalk import apportion, made_of, went_to
from geo.units import parent_of

PROVINCE = parent_of("current", "commune", "province")
LINKS = crosswalk()[crosswalk()["current_commune"].map(PROVINCE).isin(["92", "86"])]
CODES = sorted(LINKS["legacy_commune"].unique())
counts = st.dictionaries(st.sampled_from(CODES), st.none() | st.integers(0, 10**6), min_size=1, max_size=60)


def _frame(given_counts: dict[str, int | None]) -> pd.DataFrame:
    return pd.DataFrame(
        {"total": pd.array(list(given_counts.values()), dtype="Int64")}, index=list(given_counts)
    )


def _by_hand(figures: dict[str, int | None]) -> dict[str, tuple[float, float, float, int, int]]:
    """Add up link by link, the slow way."""
    touched = {
        new
        for old, new in zip(LINKS["legacy_commune"], LINKS["current_commune"], strict=True)
        if old in figures
    }
    sums = {new: [0.0, 0.0, 0.0, 0, 0] for new in touched}
    for link in LINKS.itertuples():
        if link.current_commune not in touched:
            continue
        row = sums[link.current_commune]
        row[4] += 1
        figure = figures.get(link.legacy_commune)
        if figure is None:
            continue
        row[3] += 1
        row[0] += figure if link.kind == "whole" else 0
        row[1] += figure if link.main else 0
        row[2] += figure
    return {new: tuple(row) for new, row in sums.items()}


@settings(max_examples=40)
@given(counts)
def test_apportioning_equals_adding_up_by_hand(figures: dict[str, int | None]) -> None:
    result = apportion(_frame(figures), columns=["total"]).set_index("code")
    expected = _by_hand(figures)
    assert set(result.index) == set(expected)
    for code, row in result.iterrows():
        low, value, high, reported, total = expected[code]
        assert (row["reported"], row["expected"]) == (reported, total)
        if reported:
            assert (row["low"], row["value"], row["high"]) == (low, value, high)
        else:
            assert row[["low", "value", "high"]].isna().all()


@settings(max_examples=40)
@given(counts)
def test_nobody_is_lost_and_the_bounds_hold(figures: dict[str, int | None]) -> None:
    result = apportion(_frame(figures), columns=["total"])
    assert result["value"].sum() == sum(figure for figure in figures.values() if figure is not None)
    known = result[result["reported"] > 0]
    assert (known["low"] <= known["value"]).all()
    assert (known["value"] <= known["high"]).all()


def test_a_commune_made_of_whole_ones_has_no_band() -> None:
    divided = LINKS.groupby("current_commune")["kind"].agg(lambda kinds: (kinds == "part").any())
    result = apportion(_frame(dict.fromkeys(CODES, 7)), columns=["total"]).set_index("code")
    banded = result["low"] < result["high"]
    assert banded.equals(divided.rename_axis("code").rename(None).sort_index())
    assert banded.sum() == LINKS.loc[LINKS["kind"] == "part", "current_commune"].nunique()


def test_several_columns_keep_apart() -> None:
    frame = pd.DataFrame({"a": [1, 2], "b": [10, 20]}, index=["31183", "31150"])
    both = apportion(frame, columns=["a", "b"])
    assert both["column"].to_list() == ["a"] * 2 + ["b"] * 2
    alone = apportion(frame, columns=["b"])
    assert both.query("column == 'b'").reset_index(drop=True).equals(alone)


def test_what_cannot_be_carried_is_refused() -> None:
    with pytest.raises(KeyError, match="99999"):
        apportion(pd.DataFrame({"a": [1]}, index=["99999"]), columns=["a"])
    with pytest.raises(ValueError, match="more than once"):
        apportion(pd.DataFrame({"a": [1, 2]}, index=["31183", "31183"]), columns=["a"])


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
