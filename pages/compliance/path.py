"""The cheapest way of one commune over the line."""

from __future__ import annotations

from html import escape
from typing import Any

import streamlit as st

from answers.compliance import lists, words
from answers.compliance import plan as compliance_plan
from answers.results import Results
from answers.words import t
from metrics.compliance_path import Path
from metrics.criteria_sets import CriteriaSet
from pages.compliance import in_use
from ui import html, page


def show(results: Results, row: Any, rule: CriteriaSet, way: Path, table: compliance_plan.Table) -> None:
    """Show the measures of the way, in order, with what each costs."""
    page.section(t("compliance.path.title"), t("compliance.path.note"))
    if way.status != "reached":
        page.say(t(f"compliance.path.{way.status}"))
        return
    rows = [
        [f"{escape(measure)}<br><small>{escape(criterion)}</small>", *numbers]
        for measure, criterion, *numbers in lists.steps(way, rule, table)
    ]
    page.say(words.path_said(row, way))
    heads = ("measure", "points", "cost", "years")
    st.html(html.table([t(f"compliance.path.column.{name}") for name in heads], rows, numbers=(1, 2, 3)))
    in_use.caption(results, table)
