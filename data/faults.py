"""What is wrong with a file's table beyond its contract: places that do not exist, and days that have not come."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace
from difflib import get_close_matches
from functools import cache
from typing import Any, Final

import pandas as pd

from data import clock
from data.contracts import GEOGRAPHIES, MONTH
from data.incoming import Incoming
from data.names import bare_key, name_key, split_type
from data.problems import TOLD, Problem
from data.readers import workbook
from data.units import crosswalk, units

_COMMUNE_COLUMNS: Final = ("commune", "legacy_commune", "current_commune")
# What was, by the column that dates it; what is promised for later (a deadline) has another.
_DAYS: Final = ("opened",)
# A longer text is no slip of a code.
_LONGEST: Final = 40


def unknown_communes(table: Incoming) -> Iterator[Problem]:
    """Yield communes that do not exist in the geography they are said to be of, and a station's wrong pair."""
    for column in _COMMUNE_COLUMNS:
        if column not in table.frame:
            continue
        geographies = table.frame.get("geography", pd.Series(column.split("_")[0], table.frame.index))
        for row, geography, code in zip(table.frame.index, geographies, table.frame[column], strict=True):
            if geography in GEOGRAPHIES and pd.notna(code) and code not in _communes(geography):
                hint = _hint(str(code), str(geography))
                yield _problem("unknown_unit", table, row, column, str(code), hint)
    if table.name == "stations":
        for row, old, new in table.frame[["legacy_commune", "current_commune"]].itertuples(name=None):
            ends = _ends().get(old, [new])
            if new in _communes("current") and new not in ends:
                yield _problem(
                    "inconsistent", table, row, "current_commune", f"{old} → {new}", ", ".join(ends)
                )


def unknown_stations(table: Incoming, stations: set[str]) -> Iterator[Problem]:
    """Yield stations that neither the snapshot nor the file lists, with the nearest code that one of them does."""
    known = f"{min(stations)}, …" if stations else workbook.sheet_label("stations")
    near: dict[str, str | None] = {}
    for row, station in table.frame["station"].dropna().items():
        if station not in stations:
            if station not in near and len(near) < TOLD:
                near[station] = _near(station, stations)
            yield replace(
                _problem("unknown_unit", table, row, "station", str(station), known),
                nearest=near.get(station),
            )


def in_the_future(table: Incoming) -> Iterator[Problem]:
    """Yield years, months and days after today: nothing can have been counted in them yet."""
    today = clock.today()
    frame = table.frame
    if "year" in frame:
        late = frame.loc[(frame["year"] > today.year).fillna(False).astype(bool), "year"]
        for row, year in late.items():
            yield _problem("in_the_future", table, row, "year", str(year), f"<= {today.year}")
    if "month" in frame:
        # Text that is no month is the contract's to refuse: as text it may well be "later".
        months = frame["month"].where(frame["month"].str.fullmatch(MONTH))
        for row, month in frame.loc[(months > f"{today:%Y-%m}").fillna(False), "month"].items():
            yield _problem("in_the_future", table, row, "month", str(month), f"<= {today:%Y-%m}")
    for column in _DAYS:
        if column in frame:
            late = frame.loc[frame[column] > dt.datetime.combine(today, dt.time()), column]
            for row, day in late.items():
                yield _problem("in_the_future", table, row, column, f"{day:%Y-%m-%d}", f"<= {today}")


def placed(problem: Problem, table: Incoming) -> Problem:
    """Say where a problem of a table stands in the file: its sheet, and its column as the file heads it."""
    column = (
        ", ".join(table.headers.get(part, part) for part in problem.column.split(", "))
        if problem.column
        else None
    )
    file = table.provenance.file or table.name
    return replace(problem, file=file, sheet=table.sheet, column=column)


def unreadable(problem: Problem, table: Incoming) -> bool:
    """Tell whether a problem only follows from a cell that could not be read, which has been said."""
    return any((problem.row, column) in table.unread for column in (problem.column or "").split(", "))


def _near(station: str, stations: set[str]) -> str | None:
    return next(iter(get_close_matches(station, stations, n=1)), None) if len(station) <= _LONGEST else None


@cache
def _ends() -> dict[str, list[str]]:
    """Return the current communes that a legacy commune went to."""
    ends: dict[str, list[str]] = defaultdict(list)
    for old, new in crosswalk()[["legacy_commune", "current_commune"]].itertuples(index=False):
        ends[old].append(new)
    return ends


@cache
def _communes(geography: str) -> dict[str, str]:
    """Return the names of the communes of a geography by code."""
    frame = units()
    frame = frame[(frame["geography"] == geography) & (frame["level"] == "commune")]
    return dict(zip(frame["code"], frame["name"], strict=True))


@cache
def _named(geography: str) -> dict[str, list[str]]:
    """Return the communes of a geography (code and name) by every key of their names, with type and without."""
    named: dict[str, list[str]] = defaultdict(list)
    for code, name in _communes(geography).items():
        for found in {form(text) for text in (name, split_type(name)[1]) for form in (name_key, bare_key)}:
            named[found].append(f"{code} {name}")
    return named


def _hint(wrong: str, geography: str) -> str | None:
    """Say what may have been meant: the code of that name, or the same code in the other geography."""
    other = next(name for name in GEOGRAPHIES if name != geography)
    if wrong in _communes(other):
        return f"geography = {other} ({_communes(other)[wrong]})"
    named = _named(geography)
    return ", ".join(named.get(name_key(wrong)) or named.get(bare_key(wrong), [])) or None


def _problem(code: str, table: Incoming, row: Any, column: str, found: str, expected: str | None) -> Problem:
    return Problem(code=code, file=table.name, row=int(row), column=column, found=found, expected=expected)
