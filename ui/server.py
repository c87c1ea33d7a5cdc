"""What the app serves besides Streamlit's own: geometry by content-hashed name, and the front page."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import cache
from threading import Thread
from typing import Any, Final

from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse
from starlette.routing import BaseRoute, Route

from answers import kept
from answers.words import LANGUAGES
from geo import webgeometry
from ui import access, component, held, warming, workarounds
from ui.export import talk
from ui.shell import PAGES

log = logging.getLogger("atlas")
PATIENCE: Final = 10.0  # seconds the door stays shut at most


async def _front(request: Request) -> RedirectResponse:
    # Streamlit answers "page not found" to the URL name of a default page, so the overview is an ordinary
    # page and the root leads to it.
    query = f"?{request.url.query}" if request.url.query else ""
    return RedirectResponse(f"overview{query}")


def routes() -> list[BaseRoute]:
    """Return the routes to mount beside Streamlit's."""
    pages = [Route(f"/{name}", _page) for name in PAGES]
    return [
        Route("/", _front),
        *pages,
        *webgeometry.routes(kept.geometry()),
        *component.routes(),
        *held.routes(),
        *talk.routes(),
    ]


@cache
def _shell(lang: str) -> str:
    """Return Streamlit's page in a language, with plotly.js asked for at once: a second before a chart could ask."""
    return workarounds.index_page(lang, f'<script async src="{component.address("plotly")}"></script>')


async def _page(request: Request) -> HTMLResponse:
    asked = request.query_params.get("lang", LANGUAGES[0])
    return HTMLResponse(
        _shell(asked if asked in LANGUAGES else LANGUAGES[0]), headers={"Cache-Control": "no-cache"}
    )


def _open() -> None:
    try:
        if found := kept.results():
            warming.opening(found)
    except Exception:  # a page that needs what failed here says so itself; the server goes on
        log.exception("making the opening page ready failed")


@asynccontextmanager
async def lifespan(_app: Any) -> AsyncIterator[None]:
    """Open the door when the page that everybody opens first is ready; the rest is made ready meanwhile."""
    workarounds.answer_at_once()
    access.announce()
    opening = Thread(target=_open, daemon=True, name="opening")
    opening.start()
    await asyncio.to_thread(opening.join, PATIENCE)
    with warming.beside():
        yield
