"""What the app serves besides Streamlit's own: geometry by content-hashed name, and the front page."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from threading import Thread
from typing import Any

from starlette.requests import Request
from starlette.responses import RedirectResponse
from starlette.routing import BaseRoute, Route

from geo import webgeometry
from ui import cache, component, held

log = logging.getLogger("atlas")


async def _front(request: Request) -> RedirectResponse:
    # Streamlit answers "page not found" to the URL name of a default page, so the overview is an ordinary
    # page and the root leads to it.
    query = f"?{request.url.query}" if request.url.query else ""
    return RedirectResponse(f"overview{query}")


def routes() -> list[BaseRoute]:
    """Return the routes to mount beside Streamlit's."""
    return [Route("/", _front), *webgeometry.routes(cache.geometry()), *component.routes(), *held.routes()]


def _warm() -> None:
    try:
        cache.warm()
    except Exception:  # a page that needs what failed here says so itself; the server goes on
        log.exception("warming up failed")


@asynccontextmanager
async def lifespan(_app: Any) -> AsyncIterator[None]:
    """Start serving at once, and make the first visitors' maps and sums ready meanwhile."""
    Thread(target=_warm, daemon=True, name="warm").start()
    yield
