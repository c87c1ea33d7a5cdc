"""The cards of the criteria: communes that pass, recognitions that lapse, and the pace."""

from __future__ import annotations

import pandas as pd

from answers import format as fmt
from answers import provenance, summary
from answers.cards import Kpi
from answers.compliance.changes import commitments, recognised
from answers.compliance.numbers import INDICATOR, NEAR, failing, of_scope
from answers.compliance.words import counted, promise_name
from answers.results import Results
from answers.scope import Scope
from answers.targets import numbers as promises
from answers.words import t
from metrics import criteria_standing


def cards(results: Results, scope: Scope) -> list[Kpi]:
    """Return the page's five cards."""
    nature = provenance.nature(results.snapshot, ["criteria_scores"])
    frame = of_scope(results, scope)
    fails = failing(frame)
    near = criteria_standing.near_misses(evaluated=fails, within_points=NEAR)["near_in_points"].sum()
    unknown = int(frame["passes"].isna().sum())
    none = frame["passes"].notna().sum() == 0
    failed = Kpi(
        label=t("compliance.kpi.failing"),
        figure=fmt.MISSING if none else fmt.number(len(fails)),
        unit=counted(frame, scope, len(fails)),
        meaning=""
        if none
        else t("compliance.kpi.failing.meaning", near=fmt.number(near), points=fmt.number(NEAR)),
        nature=nature,
    )
    lacking = Kpi(
        label=t("compliance.kpi.unknown"),
        figure=fmt.number(unknown) if len(frame) else fmt.MISSING,
        unit=counted(frame, scope, unknown),
        meaning=t("compliance.kpi.unknown.meaning") if unknown else "",
        nature=nature,
    )
    return [
        summary.indicator_card(results, INDICATOR, scope),
        failed,
        _expiring_card(results, scope, nature),
        lacking,
        _pace_card(results, scope, nature),
    ]


def _expiring_card(results: Results, scope: Scope, nature: str) -> Kpi:
    found = recognised(results, scope)
    known = found["status"].isin(["recognised", "expiring"])
    ending = int(found["status"].eq("expiring").sum())
    return Kpi(
        label=t("compliance.kpi.expiring"),
        figure=fmt.number(ending) if len(found) else fmt.MISSING,
        unit=counted(found, scope, ending),
        meaning=t("compliance.kpi.expiring.meaning", known=fmt.number(int(known.sum())))
        if len(found)
        else "",
        nature=nature,
    )


def _pace_card(results: Results, scope: Scope, nature: str) -> Kpi:
    """Return the card of the first commitment: the pace it still needs, or how it stands."""
    found = commitments(results, scope)
    if found.empty:
        return Kpi(label=t("compliance.kpi.pace"), figure=fmt.MISSING, nature=nature)
    one = found.iloc[0]
    needed, status = pd.notna(one["pace_needed"]), one["status"]
    stands = f"{promises.SYMBOL[status]} {t(f'targets.status.{status}')}"
    return Kpi(
        label=t("compliance.kpi.pace"),
        figure=fmt.number(one["pace_needed"], 1, sign=True) if needed else stands,
        unit=t("compliance.unit.points_a_year") if needed else "",
        meaning=t(
            "compliance.kpi.pace.meaning",
            target=promise_name(one),
            pace=fmt.number(one["pace_observed"], 1, sign=True),
        ),
        nature=nature,
    )
