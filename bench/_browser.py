"""A running app and a Chromium, to measure and to test it with."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
ARGUMENTS = [
    "--no-sandbox",
    "--use-gl=angle",
    "--use-angle=swiftshader",
    "--enable-unsafe-swiftshader",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
STILL = '[data-testid="stApp"][data-test-script-state="notRunning"]'


@contextmanager
def serving(script: Path, *, rest: float = 0, **environment: str) -> Iterator[str]:
    """Serve a Streamlit script and yield its address, after so many seconds of rest.

    The atlas makes much ready in its first minute, which would be measured with what is asked of it meanwhile.
    """
    with served(script, **environment) as (url, _):
        time.sleep(rest)
        yield url


@contextmanager
def served(script: Path, **environment: str) -> Iterator[tuple[str, int]]:
    """Serve a Streamlit script and yield its address and the number of its process."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port = listener.getsockname()[1]
    command = [sys.executable, "-m", "streamlit", "run", str(script), "--server.port", str(port)]
    process = subprocess.Popen(
        [*command, "--server.headless", "true", "--browser.gatherUsageStats", "false"],
        cwd=script.parent,
        env={**os.environ, **environment},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        url = f"http://localhost:{port}"
        _wait(f"{url}/_stcore/health", process)
        yield url, process.pid
    finally:
        process.terminate()
        process.wait(timeout=20)


def _wait(url: str, process: subprocess.Popen[bytes], seconds: float = 90) -> None:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if process.poll() is not None:
            raise RuntimeError(f"the app stopped with exit code {process.returncode}")
        try:
            urllib.request.urlopen(url, timeout=2).close()
            return
        except OSError:
            time.sleep(0.1)
    raise TimeoutError(f"{url} did not answer within {seconds} s")


@contextmanager
def chromium() -> Iterator[Any]:
    """Yield the system's Chromium under Playwright."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield browser
        browser.close()


class Page:
    """An open page that counts the bytes it receives: by its websocket, and ``fetched`` ones besides."""

    def __init__(self, browser: Any, url: str) -> None:
        self.page = browser.new_page(viewport={"width": 1440, "height": 900})
        self.received = self.fetched = 0
        self.page.on("websocket", lambda socket: socket.on("framereceived", self._count))
        network = self.page.context.new_cdp_session(self.page)
        network.on("Network.loadingFinished", self._fetch)
        network.send("Network.enable")
        self.page.goto(url)
        self.page.wait_for_selector(STILL, timeout=60_000)
        self.settle()

    def _count(self, payload: str | bytes) -> None:
        self.received += len(payload)

    def _fetch(self, event: dict[str, Any]) -> None:
        self.fetched += int(event["encodedDataLength"])

    def settle(self) -> None:
        """Wait until the page is still."""
        self.page.wait_for_load_state("networkidle")
        self.page.wait_for_timeout(800)
        self.page.wait_for_selector(STILL)

    def rerun_seconds(self, times: int = 7) -> float:
        """Return the median time from asking for a rerun to the end of it."""
        spent = []
        for _ in range(times):
            self.page.evaluate(
                """() => { const app = document.querySelector('[data-testid="stApp"]');
                window.rerun = new Promise(done => { let ran = false, start = performance.now();
                  new MutationObserver((_, watcher) => {
                    const state = app.dataset.testScriptState;
                    if (state !== 'notRunning') ran = true;
                    else if (ran) { watcher.disconnect(); done(performance.now() - start); }
                  }).observe(app, {attributes: true}); }); }"""
            )
            self.page.keyboard.press("r")
            spent.append(self.page.evaluate("window.rerun") / 1000)
            self.page.wait_for_timeout(200)
        return median(spent)
