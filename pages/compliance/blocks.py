"""What blocks the communes that fail: each part of the rule alone and with others, and who is close."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape

import pandas as pd
import streamlit as st

from answers import format as fmt
from answers import lists
from answers.compliance import numbers as compliance
from answers.names import order_of
from answers.results import Results
from answers.scope import Scope
from answers.words import labels, t
from metrics import criteria
from metrics.criteria import CriteriaSet
from ui import badges, page, plot, theme, unit_list
from ui.draw import charts_compliance
from ui.export import pins

POINTS = (0.5, 1.0, 2.0, 3.0, 5.0, 10.0)
MOST_COMBINATIONS = 12


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
    left, right = st.columns(2, gap="large")
    with left:
        _blockers(fails, rule, scope)
        badges.caption(results.snapshot, compliance.TABLES)
    with right:
        _combinations(fails, rule, scope)
        badges.caption(results.snapshot, compliance.TABLES)
    _near(results, scope, fails, rule)


def _blockers(fails: pd.DataFrame, rule: CriteriaSet, scope: Scope) -> None:
    page.section(t("compliance.blocks.title"), t("compliance.blocks.note"))
    found = criteria.blockers(evaluated=fails)
    chart = charts_compliance.blockers(
        names=_called(found["part"], rule),
        alone=list(found["alone"]),
        others=list(found["with_others"]),
        total_texts=[fmt.number(count) for count in found["communes"]],
        words=(t("compliance.blocks.alone"), t("compliance.blocks.others")),
        theme=theme.current(),
    )
    alt = t("compliance.blocks.title")
    plot.show(chart, key="compliance.blockers", alt=alt, pin=pins.whole("blockers", "", scope))


def _called(parts: Iterable[str], rule: CriteriaSet) -> list[str]:
    """Return the names of parts of the rule, in short lines on a phone."""
    width = 20 if unit_list.is_narrow() else 40
    return [charts_compliance.wrapped(compliance.part_name(part, rule), width) for part in parts]


def _combinations(fails: pd.DataFrame, rule: CriteriaSet, scope: Scope) -> None:
    page.section(t("compliance.combinations.title"), t("compliance.combinations.note"))
    found = criteria.blocking_combinations(evaluated=fails)
    shown = found.head(MOST_COMBINATIONS)
    parts = list(criteria.blockers(evaluated=fails)["part"])
    parts = [part for part in parts if any(part in one for one in shown["parts"])]
    chart = charts_compliance.combinations(
        parts=_called(parts, rule),
        sets=[[parts.index(part) for part in one] for one in shown["parts"]],
        counts=list(shown["communes"]),
        texts=[fmt.number(count) for count in shown["communes"]],
        theme=theme.current(),
    )
    alt = t("compliance.combinations.title")
    plot.show(chart, key="compliance.combinations", alt=alt, pin=pins.whole("combinations", "", scope))
    if len(found) > len(shown):
        rest = t("compliance.combinations.rest", n=fmt.number(len(found) - len(shown)))
        st.html(f'<p class="atlas card-note">{escape(rest)}</p>')


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
    found = criteria.near_misses(evaluated=fails, within_points=within)
    if found.empty:
        st.html(f'<p class="atlas card-note">{escape(t("compliance.near.none"))}</p>')
        return
    why = [compliance.reasons(row, rule) for row in found.itertuples()]
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
