"""What is wrong with a table of criteria scores, by row and column, before it is judged."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import numpy as np
import pandas as pd

from data.contracts import GEOGRAPHIES
from data.problems import Problem
from metrics.criteria_sets import CriteriaSet, criteria_sets, set_in_force

HEADER_ROWS: Final = 2
PLACE: Final = ["geography", "commune"]


def check_scores(
    frame: pd.DataFrame,
    *,
    file: str,
    sheet: str | None = None,
    zones: pd.Series[int] | None = None,
    sets: Mapping[str, CriteriaSet] | None = None,
) -> list[Problem]:
    """List everything wrong with score rows: every fault of every row, in row order.

    Found: a year that is no whole number or that no set governs, a criterion that the year's set does not
    hold (an eleventh), points that are text, negative or above the criterion's maximum (in the commune's
    zone where the set has zones), a criterion given twice on one sheet, and a disqualified sheet without a
    reason. Points left empty are no fault: the sheet is then not assessable.

    ``frame`` has the columns of the contract ``criteria_scores``, with values as read (text allowed); the
    row said is the index label plus 2, the row of the spreadsheet for a table under one header row.

    >>> bad = pd.DataFrame({"geography": ["legacy"], "commune": ["31117"], "year": [2024],
    ...     "criterion": [10], "points": [4.5], "disqualified": [False], "reason": [None]})
    >>> print(check_scores(bad, file="a.xlsx", sheet="criteria")[0].text("en"))
    a.xlsx, sheet “criteria”, row 2, column “points”: outside the allowed range (found: 4.5; expected: 0–4)
    """
    known = criteria_sets() if sets is None else sets
    faults = _Faults(frame=frame, file=file, sheet=sheet)
    numbers = pd.DataFrame(
        {name: pd.to_numeric(frame[name], errors="coerce") for name in ("year", "criterion", "points")},
        dtype="float64",
    )
    _check_numbers(faults, numbers)
    for year in numbers["year"].dropna().unique():
        if year % 1 == 0:
            _check_year(faults, numbers, int(year), zones, known)
    _check_sheets(faults, numbers)
    return faults.in_row_order()


def check_rows(rows: pd.DataFrame, stations: pd.DataFrame) -> list[Problem]:
    """List what is wrong with score rows about to be taken in: the check :func:`data.ingest.ingest` is given.

    ``rows`` follow the contract ``criteria_scores``, indexed by their row in the file; ``stations`` tell the
    communes' zones.

    >>> bad = pd.DataFrame({"geography": ["legacy"], "commune": ["31117"], "year": [2005],
    ...     "criterion": [1], "points": [9.0], "disqualified": [False], "reason": [None]}, index=[7])
    >>> places = pd.DataFrame(columns=["role", "zone", "legacy_commune", "current_commune"])
    >>> check_rows(bad, places)[0].text("en")
    'criteria_scores, row 7, column “year”: value is not allowed (found: 2005; expected: 2014–2022, 2023–2030)'
    """
    by_row = rows.set_axis(rows.index - HEADER_ROWS)
    return check_scores(by_row, file="criteria_scores", zones=commune_zones(stations=stations))


def commune_zones(*, stations: pd.DataFrame) -> pd.Series[int]:
    """Return the zone of each commune of both geographies; a merged commune has that of its main station.

    The index is geography and commune; missing where the station's zone is.
    """
    ordered = stations.sort_values("role", ascending=False)
    parts = []
    for geography in GEOGRAPHIES:
        first = ordered.drop_duplicates(f"{geography}_commune")
        index = pd.MultiIndex.from_product([[geography], first[f"{geography}_commune"]], names=PLACE)
        parts.append(pd.Series(first["zone"].to_numpy(), index=index))
    return pd.concat(parts)


class _Faults:
    """Gathers problems by row, so that they can be said in the order of the spreadsheet."""

    def __init__(self, *, frame: pd.DataFrame, file: str, sheet: str | None) -> None:
        self.frame = frame
        self.file = file
        self.sheet = sheet
        self.found: list[tuple[int, int, Problem]] = []

    def add(self, broken: pd.Series[bool], column: str, code: str, expected: str | None = None) -> None:
        """Add one problem for every row where the clause is broken."""
        order = list(self.frame.columns).index(column)
        values: pd.Series[Any] = self.frame.loc[broken.to_numpy(dtype=bool), column]
        for label, value in values.items():
            row = int(str(label)) + HEADER_ROWS
            found = None if pd.isna(value) else str(value)
            problem = Problem(
                code=code,
                file=self.file,
                sheet=self.sheet,
                row=row,
                column=column,
                found=found,
                expected=expected,
            )
            self.found.append((row, order, problem))

    def in_row_order(self) -> list[Problem]:
        """Return the problems by row, then by column as the table has them."""
        return [problem for _, _, problem in sorted(self.found, key=lambda fault: fault[:2])]


def _check_numbers(faults: _Faults, numbers: pd.DataFrame) -> None:
    """Text where a number belongs, fractions where a whole number does, negatives, gaps in the key."""
    for name in ("year", "criterion"):
        faults.add(faults.frame[name].isna(), name, "missing_value")
        faults.add(numbers[name].notna() & (numbers[name] % 1 != 0), name, "not_whole")
    for column in numbers:
        faults.add(numbers[column].isna() & faults.frame[column].notna(), str(column), "not_a_number")
    faults.add(numbers["points"] < 0, "points", "negative", ">= 0")


def _check_year(
    faults: _Faults,
    numbers: pd.DataFrame,
    year: int,
    zones: pd.Series[int] | None,
    sets: Mapping[str, CriteriaSet],
) -> None:
    """Hold one year's rows against the set in force."""
    rows = numbers["year"] == year
    rule = set_in_force(year, sets=sets)
    if rule is None:
        faults.add(rows, "year", "not_allowed", ", ".join(map(_span, sets.values())))
        return
    criterion = numbers["criterion"]
    strange = rows & criterion.notna() & (criterion % 1 == 0) & ~criterion.isin(rule.numbers)
    faults.add(strange, "criterion", "not_allowed", ", ".join(map(str, rule.numbers)))
    zone = _zone(faults.frame, rule, zones)
    for one in rule.criteria:
        for row_zone in zone.dropna().unique():
            most = one.maximum_in(int(row_zone))
            if most is not None:
                mine = rows & (criterion == one.number) & (zone == row_zone)
                over = mine & (numbers["points"] > float(most))
                faults.add(over, "points", "out_of_range", f"0–{most.normalize():f}")


def _span(one: CriteriaSet) -> str:
    """Say which years a set governs."""
    years = [year for year in range(1990, 2101) if one.governs(year)]
    return f"{years[0]}–{'' if one.in_force_to is None else years[-1]}"


def _zone(frame: pd.DataFrame, rule: CriteriaSet, zones: pd.Series[int] | None) -> pd.Series[float]:
    """Return each row's zone: 1 everywhere under a set that has none, missing where it is not known."""
    if not rule.by_zone:
        return pd.Series(1.0, index=frame.index)
    if zones is None:
        return pd.Series(np.nan, index=frame.index)
    place = pd.MultiIndex.from_frame(frame[PLACE])
    return pd.Series(zones.reindex(place).to_numpy(dtype="float64", na_value=np.nan), index=frame.index)


def _check_sheets(faults: _Faults, numbers: pd.DataFrame) -> None:
    """A criterion stands once on a sheet, and a disqualified sheet says why."""
    frame = faults.frame
    sheet = frame[PLACE].assign(year=numbers["year"])
    cell = sheet.assign(criterion=numbers["criterion"])
    twice = cell.duplicated() & cell.notna().all(axis=1)
    faults.add(twice, "criterion", "duplicate")
    struck = frame["disqualified"].fillna(False).astype(bool)
    keys = [sheet[name] for name in sheet]
    explained = frame["reason"].notna().groupby(keys, dropna=False).transform("any").astype(bool)
    unsaid = struck & ~explained
    said = sheet.assign(unsaid=unsaid).duplicated()
    faults.add(unsaid & ~said, "reason", "missing_value")
