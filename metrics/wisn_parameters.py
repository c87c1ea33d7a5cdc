"""What WISN is computed from, as a province sets it: working time, times of activities, allowances.

The sets that ship are YAML files in ``metrics/workloads``; a province edits the same four tables in a
workbook.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Final, Literal

import pandas as pd
from pydantic import TypeAdapter, ValidationError

from metrics.errors import BadParameters
from metrics.registry import Entry, Id, Text
from metrics.registry_files import read_folder

FOLDER: Final = Path(__file__).parent / "workloads"


class WorkingTime(Entry):
    """What a year leaves a person of a cadre to work: days, and hours per day."""

    cadre: str
    working_days: float
    annual_leave: float
    public_holidays: float
    sick_leave: float
    training: float
    hours_per_day: float

    @property
    def hours(self) -> float:
        """Return the available working time, hours a year.

        >>> WorkingTime(cadre="doctor", working_days=234, annual_leave=30, public_holidays=10, sick_leave=15,
        ...             training=0, hours_per_day=8).hours
        1432.0
        """
        absent = self.annual_leave + self.public_holidays + self.sick_leave + self.training
        return (self.working_days - absent) * self.hours_per_day


class Activity(Entry):
    """A health service counted in records: minutes per unit, and the share of the units the cadre does."""

    cadre: str
    activity: str
    minutes: float
    share: float = 1


class SupportActivity(Entry):
    """Work that everyone of the cadre does and nobody counts: its share of working time (CAS)."""

    cadre: str
    activity: str
    share: float


class IndividualActivity(Entry):
    """Work that only some do: how many people of a station, and hours a year of each (IAS)."""

    cadre: str
    activity: str
    people: float
    hours: float


class WisnParameters(Entry):
    """Everything a province sets; each of the last four fields is one sheet of its workbook."""

    id: Id
    name: Text
    note: Text
    sources: tuple[Text, ...] = ()
    nature: Literal["real", "illustrative"]
    working_time: tuple[WorkingTime, ...]
    activities: tuple[Activity, ...]
    support: tuple[SupportActivity, ...] = ()
    individual: tuple[IndividualActivity, ...] = ()


SHEETS: Final[Mapping[str, type[Entry]]] = MappingProxyType(
    {
        "working_time": WorkingTime,
        "activities": Activity,
        "support": SupportActivity,
        "individual": IndividualActivity,
    }
)


@cache
def parameter_sets() -> Mapping[str, WisnParameters]:
    """Return the parameter sets that ship, by id: one YAML file each in ``metrics/workloads``."""
    return MappingProxyType(read_folder(folder=FOLDER, form=TypeAdapter(WisnParameters)))


def to_tables(*, parameters: WisnParameters) -> dict[str, pd.DataFrame]:
    """Return the parameters as the sheets of a workbook, for a province to edit."""
    return {
        sheet: pd.DataFrame(
            [row.model_dump() for row in getattr(parameters, sheet)], columns=list(form.model_fields)
        )
        for sheet, form in SHEETS.items()
    }


def from_tables(*, tables: Mapping[str, pd.DataFrame], parameters: WisnParameters) -> WisnParameters:
    """Return ``parameters`` with the sheets a province edited in place of its own, marked real.

    Raises :class:`BadParameters` with every fault, by sheet and row.
    """
    rows: dict[str, list[Entry]] = {}
    faults: list[Text] = []
    for sheet, form in SHEETS.items():
        rows[sheet] = []
        for number, row in enumerate(tables[sheet].to_dict("records"), start=2):
            try:
                rows[sheet].append(form.model_validate(row))
            except ValidationError as error:
                faults += [_cell_fault(sheet, number, str(fault["loc"][0])) for fault in error.errors()]
    if faults:
        raise BadParameters(faults)
    edited = parameters.model_copy(update={"nature": "real", **{name: tuple(rows[name]) for name in SHEETS}})
    check(parameters=edited)
    return edited


def _cell_fault(sheet: str, row: int, column: str) -> Text:
    return Text(
        vi=f"Trang “{sheet}”, dòng {row}, cột “{column}”: thiếu hoặc không phải là số",
        en=f"Sheet “{sheet}”, row {row}, column “{column}”: missing or not a number",
    )


def check(*, parameters: WisnParameters) -> None:
    """Raise :class:`BadParameters` with everything WISN cannot compute with; otherwise nothing."""
    faults = [
        *_time_faults(parameters.working_time),
        *_activity_faults(parameters),
        *_allowance_faults(parameters),
    ]
    if faults:
        raise BadParameters(faults)


def _time_faults(times: Sequence[WorkingTime]) -> Iterator[Text]:
    for time in times:
        amounts = time.model_dump(exclude={"cadre"})
        if min(amounts.values()) < 0 or time.hours_per_day > 24 or time.working_days > 366:
            yield Text(
                vi=f"{time.cadre}: thời gian làm việc có số âm hoặc quá lớn",
                en=f"{time.cadre}: working time has a negative or impossible number",
            )
        elif time.hours <= 0:
            yield Text(
                vi=f"{time.cadre}: sau khi trừ ngày nghỉ không còn ngày làm việc nào",
                en=f"{time.cadre}: no working days are left after the days off",
            )
    for cadre, rows in Counter(time.cadre for time in times).items():
        if rows > 1:
            yield Text(
                vi=f"{cadre}: có {rows} dòng thời gian làm việc, chỉ được một",
                en=f"{cadre}: has {rows} rows of working time, only one is allowed",
            )


def _activity_faults(parameters: WisnParameters) -> Iterator[Text]:
    timed = {time.cadre for time in parameters.working_time}
    sheets = (parameters.activities, parameters.support, parameters.individual)
    named = {row.cadre for rows in sheets for row in rows}
    for cadre in sorted(named - timed):
        yield Text(vi=f"{cadre}: thiếu thời gian làm việc", en=f"{cadre}: working time is missing")
    for row in parameters.activities:
        if row.minutes <= 0 or not 0 < row.share <= 1:
            yield Text(
                vi=f"{row.cadre}, {row.activity}: số phút phải dương, phần việc phải trên 0 và không quá 1",
                en=f"{row.cadre}, {row.activity}: minutes must be positive, the share above 0 and up to 1",
            )


def _allowance_faults(parameters: WisnParameters) -> Iterator[Text]:
    for cadre in dict.fromkeys(row.cadre for row in parameters.support):
        shares = [row.share for row in parameters.support if row.cadre == cadre]
        if min(shares) < 0 or sum(shares) >= 1:
            yield Text(
                vi=f"{cadre}: việc hỗ trợ phải chiếm từ 0% đến dưới 100% thời gian làm việc",
                en=f"{cadre}: support work must take from 0% to under 100% of working time",
            )
    for row in parameters.individual:
        if row.people < 0 or row.hours < 0:
            yield Text(
                vi=f"{row.cadre}, {row.activity}: số người và số giờ không được âm",
                en=f"{row.cadre}, {row.activity}: people and hours must not be negative",
            )
