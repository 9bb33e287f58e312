"""What goes to ICE: the signed copies that a person looked at, the message that carries them, and what is missing.

Nothing is sent here, and nothing is called sent.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from assistant.answers import parse
from assistant.bundle import email_draft
from assistant.editions.catalog import LETTER, all_editions
from assistant.errors import BlockedError
from assistant.program import recipient_address
from assistant.rules import Finding
from assistant.services.after_export.copy_status import copies_status
from assistant.services.after_export.copy_store import data_of, find_copy
from assistant.services.agreements.signed_copies import SOURCE, Copy, divide_into_messages, pack_copies
from assistant.services.application.practice import refuse_practice

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    from sqlalchemy.orm import Session

    from assistant.answers import Answers, Model
    from assistant.editions.catalog import Edition
    from assistant.services.after_export.copy_status import CopiesStatus, CopyState, DocumentStatus
    from assistant.services.after_export.issued_documents import LastExport
    from assistant.storage.tables import Application

WHY_NOT: dict[CopyState, str] = {
    "missing": "Its signed copy is missing. Sign it, scan every page, and add the scan.",
    "checking": "Its signed copy is being compared. Wait until that is done.",
    "out of date": "It was exported again since it was signed. Sign the new one.",
    "unsigned": "No signature or no date was found on its copy.",
    "differs": "Its copy differs from what was exported. Look at those pages.",
    "look": "Nobody has looked at every page of its copy yet.",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class SendingFile:
    """A signed copy as it is attached; ``sha256`` is that of exactly these bytes."""

    title: str
    name: str
    model: Model | None
    pages: int
    size: int
    sha256: str


@dataclass(frozen=True, slots=True, kw_only=True)
class UnsentDocument:
    """A document whose signed copy cannot go yet, and why."""

    title: str
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageDraft:
    """An e-mail draft: its file, and the same as text to copy."""

    name: str
    recipient: str
    subject: str
    body: str
    attached: tuple[str, ...]
    message_bytes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SendingPlan:
    """What would be sent now."""

    files: tuple[SendingFile, ...]
    missing: tuple[UnsentDocument, ...]
    messages: tuple[MessageDraft, ...]
    warning: str
    """What to do about the weight of the messages; "" where it is no matter."""
    too_heavy: str
    """Why there is no message: one copy is too heavy; "" where there is one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SendingPackage:
    """The plan with its bytes: each e-mail draft by its file name, and the ZIP of everything."""

    plan: SendingPlan
    name: str
    data: bytes = field(repr=False)
    messages: Mapping[str, bytes] = field(repr=False)


def plan_sending(session: Session, application: Application) -> SendingPlan | None:
    """Return what would be sent; None where nothing was exported yet."""
    status = copies_status(session, application)
    return None if status.export is None else _plan(status, status.export)


def _plan(status: CopiesStatus, export: LastExport) -> SendingPlan:
    files = tuple(
        SendingFile(
            title=row.document.title,
            name=row.document.signed_name,
            model=row.document.model,
            pages=row.copy.pages,
            size=row.copy.size,
            sha256=row.copy.sha256,
        )
        for row in status.confirmed
        if row.copy
    )
    missing = tuple(
        UnsentDocument(title=row.document.title, why=WHY_NOT[row.state])
        for row in status.documents
        if row.state != "looked at"
    )
    messages: tuple[MessageDraft, ...] = ()
    warning = too_heavy = ""
    if files:
        try:
            messages, warning = _messages(export, files)
        except BlockedError as error:
            too_heavy = str(error)
    return SendingPlan(files=files, missing=missing, messages=messages, warning=warning, too_heavy=too_heavy)


def make_package(session: Session, agency_id: int, application: Application, *, today: date) -> SendingPackage | None:
    """Return the package of the copies that a person looked at; None where there is none.

    Raises:
        BlockedError: one copy is too heavy for a message.
    """
    refuse_practice(application)
    status = copies_status(session, application)
    if status.export is None or not status.confirmed:
        return None
    plan = _plan(status, status.export)
    findings = [
        Finding(code="signed-copy-missing", severity="blocker", where=row.title, message=row.why, source=SOURCE)
        for row in plan.missing
    ]
    package = pack_copies(
        _answers(status.export),
        _copies(session, agency_id, application, status.confirmed),
        findings,
        today=today,
        letter=_letter(status.export),
        names_all=not plan.missing,
    )
    return SendingPackage(plan=plan, name="287g-to-send.zip", data=package.data, messages=package.messages)


def _copies(session: Session, agency_id: int, application: Application, rows: Sequence[DocumentStatus]) -> list[Copy]:
    return [
        Copy(
            name=row.document.signed_name,
            file_name=row.copy.file_name,
            data=data_of(find_copy(session, agency_id, application, row.copy.public_id)),
            pages=row.copy.pages,
            model=row.document.model,
            signed=True if row.copy.result.get("signature") == "present" else None,
        )
        for row in rows
        if row.copy
    ]


def _messages(export: LastExport, files: Sequence[SendingFile]) -> tuple[tuple[MessageDraft, ...], str]:
    """Return the drafts as text, and what to do about their weight.

    Raises:
        BlockedError: one copy is too heavy.
    """
    answers, letter = _answers(export), _letter(export)
    divided = divide_into_messages(files, names_all=False)
    weights = [email_draft.weigh(message.copies) for message in divided]
    drafts = tuple(
        MessageDraft(
            name=message.name,
            recipient=recipient_address(),
            subject=email_draft.subject(answers, part=message.part),
            body=email_draft.body(
                answers,
                attached=True,
                letter=letter,
                models=message.models,
                with_letter=message.with_letter,
                part=message.part,
            ),
            attached=tuple(file.name for file in message.copies),
            message_bytes=weight.message_bytes,
        )
        for message, weight in zip(divided, weights, strict=True)
    )
    is_heavy = len(weights) == 1 and weights[0].verdict == "heavy"
    return drafts, weights[0].advice if is_heavy else ""


def _answers(export: LastExport) -> Answers:
    return parse(export.row.answers, any_text=True)


def _letter(export: LastExport) -> Edition | None:
    """Return the edition of ICE's Letter of Interest that was exported; None where it was the agency's own letter."""
    row = export.row.editions.get(LETTER)
    if not row:
        return None
    return next((edition for edition in all_editions() if edition.name == row["edition"]), None)
