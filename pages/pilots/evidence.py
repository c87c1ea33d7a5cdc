"""The evidence behind a verdict, weakest first: before and after, differences, synthetic controls, the series."""

from __future__ import annotations

from html import escape

import pandas as pd
import streamlit as st

from answers import format as fmt
from answers import kept as cache
from answers.figure import Spec
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
from metrics.pilot_synthetic import Synthetic
from pages.pilots.verdicts import explain_empty, whose
from ui import badges, html, page, plot, theme, verdict_cards, visit
from ui.draw import charts_pilots
from ui.export import pins

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


def _chart(figure, key: str, alt: str, pin: Spec | None) -> None:
    plot.show(figure, key=key, alt=alt, pin=pin)


def _who(results: Results, scope: Scope, found: Evidence) -> str:
    """Return whose evidence is shown: one clinic's, or the group's."""
    ours = pilots.clinics(results, scope)
    return GROUP if len(found.opened) == len(ours) else str(found.opened.index[0])


def _missing(values: pd.Series) -> list[float | None]:
    return [None if pd.isna(value) else float(value) for value in values]


def _lines(results: Results, found: Evidence, name: str, names: dict[str, list[str]]):
    """Return the mean of groups of stations by period, as lines of a chart."""
    values = pilots.panel(results, name)
    means = {label: values.loc[rows].mean(axis=0) for label, rows in names.items() if len(rows)}
    return [(label, _missing(mean), [bare(value, name) for value in mean]) for label, mean in means.items()]


def _about_opening(results: Results, found: Evidence, name: str, lines, key: str, pin: Spec | None) -> None:
    values = pilots.panel(results, name)
    first = found.opened.min()
    _chart(
        charts_pilots.about_opening(
            periods=pd.PeriodIndex(values.columns),
            lines=lines,
            opened=first,
            opened_label=t("pilots.chart.opened", date=fmt.date(first)),
            number=lambda value: bare(value, name),
            theme=theme.current(),
        ),
        key,
        t("pilots.chart.alt", indicator=pilots_words.named(name)),
        pin,
    )


def _before_after(results: Results, scope: Scope, found: Evidence, name: str) -> None:
    study = found.studies[name]
    table = study.before_after
    if table.empty:
        st.info(" ".join(pilots_words.problems(results, scope, study)), icon=":material/info:")
        return
    _about_opening(
        results,
        found,
        name,
        _lines(results, found, name, {t("pilots.chart.clinics"): list(table.index)}),
        "pilots.before",
        pins.whole("opening", name, scope, "before_after", _who(results, scope, found)),
    )
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
    lines = {
        t("pilots.chart.clinics"): list(study.matched.pairs["pilot"].unique()),
        t("pilots.chart.comparisons"): study.matched.comparisons,
    }
    who = _who(results, scope, found)
    pin = pins.whole("opening", name, scope, "differences", who)
    _about_opening(results, found, name, _lines(results, found, name, lines), "pilots.compared", pin)
    _events(results, name, events, pins.whole("events", name, scope, who))
    _balance(study.matched.balance, name)


def _events(results: Results, name: str, events, pin: Spec | None) -> None:
    page.section(t("pilots.events"), t("pilots.events.note"))
    period = "month" if pilots.by_month(results) else "year"
    texts = [
        t(f"pilots.events.hover.{period}", at=fmt.number(at, sign=True), size=bare(value, name, sign=True))
        for at, value in events.points["estimate"].items()
    ]
    words = {key: t(f"pilots.events.{key}") for key in ("before", "since", "chance")}
    words["axis"] = t(f"pilots.events.axis.{period}")
    _chart(
        charts_pilots.events(
            points=events.points,
            texts=texts,
            words=words,
            number=lambda value: bare(value, name, sign=True),
            theme=theme.current(),
        ),
        "pilots.events",
        t("pilots.events.alt", indicator=pilots_words.named(name)),
        pin,
    )
    key = "pilots.events.drift" if events.pre_p < 0.1 else "pilots.events.no_drift"
    _paragraph(
        t(key, carried=bare(events.carried_on, name, sign=True), chance=fmt.percent(100 * events.pre_p, 0))
    )


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
    lines = [
        (label, _missing(path), [bare(value, name) for value in path])
        for label, path in (
            (names[pilot], one.path["actual"].reindex(pilots.panel(results, name).columns)),
            (t("pilots.chart.synthetic"), one.path["synthetic"].reindex(pilots.panel(results, name).columns)),
        )
    ]
    who = _who(results, scope, found)
    pin = pins.whole("opening", name, scope, "synthetic", who, pilot)
    _about_opening(results, found, name, lines, "pilots.synthetic.path", pin)
    _placebos(results, one, name, names[pilot], pins.whole("placebos", name, scope, who, pilot))


def _placebos(results: Results, one: Synthetic, name: str, own: str, pin: Spec | None) -> None:
    page.section(t("pilots.placebos"), t("pilots.placebos.note"))
    everywhere = results.frame("stations").set_index("station")["name"]
    called = everywhere.map(of_station)
    effects = one.placebos["effect"]
    _chart(
        charts_pilots.placebos(
            values=list(effects),
            own=one.effect,
            names=[str(called[station]) for station in effects.index],
            texts=[bare(value, name, sign=True) for value in effects],
            own_text=f"{own} {bare(one.effect, name, sign=True)}",
            number=lambda value: bare(value, name, sign=True),
            theme=theme.current(),
        ),
        "pilots.placebos",
        t("pilots.placebos.alt", indicator=pilots_words.named(name)),
        pin,
    )
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
    members = list(found.studies[name].before_after.index)
    _about_opening(
        results,
        found,
        name,
        _lines(results, found, name, {t("pilots.chart.clinics"): members}),
        "pilots.series",
        pins.whole("opening", name, scope, "series", _who(results, scope, found)),
    )
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
