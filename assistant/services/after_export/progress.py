"""How far an application is after its export: what is to be signed, what came back signed, what was sent and answered.

Says only what is stored: that a copy is there, that a person looked at it, that a message was recorded. Whether the
signatory has signed, and whether ICE has a message, nobody here knows.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import Integer, bindparam, exists, select

from assistant.services.after_export.copy_status import copies_status
from assistant.services.after_export.issued_documents import documents_to_sign, export_being_signed
from assistant.services.after_export.since_export import changed_since
from assistant.storage.after_export_tables import MessageRow, SignedCopyRow

if TYPE_CHECKING:
    from datetime import datetime
    from uuid import UUID

    from sqlalchemy.orm import Session

    from assistant.services.after_export.since_export import ChangedSince
    from assistant.services.application.plan import ApplicationPlan
    from assistant.storage.tables import Application


@dataclass(frozen=True, slots=True, kw_only=True)
class AfterExport:
    """What is stored about the last export that was no draft.

    ``to_sign`` counts the documents that are signed and sent: the letter, and the agreement for each model.
    ``copies`` counts those of which a signed copy is there, ``confirmed`` those whose copy a person has found right.
    ``sent_at`` is when the last message to ICE was sent, as its sender or the message says; ``answered_at`` when the
    last message from ICE came. Moments are None where nothing is recorded.
    """

    export_id: UUID
    exported_at: datetime
    changed: ChangedSince
    to_sign: int
    copies: int
    confirmed: int
    sent_at: datetime | None
    answered_at: datetime | None


def after_export(session: Session, application: Application, plan: ApplicationPlan) -> AfterExport | None:
    """Return how far an application is after its last export; None where only drafts, or nothing, were exported."""
    export = export_being_signed(session, application)
    if export is None:
        return None
    ids = {"application": application.id}
    # Without a copy the bundle need not be opened.
    has_copies = session.scalars(_HAS_COPIES, ids).one()
    states = [row.state for row in copies_status(session, application).documents] if has_copies else []
    messages = session.execute(_MESSAGES, ids).all()
    sent = [row.dated_at or row.added_at for row in messages if row.kind in {"sent", "marked"}]
    answered = [row.dated_at or row.added_at for row in messages if row.kind == "reply"]
    return AfterExport(
        export_id=export.public_id,
        exported_at=export.made_at,
        changed=changed_since(export, plan, version=application.version),
        to_sign=len(documents_to_sign(export)),
        copies=sum(state not in {"missing", "out of date"} for state in states),
        confirmed=states.count("looked at"),
        sent_at=max(sent, default=None),
        answered_at=max(answered, default=None),
    )


_HAS_COPIES = select(
    exists().where(
        SignedCopyRow.application_id == bindparam("application", type_=Integer), SignedCopyRow.replaced_at.is_(None)
    )
)
_MESSAGES = select(MessageRow.kind, MessageRow.dated_at, MessageRow.added_at).where(
    MessageRow.application_id == bindparam("application", type_=Integer)
)
