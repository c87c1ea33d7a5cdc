import datetime as dt
import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from answers import format as fmt
from answers.words import language


@pytest.mark.parametrize(("lang", "expected"), [("vi", "1.234.567,8"), ("en", "1,234,567.8")])
def test_numbers_have_their_languages_separators(lang, expected):
    with language(lang):
        assert fmt.number(1234567.84, 1) == expected


@pytest.mark.parametrize("missing", [None, math.nan, pd.NA])
def test_missing_is_a_dash_and_never_a_zero(missing):
    assert fmt.number(missing) == fmt.percent(missing) == fmt.date(missing) == fmt.MISSING


@pytest.mark.parametrize(
    "endless", [math.inf, -math.inf, np.inf, np.float64("-inf"), np.float32("inf"), np.float32("nan")]
)
def test_what_is_not_finite_is_a_dash_too(endless):
    assert fmt.number(endless, 1, sign=True) == fmt.percent(endless) == fmt.MISSING
    assert fmt.span(endless, endless) == fmt.MISSING
    assert fmt.span(1, endless).startswith("1")


def test_a_number_beyond_all_others_is_written_out():
    with language("vi"):
        assert fmt.number(-1e30) == fmt.MINUS + "1" + ".000" * 10
        assert fmt.number(1.7e308, 2).startswith("170.000.")


def test_a_rounded_zero_has_no_sign():
    assert fmt.number(-0.04, 1) == fmt.number(-0.04, 1, sign=True) == fmt.number(0, 1)


@given(st.floats(-1e9, 1e9, allow_nan=False), st.integers(0, 3))
def test_a_number_can_be_read_back(value, decimals):
    with language("vi"):
        text = fmt.number(value, decimals)
    back = float(text.replace(".", "").replace(",", ".").replace(fmt.MINUS, "-"))
    assert back == pytest.approx(value, abs=10**-decimals * 0.500001)


def test_dates():
    with language("vi"):
        assert fmt.date(dt.date(2026, 7, 1)) == fmt.date("2026-07-01") == "01/07/2026"
    with language("en"):
        assert fmt.date(pd.Timestamp("2026-07-01")) == "1 Jul 2026"


def test_a_span_of_equal_ends_is_one_number():
    assert fmt.span(5, 5) == "5"
    assert fmt.span(-7, 2, sign=True) == "−7 – +2"


@given(st.integers(-(10**7), 10**7))
def test_halves_are_rounded_away_from_zero_as_a_spreadsheet_does(quarters):
    # A quarter is exact in binary, so the half of a tenth is one too; whole numbers are the oracle.
    tenths = (abs(quarters) * 10 + 2) // 4 if quarters % 4 else abs(quarters) // 4 * 10
    with language("en"):
        text = fmt.number(quarters / 4, 1).replace(",", "").replace(fmt.MINUS, "")
    assert round(float(text) * 10) == tenths
