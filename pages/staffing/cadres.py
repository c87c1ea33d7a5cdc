"""Headcount by cadre in the scope, or in the chosen unit."""

from __future__ import annotations

from geo.units import at_level
from ui import page
from ui.i18n import t
from ui.results import Results
from ui.scope import Scope, place_name
from ui.staff import cadre_chart


def show(results: Results, scope: Scope, basis: str) -> None:
    """Show the bars; ``basis`` does not matter to who is there."""
    place = at_level(scope.geography, scope.level)["name"][scope.unit] if scope.unit else place_name(scope)
    page.section(f"{place}: {t('staffing.cadre.title', year=scope.year)}", t("staffing.cadre.note"))
    cadre_chart(results, scope, key="staffing.cadres")
