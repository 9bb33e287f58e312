"""Comments on answers: added beside a question, resolved by whoever dealt with it. The history has no word of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import UUID, uuid4

from sqlalchemy import select

from assistant.errors import InputError, NotFoundError
from assistant.services.application.history import record
from assistant.services.application.locks import SECTION
from assistant.services.application.saving import lock
from assistant.storage.approval_tables import CommentRow
from assistant.storage.tables import actor_of

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.orm import Session

    from assistant.storage.tables import Application

LONGEST_TEXT = 2_000
"""Characters of a comment, of a reason, and of a note to a reviewer."""
MOST_OPEN = 500
"""Comments of one application that are open at a time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Comment:
    """A comment, opened. ``path`` says which answer it is on; ``who`` and ``resolved_by`` are public ids.

    ``text`` is "" where a purge has erased it.
    """

    public_id: UUID
    path: str
    who: str
    at: datetime
    text: str
    resolved_by: str | None
    resolved_at: datetime | None
    purged_at: datetime | None

    @property
    def is_open(self) -> bool:
        """Say whether nobody has resolved it yet."""
        return self.resolved_at is None


def read_text(text: str, *, what: str) -> str:
    """Return a text that a person typed, without blanks around it; line breaks stay.

    Raises:
        InputError: it is too long.
    """
    text = text.replace("\r\n", "\n").strip()
    if len(text) > LONGEST_TEXT:
        raise InputError(f"Shorten {what} to {LONGEST_TEXT:,} characters. It has {len(text):,}.")
    return text


def add_comment(session: Session, application: Application, path: str, text: str, *, now: datetime) -> UUID:
    """Add a comment on an answer and return its id; the very same open comment again is the one that is there.

    Raises:
        InputError: the text is empty or too long, or too many comments are open.
    """
    text = read_text(text, what="the comment")
    if not text:
        raise InputError("Enter your comment.")
    lock(session, application)
    comments = [comment for comment in comments_on(session, application) if comment.is_open]
    for comment in comments:
        if (comment.path, comment.who, comment.text) == (path, actor_of(session), text):
            return comment.public_id
    if len(comments) >= MOST_OPEN:
        raise InputError(f"{MOST_OPEN} comments are open. Resolve some of them first.")
    row = CommentRow(
        public_id=uuid4(), application_id=application.id, path=path, who=actor_of(session), at=now
    )  # fmt: skip
    session.add(row)
    with session.no_autoflush:
        row.text = text
    record(session, application, "comment added", section=SECTION, now=now, facts=_facts(row))
    session.flush()
    return row.public_id


def resolve_comment(session: Session, application: Application, public_id: UUID, *, now: datetime) -> bool:
    """Mark a comment as resolved; False where it was resolved already.

    Raises:
        NotFoundError: the application has no such comment.
    """
    lock(session, application)
    statement = select(CommentRow).where(CommentRow.application_id == application.id, CommentRow.public_id == public_id)
    row = session.scalars(statement).one_or_none()
    if row is None:
        raise NotFoundError("There is no such comment. Go to the list of comments.")
    if row.resolved_at is not None:
        return False
    row.resolved_by, row.resolved_at = actor_of(session), now
    record(session, application, "comment resolved", section=SECTION, now=now, facts=_facts(row))
    session.flush()
    return True


def comments_on(session: Session, application: Application) -> list[Comment]:
    """Return the comments on an application, oldest first."""
    statement = select(CommentRow).where(CommentRow.application_id == application.id).order_by(CommentRow.id)
    return [
        Comment(
            public_id=row.public_id,
            path=row.path,
            who=row.who,
            at=row.at,
            text=row.text,
            resolved_by=row.resolved_by,
            resolved_at=row.resolved_at,
            purged_at=row.purged_at,
        )
        for row in session.scalars(statement)
    ]


def _facts(row: CommentRow) -> dict[str, object]:
    return {"comment": row.public_id.hex, "path": row.path}
