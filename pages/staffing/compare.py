"""The three norms side by side: what each asks for, where each leaves a gap, and which asks the most."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from html import escape
from typing import Any

import streamlit as st

from answers import format as fmt
from answers.keeping import kept
from answers.results import Results
from answers.scope import Scope
from answers.staffing import numbers as staffing
from answers.staffing import spread
from answers.staffing.norms import binding_sentence, payload
from answers.staffing.numbers import Lens
from answers.words import current, t
from metrics.registry import norms
from metrics.wisn_parameters import WisnParameters
from pages.staffing import norm, own_workload, what_if, workload
from ui import html, page, unit_list
from ui.export import pins
from ui.show import show as show_figure


def show(results: Results, scope: Scope, basis: str) -> None:
    """Show the norms, then what each unit faces, then the parts one can change."""
    lenses, binding, listed = _computed(results, replace(scope, unit=None), basis, own_workload.entered())
    entered = own_workload.entered()  # a province's own workload parameters stay in its session
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
    lenses = [staffing.lens(name, gaps[name], scope.year) for name in staffing.lens_ids()]
    return lenses, binding_sentence(units), payload(units, scope)


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
        rows.append([title, escape(staffing.lens_counts(one)), *cells])
    names = ("norm", "counts", "existing", "required", "missing", "ratio", "short")
    heads = [t(f"staffing.norms.column.{name}") for name in names]
    return html.table(heads, rows, numbers=range(2, 7))
