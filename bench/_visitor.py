"""A visitor without a browser: speaks Streamlit's own protocol, so that hundreds fit on one machine."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.sync.client import ClientConnection, connect
from websockets.typing import Subprotocol

FINISHED = (ForwardMsg.FINISHED_SUCCESSFULLY, ForwardMsg.FINISHED_EARLY_FOR_RERUN)
PATIENCE = 120  # seconds


@contextmanager
def visiting(url: str) -> Iterator[Visitor]:
    """Yield a session of the app at an address such as ``http://localhost:8501``; it leaves at the end."""
    where = f"ws://{urlsplit(url).netloc}/_stcore/stream"
    with connect(
        where, subprotocols=[Subprotocol("streamlit")], max_size=None, open_timeout=PATIENCE
    ) as socket:
        yield Visitor(socket)


class Visitor:
    """One session, that asks for pages."""

    def __init__(self, socket: ClientConnection) -> None:
        self._socket = socket

    def open(self, page: str, query: str = "") -> float:
        """Run a page to its end and return the seconds it took; what the page says went wrong is raised."""
        asked = BackMsg()
        asked.rerun_script.query_string = query
        asked.rerun_script.page_name = page
        start = time.perf_counter()
        self._socket.send(asked.SerializeToString())
        while time.perf_counter() < start + PATIENCE:
            told = ForwardMsg()
            told.ParseFromString(self._socket.recv(timeout=PATIENCE))
            if told.delta.new_element.HasField("exception"):
                raise RuntimeError(told.delta.new_element.exception.message)
            if told.WhichOneof("type") == "script_finished":
                if told.script_finished not in FINISHED:
                    raise RuntimeError(f"{page} ended in {told.script_finished}")
                return time.perf_counter() - start
        raise TimeoutError(f"{page} did not end within {PATIENCE} s")
