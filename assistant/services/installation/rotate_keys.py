"""Change the key that seals stored data: a new key first, then everything sealed again, a few rows at a time.

The new key is in the key file, and on the disk, before the first value is sealed with it. Each few rows are one
transaction, and the key file says that a rotation has begun until all of them are done: a process that is killed in
the middle leaves a database in which every value opens, and the next call goes on. Old keys stay on the ring, since
backups made before are sealed with them. A server that runs takes the new key over by itself (``Keyring.refresh``).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from sqlalchemy import LargeBinary, func, or_, select

from assistant.errors import SealError
from assistant.services.installation.keys import CHECK, PLACE, confirm_keys
from assistant.storage.database import erase_leftovers, session_factory
from assistant.storage.sealing import read_keyring, write_keyring
from assistant.storage.tables import Setting, sealing_tables

if TYPE_CHECKING:
    from pathlib import Path

    from sqlalchemy import ColumnElement, Engine
    from sqlalchemy.orm import Session

    from assistant.storage.key_wrap import Wrapping
    from assistant.storage.sealing import Keyring
    from assistant.storage.tables import Sealing

AT_ONCE, FILES_AT_ONCE = 100, 1
"""Rows in one transaction; rows of tables that hold whole files."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rotation:
    """What a change of the key did.

    ``key`` is the id of the current key, no secret. ``values`` counts what this call sealed again. ``resumed`` says
    that it finished an earlier one. ``damaged`` names the places that no key opens; they are as they were.
    """

    key: str
    values: int
    resumed: bool
    damaged: tuple[str, ...]
    erased: bool
    """Whether what was sealed with the old key is gone from the database's files too."""

    def to_document(self) -> dict[str, object]:
        """Return it as a JSON object."""
        return {
            "key": self.key,
            "values": self.values,
            "resumed": self.resumed,
            "damaged": list(self.damaged),
            "erased": self.erased,
        }


def rotate_keys(engine: Engine, file: Path, *, wrapping: Wrapping | None = None) -> Rotation:
    """Make a new key and seal everything with it, or finish that where it was interrupted.

    One process at a time may call it: the caller holds ``disk.exclusive_work_dir``. ``wrapping`` opens a key file that
    a passphrase protects; it stays protected by the same.

    Raises:
        SealError: the key file is none, or belongs to another database; nothing is changed.
        OSError: the new key could not be written; nothing is changed.
        DatabaseError: the database is away, full or busy; call it again to go on.
    """
    ring = read_keyring(file, wrapping=wrapping)
    with session_factory(engine, ring)() as session:
        confirm_keys(session)
        session.commit()
    resumed = ring.rotating
    if not resumed:
        write_keyring(file, ring.with_new_key())
        ring = read_keyring(file, wrapping=wrapping)
    values, damaged = reseal_everything(engine, ring)
    write_keyring(file, replace(ring, rotating=False))
    return Rotation(
        key=ring.current.hex(),
        values=values,
        resumed=resumed,
        damaged=tuple(damaged),
        erased=erase_leftovers(engine),
    )


def reseal_everything(engine: Engine, ring: Keyring) -> tuple[int, list[str]]:
    """Seal every value with the current key that is sealed with another; return how many, and the damaged places."""
    write = session_factory(engine, ring)
    values, damaged = 0, list[str]()
    for table in sealing_tables():
        last = 0
        while True:
            with write() as session:
                rows = _rows_to_reseal(session, table, ring, after=last)
                for row in rows:
                    values += _reseal_row(row, ring, damaged)
                session.commit()
            if not rows:
                break
            last = rows[-1].id
    with write() as session:
        stored = session.get(Setting, CHECK)
        if stored is not None:
            stored.value = ring.seal(ring.open(bytes.fromhex(stored.value), PLACE), PLACE).hex()
        session.commit()
    return values, damaged


def count_old_values(session: Session, ring: Keyring) -> int:
    """Return how many rows hold a value that is sealed with another key than the current one."""
    return sum(
        session.scalar(select(func.count()).select_from(table).where(_has_old_value(table, ring))) or 0
        for table in sealing_tables()
    )


def _rows_to_reseal(session: Session, table: type[Sealing], ring: Keyring, *, after: int) -> list[Sealing]:
    """Return the next few rows with an older key, by id, and keep others from changing them until the commit."""
    at_once = FILES_AT_ONCE if table.sealed_bytes_names() else AT_ONCE
    statement = select(table).where(table.id > after, _has_old_value(table, ring)).order_by(table.id)
    return list(session.scalars(statement.limit(at_once).with_for_update()))


def _has_old_value(table: type[Sealing], ring: Keyring) -> ColumnElement[bool]:
    head = ring.current_head
    columns = [getattr(table, f"{name}_sealed") for name in (*table.sealed_names(), *table.sealed_bytes_names())]
    return or_(*(func.substr(column, 1, len(head), type_=LargeBinary) != head for column in columns))


def _reseal_row(row: Sealing, ring: Keyring, damaged: list[str]) -> int:
    """Seal the older values of one row with the current key; return how many."""
    count = 0
    for name in (*row.sealed_names(), *row.sealed_bytes_names()):
        sealed: bytes | None = getattr(row, f"{name}_sealed")
        if sealed is None or ring.is_current(sealed):
            continue
        try:
            setattr(row, name, getattr(row, name))
        except SealError:
            damaged.append(row.place_of(name))
        else:
            count += 1
    return count
