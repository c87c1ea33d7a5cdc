"""What every page is made of: its headline, fragments that rerun alone, and the boundary errors stop at."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from html import escape
from typing import ParamSpec
from uuid import uuid4

import streamlit as st

from answers import kept
from answers import scope as scopes
from answers import words as i18n
from answers.words import t
from data.manifest import StoreError
from ui import badges

P = ParamSpec("P")
log = logging.getLogger("atlas")


@contextmanager
def boundary(name: str) -> Iterator[None]:
    """Stop an error here: the visitor is told what failed and what to do, the log keeps the rest."""
    try:
        yield
    except StoreError as error:
        log.warning("%s: %s", name, error)
        st.error(error.text(i18n.current()), icon=":material/database_off:")
    except Exception:
        reference = uuid4().hex[:8]
        log.exception("%s failed [%s]", name, reference)
        st.error(t("error.panel", name=name, reference=reference), icon=":material/error:")


def fragment(function: Callable[P, None]) -> Callable[P, None]:
    """Make a part of a page rerun alone, in the visitor's language and behind its own boundary."""

    @st.fragment
    @wraps(function)
    def run(*args: P.args, **kwargs: P.kwargs) -> None:
        i18n.use(st.session_state["scope.lang"])
        with boundary(function.__name__.replace("_", " ")):
            function(*args, **kwargs)

    return run


def head(headline: str, chosen: scopes.Scope, nature: str) -> None:
    """Open a page: the scope in small type, then the one sentence that matters."""
    results = kept.results()
    few = scopes.collected(results.options, chosen) if results else ""
    said = f"<span>◆ {escape(few)}</span>" if few and few not in headline else ""
    line = f"<span>{escape(scopes.sentence(chosen))}</span>{said}{badges.html(nature)}"
    st.html(
        f'<div class="atlas"><p class="scope-line">{line}</p><h1 class="headline">{escape(headline)}</h1></div>'
    )


def section(title: str, note: str = "") -> None:
    """Open a part of a page with its title and, where needed, one line that says how to read it."""
    below = f'<p class="card-note">{escape(note)}</p>' if note else ""
    st.html(f'<div class="atlas"><h2 class="card-title">{escape(title)}</h2>{below}</div>')


def say(text: str) -> None:
    """Write a sentence."""
    st.html(f'<p class="atlas">{escape(text)}</p>')


def remark(text: str) -> None:
    """Write a sentence in small type, under what it is about."""
    st.html(f'<p class="atlas card-note">{escape(text)}</p>')
