"""What is kept: ready at once, computed once, bounded, and gone with what it was computed from."""

from __future__ import annotations

import gc
import weakref
from collections.abc import Callable, Hashable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier, Event
from typing import Any

import pytest

from answers import words
from answers.keeping import OF_A_KIND, Shelf, kept

PATIENCE = 20  # seconds a thread may take before the test says that it hangs


class Source:
    """What answers are computed from, without any data."""

    def __init__(self) -> None:
        self.shelf = Shelf(most=50, pinned=["frame"])
        self.computed: list[Any] = []

    def keep(self, *key: Hashable, compute: Callable[[], Any], most: int | None = None) -> Any:
        return self.shelf.keep(key, compute, most=most)


@kept(most=3)
def doubled(source: Source, number: int, *, times: int = 2) -> int:
    source.computed.append(number)
    return number * times


@kept(said=True)
def spoken(source: Source, key: str) -> str:
    return f"{words.current()}: {key}"


@pytest.fixture
def threads():
    with ThreadPoolExecutor(24) as pool:
        yield pool


def test_what_is_ready_is_not_waited_for(threads):
    shelf, started, go_on = Shelf(), Event(), Event()
    shelf.keep(("ready",), lambda: 1)

    def slow() -> int:
        started.set()
        assert go_on.wait(PATIENCE)
        return 2

    other = threads.submit(shelf.keep, ("slow",), slow)
    assert started.wait(PATIENCE)
    assert threads.submit(shelf.keep, ("ready",), lambda: 0).result(PATIENCE) == 1
    assert threads.submit(shelf.keep, ("another",), lambda: 3).result(PATIENCE) == 3
    assert not other.done()
    go_on.set()
    assert other.result(PATIENCE) == 2


def test_equal_questions_are_computed_once(threads):
    shelf, together, computed = Shelf(), Barrier(20), []

    def ask() -> object:
        together.wait(PATIENCE)
        return shelf.keep(("one",), lambda: computed.append(1) or object())

    asked = [threads.submit(ask) for _ in range(20)]
    assert len({id(one.result(PATIENCE)) for one in asked}) == 1
    assert len(computed) == 1


def _with_one_waiting(shelf: Shelf, threads: ThreadPoolExecutor, error: BaseException) -> tuple[Any, Any]:
    """Return the futures of one who computes and fails, and of one who waited for it and would answer 7."""
    started, go_on = Event(), Event()

    def fails() -> int:
        started.set()
        assert go_on.wait(PATIENCE)
        raise error

    first = threads.submit(shelf.keep, ("one",), fails)
    assert started.wait(PATIENCE)
    second = threads.submit(shelf.keep, ("one",), lambda: 7)
    while not _waiting():
        assert not second.done()
    go_on.set()
    return first, second


def _waiting() -> bool:
    from answers import keeping

    return bool(keeping._waits)


def test_an_error_reaches_all_who_wait_and_is_not_kept(threads):
    shelf = Shelf()
    for asked in _with_one_waiting(shelf, threads, ValueError("no data")):
        with pytest.raises(ValueError, match="no data"):
            asked.result(PATIENCE)
    assert shelf.keep(("one",), lambda: 8) == 8


def test_the_end_of_one_visitors_run_is_not_the_others(threads):
    class Stopped(BaseException):
        pass

    first, second = _with_one_waiting(Shelf(), threads, Stopped())
    with pytest.raises(Stopped):
        first.result(PATIENCE)
    assert second.result(PATIENCE) == 7


def test_an_answer_may_need_others():
    shelf = Shelf()
    assert shelf.keep(("a",), lambda: 1 + shelf.keep(("b",), lambda: 1 + shelf.keep(("c",), lambda: 1))) == 3
    assert shelf.ready() == {("a",): 3, ("b",): 2, ("c",): 1}


@pytest.mark.parametrize("size", [2, 3])
def test_threads_that_need_each_others_answers_do_not_wait_for_ever(threads, size):
    shelves, together = [Shelf() for _ in range(size)], Barrier(size)

    def needs_the_next(at: int) -> int:
        def compute() -> int:
            together.wait(PATIENCE)
            after = (at + 1) % size
            return 10 + shelves[after].keep(("number", after), lambda: after)

        return shelves[at].keep(("number", at), compute)

    found = [one.result(PATIENCE) for one in [threads.submit(needs_the_next, at) for at in range(size)]]
    assert all(number >= 10 for number in found)


def test_no_more_is_kept_than_there_is_room_for():
    source = Source()
    for number in range(200):
        source.keep("number", str(number), compute=lambda number=number: number)
        source.keep(f"kind {number}", compute=lambda number=number: number)
        source.keep("frame", str(number % 9), compute=lambda number=number: number)
        source.keep("number", "0", compute=lambda: 0)  # asked for all the time
    assert len(source.shelf) == 50 + 9
    ready = source.shelf.ready()
    assert ready["number", "0"] == 0
    assert source.keep("frame", "0", compute=lambda: "anew") == 0  # there from the beginning
    assert ("number", "1") not in ready


def test_a_function_keeps_its_latest_answers():
    source = Source()
    for number in (1, 2, 1, 3, 4):
        assert doubled(source, number) == 2 * number
    assert doubled(source, 1) == doubled(source, 1, times=2) == doubled(source, number=1)
    assert source.computed == [1, 2, 3, 4]
    assert doubled(source, 2, times=3) == 6
    assert source.computed == [1, 2, 3, 4, 2]
    assert len(source.shelf) == 3


def test_fewer_than_there_is_room_for_all_stay():
    source = Source()
    for number in range(40):
        source.keep("few", number, compute=lambda number=number: number, most=OF_A_KIND)
    assert len(source.shelf) == 40


def test_words_are_kept_by_language():
    source = Source()
    with words.language("en"):
        assert spoken(source, "x") == "en: x"
    with words.language("vi"):
        assert spoken(source, "x") == "vi: x"


def test_answers_go_with_what_they_were_computed_from():
    class Frame:
        pass

    def used() -> weakref.ref[Frame]:
        source = Source()
        # An answer that holds its source, as a view holds its results.
        source.keep("view", compute=lambda: [source, Frame()])
        watched = weakref.ref(source.keep("frame", "x", compute=Frame))
        assert watched() is not None
        return watched

    watched = used()
    gc.collect()
    assert watched() is None


def test_what_was_computed_elsewhere_is_taken_in_unless_it_is_there():
    shelf = Shelf()
    shelf.put(("a",), 1)
    shelf.put(("a",), 2)
    assert shelf.keep(("a",), lambda: 3) == 1
