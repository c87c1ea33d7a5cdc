"""A story: slides in order, each with its scope frozen, computed into plain results in one place.

A slide that cannot be made is left out and its reason kept; the others still come.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from answers.compliance import figures as slides_criteria
from answers.compliance import over_time, plan_figures, verdict_map
from answers.figure import Slide, Spec, UnavailableError, plain
from answers.pilots import evidence_figures, next_figures
from answers.pilots import figures as slides_pilots
from answers.results import Results
from answers.scope import NATION, Scope, known_units, sentence
from answers.staffing import dots as slides_dots
from answers.staffing import figures as slides_staff
from answers.staffing import spread as slides_spread
from answers.targets import figures as slides_promises
from answers.units import areas as slides_areas
from answers.units import cards as slides_cards
from answers.units import figures as slides_units
from answers.words import current, language, t
from metrics.pilot_indicators import pilot_indicators
from metrics.registry import indicators

Builder = Callable[[Results, Spec], Slide]

KINDS: Final[Mapping[str, Builder]] = {
    "cover": slides_cards.cover,
    "cards": slides_cards.cards,
    "map": slides_areas.area_map,
    "ranking": slides_areas.ranking,
    "trend": slides_areas.trend,
    "funnel": slides_areas.funnel,
    "table": slides_areas.table,
    "missing": slides_staff.missing,
    "balance": slides_staff.balance,
    "cadres": slides_staff.cadres,
    "standing": slides_criteria.standing,
    "blockers": slides_criteria.blockers,
    "heat": slides_criteria.heat,
    "closest": slides_criteria.closest,
    "commitments": slides_criteria.commitments,
    "rollout": slides_pilots.rollout,
    "clinics": slides_pilots.clinics,
    "verdicts": evidence_figures.verdicts,
    "events": evidence_figures.events,
    "opening": evidence_figures.opening,
    "placebos": evidence_figures.placebos,
    "next": next_figures.where_next,
    "reach": next_figures.reach,
    "where": slides_cards.where,
    "unit_trend": slides_units.unit_trend,
    "unit_staff": slides_units.unit_staff,
    "unit_criteria": slides_units.unit_criteria,
    "headcount": slides_units.headcount,
    "criteria_profile": slides_units.criteria_profile,
    "norms": slides_spread.compared_norms,
    "posts": slides_spread.posts,
    "access": slides_spread.access,
    "lorenz": slides_spread.lorenz,
    "inequality": slides_spread.inequality,
    "ahead": slides_spread.ahead,
    "stations": slides_dots.stations,
    "rotation": slides_dots.rotation,
    "verdict_map": verdict_map.verdict_map,
    "pledges": over_time.pledges,
    "flow": over_time.flow,
    "combinations": slides_criteria.combinations,
    "budget": plan_figures.budget,
    "calendar": plan_figures.calendar,
    "deadlines": slides_promises.deadlines,
    "outlook": slides_promises.outlook,
}
STORIES: Final[Mapping[str, tuple[tuple[str, str], ...]]] = {
    "overview": (
        ("cover", "overview"),
        ("cards", "overview"),
        ("map", "staffing_gap"),
        ("balance", ""),
        ("missing", ""),
        ("cadres", ""),
        ("map", "doctors_per_10000"),
        ("funnel", "doctors_per_10000"),
        ("trend", "stations_with_doctor"),
        ("blockers", ""),
        ("heat", ""),
        ("commitments", ""),
    ),
    "staffing": (
        ("cover", "staffing"),
        ("cards", "staffing"),
        ("map", "staffing_gap"),
        ("balance", ""),
        ("missing", ""),
        ("cadres", ""),
        ("map", "staff_per_station"),
        ("map", "doctors_per_10000"),
        ("funnel", "doctors_per_10000"),
        ("trend", "stations_with_doctor"),
        ("trend", "stations_with_permanent_doctor"),
        ("table", "staffing_gap"),
    ),
    "criteria": (
        ("cover", "criteria"),
        ("cards", "criteria"),
        ("trend", "communes_meeting_national_criteria"),
        ("standing", ""),
        ("blockers", ""),
        ("heat", ""),
        ("closest", ""),
        ("ranking", "communes_meeting_national_criteria"),
        ("commitments", ""),
    ),
    "pilots": (
        ("cover", "pilots"),
        ("cards", "pilots"),
        ("rollout", ""),
        ("clinics", ""),
        ("verdicts", ""),
        ("events", ""),
        ("opening", ""),
        ("next", ""),
        ("reach", ""),
    ),
    "commitments": (
        ("cover", "commitments"),
        ("commitments", ""),
        ("trend", "communes_meeting_national_criteria"),
        ("trend", "stations_with_permanent_doctor"),
        ("trend", "health_insurance_coverage"),
        ("trend", "villages_with_trained_health_worker"),
        ("trend", "doctors_per_10000"),
        ("trend", "insured_visits_at_stations"),
    ),
}

NATIONAL: Final = ("map", "unit_trend", "cards")
"""What can be shown of the whole country, of which most provinces have no data: it says how much is known."""


@dataclass(frozen=True)
class Story:
    """The slides that could be made, and why the others could not: (title, reason)."""

    slides: tuple[Slide, ...]
    missing: tuple[tuple[str, str], ...]


def specs(name: str, scope: Scope) -> tuple[Spec, ...]:
    """Return the slides of a standard story for a scope.

    >>> scope = Scope("92", "legacy", "commune", 2024, "en")
    >>> [spec.kind for spec in specs("overview", scope)][:2]
    ['cover', 'cards']
    """
    whole = replace(scope, unit=None, station=None)
    return tuple(Spec(kind, what, whole) for kind, what in STORIES[name])


def build(results: Results, wanted: Sequence[Spec], lang: str) -> Story:
    """Compute slides in a language; what cannot be made is told, never raised."""
    made: list[Slide] = []
    missing: list[tuple[str, str]] = []
    with language(lang):
        for spec in wanted:
            spec = replace(spec, scope=replace(spec.scope, lang=lang))
            try:
                slide = figure(results, spec)
            except UnavailableError as reason:
                missing.append((label(spec), str(reason)))
            else:
                made.append(replace(slide, parts=tuple(plain(part) for part in slide.parts)))
    return Story(tuple(made), tuple(missing))


def figure(results: Results, spec: Spec) -> Slide:
    """Return a figure in the language of the run; one that cannot be made raises UnavailableError."""
    scope, options = spec.scope, results.options
    if spec.kind not in KINDS:
        raise UnavailableError(t("export.missing.kind", kind=spec.kind))
    if scope.geography not in options.provinces:
        raise UnavailableError(t("export.missing.geography", geography=scope.geography))
    if scope.province == NATION and spec.kind not in NATIONAL:
        raise UnavailableError(t("export.missing.nation"))
    if scope.within is not None and scope.within not in options.provinces[scope.geography]:
        raise UnavailableError(t("export.missing.province", province=scope.province))
    if scope.unit is not None and scope.unit not in known_units(scope.geography):
        raise UnavailableError(t("export.missing.unit", unit=scope.unit))
    if scope.year not in options.years:
        raise UnavailableError(t("export.missing.year", year=scope.year))
    slide = KINDS[spec.kind](results.until(scope.year), spec)
    notes = slide.notes
    if spec.note:
        notes = ((t("export.notes.own"), spec.note), *notes)
    return replace(slide, title=spec.title or slide.title, notes=notes)


def label(spec: Spec) -> str:
    """Return what a slide is called in a list of slides."""
    if spec.title:
        return spec.title
    if spec.kind not in KINDS:
        return spec.kind
    words = t(f"export.kind.{spec.kind}")
    if spec.name in indicators():
        return f"{words}: {indicators()[spec.name].name.in_(current())}"
    if spec.name in pilot_indicators():
        return f"{words}: {pilot_indicators()[spec.name].name.in_(current())}"
    return words


def place(spec: Spec) -> str:
    """Return a slide's scope in words, or its codes where they no longer exist."""
    try:
        return sentence(spec.scope)
    except KeyError:
        return " · ".join(spec.scope.params().values())
