"""What the stage is sent: every slide in both languages, and why one cannot be made."""

from __future__ import annotations

from answers.colours import LIGHT
from answers.figure import Spec
from answers.results import Results
from answers.words import LANGUAGES, language
from data.store import open_store
from tests.ui.export.samples import SCOPE
from ui.export import stage, talk


def test_a_slide_that_cannot_be_made_is_a_row_with_its_reason_and_asked_for_once(demo_store, monkeypatch):
    asked = []
    build = talk.build
    monkeypatch.setattr(talk, "build", lambda *what: asked.append(what[1:]) or build(*what))
    specs = (Spec("cover", "overview", SCOPE), Spec("hologram", "", SCOPE))
    source = Results(open_store(demo_store).current())
    with language("en"):
        sent = stage.payload(source, specs, name="own", lang="en", theme=LIGHT, fresh=True)
    for lang in LANGUAGES:
        assert [slide["at"] for slide in sent["talk"]["slides"][lang]] == [0]
    made, missing = sent["rows"]
    assert made["missing"] is None
    assert "hologram" in missing["missing"]
    assert len(asked) == len(specs) * len(LANGUAGES)
