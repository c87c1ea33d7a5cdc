"""The map of verdicts, or of the shares of a criterion, beside the units furthest behind."""

from __future__ import annotations

from typing import Final

import pandas as pd

from answers import format as fmt
from answers.colours import LIGHT
from answers.compliance import maps as compliance_map
from answers.compliance import numbers as compliance
from answers.compliance import words
from answers.compliance.figures import TABLES, criterion, judged_of, sentence
from answers.compliance.maps import VERDICT
from answers.figure import AreaMap, Chart, Slide, Spec, UnavailableError
from answers.making import BESIDE, by_class, ends, names_of, numbers, slide, telling, written
from answers.results import Results
from answers.scope import Scope, place_name
from answers.words import t, tn
from geo.classify import NO_DATA
from metrics.criteria_sets import CriteriaSet

STATUS_FILLS: Final = {"short": "short", "part": "diverging.2", "met": "met"}


def verdict_map(results: Results, spec: Spec) -> Slide:
    """Show the verdict of every unit, or the share of a criterion, beside the units furthest behind."""
    scope = spec.scope
    _, rule = judged_of(results, scope)
    choice = spec.name or VERDICT
    if choice not in compliance_map.choices(scope):
        raise UnavailableError(t("export.missing.option", value=choice))
    shown = compliance_map.shown(results, scope, choice, LIGHT)
    legend, counts = shown.legend(), shown.classes.counts
    kinds = choice == VERDICT and scope.level != "district"
    statuses = compliance.STATUSES if shown.former else ("short", "met")
    codes = shown.units.index
    if choice == VERDICT:
        heading, title = shown.title, _verdict_sentence(results, scope)
    else:
        name = t("export.criterion.total") if choice == "total" else criterion(choice, rule)
        heading, title = _share_title(results, scope, choice, rule), _lowest(scope, name, shown.values)
    drawn = AreaMap(
        title=heading,
        geography=scope.geography,
        level=scope.level,
        province=scope.province,
        codes=tuple(codes),
        names=tuple(names_of(codes, scope, scope.level)),
        values=numbers(shown.values),
        texts=tuple(shown.texts),
        classes=tuple(int(code) for code in shown.classes.codes),
        palette="sequential" if choice == VERDICT else "heat",
        legend=tuple((words, counts[i]) for i, words in enumerate(legend.labels)),
        no_data=(legend.no_data, counts[NO_DATA]),
        fills=tuple(STATUS_FILLS[one] for one in statuses) if kinds else (),
    )
    return slide(
        results,
        spec,
        title,
        [
            drawn,
            _standing(drawn) if kinds else _furthest(drawn, shown.values.astype("float64"), heading, scope),
        ],
        tables=TABLES,
        definition=compliance.definition(),
    )


def _share_title(results: Results, scope: Scope, choice: str, rule: CriteriaSet) -> str:
    """Return what a map of shares shows; where a unit has several sheets, that it is the lowest of them."""
    names = {str(one.number): words.full_name(one) for one in rule.criteria}
    name = names.get(choice, t("export.closest.total"))
    if compliance.units(results, scope)["sheets"].fillna(0).le(1).all():
        return t("export.verdict_map.own", name=name)
    communes = words.counted(compliance.of_scope(results, scope), scope, 1)
    return t("export.verdict_map.lowest", name=name, communes=communes)


def _verdict_sentence(results: Results, scope: Scope) -> str:
    """Return how many units stand how, as the map's legend counts them."""
    if scope.geography == "legacy":
        return sentence(results, scope)
    stands = compliance.units(results, scope)["status"].value_counts()
    counts = {status: fmt.number(int(stands.get(status, 0))) for status in (*compliance.STATUSES, "unknown")}
    title = t(
        "export.title.verdict_map",
        place=place_name(scope),
        year=scope.year,
        total=fmt.number(int(stands.sum())),
        **counts,
    )
    return f"{title} {t('export.title.verdict_map.unknown', **counts)}" if "unknown" in stands else title


def _lowest(scope: Scope, name: str, values: pd.Series) -> str:
    """Return a sentence naming the units with the lowest shares, or how many units share the lowest."""
    worst = values.astype("float64").dropna().sort_values(kind="stable")
    return ends("lowest", scope, scope.level, worst, fmt.percent, place=place_name(scope), name=name)


def _standing(drawn: AreaMap) -> Chart:
    """Return how many units stand how, as bars."""
    rows = [*reversed(drawn.legend), *([drawn.no_data] if drawn.no_data[1] else [])]
    title = t("export.standing.title", communes=tn("compliance.sheets.own", 2))
    series = written(title, (count for _, count in rows))
    return Chart("bars", title, tuple(words for words, _ in rows), (series,))


def _furthest(drawn: AreaMap, values: pd.Series, title: str, scope: Scope) -> Chart:
    """Return the units furthest behind, or, where they do not differ, how many are in each class."""
    worst = values[values.lt(100)].astype("float64").sort_values(kind="stable").head(BESIDE)
    if not telling(fmt.percent(value) for value in worst):
        return by_class(drawn)
    names = tuple(names_of(worst.index, scope, scope.level))
    series = written(title, worst, fmt.percent)
    return Chart("bars", t("export.furthest"), names, (series,), decimals=1, percent=True)
