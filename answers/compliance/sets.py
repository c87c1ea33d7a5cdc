"""The sets of criteria in words: which document, since when, by which rule, and of how many points."""

from __future__ import annotations

from answers import format as fmt
from answers.compliance import numbers as compliance
from answers.compliance.words import full_name
from answers.results import Results
from answers.scope import Scope
from answers.words import pick, t
from metrics.criteria_sets import CriteriaSet, Criterion


def compared(results: Results, scope: Scope, rule: CriteriaSet, other: CriteriaSet) -> str:
    """Say how many communes pass under each of two sets."""
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


def force(one: CriteriaSet) -> str:
    """Return from when to when a set is in force."""
    until = fmt.date(one.in_force_to) if one.in_force_to else fmt.MISSING
    return f"{fmt.date(one.in_force_from)} – {until}"


def rule(one: CriteriaSet) -> str:
    """Return by which rule a commune passes."""
    passed = one.pass_rule
    return t(
        "compliance.sets.rule.text",
        total=fmt.percent(100 * float(passed.total_share), 0),
        floor=fmt.percent(100 * float(passed.floor_share), 0),
        years=fmt.number(passed.validity_years),
    )


def points(one: CriteriaSet) -> str:
    """Say how many points the set gives in all, or that it is not known."""
    most = [_most(criterion) for criterion in one.criteria]
    if any(pair is None for pair in most):
        return t("compliance.sets.points.unknown")
    low, high = (sum(pair[side] for pair in most if pair) for side in (0, 1))
    return t("compliance.points", n=fmt.span(low, high))


def _most(criterion: Criterion) -> tuple[float, float] | None:
    """Return a criterion's most points, from its lowest zone to its highest."""
    if criterion.maximum is None:
        return None
    values = criterion.maximum.values() if isinstance(criterion.maximum, dict) else [criterion.maximum]
    return float(min(values)), float(max(values))


def criteria(rule: CriteriaSet) -> list[list[str]]:
    """Return the criteria of a set with their points, and how sure we are of their names."""
    rows = []
    for one in rule.criteria:
        most = _most(one)
        points = fmt.span(*most) if most else fmt.MISSING
        rows.append([full_name(one), points, t(f"confidence.{one.name_confidence}")])
    return rows
