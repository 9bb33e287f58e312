"""The keys of this installation and the database they belong to: do they fit? ``rotate_keys`` changes them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from assistant.errors import SealError
from assistant.services.application.roll import begin_roll
from assistant.services.installation.agencies import LOCAL_NAME
from assistant.storage.tables import KEYRING, AgencyRow, Setting, sealing_tables

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from assistant.storage.sealing import Keyring

CHECK = "key_check"
PLACE = f"settings.{CHECK}"


def confirm_keys(session: Session) -> None:
    """Say nothing where the keyring opens this database; the first one that comes is taken for the right one.

    Raises:
        SealError: the key file belongs to another database.
    """
    fit = do_keys_fit(session)
    if fit is None:
        ring: Keyring = session.info[KEYRING]
        session.add(Setting(name=CHECK, value=ring.seal(CHECK, PLACE).hex()))
        session.flush()
    elif not fit:
        raise SealError("key file", "This key does not belong to this database. Restore the right key file.")
    begin_roll(session)


def do_keys_fit(session: Session) -> bool | None:
    """Return whether the keyring opens this database; None where no key was ever used with it. Changes nothing."""
    stored = session.get(Setting, CHECK)
    if stored is None:
        return None
    try:
        session.info[KEYRING].open(bytes.fromhex(stored.value), PLACE)
    except (SealError, ValueError):
        return False
    return True


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
    return any(
        session.execute(select(table).limit(1)).first() is not None
        for table in sealing_tables()
        if table is not AgencyRow
    )
