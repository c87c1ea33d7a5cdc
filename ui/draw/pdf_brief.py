"""The brief of a province, two pages through Typst: figures, map, commitments, ranks and method."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

import pandas as pd

from answers import format as fmt
from answers import provenance, summary
from answers.results import Results
from answers.scope import Scope, place_name
from answers.targets import numbers as targets
from answers.words import current, language, t
from geo.webgeometry import GeometryStore
from metrics.comparison import rate_interval
from metrics.registry import indicators
from metrics.targets import needing_attention
from ui.draw.pdf import MAPPED, TABLES, Content, card_texts, gap_map, opening, typeset

RATE: Final = "doctors_per_10000"
RANKED: Final = 10


def brief(results: Results, scope: Scope, store: GeometryStore) -> bytes:
    """Return the brief of the scope's province, or of all of them, as a two-page PDF, in the scope's language."""
    with language(scope.lang):
        return typeset("brief.typ", brief_content(results, replace(scope, unit=None, level="commune"), store))


def brief_content(results: Results, scope: Scope, store: GeometryStore) -> Content:
    """Return every text of a brief, of what was known in its year."""
    results = results.until(scope.year)
    judged = targets.commitments(results, scope)
    title = t("brief.title", place=place_name(scope))
    headline = summary.shortage_sentence(results, scope)
    tables = (*TABLES, "targets", "facts")
    return opening(results, scope, headline, targets.headline(judged, scope), tables) | {
        "title": title,
        "cards": card_texts(summary.overview_cards(results, scope)),
        "map": gap_map(results, scope, store, t("brief.map")),
        "attention": _commitments(needing_attention(judged=judged), t("targets.attention")),
        "commitments": _commitments(
            judged.sort_values("deadline", kind="stable"),
            t("brief.commitments", date=fmt.date(results.today())),
        ),
        "ranks": ranks(results, scope),
        "ranks_note": t("brief.ranks.note"),
        "method": _method(results),
    }


def _commitments(rows: pd.DataFrame, title: str) -> Content:
    cells = [
        [
            f"{targets.name(row['indicator'])}: {targets.promise(row)} ({row['place']})",
            fmt.date(row["deadline"]) if pd.notna(row["deadline"]) else t("targets.no_deadline"),
            _stands(row),
            {
                "text": f"{targets.SYMBOL[row['status']]} {t('targets.status.' + row['status'])}",
                "tone": targets.TONE[row["status"]],
            },
        ]
        for _, row in rows.iterrows()
    ]
    heads = [t("brief.promise"), *(t(f"targets.column.{name}") for name in ("deadline", "stands", "status"))]
    return {"title": title, "heads": heads, "rows": cells, "note": t("brief.commitments.note")}


def _stands(row: pd.Series) -> str:
    """Return a commitment's newest figure with the mark of its nature."""
    return f"{targets.stands(row)} {provenance.SYMBOL[row['nature']]}" if row["nature"] else fmt.MISSING


def ranks(results: Results, scope: Scope, count: int = RANKED) -> list[Content]:
    """Return the communes that lack the most staff, and those best off: the gap's range, doctors' interval.

    Communes that cannot be ranked, because figures are missing, are in neither.
    """
    gap = summary.of_year(
        summary.in_scope(results.indicator(MAPPED, scope.geography, "commune"), scope, "commune"), scope.year
    )
    gap = gap[gap["rankable"] & gap["value"].notna()].sort_values(["value", "low"], kind="stable")
    doctors = summary.of_year(results.indicator(RATE, scope.geography, "commune"), scope.year).reindex(
        gap.index
    )
    definition = indicators()[RATE]
    interval = rate_interval(
        numerator=doctors["numerator"], denominator=doctors["denominator"], multiplier=definition.multiplier
    )
    heads = [t("list.unit"), t("profile.peer.gap"), t("brief.rate")]
    half = min(count, len(gap) // 2)
    lists = {"worst": gap.index[:half], "best": gap.index[::-1][:half]}
    return [
        {
            "title": t(f"brief.{key}", n=fmt.number(half)),
            "heads": heads,
            "rows": [
                [
                    summary.full_name(code, scope),
                    fmt.span(gap["low"][code], gap["value"][code], sign=True),
                    _rate(doctors["value"][code], interval.loc[code]),
                ]
                for code in codes
            ],
        }
        for key, codes in lists.items()
    ]


def _rate(value: float, interval: pd.Series) -> str:
    if pd.isna(value):
        return fmt.MISSING
    return f"{fmt.number(value, 1)} ({fmt.span(interval['low'], interval['high'], 1)})"


def _method(results: Results) -> Content:
    rows = []
    for name in (MAPPED, *summary.OVERVIEW):
        definition = indicators()[name]
        text = f"{definition.definition.in_(current())} {provenance.rule(definition)}."
        rows.append([definition.name.in_(current()), text])
    return {
        "title": t("brief.method"),
        "rows": [*rows, [t("targets.column.outlook"), t("targets.chart.note")]],
    }
