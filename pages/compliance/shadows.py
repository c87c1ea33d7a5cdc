"""What each part of the rule costs: how much cheaper all paths would be without it."""

from __future__ import annotations

from html import escape

import streamlit as st

from answers.compliance import lists
from answers.compliance import numbers as compliance
from answers.compliance import plan as compliance_plan
from answers.compliance.plan import Table
from answers.results import Results
from answers.scope import Scope
from answers.words import t
from metrics.compliance_path import Paths
from pages.compliance import in_use
from pages.compliance.budget import TABLES
from ui import html, page


def show(results: Results, scope: Scope, table: Table, found: Paths) -> None:
    """Show how much cheaper all paths would be without each part of the rule."""
    page.section(t("compliance.shadows.title"), t("compliance.shadows.note"))
    rule = compliance.rule_of(scope)
    assert rule is not None  # there are paths
    with st.spinner(t("compliance.plan.solving")):
        priced = compliance_plan.shadows(results, compliance_plan.plain(scope), table)
    rows = [[escape(text) for text in row] for row in lists.shadows(priced, rule)]
    total = compliance_plan.money(compliance_plan.cost_of_all(found))
    page.say(t("compliance.shadows.total", cost=total))
    heads = ("part", "communes", "saved", "newly_reached")
    st.html(html.table([t(f"compliance.shadows.{name}") for name in heads], rows, numbers=(1, 2, 3)))
    in_use.caption(results, table, TABLES)
