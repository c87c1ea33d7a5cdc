"""The national criteria as dated data: which criteria, how many points each, and the pass rule.

A set is one YAML file in ``metrics/criteria``; its name is its id. Points are decimals, so that a limit of
80 percent is exactly 80 percent.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal
from functools import cache
from itertools import pairwise
from pathlib import Path
from types import MappingProxyType
from typing import Annotated, Final, Literal, Self

from pydantic import Field, TypeAdapter, model_validator

from metrics.registry import Confidence, Entry, Text
from metrics.registry_files import RegistryError, RegistryProblem, read_folder

FOLDER: Final = Path(__file__).with_name("criteria")

Points = Annotated[Decimal, Field(gt=0)]
Share = Annotated[Decimal, Field(ge=0, le=1)]
Zone = Literal[1, 2, 3]


class PassRule(Entry):
    """The three-part rule: enough points in all, enough in each criterion, nothing that disqualifies."""

    total_share: Share
    floor_share: Share
    validity_years: int = Field(ge=1, le=20)


class CriterionIndicator(Entry):
    """One indicator inside a criterion, where a province has the catalogue."""

    id: str = Field(min_length=1)
    name: Text
    maximum: Points | None = None
    disqualifying: bool = False


class Criterion(Entry):
    """One criterion: its number, its name and its most points, the same everywhere or one for each zone."""

    number: int = Field(ge=1, le=99)
    name: Text
    name_confidence: Confidence = "V"
    maximum: Points | dict[Zone, Points] | None = None
    indicators: tuple[CriterionIndicator, ...] = ()

    @model_validator(mode="after")
    def _complete(self) -> Self:
        if isinstance(self.maximum, dict) and set(self.maximum) != {1, 2, 3}:
            raise ValueError("maximum: a maximum by zone needs zones 1, 2 and 3")
        given = [item.maximum for item in self.indicators]
        points = [value for value in given if value is not None]
        if isinstance(self.maximum, Decimal) and points and len(points) == len(given):
            stated = sum(points, Decimal(0))
            if stated != self.maximum:
                raise ValueError(f"indicators: their maxima add up to {stated}, not to {self.maximum}")
        return self

    def maximum_in(self, zone: int) -> Decimal | None:
        """Return the most points a commune of this zone can have, or None where it is not known."""
        if isinstance(self.maximum, dict):
            return {int(key): value for key, value in self.maximum.items()}[zone]
        return self.maximum


class CriteriaSet(Entry):
    """One decision of the Ministry of Health: criteria, points, pass rule, and the years it governs."""

    id: str = Field(pattern=r"^[a-z0-9_]+$")
    document: Text
    date: dt.date
    in_force_from: dt.date
    in_force_to: dt.date | None = None
    confidence: Confidence
    pass_rule: PassRule
    criteria: tuple[Criterion, ...] = Field(min_length=1, max_length=50)

    @model_validator(mode="after")
    def _coherent(self) -> Self:
        if self.in_force_to is not None and self.in_force_to < self.in_force_from:
            raise ValueError("in_force_to: ends before it begins")
        if self.numbers != tuple(sorted(set(self.numbers))):
            raise ValueError("criteria: numbers must rise, each used once")
        return self

    @property
    def numbers(self) -> tuple[int, ...]:
        """The criteria's numbers, in order."""
        return tuple(criterion.number for criterion in self.criteria)

    @property
    def by_zone(self) -> bool:
        """Whether a criterion's most points depend on the commune's zone."""
        return any(isinstance(criterion.maximum, dict) for criterion in self.criteria)

    def governs(self, year: int) -> bool:
        """Tell whether an assessment of this year, dated 31 December, is made under this set."""
        day = year, 12, 31  # no date: a mistyped year may be one no calendar has
        begun = self.in_force_from.timetuple()[:3] <= day
        return begun and (self.in_force_to is None or day <= self.in_force_to.timetuple()[:3])


@cache
def criteria_sets(folder: Path = FOLDER) -> Mapping[str, CriteriaSet]:
    """Return every criteria set by id, oldest first.

    Raises :class:`metrics.registry_files.RegistryError` with every fault of every file (file name and field), also
    where two sets are in force on the same day.

    >>> list(criteria_sets())
    ['decision_4667_2014', 'decision_1300_2023']
    """
    found = read_folder(folder=folder, form=TypeAdapter(CriteriaSet))
    sets = sorted(found.values(), key=lambda one: one.in_force_from)
    faults = [
        RegistryProblem(
            file=f"{later.id}.yaml", field="in_force_from", message=f"{earlier.id} is still in force"
        )
        for earlier, later in pairwise(sets)
        if earlier.in_force_to is None or earlier.in_force_to >= later.in_force_from
    ]
    if faults:
        raise RegistryError(faults)
    return MappingProxyType({one.id: one for one in sets})


def set_in_force(year: int, *, sets: Mapping[str, CriteriaSet] | None = None) -> CriteriaSet | None:
    """Return the set an assessment of this year is made under (as of 31 December), or None.

    >>> set_in_force(2022).id, set_in_force(2023).id, set_in_force(2010)
    ('decision_4667_2014', 'decision_1300_2023', None)
    """
    known = criteria_sets() if sets is None else sets
    return next((one for one in known.values() if one.governs(year)), None)
