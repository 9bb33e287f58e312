"""What was worked out lately, so that a page asked for again is not worked out again.

Kept by the very objects it was worked out from: where they are the same, so is the result. Knows nothing of what it
keeps; a few results in memory, none of them outside it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

from assistant.recent import Recent

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable

T = TypeVar("T")
MOST = 64
_all: list[Lately] = []


class Lately:
    """The last results of one function; threads may share it."""

    def __init__(self) -> None:
        """Keep nothing yet."""
        self._kept: Recent[tuple[Hashable, ...], tuple[tuple[object, ...], Any]] = Recent(MOST)
        _all.append(self)

    def find(self, about: tuple[object, ...], more: Hashable, make: Callable[[], T]) -> T:
        """Return the result for these objects and what else it hangs on, made where it is not kept."""
        # The objects are kept along, so that no other object can come to have the id of one of them.
        found: T = self._kept.find((*map(id, about), more), lambda: (about, make()))[1]
        return found

    def forget(self) -> None:
        """Let go of everything."""
        self._kept.forget()


def forget() -> None:
    """Let go of all that was worked out lately; called when an application is deleted."""
    for one in _all:
        one.forget()
