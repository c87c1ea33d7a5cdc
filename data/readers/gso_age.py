"""Reads the statistics office's export of the 2019 census: people by district, age group, urban and rural.

The same cube as :mod:`data.readers.gso_census`, without communes and with a second header row of age groups under
urban and under rural. What the file says twice is compared: total with urban plus rural, each of these with its
age groups, and the districts' sum with the totals stated for the province and the country.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

import pandas as pd

from data.contracts import AGE_GROUPS
from data.problems import Problem, Refused
from data.readers.cells import text
from data.readers.excel import Cell, Rows
from data.readers.gso_census import (
    COUNTS,
    PROVENANCE,
    TOTAL_MARK,
    disagreements,
    has_ages,
    is_census,
    read_lines,
)

AGE_PROVENANCE: Final = PROVENANCE.model_copy(
    update={
        "title": "Population and Housing Census 2019: people by district and age, urban and rural",
        "vi": {
            **PROVENANCE.vi,
            "title": "Tổng điều tra dân số và nhà ở 2019: dân số theo huyện và nhóm tuổi",
        },
    }
)
_AREAS: Final = ("urban", "rural")


def fits(sheets: dict[str, Rows]) -> bool:
    """Tell whether a workbook is the export by age."""
    return len(sheets) == 1 and all(is_census(rows) and has_ages(rows) for rows in sheets.values())


def read(sheets: dict[str, Rows], *, file: str) -> pd.DataFrame:
    """Return one row per line of the export, the index its row in Excel.

    Columns: level (country, province, district), province, district, total, urban, rural, and urban and rural
    of every age group (``urban 00-04``). Raises Refused with every problem of the file.
    """
    sheet, rows = next(iter(sheets.items()))
    header = next(number for number, row in enumerate(rows[:6]) if any("85+" in str(cell) for cell in row))
    columns = _columns(rows[header - 1], rows[header])
    labels = {**COUNTS, **{name: name for name in _needed() if name not in COUNTS}}
    missing = [label for name, label in labels.items() if name not in columns]
    if missing:
        raise Refused(
            Problem(code="missing_column", file=file, sheet=sheet, column=label) for label in missing
        )
    frame, problems = read_lines(rows, header + 1, columns, places=2, file=file, sheet=sheet)
    problems = problems or [
        *disagreements(frame, labels, file, sheet, lowest="district"),
        *_ages_disagree(frame, file, sheet),
    ]
    if problems:
        raise Refused(problems)
    return frame.drop(columns="commune")


def tidy(frame: pd.DataFrame) -> pd.DataFrame:
    """Return the districts of :func:`read` with one row per age group: row, age_group, total, urban, rural."""
    districts = frame[frame["level"] == "district"]
    groups = []
    for group in AGE_GROUPS:
        parts = {area: districts[f"{area} {group}"] for area in _AREAS}
        groups.append(pd.DataFrame({"age_group": group, "total": parts["urban"] + parts["rural"], **parts}))
    return pd.concat(groups).rename_axis("row").astype({"age_group": "str"})


def _needed() -> list[str]:
    return [*COUNTS, *(f"{area} {group}" for area in _AREAS for group in AGE_GROUPS)]


def _columns(upper: list[Cell], lower: list[Cell]) -> dict[str, int]:
    """Name the columns by the two header rows; the upper label holds until the next one."""
    columns: dict[str, int] = {}
    above = ""
    for place, (high, low) in enumerate(zip(upper, lower, strict=True)):
        above = text(high) or above
        area = next((name for name, label in COUNTS.items() if above.startswith(label)), "")
        group = re.sub(r"\s", "", str(low))
        if group:
            start, _, end = group.partition("-")
            columns[f"{area} {start.zfill(2)}-{end}" if end else f"{area} {start}"] = place
        elif above and (area == "total" or above.endswith(TOTAL_MARK)):
            columns.setdefault(area, place)
    return columns


def _ages_disagree(frame: pd.DataFrame, file: str, sheet: str) -> Iterator[Problem]:
    for area in _AREAS:
        summed = frame[[f"{area} {group}" for group in AGE_GROUPS]].sum(axis="columns")
        for row in frame.index[summed != frame[area]]:
            yield Problem(
                code="totals_differ",
                file=file,
                sheet=sheet,
                row=int(row),
                column=COUNTS[area],
                found=str(summed.at[row]),
                expected=str(frame.at[row, area]),
            )
