"""Stories of the illustrative snapshot, and a province's own template, for the tests of exports."""

from __future__ import annotations

import io
from functools import cache
from pathlib import Path

from pptx import Presentation
from pptx.util import Emu

from data.store import open_store
from ui.export import story
from ui.export.deck import deck
from ui.export.story import Story
from ui.results import Results
from ui.scope import Scope

SCOPE = Scope("92", "legacy", "commune", 2024, "vi")


@cache
def results(store: Path) -> Results:
    snapshot = open_store(store).current()
    assert snapshot is not None
    return Results(snapshot)


@cache
def built(store: Path, name: str, lang: str, scope: Scope = SCOPE) -> Story:
    return story.build(results(store), story.specs(name, scope), lang)


@cache
def deck_bytes(store: Path, name: str, lang: str, scope: Scope = SCOPE) -> bytes:
    return deck(built(store, name, lang, scope), lang=lang)


def opened(data: bytes):
    return Presentation(io.BytesIO(data))


def province_template(path: Path, *, keep: tuple[str, ...] = ("Title Slide", "Title Only")) -> Path:
    """Write a wide presentation with one old slide and only some of the usual layouts."""
    made = Presentation()
    made.slide_width, made.slide_height = Emu(12192000), Emu(6858000)
    made.slides.add_slide(made.slide_layouts[0]).shapes.title.text = "old slide"
    for layout in list(made.slide_layouts):
        if layout.name not in keep and layout.name != "Title Slide":
            made.slide_layouts.remove(layout)
    if "Title Slide" not in keep:
        for entry in list(made.slides._sldIdLst):
            made.part.drop_rel(entry.rId)
            made.slides._sldIdLst.remove(entry)
        made.slide_layouts.remove(made.slide_layouts.get_by_name("Title Slide"))
    made.save(str(path))
    return path
