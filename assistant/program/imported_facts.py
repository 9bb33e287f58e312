"""The facts that were imported on this installation, each import with its day and its files.

``instance/facts/`` holds one JSON file for each import, numbered from 0001. An import holds the whole set of rows of
every kind of fact that it took, so the last one that has a kind is in force, and the earlier ones are its history.
Facts name no agency and no person, and commands that open no database need them: so they are files, and not sealed.
"""

from __future__ import annotations

import hashlib
import json
import os
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Literal, TypeAlias, get_args

from assistant import config
from assistant.cache import LruCache, cached_by_state

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

FactKind = Literal["state_laws", "field_offices", "field_office_counties", "program_facts"]
FACT_KINDS: tuple[FactKind, ...] = get_args(FactKind)
FactRow: TypeAlias = dict[str, str]
"""A row of a file of facts by column, as the files of ``data`` have them; ``program_facts`` has no file there."""
FORMAT = "moa-facts/1"
MOST_RESULTS = 64
"""Results of one function in memory: a few states of the facts, for some models or States each."""
FactsState: TypeAlias = "tuple[str, int, int, frozenset[str]] | None"


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportedFile:
    """A file of facts as it was taken: its name and SHA-256, and the rows in force from then on."""

    kind: FactKind
    name: str
    sha256: str
    rows: tuple[FactRow, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class FactImport:
    """One import; ``number`` counts from 1."""

    number: int
    imported_at: datetime
    files: tuple[ImportedFile, ...]

    def to_document(self) -> dict[str, object]:
        """Return the import as the JSON object that is stored."""
        return {
            "format": FORMAT,
            "imported_at": self.imported_at.isoformat(),
            "files": [
                {"kind": file.kind, "name": file.name, "sha256": file.sha256, "rows": list(file.rows)}
                for file in self.files
            ],
        }


def facts_dir() -> Path:
    """Return the folder of the imports."""
    return config.instance_dir() / "facts"


def facts_state() -> FactsState:
    """Return what changes whenever an import comes, goes or is restored; None where nothing was imported.

    Every function that depends on facts asks for it each time, so it costs one look at a folder.
    """
    environment = os.environ.get("ASSISTANT_INSTANCE_DIR", "")
    folder = _folders.get_or_make(environment, lambda: str(facts_dir()))
    try:
        changed = os.stat(folder).st_mtime_ns  # noqa: PTH116 - a path of pathlib takes ten times as long
        names = frozenset(name for name in os.listdir(folder) if name.endswith(".json"))  # noqa: PTH208 - as above
    except OSError:
        return None
    at = _as_of.get()
    return (folder, changed, -1 if at is None else at, names) if names else None


fact_cache = cached_by_state(facts_state, MOST_RESULTS)
"""The decorator for functions that depend on facts: what was read before an import is never returned after it."""


def fact_imports() -> tuple[FactImport, ...]:
    """Return every import that can be read, the oldest first, up to the one that ``facts_as_of`` names."""
    state = facts_state()
    if state is None:
        return ()
    folder, changed, _, names = state
    imports = _imports.get_or_make((folder, changed, names), lambda: _read_all(Path(folder), sorted(names)))
    at = _as_of.get()
    return imports if at is None else tuple(one for one in imports if one.number <= at)


@fact_cache
def imports_sha256() -> str | None:
    """Return the SHA-256 of all rows in force that were imported, None where nothing was."""
    in_force = {kind: rows for kind in FACT_KINDS if (rows := rows_in_force(kind)) is not None}
    return hashlib.sha256(json.dumps(in_force, sort_keys=True).encode()).hexdigest() if in_force else None


def unreadable_imports() -> list[str]:
    """Return the names of files in the folder that are no import: they are left out, and stop nobody's work."""
    state = facts_state()
    readable = {f"{one.number:04}.json" for one in fact_imports()}
    return sorted(state[3] - readable) if state else []


def rows_in_force(kind: FactKind) -> tuple[FactRow, ...] | None:
    """Return the rows of a kind that were imported last, None where none were: then the built-in ones are in force."""
    for one in reversed(fact_imports()):
        for file in one.files:
            if file.kind == kind:
                return file.rows
    return None


@contextmanager
def facts_as_of(number: int) -> Iterator[None]:
    """Let this thread see the facts as they stood after the import of a number, 0 for the built-in ones."""
    token = _as_of.set(number)
    try:
        yield
    finally:
        _as_of.reset(token)


_as_of: ContextVar[int | None] = ContextVar("facts_as_of", default=None)
_folders: LruCache[str, str] = LruCache(4)
"""``facts_dir`` as a text by the setting that it follows from: a path of pathlib takes ten times as long to make."""
_imports: LruCache[tuple[str, int, frozenset[str]], tuple[FactImport, ...]] = LruCache(2)


def _read_all(folder: Path, names: Sequence[str]) -> tuple[FactImport, ...]:
    read = (_read_import(folder / name) for name in names)
    return tuple(one for one in read if one is not None)


def _read_import(path: Path) -> FactImport | None:
    """Return an import, None where the file cannot be read as one."""
    try:
        document = json.loads(path.read_bytes())
        if document["format"] != FORMAT or not path.stem.isdecimal():
            return None
        return FactImport(
            number=int(path.stem),
            imported_at=datetime.fromisoformat(document["imported_at"]),
            files=tuple(
                ImportedFile(
                    kind=file["kind"],
                    name=file["name"],
                    sha256=file["sha256"],
                    rows=tuple({str(key): str(value) for key, value in row.items()} for row in file["rows"]),
                )
                for file in document["files"]
            ),
        )
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None
