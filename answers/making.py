"""What every slide builder needs: names, notes, and the frame around the parts."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from typing import Any, Final

import pandas as pd

from answers import format as fmt
from answers import provenance
from answers.figure import Event, Part, Series, Slide, Spec, Tone, UnavailableError
from answers.results import Results
from answers.scope import REFORM_YEAR, Scope, place_name, sentence
from answers.summary import figure
from answers.words import current, t
from geo.units import at_level, parent_of
from metrics.registry import Defined, Indicator, indicators

MOST: Final = 8
"""Rows a slide can show in type that is read from the back of a hall."""
BESIDE: Final = 6
"""Bars that stand beside a map, whose names may take two lines."""
NAMED: Final = 3
"""Units a title names."""
ROWS: Final = 5
"""Rows of a table whose cells hold sentences."""
CADRE_GROUPS: Final[dict[str, tuple[Tone, tuple[str, ...]]]] = {
    "doctor": ("c0", ("doctor", "preventive_doctor")),
    "assistant_doctor": ("c1", ("assistant_doctor",)),
    "nurse_midwife": ("c2", ("nurse", "midwife")),
    "pharmacy": ("c3", ("pharmacist_university", "pharmacy")),
    "rest": ("c5", ("public_health", "population_officer", "other")),
}


def breakdown(scope: Scope) -> str:
    """Return the level a scope is broken down to: provinces of all, old districts, or communes in force."""
    if scope.within is None:
        return "province"
    return "district" if scope.geography == "legacy" else "commune"


def reform(years: Sequence[int]) -> tuple[Event, ...]:
    """Return the mark of 1 July 2025 on an axis of years, where it lies among them.

    >>> [one.at for one in reform([2024, 2025, 2026])], reform([2023, 2024])
    ([1.5], ())
    """
    return (Event(years.index(REFORM_YEAR) + 0.5, t("trend.reform")),) if REFORM_YEAR in years[:-1] else ()


def names_of(codes: Iterable[str], scope: Scope, level: str) -> list[str]:
    """Return the units' names, with what they are in where several of the scope share a name."""
    table = at_level(scope.geography, level, within=scope.within)
    shared = set(table["name"][table["name"].duplicated(keep=False)])
    above = "district" if (scope.geography, level) == ("legacy", "commune") else "province"
    found = []
    for code in codes:
        name = str(table["name"][code])
        if name in shared and level != "province":
            home = parent_of(scope.geography, level, above)[code]
            name = f"{name} ({at_level(scope.geography, above)['short_name'][home]})"
        found.append(name)
    return found


def joined(names: Sequence[str]) -> str:
    """Return names as a list in words."""
    if len(names) == 1:
        return names[0]
    return t("list.and", first=", ".join(names[:-1]), last=names[-1])


def numbers(values: Iterable[Any]) -> tuple[float | None, ...]:
    """Return a column's exact numbers, None where missing."""
    return tuple(None if pd.isna(value) else float(value) for value in values)


def written(
    name: str,
    values: Iterable[Any],
    write: Callable[[float | None], str] = fmt.number,
    tone: Tone = "accent",
    dash: bool = False,
) -> Series:
    """Return a column's exact numbers under a name, each with the text it is written as."""
    known = numbers(values)
    return Series(name, known, tuple(write(value) for value in known), tone, dash)


def writer(definition: Indicator) -> Callable[[float | None], str]:
    """Return what writes an indicator's values as the app does."""
    return lambda value: figure(value, definition)


def moved(
    place: str,
    name: str,
    values: pd.Series,
    year: int,
    write: Callable[[float | None], str] = fmt.number,
) -> str:
    """Return the sentence from a number's first known year to its last up to ``year``; without any, no slide.

    Of one year alone nothing is said of change.
    """
    known = values[values.index <= year].astype("float64").dropna()
    need(known.to_frame("value"), "value", name)
    first, last = float(known.iloc[0]), float(known.iloc[-1])
    # What is written the same has not changed for whoever reads it.
    key = "same" if write(first) == write(last) else "up" if last > first else "down"
    return t(
        f"export.title.{'once' if len(known) == 1 else key}",
        place=place,
        name=name,
        first=write(first),
        last=write(last),
        since=int(known.index[0]),
        year=int(known.index[-1]),
    )


def ends(
    key: str,
    scope: Scope,
    level: str,
    worst: pd.Series,
    write: Callable[[float | None], str],
    **said: str,
) -> str:
    """Return a sentence naming the first units of a column with their values, or how many share the first value."""
    texts = [write(float(value)) for value in worst]
    if texts.count(texts[0]) > NAMED:
        shared = fmt.number(texts.count(texts[0]))
        return t(f"export.title.{key}.shared", n=shared, value=texts[0], year=scope.year, **said)
    names = names_of(worst.index[:NAMED], scope, level)
    units = [f"{name} ({text})" for name, text in zip(names, texts, strict=False)]
    return t(f"export.title.{key}", units=joined(units), year=scope.year, **said)


def titled(definition: Indicator) -> str:
    """Return an indicator's name with its unit, unless the name says it already."""
    name, unit = definition.name.in_(current()), definition.unit.in_(current())
    return name if unit in name else f"{name} ({unit})"


def need(frame: pd.DataFrame, column: str, what: str) -> None:
    """Refuse a slide without a single number, naming what is missing."""
    if frame.empty or frame[column].isna().all():
        raise UnavailableError(t("export.missing.data", what=what))


def defined(spec: Spec) -> Indicator:
    """Return a slide's indicator; one that no longer exists makes the slide unavailable."""
    definition = indicators().get(spec.name)
    if definition is None:
        raise UnavailableError(t("export.missing.indicator", name=spec.name))
    return definition


def option(spec: Spec, at: int, default: str, allowed: Iterable[str]) -> str:
    """Return what the reader chose at a place of a slide's options; what is not offered makes no slide."""
    value = spec.options[at] if len(spec.options) > at else default
    if value not in set(allowed):
        raise UnavailableError(t("export.missing.option", value=value))
    return value


def amount(spec: Spec, at: int, default: float, low: float, high: float) -> float:
    """Return a number the reader chose, within its limits."""
    text = spec.options[at] if len(spec.options) > at else str(default)
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not low <= value <= high:
        raise UnavailableError(t("export.missing.option", value=text))
    return value


def slide(
    results: Results,
    spec: Spec,
    title: str,
    parts: Sequence[Part],
    *,
    tables: Sequence[str],
    definition: Defined | None = None,
    method: str = "",
    besides: str = "real",
) -> Slide:
    """Put a slide together with its notes: definition, counts, rule, sources, scope, nature, snapshot.

    ``method`` explains what the slide shows where no indicator's definition does. ``besides`` is the nature of
    what it rests on that is in no table of the snapshot.
    """
    snapshot = results.snapshot
    nature = provenance.nature(snapshot, tables, besides)
    sources = "; ".join(provenance.sources(snapshot, tables))
    notes = [*_defined(definition, method)]
    notes += [
        (t("caption.sources"), sources),
        (t("export.notes.scope"), sentence(spec.scope)),
        (t("export.notes.nature"), f"{t(f'nature.{nature}')}. {t(f'nature.{nature}.help')}"),
        (t("caption.snapshot"), f"{snapshot.id}, {fmt.date(snapshot.created)}"),
    ]
    return Slide(
        spec=spec,
        title=title,
        parts=tuple(parts),
        notes=tuple(notes),
        nature=nature,
        place=sentence(spec.scope),
        short_place=_short_place(spec.scope),
        source=t("caption.source", sources=sources),
        snapshot=snapshot.id,
        tables=tuple(tables),
        definition=definition,
        method=method,
        besides=besides,
    )


def _short_place(scope: Scope) -> str:
    geography = t(f"geography.{scope.geography}.short")
    return f"{place_name(scope)} · {geography} · {scope.year}"


def _defined(definition: Defined | None, method: str) -> list[tuple[str, str]]:
    rows = [(t("export.notes.shows"), method)] if method else []
    if definition is None:
        return rows
    lang = current()
    rows.append((t("caption.definition"), f"{definition.name.in_(lang)}. {definition.definition.in_(lang)}"))
    rows.append((t("caption.numerator"), definition.numerator_text.in_(lang)))
    below = definition.denominator_text
    rows.append((t("caption.denominator"), below.in_(lang) if below else t("export.notes.no_denominator")))
    rows.append((t("caption.rule"), provenance.rule(definition)))
    if definition.caution is not None:
        rows.append((t("caption.caution"), definition.caution.in_(lang)))
    return rows
