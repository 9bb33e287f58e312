"""Agencies: who works with this installation."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import uuid4

from sqlalchemy import select

from assistant.storage.tables import AgencyRow

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.orm import Session

LOCAL_NAME = "This agency"
"""The name of the one agency of an installation that serves one person on their own machine."""


def create_agency(session: Session, name: str, *, now: datetime) -> AgencyRow:
    """Return a new agency."""
    agency = AgencyRow(public_id=uuid4(), created_at=now)
    session.add(agency)
    agency.name = name
    session.flush()
    return agency


def local_agency(session: Session, *, now: datetime) -> AgencyRow:
    """Return the agency of an installation that serves one person on their own machine, made on first use."""
    agency = session.scalars(select(AgencyRow).order_by(AgencyRow.id).limit(1)).first()
    return agency or create_agency(session, LOCAL_NAME, now=now)
