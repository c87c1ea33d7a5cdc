"""For the data officer: scores another table contradicts, scores no set allows; and the sets themselves."""

from __future__ import annotations

from html import escape

import pandas as pd
import streamlit as st

from answers import format as fmt
from answers import lists
from answers.compliance import checks as compliance_checks
from answers.compliance import numbers as compliance
from answers.compliance import words
from answers.names import order_of
from answers.results import Results
from answers.scope import Scope
from answers.words import current, pick, t
from metrics import criteria_sets
from metrics.criteria_sets import CriteriaSet, Criterion
from ui import badges, html, page, unit_list
from ui.export.downloads import table_downloads

TABLES = ("criteria_scores", "staffing", "facilities")
MOST = 50


def show(results: Results, scope: Scope) -> None:
    """Show the contradictions, the refused scores, and the two sets."""
    _contradictions(results, scope)
    _refused(results)
    _sets(results, scope)


def _contradictions(results: Results, scope: Scope) -> None:
    page.section(t("compliance.check.title", year=scope.year), t("compliance.check.note"))
    found = compliance_checks.contradictions(results, scope)
    rule = compliance.rule_of(scope)
    if found.empty or rule is None:
        st.html(f'<p class="atlas card-note">{escape(t("compliance.check.none"))}</p>')
        return
    names = {one.number: words.short_name(one) for one in rule.criteria}
    said = [compliance_checks.said(row) for row in found.itertuples()]
    columns = [
        lists.Column(t("list.unit"), list(found["name"]), list(order_of(found["name"]))),
        lists.Column(
            t("compliance.measure.criterion"),
            [names[n] for n in found["criterion"]],
            [float(n) for n in found["criterion"]],
        ),
        lists.Column(t("compliance.check.said"), said, [float(n) for n in found["criterion"]]),
        lists.Column(
            t("compliance.check.table"),
            [t(f"table.{name}") for name in found["table"]],
            [float(n) for n in found["criterion"]],
        ),
    ]
    payload = lists.payload(
        list(found["unit"]),
        columns,
        notes=list(found["parent"]),
        selected=scope.unit,
        height=min(420, 70 + 36 * len(found)),
    )
    unit_list.show(payload, key="compliance.check.list")
    table = found[["name", "parent", "year"]].assign(
        criterion=[names[n] for n in found["criterion"]], said=said
    )
    table = table.set_axis(found["commune"]).set_axis(
        [t(f"compliance.check.column.{name}") for name in table.columns], axis=1
    )
    table_downloads(lambda: table, results, scope, name="doi-chieu", tables=TABLES)
    badges.caption(results.snapshot, [name for name in TABLES if name in results.snapshot.tables])


def _refused(results: Results) -> None:
    page.section(t("compliance.refused.title"), t("compliance.refused.note"))
    found = compliance_checks.refused_scores(results)
    if not found:
        st.html(f'<p class="atlas card-note">{escape(t("compliance.refused.none"))}</p>')
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
        st.html(
            f'<p class="atlas card-note">{escape(t("compliance.refused.more", n=fmt.number(len(found) - MOST)))}</p>'
        )


def _place(row: pd.Series) -> str:
    """Return which commune a refused score names: its code as it stands, in which geography."""
    return f"{fmt.plain(row['commune'])} ({t('geography.' + row['geography'] + '.short')})"


def _sets(results: Results, scope: Scope) -> None:
    """Show the sets, and how many communes pass under each where their points are known."""
    page.section(t("compliance.sets.title"), t("compliance.sets.note"))
    rows = [
        [_words(one), _force(one), _rule(one), _points(one)] for one in criteria_sets.criteria_sets().values()
    ]
    heads = ("document", "force", "rule", "points")
    st.html(html.table([t(f"compliance.sets.{name}") for name in heads], rows))
    rule = compliance.rule_of(scope)
    frame = compliance.of_scope(results, scope)
    if rule is None or frame.empty:
        return
    _criteria(rule)
    for other in criteria_sets.criteria_sets().values():
        if other.id != rule.id:
            st.html(f'<p class="atlas">{escape(_compared(results, scope, rule, other))}</p>')
    badges.caption(results.snapshot, compliance.TABLES)


def _compared(results: Results, scope: Scope, rule: CriteriaSet, other: CriteriaSet) -> str:
    found = compliance.compared(results, scope, rule, other)
    if found is None:
        return t("compliance.sets.unknown", other=pick(other.document.model_dump()), year=scope.year)
    return t(
        "compliance.sets.compared",
        year=scope.year,
        first=pick(rule.document.model_dump()),
        second=pick(other.document.model_dump()),
        **{name: fmt.number(count) for name, count in found.items()},
    )


def _words(one: CriteriaSet) -> str:
    return f"{escape(pick(one.document.model_dump()))}<br><small>{escape(t(f'confidence.{one.confidence}'))}</small>"


def _force(one: CriteriaSet) -> str:
    until = fmt.date(one.in_force_to) if one.in_force_to else fmt.MISSING
    return f"{fmt.date(one.in_force_from)} – {until}"


def _rule(one: CriteriaSet) -> str:
    rule = one.pass_rule
    return escape(
        t(
            "compliance.sets.rule.text",
            total=fmt.percent(100 * float(rule.total_share), 0),
            floor=fmt.percent(100 * float(rule.floor_share), 0),
            years=fmt.number(rule.validity_years),
        )
    )


def _points(one: CriteriaSet) -> str:
    """Say how many points the set gives in all, or that it is not known."""
    most = [_most(criterion) for criterion in one.criteria]
    if any(pair is None for pair in most):
        return escape(t("compliance.sets.points.unknown"))
    low, high = (sum(pair[side] for pair in most if pair) for side in (0, 1))
    return escape(t("compliance.points", n=fmt.span(low, high)))


def _most(criterion: Criterion) -> tuple[float, float] | None:
    """Return a criterion's most points, from its lowest zone to its highest."""
    if criterion.maximum is None:
        return None
    values = criterion.maximum.values() if isinstance(criterion.maximum, dict) else [criterion.maximum]
    return float(min(values)), float(max(values))


def _criteria(rule: CriteriaSet) -> None:
    """Show the criteria of the year's set with their points, and how sure we are of their names."""
    rows = []
    for one in rule.criteria:
        most = _most(one)
        points = fmt.span(*most) if most else fmt.MISSING
        rows.append([escape(words.full_name(one)), points, escape(t(f"confidence.{one.name_confidence}"))])
    heads = [t("compliance.measure.criterion"), t("compliance.sets.points"), t("compliance.sets.sure")]
    st.html(html.table(heads, rows, numbers=(1,)))
