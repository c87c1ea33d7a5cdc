"""A story outside the app: a short text for a link, a small file, and the way back.

Only the choice of slides travels, never the numbers: whoever opens it computes them from a snapshot.
"""

from __future__ import annotations

import base64
import binascii
import json
import zlib
from collections.abc import Sequence
from typing import Annotated, Any, Final

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from answers.figure import Spec
from answers.scope import Scope
from answers.words import t

MOST: Final = 60
"""Slides a shared story may hold: a link from a stranger must not keep the server busy."""
_SIZE: Final = 200_000


class StoryFileError(Exception):
    """A text or file that holds no story."""

    def said(self) -> str:
        """Return what to tell the visitor."""
        return t("export.share.broken")


class _Slide(BaseModel):
    model_config = ConfigDict(extra="forbid")
    kind: str = Field(max_length=40)
    name: str = Field(max_length=80)
    province: str = Field(max_length=12)
    geography: str = Field(max_length=12)
    level: str = Field(max_length=12)
    year: int
    unit: str | None = Field(default=None, max_length=12)
    title: str | None = Field(default=None, max_length=300)
    note: str | None = Field(default=None, max_length=4000)
    options: list[Annotated[str, Field(max_length=40)]] = Field(default=[], max_length=60)


class _Shared(BaseModel):
    model_config = ConfigDict(extra="forbid")
    atlas_story: int = Field(ge=1, le=1)
    snapshot: str = Field(max_length=64)
    slides: list[_Slide] = Field(min_length=1, max_length=MOST)


def to_json(specs: Sequence[Spec], snapshot: str) -> str:
    """Return the small file of a story made from a snapshot."""
    slides = [_plain(spec) for spec in specs]
    return json.dumps({"atlas_story": 1, "snapshot": snapshot, "slides": slides}, ensure_ascii=False)


def _plain(spec: Spec) -> dict[str, Any]:
    scope = spec.scope
    found = {
        "kind": spec.kind,
        "name": spec.name,
        "province": scope.province,
        "geography": scope.geography,
        "level": scope.level,
        "year": scope.year,
        "unit": scope.unit,
        "title": spec.title,
        "note": spec.note,
        "options": list(spec.options) or None,
    }
    return {name: value for name, value in found.items() if value is not None}


def from_json(text: str, lang: str) -> tuple[tuple[Spec, ...], str]:
    """Return a story's slides and the snapshot it was made from."""
    try:
        shared = _Shared.model_validate_json(text)
    except ValidationError as error:
        raise StoryFileError from error
    specs = tuple(
        Spec(
            one.kind,
            one.name,
            Scope(one.province, one.geography, one.level, one.year, lang, one.unit),
            one.title,
            one.note,
            tuple(one.options),
        )
        for one in shared.slides
    )
    return specs, shared.snapshot


def to_code(specs: Sequence[Spec], snapshot: str) -> str:
    """Return a story as a text that a link can hold."""
    packed = zlib.compress(to_json(specs, snapshot).encode(), 9)
    return base64.urlsafe_b64encode(packed).decode().rstrip("=")


def from_code(code: str, lang: str) -> tuple[tuple[Spec, ...], str]:
    """Return a story from a link's text, bounded before it is unpacked."""
    try:
        packed = base64.urlsafe_b64decode(code + "=" * (-len(code) % 4))
        opener = zlib.decompressobj()
        text = opener.decompress(packed, _SIZE)
        if opener.unconsumed_tail or not opener.eof:
            raise StoryFileError
        return from_json(text.decode(), lang)
    except (binascii.Error, zlib.error, UnicodeError, ValueError) as error:
        raise StoryFileError from error
