"""The plan of one budget: which communes to bring over the line with it, and what other budgets would do."""

from __future__ import annotations

from functools import partial

import streamlit as st

from answers import lists as listed
from answers.compliance import lists, plan_figures
from answers.compliance import plan as compliance_plan
from answers.compliance.plan import Table
from answers.results import Results
from answers.scope import Scope
from answers.words import labels, t
from metrics.compliance_path import Paths
from metrics.compliance_plan import Objective, Plan
from pages.compliance import in_use
from ui import page, unit_list
from ui.choose import one_of
from ui.export import pins
from ui.show import show as show_figure

OBJECTIVES: tuple[Objective, ...] = ("communes", "people")
TABLES = ("criteria_scores", "population")


def show(results: Results, scope: Scope, table: Table, found: Paths) -> None:
    """Show what one budget achieves: its curve, and the communes it takes."""
    plain = compliance_plan.plain(scope)
    budget, objective = controls(found)
    plan = compliance_plan.plan(results, plain, table, budget, objective)
    page.section(compliance_plan.plan_said(plan, budget), compliance_plan.beyond(found))
    left, right = st.columns([6, 5], gap="large")
    with left:
        spec = pins.whole("budget", "", scope, objective, budget)
        own = (
            None if table == compliance_plan.shipped() else partial(plan_figures.budget, results, spec, table)
        )
        show_figure(results, spec, key="compliance.curve", own=own, titled=False)
    with right:
        _communes(results, scope, table, plan)
    in_use.caption(results, table, TABLES)


def controls(found: Paths) -> tuple[float, Objective]:
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
        objective = one_of(
            "compliance.plan.objective",
            OBJECTIVES,
            lambda one: t(f"compliance.plan.objective.{one}"),
            key="compliance.objective",
        )
    return budget, objective


def _communes(results: Results, scope: Scope, table: Table, plan: Plan) -> None:
    """List the communes with a path: what each costs, and whether the plan takes it."""
    frame = compliance_plan.with_names(results, scope, plan.communes)
    frame = frame[frame["status"].eq("reached")].sort_values(["chosen", "cost"], ascending=[False, True])
    payload = listed.of_units(frame, lists.taken(frame), selected=scope.unit, height=360)
    unit_list.show(payload, key="compliance.plan.list")
    in_use.download(results, scope, "ke-hoach", lambda: lists.measures_table(results, scope, table), TABLES)
