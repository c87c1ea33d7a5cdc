"""Our own small components: each is a script and a style sheet in ``ui/components``.

Streamlit sends a component's script again with every change of its data, so what it gets is a few lines that load
the script by a content-hashed address, once; the data travel packed.
"""

from __future__ import annotations

import gzip
import hashlib
import json
from base64 import b64encode
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path
from typing import Any, Final

import plotly
import streamlit as st
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

_FILES: Final = Path(__file__).parent / "components"
_PLOTLY: Final = Path(plotly.__file__).parent / "package_data" / "plotly.min.js"
_LOADER: Final = """const script = import(location.origin + "%s");
const unpack = (text) => new Response(new Blob([Uint8Array.from(atob(text), (one) => one.charCodeAt(0))])
  .stream().pipeThrough(new DecompressionStream("gzip"))).json();
export default (told) => {
  const place = told.parentElement;
  const before = place.drawn;  // one after the other, as they came
  place.drawn = Promise.all([script, unpack(told.data), before]).then(([it, data]) => it.default({ ...told, data }));
  return () => script.then((it) => it.leave?.(place));
};"""


def show(
    name: str,
    data: Mapping[str, Any],
    *,
    key: str,
    isolated: bool = True,
    **callbacks: Callable[[], None],
) -> None:
    """Show the component whose files have that name; ``callbacks`` are Streamlit's (``on_x_change``).

    Its script's default export draws; ``leave``, where there is one, cleans up when it goes. The page's styles
    do not reach one that is ``isolated``.
    """
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    packed = b64encode(gzip.compress(text.encode(), compresslevel=6, mtime=0)).decode()
    _component(name, isolated)(data=packed, key=key, **callbacks)


@cache
def _component(name: str, isolated: bool) -> Any:
    return st.components.v2.component(
        f"atlas.{name}",
        css=(_FILES / f"{name}.css").read_text("utf-8"),
        js=_LOADER % address(name),
        isolate_styles=isolated,
    )


@cache
def address(name: str) -> str:
    """Return where the browser finds a script; ``plotly`` is the one the plotly package brings."""
    return f"/script/{name}-{hashlib.sha256(_path(name).read_bytes()).hexdigest()[:12]}.js"


def _path(name: str) -> Path:
    return _PLOTLY if name == "plotly" else _FILES / f"{name}.js"


@cache
def packed(name: str) -> bytes:
    """Return a script as it is sent."""
    return gzip.compress(_path(name).read_bytes())


def routes() -> list[Route]:
    """Return the addresses of the scripts."""
    scripts = ("plotly", *(file.stem for file in _FILES.glob("*.js")))
    names = {address(name).rpartition("/")[2]: name for name in scripts}

    def script(request: Request) -> Response:
        name = names.get(request.path_params["name"])
        if name is None:
            return Response(status_code=404)
        headers = {"Content-Encoding": "gzip", "Cache-Control": "public, max-age=31536000, immutable"}
        if name == "worker":  # it answers for a page, not for the folder of scripts
            headers["Service-Worker-Allowed"] = "/"
        return Response(packed(name), headers=headers, media_type="text/javascript")

    return [Route("/script/{name}", script, methods=["GET"])]
