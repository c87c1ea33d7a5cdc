"""Importing in the running app: locked for whoever comes, by whatever way, until the printed token is given."""

from __future__ import annotations

import os
import re
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Thread
from typing import Any

from bench._browser import ARGUMENTS, CHROMIUM, ROOT, STILL
from tests.geo.boundary_files import communes, saved

TOKEN = re.compile(r"One-time token.*: (\S+)")
FORGED = {
    "X-Forwarded-For": "127.0.0.1",
    "X-Real-IP": "127.0.0.1",
    "Forwarded": "for=127.0.0.1;host=localhost",
    "X-Forwarded-Host": "localhost",
}


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


@contextmanager
def announced(store: Path, boundaries: Path) -> Iterator[tuple[int, subprocess.Popen[str], str]]:
    """Start the app; yield its port, its process and the token it printed."""
    port = free_port()
    process = subprocess.Popen(
        [
            sys.executable,
            "-m",
            "streamlit",
            "run",
            "app.py",
            "--server.port",
            str(port),
            "--server.headless",
            "true",
        ],
        cwd=ROOT,
        env={
            **os.environ,
            "ATLAS_STORE": str(store),
            "ATLAS_BOUNDARIES": str(boundaries),
            "ATLAS_LANG": "en",
        },
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    try:
        assert process.stdout is not None
        token = next(found[1] for line in process.stdout if (found := TOKEN.search(line)))
        yield port, process, token
    finally:
        process.terminate()
        process.communicate(timeout=20)


@contextmanager
def proxied(port: int) -> Iterator[int]:
    """Pass connections on, as a plain proxy does: to the app every visitor now comes from this computer."""

    def pass_on(source: socket.socket, target: socket.socket) -> None:
        try:
            while piece := source.recv(65536):
                target.sendall(piece)
        except OSError:
            pass
        finally:
            for one in (source, target):
                one.close()

    def serve() -> None:
        while True:
            try:
                client, _ = listener.accept()
            except OSError:
                return
            server = socket.create_connection(("127.0.0.1", port))
            for pair in ((client, server), (server, client)):
                Thread(target=pass_on, args=pair, daemon=True).start()

    with socket.create_server(("127.0.0.1", 0)) as listener:
        Thread(target=serve, daemon=True).start()
        yield int(listener.getsockname()[1])


def opened(browser: Any, address: str, **options: Any) -> Any:
    page = browser.new_context(viewport={"width": 1440, "height": 900}, **options).new_page()
    page.goto(f"{address}/data?lang=en")
    page.get_by_role("tab", name="Boundaries").click(timeout=60_000)
    page.get_by_text("one-time token printed at its start").wait_for(timeout=60_000)
    page.locator(STILL).wait_for(timeout=60_000)  # what is typed while the page runs is lost
    return page


def test_the_import_is_locked_until_the_printed_token_is_given(
    browser: Any, demo_store: Path, tmp_path: Path
) -> None:
    out = tmp_path / "boundaries"
    with announced(demo_store, out) as (port, _, token), proxied(port) as proxy:
        rebound = "--host-resolver-rules=MAP rebound.example 127.0.0.1"
        other = browser.browser_type.launch(executable_path=CHROMIUM, args=[*ARGUMENTS, rebound])
        for address, headers in (
            (f"http://127.0.0.1:{proxy}", {}),
            (f"http://127.0.0.1:{proxy}", FORGED),
            (f"http://rebound.example:{port}", {}),
        ):
            visitor = opened(other, address, extra_http_headers=headers)
            assert visitor.locator('[data-testid="stFileUploader"]').count() == 0
            visitor.context.close()
        owner = opened(other, f"http://localhost:{port}")
        assert owner.locator('[data-testid="stFileUploader"]').count() == 0
        field = owner.get_by_label("Token", exact=True)
        field.fill("a guess")
        owner.locator(".st-key-access-open button").click()
        owner.get_by_text("wrong or has been used").wait_for()
        field.fill(token)
        owner.locator(".st-key-access-open button").click()
        path = saved(communes(), tmp_path / "can-tho.gpkg")
        owner.locator('[data-testid="stFileUploader"] input[type="file"]').set_input_files(path)
        owner.get_by_role("button", name=re.compile("Import$")).click()
        owner.get_by_text("103 of 103 communes drawn").wait_for(timeout=120_000)
        assert (out / "current.parquet").is_file()
        another = opened(other, f"http://localhost:{port}")
        another.get_by_label("Token", exact=True).fill(token)
        another.locator(".st-key-access-open button").click()
        another.get_by_text("wrong or has been used").wait_for()
        other.close()
