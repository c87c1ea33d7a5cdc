"""Headcount by cadre as bars, with the posts the norm names in bold."""

from __future__ import annotations

from answers import format as fmt
from answers.results import Results
from answers.scope import Scope
from answers.summary import in_scope, of_year
from answers.words import t
from data.contracts import CADRES
from metrics.registry import FixedNorm, norms
from ui import badges, plot, theme
from ui.draw import charts
from ui.export import pins


def cadre_chart(results: Results, scope: Scope, *, key: str) -> None:
    """Show the chosen unit's headcount by cadre, or the whole scope's when none is chosen."""
    level = scope.level if scope.unit else "province"
    frame = of_year(in_scope(results.cadres(scope.geography, level), scope, level), scope.year)
    if scope.unit:
        frame = frame.loc[[scope.unit]]
    counts = frame.sum(min_count=1).reindex(list(CADRES))
    norm = norms()["circular_03_2023"]
    assert isinstance(norm, FixedNorm)
    named = {cadre for post in norm.posts for cadre in post.cadres}
    values = [None if count != count else float(count) for count in counts]
    chart = charts.bars(
        names=[f"<b>{t(f'cadre.{name}')}</b>" if name in named else t(f"cadre.{name}") for name in CADRES],
        values=values,
        texts=[fmt.number(value) for value in values],
        theme=theme.current(),
        title="",
    )
    alt = t("staffing.cadre.title", year=scope.year)
    plot.show(chart, key=key, alt=alt, pin=pins.of_unit("headcount", "", scope))
    badges.caption(results.snapshot, ["staffing"])
