"""The budget plan together with the doctors' rotation: criterion 2 moves when doctors do."""

from __future__ import annotations

import streamlit as st

from answers import format as fmt
from answers import lists as listed
from answers.compliance import lists
from answers.compliance import plan as compliance_plan
from answers.compliance.plan import Table
from answers.results import Results
from answers.scope import Scope
from answers.staffing.plan import DEFAULT_KM
from answers.words import current, labels, t, tn
from metrics.compliance_path import Paths
from metrics.errors import BadParameters
from pages.compliance import in_use
from ui import page, unit_list

TABLES = ("criteria_scores", "staffing", "stations", "population")
POINTS = (0.5, 1.0, 1.5, 2.0, 3.0)
USUAL = 2.0


def show(results: Results, scope: Scope, table: Table, found: Paths) -> None:
    """Show what the rotation spares the budget; ``found`` is the plan without it."""
    page.section(t("compliance.joint.title"), t("compliance.joint.note", km=fmt.number(DEFAULT_KM)))
    column, _ = st.columns([1, 1])
    with column:
        points = st.select_slider(
            t("compliance.joint.points"),
            POINTS,
            value=USUAL,
            format_func=labels(POINTS, lambda n: t("compliance.points", n=fmt.number(n, n % 1 > 0))),
            key="compliance.joint.points",
            persist_state="session",
        )
    try:
        with st.spinner(t("compliance.plan.solving")):
            both = compliance_plan.joint(results, compliance_plan.plain(scope), table, points)
    except BadParameters as refused:
        st.info(refused.text(current()), icon=":material/info:")
        return
    passing = [int(paths.communes["status"].eq("passes").sum()) for paths in (found, both.after)]
    costs = [compliance_plan.cost_of_all(paths) for paths in (found, both.after)]
    said = tn(
        "compliance.joint.said",
        passing[1] - passing[0],
        doctors=fmt.number(both.doctors),
        stations=fmt.number(both.stations),
        gained=fmt.number(passing[1] - passing[0]),
        before=compliance_plan.money(costs[0]),
        after=compliance_plan.money(costs[1]),
    )
    page.say(said)
    _list(results, scope, both)
    in_use.caption(results, table, TABLES)


def _list(results: Results, scope: Scope, both: compliance_plan.Joint) -> None:
    """List the communes the rotation helps: what each cost before and costs after."""
    frame = compliance_plan.with_names(results, scope, both.changed())
    if frame.empty:
        page.remark(t("compliance.joint.none"))
        return
    unit_list.show(
        listed.of_units(frame, lists.helped(frame), selected=scope.unit), key="compliance.joint.list"
    )
