"""What is kept of ICE's published lists: every load, every agreement it named, and what changed in it since.

Public data, so nothing is sealed. An agreement that a later list no longer names stays, marked as removed.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from assistant.storage.tables import Base


class ListImport(Base):
    """One load of a list. ``as_of`` is the day the list speaks of; ``unreadable`` holds {"row", "why"}."""

    __tablename__ = "list_imports"

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(13), index=True)
    file_name: Mapped[str] = mapped_column(String(255))
    sha256: Mapped[str] = mapped_column(String(64))
    imported_at: Mapped[datetime]
    as_of: Mapped[date]
    rows: Mapped[int]
    added: Mapped[int]
    changed: Mapped[int]
    removed: Mapped[int]
    unreadable: Mapped[list[Any]]


class ListedAgreement(Base):
    """An agreement, or one that is pending, as the lists name it. ``removed_id``: the load that no longer named it."""

    __tablename__ = "listings"
    __table_args__ = (Index(None, "kind", "removed_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(13))
    key: Mapped[str] = mapped_column(String(300))
    state: Mapped[str] = mapped_column(String(60))
    agency: Mapped[str] = mapped_column(String(200))
    agency_kind: Mapped[str | None] = mapped_column(String(20))
    county: Mapped[str | None] = mapped_column(String(100))
    model: Mapped[str | None] = mapped_column(String(4))
    signed: Mapped[date | None]
    moa_url: Mapped[str | None] = mapped_column(String(2000))
    addendum_url: Mapped[str | None] = mapped_column(String(2000))
    first_seen_id: Mapped[int] = mapped_column(ForeignKey("list_imports.id"))
    last_seen_id: Mapped[int] = mapped_column(ForeignKey("list_imports.id"))
    removed_id: Mapped[int | None] = mapped_column(ForeignKey("list_imports.id"))


class ListingChange(Base):
    """What a load changed in an agreement: ``{name: [before, after]}``, dates as ISO."""

    __tablename__ = "listing_changes"

    id: Mapped[int] = mapped_column(primary_key=True)
    listing_id: Mapped[int] = mapped_column(ForeignKey("listings.id"), index=True)
    import_id: Mapped[int] = mapped_column(ForeignKey("list_imports.id"))
    change: Mapped[dict[str, Any]]


class EncounterReport(Base):
    """A monthly encounter report as ICE published it, whole; it is public and so not sealed. ``month`` is "2025-11"."""

    __tablename__ = "encounter_reports"

    month: Mapped[str] = mapped_column(String(7), primary_key=True)
    file_name: Mapped[str] = mapped_column(String(255))
    sha256: Mapped[str] = mapped_column(String(64))
    size: Mapped[int]
    data: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)
    added_at: Mapped[datetime]
