"""Figures of what a budget achieves, and of when how many communes could be over the line."""

from __future__ import annotations

from typing import Final

import pandas as pd

from answers import format as fmt
from answers.compliance import numbers as compliance
from answers.compliance import plan as compliance_plan
from answers.compliance import words
from answers.compliance.plan import Table
from answers.figure import Chart, Dots, Scatter, Slide, Spec, UnavailableError
from answers.making import amount, option, slide, written
from answers.results import Results
from answers.scope import Scope, place_name
from answers.words import t, tn
from metrics.compliance_plan import Objective

OBJECTIVES: Final = ("communes", "people")
PLAN_TABLES: Final = ("criteria_scores", "population")


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
    what = t(f"export.budget.{objective}", communes=words.counted(frame, scope))
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
        communes=words.counted(frame, scope, gained),
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
    heading = t("export.calendar.title", communes=words.counted(frame, scope))
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
        communes=words.counted(frame, scope, started),
        passing=fmt.number(int(done.years["passing"].iloc[-1])),
    )
    method = _method(t("compliance.calendar.note"), table)
    return slide(
        results, spec, title, [chart], tables=PLAN_TABLES, method=method,
        besides=table.nature,
    )  # fmt: skip
