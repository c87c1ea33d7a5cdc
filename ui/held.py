"""What a browser asks for after its page is drawn: each content under an address that nobody can guess.

The address is as secret as the page that names it: a keyed hash, with a key of this process alone.
"""

from __future__ import annotations

import gzip
import hmac
import secrets
from typing import Final

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from answers.keeping import Shelf

MOST: Final = 200  # contents kept; an older one is forgotten, and the page does without it
_KEY: Final = secrets.token_bytes(32)
_kept: Final = Shelf(MOST)


def url(content: bytes) -> str:
    """Keep JSON for whoever knows its address, and return the address."""
    name = hmac.new(_KEY, content, "sha256").hexdigest()
    _kept.keep((name,), lambda: gzip.compress(content, mtime=0))
    return f"/held/{name}"


def routes() -> list[Route]:
    """Return the address under which the contents are found."""

    def held(request: Request) -> Response:
        data = _kept.ready().get((request.path_params["name"],))
        if data is None:
            return Response(status_code=404)
        headers = {"Content-Encoding": "gzip", "Cache-Control": "private, max-age=86400, immutable"}
        return Response(data, headers=headers, media_type="application/json")

    return [Route("/held/{name}", held, methods=["GET"])]
