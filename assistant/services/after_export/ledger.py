"""The ledger of an application: what was sent to ICE and what came back, as messages or as a person's note.

An export adds no line: exporting is not sending. A message that seems to belong to another application waits as a line
of kind "other" until a person says where it belongs.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from datetime import UTC, datetime, time
from typing import TYPE_CHECKING, cast
from uuid import UUID, uuid4

from sqlalchemy import func, select

from assistant.errors import BlockedError, InputError, NotFoundError
from assistant.messages import read_message
from assistant.program import recipient_address
from assistant.services.after_export.ledger_lines import (
    AttachmentFacts,
    LedgerFacts,
    LedgerLine,
    LineKind,
    attachment_facts,
    facts_of,
    open_line,
    stored_facts,
)
from assistant.services.application.history import record
from assistant.services.application.message_match import MessageMatch, kind_of, match_message
from assistant.services.application.practice import refuse_practice
from assistant.services.application.saving import lock
from assistant.services.scope import find_application
from assistant.storage.after_export_tables import MessageRow

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from sqlalchemy.orm import Session

    from assistant.messages import ReadMessage
    from assistant.storage.tables import Application

MAX_LINES = 500
TOO_MANY = (
    f"This application has {MAX_LINES} messages already. Remove lines that you no longer need, then add this one."
)
UNSENT = (
    "This file is a draft that was never sent, so nothing was added. Open it in your mail program and send it. Then "
    "save the message from your folder of sent mail, and add that file."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class AddedLine:
    """A line and whether it is new; a message that was added before keeps its line."""

    line: LedgerLine
    is_new: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class IncomingMessage:
    """A saved message that was read, and what ties it to applications."""

    message: ReadMessage
    match: MessageMatch
    data: bytes


def lines_of(session: Session, application: Application) -> list[LedgerLine]:
    """Return the ledger of an application, the newest line first."""
    query = select(MessageRow).where(MessageRow.application_id == application.id)
    lines = [open_line(row) for row in session.scalars(query.order_by(MessageRow.id))]
    return sorted(lines, key=lambda line: (line.dated_at or line.added_at, line.added_at), reverse=True)


def find_line(session: Session, application: Application, public_id: UUID) -> LedgerLine:
    """Return a line of an application.

    Raises:
        NotFoundError: the application has no such line.
    """
    return open_line(_find_row(session, application, public_id))


def add_message(session: Session, application: Application, data: bytes, *, now: datetime) -> AddedLine:
    """Add a saved message (.eml or .msg) to the ledger, sealed; the same message twice is one line.

    Raises:
        InputError: it is no message, or a draft that was never sent.
        BlockedError: the ledger is full.
    """
    return store_message(session, application, read_incoming(session, application, data), now=now)


def read_incoming(session: Session, application: Application, data: bytes) -> IncomingMessage:
    """Return a saved message with what ties it to applications. Writes nothing, so that nobody waits meanwhile.

    Raises:
        InputError: it is no message, or a draft that was never sent.
    """
    message = read_message(data)
    if message.is_draft:
        raise InputError(UNSENT)
    return IncomingMessage(message=message, match=match_message(session, application.agency_id, message), data=data)


def store_message(session: Session, application: Application, incoming: IncomingMessage, *, now: datetime) -> AddedLine:
    """Add a message that was read to the ledger.

    Raises:
        BlockedError: the ledger is full.
    """
    refuse_practice(application)
    message, match = incoming.message, incoming.match
    lock(session, application)
    digest = hashlib.sha256(incoming.data).hexdigest()
    if row_before := _same_message(session, application, digest, message):
        return AddedLine(line=open_line(row_before), is_new=False)
    others = match.applications if application.public_id not in match.applications else set[UUID]()
    kind = kind_of(message)
    facts = facts_of(message, match, application.public_id)
    if others:
        facts |= {"elsewhere": sorted(map(str, others)), "real_kind": kind}
    row = _add_row(
        session,
        application,
        kind="other" if others else kind,
        dated_at=message.date,
        sha256=digest,
        export_id=_export_of(match, application.public_id),
        now=now,
    )
    with session.no_autoflush:
        row.facts = json.dumps(facts, ensure_ascii=False)
        row.data = incoming.data
    _record(session, application, "message added", row, now=now)
    return AddedLine(line=open_line(row), is_new=True)


def mark_sent(
    session: Session,
    application: Application,
    *,
    day: date,
    to: str,
    attachments: Sequence[AttachmentFacts],
    now: datetime,
) -> AddedLine:
    """Add a person's note that the documents were sent on a day; the same note twice is one line.

    A note with another address than ICE's is of kind "other", as a message would be.

    Raises:
        BlockedError: the ledger is full.
    """
    refuse_practice(application)
    lock(session, application)
    facts: LedgerFacts = {
        "message_id": None,
        "date": day.isoformat(),
        "from": None,
        "to": [to.lower()],
        "subject": "",
        "attachments": list(attachments),
        "is_note": True,
    }
    text = json.dumps(facts, ensure_ascii=False, sort_keys=True)
    digest = hashlib.sha256(text.encode()).hexdigest()
    if row_before := _row_with_hash(session, application, digest):
        return AddedLine(line=open_line(row_before), is_new=False)
    noon = datetime.combine(day, time(12), tzinfo=now.astimezone().tzinfo)
    row = _add_row(
        session,
        application,
        kind="marked" if to.lower() == recipient_address().lower() else "other",
        dated_at=noon.astimezone(UTC),
        sha256=digest,
        export_id=None,
        now=now,
    )
    with session.no_autoflush:
        row.facts = text
        row.data = None
    _record(session, application, "marked as sent", row, now=now)
    return AddedLine(line=open_line(row), is_new=True)


def place_line(
    session: Session, application: Application, public_id: UUID, target: UUID, *, now: datetime
) -> LedgerLine:
    """Put a line that waits into the application it belongs to: this one, or another one that it fits.

    Where the other one has the same message already, the waiting line goes and the other's is returned.

    Raises:
        NotFoundError: there is no such line, or it does not fit that application.
    """
    refuse_practice(application)
    lock(session, application)
    row = _find_row(session, application, public_id)
    facts = stored_facts(row)
    if target != application.public_id and str(target) not in facts.get("elsewhere", []):
        raise NotFoundError("This message does not fit that application. Choose one of those shown.")
    facts.pop("elsewhere", None)
    kind = facts.pop("real_kind", cast("LineKind", row.kind))
    if target == application.public_id:
        row.kind = kind
        row.facts = json.dumps(facts, ensure_ascii=False)
        _record(session, application, "message added", row, now=now)
        return open_line(row)
    other = find_application(session, application.agency_id, target)
    refuse_practice(other)
    lock(session, other)
    _record(session, application, "message moved", row, now=now)
    if row_there := _row_with_hash(session, other, row.sha256):
        session.delete(row)
        session.flush()
        return open_line(row_there)
    match = match_message(session, application.agency_id, read_message(row.data or b""))
    row.application_id, row.kind, row.export_id = other.id, kind, _export_of(match, target)
    facts["attachments"] = [attachment_facts(item, match, target) for item in facts["attachments"]]
    row.facts = json.dumps(facts, ensure_ascii=False)
    _record(session, other, "message added", row, now=now)
    return open_line(row)


def set_about(
    session: Session,
    application: Application,
    public_id: UUID,
    about: dict[str, str],
    *,
    now: datetime,
) -> None:
    """Store what each request in a message concerns, as a person said it.

    Raises:
        NotFoundError: there is no such line.
    """
    lock(session, application)
    row = _find_row(session, application, public_id)
    facts = stored_facts(row)
    if facts.get("about", {}) == about:
        return
    facts["about"] = about
    row.facts = json.dumps(facts, ensure_ascii=False)
    _record(session, application, "message sorted", row, now=now)


def remove_line(session: Session, application: Application, public_id: UUID, *, now: datetime) -> None:
    """Take a line out of the ledger, with the message that is stored with it.

    Raises:
        NotFoundError: there is no such line.
    """
    lock(session, application)
    row = _find_row(session, application, public_id)
    _record(session, application, "message removed", row, now=now)
    session.delete(row)
    session.flush()


def _add_row(
    session: Session,
    application: Application,
    *,
    kind: LineKind,
    dated_at: datetime | None,
    sha256: str,
    export_id: int | None,
    now: datetime,
) -> MessageRow:
    """Return a new row of the session; its sealed columns are still to be set."""
    count = select(func.count()).select_from(MessageRow).where(MessageRow.application_id == application.id)
    if session.scalars(count).one() >= MAX_LINES:
        raise BlockedError(TOO_MANY)
    row = MessageRow(
        public_id=uuid4(),
        application_id=application.id,
        export_id=export_id,
        kind=kind,
        dated_at=dated_at,
        added_at=now,
        sha256=sha256,
    )
    session.add(row)
    return row


def _record(session: Session, application: Application, act: str, row: MessageRow, *, now: datetime) -> None:
    facts: dict[str, object] = {"message": row.public_id.hex, "kind": row.kind, "sha256": row.sha256}
    record(session, application, act, section="messages", now=now, facts=facts)
    session.flush()


def _find_row(session: Session, application: Application, public_id: UUID) -> MessageRow:
    query = select(MessageRow).where(MessageRow.application_id == application.id, MessageRow.public_id == public_id)
    row = session.scalars(query).one_or_none()
    if row is None:
        raise NotFoundError("There is no such message. Choose one from the list.")
    return row


def _row_with_hash(session: Session, application: Application, digest: str) -> MessageRow | None:
    query = select(MessageRow).where(MessageRow.application_id == application.id, MessageRow.sha256 == digest)
    return session.scalars(query.limit(1)).first()


def _same_message(session: Session, application: Application, digest: str, message: ReadMessage) -> MessageRow | None:
    """Return the line of the same file, or of the same message in another format; None where there is none."""
    if row_before := _row_with_hash(session, application, digest):
        return row_before
    if message.message_id is None:
        return None
    rows = session.scalars(select(MessageRow).where(MessageRow.application_id == application.id)).all()
    return next((row for row in rows if stored_facts(row).get("message_id") == message.message_id), None)


def _export_of(match: MessageMatch, application: UUID) -> int | None:
    """Return the last export of an application of which a file, or a signed copy of one, is attached."""
    exports = [
        file.export_id
        for files in match.files.values()
        for file in files
        if file.application == application and file.export_id is not None
    ]
    return max(exports, default=None)
