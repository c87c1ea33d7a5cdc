"""Slides of staffing's other questions: every norm, the posts filled, access, inequality, the years ahead."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

import pandas as pd

from answers import format as fmt
from answers.figure import AreaMap, Chart, Dots, Scatter, Series, Slide, Spec, UnavailableError
from answers.making import (
    BESIDE,
    amount,
    by_class,
    names_of,
    numbers,
    option,
    reform,
    slide,
    telling,
    written,
)
from answers.results import Results
from answers.scope import Scope, place_name
from answers.staffing import access as staffing_access
from answers.staffing import fair as staffing_fair
from answers.staffing import numbers as staffing
from answers.staffing import plan as staffing_plan
from answers.staffing.plan import Target
from answers.staffing.posts import posts_held
from answers.units.figures import BASES
from answers.words import current, t, tn
from geo.classify import NO_DATA, classes, interval_labels
from metrics import projection
from metrics.access import DETOUR
from metrics.errors import BadParameters
from metrics.projection import Assumptions, Pace
from metrics.registry import norms
from metrics.wisn_parameters import WisnParameters

TABLES: Final = ("staffing", "stations", "population")
LAST: Final = 2030


def compared_norms(results: Results, spec: Spec, parameters: WisnParameters | None = None) -> Slide:
    """Show what is there beside what each norm asks for; workload by a province's own ``parameters``, if any."""
    scope = spec.scope
    basis = option(spec, 0, "points", BASES)
    gaps = staffing.all_gaps(results, scope, basis, parameters)
    lenses = [staffing.lens(name, gaps[name], scope.year) for name in staffing.lens_ids()]
    known = [one for one in lenses if one.known]
    if not known:
        raise UnavailableError(t("staffing.norms.empty"))
    existing = written(t("staffing.norms.column.existing"), (one.existing for one in known))
    ends = (
        written(t("export.balance.required_low"), (one.required_low for one in known), tone="c5"),
        written(t("export.balance.required_high"), (one.required_high for one in known), tone="c3"),
    )
    names = tuple(staffing.lens_name(one.id) for one in known)
    most = max(known, key=lambda one: one.missing_low)
    title = t(
        "export.title.norms" if most.missing_low else "export.title.norms.enough",
        place=place_name(scope),
        norm=staffing.lens_name(most.id),
        missing=fmt.span(most.missing_low, most.missing_high),
        year=scope.year,
    )
    atom = staffing.post_geography(scope, basis)
    heading = t("staffing.norms.title", year=scope.year)
    if atom != scope.geography:
        heading = t("export.norms.points", title=heading)
    required = Series(
        t("staffing.column.required"),
        ends[0].values,
        tuple(
            t(
                "staffing.norms.bar",
                existing=fmt.number(one.existing),
                required=fmt.span(one.required_low, one.required_high),
            )
            for one in known
        ),
        low=ends[0].values,
        high=ends[1].values,
        marks=True,
    )
    drawn = Chart(
        "bars", heading, names, (existing, required), plain=Chart("bars", heading, names, (existing, *ends))
    )
    method = t(f"staffing.norms.note.{atom}")
    besides = staffing.nature_besides(known, parameters)
    return slide(results, spec, title, [drawn], tables=staffing.TABLES, method=method, besides=besides)


def posts(results: Results, spec: Spec) -> Slide:
    """Show the share of stations that hold each post the norm names."""
    scope = spec.scope
    held = posts_held(results, scope, option(spec, 0, "points", BASES))
    if not held.assessed:
        raise UnavailableError(t("staffing.fair.empty", year=scope.year))
    share = 100 * held.filled / held.known.where(held.known > 0)
    names = tuple(" / ".join(t(f"cadre.{cadre}") for cadre in post.split("/")) for post in share.index)
    shown = written(t("export.posts.share"), share, lambda value: fmt.percent(value, 0))
    texts = tuple(
        f"{text} ({fmt.number(a)}/{fmt.number(b)})"
        for text, a, b in zip(shown.texts, held.filled, held.known, strict=True)
    )
    chart = Chart(
        "bars",
        t("staffing.posts.title"),
        names,
        (replace(shown, texts=texts),),
        percent=True,
    )
    title = t(
        "export.title.posts",
        place=place_name(scope),
        complete=fmt.number(held.complete),
        assessed=fmt.number(held.assessed),
        year=scope.year,
    )
    grades = "; ".join(
        f"{name}: {held.grades[post].in_(current())}" for name, post in zip(names, share.index, strict=True)
    )
    method = t("export.posts.method", grades=grades)
    return slide(results, spec, title, [chart], tables=("staffing", "stations"), method=method)


def access(results: Results, spec: Spec) -> Slide:
    """Show the doctors people can reach, by straight lines times a detour."""
    scope = spec.scope
    detour = amount(spec, 0, DETOUR, 1, 5)
    found = staffing_access.reach(results, scope, detour=detour)
    values = found.units["access"].astype("float64")
    if values.isna().all():
        raise UnavailableError(t("export.missing.data", what=t("export.kind.access")))
    drawn = _reached(values, scope)
    hidden = found.units["fine_but_poor"].fillna(False).astype(bool)
    flagged = int(hidden.sum())
    # Those the title counts are those it is about: their own doctors hide how few are within reach.
    worst = values[hidden if flagged else values.notna()].sort_values(kind="stable").head(BESIDE)
    texts = [fmt.number(value, 2) for value in worst]
    bars = (
        by_class(drawn)
        if not telling(texts)
        else Chart(
            "bars",
            t("export.access.flagged" if flagged else "export.access.first"),
            tuple(names_of(worst.index, scope, scope.level)),
            (written(t("staffing.access.column.access"), worst, lambda value: fmt.number(value, 2)),),
            decimals=2,
        )
    )
    title = t("staffing.access.none")
    if flagged:
        title = tn("staffing.access.flagged", flagged, n=fmt.number(flagged))
    return slide(
        results,
        spec,
        f"{place_name(scope)}: {title}",
        [drawn, bars],
        tables=TABLES,
        method=t("staffing.access.method", detour=fmt.number(detour, 1)),
    )


def _reached(values: pd.Series, scope: Scope) -> AreaMap:
    """Return the units on a map, by how many doctors their people can reach."""
    cut = classes(values, decimals=2, k=5)
    names = names_of(values.index, scope, scope.level)
    return AreaMap(
        title=t("staffing.access.legend"),
        geography=scope.geography,
        level=scope.level,
        province=scope.province,
        codes=tuple(values.index),
        names=tuple(names),
        values=numbers(values),
        texts=tuple(fmt.number(value, 2) for value in values),
        classes=tuple(int(code) for code in cut.codes),
        palette="sequential",
        legend=tuple(
            (words, cut.counts[i])
            for i, words in enumerate(interval_labels(cut, lambda value: fmt.number(value, 2)))
        ),
        no_data=(t("map.no_data"), cut.counts[NO_DATA]),
    )


def _spread(results: Results, spec: Spec) -> staffing_fair.Spread:
    if spec.name not in staffing_fair.SPREAD:
        raise UnavailableError(t("export.missing.indicator", name=spec.name))
    basis = option(spec, 0, "points", BASES)
    found = staffing_fair.spread(results, spec.scope, spec.name, basis)
    if pd.isna(found.years.loc[spec.scope.year, "gini"]):
        raise UnavailableError(t("staffing.fair.empty", year=spec.scope.year))
    return found


def lorenz(results: Results, spec: Spec) -> Slide:
    """Show the Lorenz curve of one kind of staff over people, in percent of each."""
    found = _spread(results, spec)
    curve = found.curve
    below = curve[curve["people"] <= 0.5]["amount"].max()
    chart = Scatter(
        title=f"{t(f'staffing.spread.{spec.name}')} (%)",
        series=(
            Dots(
                t(f"staffing.spread.{spec.name}"),
                tuple(100 * float(value) for value in curve["people"]),
                tuple(100 * float(value) for value in curve["amount"]),
                line=True,
            ),
            Dots(t("staffing.spread.equal"), (0.0, 100.0), (0.0, 100.0), tone="muted", line=True, dash=True),
        ),
        x_title=f"{t('staffing.spread.axis.people')} (%)",
        y_title=f"{t('staffing.spread.axis.staff')} (%)",
        decimals=0,
    )
    title = t(
        "staffing.spread.half",
        share=fmt.percent(100 * below, 0),
        staff=t(f"staffing.spread.{spec.name}.staff"),
    )
    title = f"{place_name(spec.scope)}, {spec.scope.year}: {title}"
    return slide(results, spec, title, [chart], tables=TABLES, method=t("staffing.spread.note"))


def inequality(results: Results, spec: Spec) -> Slide:
    """Show, by year, the Gini coefficient and the share of people in communes short of staff."""
    found = _spread(results, spec)

    gini = written(t("staffing.spread.gini"), found.years["gini"], lambda value: fmt.number(value, 2))
    low, high = (numbers(found.years[f"gini_{side}"]) for side in ("low", "high"))
    series = (
        replace(gini, low=low, high=high),
        written(t("staffing.spread.short"), found.years["short_share"], _share, "muted"),
    )
    years = list(found.years.index)
    chart = Chart(
        "lines",
        t("export.inequality.title"),
        tuple(map(str, years)),
        series,
        decimals=2,
        events=reform(years),
    )
    known = found.years["gini"].dropna()
    now = fmt.number(found.years["gini"][spec.scope.year], 2)
    # Of one year alone nothing is said of change.
    title = t("staffing.spread.now", now=now, year=spec.scope.year)
    if len(known) > 1:
        title = t(
            "staffing.spread.moved",
            then=fmt.number(known.iloc[0], 2),
            since=known.index[0],
            now=now,
            year=spec.scope.year,
        )
    title = f"{place_name(spec.scope)}, {t(f'staffing.spread.{spec.name}.staff')} – {title}"
    return slide(results, spec, title, [chart], tables=TABLES, method=t("staffing.spread.note"))


def _share(value: float | None) -> str:
    """Return a share as the percentage it is everywhere."""
    return fmt.MISSING if value is None else fmt.percent(100 * value, 0)


def ahead(results: Results, spec: Spec) -> Slide:
    """Show one doctor target in the years ahead, under the reader's assumptions."""
    scope = spec.scope
    end = option(spec, 0, "low", ("low", "high"))
    basis = option(spec, 1, "points", BASES)
    wanted = [
        one for one in staffing_plan.targets(results, scope, basis) if (one.id, one.end) == (spec.name, end)
    ]
    if not wanted:
        raise UnavailableError(t("staffing.ahead.empty", year=scope.year))
    start = staffing_plan.defaults(results, scope)
    given = Assumptions(
        recruited=amount(spec, 2, start.recruited, 0, 1e6),
        loss=amount(spec, 3, start.loss, 0, 1),
        rotated=amount(spec, 4, start.rotated, 0, 1e6),
        stay=int(amount(spec, 5, start.stay, 0, 100)),
    )
    try:
        [(target, pace)] = staffing_plan.paces(wanted, scope, given)
    except BadParameters as error:
        raise UnavailableError(error.text(current())) from error
    word = t("staffing.ahead.met") if pace.met else t("staffing.ahead.short", n=fmt.number(pace.short))
    name = target_name(target)
    title = t(
        "export.title.ahead",
        place=place_name(scope),
        name=name,
        by=target.by,
        expected=fmt.number(pace.expected),
        required=fmt.number(target.required),
        word=word,
    )
    said = t(
        "export.ahead.method",
        recruited=fmt.number(given.recruited),
        loss=fmt.percent(100 * given.loss, 1),
        rotated=fmt.number(given.rotated),
        stay=fmt.number(given.stay),
    )
    return slide(
        results,
        spec,
        title,
        [_ahead(target, pace, scope, given, name)],
        tables=("staffing", "stations"),
        method=f"{t('staffing.ahead.note')} {said}",
    )


def target_name(target: Target) -> str:
    """Return what a target is called: the norm, and which end of its range."""
    name = staffing.lens_name(target.id)
    step = norms()[target.id].steps[0]  # type: ignore[union-attr]
    if step.low == step.high:
        return name
    return t("staffing.ahead.end", name=name, doctors=fmt.number(getattr(step, target.end)))


def _ahead(target: Target, pace: Pace, scope: Scope, given: Assumptions, name: str) -> Chart:
    """Return what is expected, the pace that is needed where it is not enough, and the target."""
    column = "permanent" if target.permanent else "present"
    line = projection.projected(filled=target.filled, since=scope.year, until=LAST, assumptions=given)
    series = [written(t("staffing.ahead.expected"), line[column].clip(upper=target.required))]
    if not pace.met:
        needed = Assumptions(recruited=pace.needed, loss=given.loss, rotated=given.rotated, stay=given.stay)
        path = projection.projected(
            filled=target.filled, since=scope.year, until=target.by, assumptions=needed
        )
        needs = path[column].reindex(line.index)
        series.append(written(t("staffing.ahead.needed"), needs, tone="muted", dash=True))
    label = t("staffing.ahead.target", n=fmt.number(target.required), by=target.by)
    series.append(written(label, [target.required] * len(line), tone="text", dash=True))
    heading = t("export.ahead.unit", name=name)
    return Chart("lines", heading, tuple(str(year) for year in line.index), tuple(series))
