"""The three norms side by side: what each asks for, where each leaves a gap, and which asks the most."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from html import escape
from typing import Any

import pandas as pd
import streamlit as st

from answers import format as fmt
from answers import lists
from answers.keeping import kept
from answers.names import order_of
from answers.results import Results
from answers.scope import Scope
from answers.staffing import numbers as staffing
from answers.staffing import spread
from answers.staffing.numbers import DOCTORS, FIXED, PERMANENT, WORKLOAD, Lens, missing_to_none
from answers.words import current, t, tn
from geo.units import at_level
from metrics.registry import norms
from metrics.wisn_parameters import WisnParameters
from pages.staffing import norm, what_if, workload
from ui import html, page, unit_list
from ui.export import pins
from ui.show import show as show_figure


def show(results: Results, scope: Scope, basis: str) -> None:
    """Show the norms, then what each unit faces, then the parts one can change."""
    lenses, binding, listed = _computed(results, replace(scope, unit=None), basis, workload.entered())
    entered = workload.entered()  # a province's own workload parameters stay in its session
    spec = pins.whole("norms", "", scope, basis)
    own = partial(spread.compared_norms, results, spec, entered) if entered else None
    note = t(f"staffing.norms.note.{staffing.post_geography(scope, basis)}")
    show_figure(results, spec, key="staffing.norms.chart", note=note, own=own)
    st.html(_table(lenses))
    page.section(t("staffing.norms.units"), binding)
    unit_list.show(listed | {"selected": scope.unit}, key="staffing.norms.list")
    for name, body in (("what_if", what_if.show), ("workload", workload.show), ("documents", norm.show)):
        part = st.expander(t(f"staffing.norms.{name}"), key=f"staffing.norms.{name}", on_change="rerun")
        if part.open:
            with part:
                body(results, scope, basis)


@kept(most=32, said=True)
def _computed(
    results: Results, scope: Scope, basis: str, parameters: WisnParameters | None
) -> tuple[list[Lens], str, dict[str, Any]]:
    """Return the norms, the sentence on which binds, and the list of units, in the scope's language."""
    gaps = staffing.all_gaps(results, scope, basis, parameters)
    units = staffing.by_unit(gaps)
    lenses = [staffing.lens(name, gaps[name], scope.year) for name in staffing.LENSES]
    return lenses, binding_sentence(units), _payload(units, scope)


def short_name(name: str) -> str:
    """Return what a norm is called where there is little room."""
    return t(f"staffing.lens.{name}")


def _table(lenses: list[Lens]) -> str:
    rows = []
    for one in lenses:
        force = t(f"staffing.norm.status.{one.force.status}") if one.force else t("staffing.norm.status.none")
        title = f"<b>{escape(norms()[one.id].name.in_(current()))}</b><br><small>{escape(force)}</small>"
        if one.known:
            cells = [
                fmt.number(one.existing),
                fmt.span(one.required_low, one.required_high),
                fmt.span(one.missing_low, one.missing_high),
                fmt.number(one.ratio, 2),
                f"{fmt.number(one.short)}/{fmt.number(one.known)}",
            ]
        else:
            cells = [fmt.MISSING] * 5
        counts = "merged" if one.id == DOCTORS and not one.known else one.id
        rows.append([title, escape(t(f"staffing.norms.counts.{counts}")), *cells])
    names = ("norm", "counts", "existing", "required", "missing", "ratio", "short")
    heads = [t(f"staffing.norms.column.{name}") for name in names]
    return html.table(heads, rows, numbers=range(2, 7))


def binding_sentence(units: pd.DataFrame) -> str:
    """Return which norm asks for the most doctors, and in how many units."""
    counts = units["binds_doctors"].value_counts()
    if counts.empty:
        return t("staffing.norms.empty")
    parts = [
        tn("staffing.norms.binds.unit", n, name=short_name(str(name)), n=fmt.number(n))
        for name, n in counts.items()
    ]
    return t("staffing.norms.binds", parts="; ".join(parts))


def _payload(units: pd.DataFrame, scope: Scope) -> dict[str, Any]:
    names = at_level(scope.geography, scope.level)["name"].reindex(units.index)
    frame = units.assign(name=names).sort_values("name", key=order_of)

    def column(label: str, low: str, high: str | None = None) -> lists.Column:
        ends = zip(frame[low], frame[high or low], strict=True)
        return lists.Column(
            label, [fmt.span(a, b) for a, b in ends], missing_to_none(frame[low]), number=True
        )

    def binds(label: str, name: str) -> lists.Column:
        texts = [fmt.MISSING if pd.isna(v) else short_name(str(v)) for v in frame[name]]
        return lists.Column(label, texts, missing_to_none(frame[name].map(_PLACE)))

    columns = [
        lists.Column(t("list.unit"), list(frame["name"]), list(range(len(frame)))),
        column(t("staffing.norms.list.staff"), "staff"),
        column(short_name(FIXED), FIXED, f"{FIXED}.high"),
        column(t("staffing.norms.list.wisn"), "wisn_staff"),
        binds(t("staffing.norms.list.binds_staff"), "binds_staff"),
        column(t("staffing.norms.list.doctors"), "doctors_there"),
        column(short_name(PERMANENT), PERMANENT, f"{PERMANENT}.high"),
    ]
    if frame[DOCTORS].notna().any():
        columns.append(column(short_name(DOCTORS), DOCTORS, f"{DOCTORS}.high"))
    columns += [
        column(t("staffing.norms.list.wisn_doctors"), "wisn_doctor"),
        binds(t("staffing.norms.list.binds_doctors"), "binds_doctors"),
    ]
    return lists.payload(list(frame.index), columns, height=420)


_PLACE = {name: float(i) for i, name in enumerate((FIXED, PERMANENT, DOCTORS, WORKLOAD))}
