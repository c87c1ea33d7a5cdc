"""The measures a commune can take to raise its criteria scores: the table, its checks, its reference copy."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any, Final

import pandas as pd

import data
from data.problems import Problem, Refused
from metrics.criteria_checks import HEADER_ROWS
from metrics.criteria_sets import CriteriaSet, criteria_sets

REFERENCE: Final = Path(data.__file__).with_name("reference") / "measures.csv"
COLUMNS: Final = {
    "id": "str",
    "name_vi": "str",
    "name_en": "str",
    "criterion": "int64",
    "points": "float64",
    "cost": "float64",
    "max_times": "int64",
    "prerequisite": "str",
    "lead_time_years": "int64",
}


@cache
def measures() -> pd.DataFrame:
    """Return the measures shipped with the atlas, indexed by id: an illustration, in million dong.

    Columns: name_vi, name_en, criterion, points (each time it is done), cost (each time), max_times,
    prerequisite (the id of a measure that must be in the plan as well, or missing), lead_time_years.

    Raises :class:`~data.problems.Refused` with every fault of the file.

    >>> print(measures().at["basic_equipment", "criterion"], measures().at["basic_equipment", "points"])
    4 2.0
    """
    return read_measures(pd.read_csv(REFERENCE), file=REFERENCE.name)


def read_measures(frame: pd.DataFrame, *, file: str, sheet: str | None = None) -> pd.DataFrame:
    """Return a province's own table of measures, indexed by id, or refuse it with every fault.

    >>> read_measures(measures().reset_index(), file="own.xlsx").equals(measures())
    True
    """
    problems = check_measures(frame, file=file, sheet=sheet)
    if problems:
        raise Refused(problems)
    return frame[list(COLUMNS)].astype(COLUMNS).set_index("id")


def check_measures(
    frame: pd.DataFrame, *, file: str, sheet: str | None = None, criteria_set: CriteriaSet | None = None
) -> list[Problem]:
    """List everything wrong with a table of measures, by row (index label + 2) and column.

    Found: a missing column, an id missing or given twice, text in a number, a criterion that the set
    (Decision 1300 unless given) does not hold, points or cost not above zero, points finer than a hundredth,
    a number of times below one, a negative lead time, a prerequisite that is unknown or leads in a circle.
    """
    missing = [name for name in COLUMNS if name not in frame.columns]
    if missing:
        return [Problem(code="missing_column", file=file, sheet=sheet, column=name) for name in missing]
    rule = criteria_set or criteria_sets()["decision_1300_2023"]
    return [
        Problem(
            code=code,
            file=file,
            sheet=sheet,
            row=int(str(label)) + HEADER_ROWS,
            column=column,
            found=None if pd.isna(row[column]) else str(row[column]),
            expected=expected,
        )
        for label, row in frame.iterrows()
        for code, column, expected in _faults(label, row, frame, rule)
    ]


def _faults(
    label: Any, row: Any, frame: pd.DataFrame, rule: CriteriaSet
) -> list[tuple[str, str, str | None]]:
    faults: list[tuple[str, str, str | None]] = [
        ("missing_value", name, None) for name in ("id", "name_vi", "name_en") if pd.isna(row[name])
    ]
    if (frame.loc[:label, "id"] == row["id"]).sum() > 1:
        faults.append(("duplicate", "id", None))
    limits = {"criterion": 1, "points": 0.01, "cost": 0.01, "max_times": 1, "lead_time_years": 0}
    for name, least in limits.items():
        number = pd.to_numeric(row[name], errors="coerce")
        if pd.isna(row[name]):
            faults.append(("missing_value", name, None))
        elif pd.isna(number):
            faults.append(("not_a_number", name, None))
        elif number < least:
            faults.append(("out_of_range", name, f">= {least}"))
        elif COLUMNS[name] == "int64" and number % 1:
            faults.append(("not_whole", name, None))
        elif name == "points" and abs(number * 100 - round(number * 100)) > 1e-6:
            faults.append(("out_of_range", name, "0.01, 0.02, …"))
        elif name == "criterion" and int(number) not in rule.numbers:
            faults.append(("not_allowed", name, ", ".join(map(str, rule.numbers))))
    if pd.notna(row["prerequisite"]):
        before = dict(zip(frame["id"], frame["prerequisite"], strict=True))
        if row["prerequisite"] not in before:
            faults.append(("not_allowed", "prerequisite", ", ".join(map(str, frame["id"].dropna()))))
        elif len(chain(row["id"], before)) > len(before):
            faults.append(("inconsistent", "prerequisite", None))
    return faults


def chain(measure: str, before: dict[str, str]) -> list[str]:
    """Return a measure and all that must come before it; longer than the table where that is a circle.

    >>> chain("c", {"a": float("nan"), "b": "a", "c": "b"})
    ['c', 'b', 'a']
    """
    found = [measure]
    while pd.notna(before.get(found[-1])) and len(found) <= len(before):
        found.append(before[found[-1]])
    return found
