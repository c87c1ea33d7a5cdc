"""Figures of the evidence: verdicts, events about the opening, the clinics by period, placebos."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

import pandas as pd

from answers import format as fmt
from answers.figure import Chart, Dots, Event, Scatter, Slide, Spec, Table, Tone, UnavailableError
from answers.making import option, slide, written
from answers.names import of_station
from answers.pilots import numbers as pilots
from answers.pilots import words as pilots_words
from answers.pilots.figures import sentence
from answers.pilots.numbers import GROUP, Evidence
from answers.results import Results
from answers.scope import place_name
from answers.words import current, t
from metrics.pilot_indicators import pilot_indicators
from metrics.pilots import Study

FIRST: Final = ("worsened", "cannot_tell", "no_effect_seen", "changed", "improved")


def _tables(results: Results) -> tuple[str, ...]:
    return ("pilots", pilots.table(results), "stations", "staffing", "population")


def _evidence(results: Results, spec: Spec, at: int) -> tuple[Evidence, str]:
    """Return the evidence on whom the slide is about: all clinics together, or one of them."""
    ours = pilots.clinics(results, spec.scope)
    if ours.empty:
        raise UnavailableError(t("pilots.evidence.no_clinic", place=place_name(spec.scope)))
    who = option(spec, at, GROUP, [GROUP, *ours.index])
    found = pilots.evidence(results, spec.scope, who)
    if not found.verdicts:
        raise UnavailableError(t("pilots.evidence.no_reports"))
    return found, pilots_words.who_name(results, spec.scope, who)


def verdicts(results: Results, spec: Spec) -> Slide:
    """Show what is concluded on each indicator, how large the change is, and the grade of its evidence."""
    found, _ = _evidence(results, spec, 0)
    # What is not good news comes first: where there is no room for all, the title counts what improved.
    order = sorted(found.verdicts, key=lambda name: FIRST.index(found.verdicts[name].conclusion))
    rows = []
    for name in order:
        one = found.verdicts[name]
        known = not pd.isna(one.estimate)
        rows.append(
            (
                pilots_words.named(name),
                pilots_words.amount(results, name, one.estimate, sign=True) if known else fmt.MISSING,
                f"{pilots_words.SYMBOL[one.conclusion]} {t(f'pilots.conclusion.{one.conclusion}')}",
                one.grade,
            )
        )
    heads = tuple(t(f"export.verdicts.{name}") for name in ("what", "size", "found", "grade"))
    part = Table(t("export.verdicts.title"), heads, tuple(rows), frozenset(), (), (4.6, 5.2, 3.3, 1.3))
    method = " ".join(
        [t("pilots.verdicts.note"), t("pilots.grades"), t("pilots.several.note", n=fmt.number(len(rows)))]
    )
    return slide(results, spec, sentence(results, spec.scope), [part], tables=_tables(results), method=method)


def _unit(results: Results, name: str) -> str:
    return pilot_indicators()[name].unit_of("month" if pilots.by_month(results) else "year").in_(current())


def _measure(found: Evidence, wanted: str) -> str:
    """Return which indicator a slide is about: the one asked for, else the first that changed and can be drawn."""
    if wanted:
        if wanted not in found.studies:
            raise UnavailableError(t("export.missing.indicator", name=wanted))
        return wanted
    drawn = [name for name, study in found.studies.items() if study.events is not None]
    changed = [name for name in found.concluded("improved", "worsened", "changed") if name in drawn]
    if not drawn:
        raise UnavailableError(t("pilots.evidence.too_short"))
    return (changed or drawn)[0]


def events(results: Results, spec: Spec) -> Slide:
    """Show the effect of each period about the opening, and what chance alone would give."""
    found, who = _evidence(results, spec, 0)
    name = _measure(found, spec.name)
    study = found.studies[name]
    if study.events is None or study.effect is None:
        raise UnavailableError(t("pilots.evidence.too_short"))
    points = study.events.points
    at = tuple(float(event) for event in points.index)

    period = "month" if pilots.by_month(results) else "year"
    series = [
        _dots(points[points.index < 0], t("pilots.events.before"), "muted", name, period),
        _dots(points[points.index >= 0], t("pilots.events.since"), "accent", name, period),
    ]
    sides = [tuple(float(value) for value in points[side]) for side in ("chance_low", "chance_high")]
    limits = [Dots(t("pilots.events.chance"), at, side, tone="c5", line=True, dash=True) for side in sides]
    band = Dots(
        t("pilots.events.chance"),
        (*at, *reversed(at)),
        (*sides[1], *reversed(sides[0])),
        tone="c5",
        band=True,
    )
    unit = _unit(results, name)

    def chart(*chance: Dots) -> Scatter:
        return Scatter(
            title=f"{pilots_words.named(name)} ({unit})",
            series=tuple(one for one in (*series, *chance) if one.xs),
            x_title=t(f"pilots.events.axis.{period}"),
            y_title=unit,
            decimals=pilot_indicators()[name].decimals,
            zero=False,
            events=(Event(-0.5, t("pilots.chart.opened", date=fmt.date(found.opened.min()))),),
        )

    return slide(
        results,
        spec,
        _effect_title(results, name, study, who),
        [replace(chart(band), plain=chart(*limits))],
        tables=_tables(results),
        definition=pilot_indicators()[name],
        method=" ".join([t("pilots.events.note"), _drift(study, name), t("pilots.method.differences.note")]),
    )


def _dots(rows: pd.DataFrame, label: str, tone: Tone, name: str, period: str) -> Dots:
    """Return the effects of some periods about the opening."""
    xs = tuple(float(event) for event in rows.index)
    hovers = tuple(
        t(
            f"pilots.events.hover.{period}",
            at=fmt.number(event, sign=True),
            size=pilots_words.bare(value, name, sign=True),
        )
        for event, value in rows["estimate"].items()
    )
    ys = tuple(float(value) for value in rows["estimate"])
    return Dots(label, xs, ys, ("",) * len(xs), tone, hovers=hovers)


def _effect_title(results: Results, name: str, study: Study, who: str) -> str:
    assert study.effect is not None
    return t(
        "export.title.effect",
        who=who,
        measure=pilots_words.named(name),
        size=pilots_words.amount(results, name, study.effect.estimate, sign=True),
        interval=pilots_words.interval(study.effect.low, study.effect.high, name),
    )


def _drift(study: Study, name: str) -> str:
    assert study.events is not None
    key = "pilots.events.drift" if study.events.pre_p < 0.1 else "pilots.events.no_drift"
    return t(
        key,
        carried=pilots_words.bare(study.events.carried_on, name, sign=True),
        chance=fmt.percent(100 * study.events.pre_p, 0),
    )


def opening(results: Results, spec: Spec) -> Slide:
    """Show the clinics by period about their opening: alone, beside comparisons, or beside a mixture of stations."""
    found, who = _evidence(results, spec, 1)
    name = _measure(found, spec.name)
    study = found.studies[name]
    method = option(spec, 0, "differences", ("differences", "before_after", "series", "synthetic"))
    lines = _lines(results, spec, study, name, method)
    values = pilots.panel(results, name)
    assert values is not None  # there is a study of it
    periods = pd.PeriodIndex(values.columns)
    monthly = pilots.by_month(results)

    def write(value: float | None) -> str:
        return fmt.MISSING if value is None else pilots_words.bare(value, name)

    tones: tuple[Tone, ...] = ("accent", "muted")
    series = tuple(
        written(label, means.reindex(values.columns), write, tone, dash=tone == "muted")
        for (label, means), tone in zip(lines, tones, strict=False)
    )
    unit = _unit(results, name)
    chart = Chart(
        kind="lines",
        title=f"{pilots_words.named(name)} ({unit}); "
        + t("pilots.chart.opened", date=fmt.date(found.opened.min())),
        categories=tuple(f"{one.month:02}/{one.year}" if monthly else str(one.year) for one in periods),
        series=series,
        decimals=pilot_indicators()[name].decimals,
        dense=True,
        events=_openings(periods, found.opened),
    )
    title = t("export.title.opening", who=who, measure=pilots_words.named(name))
    if method == "differences" and study.effect is not None:
        title = _effect_title(results, name, study, who)
    return slide(
        results,
        spec,
        title,
        [chart],
        tables=_tables(results),
        definition=pilot_indicators()[name],
        method=t(f"pilots.method.{method}.note"),
    )


def _openings(periods: pd.PeriodIndex, opened: pd.Series) -> tuple[Event, ...]:
    """Return the mark of the first opening among the periods."""
    first = opened.min()
    before = int((periods.end_time < first).sum())
    return (Event(before - 0.5, t("pilots.chart.opened", date=fmt.date(first))),)


def _lines(results: Results, spec: Spec, study: Study, name: str, method: str) -> list[tuple[str, pd.Series]]:
    """Return the lines of a method: what they are called and their values by period."""
    values = pilots.panel(results, name)
    assert values is not None
    if method == "synthetic":
        if not study.synthetic:
            raise UnavailableError(t("pilots.evidence.too_short"))
        pilot = option(spec, 2, next(iter(study.synthetic)), study.synthetic)
        path = study.synthetic[pilot].path
        called = pilots_words.station_names(results, spec.scope)[pilot]
        return [(called, path["actual"]), (t("pilots.chart.synthetic"), path["synthetic"])]
    if method == "differences":
        if study.matched is None:
            raise UnavailableError(t("pilots.evidence.too_short"))
        ours = list(study.matched.pairs["pilot"].unique())
        others = list(study.matched.comparisons)
        return [
            (t("pilots.chart.clinics"), values.loc[ours].mean(axis=0)),
            (t("pilots.chart.comparisons"), values.loc[others].mean(axis=0)),
        ]
    if study.before_after.empty:
        raise UnavailableError(t("pilots.evidence.too_short"))
    return [(t("pilots.chart.clinics"), values.loc[list(study.before_after.index)].mean(axis=0))]


def placebos(results: Results, spec: Spec) -> Slide:
    """Show what the method finds at stations where nothing opened, beside the clinic."""
    found, _ = _evidence(results, spec, 0)
    name = _measure(found, spec.name)
    made = found.studies[name].synthetic
    if not made:
        raise UnavailableError(t("pilots.evidence.too_short"))
    pilot = option(spec, 1, next(iter(made)), made)
    one, called = made[pilot], pilots_words.station_names(results, spec.scope)[pilot]
    effects = [float(value) for value in one.placebos["effect"]]
    heights = stacked([*effects, one.effect])
    everywhere = results.frame("stations").set_index("station")["name"].map(of_station)
    others = tuple(
        f"{everywhere[station]}: {pilots_words.bare(value, name, sign=True)}"
        for station, value in one.placebos["effect"].items()
    )
    unit = _unit(results, name)
    chart = Scatter(
        title=t("pilots.placebos"),
        series=(
            Dots(t("export.placebos.others"), tuple(effects), tuple(float(v + 1) for v in heights[:-1]),
                 ("",) * len(effects), "muted", hovers=others),
            Dots(called, (one.effect,), (float(heights[-1] + 1),), (called,), "c1"),
        ),
        x_title=f"{pilots_words.named(name)} ({unit})",
        y_title=t("export.clinics.stations"),
        decimals=0,
        zero=False,
    )  # fmt: skip
    rank = round(one.p_value * (len(one.placebos) + 1))
    title = t(
        "export.title.placebos.first" if rank == 1 else "export.title.placebos",
        station=called,
        measure=pilots_words.named(name),
        size=pilots_words.amount(results, name, one.effect, sign=True),
        rank=fmt.number(rank),
        total=fmt.number(len(one.placebos) + 1),
    )
    method = f"{t('pilots.placebos.note')} {t('pilots.method.synthetic.note')}"
    return slide(
        results,
        spec,
        title,
        [chart],
        tables=_tables(results),
        definition=pilot_indicators()[name],
        method=method,
    )


def stacked(values: Sequence[float], bins: int = 40) -> list[int]:
    """Return the height of each dot when dots that nearly share a place stand on each other.

    >>> stacked([0.0, 0.001, 1.0])
    [0, 1, 0]
    """
    low, high = min(values), max(values)
    width = (high - low) / bins or 1.0
    seen: dict[int, int] = {}
    rows = []
    for value in values:
        place = int((value - low) / width)
        rows.append(seen.get(place, 0))
        seen[place] = rows[-1] + 1
    return rows
