"""A figure on a page is made once a day, and anew the day after: a verdict is of a day."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from answers import story
from answers.figure import Spec, UnavailableError
from answers.results import Results
from answers.scope import Scope
from data import clock
from data.store import open_store
from ui import show


def test_what_was_kept_yesterday_is_made_again_today(
    demo_store: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    snapshot = open_store(demo_store).current()
    assert snapshot is not None
    results, told, made = Results(snapshot), [], []

    def figure(results: Results, spec: Spec) -> None:
        made.append(spec)
        raise UnavailableError(f"made {len(made)}")

    monkeypatch.setattr(story, "figure", figure)
    monkeypatch.setattr(show.st, "info", lambda text, **_: told.append(text))
    spec = Spec("deadlines", "", Scope("92", "legacy", "commune", 2025, "en"))
    for day in (1, 1, 2):
        monkeypatch.setattr(clock, "today", lambda day=day: dt.date(2026, 12, day))
        show.show(results, spec, key="deadlines")
    assert told == ["made 1", "made 1", "made 2"]
