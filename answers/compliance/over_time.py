"""Figures of the criteria over the years: what was promised, and who newly passes or no longer does."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from typing import Final

import pandas as pd

from answers import format as fmt
from answers.compliance import changes, words
from answers.compliance import numbers as compliance
from answers.compliance.figures import TABLES
from answers.figure import Chart, Flow, Node, Slide, Spec, Tone, UnavailableError
from answers.making import numbers, slide, written
from answers.results import Results
from answers.scope import place_name
from answers.words import t

VERDICTS: Final[dict[str, Tone]] = {"met": "met", "short": "short", "unknown": "between"}
PROMISERS: Final[tuple[Tone, ...]] = ("c1", "c3", "c4", "c5")
"""The colours of whose commitments stand on one chart."""


def pledges(results: Results, spec: Spec) -> Slide:
    """Show the share of communes that pass, the line it follows, and what was promised by when."""
    scope = spec.scope
    seen = changes.observed(results, scope)
    if seen.empty:
        raise UnavailableError(t("compliance.empty.scores", year=scope.year))
    found = changes.commitments(results, scope)
    promised = _promised(found)
    line = pd.DataFrame({"value": []})
    if len(found) and found["deadline"].max().year > seen.index[-1]:
        line = changes.projected(seen, found["deadline"].max().date())
    due = [year for values in promised.values() for year in values.index]
    years = list(range(int(seen.index[0]), max([int(seen.index[-1]), *due, *line.index]) + 1))
    ahead = pd.concat([seen.tail(1), line["value"]])
    series = [written(t("export.pledges.seen"), seen.reindex(years), fmt.percent)]
    if len(line):
        low, high = (numbers(line[side].reindex(years)) for side in ("low", "high"))
        known = ahead[~ahead.index.duplicated()].reindex(years)
        expected = written(t("compliance.trend.ahead"), known, fmt.percent, "muted", dash=True)
        series.append(replace(expected, low=low, high=high))
    for i, (name, values) in enumerate(promised.items()):
        known = values[~values.index.duplicated()].reindex(years)
        series.append(replace(written(name, known, fmt.percent, PROMISERS[i % 4]), marks=True))
    own = found[found["own"].astype(bool)] if len(found) else found
    first = own.iloc[0] if len(own) else found.iloc[0] if len(found) else None
    newest = int(seen.index[-1])
    communes = words.counted(compliance.of_scope(results, replace(scope, year=newest)), scope)
    share = fmt.percent(float(seen.iloc[-1]))
    said = {"place": place_name(scope), "share": share, "communes": communes, "year": newest}
    title = t("export.title.pledges.none", **said)
    if first is not None:
        goal, by = fmt.percent(first["value"], 0), first["deadline"].year
        title = t("export.title.pledges", promiser=first["place"], goal=goal, by=by, **said)
    chart = Chart(
        "lines",
        t("export.pledges.title", communes=communes),
        tuple(str(year) for year in years),
        tuple(series),
        1,
        percent=True,
    )
    return slide(
        results,
        spec,
        title,
        [chart],
        tables=("criteria_scores", "targets"),
        definition=compliance.definition(),
        method=t("compliance.trend.note"),
    )


def _promised(found: pd.DataFrame) -> dict[str, pd.Series]:
    """Return what each place promised, by year, under the place's name with the years; its own place first."""
    if found.empty:
        return {}
    promised = {}
    for place, rows in found.groupby("place", sort=False):
        values = pd.Series(rows["value"].to_numpy("float64"), index=rows["deadline"].dt.year)
        by = ", ".join(str(year) for year in dict.fromkeys(values.index))
        promised[t("export.pledges.promised", place=place, years=by)] = values
    return promised


def flow(results: Results, spec: Spec) -> Slide:
    """Show, for every pair of years, how many communes newly pass, no longer pass, or stay as they were."""
    moves = changes.moves(results, spec.scope)
    if not moves:
        raise UnavailableError(t("compliance.flow.one_year"))
    tones: dict[str, Tone] = {
        "kept": "met",
        "gained": "c2",
        "never": "c4",
        "lost": "short",
        "not_assessable": "muted",
    }
    series = []
    for kind, tone in tones.items():
        values = [frame["transition"].eq(kind).sum() for frame in moves.values()]
        if any(values):
            series.append(written(t(f"compliance.flow.{kind}"), values, tone=tone))
    scope = spec.scope
    heading = t("export.flow.title", communes=words.counted(pd.concat(moves.values()), scope))
    columns = tuple(f"{first} → {last}" for first, last in moves)
    drawn = _flow(heading, moves, Chart("stacked", heading, columns, tuple(series)))
    (first, last), frame = list(moves.items())[-1]
    gained, lost = (int(frame["transition"].eq(kind).sum()) for kind in ("gained", "lost"))
    title = t(
        "export.title.flow",
        place=place_name(scope),
        first=first,
        last=last,
        communes=words.counted(frame, scope, gained),
        gained=fmt.number(gained),
        lost=fmt.number(lost),
    )
    return slide(results, spec, title, [drawn], tables=TABLES, definition=compliance.definition())


def _flow(heading: str, moves: dict[tuple[int, int], pd.DataFrame], plain: Chart) -> Flow:
    """Return who stood how in each year, and who went where from one to the next."""
    years = [first for first, _ in moves] + [max(last for _, last in moves)]
    counts: dict[tuple[int, str, str], int] = {}
    totals: dict[tuple[int, str], int] = {}
    for (first, last), rows in moves.items():
        sides = [
            rows[side].map({True: "met", False: "short"}).fillna("unknown")
            for side in ("passes_from", "passes_to")
        ]
        counts |= {(first, *pair): int(n) for pair, n in pd.DataFrame(sides).T.value_counts().items()}
        for year, side in ((first, sides[0]), (last, sides[1])):
            totals |= {(year, verdict): int(n) for verdict, n in side.value_counts().items()}
    order = [(year, verdict) for year in years for verdict in VERDICTS if (year, verdict) in totals]
    place = {node: i for i, node in enumerate(order)}
    following = dict(pairwise(years))
    nodes = tuple(
        Node(
            years.index(year),
            t(
                "compliance.flow.node",
                year=year,
                verdict=t(f"compliance.status.{verdict}"),
                n=fmt.number(totals[year, verdict]),
            ),
            VERDICTS[verdict],
            totals[year, verdict],
        )
        for year, verdict in order
    )
    links = tuple(
        (
            place[year, before],
            place[following[year], after],
            count,
            f"{t(f'compliance.flow.{_change(before, after)}')}: {fmt.number(count)}",
        )
        for (year, before, after), count in counts.items()
    )
    return Flow(heading, nodes, links, plain)


def _change(before: str, after: str) -> str:
    if "unknown" in (before, after):
        return "not_assessable"
    return {"metmet": "kept", "shortmet": "gained", "metshort": "lost"}.get(before + after, "never")
