"""Every unit with existing and required staff: rows, columns and the table to take away."""

from __future__ import annotations

import pandas as pd

from answers import format as fmt
from answers import lists
from answers.names import order_of
from answers.results import Results
from answers.scope import Scope
from answers.summary import in_scope, of_year
from answers.words import t
from geo.units import at_level


def rows(results: Results, scope: Scope, basis: str) -> pd.DataFrame:
    """Return the scope's units in Vietnamese order with staff, requirement, gap and people."""
    frame = of_year(
        in_scope(results.staffing(scope.geography, scope.level, basis), scope, scope.level), scope.year
    )
    people = of_year(results.indicator("population", scope.geography, scope.level), scope.year)["value"]
    names = at_level(scope.geography, scope.level)["name"]
    frame = frame.assign(name=names.reindex(frame.index), population=people)
    return frame.sort_values("name", key=order_of)


def download(frame: pd.DataFrame) -> pd.DataFrame:
    """Return the table to take away, under readable heads."""
    columns = {
        "name": t("list.unit"),
        "population": t("staffing.column.population"),
        "existing": t("staffing.column.existing"),
        "required_low": f"{t('staffing.column.required')} (1)",
        "required_high": f"{t('staffing.column.required')} (2)",
        "gap_low": f"{t('staffing.column.gap')} (1)",
        "gap_high": f"{t('staffing.column.gap')} (2)",
        "status": t("staffing.column.status"),
        "complete": t("staffing.column.reported"),
    }
    status = frame["status"].map(lambda name: t(f"staffing.status.{name}"))
    return frame.assign(status=status)[list(columns)].rename(columns=columns)


def columns(frame: pd.DataFrame) -> list[lists.Column]:
    """Return the columns of the list."""

    def spans(low: str, high: str, *, sign: bool = False) -> list[str]:
        return [fmt.span(a, b, sign=sign) for a, b in zip(frame[low], frame[high], strict=True)]

    reported = [
        f"{fmt.number(a)}/{fmt.number(b)}" for a, b in zip(frame["complete"], frame["expected"], strict=True)
    ]
    status = [t(f"staffing.status.{name}") for name in frame["status"]]
    return [
        lists.names("list.unit", frame["name"]),
        lists.numbers("staffing.column.population", frame["population"]),
        lists.numbers("staffing.column.existing", frame["existing"]),
        lists.numbers(
            "staffing.column.required", frame["required_low"], spans("required_low", "required_high")
        ),
        lists.numbers("staffing.column.gap", frame["gap_low"], spans("gap_high", "gap_low", sign=True)),
        lists.sorted_by("staffing.column.status", status, frame["gap_low"]),
        lists.numbers("staffing.column.reported", frame["complete"], reported),
    ]
