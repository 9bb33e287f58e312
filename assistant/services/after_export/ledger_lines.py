"""What the ledger stores of a message, and a line of it as plain values."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, TypedDict, cast
from uuid import UUID

if TYPE_CHECKING:
    from datetime import datetime

    from assistant.messages import ReadMessage
    from assistant.services.application.message_match import CopyKind, MessageMatch
    from assistant.storage.after_export_tables import MessageRow

LineKind = Literal["sent", "marked", "reply", "other"]
MAX_TEXT = 100_000
"""Characters of a message's text that the ledger shows; the message itself is stored whole."""
MAX_SUBJECT, MAX_NAME, MAX_IDS = 300, 200, 50


class AttachmentFacts(TypedDict):
    """A file that was attached, as the ledger stores it; ``application`` is another one whose file it is, or None."""

    name: str
    sha256: str
    size: int
    matches: str | None
    copy: CopyKind | None
    application: str | None


LedgerFacts = TypedDict(
    "LedgerFacts",
    {
        "message_id": str | None,
        "date": str | None,
        "from": str | None,
        "to": list[str],
        "subject": str,
        "attachments": list[AttachmentFacts],
        "text": str,
        "thread": list[str],
        "about": dict[str, str],
        "elsewhere": list[str],
        "real_kind": LineKind,
        "is_note": bool,
    },
    total=False,
)
"""What is stored of a message. A purge leaves all but the last six.

``about`` says by the number of a request what it concerns; ``elsewhere`` are the applications that the message seems to
belong to, while nobody has said where it belongs; ``real_kind`` is its kind then. ``is_note``: a person's word alone.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class LedgerLine:
    """One line of the ledger. ``kind`` is "other" while ``elsewhere`` names applications it seems to belong to."""

    public_id: UUID
    kind: LineKind
    dated_at: datetime | None
    added_at: datetime
    export_id: int | None
    message_id: str | None
    sender: str | None
    to: tuple[str, ...]
    subject: str
    attachments: tuple[AttachmentFacts, ...]
    text: str
    thread: tuple[str, ...]
    about: dict[str, str]
    elsewhere: tuple[UUID, ...]
    is_note: bool
    """Whether a person said so and no message is stored."""
    is_erased: bool
    """Whether the message's text and file were erased with the nominees' data."""

    @property
    def is_sent(self) -> bool:
        """Say whether it is a message to ICE's address, or a note that one was sent."""
        return self.kind in {"sent", "marked"}


def facts_of(message: ReadMessage, match: MessageMatch, application: UUID) -> LedgerFacts:
    """Return what the ledger stores of a message of an application, its attachments with what they are."""
    attachments: list[AttachmentFacts] = [
        {
            "name": item.name[:MAX_NAME],
            "sha256": item.sha256,
            "size": item.size,
            "matches": None,
            "copy": None,
            "application": None,
        }
        for item in message.attachments
    ]
    return {
        "message_id": message.message_id,
        "date": message.date.isoformat() if message.date else None,
        "from": message.sender,
        "to": list(message.to),
        "subject": message.subject[:MAX_SUBJECT],
        "attachments": [attachment_facts(item, match, application) for item in attachments],
        "text": message.text[:MAX_TEXT],
        "thread": list(message.thread[-MAX_IDS:]),
    }


def attachment_facts(item: AttachmentFacts, match: MessageMatch, application: UUID) -> AttachmentFacts:
    """Return an attachment with what it is in an application, or in another one of the agency."""
    file = match.best_file(item["sha256"], application)
    return {
        "name": item["name"],
        "sha256": item["sha256"],
        "size": item["size"],
        "matches": file.name if file else None,
        "copy": file.copy if file else None,
        "application": str(file.application) if file and file.application != application else None,
    }


def stored_facts(row: MessageRow) -> LedgerFacts:
    """Return what is stored of a message, opened."""
    return cast("LedgerFacts", json.loads(row.facts))


def open_line(row: MessageRow) -> LedgerLine:
    """Return a row as a line of the ledger."""
    facts = stored_facts(row)
    return LedgerLine(
        public_id=row.public_id,
        kind=cast("LineKind", row.kind),
        dated_at=row.dated_at,
        added_at=row.added_at,
        export_id=row.export_id,
        message_id=facts.get("message_id"),
        sender=facts.get("from"),
        to=tuple(facts.get("to", [])),
        subject=facts.get("subject", ""),
        attachments=tuple(facts.get("attachments", [])),
        text=facts.get("text", ""),
        thread=tuple(facts.get("thread", [])),
        about=facts.get("about", {}),
        elsewhere=tuple(UUID(text) for text in facts.get("elsewhere", [])),
        is_note=row.kind == "marked" or facts.get("is_note", False),
        is_erased=not {"text", "is_note"} & facts.keys() and row.kind != "marked",
    )
