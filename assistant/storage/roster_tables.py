"""A roster that was given and not yet taken over, sealed: for a day, or the rows of it that wait for a decision."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import ForeignKey, LargeBinary
from sqlalchemy.orm import Mapped, mapped_column

from assistant.storage.tables import Base, SealedText, Sealing


class RosterDraft(Sealing, Base):
    """The sheet without what is never kept, and what people did to it (``services.application.roster_work``).

    ``chosen`` holds the columns a person corrected, ``{index: answer or null}``, and numbers for pages that say that it
    waits. ``added`` is None until nominees were taken over, then how many they were the last time. The sheet holds the
    rows that wait; it is empty where none does.
    """

    __tablename__ = "roster_drafts"

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[UUID] = mapped_column(default=uuid4, unique=True)
    application_id: Mapped[int] = mapped_column(ForeignKey("applications.id"), index=True)
    made_at: Mapped[datetime] = mapped_column(index=True)
    chosen: Mapped[dict[str, Any]]
    added: Mapped[int | None]
    sheet_sealed: Mapped[bytes] = mapped_column(LargeBinary)

    sheet = SealedText()

    @property
    def sealed_id(self) -> str:
        """Return the public id."""
        return self.public_id.hex
