"""Slides of the family-doctor clinics: the roll-out, the map, the verdicts and what they rest on, where next."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

import pandas as pd

from answers import format as fmt
from answers.figure import (
    AreaMap,
    Chart,
    Dots,
    Event,
    Point,
    Scatter,
    Slide,
    Spec,
    Table,
    Tone,
    UnavailableError,
)
from answers.making import BESIDE, amount, names_of, numbers, option, slide, written
from answers.names import of_station
from answers.pilots import numbers as pilots
from answers.pilots import sites as pilots_sites
from answers.pilots import words as pilots_words
from answers.pilots.numbers import GROUP, Evidence
from answers.pilots.sites import Answer, Ask
from answers.results import Results
from answers.scope import Scope, place_name
from answers.words import current, t, tn
from data.sources import source_said
from metrics.pilot_indicators import pilot_indicators
from metrics.pilots import Study

TABLES: Final = ("pilots", "stations", "staffing", "facilities")
NEXT_TABLES: Final = (*TABLES, "population")
FILLS: Final = ("sequential.0", "sequential.1", "sequential.3", "categorical.1")
GOALS: Final = ("cover", "near")
K: Final = 10
FIRST: Final = ("worsened", "cannot_tell", "no_effect_seen", "changed", "improved")


def sentence(results: Results, scope: Scope) -> str:
    """Return what can and cannot be concluded, short enough for a slide."""
    ours = pilots.clinics(results, scope)
    found = pilots.evidence(results, scope)
    if ours.empty or not found.verdicts:
        return pilots_words.headline(results, scope)
    return tn(
        "export.title.verdicts",
        len(ours),
        place=place_name(scope),
        n=fmt.number(len(ours)),
        time=pilots_words.time(results, pilots_words.since(found)),
        total=fmt.number(len(found.verdicts)),
        improved=fmt.number(len(found.concluded("improved"))),
        others=pilots_words.counted(found, pilots_words.CONCLUSIONS[1:]),
    )


# -- the register and the roll-out ---------------------------------------------------------------------------


def rollout(results: Results, spec: Spec) -> Slide:
    """Show the published numbers of clinics beside the plan."""
    scope = spec.scope
    known = pilots.rollout(results, scope)
    if known.empty:
        raise UnavailableError(t("export.missing.data", what=t("export.kind.rollout")))
    several = known["place"].nunique() > 1
    days = [
        f"{fmt.date(row.date)} ({row.place})" if several else fmt.date(row.date) for row in known.itertuples()
    ]
    tones: dict[str, Tone] = {"open": "accent", "plan": "c5"}
    series = tuple(
        written(t(f"pilots.rollout.{kind}"), known["value"].where(known["kind"].eq(kind)), tone=tone)
        for kind, tone in tones.items()
    )
    sources = "; ".join(dict.fromkeys(source_said(one, current()) for one in known["source"]))
    return slide(
        results,
        spec,
        _rollout_title(known),
        [Chart("stacked", t("export.rollout.title"), tuple(days), series)],
        tables=("facts", "targets"),
        method=t("export.rollout.method", sources=sources),
    )


def _rollout_title(known: pd.DataFrame) -> str:
    """Return the newest published number beside the plan, under the name of the place they are of."""
    last, goal = pilots_words.newest(known)
    said: dict[str, object] = {}
    if goal is not None:
        said = {"place": goal["place"], "plan": fmt.number(goal["value"]), "year": goal["date"].year}
    if last is None:
        return tn("export.title.rollout.plan", known.iloc[-1]["value"], **said)
    said |= {"place": last["place"], "open": fmt.number(last["value"]), "date": fmt.date(last["date"])}
    return tn(f"export.title.rollout.{'open' if goal is None else 'both'}", last["value"], **said)


def clinics(results: Results, spec: Spec) -> Slide:
    """Show which stations are clinics and how near the others are, as a map and as counts."""
    scope = spec.scope
    frame = pilots.readiness(results, scope)
    if frame["state"].isna().all():
        raise UnavailableError(t("pilots.readiness.no_data", year=scope.year))
    state = pilots.units(frame)["state"]
    words = tuple(t(f"pilots.state.{name}") for name in pilots.STATES)
    names = pilots_words.station_names(results, scope)
    opened = frame[frame["opened"].notna()]
    drawn = _map(
        scope, state, t("export.clinics.map"), words, FILLS, [
            Point(str(code), names[str(code)], row["longitude"], row["latitude"], "text")
            for code, row in opened.iterrows()
        ],
    )  # fmt: skip
    counts = frame["state"].value_counts().reindex(list(reversed(pilots.STATES)), fill_value=0)
    bars = Chart(
        "bars",
        t("export.clinics.bars"),
        tuple(reversed(words)),
        (written(t("export.clinics.stations"), counts),),
    )
    said = {name: fmt.number(int(counts[name])) for name in ("open", "ready", "near")}
    said |= {"place": place_name(scope), "year": str(scope.year)}
    title = t("export.title.clinics.none", **said)
    if counts["open"]:
        title = tn("export.title.clinics", int(counts["open"]), **said)
    return slide(results, spec, title, [drawn, bars], tables=TABLES, method=t("export.clinics.method"))


def _map(
    scope: Scope,
    kinds: pd.Series,
    title: str,
    words: Sequence[str],
    fills: Sequence[str],
    points: Sequence[Point],
) -> AreaMap:
    """Return a map of the communes in kinds: each kind's place among the words, or missing."""
    codes = kinds.index
    counts = kinds.value_counts()
    return AreaMap(
        title=title,
        geography=scope.geography,
        level="commune",
        province=scope.province,
        codes=tuple(codes),
        names=tuple(names_of(codes, scope, "commune")),
        values=numbers(kinds),
        texts=tuple(t("map.no_data") if pd.isna(kind) else words[int(kind)] for kind in kinds),
        classes=tuple(-1 if pd.isna(kind) else int(kind) for kind in kinds),
        palette="sequential",
        legend=tuple((word, int(counts.get(at, 0))) for at, word in enumerate(words)),
        no_data=(t("map.no_data"), int(kinds.isna().sum())),
        fills=tuple(fills),
        points=tuple(points),
    )


# -- the verdicts and the evidence ---------------------------------------------------------------------------


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

    def dots(chosen: Sequence[bool], label: str, tone: Tone) -> Dots:
        rows = points[list(chosen)]
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

    period = "month" if pilots.by_month(results) else "year"
    series = [
        dots(points.index < 0, t("pilots.events.before"), "muted"),
        dots(points.index >= 0, t("pilots.events.since"), "accent"),
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


# -- where next ----------------------------------------------------------------------------------------------


def asked(ask: Ask) -> tuple[object, ...]:
    """Return a question as the options of a slide: stations that must be chosen with a plus, shut ones with a minus."""
    must, shut = (f"+{one}" for one in ask.must), (f"-{one}" for one in ask.excluded)
    return (ask.k, ask.within, ask.goal, "ready" if ask.ready_only else "any", ask.hard, *must, *shut)


def _ask(results: Results, spec: Spec) -> Ask:
    frame = pilots.readiness(results, spec.scope)
    ready = int(frame["state"].eq("ready").fillna(False).sum())
    named = spec.options[5:]
    known = {f"{sign}{station}" for sign in "+-" for station in frame.index}
    for one in named:
        if one not in known:
            raise UnavailableError(t("export.missing.option", value=one))
    return Ask(
        k=int(amount(spec, 0, max(1, min(K, ready)), 1, 60)),
        within=amount(spec, 1, 5, 1, 20),
        goal=option(spec, 2, "cover", GOALS),  # type: ignore[arg-type]
        ready_only=option(spec, 3, "ready", ("ready", "any")) == "ready",
        hard=amount(spec, 4, 1, 1, 5),
        must=tuple(sorted(one[1:] for one in named if one[0] == "+")),
        excluded=tuple(sorted(one[1:] for one in named if one[0] == "-")),
    )


def _answer(results: Results, spec: Spec) -> tuple[Answer, Ask]:
    ask = _ask(results, spec)
    can = len(pilots_sites.candidates(results, spec.scope, ask))
    said = {"k": fmt.number(ask.k), "can": fmt.number(can), "must": fmt.number(len(ask.must))}
    if not len(ask.must) <= ask.k <= can:
        raise UnavailableError(t("pilots.next.cannot", **said))
    try:
        return pilots_sites.answer(results, spec.scope, ask), ask
    except TimeoutError as error:
        raise UnavailableError(t("pilots.next.timeout")) from error


def _next_title(found: Answer, ask: Ask) -> str:
    return tn(
        "pilots.next.sentence",
        ask.k,
        k=fmt.number(ask.k),
        within=fmt.number(ask.within),
        added=fmt.number(found.now - found.before),
        before=fmt.percent(100 * found.before / found.total if found.total else None),
        now=fmt.percent(100 * found.now / found.total if found.total else None),
    )


def where_next(results: Results, spec: Spec) -> Slide:
    """Show the best choice of the next clinics on the map, and whom each newly reaches."""
    found, ask = _answer(results, spec)
    scope = spec.scope
    names = pilots_words.station_names(results, scope)
    frame = pilots.stations(results, scope)
    points = [
        Point(str(code), names[str(code)], row["longitude"], row["latitude"], tone)  # type: ignore[arg-type]
        for rows, tone in ((frame[frame["opened"].notna()], "c1"), (found.chosen, "text"))
        for code, row in rows.iterrows()
    ]
    drawn = _map(
        scope,
        pilots_sites.standing_of_units(found.places).astype("float64"),
        t("export.next.map"),
        [t(f"pilots.next.standing.{name}") for name in pilots_sites.STANDING],
        ("no_data", "sequential.2", "sequential.0"),
        points,
    )
    first = found.chosen.head(BESIDE)
    bars = Chart(
        "bars",
        t("pilots.column.reached"),
        tuple(names[str(code)] for code in first.index),
        (written(t("pilots.column.reached"), first["reached"]),),
    )
    method = f"{t('pilots.next.note')} {t('export.next.points')}"
    return slide(results, spec, _next_title(found, ask), [drawn, bars], tables=NEXT_TABLES, method=method)


def reach(results: Results, spec: Spec) -> Slide:
    """Show how many people k new clinics reach, by the best choice and by two simpler ones."""
    found, ask = _answer(results, spec)
    curve = found.curve
    # People and stations are those of the communes before the mergers.
    kind = "own" if spec.scope.geography == "legacy" else "former"
    largest = t("export.reach.largest", communes=tn(f"compliance.sheets.{kind}", 2))
    lines: dict[str, tuple[str, Tone]] = {
        "people_covered": (t("pilots.next.curve.people_covered"), "accent"),
        "greedy": (t("pilots.next.curve.greedy"), "muted"),
        "largest": (largest, "short"),
    }
    series = tuple(
        written(words, curve[name], tone=tone, dash=tone != "accent") for name, (words, tone) in lines.items()
    )
    row = curve.loc[ask.k]
    gain = float(row["people_covered"] - row["largest"])
    key = "better" if gain > 0 else "same"
    chart = Chart(
        "lines",
        t("export.reach.title", within=fmt.number(ask.within)),
        tuple(str(k) for k in curve.index),
        series,
        dense=True,
        events=(Event(float(curve.index.get_loc(ask.k)), f"k = {fmt.number(ask.k)}"),),
    )
    title = tn(
        f"export.title.reach.{key}",
        ask.k,
        k=fmt.number(ask.k),
        gain=fmt.number(gain),
        communes=tn(f"compliance.sheets.{kind}", ask.k),
    )
    return slide(results, spec, title, [chart], tables=NEXT_TABLES, method=t("pilots.next.note"))


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
