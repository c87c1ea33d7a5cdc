"""The few numbers a page opens with: its sentence and its cards, made from results and nothing else."""

from __future__ import annotations

from typing import Final

import pandas as pd

from answers import format as fmt
from answers import provenance
from answers.cards import Kpi
from answers.comparable import Followed, followed, shortage
from answers.keeping import kept
from answers.quality.found import flagged
from answers.results import Results
from answers.scope import NATION, Scope, codes, collected, place_name
from answers.words import current, t, tn
from data.canonical import dtypes
from geo.units import at_level, parent_of
from metrics.comparability import enough
from metrics.registry import Indicator, indicators
from metrics.staffing import short_summary

FLAG: Final = "⚑"
OVERVIEW: Final = (
    "stations_with_doctor",
    "doctors_per_10000",
    "communes_meeting_national_criteria",
    "health_insurance_coverage",
)


def in_scope(frame: pd.DataFrame, scope: Scope, level: str) -> pd.DataFrame:
    """Return a result's rows of the scope's units at a level."""
    return frame[frame.index.get_level_values("code").isin(codes(scope, level))]


def of_year(frame: pd.DataFrame, year: int) -> pd.DataFrame:
    """Return a result's rows of one year, by code; none when the year is not there."""
    return frame[frame.index.get_level_values("year") == year].droplevel("year")


def gaps(results: Results, scope: Scope, basis: str, year: int | None = None) -> pd.DataFrame:
    """Return the gaps of the scope's communes in a year."""
    frame = results.staffing(scope.geography, "commune", basis)
    return of_year(in_scope(frame, scope, "commune"), year or scope.year)


def worst(results: Results, frame: pd.DataFrame, scope: Scope, count: int = 3) -> list[str]:
    """Return the names of the communes that lack the most staff, the worst first, the suspect ones flagged."""
    short = frame[frame["status"].eq("short")].sort_values(["gap_low", "gap_high"], kind="stable")
    return [full_name(code, scope) + mark(results, scope, code) for code in short.index[:count]]


def mark(results: Results, scope: Scope, code: str) -> str:
    """Return the flag that stands after a commune's name where its figures of the year hold an open finding."""
    return f" {FLAG}" if code in flagged(results, scope.geography, scope.year) else ""


def full_name(code: str, scope: Scope) -> str:
    """Return a commune's name, with the district or province it is in where others share the name."""
    communes = at_level(scope.geography, "commune", within=scope.within)
    name = str(communes["name"][code])
    if communes["name"].eq(name).sum() == 1:
        return name
    above = "district" if scope.geography == "legacy" else "province"
    parent = parent_of(scope.geography, "commune", above)[code]
    return f"{name} ({at_level(scope.geography, above)['name'][parent]})"


@kept(said=True)
def shortage_sentence(results: Results, scope: Scope, basis: str = "points") -> str:
    """Return the sentence a leader reads first: how many communes are short, of how many people, and where."""
    few = collected(results.options, scope)
    known = "" if few else of_how_many(scope, gaps(results, scope, basis))
    return " ".join(part for part in (few, _shortage(results, scope, basis), known) if part)


def of_how_many(scope: Scope, frame: pd.DataFrame) -> str:
    """Return of how many a headline over a scope's communes speaks; empty where all are known."""
    found = short_summary(gaps=frame)
    if scope.province == NATION or found.known in (0, found.units):
        return ""
    return t("headline.known", known=fmt.number(found.known), units=fmt.number(found.units))


def _shortage(results: Results, scope: Scope, basis: str) -> str:
    frame = gaps(results, scope, basis)
    found = short_summary(gaps=frame)
    place = place_name(scope)
    if scope.province == NATION and found.known:
        place = t(
            "headline.of_country",
            known=fmt.number(found.known),
            total=fmt.number(len(codes(scope, "commune"))),
        )
    if found.known == 0:
        return t("headline.no_data", place=place, year=scope.year)
    if found.short == 0:
        return tn(
            "headline.none_short", found.known, place=place, total=fmt.number(found.known), year=scope.year
        )
    return tn(
        "headline.short",
        found.short,
        place=place,
        short=fmt.number(found.short),
        total=fmt.number(found.known),
        missing=tn("unit.staff", found.missing_low, n=fmt.number(found.missing_low)),
        worst=_with_note(_join(worst(results, frame, scope))),
    )


def _with_note(names: str) -> str:
    """Say after a list of names what a flag in it means."""
    return f"{names} ({t('flag.note', flag=FLAG)})" if FLAG in names else names


def _join(names: list[str]) -> str:
    if len(names) == 1:
        return names[0]
    return t("list.and", first=", ".join(names[:-1]), last=names[-1])


def scope_row(results: Results, name: str, scope: Scope) -> pd.DataFrame:
    """Return an indicator of the whole scope by year: the province's rows, or the provinces summed again."""
    frame = in_scope(results.indicator(name, scope.geography, "province"), scope, "province")
    if scope.within:
        return frame.droplevel("code").reindex(results.options.years)
    definition = indicators()[name]
    parts = ["numerator", "denominator"]
    # A province of which one part of a ratio is not known would lend it the other part alone.
    known = frame[parts].where(frame["value"].notna())
    counted = frame[["reported", "expected"]]
    summed = known.join(counted).groupby("year").sum(min_count=1)
    value = summed["numerator"]
    if definition.formula == "staffing_gap":
        value = value - summed["denominator"]
    elif definition.formula != "sum":
        value = value / summed["denominator"] * definition.multiplier
    return summed.assign(value=value).reindex(results.options.years)


def full_years(rows: pd.DataFrame) -> pd.DataFrame:
    """Return the years of a scope's row that enough reported: of two in eighty nothing is said about a promise."""
    counts = rows[["reported", "expected"]].astype("float64").fillna(0)
    return rows[[enough(*pair) for pair in counts.itertuples(index=False, name=None)]]


def indicator_card(results: Results, name: str, scope: Scope) -> Kpi:
    """Return an indicator's card for the whole scope."""
    return _card(results, indicators()[name], scope_row(results, name, scope), scope, whole=True)


def unit_card(results: Results, name: str, scope: Scope) -> Kpi:
    """Return an indicator's card for the chosen unit."""
    frame = results.indicator(name, scope.geography, scope.level)
    rows = frame[frame.index.get_level_values("code") == scope.unit].droplevel("code")
    return _card(results, indicators()[name], rows.reindex(results.options.years), scope, whole=False)


def _card(results: Results, definition: Indicator, rows: pd.DataFrame, scope: Scope, *, whole: bool) -> Kpi:
    """Return a card: value, change since the year before, trend, and what was counted.

    The change and the trend are those of the same communes; the value is everyone's who reported.
    """
    value = _float(rows["value"].get(scope.year))
    change, direction, trend = None, 0, []
    dated = rows["as_of"].dropna().unique() if "as_of" in rows else ()
    # One census serves every year: that nothing changed was not observed.
    stands_still = len(dated) == 1 and rows["value"].nunique() == 1 < rows["value"].count()
    if not stands_still:
        pair = followed(results, definition.id, scope, years=(scope.year - 1, scope.year), whole=whole)
        if pair.compared.years:
            change, direction = _change(pair, scope, definition)
        trend = [_float(v) for v in followed(results, definition.id, scope, whole=whole).values]
    above, below, reported, expected = (
        _float(rows[part].get(scope.year)) for part in ("numerator", "denominator", "reported", "expected")
    )
    told = reported_words(definition, reported, expected)
    if above is not None and below is not None:
        counted = t("hover.counted", numerator=fmt.number(above), denominator=fmt.number(below))
        counted = f"{counted} · {told}" if (reported or 0) < (expected or 0) else counted
    else:
        counted = told
    if not reported:
        counted = t("kpi.no_data")
    if stands_still:
        counted = t("hover.as_of", year=int(dated[0]))
    return Kpi(
        label=definition.name.in_(current()),
        figure=figure(value, definition),
        unit="" if is_percent(definition) else definition.unit.in_(current()),
        change=change,
        direction=direction,
        better=_better(direction, definition),
        meaning=counted,
        trend=trend,
        nature=provenance.nature(results.snapshot, provenance.tables_of(definition)),
    )


def reported_words(definition: Indicator, reported: float | None, expected: float | None) -> str:
    """Return how many stations reported of how many; of a table by commune, how many communes."""
    table = definition.numerator.table if definition.numerator else "criteria_scores"
    key = "hover.reported" if "station" in dtypes(table) else "hover.reported.communes"
    return t(key, reported=fmt.number(reported), expected=fmt.number(expected))


def shortage_card(results: Results, scope: Scope, basis: str = "points") -> Kpi:
    """Return the card of missing staff: the range of the norm, the change against its low end."""
    now = short_summary(gaps=gaps(results, scope, basis))
    pair = shortage(results, scope, basis, years=(scope.year - 1, scope.year))
    change, direction = None, 0
    if pair.by_year:
        difference = pair.by_year[scope.year].missing_low - pair.by_year[scope.year - 1].missing_low
        amount = fmt.number(difference, sign=True)
        change = _since("change.plain", amount, scope.year - 1, pair.said)
        direction = (difference > 0) - (difference < 0)
    trend = shortage(results, scope, basis).missing(results.options.years, "low")
    return Kpi(
        label=t("kpi.missing_staff"),
        figure=fmt.span(now.missing_low, now.missing_high) if now.known else fmt.MISSING,
        unit=t("kpi.missing_staff.unit"),
        change=change,
        direction=direction,
        better=None if direction == 0 else direction < 0,
        meaning=t("kpi.missing_staff.meaning", short=fmt.number(now.short), total=fmt.number(now.known))
        if now.known
        else t("kpi.no_data"),
        trend=[_float(value) for value in trend],
        nature=provenance.nature(results.snapshot, provenance.tables_of(indicators()["staffing_gap"])),
    )


@kept(said=True)
def staffing_cards(results: Results, scope: Scope, basis: str) -> tuple[Kpi, ...]:
    """Return the staffing page's five cards."""
    frame = gaps(results, scope, basis)
    known = frame[frame["status"].ne("unknown")]
    low, high = int(known["required_low"].sum()), int(known["required_high"].sum())
    required = Kpi(
        label=t("staffing.kpi.required"),
        figure=fmt.span(low, high) if len(known) else fmt.MISSING,
        unit=t("kpi.missing_staff.unit"),
        meaning=t("staffing.kpi.required.meaning") if len(known) else t("kpi.no_data"),
        nature=provenance.nature(results.snapshot, provenance.tables_of(indicators()["staffing_gap"])),
    )
    names = ("stations_with_doctor", "doctors_per_10000")
    return (
        shortage_card(results, scope, basis),
        indicator_card(results, "staff", scope),
        required,
        *(indicator_card(results, name, scope) for name in names),
    )


@kept(said=True)
def overview_cards(results: Results, scope: Scope) -> tuple[Kpi, ...]:
    """Return the overview's five cards."""
    return (shortage_card(results, scope), *(indicator_card(results, name, scope) for name in OVERVIEW))


def is_percent(definition: Indicator) -> bool:
    """Say whether an indicator is a percentage, which is written next to the number."""
    return definition.unit.en == "%"


def figure(value: float | None, definition: Indicator, *, sign: bool = False) -> str:
    """Format a value of an indicator."""
    form = fmt.percent if is_percent(definition) else fmt.number
    return form(value, definition.decimals, sign=sign or definition.formula == "staffing_gap")


def _change(pair: Followed, scope: Scope, definition: Indicator) -> tuple[str, int]:
    difference = float(pair.values[scope.year] - pair.values[scope.year - 1])
    rounded = round(difference, definition.decimals)
    amount = fmt.number(difference, definition.decimals, sign=True)
    key = "change.points" if is_percent(definition) else "change.plain"
    return _since(key, amount, scope.year - 1, pair.said), (rounded > 0) - (rounded < 0)


def _since(key: str, amount: str, year: int, compared: str) -> str:
    """Return a change in words, with how many were compared."""
    said = t(key, amount=amount, year=year)
    return f"{said} ({compared})" if compared else said


def _better(direction: int, definition: Indicator) -> bool | None:
    if direction == 0 or definition.polarity == "neutral":
        return None
    return (direction > 0) == (definition.polarity == "higher_is_better")


def _float(value: object) -> float | None:
    return None if value is None or pd.isna(value) else float(value)  # type: ignore[call-overload,arg-type]
