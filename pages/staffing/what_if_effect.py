"""How the shortage changes with another norm."""

from __future__ import annotations

from html import escape

import streamlit as st

from answers import format as fmt
from answers.results import Results
from answers.scope import Scope
from answers.staffing import numbers as staffing
from answers.words import t, tn
from geo.units import at_level
from metrics.registry import FixedNorm
from metrics.staffing import roll_up, short_summary
from ui import html

MANY = 12


def show(results: Results, scope: Scope, basis: str, changed: FixedNorm) -> None:
    """Show what is required and missing now and then, and which units turn."""
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
