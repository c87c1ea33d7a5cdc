"""The staffing table: every unit with existing and required staff, searchable, sortable, downloadable."""

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
from ui import badges, unit_list
from ui.export.downloads import table_downloads

TABLES = ("staffing", "stations", "population")


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


def show(results: Results, scope: Scope, basis: str) -> None:
    """Show the table."""
    frame = rows(results, scope, basis)
    gap = pd.Series(
        [fmt.span(a, b, sign=True) for a, b in zip(frame["gap_high"], frame["gap_low"], strict=True)]
    )
    required = [fmt.span(a, b) for a, b in zip(frame["required_low"], frame["required_high"], strict=True)]
    reported = [
        f"{fmt.number(a)}/{fmt.number(b)}" for a, b in zip(frame["complete"], frame["expected"], strict=True)
    ]
    columns = [
        lists.Column(t("list.unit"), list(frame["name"]), list(range(len(frame)))),
        _numbers("staffing.column.population", frame["population"]),
        _numbers("staffing.column.existing", frame["existing"]),
        lists.Column(t("staffing.column.required"), required, _order(frame["required_low"]), number=True),
        lists.Column(t("staffing.column.gap"), list(gap), _order(frame["gap_low"]), number=True),
        lists.Column(
            t("staffing.column.status"),
            [t(f"staffing.status.{name}") for name in frame["status"]],
            _order(frame["gap_low"]),
        ),
        lists.Column(t("staffing.column.reported"), reported, _order(frame["complete"]), number=True),
    ]
    unit_list.show(
        lists.payload(list(frame.index), columns, selected=scope.unit, height=460), key="staffing.table"
    )
    table_downloads(lambda: download(frame), results, scope, name="nhan-luc", tables=TABLES)
    badges.caption(results.snapshot, TABLES)


def _numbers(label: str, values: pd.Series) -> lists.Column:
    return lists.Column(t(label), [fmt.number(v) for v in values], _order(values), number=True)


def _order(values: pd.Series) -> list[float | None]:
    return [None if pd.isna(v) else float(v) for v in values]
