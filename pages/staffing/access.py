"""What people can reach: map and list, and the communes whose own number hides poor access."""

from __future__ import annotations

from html import escape

import pandas as pd
import streamlit as st

from answers import format as fmt
from answers import lists
from answers.colours import palette
from answers.figure import Spec
from answers.names import order_of
from answers.results import Results
from answers.scope import Scope
from answers.staffing import access as staffing_access
from answers.staffing import workbook as staffing_workbook
from answers.staffing.access import Reach
from answers.staffing.numbers import missing_to_none
from answers.words import t, tn
from data.problems import Refused
from geo import maps
from geo.classify import Classes, classes, interval_labels
from geo.units import at_level
from metrics.access import DETOUR
from metrics.errors import BadParameters
from pages.staffing.workload import fault_text
from ui import badges, map_shapes, page, plot, theme, unit_list
from ui.export import pins

TABLES = ("staffing", "stations", "population")
UPLOAD = "staffing.access.upload"
HEIGHT = 480
NAMED = 6


@page.fragment
def show(results: Results, scope: Scope, basis: str) -> None:
    """Show how access was measured, the map beside the list, and the communes that look better than they are."""
    detour, table = _controls(results)
    try:
        found = staffing_access.reach(results, scope, detour=detour, table=table)
    except ValueError:
        st.error(t("staffing.access.bad_detour"))
        return
    frame = found.units.assign(name=at_level(scope.geography, scope.level)["name"].reindex(found.units.index))
    page.section(
        sentence(frame, scope),
        t(
            "staffing.access.method.minutes" if found.minutes else "staffing.access.method",
            detour=fmt.number(detour, 1),
        ),
    )
    pin = None if found.minutes else pins.whole("access", "", scope, f"{detour:g}")
    _map_and_list(frame, scope, found, pin)
    if pin is None:
        pins.absent()
    if frame["incomplete"].any():
        count = int(frame["incomplete"].sum())
        page.remark(tn("staffing.access.incomplete", count, n=fmt.number(count)))
    badges.caption(results.snapshot, TABLES)


def _controls(results: Results) -> tuple[float, pd.DataFrame | None]:
    """Return the detour factor and the province's own travel times, if any."""
    left, right = st.columns([1, 2], vertical_alignment="top")
    with left:
        detour = st.number_input(
            t("staffing.access.detour"),
            value=DETOUR,
            step=0.1,
            format="%0.1f",
            key="staffing.access.detour",
            help=t("staffing.access.detour.help"),
            persist_state="session",
        )
    with right:
        file = st.file_uploader(t("staffing.access.upload"), type=["csv"], key=UPLOAD)
    if file is None:
        return detour, None
    stations = results.frame("stations")
    try:
        table = staffing_access.travel_times(
            table=staffing_workbook.read_times(file.getvalue(), file.name),
            origins=pd.Index(stations["legacy_commune"].unique()),
            destinations=pd.Index(stations["station"]),
        )
    except (BadParameters, Refused) as error:
        st.error(t("staffing.access.refused") + "\n\n" + fault_text(error))
        return detour, None
    return detour, table


def sentence(frame: pd.DataFrame, scope: Scope) -> str:
    """Return how many units look fine by their own doctors while their people can reach few."""
    flagged = frame[frame["fine_but_poor"].fillna(False).astype(bool)].sort_values("access")
    if flagged.empty:
        return t("staffing.access.none")
    text = tn("staffing.access.flagged", len(flagged), n=fmt.number(len(flagged)))
    return f"{text} {t('staffing.fair.lowest', names=', '.join(flagged['name'].head(NAMED)))}"


def _map_and_list(frame: pd.DataFrame, scope: Scope, found: Reach, pin: Spec | None) -> None:
    colours = theme.current()
    values = frame["access"].astype("float64")
    cut = classes(values, decimals=2, k=5)
    fills = palette("sequential", cut.k, colours)
    with st.container(key="staffing-access"):
        left, right = st.columns([6, 6], gap="medium")
        with left:
            plot.show(
                _map(frame, scope, cut, fills),
                key="staffing.access.map",
                chooses=True,
                alt=t("staffing.access.alt"),
                pin=pin,
            )
        with right:
            _list(frame, scope, cut, fills, found)


def _map(frame: pd.DataFrame, scope: Scope, cut: Classes, fills: list[str]):
    legend = maps.Legend(
        title=t("staffing.access.legend"),
        labels=interval_labels(cut, lambda value: fmt.number(value, 2)),
        no_data=t("map.no_data"),
        not_applicable=t("map.not_applicable"),
    )
    hover = [
        f"<b>{escape(str(row.name))}</b><br>"
        + t("staffing.access.hover", access=fmt.number(row.access, 2), ratio=fmt.number(row.ratio, 2))
        for row in frame[["name", "access", "ratio"]]
        .rename_axis("code")
        .reset_index()
        .itertuples(index=False)
    ]
    return map_shapes.figure_of(
        scope, cut, legend, fills, hover, theme.current(), width=map_shapes.room(560), height=HEIGHT
    )


def _list(frame: pd.DataFrame, scope: Scope, cut: Classes, fills: list[str], found: Reach) -> None:
    flagged = frame["fine_but_poor"].fillna(False).astype(bool)
    frame = frame.assign(at=cut.codes, flagged=flagged, place=order_of(frame["name"]))
    frame = frame.sort_values(["flagged", "access", "place"], ascending=[False, True, True])
    signs = [t("staffing.access.sign") if sign else "" for sign in frame["flagged"]]

    def numbers(key: str, values: pd.Series, decimals: int) -> lists.Column:
        texts = [fmt.number(None if pd.isna(v) else v, decimals) for v in values]
        return lists.Column(t(f"staffing.access.column.{key}"), texts, missing_to_none(values), number=True)

    values = missing_to_none(frame["access"].round(4))
    top = max((value for value in values if value is not None), default=1.0)
    data = lists.payload(
        list(frame.index),
        [
            lists.Column(t("list.unit"), list(frame["name"]), list(frame["place"])),
            numbers("access", frame["access"], 2),
            numbers("ratio", frame["ratio"], 2),
            numbers("nearest.minutes" if found.minutes else "nearest", frame["nearest"], 1),
        ],
        notes=signs,
        bars=lists.Bars(values, [int(k) for k in frame["at"]], fills, 0.0, top),
        selected=scope.unit,
        height=HEIGHT - 46,
    )
    unit_list.show(data, key="staffing.access.list")
