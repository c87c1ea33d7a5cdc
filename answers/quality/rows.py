"""The rows a data-quality finding rests on: of which tables, of which year, and which cells are in question."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Final, Literal

import pandas as pd

from answers import format as fmt
from answers.quality.found import ITEMS
from answers.results import Results
from answers.units import station
from answers.words import current, t
from data.contracts import CADRES
from data.readers.workbook import registry

Years = Literal["own", "before", "latest", "any"]


@dataclass(frozen=True, kw_only=True)
class Part:
    """What a rule read of one table.

    ``where`` narrows the rows and ``marked`` are the columns in question, in every row or those ``only`` picks.
    ``years``: the finding's ``own``; that and the last one ``before`` it, which it was compared with; or the
    ``latest`` up to it, for a table that is not filled every year; ``any`` for a table without years.
    """

    table: str
    marked: tuple[str, ...]
    where: Mapping[str, tuple[object, ...]] = field(default_factory=dict)
    years: Years = "own"
    only: Callable[[pd.DataFrame], pd.Series] | None = None


@dataclass(frozen=True, kw_only=True)
class Behind:
    """Rows of a table behind a finding, by their number in the table; ``marks`` says of each cell whether it counts."""

    table: str
    rows: pd.DataFrame
    marks: pd.DataFrame


_STAFF: Final = Part(table="staffing", marked=("headcount",))
_VISITS: Final = Part(table="activity", marked=("quantity",), where={"activity": ("visits",)})
_PEOPLE: Final = Part(table="population", marked=("total",), years="latest")
_INSURED: Final = Part(table="insurance", marked=("insured",))


def _scored(rule: str) -> tuple[Part, ...]:
    criterion, items = ITEMS[rule]
    return (
        Part(table="criteria_scores", marked=("points",), where={"criterion": (criterion,)}),
        Part(
            table="facilities",
            marked=("quantity",),
            where={"item": items},
            only=lambda rows: rows["quantity"].eq(0),
        ),
    )


PARTS: Final[Mapping[str, tuple[Part, ...]]] = MappingProxyType(
    {
        "no_staff": (_STAFF,),
        "counted_twice": (
            Part(
                table="staffing",
                marked=("headcount", "full_time_equivalent"),
                only=lambda rows: rows["full_time_equivalent"].gt(rows["headcount"]),
            ),
        ),
        "staff_jump": (Part(table="staffing", marked=("headcount",), years="before"),),
        "months_and_year": (
            _VISITS,
            Part(table="activity_monthly", marked=("quantity",), where={"activity": ("visits",)}),
        ),
        "visits_jump": (
            Part(table="activity", marked=("quantity",), where={"activity": ("visits",)}, years="before"),
        ),
        "station_astray": (Part(table="stations", marked=("latitude", "longitude"), years="any"),),
        "insured_above_visits": (
            Part(table="activity", marked=("quantity",), where={"activity": ("visits", "insured_visits")}),
        ),
        "visits_per_doctor": (
            _VISITS,
            Part(table="staffing", marked=("headcount",), where={"cadre": ("doctor",)}),
        ),
        "criteria_premises": _scored("criteria_premises"),
        "criteria_equipment": _scored("criteria_equipment"),
        "population_parts": (Part(table="population", marked=("total", "urban", "rural")),),
        "population_jump": (Part(table="population", marked=("total",), years="before"),),
        "insured_above_population": (_INSURED, _PEOPLE),
        "outlier_staff": (_STAFF, _PEOPLE),
        "outlier_visits": (_VISITS, _PEOPLE),
        "outlier_insurance": (_INSURED, _PEOPLE),
    }
)


def behind(results: Results, finding: pd.Series) -> list[Behind]:
    """Return the rows behind a finding (a row of :func:`answers.quality.numbers.findings`), table by table."""
    return [
        _behind(results, finding, part)
        for part in PARTS[finding["rule"]]
        if part.table in results.snapshot.tables
    ]


def _behind(results: Results, finding: pd.Series, part: Part) -> Behind:
    rows = _of_place(results, finding, part.table)
    for column, values in part.where.items():
        rows = rows[rows[column].isin(values)]
    if part.years != "any":
        year = rows["month"].str[:4].astype("int64") if "month" in rows else rows["year"].astype("int64")
        rows = rows[year.isin(_years(year, int(finding["year"]), part.years))]
    counts = pd.Series(True, index=rows.index) if part.only is None else part.only(rows).fillna(False)
    marks = pd.DataFrame(
        {column: counts if column in part.marked else False for column in rows.columns}, index=rows.index
    )
    return Behind(table=part.table, rows=rows, marks=marks.astype(bool))


def _of_place(results: Results, finding: pd.Series, table: str) -> pd.DataFrame:
    """Return a table's rows of the finding's own station, or of its commune of before July 2025."""
    frame = results.frame(table)
    frame = frame.set_axis(pd.RangeIndex(1, len(frame) + 1))
    if "station" not in frame:
        return frame[frame["geography"].eq("legacy") & frame["commune"].eq(finding["commune"])]
    stations = results.frame("stations")
    here = stations.loc[stations["legacy_commune"].eq(finding["commune"]), "station"]
    own = here[here.eq(finding["unit"])]
    return frame[frame["station"].isin(own if len(own) else here)]


def _years(known: pd.Series, year: int, which: Years) -> list[int]:
    past = sorted(set(known[known < year]))
    if which == "before":
        return [*past[-1:], year]
    if which == "latest" and year not in set(known):
        return past[-1:]
    return [year]


# -- in words ----------------------------------------------------------------------------------------------


def column_name(column: str) -> str:
    """Return what a column is called in the workbook that fills it."""
    return str(registry()["columns"][column][current()])


def written(value: object, column: str) -> str:
    """Return a cell of a table as the app writes it."""
    if pd.isna(value):  # type: ignore[call-overload]
        return fmt.MISSING
    if isinstance(value, bool):
        return t("pilots.condition.yes") if value else t("pilots.condition.no")
    if isinstance(value, int | float) and column not in ("year", "criterion"):
        return fmt.number(value, 0 if float(value).is_integer() else 2)
    if column in ("activity", "item"):
        return f"{value} ({station.called(str(value))})"
    if column == "cadre" and value in CADRES:
        return f"{value} ({t(f'cadre.{value}')})"
    return fmt.plain(value)
