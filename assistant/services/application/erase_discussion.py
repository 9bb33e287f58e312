"""Erase what people wrote to each other about an application: comments, notes to reviewers, reasons of decisions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import delete, select

from assistant.storage.approval_tables import ApplicationLockRow, CommentRow, DecisionRow, ReviewRequestRow

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.orm import Session

    from assistant.storage.tables import Application


def drop_discussion(session: Session, application: Application) -> None:
    """Delete every comment, request, lock and decision of an application that is being deleted."""
    for table in (CommentRow, ReviewRequestRow, ApplicationLockRow, DecisionRow):
        session.execute(delete(table).where(table.application_id == application.id))


def erase_discussion(session: Session, application: Application, *, now: datetime) -> None:
    """Empty whatever people typed, since it may name a nominee; who did what, when, and the hashes stay."""
    for comment in session.scalars(select(CommentRow).where(CommentRow.application_id == application.id)):
        comment.text = ""
        comment.purged_at = comment.purged_at or now
    for request in session.scalars(select(ReviewRequestRow).where(ReviewRequestRow.application_id == application.id)):
        request.note = ""
    for decision in session.scalars(select(DecisionRow).where(DecisionRow.application_id == application.id)):
        decision.reason = ""
