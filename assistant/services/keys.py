"""The keys of this installation and the database they belong to: do they fit, and how they are changed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from assistant.errors import SealError
from assistant.tables import KEYRING, Base, Sealing, Setting

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from assistant.crypt import Keyring

CHECK = "key_check"
PLACE = f"settings.{CHECK}"
BATCH = 200  # rows in memory at a time


def confirm_keys(session: Session) -> None:
    """Say nothing where the keyring opens this database; the first one that comes is taken for the right one.

    Raises:
        SealError: the key file belongs to another database.
    """
    ring: Keyring = session.info[KEYRING]
    kept = session.get(Setting, CHECK)
    if kept is None:
        session.add(Setting(name=CHECK, value=ring.seal(CHECK, PLACE).hex()))
        session.flush()
        return
    try:
        ring.open(bytes.fromhex(kept.value), PLACE)
    except SealError:
        raise SealError("key file", "Does not belong to this database; put the right key file back.") from None


def reseal(session: Session) -> int:
    """Seal everything anew that is not sealed with the current key; return how many texts that were.

    To change the key: write a ring ``with_new_key`` to the key file, restart, call this, commit, and then write
    one ``without_old_keys``.
    """
    ring: Keyring = session.info[KEYRING]
    count = 0
    for mapper in Base.registry.mappers:
        table = mapper.class_
        if not issubclass(table, Sealing):
            continue
        for row in session.scalars(select(table).execution_options(yield_per=BATCH)):
            for name in table.sealed_names():
                if not ring.is_current(getattr(row, f"{name}_sealed")):
                    setattr(row, name, getattr(row, name))
                    count += 1
            session.flush()
            count += _reseal_bytes(session, row)
    kept = session.get(Setting, CHECK)
    if kept is not None:
        kept.value = ring.seal(ring.open(bytes.fromhex(kept.value), PLACE), PLACE).hex()
        session.flush()
    return count


def _reseal_bytes(session: Session, row: Sealing) -> int:
    """Seal the large values of one row with the current key; return how many. Only one row's are in memory at once."""
    count = 0
    for name in row.sealed_bytes_names():
        column = f"{name}_sealed"
        sealed: bytes | None = getattr(row, column)
        if sealed is not None and not session.info[KEYRING].is_current(sealed):
            setattr(row, name, getattr(row, name))
            session.flush()
            count += 1
        session.expire(row, [column])
    return count
