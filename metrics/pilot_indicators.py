"""What family-doctor clinics are judged by: one YAML file per indicator, studied month by month or year by year.

Adding an indicator is adding ``metrics/pilot_indicators/<id>.yaml``. Its grain (one station, one month or year)
and its unit of an effect are not those of :mod:`metrics.registry`, which sums stations to areas; everything else
is said in the same words.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Final, Literal, Self

from pydantic import TypeAdapter, model_validator

from metrics.registry import Defined, Id, Positive, Text
from metrics.registry_files import read_folder

FOLDER: Final = Path(__file__).with_name("pilot_indicators")
POPULATION: Final = "population"


class PilotIndicator(Defined):
    """One indicator of a station: numerator / denominator x multiplier in each period.

    ``numerator`` is an activity of the tables ``activity_monthly`` or ``activity``; ``denominator`` another, or
    ``population``. ``counted``: ``register`` at the end of the period, ``events`` over it (more in a year than
    in a month, so ``unit_yearly`` says so), or ``share`` of one activity in another. ``unit`` is that of a
    difference. ``order`` is the place in lists.
    """

    order: int
    denominator_text: Text
    counted: Literal["register", "events", "share"]
    unit_yearly: Text | None = None
    numerator: Id
    denominator: Id
    multiplier: Positive

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        rules = [
            (
                (self.denominator != POPULATION) != (self.counted == "share"),
                "denominator: only share has another",
            ),
            (
                (self.unit_yearly is not None) != (self.counted == "events"),
                "unit_yearly: only events need one",
            ),
        ]
        found = [message for wrong, message in rules if wrong]
        if found:
            raise ValueError("; ".join(found))
        return self

    def unit_of(self, period: Literal["month", "year"]) -> Text:
        """Return the unit of a difference between stations studied by month or by year."""
        return self.unit_yearly if self.unit_yearly is not None and period == "year" else self.unit


@cache
def pilot_indicators(folder: Path = FOLDER) -> Mapping[str, PilotIndicator]:
    """Return every indicator by id, in the order of lists.

    Raises :class:`metrics.registry_files.RegistryError` with every fault of every file.

    >>> list(pilot_indicators())[:2]
    ['people_managed', 'households_managed']
    >>> pilot_indicators()["visits"].unit_of("year").en
    'a year per 1,000 residents'
    """
    found = read_folder(folder=folder, form=TypeAdapter(PilotIndicator))
    ordered = sorted(found.values(), key=lambda one: (one.order, one.id))
    return MappingProxyType({one.id: one for one in ordered})
