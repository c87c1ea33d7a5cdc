"""The plan over the years: the same money spread evenly up to a deadline."""

from __future__ import annotations

from functools import partial

import streamlit as st

from answers import lists as listed
from answers.compliance import lists, plan_figures
from answers.compliance import plan as compliance_plan
from answers.compliance.plan import Table
from answers.results import Results
from answers.scope import Scope
from answers.words import t
from metrics.compliance_path import Paths
from metrics.compliance_plan import Schedule
from pages.compliance import in_use
from pages.compliance.budget import TABLES, controls
from ui import page, unit_list
from ui.export import pins
from ui.show import show as show_figure

LAST_YEAR = 2035
DEADLINE = 2030


def show(results: Results, scope: Scope, table: Table, found: Paths) -> None:
    """Show the same money spread evenly over the years up to a deadline."""
    budget, objective = controls(found)
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
    in_use.caption(results, table, TABLES)


def _starts(results: Results, scope: Scope, done: Schedule) -> None:
    frame = compliance_plan.with_names(results, scope, done.communes)
    frame = frame.sort_values(["start", "passes_in", "cost"], na_position="last")
    payload = listed.of_units(frame, lists.starts(frame), selected=scope.unit, height=360)
    unit_list.show(payload, key="compliance.calendar.list")
    in_use.download(results, scope, "lich", lambda: lists.starts_table(frame), TABLES)
