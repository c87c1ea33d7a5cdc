"""The money side of the national criteria: the table of measures in use, and the plans made with it.

The measures shipped with the atlas are an illustration; a visitor may put a province's own table in their place
for the session. Plans are kept by scope, year and table. Nothing here knows Streamlit.
"""

from __future__ import annotations

import csv
import hashlib
import io
import tempfile
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

import numpy as np
import pandas as pd
import xlsxwriter

from answers import format as fmt
from answers.compliance import numbers as compliance
from answers.compliance.numbers import PLACE
from answers.keeping import kept
from answers.results import Results
from answers.scope import Scope
from answers.staffing.plan import Question, answer
from answers.words import current, t, tn
from data.problems import Problem, Refused
from data.readers.excel import Rows, open_workbook
from data.reference_tables import provenance
from metrics import compliance_path, compliance_plan
from metrics.compliance_measures import COLUMNS, REFERENCE, measures, read_measures
from metrics.compliance_path import Path as Way
from metrics.compliance_path import Paths
from metrics.compliance_plan import Objective, Plan, Schedule
from metrics.criteria_sets import CriteriaSet

SHEET_NAME: Final = "measures"
MOST_BYTES: Final = 2_000_000
STEPS: Final = 20
"""About how many budgets are offered between nothing and the cost of everything."""


@dataclass(frozen=True, eq=False)
class Table:
    """A table of measures: ``key`` tells tables apart; ``file`` is None for the one that ships."""

    frame: pd.DataFrame
    key: str
    nature: str
    file: str | None

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Table) and other.key == self.key

    def __hash__(self) -> int:
        return hash(self.key)

    @property
    def source(self) -> str:
        """Where the table comes from, in words."""
        return t("compliance.measures.shipped") if self.file is None else self.file

    def name(self, measure: str) -> str:
        """Return what a measure is called."""
        return str(self.frame.loc[measure, f"name_{current()}"])


def shipped() -> Table:
    """Return the measures that come with the atlas."""
    return Table(measures(), REFERENCE.name, provenance(REFERENCE.stem).nature, None)


def read_upload(name: str, content: bytes) -> Table:
    """Return a province's own table from a CSV or XLSX file; raise Refused with every fault, by row and column."""
    if len(content) > MOST_BYTES:
        raise Refused([Problem(code="too_large", file=name, expected=f"<= {MOST_BYTES // 1_000_000} MB")])
    if content.startswith((b"PK", b"\xd0\xcf")):
        frame, sheet = _from_excel(name, content)
    else:
        frame, sheet = _from_csv(name, content), None
    if frame.empty:
        raise Refused([Problem(code="empty_table", file=name, sheet=sheet)])
    found = read_measures(frame, file=name, sheet=sheet)
    return Table(found, hashlib.sha256(content).hexdigest(), "real", name)


def _from_csv(name: str, content: bytes) -> pd.DataFrame:
    """Read comma or semicolon separated text; Vietnamese Excel writes the second, with decimal commas."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise Refused([Problem(code="unknown_layout", file=name, expected="UTF-8")]) from error
    semicolon = text.partition("\n")[0].count(";") > text.partition("\n")[0].count(",")
    rows = list(csv.reader(io.StringIO(text), delimiter=";" if semicolon else ","))
    frame = _frame(rows)
    for column in frame.columns.intersection(["points", "cost"]) if semicolon else ():
        frame[column] = frame[column].str.replace(",", ".", regex=False)
    return frame


def _from_excel(name: str, content: bytes) -> tuple[pd.DataFrame, str]:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / Path(name).name
        path.write_bytes(content)
        sheets = open_workbook(path)
    if SHEET_NAME not in sheets:
        raise Refused(
            [Problem(code="missing_sheet", file=name, found=", ".join(sheets), expected=SHEET_NAME)]
        )
    return _frame(sheets[SHEET_NAME]), SHEET_NAME


def _frame(rows: Rows | list[list[str]]) -> pd.DataFrame:
    """Make rows a table under the first one, a row's label its place below it; empty rows are left out."""
    heads = [str(cell).strip() for cell in rows[0]] if rows else []
    cells = [[*row, *[""] * len(heads)][: len(heads)] for row in rows[1:]]
    frame = pd.DataFrame(cells, columns=heads, dtype="object")
    frame = frame.map(lambda cell: None if isinstance(cell, str) and not cell.strip() else cell)
    return frame.dropna(how="all")


def workbook(table: Table) -> bytes:
    """Return the table as an Excel file to edit and hand back; its header is what :func:`read_upload` expects."""
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"strings_to_formulas": False, "strings_to_urls": False}) as book:
        sheet = book.add_worksheet(SHEET_NAME)
        bold = book.add_format({"bold": True, "bg_color": "#E6EEF0", "border": 1})
        sheet.freeze_panes(1, 0)
        for at, column in enumerate(COLUMNS):
            sheet.set_column(at, at, 46 if column.startswith("name") else 18)
            sheet.write(0, at, column, bold)
        for row, values in enumerate(table.frame.reset_index()[list(COLUMNS)].itertuples(index=False), 1):
            for at, value in enumerate(values):
                if pd.notna(value):
                    sheet.write(row, at, value)
    return buffer.getvalue()


# -- plans ---------------------------------------------------------------------------------------------------


def plain(scope: Scope) -> Scope:
    """Return the scope without what does not change a plan, so that plans are shared."""
    return replace(scope, level="commune", lang="vi", unit=None)


def way(
    results: Results, scope: Scope, place: str, table: Table, within_years: int | None = None
) -> Way | None:
    """Return the least-cost measures for one commune, or None where the year's rule has no points."""
    rule = compliance.rule_of(scope)
    frame = compliance.of_scope(results, scope)
    sheet = frame[frame["place"].eq(place)]
    if rule is None or sheet.empty:
        return None
    return compliance_path.cheapest_path(
        scores=compliance.scores_of(results, sheet),
        measures=table.frame,
        criteria_set=rule,
        zones=compliance.zones(results),
        within_years=within_years,
    )


@kept(most=16)
def paths(results: Results, scope: Scope, table: Table) -> Paths | None:
    """Return the least-cost measures of every commune of a plain scope, or None where nothing is judged."""
    rule = compliance.rule_of(scope)
    frame = compliance.of_scope(results, scope)
    if rule is None or frame.empty:
        return None
    scores = compliance.scores_of(results, frame)
    return compliance_path.cheapest_paths(
        scores=scores, measures=table.frame, criteria_set=rule, zones=compliance.zones(results)
    )


@kept(most=16)
def shadows(results: Results, scope: Scope, table: Table) -> pd.DataFrame:
    """Return what each part of the rule costs the communes of a plain scope."""
    rule = compliance.rule_of(scope)
    assert rule is not None  # asked for only where there are paths
    return compliance_path.rule_shadows(
        scores=compliance.scores_of(results, compliance.of_scope(results, scope)),
        measures=table.frame,
        criteria_set=rule,
        zones=compliance.zones(results),
    )


def people(results: Results, scope: Scope) -> pd.Series:
    """Return the people of each commune of both geographies in the scope's year, by geography and commune."""
    parts = []
    for geography in ("legacy", "current"):
        found = results.indicator("population", geography, "commune")["value"]
        found = found[found.index.get_level_values("year") == scope.year].droplevel("year")
        index = pd.MultiIndex.from_product([[geography], found.index], names=PLACE)
        parts.append(pd.Series(found.to_numpy(), index=index))
    return pd.concat(parts)


def cost_of_all(found: Paths) -> float:
    """Return what it costs to bring over the line every commune that has a path."""
    return float(found.communes.loc[found.communes["status"].eq("reached"), "cost"].sum())


def budgets(total: float) -> list[float]:
    """Return round budgets from nothing to at least ``total``.

    >>> budgets(90)[:3], budgets(90)[-1]
    ([0.0, 5.0, 10.0], 90.0)
    """
    if total <= 0:
        return [0.0]
    power = 10.0 ** np.floor(np.log10(total / STEPS))
    step = next(power * times for times in (1, 2, 5, 10) if power * times >= total / STEPS)
    return [float(round(step * at, 6)) for at in range(int(np.ceil(total / step - 1e-9)) + 1)]


@kept(most=64)
def plan(results: Results, scope: Scope, table: Table, budget: float, objective: Objective) -> Plan:
    """Return which communes of a plain scope to bring over the line with a budget."""
    return compliance_plan.budget_plan(
        paths=_paths(results, scope, table),
        budget=budget,
        objective=objective,
        population=people(results, scope),
    )


@kept(most=16)
def curve(results: Results, scope: Scope, table: Table, objective: Objective) -> pd.DataFrame:
    """Return how many communes and people pass for each budget."""
    found = _paths(results, scope, table)
    return compliance_plan.budget_curve(paths=found, objective=objective, population=people(results, scope))


@kept(most=16)
def calendar(
    results: Results, scope: Scope, table: Table, yearly: float, until: int, objective: Objective
) -> Schedule:
    """Return who starts when, with the same money every year from the year after the scope's to ``until``."""
    annual = dict.fromkeys(range(scope.year + 1, until + 1), yearly)
    return compliance_plan.schedule(
        paths=_paths(results, scope, table),
        annual_budget=annual,
        deadline=until,
        objective=objective,
        population=people(results, scope),
    )


def _paths(results: Results, scope: Scope, table: Table) -> Paths:
    found = paths(results, scope, table)
    if found is None:
        raise ValueError("nothing is judged in this scope and year")
    return found


def money(amount: float) -> str:
    """Return an amount in the unit of the table of measures."""
    return t("compliance.money", n=fmt.number(amount))


def plan_said(plan: Plan, budget: float) -> str:
    """Return what a budget achieves, in a sentence."""
    gained = plan.passing_after - plan.passing_before
    return tn(
        "compliance.plan.said",
        gained,
        budget=money(budget),
        gained=fmt.number(gained),
        before=fmt.number(plan.passing_before),
        after=fmt.number(plan.passing_after),
        left=money(budget - plan.spent),
    )


def calendar_said(done: Schedule, yearly: float) -> str:
    """Return what the same money every year achieves, in a sentence."""
    started = int(done.communes["start"].notna().sum())
    first, last = done.years.iloc[0], done.years.iloc[-1]
    return tn(
        "compliance.calendar.said",
        started,
        yearly=money(yearly),
        first=int(first["year"]),
        until=int(last["year"]),
        n=fmt.number(started),
        passing=fmt.number(int(last["passing"])),
    )


def with_names(results: Results, scope: Scope, communes: pd.DataFrame) -> pd.DataFrame:
    """Return the rows of a plan with the names, unit and place of their communes."""
    known = compliance.of_scope(results, scope).set_index(PLACE)[["name", "parent", "unit", "place"]]
    return communes.join(known, on=PLACE)


# -- together with the staffing plan ---------------------------------------------------------------------------

WORKFORCE: Final = 2
"""The number of the criterion on the health workforce, which a doctor sent to a station raises."""


@dataclass(frozen=True)
class Joint:
    """What the doctors' rotation changes: paths of every commune without it (``before``) and with it."""

    doctors: int
    stations: int
    before: Paths
    after: Paths

    def changed(self) -> pd.DataFrame:
        """Return the communes whose path gets cheaper or is no longer needed, the largest saving first."""
        both = self.before.communes.merge(self.after.communes, on=[*PLACE, "year"], suffixes=("", "_after"))
        better = both["cost_after"].lt(both["cost"]) | (both["cost"].isna() & both["cost_after"].notna())
        both["saved"] = both["cost"] - both["cost_after"]
        return both[better].sort_values(["saved", "commune"], ascending=[False, True])


@kept(most=16)
def joint(results: Results, scope: Scope, table: Table, points: float) -> Joint:
    """Return the paths before and after the doctors' rotation of the staffing page, in a plain scope.

    Each doctor that arrives raises criterion 2 of the receiving commune by ``points``, an assumption. The givers
    keep theirs: none goes below its norm. Raises :class:`~metrics.errors.BadParameters` where no doctor can move.
    """
    rule = compliance.rule_of(scope)
    assert rule is not None  # asked for only where there are paths
    moves = answer(results, scope, "points", Question(), marginal=False).plan.moves
    gains = pd.DataFrame(
        {
            "geography": "legacy",
            "commune": moves["destination"],
            "criterion": WORKFORCE,
            "points": points * moves["doctors"].astype("float64"),
        }
    )
    scores = compliance.scores_of(results, compliance.of_scope(results, scope))
    after = compliance_path.cheapest_paths(
        scores=compliance_path.with_gains(scores=scores, gains=gains, criteria_set=rule),
        measures=table.frame,
        criteria_set=rule,
        zones=compliance.zones(results),
    )
    return Joint(
        doctors=int(moves["doctors"].sum()),
        stations=int(moves["destination"].nunique()),
        before=_paths(results, scope, table),
        after=after,
    )


def beyond(found: Paths) -> str:
    """Say how many communes no money helps, and why."""
    counts = found.communes["status"].value_counts()
    parts = [
        t(f"compliance.plan.{status}", n=fmt.number(int(counts[status])))
        for status in ("out_of_reach", "disqualified", "not_assessable")
        if status in counts
    ]
    return t("compliance.plan.beyond", parts="; ".join(parts)) if parts else ""


def improved(way: Way, rule: CriteriaSet) -> pd.Series | None:
    """Return the shares, in percent, of the criteria a path lifts, after it; None where it takes no step."""
    if not len(way.steps):
        return None
    most = pd.Series({one.number: float(one.maximum_in(1) or 0) for one in rule.criteria})
    lifted = way.steps.groupby("criterion")["times"].sum().reindex(most.index).gt(0)
    return (100 * way.after / most).where(lifted)
