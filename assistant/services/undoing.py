"""Undo what was done to files when the database did not take its part of the change.

A file cannot be part of a transaction; so what is done to files before the commit is undone where no commit follows.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import event

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy.orm import Session, SessionTransaction


def undo_unless_committed(session: Session, undo: Callable[[], Any]) -> None:
    """Call ``undo`` when the session's present transaction ends without a commit; nothing to undo is no error."""
    present = session.get_transaction()
    ended: list[bool] = []

    def note_commit(here: Session) -> None:
        if here.get_transaction() is present and here.get_nested_transaction() is None:
            ended.append(True)

    def end(_: Session, transaction: SessionTransaction) -> None:
        if transaction is present and not ended:
            ended.append(False)
            undo()

    event.listen(session, "after_commit", note_commit)
    event.listen(session, "after_transaction_end", end)
