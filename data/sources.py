"""What a source named beside a figure is called in Vietnamese; the reference tables keep the English."""

from __future__ import annotations

from functools import cache
from typing import Final

import yaml

from data.units import REFERENCE

FILE: Final = REFERENCE / "sources_vi.yml"


def source_said(source: str, lang: str) -> str:
    """Return a source of ``targets`` or ``facts`` in a language; one that is not known there, as it was written.

    >>> source_said("Resolution 72-NQ/TW", "vi"), source_said("Resolution 72-NQ/TW", "en")
    ('Nghị quyết số 72-NQ/TW', 'Resolution 72-NQ/TW')
    """
    return _vietnamese().get(source, source) if lang == "vi" else source


@cache
def _vietnamese() -> dict[str, str]:
    known: dict[str, str] = yaml.safe_load(FILE.read_text(encoding="utf-8"))
    return known
