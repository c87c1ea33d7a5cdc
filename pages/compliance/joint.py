"""The budget plan together with the doctors' rotation: criterion 2 moves when doctors do."""

from __future__ import annotations

from html import escape

import streamlit as st

from answers import format as fmt
from answers import lists
from answers.compliance import plan as compliance_plan
from answers.compliance.plan import Table
from answers.names import order_of
from answers.results import Results
from answers.scope import Scope
from answers.staffing.plan import DEFAULT_KM
from answers.words import current, labels, t, tn
from metrics.compliance_path import Paths
from metrics.errors import BadParameters
from pages.compliance import measures
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
    st.html(f'<p class="atlas">{escape(said)}</p>')
    _list(results, scope, both)
    measures.caption(results, table, TABLES)


def _list(results: Results, scope: Scope, both: compliance_plan.Joint) -> None:
    """List the communes the rotation helps: what each cost before and costs after."""
    frame = compliance_plan.with_names(results, scope, both.changed())
    if frame.empty:
        st.html(f'<p class="atlas card-note">{escape(t("compliance.joint.none"))}</p>')
        return
    passes = frame["status_after"].eq("passes")
    columns = [
        lists.Column(t("list.unit"), list(frame["name"]), list(order_of(frame["name"]))),
        *(
            lists.Column(
                t(f"compliance.joint.{name}"),
                [fmt.number(v) for v in frame[column]],
                list(frame[column]),
                number=True,
            )
            for name, column in (("before", "cost"), ("after", "cost_after"))
        ),
        lists.Column(
            t("compliance.column.result"),
            [t("compliance.joint.passes" if now else "compliance.joint.cheaper") for now in passes],
            [float(now) for now in passes],
        ),
    ]
    payload = lists.payload(
        list(frame["unit"]),
        columns,
        notes=list(frame["parent"]),
        selected=scope.unit,
        height=min(420, 70 + 36 * len(frame)),
    )
    unit_list.show(payload, key="compliance.joint.list")
