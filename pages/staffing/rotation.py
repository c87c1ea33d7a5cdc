"""What to do now: who goes where, on a map and as a list, and what remains to be recruited."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape

import pandas as pd
import streamlit as st

from answers import format as fmt
from answers import kept as cache
from answers.colours import map_colours
from answers.results import Results
from answers.scope import Scope, sentence
from answers.staffing import dots as slides_dots
from answers.staffing import plan as staffing_plan
from answers.staffing.numbers import key_of
from answers.staffing.plan import STATES, Answer
from answers.words import current, t
from geo import decks
from geo.classify import NO_DATA, Classes
from metrics.errors import BadParameters
from metrics.rotation_rules import RECRUIT
from pages.staffing import rotation_rules
from ui import badges, html, page, theme, unit_list
from ui.export import pins
from ui.export.downloads import table_downloads

TABLES = ("staffing", "stations", "population")
KEPT = "staffing.rotation.answer"
HEIGHT = 480
SHOWN = 60
SIGNS = {"still": "▼", "helped": "▲", "giver": "●", "same": "·"}


@dataclass(frozen=True)
class Kept:
    """The last answer of the session, and what it was about."""

    about: tuple[str, ...]
    answer: Answer | BadParameters


@page.fragment
def show(results: Results, scope: Scope, basis: str) -> None:
    """Show the form; solve when asked; show the last answer while it is about the same data."""
    page.section(t("staffing.rotation.title"), t("staffing.rotation.note"))
    about = (results.snapshot.id, basis, *key_of(scope))
    question = rotation_rules.ask(results, scope, basis)
    if question is not None:
        with st.spinner(t("staffing.rotation.solving")):
            try:
                found = staffing_plan.answer(results, scope, basis, question)
            except BadParameters as error:
                found = error
        st.session_state[KEPT] = Kept(about, found)
    kept: Kept | None = st.session_state.get(KEPT)
    if kept is None or kept.about != about:
        page.remark(t("staffing.rotation.ask"))
    elif isinstance(kept.answer, BadParameters):
        st.error(
            t("staffing.rotation.impossible") + "\n\n" + kept.answer.text(current()).replace("\n", "\n\n")
        )
    else:
        _answer(results, scope, basis, kept.answer)


def _answer(results: Results, scope: Scope, basis: str, found: Answer) -> None:
    plan = found.plan
    proof = t("staffing.rotation.gap", gap=fmt.percent(100 * plan.gap, 1))
    if plan.proven:
        proof = t("staffing.rotation.proven")
    seconds = t("staffing.rotation.seconds", seconds=fmt.number(plan.seconds, 2))
    page.section(staffing_plan.verdict(found), f"{proof} {seconds} {staffing_plan.one_more_sentence(found)}")
    if plan.moves.empty:
        st.info(t("staffing.rotation.nothing"))
        return
    moves = staffing_plan.moves(found)
    left, right = st.columns([6, 6], gap="medium")
    with left:
        _map(found, moves, scope)
        if slide := pins.whole("rotation", "", scope, *slides_dots.asked(basis, found.question)):
            pins.button(slide, key="staffing.rotation.pin")
    with right:
        st.html(_table(moves))
        if len(moves) > SHOWN:
            more = t("staffing.rotation.first", n=SHOWN, total=fmt.number(len(moves)))
            page.remark(more)
        table_downloads(
            lambda: _moves(moves),
            results,
            scope,
            name="luan-phien",
            tables=TABLES,
            index_label=t("staffing.rotation.column.from_code"),
            title=f"{t('staffing.rotation.title')}: {sentence(scope)}",
            message="staffing.rotation.download",
        )
    ends = staffing_plan.ends(found)
    page.section(t("staffing.rotation.stations"), t("staffing.rotation.stations.note"))
    st.html(_stations(ends))
    table_downloads(
        lambda: _ends(ends),
        results,
        scope,
        name="tram-truoc-sau",
        tables=TABLES,
        title=f"{t('staffing.rotation.stations')}: {sentence(scope)}",
        message="staffing.rotation.download.stations",
    )
    badges.caption(results.snapshot, TABLES, besides=found.besides)


def _map(found: Answer, moves: pd.DataFrame, scope: Scope) -> None:
    colours, store = theme.current(), cache.geometry()
    states = staffing_plan.states(found)
    codes = states.map({name: i for i, name in enumerate(STATES)}).fillna(NO_DATA).astype("int64")
    fills = [colours.short, colours.accent, colours.met, colours.not_applicable]
    borders = store.asset(
        scope.geography, "district" if scope.geography == "legacy" else "commune", scope.province, "outline"
    )
    deck = decks.stations_map(
        outline_url=borders.url,
        stations=found.stations,
        classes=Classes(tuple(i + 0.5 for i in range(len(STATES) - 1)), "left", codes),
        hover=staffing_plan.hover(found),
        colors=map_colours(colours, fills),
        bounds=borders.bounds,
        width=340 if unit_list.is_narrow() else 560,
        height=HEIGHT,
    )
    texts = [
        f"{row.origin_name} → {row.destination_name}\n"
        + t("staffing.rotation.arc", doctors=fmt.number(row.doctors), km=fmt.number(row.cost, 1))
        for row in moves.itertuples()
    ]
    flows = moves.rename(columns={"doctors": "count"})
    decks.add_flows(
        deck, flows=flows, places=found.stations, hover=texts, colors=(colours.met, colours.short)
    )
    st.pydeck_chart(deck, height=HEIGHT, key="staffing.rotation.map", alt=t("staffing.rotation.alt"))
    legend = " &nbsp; ".join(
        f'<span style="color:{fill}">{SIGNS[name]} ⬤</span> {escape(t(f"staffing.rotation.state.{name}"))}'
        for name, fill in zip(STATES, fills, strict=True)
    )
    st.html(f'<p class="caption">{legend}</p>')


def _table(moves: pd.DataFrame) -> str:
    rows = [
        [
            escape(str(row.origin_name)),
            escape(str(row.destination_name)),
            fmt.number(row.doctors),
            fmt.MISSING if row.origin == RECRUIT else fmt.number(row.cost, 1),
            escape(str(row.reason)),
        ]
        for row in moves.head(SHOWN).itertuples()
    ]
    names = ("from", "to", "doctors", "km", "reason")
    body = html.table([t(f"staffing.rotation.column.{name}") for name in names], rows, numbers=(2, 3))
    return f'<div style="max-height:{HEIGHT}px;overflow-y:auto">{body}</div>'


def _moves(moves: pd.DataFrame) -> pd.DataFrame:
    columns = {
        "origin_name": "from",
        "destination": "to_code",
        "destination_name": "to",
        "doctors": "doctors",
        "cost": "km",
        "origin_before": "from_before",
        "origin_after": "from_after",
        "destination_before": "to_before",
        "destination_after": "to_after",
        "destination_required": "to_required",
        "reason": "reason",
    }
    table = moves.set_index("origin")[list(columns)]
    table = table.assign(cost=table["cost"].round(2))
    table.columns = [t(f"staffing.rotation.column.{name}") for name in columns.values()]
    return table


ENDS = ("required", "before", "after", "gap_before", "gap_after")


def _end_heads() -> list[str]:
    numbers = [t(f"staffing.rotation.column.{name}") for name in ENDS]
    return [t("list.unit"), *numbers, t("staffing.column.status")]


def _stations(ends: pd.DataFrame) -> str:
    """Return the stations the plan touches or leaves short; the rest stay as they are."""
    rows = [
        [
            escape(str(row["name"])),
            *(fmt.number(row[name]) for name in ENDS),
            f"{SIGNS[row['state']]} {escape(t('staffing.rotation.state.' + row['state']))}",
        ]
        for row in ends[ends["state"].ne("same")].to_dict("records")
    ]
    body = html.table(_end_heads(), rows, numbers=range(1, 6))
    return f'<div style="max-height:360px;overflow-y:auto">{body}</div>'


def _ends(ends: pd.DataFrame) -> pd.DataFrame:
    states = [t(f"staffing.rotation.state.{name}") for name in ends["state"]]
    table = ends[["name", *ENDS]].assign(state=states)
    return table.set_axis(_end_heads(), axis=1)
