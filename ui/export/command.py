"""Slides, a workbook or a picture from the command line.

Exit 0: written. Exit 2: refused, with the reason in Vietnamese and English, and nothing written.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from data.store import StoreError, open_store
from geo.units import at_level
from ui import cache, theme
from ui.export import picture, story
from ui.export.deck import deck
from ui.export.deck_template import Template, TemplateError, from_file
from ui.export.parts import Spec
from ui.export.story import STORIES, Story
from ui.export.xlsx import workbook
from ui.i18n import LANGUAGES, language, t
from ui.results import Results
from ui.scope import ALL, LEVELS, Scope, default


class RefusedError(Exception):
    """What was asked for cannot be done; holds the reason in each language."""

    def __init__(self, reason: Callable[[], str]) -> None:
        super().__init__()
        self.reasons: list[str] = []
        for lang in LANGUAGES:
            with language(lang):
                self.reasons.append(reason())


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; return its exit code."""
    asked = _parser().parse_args(arguments)
    try:
        _run(asked)
    except RefusedError as error:
        for reason in error.reasons:
            print(reason, file=sys.stderr)
        return 2
    except StoreError as error:
        for lang in LANGUAGES:
            print(error.text(lang), file=sys.stderr)
        return 2
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m ui.export", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    for name in ("deck", "workbook", "picture"):
        command = commands.add_parser(name, help=_both(name))
        for option, start in (("province", None), ("geography", "legacy"), ("level", "commune")):
            command.add_argument(f"--{option}", default=start, help=_both(option))
        command.add_argument("--year", help=_both("year"))
        command.add_argument("--lang", default=LANGUAGES[0], help=" | ".join(LANGUAGES))
        command.add_argument("--out", type=Path, required=True)
    commands.choices["deck"].add_argument("--story", default="overview", help=" | ".join(STORIES))
    commands.choices["deck"].add_argument("--template", type=Path, help=_both("template"))
    commands.choices["picture"].add_argument("--slide", default="map:staffing_gap", help=_both("slide"))
    return parser


def _both(name: str) -> str:
    """Return a message in each language: nobody has chosen one yet."""
    said = []
    for lang in LANGUAGES:
        with language(lang):
            said.append(t(f"export.cli.{name}"))
    return " / ".join(said)


def _run(asked: argparse.Namespace) -> None:
    snapshot = open_store().current()
    if snapshot is None:
        raise RefusedError(lambda: t("error.no_snapshot"))
    if not cache.can_show(snapshot):
        raise RefusedError(lambda: t("error.no_stations"))
    results = Results(snapshot)
    scope = _scope(asked, results)
    if not asked.out.resolve().parent.is_dir():
        raise RefusedError(lambda: t("export.cli.folder", path=asked.out.parent))
    made = {"deck": _deck, "workbook": _workbook, "picture": _picture}[asked.command](asked, results, scope)
    asked.out.write_bytes(made)


def _scope(asked: argparse.Namespace, results: Results) -> Scope:
    options, start = results.options, default(results.options)
    _one_of(asked.lang, LANGUAGES, "lang")
    _one_of(asked.geography, tuple(options.provinces), "geography")
    provinces = options.provinces[asked.geography]
    province = asked.province or (start.province if start.province in provinces else provinces[0])
    names = at_level(asked.geography, "province")["short_name"]
    listed = tuple(f"{code} ({names[code]})" for code in provinces)
    _one_of(province, (*provinces, ALL), "province", shown=(*listed, ALL))
    _one_of(asked.level, LEVELS[asked.geography], "level")
    year = asked.year or str(start.year)
    _one_of(year, tuple(str(one) for one in options.years), "year")
    return Scope(province, asked.geography, asked.level, int(year), asked.lang)


def _one_of(value: str, allowed: Sequence[str], option: str, *, shown: Sequence[str] = ()) -> None:
    if value not in allowed:
        listed = ", ".join(shown or allowed)
        raise RefusedError(lambda: t("export.cli.choice", option=f"--{option}", value=value, allowed=listed))


def _deck(asked: argparse.Namespace, results: Results, scope: Scope) -> bytes:
    _one_of(asked.story, tuple(STORIES), "story")
    template = None
    if asked.template is not None:
        template = _template(asked.template, asked.lang)
    built = story.build(results, story.specs(asked.story, scope), asked.lang)
    _tell(built)
    # The cover alone says nothing: a scope in which no slide has a number is empty.
    if all(slide.spec.kind == "cover" for slide in built.slides):
        raise RefusedError(lambda: t("export.cli.empty"))
    return deck(built, lang=asked.lang, template=template)


def _template(path: Path, lang: str) -> Template:
    try:
        with language(lang):
            template = from_file(path)
    except TemplateError as error:
        raise RefusedError(error.said) from error
    for report in template.reports:
        print(report, file=sys.stderr)
    return template


def _tell(built: Story) -> None:
    for title, reason in built.missing:
        print(f"{title}: {reason}", file=sys.stderr)


def _workbook(asked: argparse.Namespace, results: Results, scope: Scope) -> bytes:
    return workbook(results, scope, lang=asked.lang)


def _picture(asked: argparse.Namespace, results: Results, scope: Scope) -> bytes:
    kind, _, name = asked.slide.partition(":")
    built = story.build(results, [Spec(kind, name, scope)], asked.lang)
    _tell(built)
    if not built.slides:
        raise RefusedError(lambda: t("export.cli.empty"))
    if asked.out.suffix == ".png":
        return picture.png(built.slides[0], theme.LIGHT)
    return picture.svg(built.slides[0], theme.LIGHT, fonts=True).encode()
