"""Slides, a talk, a workbook or a picture from the command line.

Exit 0: written. Exit 2: refused, with the reason in Vietnamese and English, and nothing written.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from answers import kept as cache
from answers import share, story
from answers.colours import LIGHT
from answers.figure import Spec
from answers.results import Results
from answers.scope import ALL, LEVELS, Scope, default
from answers.share import StoryFileError
from answers.story import STORIES, Story
from answers.words import LANGUAGES, language, t
from data.store import StoreError, open_store
from geo.units import at_level
from ui.draw import picture
from ui.draw.deck import deck
from ui.draw.deck_template import Template, TemplateError, from_file
from ui.draw.xlsx import workbook
from ui.export import talk


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
    for name in ("deck", "talk", "workbook", "picture"):
        command = commands.add_parser(name, help=_both(name))
        for option, start in (("province", None), ("geography", "legacy"), ("level", "commune")):
            command.add_argument(f"--{option}", default=start, help=_both(option))
        command.add_argument("--year", help=_both("year"))
        command.add_argument("--lang", default=LANGUAGES[0], help=" | ".join(LANGUAGES))
        command.add_argument("--out", type=Path, required=True)
    for name in ("deck", "talk"):
        commands.choices[name].add_argument("--story", default="overview", help=_stories())
    commands.choices["deck"].add_argument("--template", type=Path, help=_both("template"))
    commands.choices["picture"].add_argument("--slide", default="map:staffing_gap", help=_both("slide"))
    return parser


def _stories() -> str:
    return " | ".join([*STORIES, _both("story")])


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
    commands = {"deck": _deck, "talk": _talk, "workbook": _workbook, "picture": _picture}
    asked.out.write_bytes(commands[asked.command](asked, results, scope))


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
    year = asked.year or str(options.opening_year(asked.geography, province))
    _one_of(year, tuple(str(one) for one in options.years), "year")
    return Scope(province, asked.geography, asked.level, int(year), asked.lang)


def _one_of(value: str, allowed: Sequence[str], option: str, *, shown: Sequence[str] = ()) -> None:
    if value not in allowed:
        listed = ", ".join(shown or allowed)
        raise RefusedError(lambda: t("export.cli.choice", option=f"--{option}", value=value, allowed=listed))


def _deck(asked: argparse.Namespace, results: Results, scope: Scope) -> bytes:
    specs = _specs(asked, results, scope)
    template = None
    if asked.template is not None:
        template = _template(asked.template, asked.lang)
    return deck(_built(asked, results, specs), lang=asked.lang, template=template)


def _talk(asked: argparse.Namespace, results: Results, scope: Scope) -> bytes:
    specs = _specs(asked, results, scope)
    _built(asked, results, specs)
    code = share.to_code(specs, results.snapshot.id)
    return talk.html(talk.talk(results, specs, code=code, lang=asked.lang, theme=LIGHT))


def _specs(asked: argparse.Namespace, results: Results, scope: Scope) -> tuple[Spec, ...]:
    """Return the slides of a standard story, or of a file saved on the present page."""
    if not asked.story.endswith(".json"):
        _one_of(asked.story, tuple(STORIES), "story", shown=(*STORIES, "*.json"))
        return story.specs(asked.story, scope)
    try:
        specs, made_from = share.from_json(Path(asked.story).read_text("utf-8"), asked.lang)
    except (OSError, UnicodeError, StoryFileError) as error:
        raise RefusedError(lambda: t("export.cli.story_file", path=asked.story)) from error
    if made_from != results.snapshot.id:
        with language(asked.lang):
            print(t("present.snapshot_changed", old=made_from, new=results.snapshot.id), file=sys.stderr)
    return specs


def _built(asked: argparse.Namespace, results: Results, specs: Sequence[Spec]) -> Story:
    """Compute a story, and say which of its slides cannot be made."""
    built = story.build(results, specs, asked.lang)
    _tell(built)
    # The cover alone says nothing: a scope in which no slide has a number is empty.
    if all(slide.spec.kind == "cover" for slide in built.slides):
        raise RefusedError(lambda: t("export.cli.empty"))
    return built


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
        return picture.png(built.slides[0], LIGHT)
    return picture.svg(built.slides[0], LIGHT, fonts=True).encode()
