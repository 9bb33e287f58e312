"""Whose application a saved message concerns, and which of its attachments are the files that were exported."""

from __future__ import annotations

import email
import email.policy
import hashlib
import io
import re
import zipfile
from typing import TYPE_CHECKING, Literal, TypedDict

from sqlalchemy import select

from assistant.messages import ReadMessage, read_message
from assistant.program import RECIPIENT
from assistant.services.scope import of_agency
from assistant.storage.tables import Application, ExportRow

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy.orm import Session

MessageKind = Literal["sent", "reply", "other"]
MAX_EXPORTS = 100
"""How many exports are searched, the last ones first: each is a file that has to be unsealed."""
MESSAGE_FILE = "email.eml"
ICE_DOMAINS = ("ice.dhs.gov", "dhs.gov", "ice.gov")
BEFORE_SUBJECT = re.compile(r"^(?:\s*(?:re|fw|fwd|aw|external|draft)\s*[:–-]|\s*\[[^\]]{1,20}\])\s*", re.IGNORECASE)


class AttachmentDocument(TypedDict):
    """An attachment as a JSON object; ``matches`` is the file of an export with the same bytes."""

    name: str
    sha256: str
    matches: str | None


MessageDocument = TypedDict(
    "MessageDocument",
    {
        "kind": MessageKind,
        "message_id": str | None,
        "date": str | None,
        "from": str | None,
        "to": list[str],
        "subject": str,
        "attachments": list[AttachmentDocument],
        "application": str | None,
    },
)
"""A message as ``moa message read --json`` prints it; ``application`` is an id, dates are ISO."""


def read_and_match(session: Session, agency_id: int, data: bytes) -> MessageDocument:
    """Return a saved message, with the application it concerns where exactly one fits.

    Raises:
        InputError: it is no message.
    """
    message = read_message(data)
    files: dict[str, str] = {}
    by_file: set[str] = set()
    by_subject: set[str] = set()
    hashes = {item.sha256 for item in message.attachments}
    bare_subject = strip_prefixes(message.subject)
    for application, names, subject in _exported_files(session, agency_id):
        common = {digest: names[digest] for digest in hashes & names.keys()}
        files = common | files
        by_file |= {application} if common else set()
        by_subject |= {application} if bare_subject and subject == bare_subject else set()
    fitting = by_file or by_subject
    return {
        "kind": kind_of(message),
        "message_id": message.message_id,
        "date": message.date.isoformat() if message.date else None,
        "from": message.sender,
        "to": list(message.to),
        "subject": message.subject,
        "attachments": [
            {"name": item.name, "sha256": item.sha256, "matches": files.get(item.sha256)}
            for item in message.attachments
        ],
        "application": next(iter(fitting)) if len(fitting) == 1 else None,
    }


def kind_of(message: ReadMessage) -> MessageKind:
    """Return "sent" for a message to ICE's address, "reply" for one from ICE, "other" for the rest."""
    domain = (message.sender or "").rpartition("@")[2]
    if any(domain == known_domain or domain.endswith(f".{known_domain}") for known_domain in ICE_DOMAINS):
        return "reply"
    return "sent" if RECIPIENT.lower() in message.to else "other"


def strip_prefixes(subject: str) -> str:
    """Return a subject without "Re:", "Fwd:", "[EXTERNAL]" and the like before it."""
    while match := BEFORE_SUBJECT.match(subject):
        subject = subject[match.end() :]
    return " ".join(subject.split()).casefold()


def _exported_files(session: Session, agency_id: int) -> Iterator[tuple[str, dict[str, str], str]]:
    """Yield for each export its application's id, its files by hash, and the bare subject of its message."""
    query = of_agency(select(ExportRow, Application.public_id).join(Application), agency_id)
    rows = session.execute(query.order_by(ExportRow.id.desc()).limit(MAX_EXPORTS)).all()
    for export, public_id in rows:
        data = export.bundle
        if data is None:
            continue
        with zipfile.ZipFile(io.BytesIO(data)) as bundle:
            contents = {name.rpartition("/")[2]: bundle.read(name) for name in bundle.namelist()}
        names = {hashlib.sha256(content).hexdigest(): name for name, content in contents.items()}
        draft = email.message_from_bytes(contents.get(MESSAGE_FILE, b""), policy=email.policy.default)
        yield str(public_id), names, strip_prefixes(str(draft["Subject"] or ""))
