"""What comes after an export: the signed copies of its documents, and the messages that were sent and received."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import ForeignKey, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from assistant.storage.tables import Base, SealedBytes, SealedText, Sealing


class SignedCopyRow(Sealing, Base):
    """A signed or scanned copy of one document, as one PDF, and what its comparison with the issued file said.

    ``export_id`` and ``document`` (a file name of that bundle) say what it is a copy of; None and "" where that is
    not known. ``side`` is "agency", or "ice" for a copy that ICE has signed too. ``state`` is "waiting", "checked"
    or "failed". ``result`` is a JSON document: the comparison, or ``{"error": …}``. ``confirmed_pages`` are the
    numbers of the pages that a person has looked at and found right. A copy that another one replaced keeps its row.
    """

    __tablename__ = "signed_copies"

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[UUID] = mapped_column(default=uuid4, unique=True)
    application_id: Mapped[int] = mapped_column(ForeignKey("applications.id"), index=True)
    export_id: Mapped[int | None] = mapped_column(ForeignKey("exports.id"), index=True)
    document: Mapped[str] = mapped_column(String(80))
    side: Mapped[str] = mapped_column(String(20))
    state: Mapped[str] = mapped_column(String(20))
    sha256: Mapped[str] = mapped_column(String(64))
    size: Mapped[int]
    pages: Mapped[int]
    confirmed_pages: Mapped[list[Any]]
    added_at: Mapped[datetime]
    checked_at: Mapped[datetime | None]
    confirmed_at: Mapped[datetime | None]
    replaced_at: Mapped[datetime | None]
    file_name_sealed: Mapped[bytes] = mapped_column(LargeBinary)
    result_sealed: Mapped[bytes] = mapped_column(LargeBinary)
    data_sealed: Mapped[bytes | None] = mapped_column(LargeBinary, deferred=True)

    file_name = SealedText()
    result = SealedText()
    data = SealedBytes()

    @property
    def sealed_id(self) -> str:
        """Return the public id."""
        return self.public_id.hex


class MessageRow(Sealing, Base):
    """A message about an application: one that was sent to ICE, one that came, or a note that one was sent.

    ``kind`` is "sent", "reply" or "other" for a saved message, and "marked" where a person only said that it was
    sent. ``dated_at`` is the moment the message names, or the day the person named. ``facts`` is a JSON document
    (who, to whom, subject, attachments, what a person noted about it). ``data`` is the message itself, or None.
    """

    __tablename__ = "messages"

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[UUID] = mapped_column(default=uuid4, unique=True)
    application_id: Mapped[int] = mapped_column(ForeignKey("applications.id"), index=True)
    export_id: Mapped[int | None] = mapped_column(ForeignKey("exports.id"), index=True)
    kind: Mapped[str] = mapped_column(String(20))
    dated_at: Mapped[datetime | None]
    added_at: Mapped[datetime]
    sha256: Mapped[str] = mapped_column(String(64))
    facts_sealed: Mapped[bytes] = mapped_column(LargeBinary)
    data_sealed: Mapped[bytes | None] = mapped_column(LargeBinary, deferred=True)

    facts = SealedText()
    data = SealedBytes()

    @property
    def sealed_id(self) -> str:
        """Return the public id."""
        return self.public_id.hex
