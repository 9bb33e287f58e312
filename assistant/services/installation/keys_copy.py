"""Did somebody copy the keys to a safe place? Asked until a person says so, and again after each new key.

This program cannot see the copy. It notes which key was the current one when a person said that it is made.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from assistant.storage.tables import KEYRING, Setting

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

COPIED_KEY = "copied_key"
"""The setting that holds the id of the current key of the copy; the id is no secret."""


def is_copy_confirmed(session: Session) -> bool:
    """Return whether a person said that the keys, with the current one, are copied. Changes nothing."""
    setting = session.get(Setting, COPIED_KEY)
    return setting is not None and setting.value == session.info[KEYRING].current.hex()


def confirm_copy(session: Session) -> None:
    """Note that a person has copied the keys as they are now."""
    value = session.info[KEYRING].current.hex()
    setting = session.get(Setting, COPIED_KEY)
    if setting is None:
        session.add(Setting(name=COPIED_KEY, value=value))
    else:
        setting.value = value
    session.flush()
