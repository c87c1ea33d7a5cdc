"""What if the fixed norm were another: its numbers changed for this session, and the effect."""

from __future__ import annotations

from html import escape

import streamlit as st

from answers import format as fmt
from answers.results import Results
from answers.scope import Scope
from answers.staffing import numbers as staffing
from answers.words import current, t, tn
from geo.units import at_level
from metrics.errors import BadParameters
from metrics.registry import FixedNorm
from metrics.staffing import roll_up, short_summary
from ui import html, page

FIELDS = ("threshold", "step_low", "step_high", "coefficient")
MANY = 12


@page.fragment
def show(results: Results, scope: Scope, basis: str) -> None:
    """Show the norm's numbers as fields, and how the shortage changes with them."""
    norm = staffing.fixed_norm()
    st.html(f'<p class="card-note">{t("staffing.what_if.note")}</p>')
    base, areas = _fields(norm)
    try:
        changed = staffing.changed_norm(base=base, areas=areas)
    except BadParameters as error:
        st.error(error.text(current()))
        return
    st.button(
        t("staffing.what_if.reset"), key="staffing.what_if.reset", on_click=_reset, icon=":material/undo:"
    )
    if changed == norm:
        st.html(f'<p class="card-note">{t("staffing.what_if.same")}</p>')
        return
    _effect(results, scope, basis, changed)


def _fields(norm: FixedNorm) -> tuple[int, dict[str, dict[str, float]]]:
    base = st.number_input(
        t("staffing.norm.base"), value=norm.base, step=1, key="staffing.what_if.base", persist_state="session"
    )
    areas: dict[str, dict[str, float]] = {}
    for column, (zone, rule) in zip(st.columns(len(norm.areas)), norm.areas.items(), strict=True):
        areas[zone] = {}
        with column:
            for field in FIELDS:
                value = getattr(rule, field)
                areas[zone][field] = st.number_input(
                    t(f"staffing.what_if.{field}", zone=zone),
                    value=value,
                    step=0.1 if field == "coefficient" else 500,
                    format="%0.1f" if field == "coefficient" else "%d",
                    key=f"staffing.what_if.{zone}.{field}",
                    persist_state="session",
                )
    return base, areas


def _reset() -> None:
    norm = staffing.fixed_norm()
    st.session_state["staffing.what_if.base"] = norm.base
    for zone, rule in norm.areas.items():
        for field in FIELDS:
            st.session_state[f"staffing.what_if.{zone}.{field}"] = getattr(rule, field)


def _effect(results: Results, scope: Scope, basis: str, changed: FixedNorm) -> None:
    frames = {
        "now": staffing.fixed_gaps(results, scope, basis),
        "then": staffing.fixed_gaps(results, scope, basis, changed),
    }
    rows = []
    for name, gaps in frames.items():
        one = staffing.lens(staffing.FIXED, gaps, scope.year)
        rows.append(
            [
                t(f"staffing.what_if.{name}"),
                fmt.span(one.required_low, one.required_high),
                fmt.span(one.missing_low, one.missing_high),
                f"{fmt.number(one.short)}/{fmt.number(one.known)}",
            ]
        )
    heads = ["", *(t(f"staffing.norms.column.{name}") for name in ("required", "missing", "short"))]
    st.html(html.table(heads, rows, numbers=range(1, 4)))
    before, after = (short_summary(gaps=gaps).missing_low for gaps in frames.values())
    st.html(f'<p class="card-note">{_said(results, scope, frames, after - before)}</p>')


def _said(results: Results, scope: Scope, frames: dict, more: int) -> str:
    units = {name: roll_up(gaps=gaps, to=gaps["unit"])["status"] for name, gaps in frames.items()}
    turned = units["now"].index[units["now"].ne(units["then"])]
    names = at_level(scope.geography, scope.level)["name"].reindex(turned)
    listed = ", ".join(sorted(names)[:MANY]) + (" …" if len(names) > MANY else "")
    text = t("staffing.what_if.effect", more=fmt.number(more, sign=True))
    if len(turned):
        text += " " + tn("staffing.what_if.turned", len(turned), n=fmt.number(len(turned)), names=listed)
    return escape(text)
