"""What people are called, by the public ids under which the history names them."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

from sqlalchemy import select

from assistant.storage.account_tables import PersonRow
from assistant.storage.tables import LOCAL

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sqlalchemy.orm import Session

UNKNOWN = "someone without an account"


def names_of(session: Session, whos: Iterable[str]) -> dict[str, str]:
    """Return the name of each person by public id: one query, whatever their number.

    ``LOCAL`` and ids of nobody are ``UNKNOWN``: what was done at one machine before there were accounts.
    """
    asked_ids = set(whos)
    ids = [UUID(who) for who in asked_ids - {LOCAL} if _is_id(who)]
    rows = session.scalars(select(PersonRow).where(PersonRow.public_id.in_(ids))) if ids else ()
    names = {str(row.public_id): row.name for row in rows}
    return {who: names.get(who, UNKNOWN) for who in asked_ids}


def _is_id(who: str) -> bool:
    try:
        UUID(who)
    except ValueError:
        return False
    return True
