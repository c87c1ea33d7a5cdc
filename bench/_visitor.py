"""A visitor without a browser: speaks Streamlit's own protocol, so that hundreds fit on one machine."""

from __future__ import annotations

import time
from types import TracebackType
from urllib.parse import urlsplit

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.sync.client import connect

FINISHED = (ForwardMsg.FINISHED_SUCCESSFULLY, ForwardMsg.FINISHED_EARLY_FOR_RERUN)
PATIENCE = 120  # seconds


class Visitor:
    """One session. It opens a page, asks for it again, and leaves."""

    def __init__(self, url: str) -> None:
        """Connect to the app at an address such as ``http://localhost:8501``."""
        where = f"ws://{urlsplit(url).netloc}/_stcore/stream"
        self._socket = connect(where, subprotocols=["streamlit"], max_size=None, origin=url)  # type: ignore[arg-type,list-item]

    def __enter__(self) -> Visitor:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._socket.close()

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
