"""The tab of a profile's staff, against each norm and by cadre."""

from __future__ import annotations

from html import escape

import streamlit as st

from answers import format as fmt
from answers.results import Results
from answers.scope import Scope
from answers.staffing import numbers as staffing
from answers.units import profile
from answers.words import current, t
from metrics.registry import norms
from ui import badges, html, page
from ui.export import pins
from ui.show import show as show_figure


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
