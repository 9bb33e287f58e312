"""What was sent, compared with what ICE asks for: the signed letter and one signed agreement for each model.

Everything is reported in plain words: a wrong recipient, a draft or an unsigned file, a file that this program does not
know, a document that no message carried.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from sqlalchemy import select

from assistant.documents.wording import LETTER_FILE, agreement_file, model_name, models_in_order
from assistant.program import recipient_address
from assistant.services.after_export.issued_documents import documents_to_sign, export_being_signed
from assistant.services.application.message_match import is_of_ice
from assistant.storage.after_export_tables import SignedCopyRow

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from sqlalchemy.orm import Session

    from assistant.services.after_export.ledger_lines import AttachmentFacts, LedgerLine
    from assistant.storage.tables import Application

DocumentState = Literal["sent signed", "marked", "sent unsigned", "not sent"]
STATE_WORDS: dict[DocumentState, str] = {
    "sent signed": "Sent, signed copy",
    "marked": "Marked as sent",
    "sent unsigned": "Sent without a signature",
    "not sent": "Not recorded as sent",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedCopy:
    """A stored signed copy of a document, as far as sending is concerned."""

    sha256: str
    document: str
    size: int
    is_replaced: bool
    is_by_ice: bool
    """Whether ICE has signed it too, so that it is nothing to send."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SentDocument:
    """A document that ICE asks for, and how far it is sent. ``file`` is its name in the bundle."""

    file: str
    title: str
    state: DocumentState
    sent_at: datetime | None
    copy: SignedCopy | None
    """Its latest signed copy that is stored here."""

    @property
    def words(self) -> str:
        """Return the state in words."""
        return STATE_WORDS[self.state]


@dataclass(frozen=True, slots=True, kw_only=True)
class AttachmentCheck:
    """An attachment, what it is in words, and whether it is other than it should be."""

    name: str
    size: int
    words: str
    is_problem: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class LineCheck:
    """What there is to say of one line of the ledger: problems to act on, and each of its attachments."""

    problems: tuple[str, ...]
    attachments: tuple[AttachmentCheck, ...]


def documents_to_send(session: Session, application: Application) -> dict[str, str]:
    """Return the titles of the documents that ICE asks for, by their file names in the bundle.

    The models are those of the export that is being signed; before there is one, those of the answers.
    """
    export = export_being_signed(session, application)
    if export is not None:
        files = documents_to_sign(export)
    else:
        models = models_in_order(application.answers.models)
        files = {LETTER_FILE: None, **{agreement_file(model): model for model in models}}
    return {file: f"MOA, {model_name(model)}" if model else "Letter of Interest" for file, model in files.items()}


def signed_copies(session: Session, application: Application) -> list[SignedCopy]:
    """Return the signed copies of an application, the newest first."""
    query = select(
        SignedCopyRow.sha256,
        SignedCopyRow.document,
        SignedCopyRow.size,
        SignedCopyRow.replaced_at,
        SignedCopyRow.side,
    ).where(SignedCopyRow.application_id == application.id)
    return [
        SignedCopy(
            sha256=row.sha256,
            document=row.document,
            size=row.size,
            is_replaced=row.replaced_at is not None,
            is_by_ice=row.side == "ice",
        )
        for row in session.execute(query.order_by(SignedCopyRow.id.desc()))
    ]


def sent_documents(
    documents: Mapping[str, str], copies: Sequence[SignedCopy], lines: Sequence[LedgerLine]
) -> list[SentDocument]:
    """Return how far each document is sent, over all lines of the ledger: two messages may share the package."""
    return [_sent_document(file, title, copies, lines) for file, title in documents.items()]


def _sent_document(file: str, title: str, copies: Sequence[SignedCopy], lines: Sequence[LedgerLine]) -> SentDocument:
    of_file = [copy for copy in copies if copy.document == file and not copy.is_by_ice]
    hashes = {copy.sha256 for copy in of_file}
    latest = next((copy for copy in of_file if not copy.is_replaced), None)
    state: DocumentState = "not sent"
    sent_at: datetime | None = None
    for line in lines:
        if not line.is_sent:
            continue
        for item in line.attachments:
            new = _state_of(line, item, file, hashes)
            if STATES.index(new) < STATES.index(state):
                state, sent_at = new, line.dated_at
    return SentDocument(file=file, title=title, state=state, sent_at=sent_at, copy=latest)


STATES: tuple[DocumentState, ...] = ("sent signed", "marked", "sent unsigned", "not sent")


def _state_of(line: LedgerLine, item: AttachmentFacts, file: str, hashes: set[str]) -> DocumentState:
    is_own = item["application"] is None and item["matches"] == file
    if line.kind == "marked":
        return "marked" if is_own else "not sent"
    if item["sha256"] in hashes or (is_own and item["copy"] in {"signed", "replaced"}):
        return "sent signed"
    return "sent unsigned" if is_own else "not sent"


def check_line(line: LedgerLine, documents: Mapping[str, str], copies: Sequence[SignedCopy]) -> LineCheck:
    """Return what there is to say of a line: of its recipients, and of each file that was attached."""
    attachments = tuple(_check_attachment(line, item, documents, copies) for item in line.attachments)
    problems = list(_problems_of_recipients(line))
    if line.kind == "sent" and not line.attachments:
        problems.append("Nothing is attached to this message.")
    return LineCheck(problems=tuple(problems), attachments=attachments)


def _problems_of_recipients(line: LedgerLine) -> list[str]:
    if line.kind == "reply" or line.elsewhere or recipient_address().lower() in line.to:
        return []
    if not line.to:
        return ["No address of a recipient could be read, so this does not count as sent. Look in your mail program."]
    wrong = f"This did not go to {recipient_address()}. It went to {', '.join(line.to)}."
    if line.is_note:
        return [
            f"{wrong} It does not count as sent. ICE’s page names {recipient_address()} for the letter and the MOA."
        ]
    if not any(is_of_ice(address) for address in line.to) and not line.attachments:
        return [f"{wrong} It does not count as sent to ICE."]
    return [f"{wrong} It does not count as sent. Send the documents again, to {recipient_address()}."]


def _check_attachment(
    line: LedgerLine, item: AttachmentFacts, documents: Mapping[str, str], copies: Sequence[SignedCopy]
) -> AttachmentCheck:
    words, is_problem = _words_of(line, item, documents, copies)
    return AttachmentCheck(name=item["name"], size=item["size"], words=words, is_problem=is_problem)


def _words_of(
    line: LedgerLine, item: AttachmentFacts, documents: Mapping[str, str], copies: Sequence[SignedCopy]
) -> tuple[str, bool]:
    """Return what an attachment is, and whether that is a problem; copies that were added later count too."""
    copy = next((copy for copy in copies if copy.sha256 == item["sha256"]), None)
    file = copy.document if copy else item["matches"]
    title = documents.get(file or "", file or "a document")
    if line.is_note:
        return title, False
    if copy is not None:
        return _words_of_copy(copy, title)
    if item["application"] is not None:
        return "A file of another application. Look which documents you sent.", True
    if item["copy"] in {"signed", "replaced"}:
        return f"A signed copy of {title} that is no longer stored here.", False
    if item["copy"] == "draft":
        return f"A draft: {title}. Drafts are not to be sent. Send the signed copy.", True
    if item["copy"] == "exported":
        if file in documents:
            return f"{title} as exported, without a signature. ICE asks for the signed copy. Send that.", True
        return f"The exported file {file}. ICE does not ask for it in this message.", False
    if line.kind == "reply":
        return "A file that came with it. If it is the agreement that ICE signed, add it under Signed copies.", False
    return (
        "Neither a signed copy that is stored here nor an exported file. If it is a signed copy, add it under Signed "
        "copies. If it is not, look which file you sent."
    ), True


def _words_of_copy(copy: SignedCopy, title: str) -> tuple[str, bool]:
    if copy.is_by_ice:
        return f"The copy of {title} that ICE signed too. It is stored here.", False
    if copy.is_replaced:
        return f"An earlier signed copy of {title}. You have replaced it since.", True
    return f"The signed copy of {title}.", False
