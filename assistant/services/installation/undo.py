"""Files that belong to rows: what is done to them is undone where the rows are not committed after all."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import event

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy.orm import Session, SessionTransaction


def undo_unless_committed(session: Session, undo: Callable[[], None]) -> None:
    """Call ``undo`` once the present transaction ends in any other way than a commit: a full disk, a fault, a close.

    ``undo`` must be able to run after somebody else has undone the same. A savepoint inside is no commit.
    """
    present = session.get_transaction() or session.begin()
    ended = False

    def note_commit(here: Session) -> None:
        nonlocal ended
        if here.get_transaction() is present and here.get_nested_transaction() is None:
            ended = True

    def undo_once(_: Session, transaction: SessionTransaction) -> None:
        nonlocal ended
        if transaction is present and not ended:
            ended = True
            undo()

    # Sessions live for one request or command: the two listeners go with this one.
    event.listen(session, "after_commit", note_commit)
    event.listen(session, "after_transaction_end", undo_once)
