"""What may be compared: years that enough reported, and the same units in both of them.

A total over whoever happened to report moves when the reporting moves. Every change, trend and arrow therefore rests
on :func:`same_units`: the units known in every year that is compared, and no other.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Annotated, Final

import pandas as pd
from pydantic import Field, TypeAdapter

from metrics.registry import Confidence, Entry, Id, Source, Text
from metrics.registry_files import read_folder

REPORTING: Final = Path(__file__).parent / "reporting"


class ReportingRule(Entry):
    """How large a share of those expected must report before a year is shown first or compared."""

    id: Id
    name: Text
    summary: Text
    enough_share: Annotated[float, Field(gt=0, le=1)]
    source: Source
    confidence: Confidence


@cache
def reporting_rule() -> ReportingRule:
    """Return the rule in use.

    >>> 0 < reporting_rule().enough_share <= 1
    True
    """
    return read_folder(folder=REPORTING, form=TypeAdapter(ReportingRule))["default"]


def enough(reported: float, expected: float) -> bool:
    """Say whether so many of those expected are enough to speak of a year (``metrics/reporting``).

    Nobody of nobody is not enough.

    >>> enough(80, 100), enough(2, 97), enough(0, 0)
    (True, False, False)
    """
    return expected > 0 and reported >= reporting_rule().enough_share * expected


def opening_year(reports: Mapping[int, tuple[int, int]]) -> int:
    """Return the year to show first: the newest that enough reported, else the one that most did.

    ``reports`` holds (reported, expected) by year, at least one year.

    >>> opening_year({2023: (90, 97), 2024: (96, 97), 2025: (2, 97)})
    2024
    """
    full = [year for year, counts in reports.items() if enough(*counts)]
    if full:
        return max(full)
    return max(reports, key=lambda year: (reports[year][0] / (reports[year][1] or 1), year))


def same_units(known: pd.Series, years: Iterable[int]) -> pd.Index:
    """Return the units known in every one of some years.

    ``known`` says of each unit and year (index ``code``, ``year``) whether its number is known and complete; a
    year without a row is one that is not known. A unit unknown in one of the years therefore never changes what is
    computed from those returned here.

    >>> index = pd.MultiIndex.from_tuples([("a", 1), ("a", 2), ("b", 1)], names=["code", "year"])
    >>> list(same_units(pd.Series(True, index=index), [1, 2]))
    ['a']
    """
    wanted = set(years)
    year = known.index.get_level_values("year")
    rows = known[known.fillna(False).astype(bool) & year.isin(wanted)]
    counts = rows.groupby(level="code").size()
    return counts.index[counts.eq(len(wanted))]


@dataclass(frozen=True, kw_only=True)
class Comparison:
    """The same units over some years: their codes, and how many are expected (``of``).

    ``years`` are those that can be compared; empty where no comparison may be made.
    """

    codes: pd.Index
    of: int
    years: tuple[int, ...]

    @property
    def units(self) -> int:
        """How many units are compared."""
        return len(self.codes)


def comparison(*, known: pd.Series, years: Sequence[int], of: int) -> Comparison:
    """Return which years can be compared over the same units, and those units.

    Going back from the newest, a year is taken when the units known in it and in all those taken are enough of the
    ``of`` expected (:func:`enough`), else left out. Nothing can be compared when fewer than two years remain.

    >>> index = pd.MultiIndex.from_product([["a", "b"], [1, 2]], names=["code", "year"])
    >>> found = comparison(known=pd.Series(True, index=index), years=[1, 2], of=2)
    >>> found.years, found.units
    ((1, 2), 2)
    """
    taken: list[int] = []
    for year in sorted(set(years), reverse=True):
        if enough(len(same_units(known, [*taken, year])), of):
            taken.append(year)
    if len(taken) < 2:
        return Comparison(codes=pd.Index([], dtype="str"), of=of, years=())
    return Comparison(codes=same_units(known, taken), of=of, years=tuple(sorted(taken)))
