"""What a budget achieves in the scope: who to bring over the line, when, and what each part of the rule costs."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from html import escape

import pandas as pd
import streamlit as st

from answers import format as fmt
from answers import lists
from answers.compliance import numbers as compliance
from answers.compliance import plan as compliance_plan
from answers.compliance import plan_figures, words
from answers.compliance.plan import Table
from answers.names import order_of
from answers.results import Results
from answers.scope import Scope, sentence
from answers.words import labels, t
from metrics.compliance_path import Paths
from metrics.compliance_plan import Objective, Plan, Schedule
from pages.compliance import joint, measures
from ui import html, page, unit_list
from ui.export import pins
from ui.export.downloads import table_downloads
from ui.show import show as show_figure

PARTS = ("budget", "calendar", "joint", "shadows", "measures")
OBJECTIVES: tuple[Objective, ...] = ("communes", "people")
TABLES = ("criteria_scores", "population")
LAST_YEAR = 2035
DEADLINE = 2030


def show(results: Results, scope: Scope) -> None:
    """Show one part of the plan."""
    part = st.segmented_control(
        t("compliance.plan.part"),
        PARTS,
        default="budget",
        key="compliance.plan.part",
        format_func=labels(PARTS, lambda one: t(f"compliance.plan.{one}")),
        required=True,
        persist_state="session",
        label_visibility="collapsed",
    )
    table = measures.current()
    if part == "measures":
        measures.show(results, scope)
        return
    with st.spinner(t("compliance.plan.solving")):
        found = compliance_plan.paths(results, compliance_plan.plain(scope), table)
    if found is None:
        st.info(t("compliance.empty.scores", year=scope.year), icon=":material/hourglass_empty:")
    elif not found.communes["status"].eq("reached").any():
        st.info(_beyond(found) or t("compliance.plan.nothing"), icon=":material/check:")
    else:
        {"budget": _budget, "calendar": _calendar, "joint": joint.show, "shadows": _shadows}[part](
            results, scope, table, found
        )


def _controls(found: Paths) -> tuple[float, Objective]:
    """Draw the budget and the objective."""
    options = compliance_plan.budgets(compliance_plan.cost_of_all(found))
    left, right = st.columns([3, 2], gap="large", vertical_alignment="bottom")
    key = "compliance.budget"
    if st.session_state.get(key) not in options:
        st.session_state[key] = options[(len(options) - 1) // 2]
    with left:
        budget = st.select_slider(
            t("compliance.plan.money"), options, format_func=labels(options, compliance_plan.money), key=key
        )
    with right:
        objective = st.segmented_control(
            t("compliance.plan.objective"),
            OBJECTIVES,
            default="communes",
            key="compliance.objective",
            format_func=labels(OBJECTIVES, lambda one: t(f"compliance.plan.objective.{one}")),
            required=True,
            persist_state="session",
        )
    return budget, objective


def _beyond(found: Paths) -> str:
    """Say how many communes no money helps, and why."""
    counts = found.communes["status"].value_counts()
    parts = [
        t(f"compliance.plan.{status}", n=fmt.number(int(counts[status])))
        for status in ("out_of_reach", "disqualified", "not_assessable")
        if status in counts
    ]
    return t("compliance.plan.beyond", parts="; ".join(parts)) if parts else ""


def _budget(results: Results, scope: Scope, table: Table, found: Paths) -> None:
    plain = compliance_plan.plain(scope)
    budget, objective = _controls(found)
    plan = compliance_plan.plan(results, plain, table, budget, objective)
    page.section(compliance_plan.plan_said(plan, budget), _beyond(found))
    left, right = st.columns([6, 5], gap="large")
    with left:
        spec = pins.whole("budget", "", scope, objective, budget)
        own = (
            None if table == compliance_plan.shipped() else partial(plan_figures.budget, results, spec, table)
        )
        show_figure(results, spec, key="compliance.curve", own=own, titled=False)
    with right:
        _communes(results, scope, table, plan)
    measures.caption(results, table, TABLES)


def _communes(results: Results, scope: Scope, table: Table, plan: Plan) -> None:
    """List the communes with a path: what each costs, and whether the plan takes it."""
    frame = compliance_plan.with_names(results, scope, plan.communes)
    frame = frame[frame["status"].eq("reached")].sort_values(["chosen", "cost"], ascending=[False, True])
    taken = [
        t("compliance.plan.taken" if chosen else "compliance.plan.left_out") for chosen in frame["chosen"]
    ]
    columns = [
        lists.Column(t("list.unit"), list(frame["name"]), list(order_of(frame["name"]))),
        _numbers("compliance.path.column.cost", frame["cost"]),
        _numbers("compliance.column.people", frame["people"]),
        lists.Column(t("compliance.plan.in_plan"), taken, [float(chosen) for chosen in frame["chosen"]]),
    ]
    payload = lists.payload(
        list(frame["unit"]), columns, notes=list(frame["parent"]), selected=scope.unit, height=360
    )
    unit_list.show(payload, key="compliance.plan.list")
    _download(results, scope, "ke-hoach", lambda: _plan_table(results, scope, table))


def _plan_table(results: Results, scope: Scope, table: Table) -> pd.DataFrame:
    """Return every measure of every commune with a path, under readable heads."""
    found = compliance_plan.paths(results, compliance_plan.plain(scope), table)
    assert found is not None  # downloaded from a plan that was shown
    frame = compliance_plan.with_names(results, scope, found.steps)
    columns = {
        "list.unit": frame["name"],
        "compliance.column.parent": frame["parent"],
        "compliance.measure.measure": frame["measure"].map(table.name),
        "compliance.measure.criterion": frame["criterion"],
        "compliance.measure.times": frame["times"],
        "compliance.measure.points": frame["points"],
        "compliance.measure.cost": frame["cost"],
        "compliance.measure.lead_time": frame["lead_time_years"],
    }
    return pd.DataFrame({t(key): values for key, values in columns.items()}).set_axis(frame["commune"])


def _download(results: Results, scope: Scope, name: str, table: Callable[[], pd.DataFrame]) -> None:
    origin = measures.current()
    table_downloads(
        table,
        results,
        scope,
        name=name,
        tables=TABLES,
        title=f"{sentence(scope)} · {origin.source} ({t(f'nature.{origin.nature}')})",
    )


def _calendar(results: Results, scope: Scope, table: Table, found: Paths) -> None:
    """Show the same money spread evenly over the years up to a deadline."""
    budget, objective = _controls(found)
    years = list(range(scope.year + 1, LAST_YEAR + 1))
    column, _ = st.columns([1, 2])
    with column:
        until = st.selectbox(
            t("compliance.calendar.deadline"),
            years,
            index=years.index(max(DEADLINE, years[0])),
            format_func=str,
            key=f"compliance.deadline.{scope.year}",
        )
    yearly = budget / (until - scope.year)
    with st.spinner(t("compliance.plan.solving")):
        done = compliance_plan.calendar(
            results, compliance_plan.plain(scope), table, yearly, until, objective
        )
    page.section(compliance_plan.calendar_said(done, yearly), t("compliance.calendar.note"))
    left, right = st.columns([6, 5], gap="large")
    with left:
        spec = pins.whole("calendar", "", scope, objective, until, yearly)
        own = (
            None
            if table == compliance_plan.shipped()
            else partial(plan_figures.calendar, results, spec, table)
        )
        show_figure(results, spec, key="compliance.calendar", own=own, titled=False)
    with right:
        _starts(results, scope, done)
    measures.caption(results, table, TABLES)


def _starts(results: Results, scope: Scope, done: Schedule) -> None:
    frame = compliance_plan.with_names(results, scope, done.communes)
    frame = frame.sort_values(["start", "passes_in", "cost"], na_position="last")
    why = [
        t(f"compliance.calendar.{reason}") if isinstance(reason, str) else t("compliance.calendar.in_time")
        for reason in frame["why_not"]
    ]
    columns = [
        lists.Column(t("list.unit"), list(frame["name"]), list(order_of(frame["name"]))),
        _years("compliance.calendar.start", frame["start"]),
        _years("compliance.calendar.passes_in", frame["passes_in"]),
        lists.Column(
            t("compliance.calendar.outcome"), why, [float(isinstance(one, str)) for one in frame["why_not"]]
        ),
    ]
    payload = lists.payload(
        list(frame["unit"]), columns, notes=list(frame["parent"]), selected=scope.unit, height=360
    )
    unit_list.show(payload, key="compliance.calendar.list")
    heads = (
        "list.unit",
        "compliance.column.parent",
        "compliance.calendar.start",
        "compliance.calendar.passes_in",
    )
    table = frame[["name", "parent", "start", "passes_in"]].set_axis(frame["commune"])
    _download(results, scope, "lich", lambda: table.set_axis([t(key) for key in heads], axis=1))


def _shadows(results: Results, scope: Scope, table: Table, found: Paths) -> None:
    """Show how much cheaper all paths would be without each part of the rule."""
    page.section(t("compliance.shadows.title"), t("compliance.shadows.note"))
    rule = compliance.rule_of(scope)
    assert rule is not None  # there are paths
    with st.spinner(t("compliance.plan.solving")):
        priced = compliance_plan.shadows(results, compliance_plan.plain(scope), table)
    share = fmt.percent(100 * float(rule.pass_rule.floor_share), 0)
    rows = []
    for row in priced.itertuples():
        if row.part == "floors":
            name = t("compliance.shadows.floors", share=share)
        elif row.part.isdigit():
            name = t("compliance.shadows.floor", share=share, name=words.part_name(row.part, rule))
        else:
            name = words.part_name(row.part, rule)
        rows.append(
            [escape(name), fmt.number(row.communes), fmt.number(row.saved), fmt.number(row.newly_reached)]
        )
    total = compliance_plan.money(compliance_plan.cost_of_all(found))
    st.html(f'<p class="atlas">{escape(t("compliance.shadows.total", cost=total))}</p>')
    heads = ("part", "communes", "saved", "newly_reached")
    st.html(html.table([t(f"compliance.shadows.{name}") for name in heads], rows, numbers=(1, 2, 3)))
    measures.caption(results, table, TABLES)


def _numbers(label: str, values: pd.Series) -> lists.Column:
    order = [None if pd.isna(v) else float(v) for v in values]
    return lists.Column(t(label), [fmt.number(v) for v in order], order, number=True)


def _years(label: str, values: pd.Series) -> lists.Column:
    order = [None if pd.isna(v) else float(v) for v in values]
    texts = [fmt.MISSING if v is None else str(int(v)) for v in order]
    return lists.Column(t(label), texts, order, number=True)
