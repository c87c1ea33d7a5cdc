"""A map beside its ranked list, and under them the chosen unit: click either, the other follows."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from typing import Any

import pandas as pd
import streamlit as st

from data.names import collation_key
from geo import maps
from geo.classify import Classes, classes, interval_labels
from geo.units import at_level, parent_of
from metrics.registry import Indicator, indicators
from ui import badges, cache, charts, page, theme, unit_list
from ui import format as fmt
from ui import scope as scopes
from ui.i18n import current, labels, t
from ui.results import Results
from ui.scope import Scope
from ui.summary import figure, in_scope, of_year, scope_row

HEIGHT = 520
DESK, PHONE = 610, 340  # pixels a map is wide


def _name(name: str) -> str:
    return indicators()[name].name.in_(current())


@page.fragment
def map_and_list(choices: Sequence[str], key: str, basis: str = "points") -> None:
    """Show the choice of indicator and level, the map beside the list, and the chosen unit."""
    results = cache.results()
    assert results is not None
    pick, level = st.columns([3, 1.4], vertical_alignment="bottom")
    with pick:
        name = st.selectbox(
            t("map.indicator"),
            choices,
            format_func=labels(choices, _name),
            key=f"{key}.indicator",
            persist_state="session",
            label_visibility="collapsed",
        )
    with level:
        scopes.level_control(f"{key}.level")
    scope = scopes.current()
    view = View(results, scope, name, basis)
    with st.container(key="map-and-list"):
        left, right = st.columns([7, 5], gap="medium")
        with left:
            with st.container(key=f"{key}-map"):
                _map(view)
        with right:
            unit_list.show(view.list_payload(f"{key}-map"), key=f"{key}.list")
    badges.caption(results.snapshot, badges.tables_of(view.definition), view.definition)
    _chosen(view)
    if st.query_params.to_dict() != scopes.current().params():
        st.query_params.from_dict(scopes.current().params())


class View:
    """One indicator, one scope, one year: what the map, the list and the chosen unit all read."""

    def __init__(self, results: Results, scope: Scope, name: str, basis: str) -> None:
        self.results, self.scope = results, scope
        self.definition: Indicator = indicators()[name]
        self.all_years = in_scope(
            results.indicator(name, scope.geography, scope.level, basis), scope, scope.level
        )
        self.units = at_level(scope.geography, scope.level, within=scope.within)
        present = set(self.all_years.index.get_level_values("code"))
        shown = [code for code in self.units.index if code in present]
        self.rows = of_year(self.all_years, scope.year).reindex(shown)
        self.theme = theme.current()
        self.classes: Classes = classes(
            self.rows["value"].astype("float64"),
            reference=self.all_years["value"].astype("float64"),
            breaks=self.definition.breaks,
            center=self.definition.center,
            decimals=self.definition.decimals,
            k=7 if self.definition.palette == "diverging" else 5,
        )
        self.colours = theme.palette(self.definition.palette, self.classes.k, self.theme)

    @property
    def names(self) -> pd.Series:
        """The units' names, by code."""
        return self.units["name"].reindex(self.rows.index)

    def legend(self) -> maps.Legend:
        """Return the legend's words."""
        whole = self.definition.decimals == 0
        return maps.Legend(
            title=f"{self.definition.name.in_(current())} ({self.definition.unit.in_(current())})",
            labels=interval_labels(
                self.classes, lambda v: fmt.number(v, self.definition.decimals), whole=whole
            ),
            no_data=t("map.no_data"),
            not_applicable=t("map.not_applicable"),
        )

    def texts(self) -> list[str]:
        """Return each unit's value as text, a range where the value is one."""
        found = []
        for value, low, high in zip(self.rows["value"], self.rows["low"], self.rows["high"], strict=True):
            if (
                pd.notna(low)
                and pd.notna(high)
                and figure(low, self.definition) != figure(high, self.definition)
            ):
                found.append(
                    fmt.span(low, high, self.definition.decimals, sign=self.definition.palette == "diverging")
                )
            else:
                found.append(figure(None if pd.isna(value) else value, self.definition))
        return found

    def hover(self) -> list[str]:
        """Return each unit's hover text: name, value with unit, what was counted."""
        unit = "" if self.definition.unit.en == "%" else f" {self.definition.unit.in_(current())}"
        lines = []
        counted = zip(self.rows["numerator"], self.rows["denominator"], strict=True)
        for name, text, (above, below) in zip(self.names, self.texts(), counted, strict=True):
            line = f"<b>{escape(str(name))}</b><br>{text}{unit}"
            if pd.notna(above) and pd.notna(below):
                line += f"<br>{fmt.number(above)} / {fmt.number(below)}"
            lines.append(line)
        return lines

    def list_payload(self, beside: str) -> dict[str, Any]:
        """Return the ranked list: worst first, missing last."""
        lower_is_worse = self.definition.polarity != "lower_is_better"
        order = self.rows["value"].astype("float64").sort_values(ascending=lower_is_worse, na_position="last")
        rows = self.rows.loc[order.index]
        position = {code: i for i, code in enumerate(self.rows.index)}
        at = [position[code] for code in rows.index]
        names, texts, codes = list(self.names), self.texts(), list(self.classes.codes)
        ranked = sorted(range(len(names)), key=lambda i: collation_key(str(names[i])))
        rank = {i: r for r, i in enumerate(ranked)}
        values = [None if pd.isna(v) else round(float(v), 4) for v in rows["value"]]
        known = [value for value in values if value is not None] or [0.0]
        return unit_list.payload(
            list(rows.index),
            [
                unit_list.Column(t("list.unit"), [str(names[i]) for i in at], [rank[i] for i in at]),
                unit_list.Column(self._heading(), [texts[i] for i in at], values, number=True),
            ],
            notes=self._parents(rows.index),
            bars=unit_list.Bars(
                values, [int(codes[i]) for i in at], self.colours, min(0.0, *known), max(0.0, *known)
            ),
            selected=self.scope.unit,
            height=HEIGHT - 46,
            beside=beside,
        )

    def _heading(self) -> str:
        return f"{self.definition.unit.in_(current())}, {self.scope.year}"

    def _parents(self, codes: pd.Index) -> list[str] | None:
        if self.scope.level == "province":
            return None
        above = (
            "district" if self.scope.geography == "legacy" and self.scope.level == "commune" else "province"
        )
        if above == "province" and self.scope.within:
            return None
        home = parent_of(self.scope.geography, self.scope.level, above)
        names = at_level(self.scope.geography, above)["name"]
        return [str(names[home[code]]) for code in codes]


def _map(view: View) -> None:
    scope, narrow = view.scope, unit_list.is_narrow()
    store = cache.geometry()
    shapes = store.asset(scope.geography, scope.level, scope.province)
    above = "district" if scope.geography == "legacy" and scope.level == "commune" else "province"
    borders = store.asset(scope.geography, above, scope.province, "outline")
    chart = maps.area_map(
        url=shapes.url,
        classes=view.classes,
        legend=view.legend(),
        colors=theme.map_colours(view.theme, view.colours),
        bounds=shapes.bounds,
        hover=view.hover(),
        selected=scope.unit,
        outlines=[maps.Outline(borders.url, 1.4)],
        note=t(f"map.{shapes.source}.short"),
        places=shapes.places,
        width=PHONE if narrow else DESK,
        height=HEIGHT,
        uirevision=f"{scope.geography}-{scope.level}-{scope.province}-{narrow}",
    )
    st.plotly_chart(
        chart,
        theme=None,
        config=charts.CONFIG | {"scrollZoom": True},
        alt=t("map.alt", indicator=view.definition.name.in_(current()), scope=scopes.sentence(scope)),
    )
    st.html(f'<p class="caption">{escape(t(f"map.{shapes.source}"))}</p>')


def _chosen(view: View) -> None:
    """Show the chosen unit's trend beside the whole scope's, and the way to its profile."""
    scope = view.scope
    if scope.unit is None or scope.unit not in view.rows.index:
        st.html(f'<p class="card-note">{escape(t("unit.choose"))}</p>')
        return
    years = list(view.results.options.years)
    own = view.all_years["value"].xs(scope.unit, level="code").reindex(years)
    series = [_series(str(view.names[scope.unit]), own, view.definition)]
    if view.definition.display == "rate":
        whole = scope_row(view.results, view.definition.id, scope)["value"].reindex(years)
        series.append(_series(t("trend.scope", place=scopes.place_name(scope)), whole, view.definition))
    title = f"{view.names[scope.unit]} – {view.definition.name.in_(current())}"
    chart = charts.trend(
        years=years, series=series, theme=view.theme, title=title, reform_label=t("trend.reform"), height=260
    )
    st.plotly_chart(
        chart, key="chosen.trend", theme=None, config=charts.CONFIG, alt=t("trend.alt", title=title)
    )
    with st.container(horizontal=True):
        st.page_link("pages/commune/page.py", label=t("unit.open"), icon=":material/open_in_new:")
        st.button(
            t("unit.clear"), key="chosen.clear", type="tertiary", on_click=scopes.choose_unit, args=(None,)
        )


def _series(name: str, values: pd.Series, definition: Indicator) -> tuple[str, list[float | None], list[str]]:
    numbers = [None if pd.isna(v) else float(v) for v in values]
    return name, numbers, [figure(v, definition) for v in numbers]
