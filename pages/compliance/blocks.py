"""What blocks the communes that fail: each part of the rule alone and with others, and who is close."""

from __future__ import annotations

from html import escape

import pandas as pd
import streamlit as st

from answers import format as fmt
from answers import lists
from answers.compliance import numbers as compliance
from answers.compliance import words
from answers.names import order_of
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
        st.html(f'<p class="atlas card-note">{escape(t("compliance.near.none"))}</p>')
        return
    why = [words.reasons(row, rule) for row in found.itertuples()]
    kinds = [
        t("compliance.near.both" if both else "compliance.near.points" if points else "compliance.near.one")
        for points, both in zip(
            found["near_in_points"], found["near_in_points"] & found["near_in_criteria"], strict=True
        )
    ]
    columns = [
        lists.Column(t("list.unit"), list(found["name"]), list(order_of(found["name"]))),
        _numbers("compliance.column.missing", found["points_missing"]),
        lists.Column(t("compliance.column.why"), why, list(found["points_missing"])),
    ]
    if not unit_list.is_narrow():
        columns += [
            _numbers("compliance.column.total", found["total"]),
            lists.Column(t("compliance.column.near"), kinds, list(found["points_missing"])),
        ]
    payload = lists.payload(
        list(found["unit"]),
        columns,
        notes=list(found["parent"]),
        selected=scope.unit,
        height=min(420, 70 + 36 * len(found)),
    )
    unit_list.show(payload, key="compliance.near.list")
    badges.caption(results.snapshot, compliance.TABLES)


def _numbers(label: str, values: pd.Series) -> lists.Column:
    return lists.Column(t(label), [fmt.number(v, 2) for v in values], list(values), number=True)
