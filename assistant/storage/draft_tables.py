"""What a person is still working on: a form with the map that is being corrected, and a page that was not saved."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import ForeignKey, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from assistant.storage.tables import Base, SealedText, Sealing


class FormDraft(Base):
    """A blank form, whole, and the lines of its map (``mapping.lines``); both are public, and so not sealed.

    ``version`` counts changes. ``name`` is what the edition will be called.
    """

    __tablename__ = "form_drafts"

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[UUID] = mapped_column(default=uuid4, unique=True)
    agency_id: Mapped[int] = mapped_column(ForeignKey("agencies.id"), index=True)
    name: Mapped[str] = mapped_column(String(120))
    sha256: Mapped[str] = mapped_column(String(64))
    size: Mapped[int]
    data: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)
    map: Mapped[dict[str, Any]]
    version: Mapped[int]
    made_at: Mapped[datetime]
    changed_at: Mapped[datetime]


class PageDraft(Sealing, Base):
    """What somebody typed on a page and left without saving; it belongs to an application or to a form's map.

    ``page`` names the page by its endpoint and ids. ``typed`` is a JSON document with the page's own fields
    (``services.page_drafts``). A draft of a form's map goes with that map.
    """

    __tablename__ = "page_drafts"

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[UUID] = mapped_column(default=uuid4, unique=True)
    application_id: Mapped[int | None] = mapped_column(ForeignKey("applications.id"), index=True)
    form_draft_id: Mapped[int | None] = mapped_column(ForeignKey("form_drafts.id", ondelete="CASCADE"), index=True)
    page: Mapped[str] = mapped_column(String(200))
    typed_at: Mapped[datetime] = mapped_column(index=True)
    typed_sealed: Mapped[bytes] = mapped_column(LargeBinary)

    typed = SealedText()

    @property
    def sealed_id(self) -> str:
        """Return the public id."""
        return self.public_id.hex
