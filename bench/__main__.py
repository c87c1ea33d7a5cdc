"""Run every measurement, print each promise beside what was measured, and write ``bench/results.json``."""

from __future__ import annotations

import importlib
import json
import pkgutil
import platform
import sys
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path

import bench
from bench import Promise

FOLDER = Path(__file__).parent
WORD = {True: "pass", False: "falls short", None: "-"}


def modules() -> list[str]:
    """Return the names of the measurements, in order."""
    return sorted(m.name for m in pkgutil.iter_modules(bench.__path__) if not m.name.startswith("_"))


def line(promise: Promise) -> str:
    """Return a promise as a line of the table."""
    limit = "-" if promise.limit is None else f"{promise.limit:g}"
    ratio = "-" if not promise.limit else f"{promise.measured / promise.limit:.2f}"
    beside = f"  ({promise.beside})" if promise.beside else ""
    return (
        f"{promise.name:<74}{promise.measured:>12.2f}{limit:>10}{ratio:>8}  {promise.unit:<7}"
        f"{WORD[promise.kept]}{beside}"
    )


def main(names: list[str]) -> int:
    """Measure; return 2 when a name is unknown."""
    unknown = sorted(set(names) - set(modules()))
    if unknown:
        print(f"no such measurement: {', '.join(unknown)}; there are {', '.join(modules())}", file=sys.stderr)
        return 2
    print(f"{'promise':<74}{'measured':>12}{'limit':>10}{'of it':>8}  unit")
    rows: list[Promise] = []
    for name in names or modules():
        for promise in importlib.import_module(f"bench.{name}").measure():
            print(line(promise), flush=True)
            rows.append(promise)
    kept = [row.kept for row in rows]
    print(f"{kept.count(True)} promises kept, {kept.count(False)} fall short, {kept.count(None)} reported")
    result = {
        "when": datetime.now(UTC).isoformat(timespec="seconds"),
        "python": platform.python_version(),
        "promises": [asdict(row) | {"kept": row.kept} for row in rows],
    }
    (FOLDER / "results.json").write_text(json.dumps(result, indent=1) + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
