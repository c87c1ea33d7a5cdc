"""Slides of staffing against the norm: what is missing by year, by unit, and who works there."""

from __future__ import annotations

import pandas as pd

from metrics.registry import indicators
from metrics.staffing import short_summary
from ui import format as fmt
from ui.export.parts import Chart, Series, Slide, Spec, UnavailableError
from ui.export.slides_common import CADRE_GROUPS, MOST, breakdown, names_of, numbers, slide
from ui.i18n import t, tn
from ui.results import Results
from ui.scope import place_name
from ui.summary import gaps, in_scope, of_year

TABLES = ("staffing", "stations", "population")


def missing(results: Results, spec: Spec) -> Slide:
    """Show how many staff the scope's communes lack, by year, against both ends of the norm."""
    scope = spec.scope
    years = results.options.years
    found = {year: short_summary(gaps=gaps(results, scope, "points", year)) for year in years}
    known = {year: one for year, one in found.items() if one.known and year <= scope.year}
    if not known:
        raise UnavailableError(t("export.missing.data", what=t("kpi.missing_staff")))
    series = []
    for end, tone in (("low", "accent"), ("high", "muted")):
        amounts = pd.Series(
            {y: getattr(one, f"missing_{end}") if one.known else None for y, one in found.items()}
        )
        values = numbers(amounts)
        name = t(f"export.missing_staff.{end}")
        series.append(Series(name, values, tuple(fmt.number(v) for v in values), tone))
    chart = Chart(
        kind="lines",
        title=f"{t('kpi.missing_staff')} ({t('kpi.missing_staff.unit')})",
        categories=tuple(str(year) for year in years),
        series=tuple(series),
    )
    first, last = min(known), max(known)
    change = known[last].missing_low - known[first].missing_low
    key = "same" if first == last or change == 0 else "up" if change > 0 else "down"
    title = t(
        f"export.title.{key}",
        place=place_name(scope),
        name=t("kpi.missing_staff"),
        first=fmt.number(known[first].missing_low),
        last=fmt.number(known[last].missing_low),
        since=first,
        year=last,
    )
    return slide(results, spec, title, [chart], tables=TABLES, definition=indicators()["staffing_gap"])


def balance(results: Results, spec: Spec) -> Slide:
    """Show existing staff beside what the norm requires, where the most are missing."""
    scope, level = spec.scope, breakdown(spec.scope)
    frame = of_year(in_scope(results.staffing(scope.geography, level), scope, level), scope.year)
    frame = frame[frame["status"].ne("unknown")].sort_values("gap_low", kind="stable").head(MOST)
    if frame.empty:
        raise UnavailableError(t("export.missing.data", what=t("export.kind.balance")))
    parts = (
        ("existing", t("staffing.column.existing"), "accent"),
        ("required_low", t("export.balance.required_low"), "c5"),
    )
    series = []
    for column, name, tone in parts:
        values = numbers(frame[column])
        series.append(Series(name, values, tuple(fmt.number(v) for v in values), tone))
    names = names_of(frame.index, scope, level)
    worst = frame.iloc[0]
    key = "short" if worst["gap_low"] < 0 else "enough"
    title = t(
        f"export.title.balance.{key}",
        place=place_name(scope),
        unit=names[0],
        existing=fmt.number(worst["existing"]),
        required=fmt.span(worst["required_low"], worst["required_high"]),
    )
    chart = Chart("bars", t("export.balance.title"), tuple(names), tuple(series))
    return slide(results, spec, title, [chart], tables=TABLES, definition=indicators()["staffing_gap"])


def cadres(results: Results, spec: Spec) -> Slide:
    """Show who works at the stations, by year."""
    scope = spec.scope
    frame = in_scope(results.cadres(scope.geography, "province"), scope, "province")
    by_year = frame.groupby("year").sum(min_count=1).reindex(results.options.years)
    if by_year.empty or by_year.isna().all(axis=None):
        raise UnavailableError(t("export.missing.data", what=t("export.kind.cadres")))
    series = []
    for group, (tone, members) in CADRE_GROUPS.items():
        values = numbers(by_year[list(members)].sum(axis=1, min_count=1))
        series.append(Series(t(f"export.cadre.{group}"), values, tuple(fmt.number(v) for v in values), tone))
    chart = Chart(
        "stacked", t("export.cadre.title"), tuple(str(year) for year in by_year.index), tuple(series)
    )
    year = scope.year
    doctors, total = (
        by_year.loc[year, ["doctor", "preventive_doctor"]].sum(),
        by_year.loc[year].sum(min_count=1),
    )
    if pd.isna(total):
        raise UnavailableError(t("export.missing.data", what=t("export.kind.cadres")))
    title = tn(
        "export.title.cadres",
        float(doctors),
        place=place_name(scope),
        doctors=fmt.number(float(doctors)),
        total=fmt.number(float(total)),
        share=fmt.percent(100 * float(doctors) / float(total)),
        year=year,
    )
    return slide(results, spec, title, [chart], tables=("staffing",), method=t("export.cadre.method"))
