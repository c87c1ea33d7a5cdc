"""Over the years: the share against the commitments, who gained and who lost, whose recognition ends."""

from __future__ import annotations

from html import escape

import pandas as pd
import streamlit as st

from answers import format as fmt
from answers import lists
from answers.compliance import changes, words
from answers.compliance import numbers as compliance
from answers.names import order_of
from answers.results import Results
from answers.scope import Scope
from answers.targets import numbers as targets
from answers.words import current, t, tn
from data.sources import source_said
from ui import badges, html, page, target_cards, unit_list
from ui.export import pins
from ui.show import show as show_figure

TABLES = ("criteria_scores", "targets")
MOST_NAMES = 8


def show(results: Results, scope: Scope) -> None:
    """Show the three parts."""
    seen = changes.observed(results, scope)
    if seen.empty:
        st.info(t("compliance.empty.scores", year=scope.year), icon=":material/hourglass_empty:")
        return
    show_figure(
        results, pins.whole("pledges", "", scope), key="compliance.trend", note=t("compliance.trend.note")
    )
    found = changes.commitments(results, scope)
    if len(found):
        _promises(found)
    if compliance.of_scope(results, scope).empty:
        st.info(t("compliance.empty.scores", year=scope.year), icon=":material/hourglass_empty:")
        return
    _flow(results, scope)
    _recognition(results, scope)


def _promises(found: pd.DataFrame) -> None:
    """Show each commitment with its standing, in the words of the commitments page."""
    rows = []
    for _, one in found.iterrows():
        whose = "" if one["own"] else f" <small>({escape(t('compliance.promise.compared'))})</small>"
        texts = [targets.stands(one), targets.pace(one), targets.outlook(one), targets.why(one)]
        rows.append(
            [
                escape(words.promise_name(one)) + whose,
                target_cards.status_html(one["status"]),
                *(escape(text) for text in texts),
                f"<small>{escape(source_said(one['source'], current()))}</small>",
            ]
        )
    heads = ("promise", "status", "latest", "pace", "projected", "why", "source")
    st.html(html.table([t(f"compliance.promise.column.{name}") for name in heads], rows))


def _flow(results: Results, scope: Scope) -> None:
    show_figure(results, pins.whole("flow", "", scope), key="compliance.flow", note=t("compliance.flow.note"))
    moves = changes.moves(results, scope)
    if moves:
        _changes(moves)


def _changes(moves: dict[tuple[int, int], pd.DataFrame]) -> None:
    """Show the flow as a table, and name those who lost."""
    kinds = ("gained", "lost", "kept", "never", "not_assessable")
    rows, named = [], []
    for (first, last), frame in moves.items():
        years = f"{first} → {last}"
        rows.append([years, *(fmt.number(int(frame["transition"].eq(kind).sum())) for kind in kinds)])
        lost = words.places(frame[frame["transition"].eq("lost")].sort_values("name", key=order_of))
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
    found = changes.recognised(results, scope)
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
