"""Where next: choose how many clinics, under which conditions; see whom the best choice reaches."""

from __future__ import annotations

from html import escape

import pandas as pd
import plotly.graph_objects as go
import streamlit as st

from answers import format as fmt
from answers import kept as cache
from answers import lists
from answers.colours import Theme
from answers.names import order_of
from answers.pilots import figures as slides_pilots
from answers.pilots import numbers as pilots
from answers.pilots import sites as pilots_sites
from answers.pilots import words as pilots_words
from answers.pilots.sites import Answer, Ask
from answers.results import Results
from answers.scope import Scope
from answers.words import labels, t, tn
from geo import maps
from pages.pilots.register import base_map
from ui import badges, page, plot, station_link, theme, unit_list, visit
from ui.export import pins
from ui.show import show as show_figure

TABLES = ("pilots", "stations", "population", "staffing", "facilities")
GOALS = ("cover", "near")
K, WITHIN = 10, 5


def show(results: Results, scope: Scope) -> None:
    """Show the question and its answer."""
    _next()


@page.fragment
def _next() -> None:
    results, scope = cache.results(), visit.current()
    assert results is not None
    ask = _asked(results, scope)
    can = len(pilots_sites.candidates(results, scope, ask))
    if not len(ask.must) <= ask.k <= can:
        st.error(
            t("pilots.next.cannot", k=fmt.number(ask.k), can=fmt.number(can), must=fmt.number(len(ask.must))),
            icon=":material/error:",
        )
        return
    with st.spinner(t("pilots.working")):
        try:
            found = pilots_sites.answer(results, scope, ask)
        except TimeoutError:
            st.error(t("pilots.next.timeout"), icon=":material/error:")
            return
    page.section(_sentence(found, ask), t("pilots.next.note"))
    left, right = st.columns([7, 5], gap="medium")
    with left:
        plot.show(
            _map(results, scope, found),
            key="pilots.next.map",
            chooses=True,
            alt=t("pilots.next.alt", k=fmt.number(ask.k)),
            pin=pins.whole("next", "", scope, *slides_pilots.asked(ask)),
        )
    with right:
        _list(results, scope, found)
    station_link.link(results, scope)
    _readiness_cost(found, ask)
    _curve(results, scope, ask)
    badges.caption(results.snapshot, TABLES)


def _asked(results: Results, scope: Scope) -> Ask:
    """Draw the controls and return what they ask for."""
    names = pilots_words.station_names(results, scope)
    frame = pilots.readiness(results, scope)
    free = sorted(frame.index[frame["opened"].isna()], key=lambda one: names[one])
    ready = int(frame["state"].eq("ready").fillna(False).sum())
    first, second, third = st.columns([1, 1, 2], vertical_alignment="bottom")
    with first:
        k = st.number_input(
            t("pilots.next.k"), 1, 60, max(1, min(K, ready)), key="pilots.next.k", persist_state="session"
        )
    with second:
        within = st.number_input(
            t("pilots.next.within"), 1, 20, WITHIN, key="pilots.next.within", persist_state="session"
        )
    with third:
        goal = st.segmented_control(
            t("pilots.next.goal"),
            GOALS,
            default="cover",
            key="pilots.next.goal",
            format_func=labels(GOALS, lambda one: t(f"pilots.next.goal.{one}")),
            required=True,
            persist_state="session",
        )
    ready_only = st.toggle(
        t("pilots.next.ready"), value=True, key="pilots.next.ready", help=t("pilots.next.ready.help")
    )
    with st.expander(t("pilots.next.more")):
        called = labels(free, names.__getitem__)
        place = f"{scope.geography}-{scope.province}"
        must = st.multiselect(
            t("pilots.next.must"), free, key=f"pilots.next.must.{place}", format_func=called
        )
        rest = [one for one in free if one not in must]
        excluded = st.multiselect(
            t("pilots.next.excluded"), rest, key=f"pilots.next.excluded.{place}", format_func=called
        )
        hard = st.number_input(
            t("pilots.next.hard"), 1.0, 5.0, 1.0, 0.5, key="pilots.next.hard", help=t("pilots.next.hard.help")
        )
    return Ask(
        k=int(k),
        within=float(within),
        goal=goal,
        ready_only=ready_only,
        must=tuple(sorted(must)),
        excluded=tuple(sorted(excluded)),
        hard=float(hard),
    )


def _sentence(found: Answer, ask: Ask) -> str:
    said = {
        "k": fmt.number(ask.k),
        "within": fmt.number(ask.within),
        "added": fmt.number(found.now - found.before),
        "before": fmt.percent(100 * found.before / found.total if found.total else None),
        "now": fmt.percent(100 * found.now / found.total if found.total else None),
    }
    text = tn("pilots.next.sentence", ask.k, **said)
    if ask.goal == "near":
        text += " " + t("pilots.next.mean", km=fmt.number(found.siting.mean_distance, 1))
    if found.siting.gap > 1e-4:
        text += " " + t("pilots.next.not_proven")
    return text


def _map(results: Results, scope: Scope, found: Answer) -> go.Figure:
    colours = theme.current()
    standing = pilots_sites.standing_of_units(found.places)
    legend = maps.Legend(
        title=t("pilots.next.legend"),
        labels=[t(f"pilots.next.standing.{name}") for name in pilots_sites.STANDING],
        no_data=t("map.no_data"),
        not_applicable=t("map.not_applicable"),
    )
    fills = [colours.no_data, colours.sequential[2], colours.sequential[0]]
    reached = found.places.groupby(["unit", "standing"])["people"].sum()
    hover = [
        "<br>".join(
            f"{escape(t(f'pilots.next.standing.{name}'))}: {fmt.number(reached[unit, name])}"
            for name in pilots_sites.STANDING
            if (unit, name) in reached.index
        )
        for unit in standing.index
    ]
    figure = base_map(scope, standing, fills, legend, hover)
    _catchments(figure, results, scope, found, colours)
    return figure


def _catchments(figure: go.Figure, results: Results, scope: Scope, found: Answer, colours: Theme) -> None:
    """Draw each clinic, and a line to it from every place it reaches."""
    frame = pilots.stations(results, scope)
    inside = found.places[found.places["standing"].ne("beyond")]
    own, site = frame.loc[inside.index], frame.loc[inside["nearest"]]
    lines = {"lon": [], "lat": []}
    for key, column in (("lon", "longitude"), ("lat", "latitude")):
        for a, b in zip(own[column], site[column], strict=True):
            lines[key] += [a, b, None]
    figure.add_scattermap(
        **lines, mode="lines", line={"color": colours.muted, "width": 1}, hoverinfo="skip", showlegend=False
    )
    for rows, colour, size in (
        (frame[frame["opened"].notna()], colours.categorical[1], 13),
        (found.chosen, colours.text, 12),
    ):
        figure.add_scattermap(
            lon=rows["longitude"],
            lat=rows["latitude"],
            mode="markers",
            marker={"size": size, "color": colour},
            hoverinfo="skip",
            showlegend=False,
        )


def _list(results: Results, scope: Scope, found: Answer) -> None:
    """Show the chosen stations in the order they are to open; a click leads to a station's profile."""
    names = pilots_words.station_names(results, scope)
    called = pd.Series([names[str(code)] for code in found.chosen.index], dtype="str")
    reached = [fmt.number(value) for value in found.chosen["reached"]]
    ranks = [float(at) for at in range(1, len(called) + 1)]
    columns = [
        lists.Column(t("pilots.column.station"), list(called), [float(v) for v in order_of(called)]),
        lists.Column(t("pilots.column.rank"), [fmt.number(at) for at in ranks], ranks, number=True),
        lists.Column(
            t("pilots.column.reached"), reached, [float(v) for v in found.chosen["reached"]], number=True
        ),
    ]
    notes = [pilots_words.lacks(row) for _, row in found.chosen.iterrows()]
    data = lists.payload(list(found.chosen.index), columns, notes=notes, selected=scope.station, height=400)
    unit_list.show(data, key="pilots.next.list", choose=station_link.chooser(results))


def _readiness_cost(found: Answer, ask: Ask) -> None:
    """Say what choosing among ready stations only costs, or what the chosen ones still lack."""
    lost = found.unrestricted - found.now
    if ask.ready_only:
        text = t("pilots.next.price", lost=fmt.number(max(lost, 0.0)))
    else:
        lacking = int((found.chosen["state"] != "ready").fillna(True).sum())
        text = tn("pilots.next.lacking", lacking, n=fmt.number(lacking), k=fmt.number(ask.k))
    st.html(f'<p class="atlas">{escape(text)}</p>')


def _curve(results: Results, scope: Scope, ask: Ask) -> None:
    """Show how many people k new clinics reach, by the best choice and by simpler ones."""
    spec = pins.whole("reach", "", scope, *slides_pilots.asked(ask))
    show_figure(results, spec, key="pilots.next.curve")
