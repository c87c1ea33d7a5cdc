"""Slides of any indicator: map, ranking, trend, funnel, table."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Any

import pandas as pd

from answers import format as fmt
from answers import provenance, summary
from answers.colours import LIGHT
from answers.comparable import followed
from answers.figure import AreaMap, Chart, Dots, Scatter, Slide, Spec, Table, Tone, UnavailableError
from answers.making import (
    BESIDE,
    MOST,
    breakdown,
    by_class,
    defined,
    ends,
    moved,
    names_of,
    need,
    numbers,
    option,
    slide,
    telling,
    titled,
    writer,
    written,
)
from answers.results import Results
from answers.scope import NATION, Scope, codes, place_name
from answers.staffing import fair as staffing_fair
from answers.staffing.fair import Fair
from answers.summary import figure, in_scope, is_percent, of_year, scope_row
from answers.units.figures import BASES
from answers.view import view_of
from answers.words import current, t
from geo.classify import NO_DATA
from geo.units import at_level
from metrics import comparison
from metrics.registry import Indicator


def rows_of(
    results: Results, definition: Indicator, scope: Scope, level: str, basis: str = "points"
) -> pd.DataFrame:
    """Return an indicator's rows of the scope's year, for the units that ever report."""
    frame = in_scope(results.indicator(definition.id, scope.geography, level, basis), scope, level)
    ever = frame.index.get_level_values("code").unique()
    codes = [code for code in at_level(scope.geography, level, within=scope.within).index if code in ever]
    found = of_year(frame, scope.year).reindex(codes)
    need(found, "value", definition.name.in_(current()))
    return found


def worst_first(rows: pd.DataFrame, definition: Indicator) -> pd.DataFrame:
    """Return the known rows, those that need action first; where neither end is worse, the largest first."""
    lowest = definition.polarity == "higher_is_better"
    known = rows[rows["value"].notna()]
    return known.sort_values("value", ascending=lowest, kind="stable")


def in_need(rows: pd.DataFrame, definition: Indicator) -> pd.DataFrame:
    """Return the rows below the norm, or short of all there can be; none where neither end is worse."""
    values = rows["value"].astype("float64")
    if definition.polarity == "neutral":
        return rows[:0]
    if definition.polarity == "lower_is_better":
        return rows[values.gt(definition.center or 0)]
    best = 100.0 if is_percent(definition) else math.inf
    return rows[values.lt(best if definition.center is None else definition.center)]


def area_map(results: Results, spec: Spec) -> Slide:
    """Show a map beside the units that need action first."""
    scope, definition = spec.scope, defined(spec)
    basis = option(spec, 0, "points", BASES)
    rows = rows_of(results, definition, scope, scope.level, basis)
    # The classes break where they break in every year, those after this one too: the colours are the app's.
    view = view_of(results.whole, scope, definition.id, basis, LIGHT)
    counts, legend = view.classes.counts, view.legend()
    drawn = AreaMap(
        title=titled(definition),
        geography=scope.geography,
        level=scope.level,
        province=scope.province,
        codes=tuple(view.rows.index),
        names=tuple(names_of(view.rows.index, scope, scope.level, results)),
        values=numbers(view.rows["value"]),
        texts=tuple(view.texts),
        classes=tuple(int(code) for code in view.classes.codes),
        palette=definition.palette,
        legend=tuple((words, counts[i]) for i, words in enumerate(legend.labels)),
        no_data=(legend.no_data, counts[NO_DATA]),
        fills=tuple(f"diverging.{i}" for i in view.fills),
    )
    worst = worst_first(rows, definition)
    title = _map_title(results, definition, scope, worst, basis)
    parts = (drawn, _beside(results, drawn, worst, definition, scope))
    return slide(results, spec, title, parts, tables=provenance.tables_of(definition), definition=definition)


def _beside(
    results: Results, drawn: AreaMap, worst: pd.DataFrame, definition: Indicator, scope: Scope
) -> Chart:
    """Return the units first in need, the largest where neither end is worse, or how many are in each class.

    Nobody is first in need where nobody is, nor among many of the same number.
    """
    neutral = definition.polarity == "neutral"
    shown = (worst if neutral else in_need(worst, definition)).head(BESIDE)
    if not telling(figure(value, definition) for value in shown["value"]):
        return by_class(drawn)
    key = _most(definition) if neutral else "first_in_need"
    title = t(f"export.{key}", unit=definition.unit.in_(current()))
    return _bars(results, shown, definition, scope, scope.level, title)


def _map_title(results: Results, definition: Indicator, scope: Scope, worst: pd.DataFrame, basis: str) -> str:
    if definition.id == "staffing_gap" and scope.level == "commune":
        return summary.shortage_sentence(results, scope, basis)
    return _ends_title(results, definition, scope, worst, scope.level)


def _ends_title(
    results: Results, definition: Indicator, scope: Scope, worst: pd.DataFrame, level: str
) -> str:
    """Return a sentence naming the units at the end that needs action, or the largest, or how many share it."""
    key = {"higher_is_better": "lowest", "lower_is_better": "highest"}.get(
        definition.polarity, _most(definition)
    )
    if definition.formula == "staffing_gap" and worst["value"].iloc[0] < 0:
        key = "furthest"
    place = _of_country(scope, len(worst), level) if scope.province == NATION else place_name(scope)
    return ends(
        key,
        scope,
        level,
        worst["value"],
        writer(definition),
        results,
        place=place,
        name=definition.name.in_(current()),
    )


def _most(definition: Indicator) -> str:
    """Return what the upper end of an indicator is called: a rate is highest, an amount largest."""
    return "highest" if definition.display == "rate" else "largest"


def _of_country(scope: Scope, known: int, level: str) -> str:
    """Return how many of the country's units there are numbers of."""
    total = len(codes(scope, level))
    return t("export.of_country", known=fmt.number(known), total=fmt.number(total))


def _bars(
    results: Results, rows: pd.DataFrame, definition: Indicator, scope: Scope, level: str, title: str
) -> Chart:
    return Chart(
        kind="bars",
        title=title,
        categories=tuple(names_of(rows.index, scope, level, results)),
        series=(written(definition.name.in_(current()), rows["value"], writer(definition)),),
        decimals=definition.decimals,
        percent=is_percent(definition),
    )


def ranking(results: Results, spec: Spec) -> Slide:
    """Show the units a scope is broken down to, those that need action first."""
    scope, definition = spec.scope, defined(spec)
    level = breakdown(scope)
    worst = worst_first(rows_of(results, definition, scope, level), definition)
    chart = _bars(
        results, worst.head(MOST + 1), definition, scope, level, f"{titled(definition)}, {scope.year}"
    )
    title = _ends_title(results, definition, scope, worst, level)
    return slide(
        results, spec, title, [chart], tables=provenance.tables_of(definition), definition=definition
    )


def trend(results: Results, spec: Spec) -> Slide:
    """Show the whole scope over the years."""
    scope, definition = spec.scope, defined(spec)
    found = followed(results, definition.id, scope)
    row = found.or_only(scope_row(results, definition.id, scope)["value"], scope.year)
    row = row.loc[row.first_valid_index() :]  # years before anything was collected say nothing
    place, name, write = place_name(scope), definition.name.in_(current()), writer(definition)
    title = moved(place, name, row, scope.year, write, found.said)
    chart = Chart(
        kind="lines",
        title=titled(definition),
        categories=tuple(str(year) for year in row.index),
        series=(written(place, row, write),),
        decimals=definition.decimals,
        percent=is_percent(definition),
    )
    return slide(
        results, spec, title, [chart], tables=provenance.tables_of(definition), definition=definition
    )


def funnel(results: Results, spec: Spec) -> Slide:
    """Show each unit against what chance alone would spread around the common value, or against the norm."""
    definition = defined(spec)
    if comparison.kind_of(indicator=definition) is None:
        raise UnavailableError(t("export.missing.data", what=t("export.kind.funnel")))
    fair = staffing_fair.compared(results, spec.scope, definition.id)
    if fair.funnel is None or len(fair.units) < 3:
        raise UnavailableError(t("export.missing.data", what=t("export.kind.funnel")))
    scope = replace(spec.scope, level=fair.level)
    drawn = fair.units[fair.units["position"].ne("unknown")]
    below, above = staffing_fair.outside(fair)
    inside, under = ("at", "below") if fair.judge == "norm" else ("within", "low")
    if fair.judge == "nothing":
        inside = "unjudged"
    parts = [
        _points(
            results, drawn.drop(index=[*below, *above]), fair, scope, t(f"export.funnel.{inside}"), "muted"
        ),
        _points(results, drawn.loc[below], fair, scope, t(f"export.funnel.{under}"), "short"),
        _points(results, drawn.loc[above], fair, scope, t("export.funnel.high"), "met"),
        *_limits(fair),
    ]
    chart = Scatter(
        title=titled(definition),
        series=tuple(part for part in parts if part.xs),
        x_title=definition.denominator_text.in_(current()) if definition.denominator_text else "",
        y_title=definition.unit.in_(current()),
        decimals=definition.decimals,
    )
    names = pd.Series(names_of(fair.units.index, scope, fair.level), index=fair.units.index)
    title = f"{place_name(scope)}, {definition.name.in_(current())}: {staffing_fair.sentence(fair, names)}"
    method = staffing_fair.why(fair)
    if fair.judge == "chance":
        method = f"{t('export.funnel.method')} {method}"
    return slide(
        results,
        spec,
        title,
        [chart],
        tables=provenance.tables_of(definition),
        definition=definition,
        method=method,
    )


def _points(results: Results, units: pd.DataFrame, fair: Fair, scope: Scope, name: str, tone: Tone) -> Dots:
    names = names_of(units.index, scope, scope.level, results)
    unit = fair.definition.unit.in_(current())
    size = t("staffing.fair.size.stations" if fair.kind == "proportion" else "staffing.fair.size.people")
    hovers = tuple(
        f"{called}\n{figure(row.value, fair.definition)} {unit}\n{size}: {fmt.number(row.denominator)}"
        f"\n{t(f'staffing.fair.position.{row.position}')}"
        for called, row in zip(names, units.itertuples(), strict=True)
    )
    xs, ys = (tuple(float(v) for v in units[column]) for column in ("denominator", "value"))
    return Dots(name, xs, ys, tuple(names), tone, hovers=hovers)


def _limits(fair: Fair) -> list[Dots]:
    """Return the common value and the limits, if any, as lines, from the smallest unit to the largest."""
    assert fair.funnel is not None
    lines = staffing_fair.limits(fair, points=40)
    xs, target = tuple(float(v) for v in lines.index), fair.funnel.target
    made = [
        Dots(t("export.funnel.target"), (xs[0], xs[-1]), (target, target), tone="text", line=True),
    ]
    for column, label in (("95", fmt.percent(95, 0)), ("998", fmt.percent(99.8))):
        for side in ("low", "high") if len(lines.columns) else ():
            ys = tuple(float(v) for v in lines[f"{side}_{column}"])
            tone: Tone = "muted" if column == "95" else "between"
            made.append(Dots(t("export.funnel.limit", share=label), xs, ys, tone=tone, line=True, dash=True))
    return made


def table(results: Results, spec: Spec) -> Slide:
    """Show the units a scope is broken down to as a table, those that need action first."""
    scope, definition = spec.scope, defined(spec)
    level = breakdown(scope)
    rows = rows_of(results, definition, scope, level)
    worst = worst_first(rows, definition)
    chosen = worst.head(MOST)
    names = pd.Series(names_of(chosen.index, scope, level, results), index=chosen.index)
    chosen = chosen.assign(name=names)
    shown = tuple(
        (
            row.name,
            _range(row, definition),
            fmt.number(row.numerator),
            fmt.number(row.denominator),
            f"{fmt.number(row.reported)}/{fmt.number(row.expected)}",
        )
        for row in chosen.itertuples(index=False)
    )
    staffing = definition.formula in ("staffing_gap", "staffing_ratio")
    heads = (
        t("list.unit"),
        t("export.balance.gap") if definition.formula == "staffing_gap" else definition.unit.in_(current()),
        t("staffing.column.existing") if staffing else t("caption.numerator"),
        t("export.balance.required_low") if staffing else t("caption.denominator"),
        t("staffing.column.reported"),
    )
    part = Table(
        definition.name.in_(current()),
        heads,
        shown,
        frozenset({1, 2, 3, 4}),
        (),
        (3, 2, 2, 2, 2),
        len(worst) - len(chosen),
    )
    return slide(
        results,
        spec,
        _ends_title(results, definition, scope, worst, level),
        [part],
        tables=provenance.tables_of(definition),
        definition=definition,
    )


def _range(row: Any, definition: Indicator) -> str:
    known = pd.notna(row.low) and pd.notna(row.high)
    if known and figure(row.low, definition) != figure(row.high, definition):
        return fmt.span(row.low, row.high, definition.decimals, sign=definition.palette == "diverging")
    return figure(row.value, definition)
