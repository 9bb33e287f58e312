"""Processes that the fault tests kill: each is forked from one that has everything loaded, which is not started anew.

A process that loads the program itself takes a second and a half of processor time, and hundreds are killed.
"""

from __future__ import annotations

import multiprocessing
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from assistant.storage.sealing import write_keyring

if TYPE_CHECKING:
    from collections.abc import Callable
    from multiprocessing.context import ForkServerContext, SpawnContext
    from pathlib import Path
    from uuid import UUID

    from tests.storage.conftest import Store

LOADED = ["tests.storage.acting_worker", "tests.storage.rotation_worker", "tests.storage.saving_worker"]


def _context() -> ForkServerContext | SpawnContext:
    """Return how processes start: on Windows nothing can be forked, and each loads the program itself."""
    if "forkserver" not in multiprocessing.get_all_start_methods():
        return multiprocessing.get_context("spawn")
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(LOADED)
    return context


@dataclass(frozen=True, kw_only=True)
class Place:
    """Where a worker works: the address of the database, the file of the keys, and the ids of an application."""

    address: str
    key_file: Path
    agency_id: int
    public_id: UUID


def place_of(store: Store, folder: Path, public_id: UUID) -> Place:
    """Return the place of an application, and write the keys of its store into a folder."""
    key_file = folder / "keys.json"
    write_keyring(key_file, store.ring)
    address = store.engine.url.render_as_string(hide_password=False)
    return Place(address=address, key_file=key_file, agency_id=store.agency_id, public_id=public_id)


class Worker:
    """A process that runs ``main(pipe, *arguments)``: it waits for a number, and sends a line after each commit."""

    def __init__(self, main: Callable[..., None], *arguments: object) -> None:
        context: Any = _context()
        self._pipe, there = context.Pipe()
        self._process = context.Process(target=main, args=(there, *arguments), daemon=True)
        self._process.start()
        there.close()

    def begin(self, number: int) -> str:
        """Let it begin with a number; return the first line that it sends."""
        self._pipe.send(number)
        return str(self._pipe.recv())

    def kill(self) -> list[str]:
        """End it at once, as `kill -9` does, and return the lines that it had sent and nobody had received."""
        self._process.kill()
        return self._lines()

    def wait(self) -> list[str]:
        """Return the lines that are left once it has ended by itself."""
        found = self._lines()
        assert self._process.exitcode == 0
        return found

    def _lines(self) -> list[str]:
        found = []
        try:
            while True:
                found.append(str(self._pipe.recv()))
        except (EOFError, OSError):
            self._process.join()
            self._pipe.close()
            return found
