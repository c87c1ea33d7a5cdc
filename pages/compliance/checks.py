"""For the data officer: scores another table contradicts, scores no set allows; and the sets themselves."""

from __future__ import annotations

from html import escape

import pandas as pd
import streamlit as st

from answers import format as fmt
from answers import lists as listed
from answers.compliance import checks as compliance_checks
from answers.compliance import lists
from answers.compliance import numbers as compliance
from answers.results import Results
from answers.scope import Scope
from answers.words import current, t
from pages.compliance import sets
from ui import badges, html, page, unit_list
from ui.export.downloads import table_downloads

TABLES = ("criteria_scores", "staffing", "facilities")
MOST = 50


def show(results: Results, scope: Scope) -> None:
    """Show the contradictions, the refused scores, and the two sets."""
    _contradictions(results, scope)
    _refused(results)
    sets.show(results, scope)


def _contradictions(results: Results, scope: Scope) -> None:
    page.section(t("compliance.check.title", year=scope.year), t("compliance.check.note"))
    found = compliance_checks.contradictions(results, scope)
    rule = compliance.rule_of(scope)
    if found.empty or rule is None:
        page.remark(t("compliance.check.none"))
        return
    payload = listed.of_units(found, lists.contradicted(found, rule), selected=scope.unit)
    unit_list.show(payload, key="compliance.check.list")
    table_downloads(
        lambda: lists.contradicted_table(found, rule), results, scope, name="doi-chieu", tables=TABLES
    )
    badges.caption(results.snapshot, [name for name in TABLES if name in results.snapshot.tables])


def _refused(results: Results) -> None:
    page.section(t("compliance.refused.title"), t("compliance.refused.note"))
    found = compliance_checks.refused_scores(results)
    if not found:
        page.remark(t("compliance.refused.none"))
        return
    rows = [
        [
            escape(_place(row)),
            fmt.plain(row["year"]),
            fmt.plain(row["criterion"]),
            escape(problem.text(current())),
        ]
        for problem, row in found[:MOST]
    ]
    heads = ("commune", "year", "criterion", "fault")
    st.html(html.table([t(f"compliance.refused.{name}") for name in heads], rows))
    if len(found) > MOST:
        page.remark(t("compliance.refused.more", n=fmt.number(len(found) - MOST)))


def _place(row: pd.Series) -> str:
    """Return which commune a refused score names: its code as it stands, in which geography."""
    return f"{fmt.plain(row['commune'])} ({t('geography.' + row['geography'] + '.short')})"
