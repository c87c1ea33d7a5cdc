"""The lists of the criteria as a page and a file show them."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
import pandas as pd

from answers import format as fmt
from answers import lists
from answers.compliance.checks import said
from answers.compliance.numbers import in_order, of_scope, rule_of, shares_of
from answers.compliance.plan import Table, paths, plain, with_names
from answers.compliance.words import full_name, part_name, reasons, short_name, verdict
from answers.results import Results
from answers.scope import Scope
from answers.words import t
from metrics.compliance_path import Path
from metrics.criteria_sets import CriteriaSet

QUARTER: Final = 0.25
MOVES: Final = ("gained", "lost", "kept", "never", "not_assessable")


def profile(results: Results, scope: Scope, row: Any, rule: CriteriaSet) -> pd.DataFrame:
    """Return one sheet's criteria beside its district and the best quarter of the scope, in percent.

    The index is the criterion's number; ``own``, ``peers`` (mean of the others in its district or province),
    ``best`` (mean of the quarter of the scope's communes with the highest totals).
    """
    frame = of_scope(results, scope)
    points = 100 * shares_of(results, frame, rule)
    judged = frame[frame["total"].notna()]
    best = judged.sort_values("total", ascending=False).head(int(np.ceil(len(judged) * QUARTER)))
    peers = frame[frame["parent_code"].eq(row.parent_code) & frame["place"].ne(row.place)]
    return pd.DataFrame(
        {
            "own": points[frame["place"].eq(row.place)].iloc[0],
            "peers": points.loc[peers.index].mean(),
            "best": points.loc[best.index].mean(),
        }
    )


def as_table(results: Results, scope: Scope) -> pd.DataFrame:
    """Return every sheet of the scope under readable heads, for a download; shares in percent."""
    frame, rule = in_order(of_scope(results, scope)), rule_of(scope)
    assert rule is not None  # asked for only where the year has sheets
    heads = {
        "list.unit": frame["name"],
        "compliance.column.parent": frame["parent"],
        "scope.year": frame["year"],
        "compliance.column.result": [t(f"compliance.verdict.{verdict(row)}") for row in frame.itertuples()],
        "compliance.column.total": frame["total"],
        "compliance.column.missing": frame["points_missing"],
        "compliance.column.why": [reasons(row, rule) for row in frame.itertuples()],
    }
    table = pd.DataFrame({t(key): values for key, values in heads.items()}, index=frame.index)
    points = (100 * shares_of(results, frame, rule)).round(2)
    points.columns = [f"{full_name(one)} (%)" for one in rule.criteria]
    return pd.concat([table, points], axis=1).set_axis(frame["commune"])


def taken(frame: pd.DataFrame) -> list[lists.Column]:
    """Return the columns of a plan's communes: what each costs, whom it reaches, whether the plan takes it."""
    said = [
        t("compliance.plan.taken" if chosen else "compliance.plan.left_out") for chosen in frame["chosen"]
    ]
    return [
        lists.names("list.unit", frame["name"]),
        lists.numbers("compliance.path.column.cost", frame["cost"]),
        lists.numbers("compliance.column.people", frame["people"]),
        lists.sorted_by("compliance.plan.in_plan", said, frame["chosen"]),
    ]


def measures_table(results: Results, scope: Scope, table: Table) -> pd.DataFrame:
    """Return every measure of every commune with a path, under readable heads."""
    found = paths(results, plain(scope), table)
    assert found is not None  # downloaded from a plan that was shown
    frame = with_names(results, scope, found.steps)
    columns = {
        "list.unit": frame["name"],
        "compliance.column.parent": frame["parent"],
        "compliance.measure.measure": frame["measure"].map(table.name),
        "compliance.measure.criterion": frame["criterion"],
        "compliance.measure.times": frame["times"],
        "compliance.measure.points": frame["points"],
        "compliance.measure.cost": frame["cost"],
        "compliance.measure.lead_time": frame["lead_time_years"],
    }
    return pd.DataFrame({t(key): values for key, values in columns.items()}).set_axis(frame["commune"])


def starts(frame: pd.DataFrame) -> list[lists.Column]:
    """Return the columns of a calendar's communes: when each starts and passes, and why one does not."""
    why = [
        t(f"compliance.calendar.{reason}") if isinstance(reason, str) else t("compliance.calendar.in_time")
        for reason in frame["why_not"]
    ]
    return [
        lists.names("list.unit", frame["name"]),
        _years("compliance.calendar.start", frame["start"]),
        _years("compliance.calendar.passes_in", frame["passes_in"]),
        lists.sorted_by(
            "compliance.calendar.outcome", why, [isinstance(one, str) for one in frame["why_not"]]
        ),
    ]


def starts_table(frame: pd.DataFrame) -> pd.DataFrame:
    """Return a calendar's communes under readable heads, for a download."""
    heads = (
        "list.unit",
        "compliance.column.parent",
        "compliance.calendar.start",
        "compliance.calendar.passes_in",
    )
    table = frame[["name", "parent", "start", "passes_in"]].set_axis(frame["commune"])
    return table.set_axis([t(key) for key in heads], axis=1)


def shadows(priced: pd.DataFrame, rule: CriteriaSet) -> list[list[str]]:
    """Return the rows of what each part of the rule costs: its name, communes, saved, newly reached."""
    share = fmt.percent(100 * float(rule.pass_rule.floor_share), 0)

    def name(part: str) -> str:
        if part == "floors":
            return t("compliance.shadows.floors", share=share)
        if part.isdigit():
            return t("compliance.shadows.floor", share=share, name=part_name(part, rule))
        return part_name(part, rule)

    return [
        [name(row.part), fmt.number(row.communes), fmt.number(row.saved), fmt.number(row.newly_reached)]
        for row in priced.itertuples()
    ]


def steps(way: Path, rule: CriteriaSet, table: Table) -> list[list[str]]:
    """Return a path's steps: the measure, its criterion, points, cost and years."""
    names = {one.number: short_name(one) for one in rule.criteria}
    return [
        [
            table.name(step.measure) + (f" ×{step.times}" if step.times > 1 else ""),
            names[step.criterion],
            fmt.number(step.points, 2, sign=True),
            fmt.number(step.cost),
            fmt.number(step.lead_time_years),
        ]
        for step in way.steps.itertuples()
    ]


def helped(frame: pd.DataFrame) -> list[lists.Column]:
    """Return the columns of the communes a rotation helps: what each cost before and costs after."""
    passes = frame["status_after"].eq("passes")
    said = [t("compliance.joint.passes" if now else "compliance.joint.cheaper") for now in passes]
    return [
        lists.names("list.unit", frame["name"]),
        lists.numbers("compliance.joint.before", frame["cost"]),
        lists.numbers("compliance.joint.after", frame["cost_after"]),
        lists.sorted_by("compliance.column.result", said, passes),
    ]


def near(found: pd.DataFrame, rule: CriteriaSet, *, narrow: bool) -> list[lists.Column]:
    """Return the columns of the communes close to passing; a phone sees the first three."""
    why = [reasons(row, rule) for row in found.itertuples()]
    kinds = [
        t("compliance.near.both" if both else "compliance.near.points" if points else "compliance.near.one")
        for points, both in zip(
            found["near_in_points"], found["near_in_points"] & found["near_in_criteria"], strict=True
        )
    ]
    columns = [
        lists.names("list.unit", found["name"]),
        lists.numbers("compliance.column.missing", found["points_missing"], decimals=2),
        lists.sorted_by("compliance.column.why", why, found["points_missing"]),
    ]
    if narrow:
        return columns
    return [
        *columns,
        lists.numbers("compliance.column.total", found["total"], decimals=2),
        lists.sorted_by("compliance.column.near", kinds, found["points_missing"]),
    ]


def recognised(soon: pd.DataFrame) -> list[lists.Column]:
    """Return the columns of the communes whose recognition ends: when, its state, when they last passed."""
    state = [t(f"compliance.recognition.{kind}") for kind in soon["status"]]
    until = soon["recognised_until"]
    return [
        lists.names("list.unit", soon["name"]),
        lists.sorted_by(
            "compliance.recognition.until",
            [fmt.date(day) for day in until],
            [day.timestamp() for day in until],
        ),
        lists.sorted_by("compliance.recognition.state", state, soon["status"].eq("expiring")),
        _years("compliance.recognition.last", soon["last_passed"]),
    ]


def flows(moves: dict[tuple[int, int], pd.DataFrame]) -> list[list[str]]:
    """Return, for every pair of years, how many communes moved in each way, in the order of ``MOVES``."""
    return [
        [f"{first} → {last}", *(fmt.number(int(frame["transition"].eq(kind).sum())) for kind in MOVES)]
        for (first, last), frame in moves.items()
    ]


def contradicted(found: pd.DataFrame, rule: CriteriaSet) -> list[lists.Column]:
    """Return the columns of scores another table contradicts."""
    at = found["criterion"]
    return [
        lists.names("list.unit", found["name"]),
        lists.sorted_by("compliance.measure.criterion", _criteria(found, rule), at),
        lists.sorted_by("compliance.check.said", _said(found), at),
        lists.sorted_by("compliance.check.table", [t(f"table.{name}") for name in found["table"]], at),
    ]


def contradicted_table(found: pd.DataFrame, rule: CriteriaSet) -> pd.DataFrame:
    """Return the scores another table contradicts under readable heads, for a download."""
    table = found[["name", "parent", "year"]].assign(criterion=_criteria(found, rule), said=_said(found))
    heads = [t(f"compliance.check.column.{name}") for name in table.columns]
    return table.set_axis(found["commune"]).set_axis(heads, axis=1)


def _criteria(found: pd.DataFrame, rule: CriteriaSet) -> list[str]:
    names = {one.number: short_name(one) for one in rule.criteria}
    return [names[n] for n in found["criterion"]]


def _said(found: pd.DataFrame) -> list[str]:
    return [said(row) for row in found.itertuples()]


def _years(label: str, values: pd.Series) -> lists.Column:
    return lists.numbers(label, values, [fmt.MISSING if pd.isna(v) else str(int(v)) for v in values])
