"""The routes the app serves besides Streamlit's own: geometry by content-hashed name, and the front page."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import RedirectResponse
from starlette.routing import BaseRoute, Route

from geo import webgeometry
from ui import cache


async def _front(request: Request) -> RedirectResponse:
    # Streamlit answers "page not found" to the URL name of a default page, so the overview is an ordinary
    # page and the root leads to it.
    query = f"?{request.url.query}" if request.url.query else ""
    return RedirectResponse(f"overview{query}")


def routes() -> list[BaseRoute]:
    """Return the routes to mount beside Streamlit's."""
    return [Route("/", _front), *webgeometry.routes(cache.geometry())]
