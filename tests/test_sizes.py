"""Code stays in pieces one can read: files, functions and pages have a most size, and no exception may grow."""

import ast
from collections.abc import Iterator
from pathlib import Path

HOUSE = Path(__file__).parents[1]
ROOMS = ("pages", "ui", "answers", "metrics", "geo", "data")
MOST_OF_A_FILE, MOST_OF_A_FUNCTION, MOST_OF_A_PAGE = 400, 50, 80
# What is longer today, with how long it is: it may shrink, and then leaves this list.
LONGER = {
    "geo/boundaries.py: import_boundaries": 57,
    "metrics/criteria.py: evaluate": 57,
    "metrics/pilot_bootstrap.py: wild_cluster_bootstrap": 53,
    "metrics/pilot_placebos.py: placebos": 67,
    "metrics/pilot_series.py: interrupted_time_series": 56,
    "metrics/pilots.py: study": 71,
}


def files() -> Iterator[tuple[str, str]]:
    for path in [
        HOUSE / "app.py",
        *(path for room in ROOMS for path in sorted((HOUSE / room).rglob("*.py"))),
    ]:
        yield path.relative_to(HOUSE).as_posix(), path.read_text(encoding="utf-8")


def functions() -> dict[str, int]:
    """Return the lines of every function, its docstring and decorators' def line included."""
    found: dict[str, int] = {}
    for name, text in files():
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                key, lines = f"{name}: {node.name}", (node.end_lineno or 0) - node.lineno + 1
                found[key] = max(lines, found.get(key, 0))
    return found


def test_no_file_is_longer_than_one_reads():
    lengths = {name: len(text.splitlines()) for name, text in files()}
    assert len(lengths) > 300
    assert {name: n for name, n in lengths.items() if n > MOST_OF_A_FILE} == {}


def test_a_page_chooses_calls_and_shows():
    lengths = {name: len(text.splitlines()) for name, text in files() if name.startswith("pages/")}
    assert len(lengths) > 50
    assert {name: n for name, n in lengths.items() if n > MOST_OF_A_PAGE} == {}


def test_a_function_fits_a_screen():
    long = {name: n for name, n in functions().items() if n > MOST_OF_A_FUNCTION}
    assert {name: n for name, n in long.items() if n > LONGER.get(name, MOST_OF_A_FUNCTION)} == {}
    assert set(LONGER) == set(long), "what fits now leaves the list"
