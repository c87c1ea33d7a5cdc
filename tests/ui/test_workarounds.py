"""Each workaround does what it is for, and Streamlit still needs it: when one fails here, take it out."""

from __future__ import annotations

import asyncio
import inspect
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from socket import AF_INET, IPPROTO_TCP, SOCK_STREAM, TCP_NODELAY, create_connection, socket

import pytest
import streamlit as st
from streamlit import file_util
from streamlit.runtime.pages_manager import PagesManager
from streamlit.web.server.starlette import starlette_server

from tests.conftest import ROOT
from ui import workarounds


def test_what_is_accepted_answers_at_once():
    with socket(AF_INET, SOCK_STREAM) as listener:  # bound as Streamlit binds: without naming the protocol
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        workarounds.answer_at_once()
        with create_connection(listener.getsockname()) as _, listener.accept()[0] as accepted:
            assert accepted.getsockopt(IPPROTO_TCP, TCP_NODELAY)


async def _accepted_by(listener: socket) -> int:
    """Return whether a connection that asyncio accepts on a listening socket answers at once."""
    told: asyncio.Future[int] = asyncio.get_running_loop().create_future()

    def connected(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        told.set_result(writer.get_extra_info("socket").getsockopt(IPPROTO_TCP, TCP_NODELAY))
        writer.close()

    async with await asyncio.start_server(connected, sock=listener):
        _, writer = await asyncio.open_connection(*listener.getsockname()[:2])
        try:
            return await asyncio.wait_for(told, 20)
        finally:
            writer.close()


@pytest.mark.parametrize("mended", [False, True])
def test_streamlits_socket_still_holds_answers_back(mended):
    listener = starlette_server._bind_socket("127.0.0.1", 0, 16)
    if mended:
        workarounds.answer_at_once()
    with ThreadPoolExecutor(1) as thread:  # the browser tests may have a loop running in this one
        assert bool(thread.submit(asyncio.run, _accepted_by(listener)).result()) is mended


@pytest.fixture
def flag(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(PagesManager, "uses_pages_directory", None)


def test_streamlit_still_takes_a_folder_named_pages_for_its_older_mode(flag):
    PagesManager(str(ROOT / "app.py"))
    assert PagesManager.uses_pages_directory is True


def test_pages_come_from_navigation(flag):
    workarounds.pages_from_navigation()
    PagesManager(str(ROOT / "app.py"))
    assert PagesManager.uses_pages_directory is False


def test_streamlit_still_has_no_way_to_add_to_its_pages_head():
    known = {"script_path", "secrets", "lifespan", "routes", "middleware", "on_script_error"}
    assert set(inspect.signature(st.App).parameters) == known | {"exception_handlers", "debug"}
    assert not {"head", "index", "html"} & set(inspect.signature(st.set_page_config).parameters)


def test_more_stands_in_the_head_of_streamlits_page():
    theirs = Path(file_util.get_static_dir(), "index.html").read_text("utf-8")
    assert theirs.count("</head>") == 1
    found = workarounds.index_page("vi", "<!-- ours -->")
    assert found == theirs.replace("</head>", "<!-- ours --></head>").replace(
        '<html lang="en">', '<html lang="vi">'
    )
