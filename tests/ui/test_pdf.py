"""Paper says what the screen says: the right pages, every glyph, and the same numbers."""

from __future__ import annotations

import datetime as dt
import io
import re
import time
from dataclasses import replace

import pytest
from fontTools.ttLib import TTFont
from pypdf import PdfReader

from answers import format as fmt
from answers import provenance, summary
from answers.cards import changed
from answers.results import Results
from answers.scope import Scope
from answers.targets import numbers as targets
from answers.units import neighbours, profile, station
from answers.words import language, t
from data import clock
from data.store import open_store
from geo.units import at_level
from geo.webgeometry import GeometryStore
from ui.draw import pdf, pdf_brief


@pytest.fixture(scope="module")
def results(demo_store):
    return Results(open_store(demo_store).current())


@pytest.fixture(scope="module")
def store(tmp_path_factory):
    return GeometryStore(tmp_path_factory.mktemp("geometry"))


@pytest.fixture(autouse=True)
def _on_a_fixed_day(monkeypatch):
    monkeypatch.setattr(clock, "today", lambda: dt.date(2026, 7, 1))


def read(data):
    pages = PdfReader(io.BytesIO(data)).pages
    text = " ".join(page.extract_text() for page in pages)
    return len(pages), squeezed(text)


def squeezed(text):
    """Line breaks and kerning move spaces about: compare without them."""
    return re.sub(r"\s+", "", text)


PROFILES = [
    ("legacy", "31198", "vi"),
    ("legacy", "919", "en"),
    ("legacy", "92", "vi"),
    ("current", "31150", "en"),
    ("current", "92", "vi"),
]


@pytest.mark.parametrize(("geography", "unit", "lang"), PROFILES)
def test_a_profile_is_one_page_with_the_screens_numbers(results, store, geography, unit, lang):
    scope = Scope("92", geography, "commune", 2024, lang, unit)
    pages, text = read(pdf.profile(results, scope, store))
    assert pages == 1
    placed = profile.placed(scope)
    with language(lang):
        expected = [profile.headline(results, placed)]
        for name in profile.CARDS:
            card = summary.unit_card(results, name, placed)
            expected += [card.label, card.figure, card.meaning, changed(card)]
        nearest = neighbours.nearest(results, placed, 4)["distance"]
        expected += [f"{profile.called(placed, code)} {fmt.number(km, 1)} km" for code, km in nearest.items()]
        for _, figure, _ in profile.people_lines(profile.people(results, placed)):
            expected.append(figure)
        for lens in profile.lenses(results, placed):
            expected.append(fmt.span(lens.missing_low, lens.missing_high))
        expected += [t("nature.illustrative"), results.snapshot.id]
    assert [words for words in expected if squeezed(words) not in text] == []


def of_station(results, code, geography, lang, year=2025):
    unit = results.options.stations[code][geography]
    return Scope("all", geography, "commune", year, lang, unit, code)


@pytest.mark.parametrize(("geography", "lang"), [("legacy", "vi"), ("current", "en")])
def test_a_stations_profile_is_one_page_with_the_screens_numbers(results, store, geography, lang):
    scope = of_station(results, "TYT-31198", geography, lang)
    pages, text = read(pdf.profile(results, scope, store))
    assert pages == 1
    with language(lang):
        expected = [station.headline(results, scope), station.identity(results, scope).role]
        for card in station.cards(results, scope):
            expected += [card.label, card.figure, card.meaning]
        visits = station.activity(results, scope).loc["visits", 2025]
        expected += [fmt.number(visits), station.called("ecg"), t("nature.illustrative")]
    assert [words for words in expected if squeezed(words) not in text] == []


@pytest.mark.parametrize("lang", ["vi", "en"])
def test_no_station_runs_over_its_page(results, store, lang):
    """The station with the longest name, the one among most points, and a year before any scores."""
    frame = results.snapshot.frame("stations").set_index("station")
    longest = frame["name"].str.len().idxmax()
    crowded = frame.index[frame["current_commune"].eq(frame["current_commune"].mode()[0])][0]
    for code, geography, year in [
        (longest, "legacy", 2025),
        (crowded, "current", 2025),
        (longest, "current", 2020),
    ]:
        pages, _ = read(pdf.profile(results, of_station(results, code, geography, lang, year), store))
        assert pages == 1


@pytest.mark.parametrize(
    ("province", "geography", "lang"), [("92", "legacy", "vi"), ("all", "current", "en")]
)
def test_a_brief_is_two_pages_with_the_screens_numbers(results, store, province, geography, lang):
    scope = Scope(province, geography, "commune", 2025, lang)
    pages, text = read(pdf_brief.brief(results, scope, store))
    assert pages == 2
    judged = targets.commitments(results, scope)
    with language(lang):
        expected = [summary.shortage_sentence(results, scope), targets.headline(judged, scope)]
        for card in summary.overview_cards(results, scope):
            expected += [card.label, card.figure, changed(card)]
        expected += [provenance.source(results.snapshot, name) for name in ("staffing", "targets", "facts")]
        for _, row in judged.iterrows():
            expected += [
                targets.name(row["indicator"]),
                targets.stands(row),
                t(f"targets.status.{row['status']}"),
            ]
    assert [words for words in expected if squeezed(words) not in text] == []


def test_the_worst_and_the_best_are_the_tables_ends(results):
    scope = Scope("92", "legacy", "commune", 2025, "en")
    gaps = summary.gaps(results, scope, "points")
    known = gaps[gaps["status"].ne("unknown")]
    with language("en"):
        worst, best = pdf_brief.ranks(results, scope, 5)
    assert len(worst["rows"]) == len(best["rows"]) == 5
    assert worst["rows"][0][1] == fmt.span(
        known["gap_high"][known["gap_low"].idxmin()], known["gap_low"].min(), sign=True
    )
    assert {row[0] for row in worst["rows"]}.isdisjoint(row[0] for row in best["rows"])
    first = [code for code in known.index if summary.full_name(code, scope) == best["rows"][0][0]]
    assert known["gap_low"][first].tolist() == [known["gap_low"].max()]


def test_every_letter_has_its_glyph(results, store):
    """A missing glyph would come from no font, or extract as the replacement character."""
    data = pdf.profile(results, Scope("92", "legacy", "commune", 2024, "vi", "31198"), store)
    page = PdfReader(io.BytesIO(data)).pages[0]
    assert "\ufffd" not in page.extract_text()
    fonts = {str(font.get_object()["/BaseFont"]) for font in page["/Resources"]["/Font"].values()}
    assert any("BeVietnamPro" in name for name in fonts)
    _, text = read(data)
    for word in ("Thường Thạnh", "Tiêu chí quốc gia", "Nhân lực so với từng định mức"):
        assert squeezed(word) in text


# Typst's own DejaVu Sans Mono has these, which the text's font has not.
SYMBOLS = set("●○◌◆▲▼■✕≥₂⚑")


def texts(content):
    """Yield every text of a document but the map's drawing."""
    if isinstance(content, str):
        yield content
    elif isinstance(content, dict):
        for key, part in content.items():
            if key != "svg":
                yield from texts(part)
    elif isinstance(content, list):
        for part in content:
            yield from texts(part)


@pytest.mark.parametrize("lang", ["vi", "en"])
def test_every_letter_of_every_document_is_in_its_fonts(results, store, lang):
    known = set(map(chr, TTFont(pdf.FONTS / "BeVietnamPro-Regular.ttf").getBestCmap()))
    there = of_station(results, "TYT-31198", "legacy", lang)
    unit = Scope("92", "legacy", "commune", 2025, lang, "31198")
    whole = Scope("all", "current", "commune", 2025, lang)
    with language(lang):
        contents = [
            pdf.profile_content(results, profile.placed(unit), store),
            pdf.profile_content(results, profile.placed(replace(unit, unit="92")), store),
            pdf.station_content(results, there, store),
            pdf_brief.brief_content(results, whole, store),
        ]
    letters = {letter for content in contents for text in texts(content) for letter in text}
    assert letters - known <= SYMBOLS
    pages = PdfReader(io.BytesIO(pdf_brief.brief(results, whole, store))).pages
    fonts = {
        str(font.get_object()["/BaseFont"]) for page in pages for font in page["/Resources"]["/Font"].values()
    }
    assert any("DejaVuSansMono" in name for name in fonts)


def test_hostile_names_are_text_not_markup(results, store, monkeypatch):
    monkeypatch.setattr(profile, "name", lambda _: '#read("/etc/passwd") *x* $y$ <z>')
    pages, text = read(pdf.profile(results, Scope("92", "legacy", "commune", 2024, "en", "31198"), store))
    assert pages == 1
    assert squeezed('#read("/etc/passwd") *x* $y$ <z>') in text.replace("”", '"').replace("“", '"')


def test_a_profile_takes_less_than_two_seconds(results, store):
    """The best of three, since other work shares the machine; the first unit pays for what all units share."""
    units = ["31198", "31195", "31192", "31189"]
    taken = []
    for unit in units:
        began = time.perf_counter()
        pdf.profile(results, Scope("92", "legacy", "commune", 2024, "vi", unit), store)
        taken.append(time.perf_counter() - began)
    assert min(taken[1:]) < 2


@pytest.mark.parametrize("lang", ["vi", "en"])
def test_no_unit_runs_over_its_page(results, store, lang):
    """The communes made of most, those with the longest names, and the largest province."""
    made_of = results.snapshot.frame("stations")["current_commune"].value_counts()
    communes = at_level("legacy", "commune").loc[results.snapshot.frame("stations")["legacy_commune"]]
    longest = communes["name"].str.len().idxmax()
    for geography, unit in [
        ("current", made_of.index[0]),
        ("legacy", longest),
        ("legacy", "83"),
        ("current", "86"),
    ]:
        scope = Scope("all", geography, "commune", 2025, lang, unit)
        assert len(PdfReader(io.BytesIO(pdf.profile(results, scope, store))).pages) == 1
