"""Over the years: the share against the commitments, who gained and who lost, whose recognition ends."""

from __future__ import annotations

from html import escape

import pandas as pd
import streamlit as st

from answers import format as fmt
from answers import lists
from answers.compliance import numbers as compliance
from answers.names import order_of
from answers.results import Results
from answers.scope import Scope
from answers.targets import numbers as targets
from answers.words import current, t, tn
from data.sources import source_said
from ui import badges, html, page, plot, target_cards, theme, unit_list
from ui.draw import charts_compliance
from ui.export import pins

TABLES = ("criteria_scores", "targets")
MOST_NAMES = 8


def show(results: Results, scope: Scope) -> None:
    """Show the three parts."""
    seen = compliance.observed(results, scope)
    if seen.empty:
        st.info(t("compliance.empty.scores", year=scope.year), icon=":material/hourglass_empty:")
        return
    _commitments(results, scope, seen)
    if compliance.of_scope(results, scope).empty:
        st.info(t("compliance.empty.scores", year=scope.year), icon=":material/hourglass_empty:")
        return
    _flow(results, scope)
    _recognition(results, scope)


def _commitments(results: Results, scope: Scope, seen: pd.Series) -> None:
    page.section(t("compliance.trend.title"), t("compliance.trend.note"))
    found = compliance.commitments(results, scope)
    ahead = charts_compliance.Ahead([], [], [], [])
    if len(found) and found["deadline"].max().year > seen.index[-1]:
        line = compliance.projected(seen, found["deadline"].max().date())
        low, high = ([None if pd.isna(v) else float(v) for v in line[side]] for side in ("low", "high"))
        ahead = charts_compliance.Ahead(list(line.index), list(line["value"]), low, high)
    narrow = unit_list.is_narrow()
    chart = charts_compliance.commitments(
        years=list(seen.index),
        values=list(seen),
        texts=[fmt.percent(value) for value in seen],
        ahead=ahead,
        promised=[
            charts_compliance.Promised(
                year=one["deadline"].year,
                value=one["value"],
                label=fmt.percent(one["value"], 0) if narrow else compliance.promise_name(one),
                own=bool(one["own"]),
                kept=one["status"] == "done",
            )
            for _, one in found.iterrows()
        ],
        pace_label=t("compliance.trend.pace"),
        ahead_label="" if narrow else t("compliance.trend.ahead"),
        percent={tick: fmt.percent(tick, 0) for tick in range(0, 101, 10)},
        theme=theme.current(),
        narrow=narrow,
    )
    alt = t("trend.alt", title=t("compliance.trend.title"))
    plot.show(chart, key="compliance.trend", alt=alt, pin=pins.whole("pledges", "", scope))
    if len(found):
        _promises(found)
    badges.caption(results.snapshot, TABLES if len(found) else compliance.TABLES, compliance.definition())


def _promises(found: pd.DataFrame) -> None:
    """Show each commitment with its standing, in the words of the commitments page."""
    rows = []
    for _, one in found.iterrows():
        whose = "" if one["own"] else f" <small>({escape(t('compliance.promise.compared'))})</small>"
        texts = [targets.stands(one), targets.pace(one), targets.outlook(one), targets.why(one)]
        rows.append(
            [
                escape(compliance.promise_name(one)) + whose,
                target_cards.status_html(one["status"]),
                *(escape(text) for text in texts),
                f"<small>{escape(source_said(one['source'], current()))}</small>",
            ]
        )
    heads = ("promise", "status", "latest", "pace", "projected", "why", "source")
    st.html(html.table([t(f"compliance.promise.column.{name}") for name in heads], rows))


def _flow(results: Results, scope: Scope) -> None:
    page.section(t("compliance.flow.title"), t("compliance.flow.note"))
    moves = compliance.moves(results, scope)
    if not moves:
        st.html(f'<p class="atlas card-note">{escape(t("compliance.flow.one_year"))}</p>')
        return
    drawn = dict(list(moves.items())[-1:]) if unit_list.is_narrow() else moves
    years = [first for first, _ in drawn] + [max(last for _, last in drawn)]
    words = {True: "met", False: "short"}
    counts: dict[tuple[int, str, str], int] = {}
    totals: dict[tuple[int, str], int] = {}
    for (first, last), rows in drawn.items():
        sides = [rows[side].map(words).fillna("unknown") for side in ("passes_from", "passes_to")]
        counts |= {(first, *pair): int(n) for pair, n in pd.DataFrame(sides).T.value_counts().items()}
        for year, side in ((first, sides[0]), (last, sides[1])):
            totals |= {(year, verdict): int(n) for verdict, n in side.value_counts().items()}
    chart = charts_compliance.flow(
        years=years,
        counts=counts,
        labels={
            key: t(
                "compliance.flow.node", year=key[0], verdict=t(f"compliance.status.{key[1]}"), n=fmt.number(n)
            )
            for key, n in totals.items()
        },
        words={(a, b): t(f"compliance.flow.{_change(a, b)}") for _, a, b in counts},
        theme=theme.current(),
    )
    alt = t("compliance.flow.title")
    plot.show(chart, key="compliance.flow", alt=alt, pin=pins.whole("flow", "", scope))
    _changes(moves)
    badges.caption(results.snapshot, compliance.TABLES)


def _change(before: str, after: str) -> str:
    if "unknown" in (before, after):
        return "not_assessable"
    return {"metmet": "kept", "shortmet": "gained", "metshort": "lost"}.get(before + after, "never")


def _changes(moves: dict[tuple[int, int], pd.DataFrame]) -> None:
    """Show the flow as a table, and name those who lost."""
    kinds = ("gained", "lost", "kept", "never", "not_assessable")
    rows, named = [], []
    for (first, last), frame in moves.items():
        years = f"{first} → {last}"
        rows.append([years, *(fmt.number(int(frame["transition"].eq(kind).sum())) for kind in kinds)])
        lost = compliance.places(frame[frame["transition"].eq("lost")].sort_values("name", key=order_of))
        more = len(lost) - MOST_NAMES
        rest = tn("compliance.flow.more", more, n=fmt.number(more)) if more > 0 else ""
        if lost:
            named.append(t("compliance.flow.who", years=years, names="; ".join(lost[:MOST_NAMES]) + rest))
    heads = [t("compliance.flow.years"), *(t(f"compliance.flow.{kind}") for kind in kinds)]
    st.html(html.table(heads, rows, numbers=range(1, 6)))
    if named:
        st.html(f'<p class="atlas card-note">{"<br>".join(escape(line) for line in named)}</p>')


def _recognition(results: Results, scope: Scope) -> None:
    page.section(t("compliance.recognition.title", year=scope.year), t("compliance.recognition.note"))
    found = compliance.recognised(results, scope)
    kinds = ("recognised", "expiring", "lapsed", "never", "not_assessable")
    counts = [fmt.number(int(found["status"].eq(kind).sum())) for kind in kinds]
    heads = [t(f"compliance.recognition.{kind}") for kind in kinds]
    st.html(html.table(heads, [counts], numbers=range(5)))
    soon = found[found["status"].isin(["expiring", "lapsed"])].sort_values(["recognised_until", "name"])
    if soon.empty:
        st.html(f'<p class="atlas card-note">{escape(t("compliance.recognition.none"))}</p>')
    else:
        columns = [
            lists.Column(t("list.unit"), list(soon["name"]), list(order_of(soon["name"]))),
            lists.Column(
                t("compliance.recognition.until"),
                [fmt.date(day) for day in soon["recognised_until"]],
                [day.timestamp() for day in soon["recognised_until"]],
            ),
            lists.Column(
                t("compliance.recognition.state"),
                [t(f"compliance.recognition.{kind}") for kind in soon["status"]],
                [float(kind == "expiring") for kind in soon["status"]],
            ),
            lists.Column(
                t("compliance.recognition.last"),
                [str(year) for year in soon["last_passed"]],
                [float(year) for year in soon["last_passed"]],
                number=True,
            ),
        ]
        payload = lists.payload(
            list(soon["unit"]), columns, notes=list(soon["parent"]), height=min(420, 70 + 36 * len(soon))
        )
        unit_list.show(payload, key="compliance.expiring")
    badges.caption(results.snapshot, compliance.TABLES)
