"""Answers files of ``moa batch export --queue`` while workers make their bundles."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID, uuid4

from sqlalchemy import LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from assistant.storage.tables import Base, SealedBytes, SealedText, Sealing


class BatchFileRow(Sealing, Base):
    """One answers file, and the bundle that was made of it; the command that put it here takes it away again.

    ``batch_id`` is that run of the command. ``digest`` is the keyed digest of what is asked for, by which a run that
    goes on finds the row. ``fingerprint`` is that of the forms and facts of the computer that ordered it. ``state`` is
    "waiting" or "done". ``result`` is a JSON document: what became of it, "" while it waits.
    """

    __tablename__ = "batch_files"

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[UUID] = mapped_column(default=uuid4, unique=True)
    batch_id: Mapped[UUID] = mapped_column(index=True)
    digest: Mapped[bytes] = mapped_column(LargeBinary, unique=True)
    fingerprint: Mapped[bytes | None] = mapped_column(LargeBinary)
    day: Mapped[date]
    draft: Mapped[bool]
    state: Mapped[str] = mapped_column(String(20))
    added_at: Mapped[datetime]
    result_sealed: Mapped[bytes] = mapped_column(LargeBinary)
    answers_sealed: Mapped[bytes | None] = mapped_column(LargeBinary, deferred=True)
    bundle_sealed: Mapped[bytes | None] = mapped_column(LargeBinary, deferred=True)

    result = SealedText()
    answers = SealedBytes()
    bundle = SealedBytes()

    @property
    def sealed_id(self) -> str:
        """Return the public id."""
        return self.public_id.hex
