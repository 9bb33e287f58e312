"""Whose application a saved message concerns, and which of its attachments are signed copies or exported files.

Attachments are compared by hash, first with the signed copies that are stored, then with the files of the exports.
"""

from __future__ import annotations

import email
import email.policy
import hashlib
import io
import json
import re
import zipfile
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal, TypedDict

from sqlalchemy import select

from assistant.messages import ReadMessage, read_message
from assistant.program import recipient_address
from assistant.services.scope import of_agency
from assistant.storage.after_export_tables import MessageRow, SignedCopyRow
from assistant.storage.tables import Application, ExportRow

if TYPE_CHECKING:
    from collections.abc import Iterator
    from uuid import UUID

    from sqlalchemy.orm import Session

MessageKind = Literal["sent", "reply", "other"]
CopyKind = Literal["signed", "replaced", "exported", "draft"]
"""A signed copy, one that another copy replaced, a file as it was exported, a file of an exported draft."""
COPY_ORDER: tuple[CopyKind, ...] = ("signed", "replaced", "exported", "draft")
MAX_EXPORTS = 100
"""How many exports are searched, the last ones first: each is a file that has to be unsealed."""
MAX_MESSAGES = 500
"""How many stored messages are searched for a thread, the last ones first."""
MESSAGE_FILE = "email.eml"
ICE_DOMAINS = ("ice.dhs.gov", "dhs.gov", "ice.gov")
BEFORE_SUBJECT = re.compile(r"^(?:\s*(?:re|fw|fwd|aw|external|draft)\s*[:–-]|\s*\[[^\]]{1,20}\])\s*", re.IGNORECASE)


class AttachmentDocument(TypedDict):
    """An attachment as a JSON object; ``matches`` is the exported file with these bytes, or that was signed."""

    name: str
    sha256: str
    matches: str | None
    copy: CopyKind | None


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
        "draft": bool,
    },
)
"""A message as ``moa message read --json`` prints it; ``application`` is an id, dates are ISO.

``kind`` goes by the addresses alone; ``draft`` says that the message was never sent.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class FileMatch:
    """A file of an application that has the bytes of an attachment; ``name`` is that of the exported file."""

    application: UUID
    name: str
    copy: CopyKind
    export_id: int | None


@dataclass(slots=True, kw_only=True)
class MessageMatch:
    """What ties a message to applications: its attachments, the messages it answers, its subject."""

    files: dict[str, list[FileMatch]] = field(default_factory=dict)
    """By hash of the attachment."""
    by_file: set[UUID] = field(default_factory=set)
    by_thread: set[UUID] = field(default_factory=set)
    by_subject: set[UUID] = field(default_factory=set)

    @property
    def applications(self) -> set[UUID]:
        """Return the applications that it fits by the surest of the three that tells anything."""
        return self.by_file or self.by_thread or self.by_subject

    def best_file(self, digest: str, application: UUID | None = None) -> FileMatch | None:
        """Return what an attachment is, in this application where it is a file of it; None where it is no file here."""
        matches = self.files.get(digest, [])
        return min(matches, key=lambda one: (one.application != application, COPY_ORDER.index(one.copy)), default=None)


def read_and_match(session: Session, agency_id: int, data: bytes) -> MessageDocument:
    """Return a saved message, with the application it concerns where exactly one fits.

    Raises:
        InputError: it is no message.
    """
    message = read_message(data)
    match = match_message(session, agency_id, message)
    attachments: list[AttachmentDocument] = []
    for item in message.attachments:
        file = match.best_file(item.sha256)
        attachments.append(
            {
                "name": item.name,
                "sha256": item.sha256,
                "matches": (file.name or None) if file else None,
                "copy": file.copy if file else None,
            }
        )
    return {
        "kind": kind_of(message),
        "message_id": message.message_id,
        "date": message.date.isoformat() if message.date else None,
        "from": message.sender,
        "to": list(message.to),
        "subject": message.subject,
        "attachments": attachments,
        "application": str(next(iter(match.applications))) if len(match.applications) == 1 else None,
        "draft": message.is_draft,
    }


def match_message(session: Session, agency_id: int, message: ReadMessage) -> MessageMatch:
    """Return which applications of an agency a message concerns, and which of their files are attached to it."""
    match = MessageMatch()
    hashes = {item.sha256 for item in message.attachments}
    subject = strip_prefixes(message.subject)
    for digest, copy in _signed_copies(session, agency_id, hashes):
        match.files.setdefault(digest, []).append(copy)
    for application, export, names, export_subject in _exported_files(session, agency_id, with_files=bool(hashes)):
        for digest in hashes & names.keys():
            copy_kind: CopyKind = "draft" if export.draft else "exported"
            match.files.setdefault(digest, []).append(
                FileMatch(application=application, name=names[digest], copy=copy_kind, export_id=export.id)
            )
        match.by_subject |= {application} if subject and export_subject == subject else set()
    match.by_file = {file.application for files in match.files.values() for file in files}
    ids = {message.message_id, *message.thread} - {None}
    for application, stored_ids, stored_subject in _stored_messages(session, agency_id):
        match.by_thread |= {application} if ids & stored_ids else set()
        match.by_subject |= {application} if subject and stored_subject == subject else set()
    return match


def kind_of(message: ReadMessage) -> MessageKind:
    """Return "sent" for a message to ICE's address, "reply" for one from ICE, "other" for the rest and for drafts."""
    if message.is_draft:
        return "other"
    if is_of_ice(message.sender or ""):
        return "reply"
    return "sent" if recipient_address().lower() in message.to else "other"


def is_of_ice(address: str) -> bool:
    """Say whether an address is one of ICE or DHS, as far as its domain tells."""
    domain = address.lower().rpartition("@")[2]
    return any(domain == known_domain or domain.endswith(f".{known_domain}") for known_domain in ICE_DOMAINS)


def strip_prefixes(subject: str) -> str:
    """Return a subject without "Re:", "Fwd:", "[EXTERNAL]" and the like before it."""
    while match := BEFORE_SUBJECT.match(subject):
        subject = subject[match.end() :]
    return " ".join(subject.split()).casefold()


def _signed_copies(session: Session, agency_id: int, hashes: set[str]) -> Iterator[tuple[str, FileMatch]]:
    """Yield the stored signed copies with these hashes."""
    columns = select(
        SignedCopyRow.sha256,
        SignedCopyRow.document,
        SignedCopyRow.export_id,
        SignedCopyRow.replaced_at,
        Application.public_id,
    ).join(Application, Application.id == SignedCopyRow.application_id)
    query = of_agency(columns, agency_id).where(SignedCopyRow.sha256.in_(sorted(hashes)))
    for row in session.execute(query.order_by(SignedCopyRow.id.desc())) if hashes else ():
        copy: CopyKind = "replaced" if row.replaced_at else "signed"
        yield (
            row.sha256,
            FileMatch(application=row.public_id, name=row.document, copy=copy, export_id=row.export_id),
        )


def _exported_files(
    session: Session, agency_id: int, *, with_files: bool
) -> Iterator[tuple[UUID, ExportRow, dict[str, str], str]]:
    """Yield for each export its application's id, itself, its files by hash, and the bare subject of its message.

    Without files only that of the message is read.
    """
    query = of_agency(select(ExportRow, Application.public_id).join(Application), agency_id)
    rows = session.execute(query.order_by(ExportRow.id.desc()).limit(MAX_EXPORTS)).all()
    for export, public_id in rows:
        data = export.bundle
        if data is None:
            continue
        with zipfile.ZipFile(io.BytesIO(data)) as bundle:
            paths = {name.rpartition("/")[2]: name for name in bundle.namelist()}
            needed = paths if with_files else {name: paths[name] for name in (MESSAGE_FILE,) if name in paths}
            contents = {name: bundle.read(path) for name, path in needed.items()}
        names = {hashlib.sha256(content).hexdigest(): name for name, content in contents.items()}
        draft = email.message_from_bytes(contents.get(MESSAGE_FILE, b""), policy=email.policy.default)
        yield public_id, export, names, strip_prefixes(str(draft["Subject"] or ""))


def _stored_messages(session: Session, agency_id: int) -> Iterator[tuple[UUID, set[str], str]]:
    """Yield for each stored message its application's id, its ids and those it answers, and its bare subject."""
    joined = select(MessageRow, Application.public_id).join(Application, Application.id == MessageRow.application_id)
    query = of_agency(joined, agency_id).order_by(MessageRow.id.desc()).limit(MAX_MESSAGES)
    for row, public_id in session.execute(query):
        facts = json.loads(row.facts)
        if facts.get("elsewhere"):
            continue
        ids = {facts.get("message_id"), *facts.get("thread", [])} - {None}
        yield public_id, ids, strip_prefixes(facts.get("subject") or "")
