"""One commune: its criteria beside its district and the best quarter, and the cheapest way over the line."""

from __future__ import annotations

from functools import partial
from html import escape
from typing import Any

import streamlit as st

from answers.compliance import changes, words
from answers.compliance import numbers as compliance
from answers.compliance import plan as compliance_plan
from answers.results import Results
from answers.scope import Scope
from answers.units import figures
from answers.words import t
from metrics.compliance_path import Path
from metrics.criteria_sets import CriteriaSet
from pages.compliance import in_use, path
from pages.compliance.choice import choice, limit
from ui.export import pins
from ui.show import show as show_figure


def show(results: Results, scope: Scope) -> None:
    """Show the choice of commune, its profile and its path."""
    rule, frame = compliance.rule_of(scope), compliance.of_scope(results, scope)
    if rule is None or frame.empty:
        st.info(t("compliance.empty.scores", year=scope.year), icon=":material/hourglass_empty:")
        return
    row = choice(results, scope)
    _verdict(results, scope, row, rule)
    table = in_use.current()
    within = limit(row)
    way = compliance_plan.way(results, scope, row.place, table, within or None)
    assert way is not None  # there is a rule and a sheet
    left, right = st.columns([7, 5], gap="large")
    with left:
        _profile(results, scope, row, rule, way)
    with right:
        path.show(results, row, rule, way, table)


def _verdict(results: Results, scope: Scope, row: Any, rule: CriteriaSet) -> None:
    """Say how the commune stands, part by part of the rule, and how it stood each year."""
    verdict = words.verdict(row)
    line = f'<span class="status {verdict}">{escape(t(f"compliance.status.{verdict}"))}</span>'
    said = words.stands(row, rule)
    past = words.past(changes.history(results, scope, row.place))
    st.html(f'<p class="atlas">{line} {escape(said)}</p><p class="atlas card-note">{escape(past)}</p>')


def _profile(results: Results, scope: Scope, row: Any, rule: CriteriaSet, way: Path) -> None:
    after = compliance_plan.improved(way, rule)
    spec = pins.whole("criteria_profile", row.place, scope)
    own = None if after is None else partial(figures.criteria_profile, results, spec, after)
    show_figure(
        results, spec, key="compliance.profile", note=t("compliance.profile.note"), own=own, pinned=True
    )
