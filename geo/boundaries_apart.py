"""An import in a process of its own, which may use so much memory and time and no more.

What a map file does to the libraries that read it cannot be told beforehand: a small file can ask for gigabytes,
or stop the process that reads it. Whoever shares that process is spared by reading in another.
"""

from __future__ import annotations

import datetime
import os
import pickle
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from threading import Event, Thread
from typing import IO, Any, Final

from data.problems import Refused
from geo.boundaries_columns import Columns
from geo.boundaries_report import ImportReport
from geo.boundaries_texts import problem

Progress = Callable[[str, float], None]

# Megabytes: the whole country's communes take 650.
MEMORY: Final = 900
# Seconds of work: for any file, and besides for each megabyte of it. The whole country, 4 MB, takes 20.
SECONDS: Final = (30, 15)
_LONGEST: Final = 900
# A process that waits for others of the machine is given this many times longer.
_WAITING: Final = 8
_LOOK: Final = 0.02


def import_apart(
    path: Path,
    *,
    geography: str,
    mapping: Columns | None = None,
    crs: str | None = None,
    date: datetime.date | None = None,
    output: Path | None,
    progress: Progress | None = None,
    memory: int = MEMORY,
    seconds: float | None = None,
) -> ImportReport:
    """Do what :func:`geo.boundaries.import_boundaries` does, within ``memory`` megabytes and ``seconds`` of work.

    Raises :class:`Refused`, also where the file asks for more, stops the process, or where the result cannot be
    written. If the caller ends, so does the import.
    """
    path = path.absolute()
    if seconds is None:
        size = path.stat().st_size / 1e6 if path.is_file() else 0.0
        seconds = min(_LONGEST, SECONDS[0] + SECONDS[1] * size)
    asked = _Asked(
        path=path,
        options={
            "geography": geography,
            "mapping": mapping,
            "crs": crs,
            "date": date,
            "output": output and output.absolute(),
        },
        memory=memory,
        seconds=seconds,
    )
    with tempfile.TemporaryFile() as complaints, _running(complaints) as process:
        watch = _Watch(process, memory=memory, seconds=seconds * _WAITING)
        try:
            return _answer(process, asked, progress or (lambda stage, share: None))
        except EOFError:
            code = watch.stopped or _ended(process.wait())
            found = _last_line(complaints) if code == "gave_up" else None
            expected = {"too_much_memory": f"<= {memory} MB", "too_long": f"<= {seconds:.0f} s"}.get(code)
            raise Refused([problem(code, path, found=found, expected=expected)]) from None
        finally:
            watch.done.set()


@dataclass(frozen=True, kw_only=True)
class _Asked:
    path: Path
    options: dict[str, Any]
    memory: int
    seconds: float


@contextmanager
def _running(complaints: IO[bytes]) -> Iterator[subprocess.Popen[bytes]]:
    """Start the process; it is ended when the caller has its answer, or wants none any more."""
    root = str(Path(__file__).parents[1])
    paths = [root, *filter(None, [os.environ.get("PYTHONPATH")])]
    settings = {
        "PYTHONPATH": os.pathsep.join(paths),
        "GML_DOWNLOAD_SCHEMA": "NO",  # a map file has no business on the network
        "OPENBLAS_NUM_THREADS": "1",
    }
    process = subprocess.Popen(
        [sys.executable, "-m", "geo.boundaries_apart"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=complaints,
        env={**os.environ, **settings},
    )
    try:
        yield process
    finally:
        process.kill()
        process.wait()
        for pipe in (process.stdin, process.stdout):
            if pipe is not None:
                with suppress(BrokenPipeError):
                    pipe.close()


def _answer(process: subprocess.Popen[bytes], asked: _Asked, progress: Progress) -> ImportReport:
    """Put the question and hear what is answered; EOFError when the process ends without an answer."""
    assert process.stdin is not None
    assert process.stdout is not None
    try:
        pickle.dump(asked, process.stdin)
        process.stdin.flush()  # left open: its end tells the process that nobody waits any more
    except BrokenPipeError:
        raise EOFError from None
    while True:
        try:
            kind, value = pickle.load(process.stdout)
        except pickle.UnpicklingError:
            raise EOFError from None
        if kind == "progress":
            progress(*value)
        elif kind == "done":
            report: ImportReport = value
            return report
        else:
            raise Refused(value)


class _Watch:
    """Ends a process that takes more memory than it may, or far longer; ``stopped`` is the refusal's code."""

    def __init__(self, process: subprocess.Popen[bytes], *, memory: int, seconds: float) -> None:
        self.stopped: str | None = None
        self.done = Event()
        self._process, self._memory, self._end = process, memory, time.monotonic() + seconds
        Thread(target=self._run, daemon=True, name="boundaries watch").start()

    def _run(self) -> None:
        while not self.done.wait(_LOOK) and self._process.poll() is None:
            if _megabytes(self._process.pid) > self._memory:
                self.stopped = "too_much_memory"
            elif time.monotonic() > self._end:
                self.stopped = "too_long"
            if self.stopped:
                self._process.kill()
                return


def _megabytes(process: int) -> float:
    """Return the memory a process has in use, 0 where the system does not say."""
    try:
        pages = int(Path(f"/proc/{process}/statm").read_text("ascii").split()[1])
    except (OSError, IndexError, ValueError):
        return 0.0
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


def _ended(status: int) -> str:
    """Tell why a process ended by itself: out of its time of work, or it gave up."""
    return "too_long" if status == -getattr(signal, "SIGXCPU", 0) else "gave_up"


def _last_line(complaints: IO[bytes]) -> str | None:
    complaints.seek(0)
    lines = complaints.read().decode("utf-8", "replace").split("\n")
    said = [line.strip() for line in lines if line.strip()]
    return said[-1][:200] if said else None


def _serve() -> None:
    """Import what standard input asks for, and answer on standard output, which libraries may not write to."""
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    asked: _Asked = pickle.load(sys.stdin.buffer)
    _limit(asked)
    Thread(target=_leave_with_the_asker, daemon=True).start()

    def tell(kind: str, value: object) -> None:
        pickle.dump((kind, value), answers)
        answers.flush()

    from geo.boundaries import import_boundaries

    try:
        report = import_boundaries(asked.path, **asked.options, progress=lambda *at: tell("progress", at))
    except Refused as refused:
        tell("refused", refused.problems)
    except OSError as error:
        tell("refused", [problem("not_written", asked.options["output"] or asked.path, found=str(error))])
    except MemoryError:
        tell("refused", [problem("too_much_memory", asked.path, expected=f"<= {asked.memory} MB")])
    else:
        tell("done", report)


def _limit(asked: _Asked) -> None:
    try:
        import resource
    except ImportError:  # Windows has no such limits; the asker still watches the time
        return
    os.nice(5)
    seconds = int(asked.seconds) + 1
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 5))
    # What the asker's watch does not see in time; address space, of which libraries take much unused.
    ample = (asked.memory + 2_000) * 1_000_000
    resource.setrlimit(resource.RLIMIT_DATA, (ample, ample))


def _leave_with_the_asker() -> None:
    sys.stdin.buffer.read()
    os._exit(1)


if __name__ == "__main__":
    _serve()
