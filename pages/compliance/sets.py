"""The sets of criteria: which are in force when, and how many communes pass under each."""

from __future__ import annotations

from html import escape

import streamlit as st

from answers.compliance import numbers as compliance
from answers.compliance import sets
from answers.results import Results
from answers.scope import Scope
from answers.words import pick, t
from metrics import criteria_sets
from metrics.criteria_sets import CriteriaSet
from ui import badges, html, page


def show(results: Results, scope: Scope) -> None:
    """Show the sets, and how many communes pass under each where their points are known."""
    page.section(t("compliance.sets.title"), t("compliance.sets.note"))
    known = criteria_sets.criteria_sets().values()
    rows = [
        [_document(one), sets.force(one), escape(sets.rule(one)), escape(sets.points(one))] for one in known
    ]
    heads = ("document", "force", "rule", "points")
    st.html(html.table([t(f"compliance.sets.{name}") for name in heads], rows))
    rule = compliance.rule_of(scope)
    if rule is None or compliance.of_scope(results, scope).empty:
        return
    heads_of = [t("compliance.measure.criterion"), t("compliance.sets.points"), t("compliance.sets.sure")]
    rows = [[escape(text) for text in row] for row in sets.criteria(rule)]
    st.html(html.table(heads_of, rows, numbers=(1,)))
    for other in known:
        if other.id != rule.id:
            page.say(sets.compared(results, scope, rule, other))
    badges.caption(results.snapshot, compliance.TABLES)


def _document(one: CriteriaSet) -> str:
    sure = t(f"confidence.{one.confidence}")
    return f"{escape(pick(one.document.model_dump()))}<br><small>{escape(sure)}</small>"
