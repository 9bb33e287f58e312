"""How people work together on an application: comments, requests for a review, locks, and decisions.

``who`` is a person's public id. Texts that a person typed are sealed; a purge empties them, a deletion takes the rows.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import ForeignKey, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from assistant.storage.tables import Base, SealedText, Sealing


class CommentRow(Sealing, Base):
    """A comment on an answer. ``path`` is the dotted path of its question, or "nominees.<short id>", or a section."""

    __tablename__ = "comments"

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[UUID] = mapped_column(default=uuid4, unique=True)
    application_id: Mapped[int] = mapped_column(ForeignKey("applications.id"), index=True)
    path: Mapped[str] = mapped_column(String(120))
    who: Mapped[str] = mapped_column(String(64))
    at: Mapped[datetime]
    resolved_by: Mapped[str | None] = mapped_column(String(64))
    resolved_at: Mapped[datetime | None]
    purged_at: Mapped[datetime | None]
    text_sealed: Mapped[bytes] = mapped_column(LargeBinary)

    text = SealedText()

    @property
    def sealed_id(self) -> str:
        """Return the public id."""
        return self.public_id.hex


class ReviewRequestRow(Sealing, Base):
    """Somebody asked for a review of an application; it is open until somebody says that the review is finished."""

    __tablename__ = "review_requests"

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[UUID] = mapped_column(default=uuid4, unique=True)
    application_id: Mapped[int] = mapped_column(ForeignKey("applications.id"), index=True)
    who: Mapped[str] = mapped_column(String(64))
    at: Mapped[datetime]
    closed_by: Mapped[str | None] = mapped_column(String(64))
    closed_at: Mapped[datetime | None]
    note_sealed: Mapped[bytes] = mapped_column(LargeBinary)

    note = SealedText()

    @property
    def sealed_id(self) -> str:
        """Return the public id."""
        return self.public_id.hex


class ApplicationLockRow(Base):
    """An application was locked for changes; it is locked while one of its rows has no ``ended_at``."""

    __tablename__ = "application_locks"

    id: Mapped[int] = mapped_column(primary_key=True)
    application_id: Mapped[int] = mapped_column(ForeignKey("applications.id"), index=True)
    who: Mapped[str] = mapped_column(String(64))
    at: Mapped[datetime]
    ended_by: Mapped[str | None] = mapped_column(String(64))
    ended_at: Mapped[datetime | None]


class DecisionRow(Sealing, Base):
    """An application was approved or declined, as it was at that moment.

    ``kind`` is "approved" or "declined". ``sha256`` is the hash of exactly what was decided on
    (``services.application.approval.approved_state``). ``version`` is the application's; ``forms`` holds
    ``{name: {"edition": name, "sha256": hash of the blank form or null}}``: both say what changed since. ``name`` is
    what the person was called then.
    """

    __tablename__ = "decisions"

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[UUID] = mapped_column(default=uuid4, unique=True)
    application_id: Mapped[int] = mapped_column(ForeignKey("applications.id"), index=True)
    kind: Mapped[str] = mapped_column(String(20))
    who: Mapped[str] = mapped_column(String(64))
    at: Mapped[datetime]
    sha256: Mapped[str] = mapped_column(String(64))
    version: Mapped[int]
    forms: Mapped[dict[str, Any]]
    name_sealed: Mapped[bytes] = mapped_column(LargeBinary)
    reason_sealed: Mapped[bytes] = mapped_column(LargeBinary)

    name = SealedText()
    reason = SealedText()

    @property
    def sealed_id(self) -> str:
        """Return the public id."""
        return self.public_id.hex
