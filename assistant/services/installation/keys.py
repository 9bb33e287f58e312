"""The keys of this installation and the database they belong to: do they fit, and how they are changed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from assistant.errors import SealError
from assistant.services.installation.agencies import LOCAL_NAME
from assistant.storage.tables import KEYRING, AgencyRow, Base, Sealing, Setting

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from assistant.storage.sealing import Keyring

CHECK = "key_check"
PLACE = f"settings.{CHECK}"
BATCH = 200  # rows in memory at a time


def confirm_keys(session: Session) -> None:
    """Say nothing where the keyring opens this database; the first one that comes is taken for the right one.

    Raises:
        SealError: the key file belongs to another database.
    """
    ring: Keyring = session.info[KEYRING]
    stored = session.get(Setting, CHECK)
    if stored is None:
        session.add(Setting(name=CHECK, value=ring.seal(CHECK, PLACE).hex()))
        session.flush()
        return
    try:
        ring.open(bytes.fromhex(stored.value), PLACE)
    except (SealError, ValueError):
        raise SealError("key file", "This key does not belong to this database. Restore the right key file.") from None


def adopt_keys(session: Session) -> None:
    """Make this keyring the one of an empty database, as a server that was started once leaves it; else confirm it.

    Such a database was sealed with keys that have been replaced since. All that they seal is the check of the keys and
    the name that every new installation gives its one agency: both are sealed again with the current keys.

    Raises:
        SealError: the key file belongs to another database, and that one is not empty.
    """
    try:
        confirm_keys(session)
    except SealError:
        agencies = session.scalars(select(AgencyRow)).all()
        if len(agencies) > 1 or _holds_sealed_rows(session):
            raise SealError(
                "key file",
                "This key does not open what is in the database now. Restore that database’s key file. If no one "
                "needs what is in the database, move it away and run the command again.",
            ) from None
        ring: Keyring = session.info[KEYRING]
        for agency in agencies:
            agency.name = LOCAL_NAME
        session.get_one(Setting, CHECK).value = ring.seal(CHECK, PLACE).hex()
        session.flush()


def _holds_sealed_rows(session: Session) -> bool:
    tables = [mapper.class_ for mapper in Base.registry.mappers if issubclass(mapper.class_, Sealing)]
    return any(
        session.execute(select(table).limit(1)).first() is not None for table in tables if table is not AgencyRow
    )


def reseal(session: Session) -> int:
    """Seal everything again that is not sealed with the current key; return how many texts that was.

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
    stored = session.get(Setting, CHECK)
    if stored is not None:
        stored.value = ring.seal(ring.open(bytes.fromhex(stored.value), PLACE), PLACE).hex()
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
