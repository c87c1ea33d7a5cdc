"""One commune: its criteria beside its district and the best quarter, and the cheapest way over the line."""

from __future__ import annotations

from functools import partial
from html import escape
from typing import Any

import pandas as pd
import streamlit as st

from answers import format as fmt
from answers.compliance import changes, words
from answers.compliance import numbers as compliance
from answers.compliance import plan as compliance_plan
from answers.results import Results
from answers.scope import Scope
from answers.units import figures
from answers.words import labels, t, tn
from metrics.compliance_path import Path
from metrics.criteria_sets import CriteriaSet
from pages.compliance import area, measures
from ui import html, page
from ui.export import pins
from ui.show import show as show_figure

PICKED = "compliance.commune"
NO_LIMIT = 0
LIMITS = (NO_LIMIT, 1, 2, 3)


def show(results: Results, scope: Scope) -> None:
    """Show the choice of commune, its profile and its path."""
    rule, frame = compliance.rule_of(scope), compliance.of_scope(results, scope)
    if rule is None or frame.empty:
        st.info(t("compliance.empty.scores", year=scope.year), icon=":material/hourglass_empty:")
        return
    row = _choice(results, scope)
    _verdict(results, scope, row, rule)
    table = measures.current()
    within = _limit(row)
    way = compliance_plan.way(results, scope, row.place, table, within or None)
    assert way is not None  # there is a rule and a sheet
    left, right = st.columns([7, 5], gap="large")
    with left:
        _profile(results, scope, row, rule, way)
    with right:
        _path(results, row, rule, way, table)


def _choice(results: Results, scope: Scope) -> Any:
    """Let the visitor choose among the chosen unit's communes, or all of the scope's."""
    frame = compliance.in_order(compliance.of_scope(results, scope))
    mine = (
        frame
        if scope.unit is None or scope.unit not in set(frame["unit"])
        else frame[frame["unit"].eq(scope.unit)]
    )
    places = list(mine["place"])
    marks = [t(f"compliance.mark.{words.verdict(row)}") for row in mine.itertuples()]
    called = [f"{mark} {name}" for mark, name in zip(marks, words.places(mine), strict=True)]
    names = dict(zip(places, called, strict=True))
    st.session_state[PICKED] = compliance.chosen_sheet(results, scope, st.session_state.get(area.WANTED))
    place = st.selectbox(
        t("compliance.commune.choose"),
        places,
        format_func=labels(places, names.__getitem__),
        key=PICKED,
        on_change=_picked,
    )
    return next(frame[frame["place"].eq(place)].itertuples())


def _picked() -> None:
    st.session_state[area.WANTED] = st.session_state[PICKED]


def _limit(row: Any) -> int:
    if words.verdict(row) != "short" or row.disqualified:
        return NO_LIMIT
    return st.segmented_control(
        t("compliance.path.within"),
        LIMITS,
        default=NO_LIMIT,
        key="compliance.within",
        format_func=labels(
            LIMITS, lambda n: tn("compliance.path.years", n, n=n) if n else t("compliance.path.no_limit")
        ),
        required=True,
        persist_state="session",
    )


def _verdict(results: Results, scope: Scope, row: Any, rule: CriteriaSet) -> None:
    """Say how the commune stands, part by part of the rule, and how it stood each year."""
    verdict = words.verdict(row)
    line = f'<span class="status {verdict}">{escape(t(f"compliance.status.{verdict}"))}</span>'
    if verdict == "met":
        until = fmt.date(row.valid_until)
        said = t(
            "compliance.commune.met",
            total=fmt.number(row.total, 2),
            maximum=fmt.number(row.maximum),
            until=until,
        )
    elif verdict == "unknown":
        said = t(f"compliance.reason.{row.reason}")
    else:
        key = "compliance.commune.disqualified" if row.disqualified else "compliance.commune.short"
        said = t(
            key,
            total=fmt.number(row.total, 2),
            maximum=fmt.number(row.maximum),
            why=words.reasons(row, rule),
            missing=fmt.number(row.points_missing, 2),
        )
    years = changes.history(results, scope, row.place)
    past = " · ".join(
        f"{one.year} {t(f'compliance.mark.{words.verdict(one)}')}" for one in years.itertuples()
    )
    st.html(f'<p class="atlas">{line} {escape(said)}</p><p class="atlas card-note">{escape(past)}</p>')


def _profile(results: Results, scope: Scope, row: Any, rule: CriteriaSet, way: Path) -> None:
    after = None
    if len(way.steps):
        most = pd.Series({one.number: float(one.maximum_in(1) or 0) for one in rule.criteria})
        improved = way.steps.groupby("criterion")["times"].sum().reindex(most.index).gt(0)
        after = (100 * way.after / most).where(improved)
    spec = pins.whole("criteria_profile", row.place, scope)
    own = None if after is None else partial(figures.criteria_profile, results, spec, after)
    show_figure(results, spec, key="compliance.profile", note=t("compliance.profile.note"), own=own)


def _path(results: Results, row: Any, rule: CriteriaSet, way: Path, table: compliance_plan.Table) -> None:
    page.section(t("compliance.path.title"), t("compliance.path.note"))
    if way.status != "reached":
        st.html(f'<p class="atlas">{escape(t(f"compliance.path.{way.status}"))}</p>')
        return
    names = {one.number: words.short_name(one) for one in rule.criteria}
    rows = [
        [
            escape(table.name(step.measure) + (f" ×{step.times}" if step.times > 1 else ""))
            + f"<br><small>{escape(names[step.criterion])}</small>",
            fmt.number(step.points, 2, sign=True),
            fmt.number(step.cost),
            fmt.number(step.lead_time_years),
        ]
        for step in way.steps.itertuples()
    ]
    said = t(
        "compliance.path.reached",
        cost=fmt.number(way.cost),
        n=fmt.number(len(rows)),
        when=t("compliance.path.after", n=way.lead_time_years)
        if way.lead_time_years
        else t("compliance.path.at_once"),
        before=fmt.number(row.total, 2),
        after=fmt.number(way.after.sum(), 2),
    )
    st.html(f'<p class="atlas">{escape(said)}</p>')
    heads = ("measure", "points", "cost", "years")
    st.html(html.table([t(f"compliance.path.column.{name}") for name in heads], rows, numbers=(1, 2, 3)))
    measures.caption(results, table)
