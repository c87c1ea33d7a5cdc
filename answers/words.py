"""Vietnamese and English: message catalogues by key, read with Babel.

A catalogue is a folder of ``.po`` files whose message ids are keys (``overview.headline``) and whose
strings hold named placeholders (``{communes}``). The language of a run is set once with :func:`use`;
cached functions take the language as an argument and enter it with :func:`language`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from pathlib import Path
from typing import Final, TypeVar

from babel.messages.pofile import read_po

T = TypeVar("T")

LANGUAGES: Final = ("vi", "en")
LOCALE: Final = Path(__file__).parent / "locale"

_language: ContextVar[str] = ContextVar("language", default="vi")


@cache
def catalogue(lang: str) -> dict[str, str | tuple[str, ...]]:
    """Return every message of a language by key; a tuple holds the plural forms."""
    messages: dict[str, str | tuple[str, ...]] = {}
    for path in sorted((LOCALE / lang).glob("*.po")):
        with path.open("rb") as file:
            for message in read_po(file, locale=lang, abort_invalid=True):
                if not message.id:
                    continue
                key = message.id if isinstance(message.id, str) else message.id[0]
                if key in messages:
                    raise ValueError(f"{path}: message {key!r} is defined twice")
                messages[key] = message.string
    return messages


def current() -> str:
    """Return the language of this run."""
    return _language.get()


def use(lang: str) -> None:
    """Set the language of this run."""
    if lang not in LANGUAGES:
        raise ValueError(f"unknown language {lang!r}")
    _language.set(lang)


@contextmanager
def language(lang: str) -> Iterator[None]:
    """Speak a language for a while, then return to the one before.

    >>> with language("en"):
    ...     current()
    'en'
    """
    before = _language.get()
    use(lang)
    try:
        yield
    finally:
        _language.set(before)


def t(key: str, **values: object) -> str:
    """Return the message of a key in the current language, its placeholders filled.

    >>> with language("en"):
    ...     t("app.name")
    'Commune Health Atlas'
    """
    message = catalogue(current())[key]
    if not isinstance(message, str):
        raise KeyError(f"{key!r} has plural forms: use tn()")
    return message.format(**values) if values else message


def tn(key: str, count: float, **values: object) -> str:
    """Return the message whose plural form fits ``count``.

    >>> with language("en"):
    ...     tn("unit.staff", 1, n="1"), tn("unit.staff", 2, n="2")
    ('1 health worker', '2 health workers')
    """
    forms = catalogue(current())[key]
    if isinstance(forms, str):
        raise KeyError(f"{key!r} has no plural forms: use t()")
    form = 0 if current() == "vi" or abs(count) == 1 else 1
    return forms[form].format(**values)


def pick(texts: dict[str, str]) -> str:
    """Return the text of a ``{vi:, en:}`` mapping in the current language.

    >>> with language("en"):
    ...     pick({"vi": "xã", "en": "commune"})
    'commune'
    """
    return texts[current()]


def labels(options: Iterable[T], name: Callable[[T], str]) -> Callable[[T], str]:
    """Return what to call each option, decided now: a widget may ask later, outside this run's language.

    >>> with language("en"):
    ...     called = labels(["staffing"], lambda page: t(f"page.{page}"))
    >>> called("staffing")
    'Staffing'
    """
    return {option: name(option) for option in options}.__getitem__
