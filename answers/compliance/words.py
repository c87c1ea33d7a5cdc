"""What is said of the criteria: names of their parts, verdicts with reasons, and the headline."""

from __future__ import annotations

from typing import Any, Final

import pandas as pd

from answers import format as fmt
from answers.compliance.numbers import (
    by_closeness,
    failing,
    in_province,
    of_scope,
    passing,
    rule_of,
    sheets,
    standing,
)
from answers.names import order_of
from answers.results import Results
from answers.scope import Scope, place_name
from answers.words import current, t, tn
from metrics import criteria_standing
from metrics.compliance_path import Path
from metrics.criteria_sets import CriteriaSet, Criterion

MOST_NAMES: Final = 8
MOST_HELD_BACK: Final = 4


def short_name(criterion: Criterion) -> str:
    """Return a criterion's number and the beginning of its name, for headings of tables and axes.

    >>> from answers.words import language
    >>> from metrics.criteria_sets import set_in_force
    >>> with language("en"):
    ...     short_name(set_in_force(2024).criteria[3])
    '4. Equipment'
    """
    words = criterion.name.vi if current() == "vi" else criterion.name.en
    return f"{criterion.number}. {words.split(',')[0]}"


def full_name(criterion: Criterion) -> str:
    """Return a criterion's number and name."""
    return f"{criterion.number}. {criterion.name.vi if current() == 'vi' else criterion.name.en}"


def part_name(part: str, rule: CriteriaSet) -> str:
    """Return what a part of the rule is called: a criterion, the total, a disqualifying item."""
    for one in rule.criteria:
        if str(one.number) == part:
            return short_name(one)
    share = fmt.percent(100 * float(rule.pass_rule.total_share), 0)
    return t(f"compliance.part.{part}", share=share) if part == "total" else t(f"compliance.part.{part}")


def verdict(row: Any) -> str:
    """Return the key of a sheet's verdict: met, short, or unknown."""
    if pd.isna(row.passes):
        return "unknown"
    return "met" if row.passes else "short"


def reasons(row: Any, rule: CriteriaSet) -> str:
    """Return in words which parts of the rule a sheet fails, or why it cannot be judged."""
    if pd.isna(row.passes):
        return t(f"compliance.reason.{row.reason}")
    return ", ".join(part_name(part, rule) for part in row.blocking)


def headline(results: Results, scope: Scope) -> str:
    """Return the sentence a leader reads first: how many pass, what blocks most, who is closest."""
    frame, rule = of_scope(results, scope), rule_of(scope)
    judged = frame[frame["passes"].notna()]
    place = place_name(scope)
    if judged.empty or rule is None:
        years = sorted({int(year) for year in sheets(results, scope.geography)["year"]})
        known = f"{years[0]}–{years[-1]}" if years else fmt.MISSING
        return t("compliance.headline.no_data", place=place, year=scope.year, known=known)
    fails = failing(judged)
    words: dict[str, Any] = {
        "place": place,
        "year": scope.year,
        "passing": fmt.number(int(passing(judged).sum())),
        "total": fmt.number(len(judged)),
        "communes": t("compliance.communes.own" if frame["own"].all() else "compliance.communes.former"),
    }
    known = of_how_many(results, scope, len(judged))
    if fails.empty:
        return f"{t('compliance.headline.all', **words)} {known}".strip()
    first = criteria_standing.blockers(evaluated=fails).iloc[0]
    nearest = fails[fails["points_missing"].notna()].head(2)
    rest = tn(
        "compliance.headline.blocked",
        len(fails),
        failing=fmt.number(len(fails)),
        blocked=fmt.number(first["communes"]),
        part=part_name(first["part"], rule),
    )
    closest = t("compliance.headline.closest", names=_join(places(nearest))) if len(nearest) else ""
    return f"{t('compliance.headline.some', **words)} {rest}{closest}. {known}".strip()


def of_how_many(results: Results, scope: Scope, judged: int) -> str:
    """Return of how many communes a year's verdicts speak, of those any year has sheets of; empty when of all."""
    every = in_province(sheets(results, scope.geography), scope)
    most = max(len(standing(every, year)) for year in results.options.years)
    if judged >= most:
        return ""
    return t("headline.known", known=fmt.number(judged), units=fmt.number(most))


def places(frame: pd.DataFrame) -> list[str]:
    """Return what sheets' communes are called: name and district or province."""
    pairs = zip(frame["name"], frame["parent"], strict=True)
    return [t("compliance.place", name=name, parent=parent) for name, parent in pairs]


def _join(names: list[str]) -> str:
    return names[0] if len(names) == 1 else t("list.and", first="; ".join(names[:-1]), last=names[-1])


def counted(frame: pd.DataFrame, scope: Scope, n: float = 2) -> str:
    """Return what ``n`` sheets are of, in words: communes of the scope's geography, former communes, or both."""
    own = frame["geography"].eq(scope.geography)
    return tn(f"compliance.sheets.{'own' if own.all() else 'mixed' if own.any() else 'former'}", n)


def promise_name(one: pd.Series) -> str:
    """Return a commitment in a few words: whose, how much, by when."""
    words = {"place": one["place"], "share": fmt.percent(one["value"], 0), "year": one["deadline"].year}
    return t("compliance.promise", **words)


def stands(row: Any, rule: CriteriaSet) -> str:
    """Say how a sheet stands: until when it is recognised, what it lacks, or why it cannot be judged."""
    judged = verdict(row)
    if judged == "unknown":
        return t(f"compliance.reason.{row.reason}")
    points = {"total": fmt.number(row.total, 2), "maximum": fmt.number(row.maximum)}
    if judged == "met":
        return t("compliance.commune.met", until=fmt.date(row.valid_until), **points)
    return t(
        "compliance.commune.disqualified" if row.disqualified else "compliance.commune.short",
        why=reasons(row, rule),
        missing=fmt.number(row.points_missing, 2),
        **points,
    )


def past(years: pd.DataFrame) -> str:
    """Return how a commune stood each year, as marks."""
    return " · ".join(f"{one.year} {t(f'compliance.mark.{verdict(one)}')}" for one in years.itertuples())


def marked(frame: pd.DataFrame) -> dict[str, str]:
    """Return the names of communes by place, each after the mark of its verdict."""
    marks = [t(f"compliance.mark.{verdict(row)}") for row in frame.itertuples()]
    called = [f"{mark} {name}" for mark, name in zip(marks, places(frame), strict=True)]
    return dict(zip(frame["place"], called, strict=True))


def path_said(row: Any, way: Path) -> str:
    """Say what a path over the line costs, how long it takes, and from where to where it leads."""
    years = way.lead_time_years
    return t(
        "compliance.path.reached",
        cost=fmt.number(way.cost),
        n=fmt.number(len(way.steps)),
        when=t("compliance.path.after", n=years) if years else t("compliance.path.at_once"),
        before=fmt.number(row.total, 2),
        after=fmt.number(way.after.sum(), 2),
    )


def lost(moves: dict[tuple[int, int], pd.DataFrame]) -> list[str]:
    """Name, for every pair of years, the communes that no longer pass."""
    named = []
    for (first, last), frame in moves.items():
        names = places(frame[frame["transition"].eq("lost")].sort_values("name", key=order_of))
        more = len(names) - MOST_NAMES
        rest = tn("compliance.flow.more", more, n=fmt.number(more)) if more > 0 else ""
        if names:
            years, said = f"{first} → {last}", "; ".join(names[:MOST_NAMES]) + rest
            named.append(t("compliance.flow.who", years=years, names=said))
    return named


def held_back(results: Results, scope: Scope, rule: CriteriaSet) -> list[tuple[str, str]]:
    """Return the verdicts of the chosen unit's communes that do not pass, each with its name and why."""
    frame = of_scope(results, scope)
    mine = by_closeness(frame[frame["unit"].eq(scope.unit)])
    failed = mine[~passing(mine)].head(MOST_HELD_BACK)
    return [(verdict(row), f"{row.name}: {reasons(row, rule)}") for row in failed.itertuples()]
