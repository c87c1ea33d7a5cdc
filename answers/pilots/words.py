"""The clinics' page in words: its sentence, its cards, and verdicts for someone who never heard of a p-value."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
import pandas as pd

from answers import format as fmt
from answers import provenance
from answers.cards import Kpi
from answers.names import of_station
from answers.pilots import numbers as pilots
from answers.pilots.numbers import GROUP, Evidence
from answers.results import Results
from answers.scope import Scope, place_name
from answers.words import current, t, tn
from geo.units import at_level, parent_of
from metrics.pilot_bootstrap import LEAST_TREATED
from metrics.pilot_effects import ALPHA
from metrics.pilot_indicators import pilot_indicators
from metrics.pilot_matching import BALANCED
from metrics.pilot_verdicts import Verdict
from metrics.pilots import LEAST_BEFORE, LEAST_SINCE, WORTHWHILE, Study

CONCLUSIONS: Final = ("improved", "worsened", "changed", "no_effect_seen", "cannot_tell")
SYMBOL: Final = {
    "improved": "▲",
    "worsened": "▼",
    "changed": "◆",
    "no_effect_seen": "■",
    "cannot_tell": "○",
}
TONE: Final = {
    "improved": "met",
    "worsened": "short",
    "changed": "between",
    "no_effect_seen": "between",
    "cannot_tell": "unknown",
}
REFUSALS: Final = (
    "few_periods",
    "few_choices",
    "drift_explains_it",
    "too_small_to_see",
    "many_questions",
    "no_pilot_left",
    "constant_outcome",
)
DOUBTS: Final = (
    "drift_before",
    "unlike_comparisons",
    "synthetic_disagrees",
    "no_synthetic",
    "shared_district",
    "noisier_pilots",
    "few_pilots",
    "short_time",
    "only_before_after",
    "nothing_to_compare",
)


def headline(results: Results, scope: Scope) -> str:
    """Return what can and what cannot be concluded."""
    ours = pilots.clinics(results, scope)
    if ours.empty:
        return t("pilots.headline.none", place=place_name(scope))
    found = pilots.evidence(results, scope)
    if not found.verdicts:
        return tn("pilots.headline.no_reports", len(ours), n=fmt.number(len(ours)))
    total = fmt.number(len(found.verdicts))
    if not since(found):
        return tn("pilots.headline.unjudged", len(ours), n=fmt.number(len(ours)), total=total)
    return tn(
        "pilots.headline",
        len(ours),
        n=fmt.number(len(ours)),
        time=time(results, since(found)),
        total=total,
        improved=fmt.number(len(found.concluded("improved"))),
        others=counted(found, CONCLUSIONS[1:]),
    )


def counted(found: Evidence, conclusions: Sequence[str]) -> str:
    """Return how many indicators have each conclusion, in words; none is told only of good and bad news."""
    counts = {name: len(found.concluded(name)) for name in conclusions}
    return ", ".join(
        t(f"pilots.counted.{name}", n=fmt.number(count))
        for name, count in counts.items()
        if count or name in ("improved", "worsened")
    )


def since(found: Evidence) -> int:
    """Return how many periods the clinics have been open in the data, at least."""
    return max((one.periods_since for one in found.studies.values()), default=0)


def time(results: Results, periods: int) -> str:
    """Return a number of periods as text: months or years."""
    if pilots.by_month(results):
        return tn("pilots.months", periods, n=fmt.number(periods))
    return tn("pilots.years", periods, n=fmt.number(periods))


# -- cards -------------------------------------------------------------------------------------------------


def cards(results: Results, scope: Scope) -> list[Kpi]:
    """Return the cards: clinics against the plan, doctors trained, stations ready, and what is known."""
    found = [_open_card(results, scope), _trained_card(results, scope), _ready_card(results, scope)]
    if len(pilots.clinics(results, scope)) == 0:
        return found
    evidence = pilots.evidence(results, scope)
    nature = provenance.nature(results.snapshot, [pilots.table(results)])
    total = fmt.number(len(evidence.verdicts))
    clear = evidence.concluded("improved", "worsened", "changed", "no_effect_seen")
    unclear = evidence.concluded("cannot_tell")
    return [
        *found,
        Kpi(
            label=t("pilots.kpi.verdicts"),
            figure=fmt.number(len(clear)),
            unit=f"/ {total}",
            meaning=counted(evidence, CONCLUSIONS[:-1]),
            nature=nature,
        ),
        Kpi(
            label=t("pilots.kpi.refusals"),
            figure=fmt.number(len(unclear)),
            unit=f"/ {total}",
            meaning=", ".join(named(name) for name in unclear) or t("pilots.kpi.refusals.none"),
            nature=nature,
        ),
    ]


def newest(known: pd.DataFrame) -> tuple[pd.Series | None, pd.Series | None]:
    """Return the newest published number of clinics and the last plan of the same place, None where there is none."""
    counts, plans = (known[known["kind"].eq(kind)] for kind in ("open", "plan"))
    last = counts.iloc[-1] if len(counts) else None
    if last is not None:
        plans = plans[plans["place"].eq(last["place"])]
    return last, plans.iloc[-1] if len(plans) else None


def _open_card(results: Results, scope: Scope) -> Kpi:
    last, goal = newest(pilots.rollout(results, scope))
    named = fmt.number(len(pilots.clinics(results, scope)))
    label = t("pilots.kpi.open")
    if last is None:
        return Kpi(label=label, figure=named, meaning=t("pilots.kpi.open.data"), nature="published")
    meaning = t("pilots.kpi.open.meaning", date=fmt.date(last["date"]), named=named)
    unit = ""
    if goal is not None:
        unit = f"/ {fmt.number(goal['value'])}"
        meaning = f"{t('pilots.kpi.open.plan', year=goal['date'].year)}; {meaning}"
    meaning = f"{last['place']}: {meaning}"
    return Kpi(label=label, figure=fmt.number(last["value"]), unit=unit, meaning=meaning, nature="published")


def _trained_card(results: Results, scope: Scope) -> Kpi:
    count = pilots.readiness(results, scope)["trained_doctors"]
    known = pilots.trained(results, scope)
    meaning = t("pilots.kpi.trained.meaning", year=scope.year)
    if len(known):
        last = known.iloc[-1]
        said = {"n": fmt.number(last["value"]), "place": last["place"], "date": fmt.date(last["date"])}
        meaning = f"{meaning}; {t('pilots.kpi.trained.published', **said)}"
    total = float(count.sum()) if count.notna().any() else None
    return Kpi(
        label=t("pilots.kpi.trained"),
        figure=fmt.number(total),
        meaning=meaning,
        nature=provenance.nature(results.snapshot, ["staffing"]),
    )


def _ready_card(results: Results, scope: Scope) -> Kpi:
    frame = pilots.readiness(results, scope)
    others = frame[frame["state"].ne("open").fillna(True)]
    count = others["state"].value_counts()
    nature = provenance.nature(results.snapshot, ["staffing", "facilities"])
    if others["state"].notna().sum() == 0:
        return Kpi(
            label=t("pilots.kpi.ready"),
            figure=fmt.MISSING,
            meaning=t("pilots.readiness.no_data", year=scope.year),
            nature=nature,
        )
    return Kpi(
        label=t("pilots.kpi.ready"),
        figure=fmt.number(int(count.get("ready", 0))),
        unit=f"/ {fmt.number(len(others))}",
        meaning=t("pilots.kpi.ready.meaning", near=fmt.number(int(count.get("near", 0)))),
        nature=nature,
    )


# -- verdicts ----------------------------------------------------------------------------------------------


def named(name: str) -> str:
    """Return what an indicator is called."""
    return pilot_indicators()[name].name.in_(current())


def amount(results: Results, name: str, value: float, *, sign: bool = False) -> str:
    """Return a size with its unit, "without limit" where it has none.

    >>> from answers.words import language
    >>> with language("en"):
    ...     bare(3.14159, "people_managed"), bare(float("inf"), "visits")
    ('3', 'no limit')
    """
    unit = pilot_indicators()[name].unit_of("month" if pilots.by_month(results) else "year").in_(current())
    return f"{bare(value, name, sign=sign)} {unit}"


def bare(value: float, name: str, *, sign: bool = False) -> str:
    """Return a size of an indicator without its unit."""
    if np.isinf(value):
        return t("pilots.no_limit")
    return fmt.number(value, pilot_indicators()[name].decimals, sign=sign)


def interval(low: float, high: float, name: str) -> str:
    """Return an interval in words; with signs where it holds both or is below zero."""
    sign = low < 0
    return t("pilots.interval", low=bare(low, name, sign=sign), high=bare(high, name, sign=sign))


def sentence(results: Results, name: str, verdict: Verdict, study: Study) -> str:
    """Return what was found, with its interval, in plain words; nothing where nothing could be estimated."""
    if np.isnan(verdict.estimate):
        return ""
    concluded = verdict.conclusion not in ("no_effect_seen", "cannot_tell")
    ends = (verdict.low, verdict.high)
    if concluded and verdict.estimate < 0:
        ends = (-verdict.high, -verdict.low)  # "lower by 4, between 3 and 5"
    parts = {
        "size": amount(
            results, name, abs(verdict.estimate) if concluded else verdict.estimate, sign=not concluded
        ),
        "interval": interval(*ends, name),
        "before": bare(study.baseline, name),
    }
    if verdict.conclusion == "no_effect_seen":
        worthwhile = amount(results, name, WORTHWHILE * abs(study.baseline))
        return t("pilots.found.none", worthwhile=worthwhile, **parts)
    if verdict.conclusion == "cannot_tell":
        return t("pilots.found.unsure", **parts)
    return t("pilots.found.more" if verdict.estimate > 0 else "pilots.found.less", **parts)


def refusals(results: Results, name: str, verdict: Verdict, study: Study) -> list[str]:
    """Return why nothing is concluded, and what it would take."""
    if verdict.conclusion != "cannot_tell":
        return []
    pilots_now = study.effect.pilots if study.effect else 0
    facts = {
        "pilots": fmt.number(pilots_now),
        "before": time(results, study.periods_before),
        "since": time(results, study.periods_since),
        "least_before": fmt.number(LEAST_BEFORE),
        "least_since": fmt.number(LEAST_SINCE),
    }
    said = [t(f"pilots.refusal.{code}", **facts) for code in verdict.reasons if code in REFUSALS]
    if "too_small_to_see" in verdict.reasons:
        said.append(t("pilots.refusal.detectable", size=amount(results, name, verdict.detectable)))
    if {"too_small_to_see", "few_choices"} & set(verdict.reasons):
        needed = verdict.pilots_needed
        said.append(
            t("pilots.refusal.needed", n=fmt.number(needed))
            if needed is not None and needed > pilots_now
            else t("pilots.refusal.needed.unknown")
        )
    return said


def bootstrap(name: str, study: Study) -> str:
    """Return what the second inference found and whether it agrees, or why it is not used."""
    effect, second = study.effect, study.bootstrap
    if effect is None:
        return ""
    if second is None:
        sizes = {"pilots": effect.pilots, "comparisons": effect.comparisons}
        if min(sizes.values()) >= LEAST_TREATED:
            return ""
        said = {key: fmt.number(size) for key, size in sizes.items()}
        return t("pilots.bootstrap.none", least=fmt.number(LEAST_TREATED), **said)
    agree = (second.p_value <= ALPHA) == (effect.p_value <= ALPHA)
    return t(
        "pilots.bootstrap.agrees" if agree else "pilots.bootstrap.disagrees",
        interval=interval(second.low, second.high, name),
        chance=fmt.percent(100 * second.p_value, 1),
        clusters=fmt.number(second.clusters),
    )


def no_bootstrap(found: Evidence) -> str:
    """Return why no card has the second inference; nothing where one has."""
    made = [(name, one) for name, one in found.studies.items() if one.effect is not None]
    if not made or any(one.bootstrap for _, one in made):
        return ""
    return bootstrap(*made[0])


def grade(results: Results, verdict: Verdict, study: Study) -> str:
    """Return the grade of the evidence with its reasons."""
    said = [_doubt(results, code, study) for code in verdict.reasons if code in DOUBTS]
    reasons = "; ".join(said) or t("pilots.grade.clear")
    return t("pilots.grade", grade=verdict.grade, reasons=reasons)


def _doubt(results: Results, code: str, study: Study) -> str:
    unlike = []
    if study.matched is not None:
        after = study.matched.balance["after"].abs()
        unlike = [t(f"pilots.covariate.{name}") for name in after.index[after > BALANCED]]
    facts = {
        "unlike": ", ".join(unlike),
        "n": fmt.number(study.effect.pilots if study.effect else 0),
        "shared": fmt.number(study.shared),
        "times": fmt.number(study.noise, 1),
        "time": time(results, min(study.periods_before, study.periods_since)),
    }
    return t(f"pilots.doubt.{code}", **facts)


def problems(results: Results, scope: Scope, study: Study) -> list[str]:
    """Return what is wrong with single clinics, by name; those with the same fault together."""
    names = station_names(results, scope)
    stations: dict[str, list[str]] = {}
    for station, code in study.problems:
        if station:
            stations.setdefault(code, []).append(names.get(station, station))
    return [t(f"pilots.problem.{code}", station=", ".join(found)) for code, found in stations.items()]


def not_shown(verdict: Verdict) -> str:
    """Return what a verdict does not show."""
    return t("pilots.not_shown", what="; ".join(t(f"pilots.not_shown.{code}") for code in verdict.not_shown))


def station_names(results: Results, scope: Scope) -> dict[str, str]:
    """Return a short name of every station: its former commune; with the district, then the province, where shared."""
    frame = pilots.stations(results, scope)
    names = short = frame["name"].map(of_station)
    homes = []
    for level in ("district", "province"):
        home = frame["legacy_commune"].map(parent_of("legacy", "commune", level))
        homes.append(home.map(at_level("legacy", level)["name"]).fillna(frame["above"]).astype("str"))
        within = homes[0].str.cat(homes[1:], sep=", ")
        names = names.where(~names.duplicated(keep=False), short + " (" + within + ")")
    return dict(names.items())


def who_name(results: Results, scope: Scope, who: str) -> str:
    """Return what to call the clinics studied: all together, or one by name."""
    return t("pilots.who.group") if who == GROUP else station_names(results, scope)[who]


def condition(value: object) -> str:
    """Return a condition as symbol and word: met, not met, not reported."""
    if value is pd.NA or pd.isna(value):
        return f"{fmt.MISSING} {t('pilots.condition.unknown')}"
    return f"● {t('pilots.condition.yes')}" if value else f"▼ {t('pilots.condition.no')}"


def lacks(row: pd.Series) -> str:
    """Return which conditions a station lacks, in words."""
    missing = [
        t(f"pilots.condition.{name}")
        for name in pilots.CONDITIONS
        if row[name] is not pd.NA and not row[name]
    ]
    unknown = [t(f"pilots.condition.{name}") for name in pilots.CONDITIONS if row[name] is pd.NA]
    said = [t("pilots.lacks", what=", ".join(missing))] if missing else []
    if unknown:
        said.append(t("pilots.lacks.unknown", what=", ".join(unknown)))
    return "; ".join(said) or t("pilots.lacks.nothing")


def state(value: object) -> str:
    """Return how near to a clinic a station is, in words."""
    return t("pilots.state.unknown") if pd.isna(value) else t(f"pilots.state.{value}")
