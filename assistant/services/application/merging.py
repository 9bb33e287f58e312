"""Three-way merge: what a page was loaded with, what its user sends, and what is saved now.

Pure: knows no page and no database. The wizard, the nominees, the form maps and the rosters all merge with it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from assistant.errors import StaleError

if TYPE_CHECKING:
    from collections.abc import Mapping

K = TypeVar("K")


@dataclass(frozen=True, slots=True, kw_only=True)
class Merge(Generic[K]):
    """The merged values, and the keys that both sides changed to different values; there ``values`` holds mine."""

    values: Mapping[K, Any]
    conflicts: tuple[K, ...]


class ConflictError(StaleError):
    """Two people changed the same answers to different values; ``merge`` holds everything else, merged."""

    def __init__(self, merge: Merge[str]) -> None:
        """Keep the merge, so that a page can ask which answers to keep."""
        super().__init__("Someone else saved this page while you were working on it. Choose which answers to keep.")
        self.merge = merge


def merge_values(base: Mapping[K, Any], mine: Mapping[K, Any], theirs: Mapping[K, Any]) -> Merge[K]:
    """Return ``mine`` and ``theirs`` in one; a key that only one side changed takes that side's value.

    Args:
        base: the values that the page was loaded with. A key that is missing here was shown to nobody, or nobody
            knows what was shown; then two different values are a conflict.
        mine: the values that the page sends. A key that is missing here was not asked, and keeps the saved value.
        theirs: the values that are saved now. A key that is missing here has no answer (``None``).
    """
    values = dict(theirs)
    conflicts = []
    for key, my_value in mine.items():
        their_value = theirs.get(key)
        if is_same(my_value, their_value) or (key in base and is_same(my_value, base[key])):
            values[key] = their_value
            continue
        values[key] = my_value
        if key not in base or not is_same(their_value, base[key]):
            conflicts.append(key)
    return Merge(values=values, conflicts=tuple(conflicts))


def is_same(one: object, other: object) -> bool:
    """Say whether two answers are the same; boxes ticked in another order are the same answer."""
    if isinstance(one, tuple | list) and isinstance(other, tuple | list):
        return sorted(map(repr, one)) == sorted(map(repr, other))
    return one == other
