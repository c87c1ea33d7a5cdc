"""Slides of staffing against the norm: what is missing by year, by unit, and who works there."""

from __future__ import annotations

import pandas as pd

from answers import format as fmt
from answers.comparable import shortage
from answers.figure import Chart, Slide, Spec, UnavailableError
from answers.making import CADRE_GROUPS, MOST, breakdown, moved, names_of, slide, written
from answers.results import Results
from answers.scope import place_name
from answers.summary import gaps, in_scope, of_year
from answers.words import t, tn
from metrics.registry import indicators
from metrics.staffing import short_summary

TABLES = ("staffing", "stations", "population")


def missing(results: Results, spec: Spec) -> Slide:
    """Show how many staff the scope's communes lack, by year, against both ends of the norm."""
    scope = spec.scope
    years = results.options.years
    found = shortage(results, scope)
    low, high = (found.missing(years, end) for end in ("low", "high"))
    if not found.by_year:
        now = short_summary(gaps=gaps(results, scope, "points"))
        if now.known:
            low[scope.year], high[scope.year] = now.missing_low, now.missing_high
    title = moved(place_name(scope), t("kpi.missing_staff"), low, scope.year, compared=found.said)
    chart = Chart(
        kind="lines",
        title=f"{t('kpi.missing_staff')} ({t('kpi.missing_staff.unit')})",
        categories=tuple(str(year) for year in years),
        series=(
            written(t("export.missing_staff.low"), low),
            written(t("export.missing_staff.high"), high, tone="muted"),
        ),
    )
    return slide(results, spec, title, [chart], tables=TABLES, definition=indicators()["staffing_gap"])


def balance(results: Results, spec: Spec) -> Slide:
    """Show existing staff beside what the norm requires, where the most are missing."""
    scope, level = spec.scope, breakdown(spec.scope)
    frame = of_year(in_scope(results.staffing(scope.geography, level), scope, level), scope.year)
    frame = frame[frame["status"].ne("unknown")].sort_values("gap_low", kind="stable")
    if frame.empty:
        raise UnavailableError(t("export.missing.data", what=t("export.kind.balance")))
    short = frame[frame["gap_low"] < 0]
    frame = (short if len(short) else frame).head(MOST)
    series = (
        written(t("staffing.column.existing"), frame["existing"]),
        written(t("export.balance.required_low"), frame["required_low"], tone="c5"),
    )
    names = names_of(frame.index, scope, level, results)
    worst = frame.iloc[0]
    key = "short" if worst["gap_low"] < 0 else "enough"
    title = t(
        f"export.title.balance.{key}",
        place=place_name(scope),
        unit=names[0],
        existing=fmt.number(worst["existing"]),
        required=fmt.span(worst["required_low"], worst["required_high"]),
    )
    chart = Chart("bars", t("export.balance.title"), tuple(names), series)
    return slide(results, spec, title, [chart], tables=TABLES, definition=indicators()["staffing_gap"])


def cadres(results: Results, spec: Spec) -> Slide:
    """Show who works at the stations, by year."""
    scope = spec.scope
    frame = in_scope(results.cadres(scope.geography, "province"), scope, "province")
    by_year = frame.groupby("year").sum(min_count=1).reindex(results.options.years)
    if by_year.empty or by_year.isna().all(axis=None):
        raise UnavailableError(t("export.missing.data", what=t("export.kind.cadres")))
    series = tuple(
        written(t(f"export.cadre.{group}"), by_year[list(members)].sum(axis=1, min_count=1), tone=tone)
        for group, (tone, members) in CADRE_GROUPS.items()
    )
    chart = Chart("stacked", t("export.cadre.title"), tuple(str(year) for year in by_year.index), series)
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
