"""Paper: a unit's or station's profile on one page, set by Typst, and what the brief shares with it.

A document holds what :mod:`answers.units.profile`, :mod:`answers.summary` and :mod:`answers.targets.numbers`
say on screen, already as text; the templates beside this file only lay it out. Texts reach
them as data, never as markup.
"""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

import pandas as pd
import typst

from answers import format as fmt
from answers import provenance, summary
from answers.cards import Kpi, changed
from answers.colours import LIGHT
from answers.results import Results
from answers.scope import Scope, sentence
from answers.staffing import numbers as staffing
from answers.units import neighbours, score_sheets, station
from answers.units import profile as profiles
from answers.view import View
from answers.words import current, language, t
from data import clock
from data.contracts import CADRES
from geo.units import at_level
from geo.webgeometry import GeometryStore
from metrics.registry import norms
from ui.draw import vector_map

TEMPLATES: Final = Path(__file__).parent / "typst"
FONTS: Final = Path(__file__).parents[2] / "static" / "fonts"
MAPPED: Final = "staffing_gap"
TABLES: Final = ("staffing", "population", "stations", "criteria_scores", "insurance")
STATIONS: Final = 6
ACTIVITIES: Final = 4

Content = dict[str, Any]


def profile(results: Results, scope: Scope, store: GeometryStore) -> bytes:
    """Return the chosen unit's or station's profile as a one-page PDF, in the scope's language."""
    content = station_content if scope.station else profile_content
    with language(scope.lang):
        return typeset("profile.typ", content(results, profiles.placed(scope), store))


def typeset(template: str, content: Content) -> bytes:
    """Return a document of the template, with the fonts that ship."""
    pdf: bytes = typst.compile(
        str(TEMPLATES / template),
        root=str(TEMPLATES),
        font_paths=[str(FONTS)],
        ignore_system_fonts=True,
        sys_inputs={"data": json.dumps(content, ensure_ascii=False)},
    )
    return pdf


def opening(
    results: Results,
    scope: Scope,
    headline: str,
    subline: str,
    tables: tuple[str, ...] = TABLES,
    besides: str = "real",
) -> Content:
    """Return what both documents open and end with."""
    nature = provenance.nature(results.snapshot, tables, besides)
    sources = provenance.sources(results.snapshot, tables)
    return {
        "lang": current(),
        "title": headline,
        "author": t("app.name"),
        "scope": sentence(scope),
        "headline": headline,
        "subline": subline,
        "nature": f"{provenance.SYMBOL[nature]} {t(f'nature.{nature}')}",
        "nature_kind": nature,
        "footer": t(
            "brief.footer",
            app=t("app.name"),
            date=fmt.date(clock.today()),
            snapshot=results.snapshot.id,
        ),
        "sources": t("caption.source", sources="; ".join(sources)),
        "colours": {name: getattr(LIGHT, name) for name in _COLOURS},
    }


_COLOURS: Final = ("text", "muted", "line", "accent", "surface", "short", "met", "between")


def card_texts(cards: list[Kpi]) -> list[Content]:
    """Return the texts of cards, as the template writes them."""
    return [
        {
            "label": card.label,
            "figure": card.figure,
            "unit": card.unit,
            "change": changed(card),
            "meaning": card.meaning,
        }
        for card in cards
    ]


def gap_map(results: Results, scope: Scope, store: GeometryStore, heading: str) -> Content:
    """Return the map of the staffing gap, in the classes of the screen."""
    view = View(results.whole, scope, MAPPED, "points", LIGHT)
    colours = view.colours
    fills = {
        str(code): colours[at]
        for code, at in zip(view.rows.index, view.classes.codes, strict=True)
        if at >= 0
    }
    shapes = store.asset(scope.geography, scope.level, scope.province)
    above = "district" if scope.geography == "legacy" and scope.level == "commune" else "province"
    legend = view.legend()
    entries = [
        {"colour": colour, "label": f"{label} ({fmt.number(view.classes.counts[at])})"}
        for at, (colour, label) in enumerate(zip(colours, legend.labels, strict=True))
        if view.classes.counts[at]
    ]
    entries.reverse()
    if view.classes.counts[-1]:
        entries.append({"colour": LIGHT.no_data, "label": f"{legend.no_data} ({view.classes.counts[-1]})"})
    return {
        "heading": heading,
        "title": legend.title,
        "svg": vector_map.svg(
            shapes=shapes,
            fills=fills,
            theme=LIGHT,
            outline=store.asset(scope.geography, above, scope.province, "outline"),
            selected=scope.unit,
        ),
        "legend": entries,
        "note": t(f"map.{shapes.source}"),
    }


# -- the profile -------------------------------------------------------------------------------------------


def profile_content(results: Results, scope: Scope, store: GeometryStore) -> Content:
    """Return every text of a profile, of what was known in its year."""
    results = results.until(scope.year)
    found = profiles.people(results, scope)
    lines = profiles.people_lines(found)
    # A province is mapped by its communes: it has no neighbours inside itself.
    shown = (
        replace(scope, level="commune", unit=None, province=str(scope.unit))
        if scope.level == "province"
        else scope
    )
    besides = staffing.nature_besides(profiles.lenses(results, scope))
    return opening(results, scope, profiles.headline(results, scope), "", besides=besides) | {
        "cards": card_texts([summary.unit_card(results, name, scope) for name in profiles.CARDS]),
        "people": {
            "title": t("commune.people"),
            "rows": [[f"{label} ({remark})" if remark else label, figure] for label, figure, remark in lines],
            "note": "" if found.own_ages else t("profile.people.note"),
        },
        "map": gap_map(results, shown, store, t("brief.where")),
        "norms": _norms(results, scope),
        "cadres": _cadres(results, scope),
        "stations": _stations(results, scope),
        "equipped": None,
        "criteria": _criteria(results, scope),
        "peers": _peers(results, scope),
        "nearest": _nearest(results, scope),
        "reform": _reform(results, scope),
    }


def station_content(results: Results, scope: Scope, store: GeometryStore) -> Content:
    """Return every text of a station's profile: its own, and those of the commune of before July 2025 it serves."""
    results = results.until(scope.year)
    there, now = station.at_home(results, scope), station.now(results, scope)
    found = station.identity(results, scope)
    title = station.headline(results, scope)
    lines = (f"{found.role}. {found.lies}", found.clinic, found.shared)
    return profile_content(results, there, store) | {
        "title": title,
        "scope": sentence(scope),
        "headline": title,
        "subline": " ".join(line for line in lines if line),
        "cards": card_texts(station.cards(results, scope)),
        "stations": _activity(results, scope),
        "equipped": _equipped(results, scope),
        "peers": _peers(results, there, 3),
        "reform": {
            "title": t("station.points", name=profiles.name(now)),
            "text": "; ".join(profiles.stations(results, now)["name"]),
        },
    }


def _activity(results: Results, scope: Scope) -> Content:
    """Return what the station did most of in the year."""
    done = station.activity(results, scope)[scope.year].dropna().drop(station.ELSEWHERE, errors="ignore")
    done = done.sort_values(ascending=False).head(ACTIVITIES)
    return {
        "title": t("station.activity"),
        "heads": [t("station.what"), str(scope.year)],
        "rows": [[station.called(str(code)), fmt.number(value)] for code, value in done.items()],
        "numbers": [1],
        "note": "" if len(done) else t("station.nothing", table=t("table.activity")),
    }


def _equipped(results: Results, scope: Scope) -> Content:
    """Return what the station has and what it lacks, in words."""
    items = station.facilities(results, scope)[scope.year].dropna()
    items = items[items.index.isin(station.YES_NO)]
    said = [
        f"{t(key)}: {', '.join(station.called(str(item)) for item in items.index[items.gt(0) == has])}."
        for key, has in (("station.has", True), ("station.lacks", False))
        if items.gt(0).eq(has).any()
    ]
    text = " ".join(said) or t("station.nothing", table=t("table.facilities"))
    return {"title": t("station.equipped"), "text": text}


def _norms(results: Results, scope: Scope) -> Content:
    rows = [
        [
            norms()[lens.id].name.in_(current()),
            fmt.number(lens.existing) if lens.known else fmt.MISSING,
            fmt.span(lens.required_low, lens.required_high) if lens.known else fmt.MISSING,
            fmt.span(lens.missing_low, lens.missing_high) if lens.known else fmt.MISSING,
        ]
        for lens in profiles.lenses(results, scope)
    ]
    heads = [t(f"profile.norm.{key}") for key in ("name", "existing", "required", "missing")]
    return {"title": t("profile.norms"), "heads": heads, "rows": rows}


def _cadres(results: Results, scope: Scope) -> Content:
    counts = profiles.cadres(results, scope)
    cells = [
        [t(f"cadre.{name}"), fmt.number(None if pd.isna(counts[name]) else counts[name])] for name in CADRES
    ]
    half = (len(cells) + 1) // 2
    second = [*cells[half:], *([["", ""]] * (2 * half - len(cells)))]
    return {
        "title": t("commune.staff"),
        "rows": [[*first, *other] for first, other in zip(cells[:half], second, strict=True)],
    }


def _stations(results: Results, scope: Scope) -> Content:
    found = profiles.stations(results, scope)
    # Clinics and main stations first: a sheet has room for a few only.
    order = found.assign(clinic=found["opened"].isna(), point=found["role"].eq("point"))
    kept = order.sort_values(["clinic", "point"], kind="stable").head(STATIONS)
    rows = [
        [
            str(row["name"]),
            t(f"commune.role.{row['role']}"),
            "" if pd.isna(row["opened"]) else t("profile.clinic.since", date=fmt.date(row["opened"])),
        ]
        for _, row in kept.iterrows()
    ]
    more = len(found) - len(kept)
    heads = [t("commune.station"), t("commune.role"), t("profile.clinic")]
    text = t("brief.more", n=fmt.number(more)) if more else ""
    return {"title": t("commune.stations"), "heads": heads, "rows": rows, "numbers": [], "note": text}


def _criteria(results: Results, scope: Scope) -> Content:
    nothing: Content = {"verdict": None, "bars": [], "rows": [], "heads": [], "floor": 0.0}
    title = t("brief.criteria")
    if scope.level != "commune":
        return nothing | {"title": title, "note": t("profile.criteria.above")}
    sheets = score_sheets.scored(results, scope)
    if not sheets:
        return nothing | {"title": title, "note": t("profile.criteria.none", year=scope.year)}
    rule = score_sheets.rule_text(sheets[0].rules)
    if sheets[0].geography != scope.geography:
        return nothing | {
            "title": title,
            "heads": [t("commune.former"), t("profile.criteria.total"), ""],
            "rows": [_sheet_row(sheet) for sheet in sheets],
            "note": f"{t('profile.criteria.of_many')} {rule}",
        }
    sheet = sheets[0]
    held = score_sheets.held_back(sheet)
    said = _verdict(sheet)
    if held:
        said["text"] += f" · {t('profile.criteria.blocking')}: {held}"
    return nothing | {
        "title": score_sheets.sheet_title(sheet, title),
        "verdict": said,
        "bars": [vars(line) for line in score_sheets.criteria_lines(sheet)],
        "floor": 100 * float(sheet.rules.pass_rule.floor_share),
        "note": rule,
    }


def _sheet_row(sheet: score_sheets.Scored) -> list[Any]:
    name = str(at_level("legacy", "commune")["name"][sheet.code])
    total = f"{fmt.number(sheet.verdict['total'], 1)} / {fmt.number(sheet.verdict['maximum'])}"
    return [name, total, _verdict(sheet)]


def _verdict(sheet: score_sheets.Scored) -> Content:
    key = score_sheets.verdict_key(sheet.verdict)
    tone = {"passes": "met", "fails": "short", "unknown": "unknown"}[key]
    return {"text": t(f"profile.criteria.{key}"), "tone": tone}


def _peers(results: Results, scope: Scope, count: int = 5) -> Content:
    found = neighbours.similar(results, scope, count)
    texts = neighbours.compared(results, scope, list(found.index))
    rows = [
        [profiles.called(scope, code), fmt.number(away, 2), texts["gap"][code], texts["doctors"][code]]
        for code, away in found["distance"].items()
    ]
    heads = [t("list.unit"), *(t(f"profile.peer.{key}") for key in ("alike", "gap", "doctors"))]
    return {"title": t("profile.similar"), "heads": heads, "rows": rows, "note": t("profile.similar.note")}


def _nearest(results: Results, scope: Scope) -> Content:
    """Return the units nearest to this one with their distance, in a line."""
    found = neighbours.nearest(results, scope, 4)["distance"]
    names = [
        t("brief.nearest.one", name=profiles.called(scope, str(code)), km=fmt.number(km, 1))
        for code, km in found.items()
    ]
    return {"title": t("profile.nearest"), "text": "; ".join(names)}


def _reform(results: Results, scope: Scope) -> Content:
    before = scope.geography == "current"
    found = profiles.reform(results, scope)
    names = [
        t(
            "brief.reform.one",
            name=row["name"],
            people=fmt.number(row["population"]),
            staff=fmt.number(row["staff"]),
        )
        for _, row in found.head(STATIONS).iterrows()
    ]
    more = len(found) - len(names)
    text = "; ".join(names) + (f"; {t('brief.more', n=fmt.number(more))}" if more else "")
    return {"title": t("profile.reform.before" if before else "profile.reform.after"), "text": text}
