"""Figures of where next: the best choice on the map, and whom more clinics would reach."""

from __future__ import annotations

from typing import Final

from answers import format as fmt
from answers.figure import Chart, Event, Point, Slide, Spec, Tone, UnavailableError
from answers.making import BESIDE, amount, option, slide, written
from answers.pilots import numbers as pilots
from answers.pilots import sites as pilots_sites
from answers.pilots import words as pilots_words
from answers.pilots.figures import TABLES, drawn_map
from answers.pilots.sites import Answer, Ask
from answers.results import Results
from answers.words import t, tn

NEXT_TABLES: Final = (*TABLES, "population")
GOALS: Final = ("cover", "near")
K: Final = 10


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
    drawn = drawn_map(
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
