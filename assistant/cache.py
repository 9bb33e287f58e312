"""Results kept in memory: a few kinds of caches, each with a bound, and the one way to make a key.

``LruCache`` keeps the last results under a key from ``content_key``. Everything that the result depends on belongs in
that key: the texts and numbers, the day, and the ``fingerprint`` of each form (its PDF, its map and the fonts).
``IdentityCache`` keeps what was worked out from one object, such as a compiled form, and drops it with the object.
``cached_text`` serves functions of one short text, ``cached_by_state`` those of facts that can be replaced. Knows
nothing of what it keeps.
"""

from __future__ import annotations

import hashlib
import threading
from collections import OrderedDict
from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from dataclasses import fields, is_dataclass
from datetime import date
from functools import lru_cache, wraps
from typing import TYPE_CHECKING, Any, Generic, ParamSpec, Protocol, TypeVar, cast
from uuid import UUID
from weakref import WeakKeyDictionary, WeakSet

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable
    from pathlib import Path

K = TypeVar("K", bound="Hashable")
V = TypeVar("V")
P = ParamSpec("P")
R = TypeVar("R")
R_co = TypeVar("R_co", covariant=True)

LONGEST_TEXT = 500
"""Letters: a longer text is not remembered by ``cached_text``, so that a count of entries bounds the memory too."""

FileState = tuple[str, int, int, int, int]


class LruCache(Generic[K, V]):
    """The last results of one function under a key; the one asked for longest ago goes first. Threads may share it.

    ``max_bytes`` bounds the sum of ``size_of`` over all values, in bytes; a value larger than that is not kept.
    ``personal``: the values name people, so ``forget_people`` empties this cache too.
    """

    def __init__(
        self,
        max_entries: int,
        *,
        max_bytes: int | None = None,
        size_of: Callable[[V], int] | None = None,
        personal: bool = False,
    ) -> None:
        """Start empty."""
        self.max_entries = max_entries
        self.max_bytes = max_bytes
        self._size_of = size_of
        self._entries: OrderedDict[K, tuple[V, int]] = OrderedDict()
        self._bytes = 0
        self._emptied = 0
        self._lock = threading.Lock()
        if personal:
            _caches_about_people.add(self)

    def __len__(self) -> int:
        """Return how many results are kept."""
        return len(self._entries)

    @property
    def size(self) -> int:
        """Return how large the kept results are together, in bytes; 0 where nothing measures them."""
        return self._bytes

    def get_or_make(self, key: K, make: Callable[[], V]) -> V:
        """Return the result under a key, made where none is kept; nobody else waits while it is made."""
        with self._lock:
            if key in self._entries:
                self._entries.move_to_end(key)
                return self._entries[key][0]
            emptied = self._emptied
        value = make()
        self._store(key, value, emptied)
        return value

    def get(self, key: K) -> V | None:
        """Return the result under a key, or None."""
        with self._lock:
            if key not in self._entries:
                return None
            self._entries.move_to_end(key)
            return self._entries[key][0]

    def put(self, key: K, value: V) -> None:
        """Keep a result under a key, in place of an older one."""
        self._store(key, value, self._emptied)

    def clear(self) -> None:
        """Drop everything, what is being made at this moment included."""
        with self._lock:
            self._entries.clear()
            self._bytes = 0
            self._emptied += 1

    def _store(self, key: K, value: V, emptied: int) -> None:
        size = self._size_of(value) if self._size_of else 0
        with self._lock:
            if emptied != self._emptied:
                return
            if key in self._entries:
                self._bytes -= self._entries.pop(key)[1]
            if self.max_bytes is not None and size > self.max_bytes:
                return
            self._entries[key] = value, size
            self._bytes += size
            while len(self._entries) > self.max_entries or (
                self.max_bytes is not None and self._bytes > self.max_bytes
            ):
                self._bytes -= self._entries.popitem(last=False)[1][1]


class IdentityCache(Generic[V]):
    """What was worked out from an object; two objects that are equal are still two, and nothing here outlives them.

    For each object the last ``max_entries`` results are kept by what else they depend on. The object must not change.
    """

    def __init__(
        self, max_entries: int, *, max_bytes: int | None = None, size_of: Callable[[V], int] | None = None
    ) -> None:
        """Start empty; the bounds are those of each object."""
        self._bounds = max_entries, max_bytes, size_of
        self._by_object: WeakKeyDictionary[Any, LruCache[Hashable, V]] = WeakKeyDictionary()
        self._lock = threading.Lock()

    def __len__(self) -> int:
        """Return of how many objects something is kept."""
        return len(self._by_object)

    def get_or_make(self, owner: object, key: Hashable, make: Callable[[], V]) -> V:
        """Return the result for an object and what else it depends on, made where none is kept."""
        with self._lock:
            entries = self._by_object.get(owner)
            if entries is None:
                max_entries, max_bytes, size_of = self._bounds
                entries = self._by_object[owner] = LruCache(max_entries, max_bytes=max_bytes, size_of=size_of)
        return entries.get_or_make(key, make)


class CachedFunction(Protocol[P, R_co]):
    """A function that remembers its last results."""

    cache_clear: Callable[[], None]
    """Drops everything."""

    def __call__(self, *args: P.args, **kwargs: P.kwargs) -> R_co:
        """Return the result."""


_caches_about_people: WeakSet[Any] = WeakSet()
_texts_about_people: list[CachedFunction[..., Any]] = []


def cached_text(max_entries: int, *, personal: bool = False) -> Callable[[Callable[P, R]], CachedFunction[P, R]]:
    """Return a decorator for a function that depends on its arguments alone, the first a text.

    A text longer than ``LONGEST_TEXT`` is not remembered. ``personal``: as for ``LruCache``.
    """

    def decorate(function: Callable[P, R]) -> CachedFunction[P, R]:
        remembered: Any = lru_cache(maxsize=max_entries)(function)

        @wraps(function)
        def call(*args: P.args, **kwargs: P.kwargs) -> R:
            text: object = args[0]
            if isinstance(text, str | bytes) and len(text) > LONGEST_TEXT:
                return function(*args, **kwargs)
            return cast("R", remembered(*args, **kwargs))

        with_cache = cast("CachedFunction[P, R]", call)
        with_cache.cache_clear = remembered.cache_clear
        if personal:
            _texts_about_people.append(with_cache)
        return with_cache

    return decorate


def cached_by_state(
    state: Callable[[], Hashable], max_entries: int
) -> Callable[[Callable[P, R]], CachedFunction[P, R]]:
    """Return a decorator for a function that depends on its few short arguments and on a state of the world.

    The state is asked for at each call and is part of the key, so no result outlives it.
    """

    def decorate(function: Callable[P, R]) -> CachedFunction[P, R]:
        def read(_state: Hashable, *args: P.args, **kwargs: P.kwargs) -> R:
            return function(*args, **kwargs)

        remembered: Any = lru_cache(maxsize=max_entries)(read)

        @wraps(function)
        def call(*args: P.args, **kwargs: P.kwargs) -> R:
            if any(isinstance(one, str | bytes) and len(one) > LONGEST_TEXT for one in args):
                return function(*args, **kwargs)
            return cast("R", remembered(state(), *args, **kwargs))

        with_cache = cast("CachedFunction[P, R]", call)
        with_cache.cache_clear = remembered.cache_clear
        return with_cache

    return decorate


def forget_people() -> None:
    """Empty every cache of this process whose values name people; call it when their data is erased."""
    for cache in list(_caches_about_people):
        cache.clear()
    for function in _texts_about_people:
        function.cache_clear()


def content_key(*parts: object) -> bytes:
    """Return a key that two lists of parts share only where their contents are the same (SHA-256).

    Parts are texts, numbers, bytes, days, ids, None, tuples, lists, sets, mappings and dataclasses of these, or
    objects with a ``fingerprint`` of bytes.

    Raises:
        TypeError: a part has no content that a key could be made from; an id in memory would soon mean another thing.
    """
    digest = hashlib.sha256()
    _add_content(digest, parts)
    return digest.digest()


def file_state(path: Path) -> FileState:
    """Return what changes whenever a file is written or replaced: place, moments of change, number and size.

    Raises:
        OSError: there is no such file.
    """
    state = path.stat()
    return str(path), state.st_mtime_ns, state.st_ctime_ns, state.st_ino, state.st_size


def _add_content(digest: Any, part: object) -> None:
    if isinstance(part, bytes):
        _add_bytes(digest, b"bytes", part)
    elif isinstance(part, str):
        _add_bytes(digest, b"str", part.encode("utf-8", "surrogatepass"))
    elif part is None or isinstance(part, bool | int | float | date | UUID):
        # A datetime is a date; its own name keeps them apart.
        _add_bytes(digest, type(part).__name__.encode(), repr(part).encode())
    elif isinstance(part, tuple | list):
        _add_bytes(digest, b"row", str(len(part)).encode())
        for item in part:
            _add_content(digest, item)
    elif isinstance(fingerprint := getattr(part, "fingerprint", None), bytes):
        _add_bytes(digest, type(part).__qualname__.encode(), fingerprint)
    elif isinstance(part, AbstractSet):
        _add_content(digest, sorted(content_key(item) for item in part))
    elif isinstance(part, Mapping):
        _add_content(digest, sorted((content_key(key), content_key(value)) for key, value in part.items()))
    elif is_dataclass(part) and not isinstance(part, type):
        _add_bytes(digest, b"dataclass", type(part).__qualname__.encode())
        _add_content(digest, [getattr(part, field.name) for field in fields(part)])
    else:
        message = f"A key cannot be made from a {type(part).__qualname__}; pass what the result depends on."
        raise TypeError(message)


def _add_bytes(digest: Any, kind: bytes, data: bytes) -> None:
    digest.update(b"%s %d:" % (kind, len(data)))
    digest.update(data)
