"""What blocks the communes that fail: each part of the rule alone and with others, and who is close."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from answers import format as fmt
from answers import lists as listed
from answers.compliance import lists
from answers.compliance import numbers as compliance
from answers.results import Results
from answers.scope import Scope
from answers.words import labels, t
from metrics import criteria_standing
from metrics.criteria_sets import CriteriaSet
from ui import badges, page, unit_list
from ui.export import pins
from ui.show import show as show_figure

POINTS = (0.5, 1.0, 2.0, 3.0, 5.0, 10.0)


def show(results: Results, scope: Scope) -> None:
    """Show the blockers, their combinations and the near misses."""
    rule, frame = compliance.rule_of(scope), compliance.of_scope(results, scope)
    fails = compliance.failing(frame)
    if rule is None or frame["passes"].notna().sum() == 0:
        st.info(t("compliance.empty.scores", year=scope.year), icon=":material/hourglass_empty:")
        return
    if fails.empty:
        st.info(t("compliance.blocks.none"), icon=":material/check:")
        return
    for place, kind in zip(st.columns(2, gap="large"), ("blockers", "combinations"), strict=True):
        with place:
            note = t(f"compliance.{'blocks' if kind == 'blockers' else kind}.note")
            show_figure(results, pins.whole(kind, "", scope), key=f"compliance.{kind}", note=note)
    _near(results, scope, fails, rule)


def _near(results: Results, scope: Scope, fails: pd.DataFrame, rule: CriteriaSet) -> None:
    page.section(t("compliance.near.title"), t("compliance.near.note"))
    slider, _ = st.columns([1, 1])
    with slider:
        within = st.select_slider(
            t("compliance.near.within"),
            POINTS,
            value=compliance.NEAR,
            format_func=labels(
                POINTS, lambda points: t("compliance.points", n=fmt.number(points, points % 1 > 0))
            ),
            key="compliance.near",
            persist_state="session",
        )
    found = criteria_standing.near_misses(evaluated=fails, within_points=within)
    if found.empty:
        page.remark(t("compliance.near.none"))
        return
    columns = lists.near(found, rule, narrow=unit_list.is_narrow())
    unit_list.show(listed.of_units(found, columns, selected=scope.unit), key="compliance.near.list")
    badges.caption(results.snapshot, compliance.TABLES)
