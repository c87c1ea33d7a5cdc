"""Slides of the criteria over time, of what a budget achieves, and of single commitments."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from itertools import pairwise
from typing import Final

import pandas as pd

from answers import clock
from answers import format as fmt
from answers.colours import LIGHT
from answers.compliance import maps as compliance_map
from answers.compliance import numbers as compliance
from answers.compliance import plan as compliance_plan
from answers.compliance.figures import TABLES, TARGET_TABLES, criterion, judged_of, sentence
from answers.compliance.maps import VERDICT
from answers.compliance.plan import Table
from answers.figure import (
    AreaMap,
    Chart,
    Dots,
    Flow,
    Mark,
    Node,
    Scatter,
    Sets,
    Slide,
    Spec,
    Timeline,
    Tone,
    UnavailableError,
)
from answers.making import BESIDE, MOST, amount, ends, names_of, numbers, option, slide, written
from answers.results import Results
from answers.scope import Scope, place_name
from answers.targets import numbers as targets
from answers.words import current, t, tn
from data.sources import source_said
from geo.classify import NO_DATA
from metrics import criteria
from metrics.compliance_plan import Objective
from metrics.criteria import CriteriaSet
from metrics.targets import STATUSES, bounds_of, projection

FEW: Final = 4
"""Days of a chart whose every number can be written at its point."""
MOST_COMBINATIONS: Final = 12
VERDICTS: Final[dict[str, Tone]] = {"met": "met", "short": "short", "unknown": "between"}
OBJECTIVES: Final = ("communes", "people")
PLAN_TABLES: Final = ("criteria_scores", "population")
STATUS_FILLS: Final = {"short": "short", "part": "diverging.2", "met": "met"}
PROMISERS: Final[tuple[Tone, ...]] = ("c1", "c3", "c4", "c5")
"""The colours of whose commitments stand on one chart."""
COMPARED: Final = {">=": "least", ">": "above", "<=": "most", "<": "below"}
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
    _, rule = judged_of(results, scope)
    choice = spec.name or VERDICT
    if choice not in compliance_map.choices(scope):
        raise UnavailableError(t("export.missing.option", value=choice))
    shown = compliance_map.shown(results, scope, choice, LIGHT)
    legend, counts = shown.legend(), shown.classes.counts
    kinds = choice == VERDICT and scope.level != "district"
    statuses = compliance.STATUSES if shown.former else ("short", "met")
    codes = shown.units.index
    if choice == VERDICT:
        heading, title = shown.title, _verdict_sentence(results, scope)
    else:
        name = t("export.criterion.total") if choice == "total" else criterion(choice, rule)
        heading, title = _share_title(results, scope, choice, rule), _lowest(scope, name, shown.values)
    drawn = AreaMap(
        title=heading,
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
        title,
        [drawn, _standing(drawn) if kinds else _furthest(shown.values, heading, scope)],
        tables=TABLES,
        definition=compliance.definition(),
    )


def _share_title(results: Results, scope: Scope, choice: str, rule: CriteriaSet) -> str:
    """Return what a map of shares shows; where a unit has several sheets, that it is the lowest of them."""
    names = {str(one.number): compliance.full_name(one) for one in rule.criteria}
    name = names.get(choice, t("export.closest.total"))
    if compliance.units(results, scope)["sheets"].fillna(0).le(1).all():
        return t("export.verdict_map.own", name=name)
    communes = compliance.counted(compliance.of_scope(results, scope), scope, 1)
    return t("export.verdict_map.lowest", name=name, communes=communes)


def _verdict_sentence(results: Results, scope: Scope) -> str:
    """Return how many units stand how, as the map's legend counts them."""
    if scope.geography == "legacy":
        return sentence(results, scope)
    stands = compliance.units(results, scope)["status"].value_counts()
    counts = {status: fmt.number(int(stands.get(status, 0))) for status in (*compliance.STATUSES, "unknown")}
    title = t(
        "export.title.verdict_map",
        place=place_name(scope),
        year=scope.year,
        total=fmt.number(int(stands.sum())),
        **counts,
    )
    return f"{title} {t('export.title.verdict_map.unknown', **counts)}" if "unknown" in stands else title


def _lowest(scope: Scope, name: str, values: pd.Series) -> str:
    """Return a sentence naming the units with the lowest shares, or how many units share the lowest."""
    worst = values.astype("float64").dropna().sort_values(kind="stable")
    return ends("lowest", scope, scope.level, worst, fmt.percent, place=place_name(scope), name=name)


def _standing(drawn: AreaMap) -> Chart:
    """Return how many units stand how, as bars."""
    rows = [*reversed(drawn.legend), *([drawn.no_data] if drawn.no_data[1] else [])]
    title = t("export.standing.title", communes=tn("compliance.sheets.own", 2))
    series = written(title, (count for _, count in rows))
    return Chart("bars", title, tuple(words for words, _ in rows), (series,))


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
    promised = _promised(found)
    line = pd.DataFrame({"value": []})
    if len(found) and found["deadline"].max().year > seen.index[-1]:
        line = compliance.projected(seen, found["deadline"].max().date())
    due = [year for values in promised.values() for year in values.index]
    years = list(range(int(seen.index[0]), max([int(seen.index[-1]), *due, *line.index]) + 1))
    ahead = pd.concat([seen.tail(1), line["value"]])
    series = [written(t("export.pledges.seen"), seen.reindex(years), fmt.percent)]
    if len(line):
        low, high = (numbers(line[side].reindex(years)) for side in ("low", "high"))
        known = ahead[~ahead.index.duplicated()].reindex(years)
        expected = written(t("compliance.trend.ahead"), known, fmt.percent, "muted", dash=True)
        series.append(replace(expected, low=low, high=high))
    for i, (name, values) in enumerate(promised.items()):
        known = values[~values.index.duplicated()].reindex(years)
        series.append(replace(written(name, known, fmt.percent, PROMISERS[i % 4]), marks=True))
    own = found[found["own"].astype(bool)] if len(found) else found
    first = own.iloc[0] if len(own) else found.iloc[0] if len(found) else None
    newest = int(seen.index[-1])
    communes = compliance.counted(compliance.of_scope(results, replace(scope, year=newest)), scope)
    share = fmt.percent(float(seen.iloc[-1]))
    said = {"place": place_name(scope), "share": share, "communes": communes, "year": newest}
    title = t("export.title.pledges.none", **said)
    if first is not None:
        goal, by = fmt.percent(first["value"], 0), first["deadline"].year
        title = t("export.title.pledges", promiser=first["place"], goal=goal, by=by, **said)
    chart = Chart(
        "lines",
        t("export.pledges.title", communes=communes),
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


def _promised(found: pd.DataFrame) -> dict[str, pd.Series]:
    """Return what each place promised, by year, under the place's name with the years; its own place first."""
    if found.empty:
        return {}
    promised = {}
    for place, rows in found.groupby("place", sort=False):
        values = pd.Series(rows["value"].to_numpy("float64"), index=rows["deadline"].dt.year)
        by = ", ".join(str(year) for year in dict.fromkeys(values.index))
        promised[t("export.pledges.promised", place=place, years=by)] = values
    return promised


def flow(results: Results, spec: Spec) -> Slide:
    """Show, for every pair of years, how many communes newly pass, no longer pass, or stay as they were."""
    moves = compliance.moves(results, spec.scope)
    if not moves:
        raise UnavailableError(t("compliance.flow.one_year"))
    tones: dict[str, Tone] = {
        "kept": "met",
        "gained": "c2",
        "never": "c4",
        "lost": "short",
        "not_assessable": "muted",
    }
    series = []
    for kind, tone in tones.items():
        values = [frame["transition"].eq(kind).sum() for frame in moves.values()]
        if any(values):
            series.append(written(t(f"compliance.flow.{kind}"), values, tone=tone))
    scope = spec.scope
    heading = t("export.flow.title", communes=compliance.counted(pd.concat(moves.values()), scope))
    columns = tuple(f"{first} → {last}" for first, last in moves)
    drawn = _flow(heading, moves, Chart("stacked", heading, columns, tuple(series)))
    (first, last), frame = list(moves.items())[-1]
    gained, lost = (int(frame["transition"].eq(kind).sum()) for kind in ("gained", "lost"))
    title = t(
        "export.title.flow",
        place=place_name(scope),
        first=first,
        last=last,
        communes=compliance.counted(frame, scope, gained),
        gained=fmt.number(gained),
        lost=fmt.number(lost),
    )
    return slide(results, spec, title, [drawn], tables=TABLES, definition=compliance.definition())


def _flow(heading: str, moves: dict[tuple[int, int], pd.DataFrame], plain: Chart) -> Flow:
    """Return who stood how in each year, and who went where from one to the next."""
    years = [first for first, _ in moves] + [max(last for _, last in moves)]
    counts: dict[tuple[int, str, str], int] = {}
    totals: dict[tuple[int, str], int] = {}
    for (first, last), rows in moves.items():
        sides = [
            rows[side].map({True: "met", False: "short"}).fillna("unknown")
            for side in ("passes_from", "passes_to")
        ]
        counts |= {(first, *pair): int(n) for pair, n in pd.DataFrame(sides).T.value_counts().items()}
        for year, side in ((first, sides[0]), (last, sides[1])):
            totals |= {(year, verdict): int(n) for verdict, n in side.value_counts().items()}
    order = [(year, verdict) for year in years for verdict in VERDICTS if (year, verdict) in totals]
    place = {node: i for i, node in enumerate(order)}
    following = dict(pairwise(years))
    nodes = tuple(
        Node(
            years.index(year),
            t(
                "compliance.flow.node",
                year=year,
                verdict=t(f"compliance.status.{verdict}"),
                n=fmt.number(totals[year, verdict]),
            ),
            VERDICTS[verdict],
            totals[year, verdict],
        )
        for year, verdict in order
    )
    links = tuple(
        (
            place[year, before],
            place[following[year], after],
            count,
            f"{t(f'compliance.flow.{_change(before, after)}')}: {fmt.number(count)}",
        )
        for (year, before, after), count in counts.items()
    )
    return Flow(heading, nodes, links, plain)


def _change(before: str, after: str) -> str:
    if "unknown" in (before, after):
        return "not_assessable"
    return {"metmet": "kept", "shortmet": "gained", "metshort": "lost"}.get(before + after, "never")


def combinations(results: Results, spec: Spec) -> Slide:
    """Show which parts of the rule communes fail on together."""
    judged, rule = judged_of(results, spec.scope)
    fails = compliance.failing(judged)
    if fails.empty:
        raise UnavailableError(t("export.missing.none_fail"))
    found = criteria.blocking_combinations(evaluated=fails)
    shown = found.head(MOST)
    names = tuple(" + ".join(compliance.part_name(part, rule) for part in parts) for parts in shown["parts"])
    heading = t("export.combinations.title", communes=compliance.counted(fails, spec.scope))
    chart = _together(
        heading,
        found.head(MOST_COMBINATIONS),
        list(criteria.blockers(evaluated=fails)["part"]),
        rule,
        Chart("bars", heading, names, (written(heading, shown["communes"], tone="short"),)),
    )
    together = len(shown["parts"].iloc[0]) > 1
    title = t(
        "export.title.combinations" if together else "export.title.combinations.one",
        place=place_name(spec.scope),
        parts=names[0],
        n=fmt.number(shown["communes"].iloc[0]),
        failing=fmt.number(len(fails)),
        communes=compliance.counted(fails, spec.scope, len(fails)),
    )
    method = t("export.combinations.method")
    if len(found) > len(shown):
        rest = t("compliance.combinations.rest", n=fmt.number(len(found) - len(shown)))
        method = f"{method} {rest}"
    return slide(
        results, spec, title, [chart], tables=TABLES, definition=compliance.definition(), method=method
    )


def _together(heading: str, found: pd.DataFrame, parts: list[str], rule: CriteriaSet, plain: Chart) -> Sets:
    parts = [part for part in parts if any(part in one for one in found["parts"])]
    return Sets(
        heading,
        tuple(compliance.part_name(part, rule) for part in parts),
        tuple(tuple(parts.index(part) for part in one) for one in found["parts"]),
        tuple(int(count) for count in found["communes"]),
        tuple(fmt.number(count) for count in found["communes"]),
        "short",
        plain,
    )


# -- what a budget achieves, with the measures that ship -------------------------------------------------------


def _objective(spec: Spec) -> Objective:
    return option(spec, 0, "communes", OBJECTIVES)  # type: ignore[return-value]


def _has_paths(results: Results, scope: Scope, table: Table) -> None:
    found = compliance_plan.paths(results, compliance_plan.plain(scope), table)
    if found is None or not found.communes["status"].eq("reached").any():
        raise UnavailableError(t("export.missing.data", what=t("export.kind.budget")))


def _method(note: str, table: Table) -> str:
    return f"{note} {t('caption.source', sources=table.source)}"


def budget(results: Results, spec: Spec, table: Table | None = None) -> Slide:
    """Show how many communes or people every budget brings over the line, by a table of measures: the shipped one."""
    scope, plain, table = spec.scope, compliance_plan.plain(spec.scope), table or compliance_plan.shipped()
    _has_paths(results, scope, table)
    objective = _objective(spec)
    curve = compliance_plan.curve(results, plain, table, objective)
    most = float(curve["budget"].max())
    choices = compliance_plan.budgets(most)
    money = amount(spec, 1, choices[(len(choices) - 1) // 2], 0, 1e9)
    plan = compliance_plan.plan(results, plain, table, money, objective)
    after = plan.passing_after if objective == "communes" else plan.people_after
    frame = compliance.of_scope(results, scope)
    what = t(f"export.budget.{objective}", communes=compliance.counted(frame, scope))
    line = Dots(
        what,
        tuple(float(value) for value in curve["budget"]),
        tuple(float(value) for value in curve[objective]),
        line=True,
        steps=objective == "communes",
        hovers=_steps(results, scope, curve, objective),
    )
    here = t("compliance.plan.here", budget=compliance_plan.money(money), n=fmt.number(after))
    chart = Scatter(
        title=t("export.budget.title", what=what),
        series=(line, Dots(here, (money,), (float(after),), (here,), "c1")),
        x_title=t("export.budget.axis"),
        y_title=what,
        decimals=0,
        zero=False,
    )
    gained = plan.passing_after - plan.passing_before
    title = tn(
        "export.title.budget",
        gained,
        place=place_name(scope),
        budget=compliance_plan.money(money),
        gained=fmt.number(gained),
        communes=compliance.counted(frame, scope, gained),
        before=fmt.number(plan.passing_before),
        after=fmt.number(plan.passing_after),
    )
    left = compliance_plan.money(money - plan.spent)
    if left != compliance_plan.money(0):
        title = f"{title} {t('export.budget.left', left=left)}"
    method = _method(t(f"compliance.plan.objective.{objective}"), table)
    return slide(
        results, spec, title, [chart], tables=PLAN_TABLES, method=method,
        besides=table.nature,
    )  # fmt: skip


def _steps(results: Results, scope: Scope, curve: pd.DataFrame, objective: Objective) -> tuple[str, ...]:
    """Return what each budget of a curve reaches, and what the next commune or person costs."""
    named = (
        compliance_plan.with_names(results, scope, curve) if "commune" in curve else curve.assign(name=None)
    )
    texts = []
    for row in named.itertuples():
        lines = [
            compliance_plan.money(row.budget),
            t("compliance.plan.reaches", communes=fmt.number(row.communes)),
        ]
        if pd.notna(row.people):
            lines.append(tn("compliance.people", row.people, n=fmt.number(row.people)))
        if pd.notna(row.marginal_cost):
            each = fmt.number(row.marginal_cost, 0 if objective == "communes" else 4)
            lines.append(t(f"compliance.plan.marginal.{objective}", cost=each, name=row.name or ""))
        texts.append("\n".join(lines))
    return tuple(texts)


def calendar(results: Results, spec: Spec, table: Table | None = None) -> Slide:
    """Show the same money every year up to a deadline, and how many communes pass by then."""
    scope, plain, table = spec.scope, compliance_plan.plain(spec.scope), table or compliance_plan.shipped()
    _has_paths(results, scope, table)
    objective = _objective(spec)
    until = int(amount(spec, 1, max(2030, scope.year + 1), scope.year + 1, scope.year + 40))
    whole = compliance_plan.budgets(
        float(compliance_plan.curve(results, plain, table, objective)["budget"].max())
    )
    yearly = amount(spec, 2, whole[(len(whole) - 1) // 2] / (until - scope.year), 0, 1e9)
    done = compliance_plan.calendar(results, plain, table, yearly, until, objective)
    spent = tuple(fmt.number(value) for value in done.years["spent"])
    frame = compliance.of_scope(results, scope)
    heading = t("export.calendar.title", communes=compliance.counted(frame, scope))
    chart = Chart(
        "lines",
        heading,
        tuple(f"{year} ({money})" for year, money in zip(done.years["year"], spent, strict=True)),
        (written(heading, done.years["passing"]),),
    )
    started = int(done.communes["start"].notna().sum())
    title = tn(
        "export.title.calendar",
        started,
        place=place_name(scope),
        yearly=compliance_plan.money(yearly),
        first=scope.year + 1,
        until=until,
        n=fmt.number(started),
        communes=compliance.counted(frame, scope, started),
        passing=fmt.number(int(done.years["passing"].iloc[-1])),
    )
    method = _method(t("compliance.calendar.note"), table)
    return slide(
        results, spec, title, [chart], tables=PLAN_TABLES, method=method,
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
    today = clock.today()
    heading = t("export.deadlines.title")
    by_year = Chart("stacked", heading, tuple(str(year) for year in years), tuple(series))
    drawn = _timeline(dated, today, by_year)
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
    return slide(results, spec, title, [drawn], tables=TARGET_TABLES, method=method)


def _timeline(dated: pd.DataFrame, today: dt.date, plain: Chart) -> Timeline:
    """Return a mark per commitment at its deadline, in the tone of its standing."""
    rows = dated.sort_values(["deadline", "status"], kind="stable")
    marks = []
    for height, (_, row) in zip(rows.groupby("deadline").cumcount(), rows.iterrows(), strict=True):
        status = row["status"]
        what = f"{targets.name(row['indicator'])} {targets.promise(row)}"
        said = f"{targets.SYMBOL[status]} {t(f'targets.status.{status}')}"
        hover = f"{what}\n{row['place']} · {fmt.date(row['deadline'])}\n{said}"
        marks.append(Mark(row["deadline"].date(), int(height), targets.SYMBOL[status], TONES[status], hover))
    known = [status for status in STATUSES if rows["status"].eq(status).any()]
    key = tuple((targets.SYMBOL[status], t(f"targets.status.{status}")) for status in known)
    label = t("targets.today", date=fmt.date(today))
    return Timeline(t("export.deadlines.title"), tuple(marks), (today, label), key, plain)


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
    status = t(f"targets.status.{row['status']}")
    if row["status"] == "not_measurable":  # what was observed is on the slide: say why it is not judged
        status = t("export.outlook.no_date" if pd.isna(row["deadline"]) else "export.outlook.unclear")
    title = t(
        "export.title.outlook",
        name=targets.name(row["indicator"]),
        place=row["place"],
        promise=_goal(row),
        stands=targets.stands(row),
        status=status,
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


def _goal(row: pd.Series) -> str:
    """Return what was promised, in words: "at least 95%"; of a share that cannot be exceeded, the share alone."""
    if row["comparator"] == "done":
        return targets.promise(row)
    said = f"{targets.amount(row['value'], row)} {targets.unit(row)}".strip()
    bounds = bounds_of(unit=row["unit"])
    if bounds is not None and row["value"] in bounds:
        return said
    return t(f"export.promise.{COMPARED[row['comparator']]}", amount=said)


def _outlook(row: pd.Series, observed: pd.DataFrame) -> Chart:
    seen = pd.Series(observed["value"].to_numpy("float64"), index=pd.DatetimeIndex(observed["date"]))
    until = row["deadline"].date() if pd.notna(row["deadline"]) else observed["date"].max().date()
    bounds = (0.0, 100.0) if row["unit"].startswith("percent") else None
    ahead = projection(observed=seen, until=until, bounds=bounds)
    days = sorted({*seen.index, *ahead.index, max(seen.index[-1], pd.Timestamp(until))})
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
