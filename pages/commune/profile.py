"""The parts of a unit's profile."""

from __future__ import annotations

from html import escape
from typing import Any, Final

import pandas as pd
import streamlit as st

from geo import crosswalk
from geo.units import at_level, parent_of
from ui import badges, charts, html, page, theme, unit_list
from ui import format as fmt
from ui import scope as scopes
from ui.i18n import t
from ui.names import order_of
from ui.results import Results, home
from ui.scope import Scope
from ui.staff import cadre_chart

CARDS: Final = (
    "population",
    "staff",
    "stations_with_doctor",
    "communes_meeting_national_criteria",
    "health_insurance_coverage",
)


def units(scope: Scope) -> pd.DataFrame:
    """Return the scope's units in Vietnamese order."""
    return at_level(scope.geography, scope.level, within=scope.within).sort_values("name", key=order_of)


def list_payload(frame: pd.DataFrame) -> dict[str, Any]:
    """Return the list to choose a unit from."""
    names = unit_list.Column(t("list.unit"), list(frame["name"]), list(range(len(frame))))
    return unit_list.payload(list(frame.index), [names], height=520)


def _name(scope: Scope) -> str:
    return str(at_level(scope.geography, scope.level)["name"][str(scope.unit)])


def headline(results: Results, scope: Scope) -> str:
    """Return the unit's sentence: who is there, who is required, who is missing."""
    staffing = results.staffing(scope.geography, scope.level)
    row = staffing.loc[(scope.unit, scope.year)] if (scope.unit, scope.year) in staffing.index else None
    if row is None or row["status"] == "unknown":
        return t("commune.headline.unknown", name=_name(scope))
    key = "short" if row["status"] == "short" else "met"
    return t(
        f"commune.headline.{key}",
        name=_name(scope),
        existing=fmt.number(row["existing"]),
        required=fmt.span(row["required_low"], row["required_high"]),
        missing=fmt.span(-row["gap_low"], -row["gap_high"]),
    )


def navigation(frame: pd.DataFrame, scope: Scope) -> None:
    """Show the way to the previous and next unit and back to the list."""
    here = frame.index.get_loc(scope.unit)
    with st.container(horizontal=True):
        for key, step in (("previous", -1), ("next", 1)):
            other = frame.index[(here + step) % len(frame)]
            st.button(
                f"{t(f'commune.{key}')}: {frame.loc[other, 'name']}",
                key=f"commune.{key}",
                type="tertiary",
                icon=":material/chevron_left:" if step < 0 else ":material/chevron_right:",
                on_click=scopes.choose_unit,
                args=(other,),
            )
        st.button(
            t("commune.all"),
            key="commune.all",
            type="tertiary",
            icon=":material/list:",
            on_click=scopes.choose_unit,
            args=(None,),
        )


def history(scope: Scope) -> None:
    """Show where an old commune went, or what a new one is made of."""
    if scope.level != "commune":
        return
    legacy = scope.geography == "legacy"
    links = (crosswalk.went_to if legacy else crosswalk.made_of)(str(scope.unit))
    names = [
        t("unit.part", name=link["name"]) if link["kind"] == "part" else link["name"]
        for _, link in links.iterrows()
    ]
    text = t("unit.merged_into" if legacy else "unit.made_of", names=", ".join(names))
    st.html(f'<p class="atlas card-note">{escape(text)}</p>')


def trend(results: Results, scope: Scope) -> None:
    """Show existing staff beside the low end of the norm, by year."""
    page.section(t("commune.trend"))
    rows = results.staffing(scope.geography, scope.level).xs(scope.unit, level="code")
    years = list(results.options.years)
    series = []
    for key, column in (("existing", "existing"), ("required", "required_low")):
        values = [None if pd.isna(v) else float(v) for v in rows[column].reindex(years)]
        series.append((t(f"commune.trend.{key}"), values, [fmt.number(v) for v in values]))
    chart = charts.trend(
        years=years,
        series=series,
        theme=theme.current(),
        title="",
        reform_label=t("trend.reform"),
        zero=True,
        height=330,
    )
    alt = t("trend.alt", title=t("commune.trend"))
    st.plotly_chart(chart, key="commune.trend", theme=None, config=charts.CONFIG, alt=alt)
    badges.caption(results.snapshot, ["staffing", "population", "stations"])


def cadres(results: Results, scope: Scope) -> None:
    """Show the unit's headcount by cadre."""
    page.section(t("commune.staff"))
    cadre_chart(results, scope, key="commune.cadres")


def stations(results: Results, scope: Scope) -> None:
    """Show the unit's stations and points."""
    page.section(t("commune.stations"))
    frame = results.snapshot.frame("stations")
    target = home("legacy", scope.geography, scope.level)
    frame = frame[frame["legacy_commune"].map(target).eq(scope.unit)].sort_values("name", key=order_of)
    old, new = at_level("legacy", "commune")["name"], at_level("current", "commune")["name"]
    district = at_level("legacy", "district")["name"]
    parents = parent_of("legacy", "commune", "district")
    rows = [
        [
            escape(row["name"]),
            escape(t(f"commune.role.{row['role']}")),
            fmt.number(row["zone"]),
            escape(f"{old[row['legacy_commune']]}, {district[parents[row['legacy_commune']]]}"),
            escape(str(new[row["current_commune"]])),
        ]
        for _, row in frame.iterrows()
    ]
    heads = [t(f"commune.{name}") for name in ("station", "role", "zone", "former", "now")]
    st.html(html.table(heads, rows, numbers=(2,)))
    badges.caption(results.snapshot, ["stations"])
