"""A slide's outlines are kept while the boundaries are the same, and drawn anew when they change."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace

from answers import kept
from ui.draw.shapes import Box, draw


def test_imported_boundaries_are_drawn(monkeypatch):
    area = SimpleNamespace(geography="current", level="commune", province="92")
    box, store = Box(0, 0, 400, 300), kept.geometry()
    before = draw(area, box)  # type: ignore[arg-type]
    assert draw(area, box) is before  # type: ignore[arg-type]
    imported = SimpleNamespace(
        asset=lambda *asked: replace(store.asset(*asked), name=f"{asked[1]}-imported", source="official")
    )
    monkeypatch.setattr(kept, "geometry", lambda: imported)
    assert draw(area, box).source == "official"  # type: ignore[arg-type]
