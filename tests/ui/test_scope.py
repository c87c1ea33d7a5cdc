"""A link opens the view it was copied from; a link that does not fit falls back and says so."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from answers.scope import ALL, NATION, Options, Scope, default, from_params, province_after, province_in

OPTIONS = Options(
    {"legacy": ("92", "83", "84", "86", "93", "94"), "current": ("92", "86")},
    (2020, 2021, 2022, 2023, 2024, 2025),
)


def test_the_app_opens_on_can_tho_before_the_reform_in_its_latest_year():
    assert default(OPTIONS) == Scope("92", "legacy", "commune", 2025, "vi")


@pytest.mark.parametrize(
    "scope",
    [
        Scope("94", "legacy", "district", 2021, "en", "941"),
        Scope("86", "current", "commune", 2025, "vi", "28756"),
        Scope(ALL, "current", "commune", 2020, "en"),
        Scope(NATION, "current", "province", 2024, "vi", "01"),
        Scope(NATION, "legacy", "commune", 2024, "vi"),
    ],
)
def test_a_link_opens_the_view_it_was_copied_from(scope):
    assert from_params(scope.params(), OPTIONS) == (scope, [])


@pytest.mark.parametrize(
    ("params", "bad"),
    [
        ({"province": "93", "geography": "current"}, ["province"]),
        ({"geography": "current", "level": "district"}, ["level"]),
        ({"province": "nation", "level": "district"}, ["level"]),
        ({"province": "92", "level": "province"}, ["level"]),
        ({"year": "2031"}, ["year"]),
        ({"year": "<script>"}, ["year"]),
        ({"lang": "fr"}, ["lang"]),
        ({"unit": "99999"}, ["unit"]),
        ({"geography": "moon"}, ["geography"]),
    ],
)
def test_a_value_that_does_not_fit_is_named_and_replaced(params, bad):
    scope, found = from_params(params, OPTIONS)
    assert found == bad
    assert scope.params().items() >= {}.items()
    assert from_params(scope.params(), OPTIONS) == (scope, [])


@given(
    st.dictionaries(st.sampled_from(["province", "geography", "level", "year", "lang", "unit"]), st.text())
)
def test_any_link_opens_something(params):
    scope, _ = from_params(params, OPTIONS)
    assert from_params(scope.params(), OPTIONS) == (scope, [])


def test_old_provinces_lead_to_their_successor_and_back_to_something_shown():
    assert [province_after(code) for code in ("92", "93", "94", "86", "83", "84")] == ["92"] * 3 + ["86"] * 3
    assert province_in("current", "94", OPTIONS) == "92"
    assert province_in("legacy", "86", OPTIONS) == "86"
    assert province_in("legacy", ALL, OPTIONS) == ALL
