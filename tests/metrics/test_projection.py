"""Projection: against a person-by-person count, closed form, and properties."""

import math

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from metrics.errors import BadParameters
from metrics.projection import Assumptions, pace, projected

amounts = st.floats(0, 500)
losses = st.floats(0, 0.5)


def counted(filled: float, recruited: float, loss: float, rotated: float, stay: int, years: int) -> tuple:
    """Follow each yearly intake apart: those there at the start, each year's recruits, each rotation."""
    cohorts = [filled]
    away: list[list[float]] = []
    for _ in range(years):
        cohorts = [cohort - cohort * loss for cohort in cohorts] + [recruited]
        away = [[doctors, left - 1] for doctors, left in away if left > 1] + [[rotated, stay]]
    return sum(cohorts), sum(doctors for doctors, _ in away)


@given(amounts, amounts, losses, amounts, st.integers(1, 4), st.integers(0, 8))
def test_agrees_with_following_every_intake(filled, recruited, loss, rotated, stay, years):
    given_ = Assumptions(recruited=recruited, loss=loss, rotated=rotated, stay=stay)
    last = projected(filled=filled, since=2025, until=2025 + years, assumptions=given_).iloc[-1]
    permanent, away = counted(filled, recruited, loss, rotated, stay, years)
    assert last.permanent == pytest.approx(permanent)
    assert last.on_rotation == pytest.approx(away)
    assert last.present == pytest.approx(permanent + away)


@given(amounts, amounts, losses, amounts, st.integers(1, 3), st.integers(1, 6), st.booleans())
def test_recruiting_at_the_pace_meets_the_target_exactly(
    filled, required, loss, rotated, stay, years, permanent
):
    start = Assumptions(recruited=0, loss=loss, rotated=rotated, stay=stay)
    common = {"filled": filled, "since": 2025, "by": 2025 + years, "permanent_only": permanent}
    needed = pace(required=required, assumptions=start, **common).needed
    then = Assumptions(recruited=needed, loss=loss, rotated=rotated, stay=stay)
    last = projected(filled=filled, since=2025, until=2025 + years, assumptions=then).iloc[-1]
    there = last.permanent if permanent else last.present
    assert there >= required - 1e-6
    if needed > 0:
        assert there == pytest.approx(required, abs=1e-6)


@given(amounts, amounts, losses, st.floats(0, 50))
def test_more_recruits_never_leave_more_missing(filled, required, loss, more):
    common = {"filled": filled, "required": required, "since": 2025, "by": 2030, "permanent_only": True}
    few = pace(assumptions=Assumptions(recruited=5, loss=loss), **common)
    many = pace(assumptions=Assumptions(recruited=5 + more, loss=loss), **common)
    assert many.short <= few.short + 1e-9
    assert many.needed == pytest.approx(few.needed)


def test_rotation_does_not_count_for_a_permanent_target():
    common = {"filled": 10, "required": 20, "since": 2025, "by": 2027}
    given_ = Assumptions(recruited=0, loss=0, rotated=10)
    assert pace(assumptions=given_, permanent_only=False, **common).met
    permanent = pace(assumptions=given_, permanent_only=True, **common)
    assert (permanent.short, permanent.needed, permanent.more) == (10, 5, 5)


def test_a_surplus_is_never_expected_beyond_what_is_required():
    found = pace(
        filled=30,
        required=20,
        since=2025,
        by=2027,
        assumptions=Assumptions(recruited=0, loss=0),
        permanent_only=True,
    )
    assert (found.expected, found.short, found.needed) == (20, 0, 0)


def test_a_missing_start_gives_missing_years():
    frame = projected(filled=math.nan, since=2025, until=2026, assumptions=Assumptions(recruited=1, loss=0))
    assert frame.permanent.isna().all()
    assert isinstance(frame, pd.DataFrame)


@pytest.mark.parametrize(
    ("bad", "said"),
    [
        ({"recruited": -1}, "negative"),
        ({"rotated": -1.0}, "negative"),
        ({"loss": 1.0}, "100%"),
        ({"loss": -0.1}, "0%"),
        ({"stay": 0}, "one year"),
    ],
)
def test_bad_assumptions_are_named_in_both_languages(bad, said):
    with pytest.raises(BadParameters) as error:
        projected(
            filled=1, since=2025, until=2026, assumptions=Assumptions(**({"recruited": 1, "loss": 0.1} | bad))
        )
    assert said in error.value.text("en")
    assert error.value.text("vi") != error.value.text("en")


def test_every_fault_is_named_at_once():
    with pytest.raises(BadParameters) as error:
        projected(
            filled=1, since=2025, until=2026, assumptions=Assumptions(recruited=-1, loss=2, rotated=0, stay=0)
        )
    assert len(error.value.faults) == 3


def test_a_deadline_already_past_is_refused():
    with pytest.raises(ValueError, match="deadline"):
        pace(
            filled=1,
            required=2,
            since=2027,
            by=2027,
            assumptions=Assumptions(recruited=1, loss=0),
            permanent_only=True,
        )
    with pytest.raises(ValueError, match="begins"):
        projected(filled=1, since=2027, until=2026, assumptions=Assumptions(recruited=1, loss=0))
