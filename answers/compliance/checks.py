"""What the data officer should look at: scores that another table contradicts, and scores no set allows.

A score near the maximum is held against what the station has the same year: doctors for criterion 2, premises
for 3, equipment for 4; and a score below the floor against a station that has everything.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import pandas as pd

from answers import format as fmt
from answers.compliance import numbers as compliance
from answers.results import Results
from answers.scope import Scope
from answers.words import t
from data.problems import Problem
from data.query import Measure
from metrics.criteria_checks import check_scores

HIGH: Final = 0.9
"""A criterion with at least this share of its points is said to be nearly complete: our own reading."""


@dataclass(frozen=True)
class Evidence:
    """What another table says of a criterion: its items, and how few of them contradict a high score."""

    criterion: int
    table: str
    items: tuple[str, ...]
    few: float


EVIDENCE: Final = (
    Evidence(2, "staffing", ("doctor",), 0.0),
    Evidence(
        3, "facilities", ("solid_building", "clean_water", "medical_waste_treatment", "delivery_room"), 0.5
    ),
    Evidence(4, "facilities", ("ultrasound", "ecg", "spo2", "glucose_meter", "nebuliser"), 0.4),
)


def contradictions(results: Results, scope: Scope) -> pd.DataFrame:
    """Return the scores of the scope that another table of the same year contradicts.

    Columns of the sheet with criterion, points, maximum, ``kind`` (``high``: nearly all points, little there;
    ``low``: below the floor, all there), ``lacking`` (the items not there) and ``table``. A commune with any
    item not reported is not held against it.
    """
    frame, rule = compliance.of_scope(results, scope), compliance.rule_of(scope)
    if rule is None or frame.empty:
        return pd.DataFrame(columns=["criterion"])
    shares = compliance.shares_of(results, frame, rule)
    found = []
    for evidence in EVIDENCE:
        if evidence.table not in results.snapshot.tables or evidence.criterion not in shares:
            continue
        there = _there(results, evidence).reindex(pd.MultiIndex.from_frame(frame[compliance.SHEET]))
        there = there.set_axis(frame.index).dropna()
        part, share = there.mean(axis=1), shares[evidence.criterion].reindex(there.index)
        floor = float(rule.pass_rule.floor_share)
        kinds = {"high": share.ge(HIGH) & part.le(evidence.few), "low": share.lt(floor) & part.eq(1)}
        for kind, hit in kinds.items():
            lacking = [tuple(there.columns[~row]) for row in there[hit].to_numpy(dtype=bool)]
            rows = frame.loc[hit[hit].index].assign(
                criterion=evidence.criterion, kind=kind, table=evidence.table, share_of=share[hit]
            )
            found.append(rows.assign(lacking=pd.Series(lacking, index=rows.index, dtype="object")))
    every = pd.concat(found) if found else pd.DataFrame(columns=["criterion"])
    return every.sort_values(["criterion", "kind", "place"]) if len(every) else every


def _there(results: Results, evidence: Evidence) -> pd.DataFrame:
    """Return by geography, commune and year whether each item is there (1 or 0), missing where not reported."""

    column, amount = ("cadre", "headcount") if evidence.table == "staffing" else ("item", "quantity")
    wanted = {
        item: Measure(table=evidence.table, column=amount, where={column: [item]}) for item in evidence.items
    }

    def of_geography(geography: str) -> pd.DataFrame:
        sums = results.measured(wanted, geography, "commune")
        # one station's item makes the commune have it; a station that did not report might have it
        known = sums["value"].gt(0) | sums["reported"].eq(sums["expected"])
        sums = sums.assign(there=sums["value"].gt(0).astype("float64").where(known & sums["value"].notna()))
        wide = sums.pivot(index=["code", "year"], columns="measure", values="there").reindex(
            columns=evidence.items
        )
        return pd.concat({geography: wide}, names=compliance.SHEET)

    return results.keep(
        "compliance.there",
        str(evidence.criterion),
        compute=lambda: pd.concat([of_geography(geography) for geography in ("legacy", "current")]),
    )


def said(row: object) -> str:
    """Return a contradiction in words."""
    items = ", ".join(t(f"compliance.item.{item}") for item in row.lacking)  # type: ignore[attr-defined]
    share = fmt.percent(100 * row.share_of, 0)  # type: ignore[attr-defined]
    return t(f"compliance.check.{row.kind}", share=share, items=items)  # type: ignore[attr-defined]


def refused_scores(results: Results) -> list[tuple[Problem, pd.Series]]:
    """Return every score of the snapshot that its year's set does not allow, with its row.

    Files with such scores are refused (``python -m data ingest``); here they show in a snapshot that was
    made otherwise, or before a set changed.
    """

    def compute() -> list[tuple[Problem, pd.Series]]:
        frame = results.frame("criteria_scores").reset_index(drop=True)
        file = results.snapshot.tables["criteria_scores"].provenance.file or "criteria_scores"
        problems = check_scores(frame, file=file, zones=compliance.zones(results))
        return [(one, frame.loc[int(one.row or 2) - 2]) for one in problems]

    return results.keep("compliance.refused", compute=compute)
