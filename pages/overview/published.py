"""Published figures of the scope's places, each beside what the atlas computes where the two count the same."""

from __future__ import annotations

from html import escape

import pandas as pd
import streamlit as st

from answers import format as fmt
from answers.keeping import kept
from answers.results import Results
from answers.scope import Scope
from answers.summary import figure, is_percent
from answers.words import current, t
from data.sources import source_said
from geo.units import at_level
from metrics.quality import beyond_tolerance
from metrics.registry import indicators
from ui import badges, html, page


@kept(most=64)
def rows(results: Results, scope: Scope) -> pd.DataFrame:
    """Return the published figures of the scope's provinces in its geography, newest first."""
    facts = results.frame("facts")
    names = at_level(scope.geography, "province")["short_name"]
    provinces = [scope.within] if scope.within else list(results.options.provinces[scope.geography])
    codes = {str(names[code]): code for code in provinces}
    kept = facts[facts["place"].isin(list(codes)) & facts["geography"].eq(scope.geography)]
    return kept.assign(code=kept["place"].map(codes)).sort_values("date", ascending=False, kind="stable")


def computed(results: Results, scope: Scope, fact: pd.Series) -> tuple[str, str]:
    """Return the computed figure beside a published one and the difference, or why there is none."""
    definition = indicators().get(str(fact["indicator"]))
    if definition is None:
        return t("overview.published.not_computed"), fmt.MISSING
    if not definition.comparable_with_published:
        return t("overview.published.other_count"), fmt.MISSING
    found = results.indicator(definition.id, scope.geography, "province")["value"]
    value = found.get((fact["code"], fact["date"].year))
    if value is None or pd.isna(value):
        return t("overview.published.not_computed"), fmt.MISSING
    difference = fmt.number(float(value) - fact["value"], 1, sign=True)
    if beyond_tolerance(published=fact["value"], computed=float(value), percent=is_percent(definition)):
        difference += f" {t('quality.flag.beyond')}"
    return figure(float(value), definition), difference


def _fact_name(indicator: str) -> str:
    definition = indicators().get(indicator)
    return definition.name.in_(current()) if definition else t(f"fact.{indicator}")


def show(results: Results, scope: Scope) -> None:
    """Show the table, or that nothing is known."""
    page.section(t("overview.published.title"), t("overview.published.note"))
    found = rows(results, scope)
    if found.empty:
        page.remark(t("overview.published.none"))
        return
    cells = []
    for _, fact in found.iterrows():
        value, difference = computed(results, scope, fact)
        decimals = (
            0 if float(fact["value"]).is_integer() else 2 if round(fact["value"], 1) != fact["value"] else 1
        )
        published = f"{fmt.number(fact['value'], decimals)} {t('fact.unit.' + fact['unit'])}"
        source = source_said(fact["source"], current())
        place = f"{fact['place']}, {fmt.date(fact['date'])}"
        texts = (_fact_name(fact["indicator"]), place, published, value, difference, source)
        cells.append([escape(text) for text in texts])
    heads = ("indicator", "place", "published", "computed", "difference", "source")
    st.html(html.table([t(f"overview.published.{name}") for name in heads], cells, numbers=(2, 3, 4)))
    st.html(badges.html("published"))
