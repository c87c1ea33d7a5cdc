"""Slides of maps whose marks are stations: each against the norm, and what a plan of moves does to each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final, get_args

import pandas as pd

from answers import format as fmt
from answers.figure import AreaMap, Chart, Link, Point, Slide, Spec, Tone, UnavailableError
from answers.making import BESIDE, amount, names_of, option, slide, written
from answers.names import of_station
from answers.results import Results
from answers.scope import Scope, codes, place_name
from answers.staffing import plan as staffing_plan
from answers.staffing.plan import Answer, Question
from answers.units import station
from answers.units.figures import BASES, STAFF_TABLES
from answers.words import current, t
from data.names import split_type
from metrics.errors import BadParameters
from metrics.registry import indicators
from metrics.rotation_rules import RECRUIT, Objective

STATUS: Final[dict[str, Tone]] = {"short": "short", "between": "between", "met": "met"}
STATES: Final[dict[str, Tone]] = {"still": "short", "helped": "accent", "giver": "met", "same": "between"}


def _dots(
    scope: Scope,
    title: str,
    dots: pd.DataFrame,
    tones: Mapping[str, Tone],
    words: Mapping[str, str],
    links: Sequence[Link] = (),
) -> AreaMap:
    """Return a map of plain communes with a dot for each station; ``dots``: name, state, longitude, latitude."""
    areas = codes(scope, "commune")
    counts = dots["state"].value_counts()
    placed = dots[dots["longitude"].notna() & dots["state"].isin(list(tones))]
    blank = ("",) * len(areas)
    return AreaMap(
        title=title,
        geography=scope.geography,
        level="commune",
        province=scope.province,
        codes=tuple(areas),
        names=tuple(names_of(areas, scope, "commune")),
        values=(None,) * len(areas),
        texts=blank,
        classes=(-1,) * len(areas),
        palette="sequential",
        legend=tuple((words[name], int(counts.get(name, 0))) for name in tones),
        no_data=(t("staffing.status.unknown"), int(dots["state"].isna().sum())),
        fills=tuple(tones.values()),
        points=tuple(
            Point(
                str(code), f"{row['name']}: {words[row['state']]}", row["longitude"], row["latitude"],
                tones[row["state"]],
            )
            for code, row in placed.iterrows()
        ),
        links=tuple(links),
    )  # fmt: skip


def stations(results: Results, spec: Spec) -> Slide:
    """Show every station against the norm, beside those that lack the most."""
    scope = spec.scope
    found = station.of_scope(results, scope)
    if found["status"].isna().all() or found["status"].eq("unknown").all():
        raise UnavailableError(t("export.missing.data", what=t("export.kind.stations")))
    state = found["status"].where(found["status"].isin(list(STATUS)))
    dots = found.assign(state=state)
    words = {name: t(f"staffing.status.{name}") for name in STATUS}
    drawn = _dots(scope, t("export.kind.stations"), dots, STATUS, words)
    worst = found[found["status"].eq("short")].sort_values("gap_low", kind="stable").head(BESIDE)
    bars = None
    if len(worst):
        series = written(
            t("staffing.column.gap"), worst["gap_low"], lambda value: fmt.number(value, sign=True)
        )
        names = tuple(of_station(name) for name in worst["name"])
        unit = indicators()["staffing_gap"].unit.in_(current())
        bars = Chart("bars", t("export.first_in_need", unit=unit), names, (series,))
    counts = state.value_counts()
    title = t(
        "export.title.stations",
        place=place_name(scope),
        short=fmt.number(int(counts.get("short", 0))),
        total=fmt.number(len(found)),
        year=scope.year,
    )
    parts = [drawn, bars or _counted(drawn)]
    definition = indicators()["staffing_gap"]
    return slide(results, spec, title, parts, tables=STAFF_TABLES, definition=definition)


def _counted(drawn: AreaMap) -> Chart:
    series = written(t("export.clinics.stations"), (count for _, count in drawn.legend))
    return Chart("bars", t("export.clinics.stations"), tuple(words for words, _ in drawn.legend), (series,))


# -- a plan of moves -----------------------------------------------------------------------------------------


def asked(basis: str, question: Question) -> tuple[object, ...]:
    """Return a question as the options of a slide: the scalars first, then what is fixed or forbidden."""
    rules = [
        *(f"keep>{code}" for code in question.keep),
        *(f"closed>{code}" for code in question.closed),
        *(f"fixed>{origin}>{to}>{doctors}" for origin, to, doctors in question.fixed),
        *(f"banned>{origin}>{to}" for origin, to in question.banned),
    ]
    scalars = (question.norm, question.objective, question.moves, question.km, question.recruits)
    return (basis, *scalars, question.detour, *rules)


def _question(spec: Spec, basis: str) -> Question:
    start = Question()
    named: dict[str, list[tuple[str, ...]]] = {"keep": [], "closed": [], "fixed": [], "banned": []}
    sizes = {"keep": 1, "closed": 1, "fixed": 3, "banned": 2}
    for text in spec.options[7:]:
        kind, *rest = text.split(">")
        wanted = sizes.get(kind) == len(rest) and (kind != "fixed" or rest[2].isdecimal())
        if not wanted:
            raise UnavailableError(t("export.missing.option", value=text))
        named[kind].append(tuple(rest))
    return Question(
        norm=option(spec, 1, start.norm, staffing_plan.choices_of_norm(spec.scope, basis)),
        objective=option(spec, 2, start.objective, get_args(Objective)),  # type: ignore[arg-type]
        moves=int(amount(spec, 3, start.moves, 0, 1e6)),
        km=amount(spec, 4, start.km, 0, 1000),
        recruits=int(amount(spec, 5, start.recruits, 0, 1e6)),
        detour=amount(spec, 6, start.detour, 1, 5),
        keep=tuple(code for (code,) in named["keep"]),
        closed=tuple(code for (code,) in named["closed"]),
        fixed=tuple((origin, to, int(doctors)) for origin, to, doctors in named["fixed"]),
        banned=tuple((origin, to) for origin, to in named["banned"]),
    )


def rotation(results: Results, spec: Spec) -> Slide:
    """Show what a plan of moves does to each station, beside the longest moves."""
    scope = spec.scope
    basis = option(spec, 0, "points", BASES)
    question = _question(spec, basis)

    def compute() -> Answer | BadParameters:
        try:
            return staffing_plan.answer(results, scope, basis, question, marginal=False)
        except BadParameters as error:
            return error

    key = (
        "slide.rotation",
        basis,
        repr(question),
        scope.province,
        scope.geography,
        scope.level,
        str(scope.year),
    )
    found = results.keep(*key, compute=compute)
    if isinstance(found, BadParameters):
        raise UnavailableError(found.text(current()))
    if found.plan.moves.empty:
        raise UnavailableError(t("staffing.rotation.nothing"))
    words = {name: t(f"staffing.rotation.state.{name}") for name in STATES}
    dots = found.stations.assign(state=staffing_plan.states(found))
    moves = staffing_plan.moves(found)
    drawn = _dots(scope, t("staffing.rotation.stations"), dots, STATES, words, _arrows(found, moves))
    sent = moves[moves["origin"].ne(RECRUIT)].sort_values("cost", ascending=False, kind="stable").head(BESIDE)
    bars = _counted(drawn)
    if len(sent):
        names = tuple(
            f"{_bare(row.origin_name)} → {_bare(row.destination_name)}" for row in sent.itertuples()
        )
        series = written(t("staffing.rotation.column.km"), sent["cost"], lambda value: fmt.number(value, 1))
        bars = Chart("bars", t("export.rotation.moves"), names, (series,), decimals=1)
    method = f"{t('staffing.rotation.note')} {t('export.rotation.method', n=fmt.number(len(moves)))}"
    return slide(
        results,
        spec,
        f"{place_name(scope)}. {staffing_plan.verdict(found)}",
        [drawn, bars],
        tables=STAFF_TABLES,
        method=method,
        besides=found.besides,
    )


def _bare(name: object) -> str:
    """Return a name without its type, which two beside each other have no room for; a number keeps it."""
    _, proper = split_type(str(name))
    return str(name) if proper[:1].isdigit() else proper


def _arrows(found: Answer, moves: pd.DataFrame) -> list[Link]:
    """Return an arrow for each move between two stations whose places are known."""
    places = found.stations[["longitude", "latitude"]].dropna()
    ends = {str(code): (float(row["longitude"]), float(row["latitude"])) for code, row in places.iterrows()}
    return [
        Link(f"{row.origin_name} → {row.destination_name}", ends[row.origin], ends[row.destination], "text")
        for row in moves.itertuples()
        if row.origin in ends and row.destination in ends
    ]
