"""Slides of the criteria over time, of what a budget achieves, and of single commitments."""

from __future__ import annotations

from typing import Final

import pandas as pd

from data.sources import source_said
from geo.classify import NO_DATA
from metrics import criteria
from metrics.compliance_plan import Objective
from metrics.targets import STATUSES, projection
from ui import clock, compliance, compliance_map, compliance_plan, targets, theme
from ui import format as fmt
from ui.compliance_map import VERDICT
from ui.export.parts import AreaMap, Chart, Dots, Scatter, Slide, Spec, Tone, UnavailableError
from ui.export.slides_common import BESIDE, MOST, amount, names_of, numbers, option, slide, written
from ui.export.slides_criteria import TABLES, judged_of, sentence
from ui.i18n import current, t
from ui.results import Results
from ui.scope import Scope, place_name

FEW: Final = 4
"""Days of a chart whose every number can be written at its point."""
OBJECTIVES: Final = ("communes", "people")
PLAN_TABLES: Final = ("criteria_scores", "population")
STATUS_FILLS: Final = {"short": "short", "part": "diverging.2", "met": "met"}
TONES: Final[dict[str, Tone]] = {
    "done": "met",
    "on_track": "c2",
    "at_risk": "c4",
    "off_track": "c1",
    "missed": "short",
    "not_measurable": "c5",
}


def verdict_map(results: Results, spec: Spec) -> Slide:
    """Show the verdict of every unit, or the share of a criterion, beside the units furthest behind."""
    scope = spec.scope
    judged_of(results, scope)
    choice = spec.name or VERDICT
    if choice not in compliance_map.choices(scope):
        raise UnavailableError(t("export.missing.option", value=choice))
    shown = compliance_map.shown(results, scope, choice, theme.LIGHT)
    legend, counts = shown.legend(), shown.classes.counts
    kinds = choice == VERDICT and scope.level != "district"
    statuses = compliance.STATUSES if shown.former else ("short", "met")
    codes = shown.units.index
    drawn = AreaMap(
        title=shown.title,
        geography=scope.geography,
        level=scope.level,
        province=scope.province,
        codes=tuple(codes),
        names=tuple(names_of(codes, scope, scope.level)),
        values=numbers(shown.values),
        texts=tuple(shown.texts),
        classes=tuple(int(code) for code in shown.classes.codes),
        palette="sequential" if choice == VERDICT else "heat",
        legend=tuple((words, counts[i]) for i, words in enumerate(legend.labels)),
        no_data=(legend.no_data, counts[NO_DATA]),
        fills=tuple(STATUS_FILLS[one] for one in statuses) if kinds else (),
    )
    return slide(
        results,
        spec,
        sentence(results, scope),
        [drawn, _standing(drawn) if kinds else _furthest(shown.values, shown.title, scope)],
        tables=TABLES,
        definition=compliance.definition(),
    )


def _standing(drawn: AreaMap) -> Chart:
    """Return how many units stand how, as bars."""
    rows = [*reversed(drawn.legend), *([drawn.no_data] if drawn.no_data[1] else [])]
    series = written(t("export.standing.title"), (count for _, count in rows))
    return Chart("bars", t("export.standing.title"), tuple(words for words, _ in rows), (series,))


def _furthest(values: pd.Series, title: str, scope: Scope) -> Chart:
    worst = values.astype("float64").dropna().sort_values(kind="stable").head(BESIDE)
    names = tuple(names_of(worst.index, scope, scope.level))
    series = written(title, worst, fmt.percent)
    return Chart("bars", t("export.furthest"), names, (series,), decimals=1, percent=True)


def pledges(results: Results, spec: Spec) -> Slide:
    """Show the share of communes that pass, the line it follows, and what was promised by when."""
    scope = spec.scope
    seen = compliance.observed(results, scope)
    if seen.empty:
        raise UnavailableError(t("compliance.empty.scores", year=scope.year))
    found = compliance.commitments(results, scope)
    promised: dict[int, float] = {}
    line = pd.DataFrame({"value": []})
    if len(found):
        promised = {row["deadline"].year: float(row["value"]) for _, row in found.iloc[::-1].iterrows()}
        if found["deadline"].max().year > seen.index[-1]:
            line = compliance.projected(seen, found["deadline"].max().date())
    years = list(range(int(seen.index[0]), max([int(seen.index[-1]), *promised, *line.index]) + 1))
    ahead = pd.concat([seen.tail(1), line["value"]])
    lines: list[tuple[str, pd.Series, Tone, bool]] = [
        (t("export.pledges.seen"), seen, "accent", False),
        (t("export.pledges.promised"), pd.Series(promised, dtype="float64"), "c1", False),
    ]
    if len(line):
        lines.insert(1, (t("compliance.trend.ahead"), ahead, "muted", True))
    series = []
    for name, values, tone, dash in lines:
        known = values[~values.index.duplicated()].reindex(years)
        if known.notna().any():
            series.append(written(name, known, fmt.percent, tone, dash))
    own = found[found["own"].astype(bool)] if len(found) else found
    first = own.iloc[0] if len(own) else found.iloc[0] if len(found) else None
    title = t(
        "export.title.pledges" if first is not None else "export.title.pledges.none",
        place=place_name(scope),
        share=fmt.percent(float(seen.iloc[-1])),
        year=int(seen.index[-1]),
        promise=compliance.promise_name(first) if first is not None else "",
    )
    chart = Chart(
        "lines",
        t("compliance.trend.title"),
        tuple(str(year) for year in years),
        tuple(series),
        1,
        percent=True,
    )
    return slide(
        results,
        spec,
        title,
        [chart],
        tables=("criteria_scores", "targets"),
        definition=compliance.definition(),
        method=t("compliance.trend.note"),
    )


def flow(results: Results, spec: Spec) -> Slide:
    """Show, for every pair of years, how many communes newly pass, no longer pass, or stay as they were."""
    moves = compliance.moves(results, spec.scope)
    if not moves:
        raise UnavailableError(t("compliance.flow.one_year"))
    tones: dict[str, Tone] = {
        "kept": "met",
        "gained": "c2",
        "never": "c5",
        "lost": "short",
        "not_assessable": "muted",
    }
    series = []
    for kind, tone in tones.items():
        values = [frame["transition"].eq(kind).sum() for frame in moves.values()]
        if any(values):
            series.append(written(t(f"compliance.flow.{kind}"), values, tone=tone))
    chart = Chart(
        "stacked",
        t("export.flow.title"),
        tuple(f"{first} → {last}" for first, last in moves),
        tuple(series),
    )
    (first, last), frame = list(moves.items())[-1]
    title = t(
        "export.title.flow",
        place=place_name(spec.scope),
        first=first,
        last=last,
        **{kind: fmt.number(int(frame["transition"].eq(kind).sum())) for kind in ("gained", "lost")},
    )
    return slide(results, spec, title, [chart], tables=TABLES, definition=compliance.definition())


def combinations(results: Results, spec: Spec) -> Slide:
    """Show which parts of the rule communes fail on together."""
    judged, rule = judged_of(results, spec.scope)
    fails = compliance.failing(judged)
    if fails.empty:
        raise UnavailableError(t("export.missing.none_fail"))
    found = criteria.blocking_combinations(evaluated=fails)
    shown = found.head(MOST)
    names = tuple(" + ".join(compliance.part_name(part, rule) for part in parts) for parts in shown["parts"])
    series = written(t("export.blockers.title"), shown["communes"], tone="short")
    chart = Chart("bars", t("compliance.combinations.title"), names, (series,))
    title = t(
        "export.title.combinations",
        place=place_name(spec.scope),
        parts=names[0],
        n=fmt.number(shown["communes"].iloc[0]),
        failing=fmt.number(len(fails)),
    )
    method = t("compliance.combinations.note")
    if len(found) > len(shown):
        rest = t("compliance.combinations.rest", n=fmt.number(len(found) - len(shown)))
        method = f"{method} {rest}"
    return slide(
        results, spec, title, [chart], tables=TABLES, definition=compliance.definition(), method=method
    )


# -- what a budget achieves, with the measures that ship -------------------------------------------------------


def _objective(spec: Spec) -> Objective:
    return option(spec, 0, "communes", OBJECTIVES)  # type: ignore[return-value]


def _has_paths(results: Results, scope: Scope) -> None:
    found = compliance_plan.paths(results, compliance_plan.plain(scope), compliance_plan.shipped())
    if found is None or not found.communes["status"].eq("reached").any():
        raise UnavailableError(t("export.missing.data", what=t("export.kind.budget")))


def _method(note: str) -> str:
    return f"{note} {t('caption.source', sources=compliance_plan.shipped().source)}"


def budget(results: Results, spec: Spec) -> Slide:
    """Show how many communes or people every budget brings over the line."""
    scope, plain, table = spec.scope, compliance_plan.plain(spec.scope), compliance_plan.shipped()
    _has_paths(results, scope)
    objective = _objective(spec)
    curve = compliance_plan.curve(results, plain, table, objective)
    most = float(curve["budget"].max())
    choices = compliance_plan.budgets(most)
    money = amount(spec, 1, choices[(len(choices) - 1) // 2], 0, 1e9)
    plan = compliance_plan.plan(results, plain, table, money, objective)
    after = plan.passing_after if objective == "communes" else plan.people_after
    line = Dots(
        t(f"export.budget.{objective}"),
        tuple(float(value) for value in curve["budget"]),
        tuple(float(value) for value in curve[objective]),
        line=True,
    )
    here = t("compliance.plan.here", budget=compliance_plan.money(money), n=fmt.number(after))
    chart = Scatter(
        title=t("compliance.plan.curve"),
        series=(line, Dots(here, (money,), (float(after),), (here,), "c1")),
        x_title=t("export.budget.axis"),
        y_title=t(f"export.budget.{objective}"),
        decimals=0,
        zero=False,
    )
    title = compliance_plan.plan_said(plan, money)
    method = _method(t(f"compliance.plan.objective.{objective}"))
    return slide(
        results, spec, f"{place_name(scope)}. {title}", [chart], tables=PLAN_TABLES, method=method,
        besides=table.nature,
    )  # fmt: skip


def calendar(results: Results, spec: Spec) -> Slide:
    """Show the same money every year up to a deadline, and how many communes pass by then."""
    scope, plain, table = spec.scope, compliance_plan.plain(spec.scope), compliance_plan.shipped()
    _has_paths(results, scope)
    objective = _objective(spec)
    until = int(amount(spec, 1, max(2030, scope.year + 1), scope.year + 1, scope.year + 40))
    whole = compliance_plan.budgets(
        float(compliance_plan.curve(results, plain, table, objective)["budget"].max())
    )
    yearly = amount(spec, 2, whole[(len(whole) - 1) // 2] / (until - scope.year), 0, 1e9)
    done = compliance_plan.calendar(results, plain, table, yearly, until, objective)
    spent = tuple(fmt.number(value) for value in done.years["spent"])
    chart = Chart(
        "lines",
        t("compliance.calendar.passing"),
        tuple(f"{year} ({money})" for year, money in zip(done.years["year"], spent, strict=True)),
        (written(t("compliance.calendar.passing"), done.years["passing"]),),
    )
    title = compliance_plan.calendar_said(done, yearly)
    method = _method(f"{t('compliance.calendar.note')} {t('export.calendar.method')}")
    return slide(
        results, spec, f"{place_name(scope)}. {title}", [chart], tables=PLAN_TABLES, method=method,
        besides=table.nature,
    )  # fmt: skip


# -- commitments -----------------------------------------------------------------------------------------------


def deadlines(results: Results, spec: Spec) -> Slide:
    """Show how many commitments are due in each year, by their standing today."""
    scope = spec.scope
    judged = targets.commitments(results, scope)
    dated = judged[judged["deadline"].notna()]
    if dated.empty:
        raise UnavailableError(t("export.missing.data", what=t("export.story.commitments")))
    years = sorted({int(day.year) for day in dated["deadline"]})
    counts = pd.crosstab(dated["deadline"].dt.year, dated["status"]).reindex(
        index=years, columns=list(STATUSES), fill_value=0
    )
    series = []
    for status, tone in TONES.items():
        if counts[status].any():
            label = f"{targets.SYMBOL[status]} {t(f'targets.status.{status}')}"
            series.append(written(label, counts[status], tone=tone))
    chart = Chart("stacked", t("export.deadlines.title"), tuple(str(year) for year in years), tuple(series))
    today = clock.today()
    coming = dated[dated["deadline"].dt.date >= today]
    title = t("export.title.deadlines.past", place=place_name(scope), total=fmt.number(len(dated)))
    if len(coming):
        soonest = coming["deadline"].min()
        title = t(
            "export.title.deadlines",
            place=place_name(scope),
            total=fmt.number(len(dated)),
            date=fmt.date(soonest),
            n=fmt.number(int(coming["deadline"].eq(soonest).sum())),
        )
    method = t("export.commitments.method", date=fmt.date(today))
    return slide(results, spec, title, [chart], tables=("targets", "facts"), method=method)


def outlook(results: Results, spec: Spec) -> Slide:
    """Show one commitment: what was observed, the line it follows, and the target."""
    judged = targets.commitments(results, spec.scope)
    rows = judged[judged["id"].eq(spec.name)]
    if rows.empty:
        raise UnavailableError(t("export.missing.commitment", id=spec.name))
    row = rows.iloc[0]
    observed, _ = targets.observations(results, spec.scope, row["place"], row["indicator"])
    if observed.empty:
        raise UnavailableError(t("export.missing.data", what=targets.name(row["indicator"])))
    chart = _outlook(row, observed)
    title = t(
        "export.title.outlook",
        name=targets.name(row["indicator"]),
        place=row["place"],
        promise=targets.promise(row),
        stands=targets.stands(row),
        status=t(f"targets.status.{row['status']}"),
    )
    return slide(
        results,
        spec,
        title,
        [chart],
        tables=targets.tables(row),
        definition=targets.definition(row),
        method=f"{t('targets.chart.note')} {source_said(row['source'], current())}",
    )


def _outlook(row: pd.Series, observed: pd.DataFrame) -> Chart:
    seen = pd.Series(observed["value"].to_numpy("float64"), index=pd.DatetimeIndex(observed["date"]))
    until = row["deadline"].date() if pd.notna(row["deadline"]) else observed["date"].max().date()
    bounds = (0.0, 100.0) if row["unit"].startswith("percent") else None
    ahead = projection(observed=seen, until=until, bounds=bounds)
    days = sorted({*seen.index, *ahead.index})
    lines: list[tuple[str, pd.Series, Tone]] = [(t("targets.chart.observed"), seen, "accent")]
    if len(ahead):
        last = seen.tail(1)
        lines.append((t("targets.chart.projected"), pd.concat([last, ahead["value"]]), "muted"))
        for side in ("low", "high"):
            if ahead[side].notna().any():
                lines.append((t("export.outlook.range"), ahead[side], "c5"))
    goal = f"{t('targets.target')}: {targets.promise(row)}"
    lines.append((goal, pd.Series(float(row["value"]), index=pd.DatetimeIndex(days)), "text"))

    def write(value: float | None) -> str:
        return fmt.MISSING if value is None else targets.amount(value, row, decimals=targets.digits(row))

    series = tuple(
        written(name, values[~values.index.duplicated()].reindex(days), write, tone, dash=tone != "accent")
        for name, values, tone in lines
    )
    yearly = all((day.month, day.day) == (12, 31) for day in days)
    return Chart(
        kind="lines",
        title=_named(row),
        categories=tuple(str(day.year) if yearly else fmt.date(day) for day in days),
        series=series,
        decimals=targets.digits(row),
        percent=row["unit"].startswith("percent"),
        dense=len(days) > FEW,
    )


def _named(row: pd.Series) -> str:
    """Return what a commitment is about with its unit, unless the name says it already."""
    name, unit = targets.name(row["indicator"]), targets.unit(row)
    return name if unit in name else f"{name} ({unit})"
