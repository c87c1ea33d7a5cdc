"""Today, asked in one place, so that a verdict that depends on the day can be tested on any day."""

from __future__ import annotations

import datetime as dt

from data import clock


def today() -> dt.date:
    """Return today's date, as the data's clock has it."""
    return clock.today()
