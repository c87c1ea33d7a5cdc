"""What is kept between reruns belongs to a snapshot and goes with it, and there is one way to keep it."""

from __future__ import annotations

import ast
import gc
import weakref
from pathlib import Path

import pytest

from answers import kept
from answers.colours import LIGHT
from answers.keeping import Shelf
from answers.scope import Scope
from answers.view import view_of
from data.store import Store, open_store
from tests.conftest import ROOT

SCOPE = Scope("92", "legacy", "commune", 2024, "vi")


@pytest.fixture
def store(tmp_path: Path, demo_store: Path, monkeypatch: pytest.MonkeyPatch) -> Store:
    """Return a store of its own, with two snapshots, the newer current; it is the app's store."""
    snapshot = open_store(demo_store).current()
    assert snapshot is not None
    tables = {name: (snapshot.frame(name), table.provenance) for name, table in snapshot.tables.items()}
    own = open_store(tmp_path)
    own.write(tables, message="first")
    villages = tables["village_workers"][0].iloc[:-1]
    own.write(
        {"village_workers": (villages, tables["village_workers"][1])}, message="second", base=own.current()
    )
    monkeypatch.setenv("ATLAS_STORE", str(tmp_path))
    monkeypatch.setattr(kept, "_current", Shelf(most=1))
    monkeypatch.setattr(kept, "_earlier", Shelf(most=1))
    return own


def _used() -> weakref.ref[object]:
    """Look at a map as a visitor would, and return the results to watch."""
    results = kept.results()
    assert results is kept.results()
    assert view_of(results, SCOPE, "staff", "points", LIGHT) is view_of(
        results, SCOPE, "staff", "points", LIGHT
    )
    return weakref.ref(results)


def test_what_is_kept_goes_with_its_snapshot(store):
    watched = _used()
    gc.collect()
    assert watched() is not None
    store.rollback(store.current().info.base)
    assert kept.results().snapshot.message == "first"
    gc.collect()
    assert watched() is None


def test_looking_back_keeps_one_earlier_snapshot(store):
    now, then = store.current(), store.snapshot(store.current().info.base)
    assert kept.earlier(then) is kept.earlier(store.snapshot(then.id))
    watched = weakref.ref(kept.earlier(then))
    kept.earlier(now)
    gc.collect()
    assert watched() is None


def _cached() -> list[tuple[str, ast.FunctionDef]]:
    """Return every function of the outer layers that functools remembers, with how."""
    found = []
    for path in (path for layer in ("answers", "ui", "pages") for path in (ROOT / layer).rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.FunctionDef):
                names = {ast.unparse(one).partition("(")[0].rpartition(".")[2] for one in node.decorator_list}
                found += [(name, node) for name in names & {"cache", "lru_cache"}]
    return found


def test_functools_remembers_only_what_never_changes():
    assert _cached()
    for name, function in _cached():
        assert name == "cache", function.name
        asked = {argument.arg for argument in function.args.args}
        assert not asked & {"results", "snapshot", "scope", "view", "self"}, function.name
