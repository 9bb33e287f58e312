"""Python's garbage collector, paused while one large thing is made.

A bundle for thousands of nominees is some hundred thousand objects that all live until it is done. The collector looks
at all of them again and again in the meantime and finds nothing: that took a third of the time.
"""

from __future__ import annotations

import gc
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

_lock = threading.Lock()
_pauses = 0
_was_enabled = True


@contextmanager
def collector_paused() -> Iterator[None]:
    """Let no garbage be collected inside; several threads may be inside at once, and the last one out goes on with it.

    What refers to nothing is freed at once as ever; only cycles wait.
    """
    global _pauses, _was_enabled  # noqa: PLW0603 - the collector is one for the whole process, too
    with _lock:
        if not _pauses:
            _was_enabled = gc.isenabled()
            gc.disable()
        _pauses += 1
    try:
        yield
    finally:
        with _lock:
            _pauses -= 1
            if not _pauses and _was_enabled:
                gc.enable()
