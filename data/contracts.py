"""One pandera schema per table: what a snapshot may hold.

Tables are tidy and have one grain each. Codes are text, never numbers, so that a leading zero survives.
A schema is strict (no unknown column), never coerces (a reader states its types), and reports every
violation at once (``lazy=True``). A missing value is missing: nullable columns say so, nothing is zero-filled.

A row that is not there says one of two things, and each contract states which (``absent_row``): ``none``, a station
that reports the table and lists no nurse has none; or ``not_reported``, a station that lists no visits has not said.
"""

from __future__ import annotations

from typing import Final, Literal, TypeAlias

import pandas as pd
import pandera.pandas as pa

from data.codes import codes

GEOGRAPHIES: Final = ("legacy", "current")
LEVELS: Final = ("province", "district", "commune")
CADRES: Final = codes("cadre")
ACTIVITIES: Final = codes("activity")
ITEMS: Final = codes("item")
MODELS: Final = codes("model")
AGE_GROUPS: Final = (*(f"{a:02d}-{a + 4:02d}" for a in range(0, 85, 5)), "85+")

AbsentRow: TypeAlias = Literal["none", "not_reported"]

COMMUNE_CODE: Final = r"^\d{5}$"
DISTRICT_CODE: Final = r"^\d{3}$"
UNIT_CODE: Final = r"^(\d{2}|\d{3}|\d{5})$"
STATION_ID: Final = r"^[A-Z0-9-]+$"
MONTH: Final = r"^(199\d|20\d\d)-(0[1-9]|1[0-2])$"


def _text(pattern: str | None = None, *, nullable: bool = False) -> pa.Column:
    checks = [pa.Check.str_matches(pattern)] if pattern else []
    return pa.Column(pd.StringDtype(na_value=float("nan")), checks, nullable=nullable)


def _one_of(values: tuple[str, ...], *, nullable: bool = False) -> pa.Column:
    return pa.Column(pd.StringDtype(na_value=float("nan")), pa.Check.isin(values), nullable=nullable)


def _count(*, nullable: bool = False) -> pa.Column:
    return pa.Column("Int64", pa.Check.ge(0), nullable=nullable)


def _amount(*, nullable: bool = True) -> pa.Column:
    return pa.Column("float64", pa.Check.ge(0), nullable=nullable)


def _number(low: float, high: float, *, nullable: bool = True) -> pa.Column:
    return pa.Column("float64", pa.Check.in_range(low, high), nullable=nullable)


def _year() -> pa.Column:
    return pa.Column("Int64", pa.Check.in_range(1990, 2100))


def _date(*, nullable: bool = False) -> pa.Column:
    return pa.Column("datetime64[us]", nullable=nullable)


def _table(
    columns: dict[str, pa.Column], key: list[str], *checks: pa.Check, name: str, absent_row: AbsentRow
) -> pa.DataFrameSchema:
    return pa.DataFrameSchema(
        columns,
        checks=list(checks),
        unique=key,
        strict=True,
        coerce=False,
        name=name,
        ordered=False,
        metadata={"absent_row": absent_row},
    )


def absent_row(table: str) -> AbsentRow:
    """Return what it means that a table has no row for something.

    >>> absent_row("staffing"), absent_row("activity")
    ('none', 'not_reported')
    """
    said: AbsentRow = (TABLES[table].metadata or {})["absent_row"]
    return said


def _at_most(part: str, whole: str) -> pa.Check:
    """A part is never larger than its whole (rows where either is missing pass)."""

    def holds(frame: pd.DataFrame) -> pd.Series[bool]:
        return ~(frame[part] > frame[whole]).fillna(False).astype(bool)

    return pa.Check(holds, name=f"{part} <= {whole}", error=f"{part} <= {whole}")


_AREA = {"geography": _one_of(GEOGRAPHIES), "commune": _text(COMMUNE_CODE), "year": _year()}

TABLES: Final[dict[str, pa.DataFrameSchema]] = {
    schema.name: schema
    for schema in (
        _table(
            {
                "geography": _one_of(GEOGRAPHIES),
                "level": _one_of(LEVELS),
                "code": _text(UNIT_CODE),
                "name": _text(),
                "short_name": _text(),
                "type": _text(),
                "parent": _text(UNIT_CODE, nullable=True),
                "latitude": _number(-90, 90),
                "longitude": _number(-180, 180),
                "area_km2": _amount(),
                "valid_from": _date(nullable=True),
                "valid_to": _date(nullable=True),
            },
            ["geography", "level", "code"],
            name="units",
            absent_row="none",
        ),
        _table(
            {
                "legacy_commune": _text(COMMUNE_CODE),
                "current_commune": _text(COMMUNE_CODE),
                "kind": _one_of(("whole", "part")),
                "main": pa.Column("bool"),
            },
            ["legacy_commune", "current_commune"],
            name="crosswalk",
            absent_row="none",
        ),
        _table(
            {
                "station": _text(STATION_ID),
                "name": _text(),
                "legacy_commune": _text(COMMUNE_CODE),
                "current_commune": _text(COMMUNE_CODE),
                "role": _one_of(("station", "point")),
                "zone": pa.Column("Int64", pa.Check.isin([1, 2, 3]), nullable=True),
                "latitude": _number(-90, 90),
                "longitude": _number(-180, 180),
            },
            ["station"],
            name="stations",
            absent_row="none",
        ),
        _table(
            {
                "station": _text(STATION_ID),
                "year": _year(),
                "cadre": _one_of(CADRES),
                "headcount": _count(nullable=True),
                "full_time_equivalent": _amount(),
                "permanent": _count(nullable=True),
                "family_medicine_trained": _count(nullable=True),
            },
            ["station", "year", "cadre"],
            _at_most("permanent", "headcount"),
            _at_most("family_medicine_trained", "headcount"),
            name="staffing",
            absent_row="none",
        ),
        _table(
            {
                "station": _text(STATION_ID),
                "year": _year(),
                "activity": _one_of(ACTIVITIES),
                "quantity": _amount(),
            },
            ["station", "year", "activity"],
            name="activity",
            absent_row="not_reported",
        ),
        _table(
            {
                "station": _text(STATION_ID),
                "month": _text(MONTH),
                "activity": _one_of(ACTIVITIES),
                "quantity": _amount(),
            },
            ["station", "month", "activity"],
            name="activity_monthly",
            absent_row="not_reported",
        ),
        _table(
            {
                **_AREA,
                "total": _count(),
                "urban": _count(nullable=True),
                "rural": _count(nullable=True),
                "under_5": _count(nullable=True),
                "over_65": _count(nullable=True),
            },
            ["geography", "commune", "year"],
            _at_most("urban", "total"),
            _at_most("rural", "total"),
            _at_most("under_5", "total"),
            _at_most("over_65", "total"),
            name="population",
            absent_row="not_reported",
        ),
        _table(
            {
                "geography": _one_of(GEOGRAPHIES),
                "district": _text(DISTRICT_CODE),
                "year": _year(),
                "age_group": _one_of(AGE_GROUPS),
                "total": _count(),
                "urban": _count(nullable=True),
                "rural": _count(nullable=True),
            },
            ["geography", "district", "year", "age_group"],
            name="population_age",
            absent_row="not_reported",
        ),
        _table(
            {**_AREA, "insured": _count(nullable=True)},
            ["geography", "commune", "year"],
            name="insurance",
            absent_row="not_reported",
        ),
        _table(
            {**_AREA, "villages": _count(), "villages_with_worker": _count(nullable=True)},
            ["geography", "commune", "year"],
            _at_most("villages_with_worker", "villages"),
            name="village_workers",
            absent_row="not_reported",
        ),
        _table(
            {
                **_AREA,
                "criterion": pa.Column("Int64", pa.Check.in_range(1, 99)),
                "points": _amount(),
                "disqualified": pa.Column("bool"),
                "reason": _text(nullable=True),
            },
            ["geography", "commune", "year", "criterion"],
            name="criteria_scores",
            absent_row="not_reported",
        ),
        _table(
            {
                "station": _text(STATION_ID),
                "year": _year(),
                "item": _one_of(ITEMS),
                "quantity": _count(nullable=True),
            },
            ["station", "year", "item"],
            name="facilities",
            absent_row="not_reported",
        ),
        _table(
            {"station": _text(STATION_ID), "opened": _date(), "model": _one_of(MODELS)},
            ["station"],
            name="pilots",
            absent_row="none",
        ),
        _table(
            {
                "place": _text(),
                "geography": _one_of(GEOGRAPHIES),
                "date": _date(),
                "indicator": _text(r"^[a-z_0-9]+$"),
                "value": pa.Column("float64"),
                "unit": _text(),
                "source": _text(),
            },
            ["place", "geography", "date", "indicator"],
            name="facts",
            absent_row="not_reported",
        ),
        _table(
            {
                "id": _text(r"^[a-z0-9-]+$"),
                "place": _text(),
                "indicator": _text(r"^[a-z_0-9]+$"),
                "comparator": _one_of((">=", ">", "<=", "<", "done")),
                "value": pa.Column("float64"),
                "unit": _text(),
                "deadline": _date(nullable=True),
                "source": _text(),
            },
            ["id"],
            name="targets",
            absent_row="not_reported",
        ),
        _table(
            {
                "id": pa.Column("Int64"),
                "table": _text(),
                "file": _text(),
                "sheet": _text(nullable=True),
                "row": pa.Column("Int64", nullable=True),
                "reason": _text(),
                "content": _text(),
                "people": _count(nullable=True),
            },
            ["id"],
            name="rejected_rows",
            absent_row="none",
        ),
    )
}
