"""What a budget achieves in the scope: who to bring over the line, when, and what each part of the rule costs."""

from __future__ import annotations

import streamlit as st

from answers.compliance import plan as compliance_plan
from answers.results import Results
from answers.scope import Scope
from answers.words import t
from pages.compliance import budget, calendar, in_use, joint, measures, shadows
from ui.choose import one_of

PARTS = ("budget", "calendar", "joint", "shadows", "measures")


def show(results: Results, scope: Scope) -> None:
    """Show one part of the plan."""
    part = one_of(
        "compliance.plan.part",
        PARTS,
        lambda one: t(f"compliance.plan.{one}"),
        key="compliance.plan.part",
        quiet=True,
    )
    table = in_use.current()
    if part == "measures":
        measures.show(results, scope)
        return
    with st.spinner(t("compliance.plan.solving")):
        found = compliance_plan.paths(results, compliance_plan.plain(scope), table)
    if found is None:
        st.info(t("compliance.empty.scores", year=scope.year), icon=":material/hourglass_empty:")
    elif not found.communes["status"].eq("reached").any():
        st.info(compliance_plan.beyond(found) or t("compliance.plan.nothing"), icon=":material/check:")
    else:
        {"budget": budget.show, "calendar": calendar.show, "joint": joint.show, "shadows": shadows.show}[
            part
        ](results, scope, table, found)
