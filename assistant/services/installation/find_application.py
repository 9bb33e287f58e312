"""Which application of an installation a reference names: for the console, where no agency limits what is seen."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from assistant.errors import NotFoundError
from assistant.storage.tables import Application

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

LEAST_LETTERS = 8
"""Of a reference: as many as pages and file names show."""


def find_by_reference(session: Session, reference: str) -> Application:
    """Return the application whose id begins with this; one that was deleted is not among them.

    Raises:
        NotFoundError: the reference is too short, or names no application, or several.
    """
    start = reference.strip().lower()
    ids = session.execute(select(Application.id, Application.public_id).where(Application.deleted_at.is_(None)))
    rows = [row for row in ids if str(row.public_id).startswith(start)] if len(start) >= LEAST_LETTERS else []
    if len(rows) != 1:
        raise NotFoundError(
            "Several applications begin like that. Give more of the id."
            if rows
            else "There is no such application. Give its id, or the first 8 characters of it."
        )
    return session.get_one(Application, rows[0].id)
