"""What is made ready before somebody asks: beside the server, at the lowest priority, and handed over."""

from __future__ import annotations

import asyncio
import io
import os
import pickle
import time
from concurrent.futures import ThreadPoolExecutor
from unittest.mock import Mock

import pytest

from answers import kept, scope
from answers.colours import LIGHT
from answers.keeping import Shelf
from answers.pilots import numbers as pilots
from answers.results import Results
from answers.scope import Scope
from answers.view import view_of
from data.store import open_store
from metrics.pilot_indicators import pilot_indicators
from ui import server, warming

HERE = Scope("92", "current", "commune", 2024, "vi")


@pytest.fixture
def results(demo, monkeypatch: pytest.MonkeyPatch) -> Results:
    monkeypatch.setattr(kept, "_current", Shelf(most=1))
    found = kept.results()
    assert found is not None
    return found


def _two_steps(found: Results):
    found.sums("current", "commune")
    yield
    pilots.evidence(found, HERE)
    view_of(found, HERE, "staff", "points", LIGHT)
    yield


def test_what_is_handed_over_is_not_computed_again(results, demo_store, monkeypatch):
    monkeypatch.setattr(kept, "warm", _two_steps)
    told = io.BytesIO()
    warming.hand_over(results, told)
    told.seek(0)
    other = Results(open_store(demo_store).current())
    warming.take_in(other, told)
    never = Mock(side_effect=AssertionError("computed anew"))
    monkeypatch.setattr(pilots, "_study", never)
    monkeypatch.setattr(Results, "measured", never)
    assert other.sums("current", "commune").equals(results.sums("current", "commune"))
    view = view_of(other, HERE, "staff", "points", LIGHT)
    assert view.results is other
    assert view.rows.equals(view_of(results, HERE, "staff", "points", LIGHT).rows)
    assert len(pilots.evidence(other, HERE).studies) == len(pilot_indicators())


@pytest.mark.parametrize("end", ["other snapshot", "cut off"])
def test_nothing_wrong_is_taken_in(results, demo_store, end):
    told, other = io.BytesIO(), Results(open_store(demo_store).current())
    pickle.dump("another" if end == "other snapshot" else results.snapshot.id, told)
    pickle.dump({("a",): list(range(1000))}, told)
    told.truncate(told.tell() - 5 if end == "cut off" else None)
    told.seek(0)
    warming.take_in(other, told)
    assert len(other.shelf) == 0


@pytest.mark.skipif(not hasattr(os, "getpriority"), reason="priorities are POSIX's")
def test_it_computes_beside_the_server_at_the_lowest_priority_and_ends_with_it(results, monkeypatch):
    started = []
    monkeypatch.setattr(warming, "start", lambda start=warming.start: started.append(start()) or started[0])
    with warming.beside():
        process = started[0]
        while not len(results.shelf):  # the first answers are in
            assert process.poll() is None
            time.sleep(0.05)
        assert process.pid != os.getpid()
        assert os.getpriority(os.PRIO_PROCESS, process.pid) == warming.LOWEST
    assert process.returncode is not None


def _opened(monkeypatch) -> Mock:
    """Start and end the server's life, without the process beside it, and return what stands for that."""
    beside = Mock(side_effect=warming.contextlib.nullcontext)
    monkeypatch.setattr(warming, "beside", beside)

    async def live() -> None:
        async with server.lifespan(None):
            pass

    with ThreadPoolExecutor(1) as thread:  # the browser tests may have a loop running in this one
        thread.submit(asyncio.run, live()).result()
    return beside


def test_the_opening_page_is_ready_when_the_door_opens(results, monkeypatch):
    _opened(monkeypatch).assert_called_once()
    monkeypatch.setattr(Results, "measured", Mock(side_effect=AssertionError("computed anew")))
    assert len(view_of(results, scope.default(results.options), "staffing_gap", "points", LIGHT).rows)


def test_the_door_opens_even_so(results, monkeypatch, caplog):
    monkeypatch.setattr(warming, "opening", Mock(side_effect=RuntimeError("no such number")))
    _opened(monkeypatch).assert_called_once()
    assert "no such number" in caplog.text
