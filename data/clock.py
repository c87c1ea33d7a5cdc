"""Today, asked in one place, so that what depends on the day can be tested on any day."""

from __future__ import annotations

import datetime as dt


def today() -> dt.date:
    """Return today's date."""
    return dt.date.today()
