"""The parts of the commitments page: those that need attention, the tables, the timeline, one in detail."""

from __future__ import annotations

from html import escape
from typing import Final

import pandas as pd
import streamlit as st

from answers import clock
from answers import format as fmt
from answers import kept as cache
from answers.figure import Spec
from answers.results import Results
from answers.scope import Scope
from answers.targets import numbers as targets
from answers.words import current, labels, t
from data.sources import source_said
from metrics.targets import bounds_of, needing_attention, projection
from ui import badges, html, page, plot, target_cards, theme, visit
from ui.draw import charts_targets
from ui.export import pins

TABLES: Final = ("targets", "facts")


def nature(judged: pd.DataFrame) -> str:
    """Return the nature of the page: illustrative where any verdict rests on illustrative figures."""
    return "illustrative" if judged["nature"].eq("illustrative").any() else "published"


def note(results: Results, scope: Scope, judged: pd.DataFrame) -> None:
    """Say how commitments are judged, and whose are not shown."""
    text = t("targets.note", today=fmt.date(clock.today()))
    others = targets.elsewhere(results, scope)
    if others:
        text += " " + t("targets.elsewhere", places=", ".join(others))
    st.html(f'<p class="atlas card-note">{escape(text)}</p>')


def attention(judged: pd.DataFrame) -> None:
    """Show the three commitments to look at first."""
    found = needing_attention(judged=judged)
    page.section(t("targets.attention"), "" if len(found) else t("targets.attention.none"))
    st.html(target_cards.cards_html(found))


def by_document(results: Results, scope: Scope) -> None:
    """Show the commitments of each document."""
    _grouped(results, scope, "document", targets.DOCUMENTS)


def by_topic(results: Results, scope: Scope) -> None:
    """Show the commitments of each topic."""
    _grouped(results, scope, "topic", targets.TOPICS)


def _grouped(results: Results, scope: Scope, by: str, order: tuple[str, ...]) -> None:
    judged = targets.commitments(results, scope)
    for group in order:
        rows = judged[judged[by].eq(group)].sort_values("deadline", kind="stable")
        if len(rows):
            page.section(t(f"targets.{by}.{group}"))
            st.html(_table(rows))
    badges.caption(results.snapshot, TABLES)


def _table(rows: pd.DataFrame) -> str:
    heads = ("promise", "deadline", "stands", "pace", "outlook", "status")
    return html.table(
        [t(f"targets.column.{name}") for name in heads], [_cells(row) for _, row in rows.iterrows()]
    )


def _cells(row: pd.Series) -> list[str]:
    deadline = fmt.date(row["deadline"]) if pd.notna(row["deadline"]) else t("targets.no_deadline")
    return [
        f"<strong>{escape(targets.name(row['indicator']))}</strong> {escape(targets.promise(row))}"
        f"<br><small>{escape(row['place'])} · {escape(source_said(row['source'], current()))}</small>",
        escape(deadline),
        _figure(row),
        escape(targets.pace(row)),
        escape(targets.outlook(row)),
        f"{target_cards.status_html(row['status'])}<br><small>{escape(targets.why(row))}</small>",
    ]


def _figure(row: pd.Series) -> str:
    if row["basis"] == "none":
        return fmt.MISSING
    return f"{escape(targets.stands(row))}<br><small>{escape(row['measured'])}</small> {badges.html(row['nature'])}"


def timeline(results: Results, scope: Scope) -> None:
    """Show every deadline on one line of time; past ones keep their verdict."""
    judged = targets.commitments(results, scope)
    dated = judged[judged["deadline"].notna()].sort_values(["deadline", "status"], kind="stable")
    colours, today = theme.current(), clock.today()
    tones = {"met": colours.met, "short": colours.short, "between": colours.between, "unknown": colours.muted}
    hovers = [_hover(row) for _, row in dated.iterrows()]
    figure = charts_targets.timeline(
        deadlines=[day.date() for day in dated["deadline"]],
        rows=[float(n) for n in dated.groupby("deadline").cumcount()],
        symbols=[targets.SYMBOL[status] for status in dated["status"]],
        colours=[tones[targets.TONE[status]] for status in dated["status"]],
        hovers=hovers,
        today=(today, t("targets.today", date=fmt.date(today))),
        theme=colours,
    )
    page.section(t("targets.timeline"), t("targets.timeline.note"))
    pin = pins.whole("deadlines", "", scope)
    plot.show(figure, key="targets.timeline", alt=t("targets.timeline.alt"), pin=pin)
    st.html(_deadlines(dated))
    badges.caption(results.snapshot, TABLES)


def _hover(row: pd.Series) -> str:
    what = f"{escape(targets.name(row['indicator']))} {escape(targets.promise(row))}"
    status = t(f"targets.status.{row['status']}")
    place = f"{escape(row['place'])} · {fmt.date(row['deadline'])}"
    return f"{what}<br>{place}<br>{targets.SYMBOL[row['status']]} {status}"


def _deadlines(dated: pd.DataFrame) -> str:
    """Return the same as a table: a chart alone cannot be read aloud."""
    rows = [
        [
            escape(fmt.date(row["deadline"])),
            f"{escape(targets.name(row['indicator']))} {escape(targets.promise(row))}",
            escape(row["place"]),
            target_cards.status_html(row["status"]),
        ]
        for _, row in dated.iterrows()
    ]
    heads = ("deadline", "promise", "place", "status")
    return html.table([t(f"targets.column.{name}") for name in heads], rows)


@page.fragment
def one(_results: Results, _scope: Scope) -> None:
    """Show one commitment: its observations, its projection with a range, and its target."""
    results, scope = cache.results(), visit.current()
    assert results is not None
    judged = targets.commitments(results, scope).set_index("id")
    called = {code: targets.title(row) for code, row in judged.iterrows()}
    options = list(judged.sort_values("observations", ascending=False, kind="stable").index)
    chosen = st.selectbox(
        t("targets.one"), options, key="targets.one", format_func=labels(options, called.__getitem__)
    )
    row = judged.loc[chosen]
    st.html(target_cards.cards_html(judged.loc[[chosen]]))
    observed, _ = targets.observations(results, scope, row["place"], row["indicator"])
    if observed.empty:
        return
    _chart(row, observed, pins.whole("outlook", str(chosen), scope))
    badges.caption(results.snapshot, targets.tables(row), targets.definition(row))


def _chart(row: pd.Series, observed: pd.DataFrame, pin: Spec | None) -> None:
    series = pd.Series(observed["value"].to_numpy(), index=pd.DatetimeIndex(observed["date"]))
    until = row["deadline"].date() if pd.notna(row["deadline"]) else observed["date"].max().date()
    ahead = projection(observed=series, until=until, bounds=bounds_of(unit=row["unit"]))
    texts = [
        targets.amount(v, row, decimals=targets.digits(row)) for v in [*observed["value"], *ahead["value"]]
    ]
    figure = charts_targets.outlook(
        observed=observed,
        ahead=ahead,
        target=(float(row["value"]), f"{t('targets.target')}: {targets.promise(row)}"),
        texts=texts,
        words={name: t(f"targets.chart.{name}") for name in ("observed", "projected")},
        theme=theme.current(),
    )
    alt = t("trend.alt", title=targets.name(row["indicator"]))
    plot.show(figure, key="targets.chart", alt=alt, pin=pin)
    st.html(f'<p class="atlas card-note">{escape(t("targets.chart.note"))}</p>')


TABS: Final = {"document": by_document, "topic": by_topic, "timeline": timeline, "one": one}
