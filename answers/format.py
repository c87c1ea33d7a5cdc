"""Numbers, dates and ranges as text, in the current language, by Babel: the browser never formats.

A missing value is an en dash, never a zero; so is one that is not finite, which no quantity is.
"""

from __future__ import annotations

import datetime as dt
import math
from decimal import ROUND_HALF_UP, Context, Decimal, localcontext
from typing import Final

import numpy as np
import pandas as pd
from babel.dates import format_date
from babel.numbers import format_decimal

from answers.words import current

MISSING: Final = "–"
MINUS: Final = "−"
# Wide enough for every float: the usual 28 digits make numbers beyond them an error.
_WIDE: Final = Context(prec=400)


def _missing(value: object) -> bool:
    return (
        value is None
        or value is pd.NA
        or (isinstance(value, float | np.floating) and not math.isfinite(value))
    )


def plain(value: object) -> str:
    """Return a code, a year or a name as it stands; a missing one as the dash, never as "<NA>" or "nan".

    >>> plain(2024), plain(pd.NA), plain(float("nan")), plain(pd.NaT)
    ('2024', '–', '–', '–')
    """
    return MISSING if _missing(value) or value is pd.NaT else str(value)


def number(value: float | None, decimals: int = 0, *, sign: bool = False) -> str:
    """Format a number with its language's separators and a true minus sign.

    >>> from answers.words import language
    >>> with language("vi"):
    ...     number(1234567.84, 1), number(-3), number(3, sign=True), number(None)
    ('1.234.567,8', '−3', '+3', '–')
    >>> number(78.25, 1), number(0.5), number(-0.04, 1)
    ('78,3', '1', '0,0')
    """
    if _missing(value):
        return MISSING
    with localcontext(_WIDE):
        # Half up, as spreadsheets and native charts round the same number; in decimal, as it is written.
        value = float(Decimal(repr(float(value))).quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)) + 0.0
        pattern = "#,##0" + ("." + "0" * decimals if decimals else "")
        text = format_decimal(abs(value), format=pattern, locale=current())
    if value < 0:
        return MINUS + text
    return ("+" if sign and value > 0 else "") + text


def percent(value: float | None, decimals: int = 1, *, sign: bool = False) -> str:
    """Format a value already in percent.

    >>> from answers.words import language
    >>> with language("vi"):
    ...     percent(12.34)
    '12,3%'
    """
    return MISSING if _missing(value) else f"{number(value, decimals, sign=sign)}%"


def span(low: float | None, high: float | None, decimals: int = 0, *, sign: bool = False) -> str:
    """Format a low and a high as a range, or one number when they agree as printed.

    >>> span(3, 3), span(-5, -2)
    ('3', '−5 – −2')
    """
    first, last = number(low, decimals, sign=sign), number(high, decimals, sign=sign)
    if first == last:
        return first
    separator = f" {MISSING} " if MINUS in first + last or "+" in first + last else MISSING
    return f"{first}{separator}{last}"


def date(value: dt.date | pd.Timestamp | str | None) -> str:
    """Format a date as day/month/year; a bare year or month stays as it is.

    >>> from answers.words import language
    >>> with language("vi"):
    ...     date("2026-07-01"), date("2019")
    ('01/07/2026', '2019')
    """
    if _missing(value) or value is pd.NaT:
        return MISSING
    if isinstance(value, str):
        if len(value) != 10:
            return value
        value = dt.date.fromisoformat(value)
    pattern = "dd/MM/yyyy" if current() == "vi" else "d MMM yyyy"
    return format_date(value, pattern, locale=current())
