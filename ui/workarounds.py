"""Where Streamlit has no documented way: each with why, and the version it was last needed in.

Each has a test in tests/ui/test_workarounds.py that fails when Streamlit no longer needs it. What Streamlit
has a setting for is set in .streamlit/config.toml, not here.
"""

from __future__ import annotations

import gc
from pathlib import Path
from socket import AF_INET, AF_INET6, IPPROTO_TCP, SO_ACCEPTCONN, SOL_SOCKET, TCP_NODELAY, socket

from streamlit import file_util
from streamlit.runtime.pages_manager import PagesManager


def pages_from_navigation() -> None:
    """Tell Streamlit, before the first visitor, that pages come from ``st.navigation``.

    Until some session has called it, a folder named ``pages`` puts Streamlit in its older mode, and the first
    deep link after a restart is answered "page not found". Streamlit 1.67 sets the same flag in ``st.navigation``.
    """
    PagesManager.uses_pages_directory = False


def index_page(lang: str, head: str) -> str:
    """Return Streamlit's page in a language, with more in its head; ``st.App`` (1.67) has no way to do either.

    What a component asks for is asked for only when it is first shown; in the head, a second earlier.
    """
    page = Path(file_util.get_static_dir(), "index.html").read_text("utf-8")
    page = page.replace('<html lang="en">', f'<html lang="{lang}">', 1)
    return page.replace("</head>", f"{head}</head>", 1)


def answer_at_once() -> None:
    """Have every small answer leave when it is written, on the sockets this process listens on.

    Streamlit (1.67) binds its socket in the way of https://github.com/Kludex/uvicorn/issues/3149: what is accepted
    on it holds back the second half of each answer until the browser has acknowledged the first, 40 ms later. It
    hands the socket to nobody, so it is looked for among all objects.
    """
    for one in gc.get_objects():
        if type(one) is not socket or one.fileno() == -1 or one.family not in (AF_INET, AF_INET6):
            continue
        if one.getsockopt(SOL_SOCKET, SO_ACCEPTCONN):
            one.setsockopt(IPPROTO_TCP, TCP_NODELAY, 1)  # inherited by what is accepted
