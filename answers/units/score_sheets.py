"""The score sheets of a unit: judged, line by line, and in words."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from answers import format as fmt
from answers.results import Results
from answers.scope import Scope
from answers.units.profile import former_communes
from answers.words import current, t
from metrics.criteria import criterion_shares
from metrics.criteria_sets import CriteriaSet, set_in_force


@dataclass(frozen=True, kw_only=True)
class Scored:
    """A commune's score sheet of one year: its verdict and each criterion's share of its maximum (0 to 1)."""

    code: str
    geography: str
    verdict: pd.Series
    shares: pd.Series
    rules: CriteriaSet
    zone: int


def scored(results: Results, scope: Scope) -> list[Scored]:
    """Return the score sheets of the unit: its own, or those of the old communes it was made of."""
    if scope.level != "commune":
        return []
    wanted = [(scope.geography, str(scope.unit))]
    if scope.geography == "current":
        wanted += [("legacy", code) for code in former_communes(scope)]
    sheets = results.criteria().set_index(["geography", "commune", "year"])
    keys = [(geography, code) for geography, code in wanted if (geography, code, scope.year) in sheets.index]
    own = [key for key in keys if key[0] == scope.geography]
    rules = set_in_force(scope.year)
    if rules is None:
        return []
    return [
        Scored(
            code=code,
            geography=geography,
            verdict=sheets.loc[(geography, code, scope.year)],
            shares=_shares(results, rules, scope.year).loc[(geography, code, scope.year)],
            rules=rules,
            zone=_zone(results, geography, code),
        )
        for geography, code in (own or keys)
    ]


def _zone(results: Results, geography: str, code: str) -> int:
    """Return a commune's zone; the first where it is not known, which only sets with maxima by zone ask for."""
    stations = results.frame("stations")
    known = stations.loc[stations[f"{geography}_commune"].eq(code), "zone"].dropna()
    return int(known.iloc[0]) if len(known) else 1


def _shares(results: Results, rules: CriteriaSet, year: int) -> pd.DataFrame:
    def compute() -> pd.DataFrame:
        scores = results.frame("criteria_scores")
        zones = results.frame("stations").set_index("legacy_commune")["zone"]
        return criterion_shares(scores=scores[scores["year"].eq(year)], criteria_set=rules, zones=zones)

    return results.keep("criterion_shares", str(year), compute=compute)


def verdict_key(verdict: pd.Series) -> str:
    """Return passes, fails or unknown: the only place colour says pass or fail, because the law does."""
    if pd.isna(verdict["passes"]):
        return "unknown"
    return "passes" if verdict["passes"] else "fails"


def rule_text(rules: CriteriaSet) -> str:
    """Return the pass rule in words, with its document."""
    return t(
        "profile.rule",
        total=fmt.percent(100 * float(rules.pass_rule.total_share), 0),
        floor=fmt.percent(100 * float(rules.pass_rule.floor_share), 0),
        document=getattr(rules.document, current()),
    )


@dataclass(frozen=True, kw_only=True)
class CriterionLine:
    """One criterion of a sheet: its name with its number, its share in percent, its points in words."""

    name: str
    share: float | None
    text: str
    failed: bool


def criteria_lines(sheet: Scored) -> list[CriterionLine]:
    """Return each criterion of a sheet in the set's order."""
    lines = []
    for criterion in sheet.rules.criteria:
        share = sheet.shares[criterion.number]
        most = criterion.maximum_in(sheet.zone)
        points = None if pd.isna(share) or most is None else float(share) * float(most)
        lines.append(
            CriterionLine(
                name=f"{criterion.number}. {getattr(criterion.name, current())}",
                share=None if pd.isna(share) else 100 * float(share),
                text=f"{fmt.number(points, 2 if points is not None and points % 1 else 0)} / {fmt.number(most)}",
                failed=criterion.number in tuple(sheet.verdict["failed_floor"]),
            )
        )
    return lines


def sheet_title(sheet: Scored, called: str) -> str:
    """Return a sheet's total in words."""
    return t(
        "profile.criteria.title",
        name=called,
        total=fmt.number(sheet.verdict["total"], 2 if float(sheet.verdict["total"] or 0) % 1 else 0),
        maximum=fmt.number(sheet.verdict["maximum"]),
    )


def held_back(sheet: Scored) -> str:
    """Return what keeps a commune from passing, in words; empty when it passes."""
    return ", ".join(
        t(f"profile.criteria.blocking.{part}")
        if part in ("total", "disqualified")
        else t("profile.criteria.blocking.one", number=part)
        for part in sheet.verdict["blocking"]
    )
