"""A talk: what the stage needs to show it, and the one file that carries it to a hall without a network.

The file holds everything: the script of present mode, the letters, the slides in both languages. The app keeps the
same file in the presenter's browser while a talk lasts.
"""

from __future__ import annotations

import base64
import gzip
import hashlib
import json
import re
import tomllib
from collections import Counter
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any, Final

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from answers.colours import Theme
from answers.figure import Slide, Spec
from answers.results import Results
from answers.story import Story, build
from answers.words import LANGUAGES, language, t
from ui.draw import measure, picture

_ROOT: Final = Path(__file__).resolve().parents[2]
_FILES: Final = _ROOT / "ui" / "components"
_PLACE: Final = "null/*talk*/"
"""Where the talk goes in the file; the script of the present page knows it as well."""
_OUTLINE: Final = re.compile(r'(<path [^>]*?\bd=")(M[^"]{30,})"')
WORDS: Final = (
    "refused", "gesture", "blocked", "playing", "paused", "pace", "window", "clock", "timer", "next", "last", "notes",
    "none", "smaller", "larger", "pause", "resume", "reset", "previous", "following", "overview", "black", "white",
    "language", "autoplay", "byhand", "seconds", "end", "begin", "both", "keys", "atlas",
)  # fmt: skip


def talk(results: Results, specs: Sequence[Spec], *, code: str, lang: str, theme: Theme) -> dict[str, Any]:
    """Return what the stage needs: slides and notes and its own words by language, and how it looks.

    ``code`` names the story, so that a talk under way is found again.
    """
    said = {}
    for one in LANGUAGES:
        with language(one):
            said[one] = {word: t(f"talk.{word}") for word in WORDS}
    slides, shapes = fold({one: _slides(results, specs, one, theme) for one in LANGUAGES})
    return {
        "slides": slides,
        "shapes": shapes,
        "said": said,
        "style": (_FILES / "talk.css").read_text("utf-8"),
        "code": code,
        "lang": lang,
        "ground": theme.ground,
        "ink": theme.text,
    }


def _slides(results: Results, specs: Sequence[Spec], lang: str, theme: Theme) -> list[dict[str, Any]]:
    found = []
    for i, spec in enumerate(specs):
        for slide in made(results, spec, lang).slides:
            key = ("stage", repr(spec), lang, theme.mode)
            svg = results.keep(*key, compute=lambda slide=slide: picture.svg(slide, theme, source=False))
            found.append({"at": i, "svg": svg, "notes": _notes(slide)})
    return found


def fold(
    slides: dict[str, list[dict[str, Any]]],
) -> tuple[dict[str, list[dict[str, Any]]], list[str]]:
    """Write the outlines that pictures share once: the communes of every map are the same, in both languages.

    >>> twice = {"vi": [{"svg": '<path d="M12345678 90L1 2L3 4L5 6L7 8L9 1Z"/>'}] * 2}
    >>> fold(twice)
    ({'vi': [{'svg': '<path d="~0"/>'}, {'svg': '<path d="~0"/>'}]}, ['M12345678 90L1 2L3 4L5 6L7 8L9 1Z'])
    """
    pictures = [slide["svg"] for one in slides.values() for slide in one]
    found = Counter(match[2] for picture in pictures for match in _OUTLINE.finditer(picture))
    places = {shape: i for i, shape in enumerate(shape for shape, times in found.items() if times > 1)}

    def named(match: re.Match[str]) -> str:
        return f'{match[1]}~{places[match[2]]}"' if match[2] in places else match[0]

    folded = {
        lang: [{**slide, "svg": _OUTLINE.sub(named, slide["svg"])} for slide in one]
        for lang, one in slides.items()
    }
    return folded, list(places)


def made(results: Results, spec: Spec, lang: str) -> Story:
    """Return one slide of a story, or why it cannot be made; computed once."""
    return results.keep("stage", repr(spec), lang, compute=lambda: build(results, [spec], lang))


def _notes(slide: Slide) -> str:
    return "\n".join(f"{name}: {words}" for name, words in slide.notes)


def html(told: dict[str, Any]) -> bytes:
    """Return a talk as one file that asks for nothing."""
    # No text of a slide may end the script it stands in.
    text = json.dumps(told, ensure_ascii=False, separators=(",", ":")).replace("<", "\\u003c")
    return shell().replace(_PLACE, text, 1).encode()


@cache
def shell() -> str:
    """Return the file without a talk."""
    style = _faces() + (_FILES / "carried.css").read_text("utf-8")
    scripts = [
        _script("presenter", "globalThis.atlas = { Presenter };"),
        _script("talk", "Object.assign(globalThis.atlas, { Talk, make, underway, unfold });"),
        _script("carried"),
    ]
    return (
        '<!doctype html><html><head><meta charset="utf-8"><title></title>'
        '<meta name="viewport" content="width=device-width, initial-scale=1"><link rel="icon" href="data:,">'
        f'<style>{style}</style></head><body><main></main><script type="application/json" id="talk">{_PLACE}'
        f"</script>{''.join(scripts)}</body></html>"
    )


def _script(name: str, more: str = "") -> str:
    return f'<script type="module">\n{(_FILES / f"{name}.js").read_text("utf-8")}{more}</script>'


def _faces() -> str:
    """Return the letters of the app's theme inside the file, in the two weights of a slide, and the signs."""
    theme = tomllib.loads((_ROOT / ".streamlit" / "config.toml").read_text("utf-8"))["theme"]
    faces = [
        _face(one["family"], _ROOT / one["url"].removeprefix("app/"), one["weight"], one["unicodeRange"])
        for one in theme["fontFaces"]
        if one["weight"] in (400, 700)
    ]
    return "".join([*faces, _face("Atlas Signs", Path(measure.font_files()[-1]), 400)])


def _face(family: str, file: Path, weight: int, characters: str = "U+0-10FFFF") -> str:
    code = base64.b64encode(file.read_bytes()).decode()
    return (
        f"@font-face{{font-family:'{family}';font-weight:{weight};unicode-range:{characters};"
        f"src:url(data:font/{file.suffix[1:]};base64,{code})}}\n"
    )


@cache
def address() -> str:
    """Return where the present page finds the file without a talk."""
    return f"/talk/{hashlib.sha256(shell().encode()).hexdigest()[:12]}.html"


def routes() -> list[Route]:
    """Return the address of the file without a talk: it holds nothing of anybody's."""

    def empty(_request: Request) -> Response:
        headers = {"Content-Encoding": "gzip", "Cache-Control": "public, max-age=31536000, immutable"}
        return Response(_packed(), headers=headers, media_type="text/html")

    return [Route(address(), empty, methods=["GET"])]


@cache
def _packed() -> bytes:
    return gzip.compress(shell().encode(), mtime=0)
