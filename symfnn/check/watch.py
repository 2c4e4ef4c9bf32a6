"""A bound on the time of a computation that does not look at the clock, SymPy's among them.

A watching thread raises an exception in the thread that computes, which works in notebooks and off the main thread.
"""

import contextlib
import ctypes
import itertools
import threading
import time
from collections.abc import Callable
from typing import Final, NamedTuple, TypeVar, final

_Result = TypeVar("_Result")
_PAUSE: Final = 0.05  # seconds between two looks at the clock
_AGAIN: Final = 0.5  # seconds until a stroke is repeated that something has caught
_HANDOVER: Final = 200  # looks at a watch that the watching thread has in hand


@final
class OutOfTime(Exception):
    """A computation was stopped."""


class _Stroke(BaseException):
    """What stops a computation; nothing that handles errors catches it."""


class _Watch(NamedTuple):
    deadline: float
    thread: int
    stroke: type[_Stroke]
    has_struck: bool = False


_watches: Final[dict[int, _Watch]] = {}
_numbers: Final = itertools.count()
_starting: Final = threading.Lock()
_watching: list[threading.Thread] = []


def within(seconds: float, work: Callable[[], _Result]) -> _Result:
    """What some work returns.

    Raises:
        OutOfTime: it took longer than that; what it had changed may be half done.
    """
    stroke: type[_Stroke] = type("_Stroke", (_Stroke,), {})
    number = next(_numbers)
    _ensure_watched()
    try:
        _watches[number] = _Watch(time.monotonic() + seconds, threading.get_ident(), stroke)
        try:
            return work()
        finally:
            _end(number, stroke)
    except stroke:
        _end(number, stroke)
        raise OutOfTime from None


def _end(number: int, stroke: type[_Stroke]) -> None:
    """End a watch, so that no stroke comes after this."""
    for _ in range(_HANDOVER):
        with contextlib.suppress(stroke):
            # the watching thread takes a watch out while it strikes, and puts it back
            found = _watches.pop(number, None)
            if found is not None and not found.has_struck:
                return
            if found is not None:
                break
            time.sleep(0.001)
    with contextlib.suppress(stroke):
        # one that is only taken back leaves CPython 3.11 looking for it for ever, which hangs under a profiler
        _strike(threading.get_ident(), stroke)
        for _ in range(_HANDOVER):
            time.sleep(0.001)


def _strike(thread: int, stroke: type[_Stroke]) -> None:
    """Raise an exception in a thread, in the place of one that it has not met yet."""
    ctypes.pythonapi.PyThreadState_SetAsyncExc(ctypes.c_ulong(thread), ctypes.py_object(stroke))


def _ensure_watched() -> None:
    """Start the watching thread, where there is none."""
    if _watching and _watching[-1].is_alive():
        return
    with _starting:
        if not (_watching and _watching[-1].is_alive()):
            thread = threading.Thread(target=_watch, name="symfnn-watch", daemon=True)
            _watching[:] = [thread]
            thread.start()


def _watch() -> None:
    while True:
        time.sleep(_PAUSE)
        now = time.monotonic()
        for number, watch in list(_watches.items()):
            if now < watch.deadline or _watches.pop(number, None) is None:
                continue
            _strike(watch.thread, watch.stroke)
            _watches[number] = watch._replace(deadline=now + _AGAIN, has_struck=True)
