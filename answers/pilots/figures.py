"""Slides of the family-doctor clinics: the roll-out, the map, the verdicts and what they rest on, where next."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import pandas as pd

from answers import format as fmt
from answers.figure import AreaMap, Chart, Point, Slide, Spec, Tone, UnavailableError
from answers.making import names_of, numbers, slide, written
from answers.pilots import numbers as pilots
from answers.pilots import words as pilots_words
from answers.results import Results
from answers.scope import Scope, place_name
from answers.words import current, t, tn
from data.sources import source_said

TABLES: Final = ("pilots", "stations", "staffing", "facilities")
FILLS: Final = ("sequential.0", "sequential.1", "sequential.3", "categorical.1")


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
    drawn = drawn_map(
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


def drawn_map(
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


# -- where next ----------------------------------------------------------------------------------------------
