"""Figures of commitments: when they fall due, and how far a single one stands from its target."""

from __future__ import annotations

import datetime as dt
from typing import Final

import pandas as pd

from answers import format as fmt
from answers.compliance.figures import TARGET_TABLES
from answers.figure import Chart, Mark, Slide, Spec, Timeline, Tone, UnavailableError
from answers.making import slide, written
from answers.results import Results
from answers.scope import place_name
from answers.targets import numbers as targets
from answers.words import current, t
from data.sources import source_said
from metrics.targets import STATUSES, bounds_of, projection

FEW: Final = 4
"""Days of a chart whose every number can be written at its point."""
COMPARED: Final = {">=": "least", ">": "above", "<=": "most", "<": "below"}
TONES: Final[dict[str, Tone]] = {
    "done": "met",
    "on_track": "c2",
    "at_risk": "c4",
    "off_track": "c1",
    "missed": "short",
    "not_measurable": "c5",
}


def deadlines(results: Results, spec: Spec) -> Slide:
    """Show how many commitments are due in each year, by their standing on the results' day."""
    scope = spec.scope
    judged = targets.commitments(results, scope)
    dated = judged[judged["deadline"].notna()]
    if dated.empty:
        raise UnavailableError(t("export.missing.data", what=t("export.story.commitments")))
    years = sorted({int(day.year) for day in dated["deadline"]})
    counts = pd.crosstab(dated["deadline"].dt.year, dated["status"]).reindex(
        index=years, columns=list(STATUSES), fill_value=0
    )
    series = []
    for status, tone in TONES.items():
        if counts[status].any():
            label = f"{targets.SYMBOL[status]} {t(f'targets.status.{status}')}"
            series.append(written(label, counts[status], tone=tone))
    today = results.today()
    heading = t("export.deadlines.title", date=fmt.date(today))
    by_year = Chart("stacked", heading, tuple(str(year) for year in years), tuple(series))
    drawn = _timeline(heading, dated, today, by_year)
    coming = dated[dated["deadline"].dt.date >= today]
    title = t("export.title.deadlines.past", place=place_name(scope), total=fmt.number(len(dated)))
    if len(coming):
        soonest = coming["deadline"].min()
        title = t(
            "export.title.deadlines",
            place=place_name(scope),
            total=fmt.number(len(dated)),
            date=fmt.date(soonest),
            n=fmt.number(int(coming["deadline"].eq(soonest).sum())),
        )
    method = t("export.commitments.method", date=fmt.date(today))
    return slide(results, spec, title, [drawn], tables=TARGET_TABLES, method=method)


def _timeline(heading: str, dated: pd.DataFrame, today: dt.date, plain: Chart) -> Timeline:
    """Return a mark per commitment at its deadline, in the tone of its standing."""
    rows = dated.sort_values(["deadline", "status"], kind="stable")
    marks = []
    for height, (_, row) in zip(rows.groupby("deadline").cumcount(), rows.iterrows(), strict=True):
        status = row["status"]
        what = f"{targets.name(row['indicator'])} {targets.promise(row)}"
        said = f"{targets.SYMBOL[status]} {t(f'targets.status.{status}')}"
        hover = f"{what}\n{row['place']} · {fmt.date(row['deadline'])}\n{said}"
        marks.append(Mark(row["deadline"].date(), int(height), targets.SYMBOL[status], TONES[status], hover))
    known = [status for status in STATUSES if rows["status"].eq(status).any()]
    key = tuple((targets.SYMBOL[status], t(f"targets.status.{status}")) for status in known)
    label = t("targets.today", date=fmt.date(today))
    return Timeline(heading, tuple(marks), (today, label), key, plain)


def outlook(results: Results, spec: Spec) -> Slide:
    """Show one commitment: what was observed, the line it follows, and the target."""
    judged = targets.commitments(results, spec.scope)
    rows = judged[judged["id"].eq(spec.name)]
    if rows.empty:
        raise UnavailableError(t("export.missing.commitment", id=spec.name))
    row = rows.iloc[0]
    observed, _ = targets.observations(results, spec.scope, row["place"], row["indicator"])
    if observed.empty:
        raise UnavailableError(t("export.missing.data", what=targets.name(row["indicator"])))
    chart = _outlook(row, observed)
    status = t(f"targets.status.{row['status']}")
    if row["status"] == "not_measurable":  # what was observed is on the slide: say why it is not judged
        status = t("export.outlook.no_date" if pd.isna(row["deadline"]) else "export.outlook.unclear")
    title = t(
        "export.title.outlook",
        name=targets.name(row["indicator"]),
        place=row["place"],
        promise=_goal(row),
        stands=targets.stands(row),
        status=status,
    )
    return slide(
        results,
        spec,
        title,
        [chart],
        tables=targets.tables(row),
        definition=targets.definition(row),
        method=f"{t('targets.chart.note')} {source_said(row['source'], current())}",
    )


def _goal(row: pd.Series) -> str:
    """Return what was promised, in words: "at least 95%"; of a share that cannot be exceeded, the share alone."""
    if row["comparator"] == "done":
        return targets.promise(row)
    said = f"{targets.amount(row['value'], row)} {targets.unit(row)}".strip()
    bounds = bounds_of(unit=row["unit"])
    if row["value"] in bounds:
        return said
    return t(f"export.promise.{COMPARED[row['comparator']]}", amount=said)


def _outlook(row: pd.Series, observed: pd.DataFrame) -> Chart:
    seen = pd.Series(observed["value"].to_numpy("float64"), index=pd.DatetimeIndex(observed["date"]))
    until = row["deadline"].date() if pd.notna(row["deadline"]) else observed["date"].max().date()
    ahead = projection(observed=seen, until=until, bounds=bounds_of(unit=row["unit"]))
    days = sorted({*seen.index, *ahead.index, max(seen.index[-1], pd.Timestamp(until))})
    lines: list[tuple[str, pd.Series, Tone]] = [(t("targets.chart.observed"), seen, "accent")]
    if len(ahead):
        last = seen.tail(1)
        lines.append((t("targets.chart.projected"), pd.concat([last, ahead["value"]]), "muted"))
        for side in ("low", "high"):
            if ahead[side].notna().any():
                lines.append((t("export.outlook.range"), ahead[side], "c5"))
    goal = f"{t('targets.target')}: {targets.promise(row)}"
    lines.append((goal, pd.Series(float(row["value"]), index=pd.DatetimeIndex(days)), "text"))

    def write(value: float | None) -> str:
        return fmt.MISSING if value is None else targets.amount(value, row, decimals=targets.digits(row))

    series = tuple(
        written(name, values[~values.index.duplicated()].reindex(days), write, tone, dash=tone != "accent")
        for name, values, tone in lines
    )
    yearly = all((day.month, day.day) == (12, 31) for day in days)
    return Chart(
        kind="lines",
        title=_named(row),
        categories=tuple(str(day.year) if yearly else fmt.date(day) for day in days),
        series=series,
        decimals=targets.digits(row),
        percent=row["unit"].startswith("percent"),
        dense=len(days) > FEW,
    )


def _named(row: pd.Series) -> str:
    """Return what a commitment is about with its unit, unless the name says it already."""
    name, unit = targets.name(row["indicator"]), targets.unit(row)
    return name if unit in name else f"{name} ({unit})"
