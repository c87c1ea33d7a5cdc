"""What the app serves besides Streamlit's own: geometry by content-hashed name, and the front page."""

from __future__ import annotations

import gc
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import cache
from pathlib import Path
from socket import AF_INET, AF_INET6, IPPROTO_TCP, SO_ACCEPTCONN, SOL_SOCKET, TCP_NODELAY, socket
from threading import Thread
from typing import Any

from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse
from starlette.routing import BaseRoute, Route
from streamlit import file_util

from answers import kept
from answers.words import LANGUAGES
from geo import webgeometry
from ui import component, held
from ui.export import buttons
from ui.shell import PAGES

log = logging.getLogger("atlas")


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
    ]


@cache
def _shell(lang: str) -> str:
    """Return Streamlit's page in a language, with plotly.js asked for at once: a second before a chart could ask."""
    page = Path(file_util.get_static_dir(), "index.html").read_text("utf-8")
    page = page.replace('<html lang="en">', f'<html lang="{lang}">', 1)
    return page.replace("</head>", f'<script async src="{component.address("plotly")}"></script></head>', 1)


async def _page(request: Request) -> HTMLResponse:
    asked = request.query_params.get("lang", LANGUAGES[0])
    return HTMLResponse(
        _shell(asked if asked in LANGUAGES else LANGUAGES[0]), headers={"Cache-Control": "no-cache"}
    )


def _warm() -> None:
    try:
        kept.warm()
        if found := kept.results():
            buttons.warm(found)
    except Exception:  # a page that needs what failed here says so itself; the server goes on
        log.exception("warming up failed")
    settle()


def settle() -> None:
    """Take what is in memory now, libraries and results that stay, out of the garbage collector's rounds.

    Streamlit has it go through everything after each run of a page, which takes longer than most runs: 0.3 s.
    """
    gc.collect()
    gc.freeze()


def answer_at_once() -> None:
    """Have every small answer leave when it is written, on the sockets this process listens on.

    Streamlit binds its socket in the way of https://github.com/Kludex/uvicorn/issues/3149: what is accepted on
    it holds back the second half of each answer until the browser has acknowledged the first, 40 ms later.
    """
    for one in gc.get_objects():
        if type(one) is not socket or one.fileno() == -1 or one.family not in (AF_INET, AF_INET6):
            continue
        if one.getsockopt(SOL_SOCKET, SO_ACCEPTCONN):
            one.setsockopt(IPPROTO_TCP, TCP_NODELAY, 1)  # inherited by what is accepted


@asynccontextmanager
async def lifespan(_app: Any) -> AsyncIterator[None]:
    """Start serving at once, and make the first visitors' maps and sums ready meanwhile."""
    answer_at_once()
    settle()
    Thread(target=_warm, daemon=True, name="warm").start()
    yield
