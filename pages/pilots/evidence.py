"""The evidence behind a verdict, weakest first: before and after, differences, synthetic controls, the series."""

from __future__ import annotations

from html import escape

import pandas as pd
import streamlit as st

from answers import format as fmt
from answers import kept as cache
from answers.names import of_station
from answers.pilots import numbers as pilots
from answers.pilots import words as pilots_words
from answers.pilots.numbers import GROUP, Evidence
from answers.pilots.words import amount, bare, interval
from answers.results import Results
from answers.scope import Scope
from answers.words import labels, t
from metrics.pilot_indicators import pilot_indicators
from metrics.pilot_matching import BALANCED
from pages.pilots.verdicts import explain_empty, whose
from ui import badges, html, page, verdict_cards, visit
from ui.export import pins
from ui.show import show as show_figure

METHODS = ("before_after", "differences", "synthetic", "series", "several")


def show(results: Results, scope: Scope) -> None:
    """Show the evidence of one indicator by one method."""
    if explain_empty(results, scope):
        _evidence()


@page.fragment
def _evidence() -> None:
    results, scope = cache.results(), visit.current()
    assert results is not None
    found = whose(results, scope, "pilots.evidence.who")
    left, right = st.columns([2, 3], vertical_alignment="bottom")
    with left:
        names = list(found.studies)
        name = st.selectbox(
            t("map.indicator"),
            names,
            key="pilots.indicator",
            format_func=labels(names, pilots_words.named),
            persist_state="session",
        )
    with right:
        method = st.segmented_control(
            t("pilots.method"),
            METHODS,
            default="differences",
            key="pilots.method",
            format_func=labels(METHODS, lambda one: t(f"pilots.method.{one}")),
            required=True,
            persist_state="session",
        )
    page.section(t(f"pilots.method.{method}"), t(f"pilots.method.{method}.note"))
    parts = {
        "before_after": _before_after,
        "differences": _differences,
        "synthetic": _synthetic,
        "series": _series,
        "several": _several,
    }
    parts[method](results, scope, found, name)
    tables = ["pilots", pilots.table(results), "stations", "staffing", "population"]
    badges.caption(results.snapshot, tables, pilot_indicators()[name])


def _paragraph(text: str) -> None:
    st.html(f'<p class="atlas">{escape(text)}</p>')


def _note(text: str) -> None:
    st.html(f'<p class="atlas card-note">{escape(text)}</p>')


def _who(results: Results, scope: Scope, found: Evidence) -> str:
    """Return whose evidence is shown: one clinic's, or the group's."""
    ours = pilots.clinics(results, scope)
    return GROUP if len(found.opened) == len(ours) else str(found.opened.index[0])


def _about_opening(
    results: Results, scope: Scope, found: Evidence, name: str, method: str, *options: str
) -> None:
    """Show the clinics by period about their opening, as the method sees them."""
    spec = pins.whole("opening", name, scope, method, _who(results, scope, found), *options)
    show_figure(results, spec, key=f"pilots.{method}")


def _before_after(results: Results, scope: Scope, found: Evidence, name: str) -> None:
    study = found.studies[name]
    table = study.before_after
    if table.empty:
        st.info(" ".join(pilots_words.problems(results, scope, study)), icon=":material/info:")
        return
    _about_opening(results, scope, found, name, "before_after")
    names = pilots_words.station_names(results, scope)
    rows = [
        [
            escape(names[str(station)]),
            escape(bare(row["before"], name)),
            escape(bare(row["since"], name)),
            escape(bare(row["change"], name, sign=True)),
            f"{fmt.number(row['periods_before'])} / {fmt.number(row['periods_since'])}",
        ]
        for station, row in table.iterrows()
    ]
    heads = ("station", "before", "since", "change", "periods")
    st.html(html.table([t(f"pilots.column.{head}") for head in heads], rows, numbers={1, 2, 3, 4}))


def _refused(results: Results, scope: Scope, found: Evidence, name: str) -> None:
    """Say why a method has nothing to show."""
    study = found.studies[name]
    said = pilots_words.refusals(results, name, found.verdicts[name], study)
    said += pilots_words.problems(results, scope, study)
    st.info(" ".join(said) or t("pilots.evidence.too_short"), icon=":material/info:")


def _differences(results: Results, scope: Scope, found: Evidence, name: str) -> None:
    study = found.studies[name]
    if study.effect is None or study.events is None or study.matched is None:
        _refused(results, scope, found, name)
        return
    effect, events = study.effect, study.events
    _paragraph(
        t(
            "pilots.differences.found",
            size=amount(results, name, effect.estimate, sign=True),
            interval=interval(effect.low, effect.high, name),
            pilots=fmt.number(effect.pilots),
            comparisons=fmt.number(effect.comparisons),
            chance=fmt.percent(100 * effect.p_value, 1),
            detectable=amount(results, name, study.detectable),
        )
    )
    _note(pilots_words.bootstrap(name, study))
    _about_opening(results, scope, found, name, "differences")
    spec = pins.whole("events", name, scope, _who(results, scope, found))
    show_figure(results, spec, key="pilots.events", note=t("pilots.events.note"))
    key = "pilots.events.drift" if events.pre_p < 0.1 else "pilots.events.no_drift"
    carried, chance = bare(events.carried_on, name, sign=True), fmt.percent(100 * events.pre_p, 0)
    _paragraph(t(key, carried=carried, chance=chance))
    _balance(study.matched.balance, name)


def _balance(balance: pd.DataFrame, name: str) -> None:
    page.section(t("pilots.balance"), t("pilots.balance.note", limit=fmt.number(BALANCED, 2)))
    rows = []
    for covariate, row in balance.iterrows():
        alike = abs(row["after"]) <= BALANCED
        tone, word = ("met", t("pilots.balance.alike")) if alike else ("short", t("pilots.balance.unlike"))
        digits = {"people": 0, "zone": 2, "urban": 2, "staff": 1}.get(str(covariate), 2)
        rows.append(
            [
                escape(t(f"pilots.covariate.{covariate}")),
                *(fmt.number(row[column], digits) for column in ("pilots", "pool", "matched")),
                *(fmt.number(row[column], 2, sign=True) for column in ("before", "after")),
                f'<span class="status {tone}">{"●" if alike else "▼"} {escape(word)}</span>',
            ]
        )
    heads = ("covariate", "pilots", "pool", "matched", "apart_before", "apart_after", "alike")
    st.html(html.table([t(f"pilots.column.{head}") for head in heads], rows, numbers={1, 2, 3, 4, 5}))


def _synthetic(results: Results, scope: Scope, found: Evidence, name: str) -> None:
    made = found.studies[name].synthetic
    if not made:
        _refused(results, scope, found, name)
        return
    names = pilots_words.station_names(results, scope)
    options = list(made)
    pilot = st.selectbox(
        t("pilots.synthetic.which"),
        options,
        key="pilots.synthetic",
        format_func=labels(options, lambda one: names[one]),
    )
    one = made[pilot]
    _paragraph(
        t(
            "pilots.synthetic.found",
            station=names[pilot],
            size=amount(results, name, one.effect, sign=True),
            rank=fmt.number(round(one.p_value * (len(one.placebos) + 1))),
            total=fmt.number(len(one.placebos) + 1),
        )
    )
    _about_opening(results, scope, found, name, "synthetic", pilot)
    spec = pins.whole("placebos", name, scope, _who(results, scope, found), pilot)
    show_figure(results, spec, key="pilots.placebos", note=t("pilots.placebos.note"))
    called = results.frame("stations").set_index("station")["name"].map(of_station)
    top = [
        [escape(str(called[station])), fmt.percent(100 * weight, 0)]
        for station, weight in one.weights.head(8).items()
    ]
    st.html(html.table([t("pilots.column.donor"), t("pilots.column.weight")], top, numbers={1}))


def _series(results: Results, scope: Scope, found: Evidence, name: str) -> None:
    made = found.studies[name].series
    if made is None:
        st.info(t("pilots.series.none"), icon=":material/info:")
        return
    _about_opening(results, scope, found, name, "series")
    _paragraph(
        t(
            "pilots.series.found",
            size=amount(results, name, made.effect, sign=True),
            interval=interval(made.low, made.high, name),
            step=bare(made.step, name, sign=True),
            slope=bare(made.slope, name, sign=True),
            before=fmt.number(made.before),
            since=fmt.number(made.since),
        )
    )
    _paragraph(t("pilots.series.seasonal" if made.seasonal else "pilots.series.not_seasonal"))


def _several(results: Results, scope: Scope, found: Evidence, name: str) -> None:
    rows = [
        [
            escape(pilots_words.named(one)),
            fmt.number(verdict.p_value, 3),
            fmt.number(verdict.p_adjusted, 3),
            verdict_cards.status_html(verdict),
            escape(verdict.grade),
        ]
        for one, verdict in found.verdicts.items()
    ]
    _paragraph(t("pilots.several.note", n=fmt.number(len(rows))))
    heads = ("indicator", "p", "p_adjusted", "conclusion", "grade")
    st.html(html.table([t(f"pilots.column.{head}") for head in heads], rows, numbers={1, 2}))
