"""Answers that are computed once and kept: what is ready is never waited for, and nothing grows without bound.

A :class:`Shelf` belongs to what its answers are computed from, and goes with it.
"""

from __future__ import annotations

import inspect
from collections import OrderedDict
from collections.abc import Callable, Collection, Hashable
from concurrent.futures import CancelledError, Future
from functools import wraps
from threading import Lock, get_ident
from typing import Any, Concatenate, Final, ParamSpec, Protocol, TypeVar, cast

from answers.words import current

MOST: Final = 2000  # answers on a shelf; those asked for least lately give way
OF_A_KIND: Final = 128  # answers of one function

Key = tuple[Hashable, ...]
P = ParamSpec("P")
T = TypeVar("T")

# Held for moments only, never while something is computed.
_lock = Lock()


class _Work:
    """An answer that one thread computes and others may wait for."""

    def __init__(self) -> None:
        self.by = get_ident()
        self.answer: Future[Any] = Future()


# What each thread waits for, on whichever shelf: two may need each other's.
_waits: dict[int, _Work] = {}


class Shelf:
    """Keeps answers by key: a kind, and what was asked of it. Kinds that are ``pinned`` never give way.

    Equal questions are computed once, however many ask; an error reaches all who wait and is not kept.

    >>> shelf = Shelf()
    >>> shelf.keep(("square", 3), lambda: 9), shelf.keep(("square", 3), lambda: 0)
    (9, 9)
    """

    def __init__(self, most: int = MOST, pinned: Collection[str] = ()) -> None:
        self._most, self._kinds = most, frozenset(pinned)
        self._ready: OrderedDict[Key, Any] = OrderedDict()
        self._pinned: dict[Key, Any] = {}
        self._doing: dict[Key, _Work] = {}

    def __len__(self) -> int:
        return len(self._ready) + len(self._pinned)

    def ready(self) -> dict[Key, Any]:
        """Return what is kept now and may give way."""
        with _lock:
            return dict(self._ready)

    def put(self, key: Key, answer: Any) -> None:
        """Keep an answer that was computed elsewhere, unless there is one or somebody computes it."""
        with _lock:
            if key not in self._ready and key not in self._pinned and key not in self._doing:
                self._store(key, answer, None)

    def keep(self, key: Key, compute: Callable[[], T], *, most: int | None = None) -> T:
        """Return the answer kept under a key, or compute it; ``most`` is how many of its kind are kept."""
        while True:
            with _lock:
                if key in self._pinned:
                    return cast(T, self._pinned[key])
                if key in self._ready:
                    self._ready.move_to_end(key)
                    return cast(T, self._ready[key])
                work = self._doing.get(key)
                mine = self._doing.setdefault(key, _Work()) if work is None else None
                circular = work is not None and _comes_back(work)
                if work is not None and not circular:
                    _waits[get_ident()] = work
            if mine is not None:
                return self._made(key, mine, compute, most)
            if work is None or circular:
                return compute()
            try:
                return cast(T, work.answer.result())
            except CancelledError:
                continue  # whoever computed it was stopped: it is asked for anew
            finally:
                with _lock:
                    del _waits[get_ident()]

    def _made(self, key: Key, work: _Work, compute: Callable[[], T], most: int | None) -> T:
        try:
            answer = compute()
        except Exception as error:
            self._ended(key)
            work.answer.set_exception(error)
            raise
        except BaseException:  # Streamlit stops the run of one visitor so; it is nothing to the others
            self._ended(key)
            work.answer.cancel()
            raise
        with _lock:
            del self._doing[key]
            self._store(key, answer, most)
        work.answer.set_result(answer)
        return answer

    def _ended(self, key: Key) -> None:
        with _lock:
            del self._doing[key]

    def _store(self, key: Key, answer: Any, most: int | None) -> None:
        if key[0] in self._kinds:
            self._pinned[key] = answer
            return
        self._ready[key] = answer
        if most is not None:
            alike = [one for one in self._ready if one[0] == key[0]]
            for one in alike[: max(len(alike) - most, 0)]:
                del self._ready[one]
        while len(self._ready) > self._most:
            self._ready.popitem(last=False)


def _comes_back(work: _Work) -> bool:
    """Say whether a thread that waits for this work waits, through others, for itself: then it must not."""
    me, seen = get_ident(), set()
    while work.by != me:
        if work.by in seen or work.by not in _waits:
            return False
        seen.add(work.by)
        work = _waits[work.by]
    return True


class Keeps(Protocol):
    """What answers are computed from and kept with."""

    def keep(self, *key: Hashable, compute: Callable[[], T], most: int | None = None) -> T:
        """Return the answer kept under a key, or compute it."""
        ...


K = TypeVar("K", bound=Keeps)


def kept(
    *, most: int = OF_A_KIND, said: bool = False
) -> Callable[[Callable[Concatenate[K, P], T]], Callable[Concatenate[K, P], T]]:
    """Keep what a function makes of its first argument (:class:`answers.results.Results`) with that argument.

    The other arguments are hashable and tell answers apart; so does the language where words are ``said``.
    """

    def decorate(function: Callable[Concatenate[K, P], T]) -> Callable[Concatenate[K, P], T]:
        name, signature = f"{function.__module__}.{function.__qualname__}", inspect.signature(function)

        @wraps(function)
        def answer(source: K, *args: P.args, **kwargs: P.kwargs) -> T:
            asked = signature.bind(source, *args, **kwargs)
            asked.apply_defaults()
            key = (name, *asked.args[1:], *asked.kwargs.values(), current() if said else None)
            return source.keep(*key, compute=lambda: function(source, *args, **kwargs), most=most)

        return cast(Callable[Concatenate[K, P], T], answer)

    return decorate
