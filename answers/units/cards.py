"""Slides a story or a page opens with: the cover, the few figures, and where a unit lies."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Final

import pandas as pd

from answers import format as fmt
from answers import summary
from answers.cards import Kpi
from answers.compliance import cards as compliance_cards
from answers.compliance import figures as slides_criteria
from answers.compliance import numbers as compliance
from answers.figure import AreaMap, Cards, Cover, Slide, Spec, Table, UnavailableError
from answers.making import names_of, option, slide
from answers.pilots import figures as slides_pilots
from answers.pilots import numbers as pilots
from answers.pilots import words as pilots_words
from answers.pilots.next_figures import NEXT_TABLES
from answers.results import Results
from answers.scope import NATION, Scope, codes, place_name, sentence
from answers.targets import numbers as targets
from answers.units import profile, station
from answers.units.figures import STAFF_TABLES, of_unit
from answers.words import t

# What a page opens with: its sentence, its cards, the tables they rest on.
Opening = tuple[str, Sequence[Kpi], Sequence[str]]


def cover(results: Results, spec: Spec) -> Slide:
    """Open a story: its name, the place, the data."""
    snapshot = results.snapshot
    lines = (sentence(spec.scope), t("export.cover.data", id=snapshot.id, date=fmt.date(snapshot.created)))
    title = t(f"export.story.{spec.name}") if spec.name else t("app.name")
    return slide(
        results, spec, f"{title} – {place_name(spec.scope)}", [Cover(lines)], tables=sorted(snapshot.tables)
    )


def _overview(results: Results, spec: Spec) -> Opening:
    cards = summary.overview_cards(results, spec.scope)
    return (
        summary.shortage_sentence(results, spec.scope),
        cards,
        (*STAFF_TABLES, "criteria_scores", "insurance"),
    )


def _staffing(results: Results, spec: Spec) -> Opening:
    cards = summary.staffing_cards(results, spec.scope, "points")
    return summary.shortage_sentence(results, spec.scope), cards, STAFF_TABLES


def _criteria(results: Results, spec: Spec) -> Opening:
    cards = compliance_cards.cards(results, spec.scope)
    return slides_criteria.sentence(results, spec.scope), cards, compliance.TABLES


def _pilots(results: Results, spec: Spec) -> Opening:
    tables = (*NEXT_TABLES, pilots.table(results), "facts", "targets")
    return slides_pilots.sentence(results, spec.scope), pilots_words.cards(results, spec.scope), tables


def _commitments(results: Results, spec: Spec) -> Opening:
    judged = slides_criteria.promised(results, spec.scope)
    return targets.headline(judged, spec.scope), targets.cards(judged), slides_criteria.TARGET_TABLES


def _unit(results: Results, spec: Spec) -> Opening:
    scope = of_unit(spec)
    cards = [summary.unit_card(results, name, scope) for name in profile.CARDS]
    return profile.headline(results, scope), cards, (*STAFF_TABLES, "criteria_scores", "insurance")


def _station(results: Results, spec: Spec) -> Opening:
    scope = replace(of_unit(spec), station=option(spec, 0, "", results.options.stations))
    tables = (*STAFF_TABLES, "activity", "facilities")
    return station.headline(results, scope), station.cards(results, scope), tables


OPENINGS: Final[Mapping[str, Callable[[Results, Spec], Opening]]] = {
    "overview": _overview,
    "staffing": _staffing,
    "criteria": _criteria,
    "pilots": _pilots,
    "commitments": _commitments,
    "unit": _unit,
    "station": _station,
}


def cards(results: Results, spec: Spec) -> Slide:
    """Show the five figures a page opens with."""
    opening = OPENINGS.get(spec.name)
    if opening is None:
        raise UnavailableError(t("export.missing.option", value=spec.name))
    if spec.scope.province == NATION and opening is not _overview:
        raise UnavailableError(t("export.missing.nation"))
    title, found, tables = opening(results, spec)
    if all(card.figure == fmt.MISSING for card in found):
        raise UnavailableError(t("export.missing.data", what=t("export.kind.cards")))
    method = "; ".join(f"{card.label}: {card.figure} {card.unit} ({card.meaning})" for card in found)
    return slide(results, spec, title, [Cards(tuple(found))], tables=tables, method=method)


def where(results: Results, spec: Spec) -> Slide:
    """Show where a unit lies among its province's, beside who lives there."""
    scope = of_unit(spec)
    found = profile.people(results, scope)
    if pd.isna(found.total):
        raise UnavailableError(t("export.missing.data", what=t("profile.people.total")))
    name = names_of([str(scope.unit)], scope, scope.level)[0]
    lines = profile.people_lines(found)
    # Ages of the districts a unit lies in are not its own: they are told in the notes.
    rows = tuple((label, figure) for label, figure, _ in (lines if found.own_ages else lines[:2]))
    people = Table(
        t("commune.people"),
        (t("export.where.what"), t("export.where.figure")),
        rows,
        frozenset({1}),
        (),
        (3, 2),
    )
    title = t(
        "export.title.where",
        name=name,
        place=place_name(scope),
        people=fmt.number(found.total),
        year=found.as_of,
    )
    method = "; ".join(f"{label}: {figure} ({said})" for label, figure, said in lines)
    return slide(
        results,
        spec,
        title,
        [_among(scope, name), people],
        tables=("population", "population_age"),
        method=method,
    )


def _among(scope: Scope, name: str) -> AreaMap:
    """Return a map of the province's units with one of them filled."""
    units = codes(scope, scope.level)
    own = [code == scope.unit for code in units]
    others = t("export.where.others")
    return AreaMap(
        title=t("export.kind.where"),
        geography=scope.geography,
        level=scope.level,
        province=str(scope.unit) if scope.level == "province" else scope.province,
        codes=tuple(units),
        names=tuple(names_of(units, scope, scope.level)),
        values=(None,) * len(units),
        texts=tuple(name if one else others for one in own),
        classes=tuple(0 if one else -1 for one in own),
        palette="sequential",
        legend=((name, 1),),
        no_data=(others, len(units) - 1),
        fills=("accent",),
    )
