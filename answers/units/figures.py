"""Slides of one unit: its trend, its staff by cadre and by year, its criteria."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

import pandas as pd

from answers import format as fmt
from answers import provenance
from answers.comparable import followed, staffed
from answers.compliance import heat, lists, words
from answers.compliance import numbers as compliance
from answers.figure import Chart, Slide, Spec, Table, Tone, UnavailableError
from answers.making import defined, moved, option, reform, slide, titled, writer, written
from answers.results import Results
from answers.scope import Scope, place_name
from answers.staffing.numbers import fixed_norm
from answers.summary import in_scope, is_percent, of_year
from answers.units import profile, score_sheets
from answers.words import current, t
from data.contracts import CADRES
from metrics.criteria_sets import CriteriaSet
from metrics.registry import indicators

STAFF_TABLES: Final = ("staffing", "population", "stations")
BASES: Final = ("points", "station")


def of_unit(spec: Spec) -> Scope:
    """Return the scope of the unit's own level; a slide of a unit needs one."""
    if spec.scope.unit is None:
        raise UnavailableError(t("export.missing.no_unit"))
    return profile.placed(spec.scope)


def unit_trend(results: Results, spec: Spec) -> Slide:
    """Show a unit over the years beside the whole scope."""
    scope, definition = of_unit(spec), defined(spec)
    basis = option(spec, 0, "points", BASES)
    years = list(results.options.years)
    every = results.indicator(definition.id, scope.geography, scope.level, basis)["value"]
    own = every[every.index.get_level_values("code") == scope.unit].droplevel("code").reindex(years)
    found = followed(results, definition.id, scope, whole=False, basis=basis)
    own = found.or_only(own, scope.year)
    name = profile.name(scope)
    write = writer(definition)
    title = moved(name, definition.name.in_(current()), own, scope.year, write, found.said)
    series = [written(name, own, write)]
    if definition.display == "rate":
        whole = followed(results, definition.id, scope, basis=basis).values
        series.append(written(t("trend.scope", place=place_name(scope)), whole, write, "muted"))
    chart = Chart(
        "lines",
        titled(definition),
        tuple(str(year) for year in years),
        tuple(series),
        definition.decimals,
        is_percent(definition),
        events=reform(years),
    )
    return slide(
        results, spec, title, [chart], tables=provenance.tables_of(definition), definition=definition
    )


def headcount(results: Results, spec: Spec) -> Slide:
    """Show how many work in each cadre, in the chosen unit or in the whole scope."""
    scope = profile.placed(spec.scope)
    level = scope.level if scope.unit else "province"
    frame = of_year(in_scope(results.cadres(scope.geography, level), scope, level), scope.year)
    if scope.unit:
        frame = frame.reindex([scope.unit])
    counts = frame.sum(min_count=1).reindex(list(CADRES))
    if counts.isna().all():
        raise UnavailableError(t("export.missing.data", what=t("export.kind.headcount")))
    total = float(counts.sum())
    place = profile.name(scope) if scope.unit else place_name(scope)
    named = {cadre for post in fixed_norm().posts for cadre in post.cadres}
    existing = written(t("staffing.column.existing"), counts)
    tones: tuple[Tone, ...] = tuple("accent" if name in named else "c5" for name in CADRES)
    chart = Chart(
        "bars",
        t("staffing.cadre.title", year=scope.year),
        tuple(t(f"cadre.{name}") for name in CADRES),
        (replace(existing, tones=tones),),
    )
    most = str(counts.idxmax())
    title = t(
        "export.title.headcount" if counts.eq(counts[most]).sum() == 1 else "export.title.headcount.tied",
        place=place,
        total=fmt.number(total),
        most=t(f"cadre.{most}"),
        n=fmt.number(float(counts[most])),
        year=scope.year,
    )
    return slide(results, spec, title, [chart], tables=("staffing",), method=t("export.cadre.method"))


def unit_staff(results: Results, spec: Spec) -> Slide:
    """Show a unit's staff beside the low end of the norm, by year."""
    scope = of_unit(spec)
    table = results.staffing(scope.geography, scope.level)
    rows = table[table.index.get_level_values("code") == scope.unit].droplevel("code")
    rows = rows.reindex(list(results.options.years))
    now = rows.loc[scope.year]
    if pd.isna(now["existing"]):
        raise UnavailableError(t("export.missing.data", what=t("export.kind.unit_staff")))
    found = staffed(results, scope)
    series = (
        written(t("commune.trend.existing"), found.rows["existing"]),
        written(t("commune.trend.required"), found.rows["required_low"], tone="muted", dash=True),
    )
    years = list(results.options.years)
    drawn = f"{t('commune.trend')} ({found.said})" if found.said else t("commune.trend")
    chart = Chart("lines", drawn, tuple(map(str, years)), series, events=reform(years))
    title = t(
        "export.title.unit_staff",
        place=profile.name(scope),
        existing=fmt.number(float(now["existing"])),
        required=fmt.span(now["required_low"], now["required_high"]),
        year=scope.year,
    )
    definition = indicators()["staffing_gap"]
    return slide(results, spec, title, [chart], tables=STAFF_TABLES, definition=definition)


def unit_criteria(results: Results, spec: Spec) -> Slide:
    """Show a commune's share of each criterion's points."""
    scope = of_unit(spec)
    sheets = [one for one in score_sheets.scored(results, scope) if one.geography == scope.geography]
    if not sheets:
        raise UnavailableError(t("profile.criteria.none", year=scope.year))
    [sheet] = sheets
    lines = score_sheets.criteria_lines(sheet)
    floor = 100 * float(sheet.rules.pass_rule.floor_share)
    share = written(t("export.unit_criteria.share"), (line.share for line in lines), fmt.percent)
    tones: tuple[Tone, ...] = tuple("short" if v is not None and v < floor else "met" for v in share.values)
    chart = Chart(
        "bars",
        t("export.unit_criteria.title"),
        tuple(words.short_name(one) for one in sheet.rules.criteria),
        (replace(share, tones=tones, hovers=tuple(line.text for line in lines)),),
        decimals=1,
        percent=True,
        floor=(floor, t("profile.criteria.floor", share=fmt.percent(floor, 0))),
    )
    title = score_sheets.sheet_title(sheet, profile.name(scope))
    held = score_sheets.held_back(sheet)
    verdict = t(f"profile.criteria.{score_sheets.verdict_key(sheet.verdict)}")
    title = f"{title} – {verdict}" + (f" ({held})" if held else "")
    return slide(
        results,
        spec,
        title,
        [chart],
        tables=("criteria_scores",),
        definition=compliance.definition(),
        method=score_sheets.rule_text(sheet.rules),
    )


def _beside(
    shown: pd.DataFrame, rule: CriteriaSet, parent: str, after: pd.Series | None, plain: Table
) -> Chart:
    """Return each criterion's share of its points, with marks of the peers', the best quarter's and a plan's."""
    floor = 100 * float(rule.pass_rule.floor_share)
    own = written(t("compliance.profile.own", parent=parent), shown["own"], fmt.percent)
    tones: tuple[Tone, ...] = tuple("short" if v is not None and v < floor else "met" for v in own.values)
    series = [replace(own, tones=tones)]
    marks: dict[str, Tone] = {"peers": "between", "best": "text", "after": "accent"}
    for key, tone in marks.items():
        values = after if key == "after" else shown[key]
        if values is not None:
            one = written(t(f"compliance.profile.{key}", parent=parent), values, fmt.percent, tone)
            series.append(replace(one, marks=True))
    label = t("compliance.profile.floor", share=fmt.percent(floor, 0))
    return Chart(
        "bars",
        "",
        tuple(words.short_name(one) for one in rule.criteria),
        tuple(series),
        1,
        percent=True,
        floor=(floor, label),
        plain=plain,
    )


def criteria_profile(results: Results, spec: Spec, after: pd.Series | None = None) -> Slide:
    """Show one commune's criteria beside its district and the best quarter; ``after`` a plan, in percent."""
    scope = spec.scope
    rule, frame = compliance.rule_of(scope), compliance.of_scope(results, scope)
    chosen = frame[frame["place"].eq(spec.name)]
    if rule is None or chosen.empty:
        raise UnavailableError(t("export.missing.data", what=t("export.kind.criteria_profile")))
    row = next(chosen.itertuples())
    shown = lists.profile(results, scope, row, rule)
    cuts = heat.breaks(rule)
    rows, shades = [], []
    for one in rule.criteria:
        cells = [float(value) for value in shown.loc[one.number, ["own", "peers", "best"]]]
        rows.append((words.short_name(one), *(fmt.percent(value) for value in cells)))
        shades.append((-1, *(-1 if pd.isna(v) else sum(v >= cut for cut in cuts) for v in cells)))
    heads = ("own", "peers", "best")
    part = Table(
        t("compliance.profile.title"),
        (t("compliance.measure.criterion"), *(t(f"export.profile.{name}") for name in heads)),
        tuple(rows),
        frozenset({1, 2, 3}),
        tuple(shades),
        (6, 1.5, 1.7, 1.7),
    )
    drawn = _beside(shown, rule, row.parent, after, part)
    verdict = words.verdict(row)
    title = t(
        f"export.title.profile.{verdict}",
        name=t("export.unit_in", name=row.name, parent=row.parent),
        total=fmt.number(row.total, 2),
        why=words.reasons(row, rule) if verdict == "short" else "",
    )
    return slide(
        results,
        spec,
        title,
        [drawn],
        tables=compliance.TABLES,
        definition=compliance.definition(),
        method=t("compliance.profile.note"),
    )
