"""The years ahead: doctors to 2027 and 2030 under assumptions one can change, and the pace each target needs."""

from __future__ import annotations

from html import escape

import streamlit as st

from answers import format as fmt
from answers.results import Results
from answers.scope import Scope
from answers.staffing import plan as staffing_plan
from answers.staffing import spread
from answers.staffing.plan import Target
from answers.words import current, t
from metrics.errors import BadParameters
from metrics.projection import Pace
from pages.staffing import assumptions
from ui import badges, html, page
from ui.export import pins
from ui.show import show as show_figure

TABLES = ("staffing", "stations")


@page.fragment
def show(results: Results, scope: Scope, basis: str) -> None:
    """Show the assumptions, what each target needs, and a line for each target."""
    page.section(t("staffing.ahead.title"), t("staffing.ahead.note"))
    targets = staffing_plan.targets(results, scope, basis)
    if not targets:
        st.info(t("staffing.ahead.empty", year=scope.year))
        return
    given = assumptions.asked(results, scope)
    try:
        found = staffing_plan.paces(targets, scope, given)
    except BadParameters as error:
        st.error(error.text(current()).replace("\n", "\n\n"))
        return
    for column, (target, _) in zip(st.columns(len(found)), found, strict=True):
        with column:
            assumed = (given.recruited, given.loss, given.rotated, given.stay)
            spec = pins.whole("ahead", target.id, scope, target.end, basis, *assumed)
            show_figure(results, spec, key=f"staffing.ahead.{target.id}.{target.end}")
    st.html(_table(found, scope))
    if scope.geography == "legacy":
        page.remark(t("staffing.ahead.merged"))
    pace_now = staffing_plan.recent_pace(results, scope)
    if pace_now is not None:
        said = t(
            "staffing.ahead.recent",
            pace=fmt.number(pace_now, 1, sign=True),
            first=results.options.years[0],
            last=scope.year,
        )
        page.remark(said)
    badges.caption(results.snapshot, TABLES)


def _table(found: list[tuple[Target, Pace]], scope: Scope) -> str:
    rows = []
    for target, pace in found:
        word = t("staffing.ahead.met") if pace.met else t("staffing.ahead.short", n=fmt.number(pace.short))
        rows.append(
            [
                escape(spread.target_name(target)),
                str(target.by),
                f"{fmt.number(target.filled)}/{fmt.number(target.required)}",
                fmt.number(pace.expected),
                escape(word),
                fmt.number(pace.needed, 1),
                fmt.number(pace.more, 1, sign=True),
            ]
        )
    names = ("target", "by", "filled", "expected", "verdict", "needed", "more")
    return html.table(
        [t(f"staffing.ahead.column.{name}", year=scope.year) for name in names], rows, numbers=(1, 2, 3, 5, 6)
    )
