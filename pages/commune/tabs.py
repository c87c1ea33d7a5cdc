"""The depths of a profile, one tab each."""

from __future__ import annotations

from html import escape
from typing import Final

import pandas as pd
import streamlit as st

from answers import format as fmt
from answers import lists
from answers.names import order_of
from answers.quality import numbers as quality
from answers.results import Results
from answers.scope import Scope, place_name
from answers.staffing import numbers as staffing
from answers.summary import figure
from answers.units import neighbours, profile, score_sheets, station
from answers.words import current, t
from geo.units import at_level, parent_of
from metrics.registry import Indicator, indicators, norms
from ui import badges, findings, html, kpis, page, station_link, theme, unit_list
from ui.export import pins
from ui.show import show as show_figure
from ui.visit import choose_unit


def staff(results: Results, scope: Scope) -> None:
    """Show the unit's staff against each norm, and by cadre."""
    left, right = st.columns(2, gap="medium")
    with left:
        page.section(t("profile.norms"), t("profile.norm.note"))
        lenses = profile.lenses(results, scope)
        rows = [
            [
                escape(norms()[lens.id].name.in_(current())),
                escape(t("profile.norm.doctors" if lens.doctors else "profile.norm.staff")),
                fmt.number(lens.existing) if lens.known else fmt.MISSING,
                fmt.span(lens.required_low, lens.required_high) if lens.known else fmt.MISSING,
                fmt.span(lens.missing_low, lens.missing_high) if lens.known else fmt.MISSING,
            ]
            for lens in lenses
        ]
        heads = [t(f"profile.norm.{key}") for key in ("name", "what", "existing", "required", "missing")]
        st.html(html.table(heads, rows, numbers=(2, 3, 4)))
        tables = ["staffing", "population", "stations", "activity"]
        badges.caption(results.snapshot, tables, besides=staffing.nature_besides(lenses))
    with right:
        spec = pins.of_unit("headcount", "", scope)
        show_figure(results, spec, key="commune.cadres", note=t("staffing.cadre.note"))


def criteria(results: Results, scope: Scope) -> None:
    """Show the unit's points under each criterion, with the floor and the verdict."""
    if scope.level != "commune":
        st.html(f'<p class="atlas card-note">{escape(t("profile.criteria.above"))}</p>')
        return
    sheets = score_sheets.scored(results, scope)
    if not sheets:
        text = t("profile.criteria.none", year=scope.year)
        st.html(f'<p class="atlas card-note">{escape(text)}</p>')
        return
    if sheets[0].geography != scope.geography:
        st.html(f'<p class="atlas card-note">{escape(t("profile.criteria.of_many"))}</p>')
        st.html(_sheets(sheets))
    else:
        show_figure(results, pins.of_unit("unit_criteria", "", scope), key="profile.criteria")
        return
    st.html(f'<p class="atlas card-note">{escape(score_sheets.rule_text(sheets[0].rules))}</p>')
    badges.caption(results.snapshot, ["criteria_scores"], indicators()["communes_meeting_national_criteria"])


def _sheets(sheets: list[score_sheets.Scored]) -> str:
    names = at_level("legacy", "commune")["name"]
    rows = [
        [
            escape(str(names[sheet.code])),
            f"{fmt.number(sheet.verdict['total'], 1)} / {fmt.number(sheet.verdict['maximum'])}",
            escape(t(f"profile.criteria.{score_sheets.verdict_key(sheet.verdict)}")),
            escape(score_sheets.held_back(sheet)) or fmt.MISSING,
        ]
        for sheet in sheets
    ]
    heads = [t("commune.former"), t("profile.criteria.total"), t("targets.column.status")]
    return html.table([*heads, t("profile.criteria.blocking")], rows, numbers=(1,))


def stations(results: Results, scope: Scope) -> None:
    """Show the unit's stations and points, and which run a family-doctor clinic; a click opens its profile."""
    page.section(t("commune.stations"), t("commune.stations.note"))
    found = profile.stations(results, scope)
    old, new = at_level("legacy", "commune")["name"], at_level("current", "commune")["name"]
    district = parent_of("legacy", "commune", "district").map(at_level("legacy", "district")["name"])
    texts = {
        "station": found["name"],
        "role": found["role"].map(lambda role: t(f"commune.role.{role}")),
        "zone": found["zone"].map(fmt.number),
        "former": found["legacy_commune"].map(old + ", " + district),
        "now": found["current_commune"].map(new),
    }
    columns = [
        lists.Column(t(f"commune.{key}"), list(column), [float(v) for v in order_of(column)])
        for key, column in texts.items()
    ]
    opened = [None if pd.isna(day) else float(day.toordinal()) for day in found["opened"]]
    columns.append(lists.Column(t("profile.clinic"), [_clinic(day) for day in found["opened"]], opened))
    height = min(440, 40 + 34 * len(found))
    data = lists.payload(list(found["station"]), columns, selected=scope.station, height=height)
    unit_list.show(data, key="profile.stations", choose=station_link.chooser(results))
    badges.caption(results.snapshot, ["stations", "pilots"])


def _clinic(opened: pd.Timestamp) -> str:
    if pd.isna(opened):
        return t("profile.clinic.none")
    return t("profile.clinic.since", date=fmt.date(opened))


def trends(results: Results, scope: Scope) -> None:
    """Show how the unit's indicators went, beside the province."""
    frame = profile.trends(results, scope)
    years = list(results.options.years)
    rows = []
    for name, row in frame.iterrows():
        definition = indicators()[str(name)]
        values = [None if pd.isna(v) else float(v) for v in row[years]]
        now = None if pd.isna(row["now"]) else float(row["now"])
        change = _change(row[years], scope.year, definition, str(row["compared"]))
        label = definition.name.in_(current())
        rows.append(
            [
                f"<strong>{escape(label)}</strong><br><small>{escape(definition.unit.in_(current()))}</small>",
                figure(now, definition),
                change,
                kpis.sparkline(values, t("kpi.trend", label=label), theme.current()),
                figure(None if pd.isna(row["scope"]) else float(row["scope"]), definition),
            ]
        )
    heads = [t("profile.trend.indicator"), str(scope.year), t("profile.trend.change")]
    heads += [t("profile.trend.line"), place_name(scope)]
    st.html(html.table(heads, rows, numbers=(1, 2, 4)))
    badges.caption(results.snapshot, ["staffing", "activity", "population", "insurance", "village_workers"])


def _change(values: pd.Series, year: int, definition: Indicator, compared: str) -> str:
    """Return the change from the first year compared to the year shown, with since when and of how many."""
    known = values.loc[:year].astype("float64").dropna()
    if len(known) < 2 or known.index[-1] != year:
        return fmt.MISSING
    amount = fmt.number(float(known.iloc[-1] - known.iloc[0]), definition.decimals, sign=True)
    since = t("profile.trend.since", year=int(known.index[0]))
    return f"{amount}<br><small>{escape(f'{since}, {compared}' if compared else since)}</small>"


def peers(results: Results, scope: Scope) -> None:
    """Show the nearest units and those most alike, side by side with this one; of a station, as stations."""
    left, right = st.columns(2, gap="medium")
    for column, key, find in ((left, "nearest", neighbours.nearest), (right, "similar", neighbours.similar)):
        with column:
            page.section(t(f"profile.{key}"), t(f"profile.{key}.note"))
            _peers(results, scope, find(results, scope), key)
    badges.caption(results.snapshot, ["population", "stations", "staffing"])


def _peers(results: Results, scope: Scope, found: pd.DataFrame, key: str) -> None:
    stations = station.of_communes(results, [str(scope.unit), *found.index]) if scope.station else {}
    if stations:
        found = found[found.index.isin(stations)]
    codes = [str(scope.unit), *found.index]
    texts = neighbours.compared(results, scope, codes)
    names = at_level(scope.geography, scope.level)["name"].reindex(codes)
    away = [0.0, *found["distance"]]
    order = list(range(len(codes)))
    head = "profile.peer.km" if key == "nearest" else "profile.peer.alike"
    shown = [fmt.MISSING, *(fmt.number(v, 1 if key == "nearest" else 2) for v in found["distance"])]
    columns = [
        lists.Column(t("list.unit"), [profile.called(scope, code) for code in codes], list(order_of(names))),
        lists.Column(t(head), shown, away, number=True),
        *(
            lists.Column(t(f"profile.peer.{name}"), list(texts[name]), order, number=True)
            for name in ("population", "staff", "gap", "doctors")
        ),
    ]
    chosen, choose = scope.unit, choose_unit
    if stations:
        codes, chosen = [stations[code] for code in codes], scope.station
        choose = station_link.chooser(results)
    data = lists.payload(codes, columns, selected=chosen, height=330)
    unit_list.show(data, key=f"profile.{key}", choose=choose)


def reform(results: Results, scope: Scope) -> None:
    """Show the communes on the other side of the 2025 reform."""
    found = profile.reform(results, scope)
    before = scope.geography == "current"
    page.section(t("profile.reform.before" if before else "profile.reform.after"), t("profile.reform.note"))
    rows = [
        [escape(str(row["name"])), escape(str(row["above"])), *(fmt.number(row[key]) for key in _COUNTED)]
        for _, row in found.iterrows()
    ]
    heads = [t("list.unit"), t("profile.reform.above"), t("profile.peer.population"), t("profile.peer.staff")]
    st.html(html.table([*heads, t("profile.reform.stations")], rows, numbers=(2, 3, 4)))
    badges.caption(results.snapshot, ["crosswalk", "population", "staffing"])


_COUNTED: Final = ("population", "staff", "stations")


def notes(results: Results, scope: Scope) -> None:
    """Show what is incomplete or looks wrong in the unit's data."""
    table = results.indicator("staff", scope.geography, scope.level)
    if (scope.unit, scope.year) in table.index:
        row = table.loc[(scope.unit, scope.year)]
        text = t(
            "profile.quality.reported",
            year=scope.year,
            reported=fmt.number(row["reported"]),
            expected=fmt.number(row["expected"]),
        )
        st.html(f'<p class="atlas">{escape(text)}</p>')
    found = quality.within(results, scope, unit=scope.unit)
    if found.empty:
        st.html(f'<p class="atlas card-note">{escape(t("profile.quality.none"))}</p>')
        return
    findings.show(results, scope, found, key="profile.quality", profiles=False)


TABS: Final = {
    "staff": staff,
    "criteria": criteria,
    "stations": stations,
    "trends": trends,
    "peers": peers,
    "reform": reform,
    "quality": notes,
}
