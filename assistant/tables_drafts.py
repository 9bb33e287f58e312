"""A form that nobody has mapped yet, and the map that a person is correcting for it."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import ForeignKey, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from assistant.tables import Base


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
