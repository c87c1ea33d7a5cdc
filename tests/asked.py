"""A running app that answers about itself: ``python -m tests.asked run app.py`` is ``streamlit run app.py``,
and each line on its standard input is a question, answered on its standard output.

So nothing of this is in the product, and the answers come from the very process that serves.
"""

from __future__ import annotations

import gc
import json
import os
import socket
import subprocess
import sys
import threading
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests.conftest import ROOT

MARK = "answer: "


def _answer(question: str) -> Any:
    from streamlit import config

    if question.startswith("setting "):
        return config.get_option(question.removeprefix("setting "))
    gc.collect()
    return sum(type(one).__name__ == question for one in gc.get_objects())


def _answers() -> None:
    for line in sys.stdin:
        print(MARK + json.dumps(_answer(line.strip())), flush=True)


class Asked:
    """A served app: its address, and what it answers."""

    def __init__(self, process: subprocess.Popen[str], url: str) -> None:
        self._process, self.url = process, url

    def setting(self, name: str) -> Any:
        """Return one of Streamlit's settings as the server has it."""
        return self._ask(f"setting {name}")

    def count(self, kind: str) -> int:
        """Return how many objects of a class there are after a collection."""
        return int(self._ask(kind))

    def _ask(self, question: str) -> Any:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(question + "\n")
        self._process.stdin.flush()
        for line in self._process.stdout:
            if line.startswith(MARK):
                return json.loads(line.removeprefix(MARK))
        raise RuntimeError("the app has ended")


@contextmanager
def asked(arguments: Sequence[str], folder: Path, **environment: str) -> Iterator[Asked]:
    """Start the app in a folder with the arguments of ``streamlit``."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port = listener.getsockname()[1]
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.asked", *arguments],
        cwd=folder,
        env={
            **os.environ,
            "PYTHONPATH": str(ROOT),
            "STREAMLIT_SERVER_PORT": str(port),
            "STREAMLIT_SERVER_HEADLESS": "true",
            **environment,
        },
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        url = f"http://localhost:{port}"
        while True:
            assert process.poll() is None, "the app has ended"
            try:
                urllib.request.urlopen(f"{url}/_stcore/health", timeout=2).close()
                break
            except OSError:
                threading.Event().wait(0.1)
        yield Asked(process, url)
    finally:
        process.terminate()
        process.wait(20)


if __name__ == "__main__":
    from streamlit.web import cli

    threading.Thread(target=_answers, daemon=True).start()
    sys.argv[0] = "streamlit"
    cli.main()
