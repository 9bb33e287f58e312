"""How far an application is after its export: what is to be signed, what came back signed, what was sent and answered.

Says only what is stored: that a copy is there, that a person looked at it, that a message was recorded. Whether the
signatory has signed, and whether ICE has a message, nobody here knows.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import Integer, bindparam, select

from assistant.documents.wording import LETTER_FILE
from assistant.editions.catalog import LETTER
from assistant.services.after_export.since_export import changed_since
from assistant.storage.after_export_tables import MessageRow, SignedCopyRow
from assistant.storage.tables import ExportRow

if TYPE_CHECKING:
    from collections.abc import Iterable
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
    export = last_export(session, application)
    if export is None:
        return None
    copies = session.execute(_COPIES, {"application": application.id, "export": export.id}).all()
    messages = session.execute(_MESSAGES, {"application": application.id}).all()
    confirmed = {row.document for row in copies if row.confirmed_at is not None}
    return AfterExport(
        export_id=export.public_id,
        exported_at=export.made_at,
        changed=changed_since(export, plan),
        to_sign=len(documents_to_sign(export)),
        copies=len({row.document for row in copies}),
        confirmed=len(confirmed),
        sent_at=_last(row.dated_at or row.added_at for row in messages if row.kind in {"sent", "marked"}),
        answered_at=_last(row.dated_at or row.added_at for row in messages if row.kind == "reply"),
    )


def last_export(session: Session, application: Application) -> ExportRow | None:
    """Return the export that is being signed: the last one that is no draft.

    Whoever exports the same answers once more after signing has not lost what was signed: then it is the last one of
    which a signed copy is there.
    """
    ids = {"application": application.id}
    newest, signed = session.scalars(_LAST, ids).first(), session.scalars(_LAST_SIGNED, ids).first()
    if newest is None or signed is None or signed.id == newest.id:
        return newest
    return signed if (signed.answers, signed.editions) == (newest.answers, newest.editions) else newest


def documents_to_sign(export: ExportRow) -> tuple[str, ...]:
    """Return the file names of what is signed and sent: the letter, then the agreement for each model.

    An agreement of which the bundle has an entry sheet alone is signed and sent as well, on a form from elsewhere.
    """
    return (LETTER_FILE, *(f"02-moa-{name.lower()}.pdf" for name in export.editions if name != LETTER))


def _last(moments: Iterable[datetime]) -> datetime | None:
    return max(moments, default=None)


_APPLICATION = bindparam("application", type_=Integer)
_LAST = (
    select(ExportRow)
    .where(ExportRow.application_id == _APPLICATION, ExportRow.draft.is_(False))
    .order_by(ExportRow.id.desc())
    .limit(1)
)
_LAST_SIGNED = _LAST.where(
    ExportRow.id.in_(
        select(SignedCopyRow.export_id).where(
            SignedCopyRow.application_id == _APPLICATION, SignedCopyRow.replaced_at.is_(None)
        )
    )
)
_COPIES = select(SignedCopyRow.document, SignedCopyRow.confirmed_at).where(
    SignedCopyRow.application_id == _APPLICATION,
    SignedCopyRow.export_id == bindparam("export", type_=Integer),
    SignedCopyRow.replaced_at.is_(None),
    SignedCopyRow.side == "agency",
    SignedCopyRow.document != "",
)
_MESSAGES = select(MessageRow.kind, MessageRow.dated_at, MessageRow.added_at).where(
    MessageRow.application_id == _APPLICATION
)
