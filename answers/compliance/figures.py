"""Slides of the national criteria and of the commitments."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

import pandas as pd

from answers import format as fmt
from answers.compliance import heat as heat_table
from answers.compliance import numbers as compliance
from answers.compliance import words
from answers.figure import Chart, ChartKind, Sets, Slide, Spec, Table, Tone, UnavailableError
from answers.making import MOST, ROWS, joined, slide, written
from answers.results import Results
from answers.scope import Scope, place_name
from answers.targets import numbers as targets
from answers.words import t, tn
from metrics import criteria_standing
from metrics.criteria_sets import CriteriaSet
from metrics.targets import STATUSES

TABLES: Final = ("criteria_scores", "stations")
TARGET_TABLES: Final = ("targets", "facts", "staffing", "criteria_scores", "insurance", "population")
COLUMNS: Final = ("what", "target", "due", "latest", "status")


def criterion(number: object, rule: CriteriaSet) -> str:
    """Return a criterion by its number and the beginning of its name, as a sentence says it."""
    name = words.part_name(str(number), rule).removeprefix(f"{number}. ")
    return t("export.criterion", number=number, name=name)


def most(count: int, limit: int) -> int:
    """Return how many rows to show: one more takes no more room than the line that would count it."""
    return count if count <= limit + 1 else limit


def judged_of(results: Results, scope: Scope) -> tuple[pd.DataFrame, CriteriaSet]:
    """Return the communes that were judged and the rule; where there are none, the slide cannot be made."""
    frame, rule = compliance.of_scope(results, scope), compliance.rule_of(scope)
    judged = frame[frame["passes"].notna()]
    if judged.empty or rule is None:
        raise UnavailableError(t("export.missing.data", what=t("export.story.criteria")))
    return judged, rule


def sentence(results: Results, scope: Scope) -> str:
    """Return how many of the communes assessed pass, in a sentence short enough for a slide."""
    judged, _ = judged_of(results, scope)
    passing = int(compliance.passing(judged).sum())
    said = t(
        "export.title.criteria",
        place=place_name(scope),
        passing=fmt.number(passing),
        total=fmt.number(len(judged)),
        communes=words.counted(judged, scope, len(judged)),
        failing=fmt.number(len(judged) - passing),
        year=scope.year,
    )
    return f"{said} {words.of_how_many(results, scope, len(judged))}".strip()


def standing(results: Results, spec: Spec) -> Slide:
    """Show how many communes pass, fail, or cannot be judged, by year."""
    scope = spec.scope
    sheets = compliance.in_province(compliance.sheets(results, scope.geography), scope)
    years = list(results.options.years)
    if scope.geography == "current":
        by_year = [compliance.standing(sheets, year).assign(year=year) for year in years]
        sheets = pd.concat(by_year)
    verdict = sheets["passes"].map({True: "met", False: "short"}).fillna("unknown")
    counts = pd.crosstab(sheets["year"], verdict).reindex(
        index=years, columns=["met", "short", "unknown"], fill_value=0
    )
    # A set of criteria whose points are not known judges nobody: those years have no bar.
    counts = counts[counts[["met", "short"]].sum(axis=1).gt(0)]
    if counts.empty:
        raise UnavailableError(t("export.missing.data", what=t("export.story.criteria")))
    tones: dict[str, Tone] = {"met": "met", "short": "short", "unknown": "muted"}
    series = tuple(
        written(t(f"export.standing.{name}"), counts[name], tone=tone) for name, tone in tones.items()
    )
    heading = t("export.standing.title", communes=words.counted(sheets, scope))
    chart = Chart("stacked", heading, tuple(str(y) for y in counts.index), series)
    return slide(
        results,
        spec,
        sentence(results, scope),
        [chart],
        tables=TABLES,
        definition=compliance.definition(),
    )


def blockers(results: Results, spec: Spec) -> Slide:
    """Show which parts of the rule keep the most communes from passing."""
    judged, rule = judged_of(results, spec.scope)
    fails = compliance.failing(judged)
    if fails.empty:
        raise UnavailableError(t("export.missing.none_fail"))
    found = criteria_standing.blockers(evaluated=fails)
    heading = t("export.blockers.title", communes=words.counted(fails, spec.scope))

    def chart(kind: ChartKind, rows: pd.DataFrame) -> Chart:
        series = (
            written(t("export.blockers.alone"), rows["alone"], tone="short"),
            written(t("export.blockers.with_others"), rows["with_others"], tone="c5"),
        )
        return Chart(kind, heading, tuple(words.part_name(part, rule) for part in rows["part"]), series)

    drawn = replace(chart("rows", found), plain=chart("bars", found.head(MOST)))
    first = found.iloc[0]
    title = t(
        "export.title.blockers",
        place=place_name(spec.scope),
        part=drawn.categories[0],
        blocked=fmt.number(first["communes"]),
        failing=fmt.number(len(fails)),
        communes=words.counted(fails, spec.scope, len(fails)),
    )
    return slide(
        results,
        spec,
        title,
        [drawn],
        tables=TABLES,
        definition=compliance.definition(),
        method=t("export.blockers.method"),
    )


def heat(results: Results, spec: Spec) -> Slide:
    """Show, by old district or province, the mean share of each criterion's points its communes have."""
    scope = spec.scope
    judged, rule = judged_of(results, scope)
    shares = 100 * compliance.shares_of(results, judged, rule)
    group = judged["parent"] if scope.geography == "legacy" or scope.within is None else judged["group_name"]
    mean = shares.assign(total=100 * judged["share"]).groupby(group).mean()
    groups = len(mean)
    mean = mean.sort_values("total", kind="stable").head(most(groups, MOST))
    cuts = heat_table.breaks(rule)
    rows, shades = [], []
    for name, row in mean.iterrows():
        cells = [float(value) for value in row]
        rows.append((str(name), *(fmt.number(value) for value in cells)))
        shades.append((-1, *(-1 if pd.isna(v) else sum(v >= cut for cut in cuts) for v in cells)))
    heads = (t("list.unit"), *(str(one.number) for one in rule.criteria), t("export.heat.total"))
    part = Table(
        t("export.heat.title", communes=words.counted(judged, scope)),
        heads,
        tuple(rows),
        frozenset(range(1, len(heads))),
        tuple(shades),
        (4.2, *([1.0] * len(rule.criteria)), 1.5),
        groups - len(mean),
    )
    lowest = shares.mean().idxmin()
    title = t(
        "export.title.heat",
        place=place_name(scope),
        part=criterion(lowest, rule),
        share=fmt.percent(float(shares.mean()[lowest])),
    )
    method = t("export.heat.method", criteria="; ".join(words.full_name(one) for one in rule.criteria))
    return slide(
        results, spec, title, [part], tables=TABLES, definition=compliance.definition(), method=method
    )


def closest(results: Results, spec: Spec) -> Slide:
    """Show the failing communes nearest to passing, and what each lacks."""
    judged, rule = judged_of(results, spec.scope)
    fails = compliance.failing(judged)
    fails = fails[fails["points_missing"].notna()]
    near = fails.head(most(len(fails), ROWS))
    if near.empty:
        raise UnavailableError(t("export.missing.none_fail"))
    rows = tuple(
        (
            f"{row.name} ({row.parent})",
            fmt.number(row.total, 1),
            fmt.number(row.points_missing, 1),
            words.reasons(row, rule),
        )
        for row in near.itertuples(index=False)
    )
    heads = (
        t("list.unit"),
        t("export.closest.total"),
        t("export.closest.missing"),
        t("export.closest.blocking"),
    )
    part = Table(
        t("export.closest.title", communes=words.counted(near, spec.scope)),
        heads,
        rows,
        frozenset({1, 2}),
        (),
        (5.6, 1.5, 1.5, 4.2),
        len(fails) - len(near),
    )
    named = [row[0] for row in rows[:3]]
    return slide(
        results,
        spec,
        tn(
            "export.title.closest",
            len(named),
            place=place_name(spec.scope),
            communes=words.counted(near, spec.scope, len(named)),
            names=joined(named),
        ),
        [part],
        tables=TABLES,
        definition=compliance.definition(),
    )


def promised(results: Results, scope: Scope) -> pd.DataFrame:
    """Return the commitments that bind the scope as they stand today; without any, no slide."""
    found = targets.commitments(results, scope) if "targets" in results.snapshot.tables else pd.DataFrame()
    if found.empty:
        raise UnavailableError(t("export.missing.data", what=t("export.story.commitments")))
    return found


def commitments(results: Results, spec: Spec) -> Slide:
    """Show the commitments that bind the place with their standing, measured ones first, worst first."""
    scope = spec.scope
    judged = promised(results, scope)
    rank = judged["status"].map({status: i for i, status in enumerate(STATUSES)})
    # What is measured comes first: a slide that opens with dashes says nothing.
    order = judged.assign(rank=rank, dark=judged["latest"].isna())
    shown = order.sort_values(["dark", "rank", "deadline"], kind="stable").head(most(len(order), ROWS))
    rows = tuple(
        (
            f"{targets.name(row['indicator'])} ({row['place']})",
            targets.promise(row),
            fmt.MISSING if pd.isna(row["deadline"]) else fmt.date(row["deadline"]),
            _latest(row),
            _status(str(row["status"])),
        )
        for _, row in shown.iterrows()
    )
    heads = tuple(t(f"export.commitments.{name}") for name in COLUMNS)
    part = Table(
        t("export.commitments.title", date=fmt.date(results.today())),
        heads,
        rows,
        frozenset({1, 2, 3}),
        (),
        (4.2, 1.8, 1.9, 1.9, 2.2),
        more=len(judged) - len(shown),
    )
    counts = judged["status"].value_counts()
    national = int(judged["place"].eq(targets.NATION).sum())
    title = tn(
        "export.title.commitments",
        len(judged),
        place=place_name(scope),
        total=fmt.number(len(judged)),
        own=fmt.number(len(judged) - national),
        national=fmt.number(national),
        done=fmt.number(int(counts.reindex(["done", "on_track"]).sum())),
        late=fmt.number(int(counts.reindex(["at_risk", "off_track", "missed"]).sum())),
        dark=fmt.number(int(counts.get("not_measurable", 0))),
    )
    method = t("export.commitments.method", date=fmt.date(results.today()))
    return slide(results, spec, title, [part], tables=TARGET_TABLES, method=method)


def _latest(row: pd.Series) -> str:
    """Return a commitment's newest figure with its unit and its year, in the decimals it is measured in."""
    if pd.isna(row["latest"]):
        return fmt.MISSING
    said = f"{targets.amount(row['latest'], row, decimals=targets.digits(row))} {targets.unit(row)}".strip()
    return f"{said} ({row['latest_date'].year})"


def _status(status: str) -> str:
    return f"{targets.SYMBOL[status]} {t(f'targets.status.{status}')}"


MOST_COMBINATIONS: Final = 12


def combinations(results: Results, spec: Spec) -> Slide:
    """Show which parts of the rule communes fail on together."""
    judged, rule = judged_of(results, spec.scope)
    fails = compliance.failing(judged)
    if fails.empty:
        raise UnavailableError(t("export.missing.none_fail"))
    found = criteria_standing.blocking_combinations(evaluated=fails)
    shown = found.head(MOST)
    names = tuple(" + ".join(words.part_name(part, rule) for part in parts) for parts in shown["parts"])
    heading = t("export.combinations.title", communes=words.counted(fails, spec.scope))
    chart = _together(
        heading,
        found.head(MOST_COMBINATIONS),
        list(criteria_standing.blockers(evaluated=fails)["part"]),
        rule,
        Chart("bars", heading, names, (written(heading, shown["communes"], tone="short"),)),
    )
    together = len(shown["parts"].iloc[0]) > 1
    title = t(
        "export.title.combinations" if together else "export.title.combinations.one",
        place=place_name(spec.scope),
        parts=names[0],
        n=fmt.number(shown["communes"].iloc[0]),
        failing=fmt.number(len(fails)),
        communes=words.counted(fails, spec.scope, len(fails)),
    )
    method = t("export.combinations.method")
    if len(found) > len(shown):
        rest = t("compliance.combinations.rest", n=fmt.number(len(found) - len(shown)))
        method = f"{method} {rest}"
    return slide(
        results, spec, title, [chart], tables=TABLES, definition=compliance.definition(), method=method
    )


def _together(heading: str, found: pd.DataFrame, parts: list[str], rule: CriteriaSet, plain: Chart) -> Sets:
    parts = [part for part in parts if any(part in one for one in found["parts"])]
    return Sets(
        heading,
        tuple(words.part_name(part, rule) for part in parts),
        tuple(tuple(parts.index(part) for part in one) for one in found["parts"]),
        tuple(int(count) for count in found["communes"]),
        tuple(fmt.number(count) for count in found["communes"]),
        "short",
        plain,
    )
