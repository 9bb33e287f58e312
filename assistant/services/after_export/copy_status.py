"""Where the signed copies of the last export stand: one line for each document, and what to do about it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from assistant.services.after_export.copy_checks import UNSIGNED_CODES
from assistant.services.after_export.copy_store import FAILED, WAITING, list_copies
from assistant.services.after_export.issued_documents import documents_of, last_export
from assistant.storage.tables import ExportRow

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy.orm import Session

    from assistant.services.after_export.copy_store import StoredCopy
    from assistant.services.after_export.issued_documents import IssuedDocument, LastExport
    from assistant.storage.tables import Application

CopyState = Literal["missing", "checking", "out of date", "unsigned", "differs", "look", "looked at"]


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentStatus:
    """A document of the last export and the signed copy of it, from the agency or from ICE."""

    document: IssuedDocument
    state: CopyState
    copy: StoredCopy | None
    waiting: tuple[StoredCopy, ...]
    """Copies of it that are still to be compared."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CopiesStatus:
    """All copies of an application. ``unmatched`` are copies of nothing that is known; ``matching`` still wait."""

    export: LastExport | None
    documents: tuple[DocumentStatus, ...]
    countersigned: tuple[DocumentStatus, ...]
    """The same documents as signed by ICE too."""
    unmatched: tuple[StoredCopy, ...]
    matching: tuple[StoredCopy, ...]

    @property
    def is_checking(self) -> bool:
        """Say whether a copy still waits to be matched or compared."""
        return bool(self.matching) or any(row.waiting for row in (*self.documents, *self.countersigned))

    @property
    def confirmed(self) -> tuple[DocumentStatus, ...]:
        """Return the documents whose copy a person has looked at, page by page."""
        return tuple(row for row in self.documents if row.state == "looked at")


def copies_status(session: Session, application: Application) -> CopiesStatus:
    """Return where the signed copies of an application stand."""
    export = last_export(session, application)
    copies = list_copies(session, application)
    hashes = _issued_hashes(session, copies, export)

    def status(side: str) -> tuple[DocumentStatus, ...]:
        mine = [copy for copy in copies if copy.side == side and copy.document]
        if export is None:
            return ()
        return tuple(_status(document, mine, export, hashes) for document in export.documents)

    names = {document.name for document in export.documents} if export else set()
    return CopiesStatus(
        export=export,
        documents=status("agency"),
        countersigned=status("ice"),
        unmatched=tuple(c for c in copies if c.state == FAILED or (c.document and c.document not in names)),
        matching=tuple(copy for copy in copies if copy.state == WAITING and not copy.document),
    )


def _issued_hashes(
    session: Session, copies: Sequence[StoredCopy], export: LastExport | None
) -> dict[tuple[int, str], str]:
    """Return the hashes of the documents of the earlier exports that copies belong to."""
    earlier = {copy.export_id for copy in copies if copy.export_id} - {export.row.id if export else None}
    hashes = {}
    for export_id in earlier:
        row = session.get(ExportRow, export_id)
        for document in documents_of(row) if row else ():
            hashes[document_key(export_id, document.name)] = document.sha256
    return hashes


def document_key(export_id: int | None, name: str) -> tuple[int, str]:
    """Return what tells a document of one export from that of another."""
    return export_id or 0, name


def _status(
    document: IssuedDocument,
    copies: Sequence[StoredCopy],
    export: LastExport,
    hashes: dict[tuple[int, str], str],
) -> DocumentStatus:
    mine = [copy for copy in copies if copy.document == document.name]
    waiting = tuple(copy for copy in mine if copy.state == WAITING)
    compared = [copy for copy in mine if copy.state not in {WAITING, FAILED}]
    copy = compared[-1] if compared else None
    if copy is None:
        return DocumentStatus(document=document, state="checking" if waiting else "missing", copy=None, waiting=waiting)
    is_older = copy.export_id != export.row.id
    is_out_of_date = is_older and hashes.get(document_key(copy.export_id, document.name)) != document.sha256
    state: CopyState = "out of date" if is_out_of_date else state_of(copy)
    return DocumentStatus(document=document, state=state, copy=copy, waiting=waiting)


def state_of(copy: StoredCopy) -> CopyState:
    """Return the state of a compared copy: what a person confirmed counts for more than what the program thinks."""
    if copy.confirmed_at is not None:
        return "looked at"
    blockers = {row["code"] for row in copy.result.get("findings", ()) if row["severity"] == "blocker"}
    if blockers - UNSIGNED_CODES:
        return "differs"
    return "unsigned" if blockers else "look"
