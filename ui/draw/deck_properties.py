"""What a deck says of itself: whose it is, what is in it, and the language of its words."""

from __future__ import annotations

import datetime as dt
from typing import Any, Final

from lxml import etree
from pptx.opc.constants import CONTENT_TYPE as TYPE
from pptx.opc.constants import RELATIONSHIP_TYPE as RELATION
from pptx.oxml.ns import qn

from answers.words import t

LOCALES: Final = {"vi": "vi-VN", "en": "en-GB"}
"""The language a program checks the spelling of words in."""
MACROS: Final = ("/vbaProject", "/attachedToolbars")
CONTENTS: Final = (
    '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
    '<Properties xmlns="http://schemas.openxmlformats.org/officeDocument/2006/extended-properties">'
    "<TotalTime>0</TotalTime><Application>Microsoft Office PowerPoint</Application>"
    "<Slides>{slides}</Slides><Notes>{slides}</Notes><HiddenSlides>0</HiddenSlides></Properties>"
)
RUNS: Final = tuple(qn(f"a:{name}") for name in ("rPr", "endParaRPr", "defRPr"))


def sign(deck: Any, *, title: str, about: str, lang: str) -> None:
    """Write whose a deck is, what it holds, and the language of all that was written on its slides.

    Of a template only its looks are taken: not its author, its counts, its programs.
    """
    own, now = deck.core_properties, dt.datetime.now(dt.UTC).replace(tzinfo=None)
    own.title, own.subject, own.language = title, about, LOCALES[lang]
    own.author = own.last_modified_by = t("app.name")
    own.created = own.modified = now
    own.revision = 1
    own.comments = own.keywords = own.category = own.content_status = own.version = ""
    for rel in deck.part.package._rels.values():
        if rel.reltype == RELATION.EXTENDED_PROPERTIES:
            rel.target_part._blob = CONTENTS.format(slides=len(deck.slides)).encode()
    for key in [key for key, rel in deck.part.rels.items() if rel.reltype.endswith(MACROS)]:
        deck.part.rels.pop(key)
    # A file with programs in it has another ending: PowerPoint does not open it under the one of a deck.
    deck.part._content_type = TYPE.PML_PRESENTATION_MAIN
    for slide in deck.slides:
        _speak(slide._element, LOCALES[lang])
        _speak(slide.notes_slide._element, LOCALES[lang])
        for shape in slide.shapes:
            if shape.has_chart:
                _chart(shape.chart, LOCALES[lang])


def _speak(element: Any, locale: str) -> None:
    """Name the language of every text under an element."""
    for run in element.iter(qn("a:r")):
        run.get_or_add_rPr().set("lang", locale)
    for run in element.iter(*RUNS):
        run.set("lang", locale)


def _chart(chart: Any, locale: str) -> None:
    space = chart._chartSpace
    _speak(space, locale)
    for old in space.findall(qn("c:lang")):
        space.remove(old)
    named = etree.Element(qn("c:lang"), val=locale)
    first = space.find(qn("c:date1904"))
    if first is None:
        space.insert(0, named)
    else:
        first.addnext(named)
