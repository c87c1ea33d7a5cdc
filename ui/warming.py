"""What the first visitors will ask for, made ready without taking the server's time from those who are there.

What takes longer than the opening page is computed by a process of the lowest priority, which hands each answer
over as it is found: the server only keeps them.
"""

from __future__ import annotations

import contextlib
import os
import pickle
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from threading import Thread
from typing import IO, Any, Final

from answers import kept, scope, summary, words
from answers.colours import LIGHT
from answers.keeping import Key
from answers.results import Results
from answers.targets.numbers import commitments
from answers.view import view_of
from ui import component, map_shapes
from ui.export import buttons

ROOT: Final = Path(__file__).parent.parent
LOWEST: Final = 19
# The priority first: what is imported afterwards takes seconds.
COMMAND: Final = (
    f"import os; hasattr(os, 'nice') and os.nice({LOWEST}); from ui import warming; warming.main()"
)


def opening(results: Results) -> None:
    """Compute what the page that everybody opens first shows; a second or two."""
    component.packed("plotly")
    for lang in words.LANGUAGES:
        first = scope.default(results.options, lang)
        with words.language(lang):
            summary.shortage_sentence(results, first)
            summary.overview_cards(results, first)
            commitments(results, first)
            map_shapes.ready(view_of(results, first, "staffing_gap", "points", LIGHT))


@contextlib.contextmanager
def beside() -> Iterator[None]:
    """Have the rest computed as long as the server serves."""
    process = start()
    Thread(target=_listen, args=[process], daemon=True, name="warming").start()
    try:
        yield
    finally:
        process.kill()
        process.wait()


def _listen(process: subprocess.Popen[bytes]) -> None:
    results = kept.results()
    assert process.stdout is not None
    with process.stdout as told:
        if results is not None:
            take_in(results, told)


def start() -> subprocess.Popen[bytes]:
    """Start the process; its answers are read from ``stdout`` by :func:`take_in`."""
    path = os.pathsep.join(filter(None, (str(ROOT), os.environ.get("PYTHONPATH"))))
    return subprocess.Popen(
        [sys.executable, "-c", COMMAND],
        env={**os.environ, "PYTHONPATH": path},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        creationflags=getattr(subprocess, "IDLE_PRIORITY_CLASS", 0),
    )


def main() -> None:
    """Compute, in the process that :func:`start` started, and write each answer when there is one."""
    told = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())  # what a library prints is not an answer
    results = kept.results()
    if results is None:
        return
    with contextlib.suppress(BrokenPipeError):  # the server has ended
        hand_over(results, told)


def hand_over(results: Results, told: IO[bytes]) -> None:
    """Compute step by step, and write what each step added to what is kept."""
    pickle.dump(results.snapshot.id, told)
    before: set[Key] = set()
    for _ in _steps(results):
        ready = results.shelf.ready()
        _Pickler(told, results).dump({key: answer for key, answer in ready.items() if key not in before})
        told.flush()
        before |= set(ready)


def _steps(results: Results) -> Iterator[None]:
    yield from kept.warm(results)
    buttons.warm(results)
    yield


def take_in(results: Results, told: IO[bytes]) -> None:
    """Keep each answer the process hands over, until it ends; none if it saw another snapshot."""
    with contextlib.suppress(
        EOFError, pickle.UnpicklingError
    ):  # it was ended, perhaps in the middle of an answer
        if pickle.load(told) != results.snapshot.id:
            return
        while True:
            found: dict[Key, Any] = _Unpickler(told, results).load()
            for key, answer in found.items():
                results.shelf.put(key, answer)


class _Pickler(pickle.Pickler):
    """Writes answers; where one holds the results it is from, as a view does, they are only named."""

    def __init__(self, file: IO[bytes], results: Results) -> None:
        super().__init__(file)
        self.results = results

    def persistent_id(self, obj: Any) -> str | None:
        return "results" if obj is self.results else None


class _Unpickler(pickle.Unpickler):
    def __init__(self, file: IO[bytes], results: Results) -> None:
        super().__init__(file)
        self.results = results

    def persistent_load(self, pid: str) -> Results:
        assert pid == "results"
        return self.results
