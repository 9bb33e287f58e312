"""The long work on signed copies, one piece at a time: what waits, what a piece of work says, and storing that.

Each function takes a session of its own short transaction; nothing is read or drawn while one is open.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, cast

from sqlalchemy import select

from assistant.errors import NotFoundError
from assistant.services.after_export.copy_checks import NOT_ISSUED_HERE, CopyResult, check_copy
from assistant.services.after_export.copy_files import CopyFile, assemble, name_together
from assistant.services.after_export.copy_joining import EarlierCopy, JoinedCopy, join_copies
from assistant.services.after_export.copy_matching import (
    DIGITAL_SIGNATURE,
    CopyPart,
    divide_pages,
    find_pages,
    find_sheet,
)
from assistant.services.after_export.copy_store import (
    CHECKED_STATE,
    WAITING,
    describe_copy,
    divide_copy,
    earlier_copies,
    find_copy,
    store_check,
    store_joined,
)
from assistant.services.after_export.issued_documents import documents_of, last_export
from assistant.services.application.applications import get
from assistant.services.application.export_log import reference_of
from assistant.services.application.saving import lock
from assistant.storage.after_export_tables import SignedCopyRow
from assistant.storage.tables import ExportRow

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import date, datetime
    from uuid import UUID

    from sqlalchemy.orm import Session

    from assistant.services.after_export.copy_checks import SigningSide
    from assistant.services.after_export.issued_documents import IssuedDocument

NO_EXPORT = "There is no export to compare this copy with. Export the bundle, then add the copy again."
EXPORT_GONE = "The document that this copy is of can no longer be read, because its export was erased. Export again."


@dataclass(frozen=True, slots=True, kw_only=True)
class CopyWork:
    """A copy that waits, and what it is to be compared with. ``document`` is "" where it is to be matched first."""

    copy_id: UUID
    document: str
    side: SigningSide
    is_chosen: bool
    names: tuple[str, ...]
    file_name: str
    data: bytes = field(repr=False)
    export_id: int | None
    reference: str
    """The short name of the export, as the signing-day sheet has it; "" without an export."""
    documents: tuple[IssuedDocument, ...] = field(repr=False)
    earlier: EarlierCopy | None = None
    """The copy of this document that is there, into which pages can be put."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkDone:
    """What a piece of work says: ``parts`` of a copy that was matched, or the ``result`` of a check or a refusal.

    Where ``joined`` is there, the result is that of the joined copy.
    """

    parts: tuple[tuple[CopyFile | None, CopyPart, tuple[str, ...]], ...] = ()
    """A file made of some of its pages, None for the whole copy as it is; what it is; sentences about its making."""
    result: CopyResult | None = None
    joined: JoinedCopy | None = None


def next_work(session: Session, agency_id: int, application_id: UUID) -> CopyWork | None:
    """Return the oldest copy that waits; None where none does, or the application is gone."""
    try:
        application = get(session, agency_id, application_id)
    except NotFoundError:
        return None
    query = select(SignedCopyRow).where(
        SignedCopyRow.application_id == application.id,
        SignedCopyRow.state == WAITING,
        SignedCopyRow.replaced_at.is_(None),
    )
    row = session.scalars(query.order_by(SignedCopyRow.id).limit(1)).one_or_none()
    if row is None:
        return None
    export = session.get(ExportRow, row.export_id) if row.export_id else None
    if export is None and (last := last_export(session, application)):
        export = last.row
    result = describe_copy(row).result
    return CopyWork(
        copy_id=row.public_id,
        document=row.document,
        side=cast("SigningSide", row.side),
        is_chosen=bool(result.get("is_chosen")),
        names=tuple(result.get("names", ())),
        file_name=row.file_name,
        data=row.data or b"",
        export_id=export.id if export else None,
        reference=reference_of(export.public_id) if export else "",
        documents=documents_of(export) if export else (),
        earlier=_find_earlier(session, row),
    )


def _find_earlier(session: Session, row: SignedCopyRow) -> EarlierCopy | None:
    """Return the newest copy of the same document of the same export that was compared and that nothing replaced."""
    if not row.document:
        return None
    for other in reversed(earlier_copies(session, row)):
        copy = describe_copy(other)
        if copy.state == CHECKED_STATE and other.export_id == row.export_id and other.data:
            return EarlierCopy(
                copy_id=copy.public_id,
                file_name=copy.file_name,
                data=other.data,
                names=tuple(copy.result.get("names", ())),
                rows=tuple(copy.result.get("pages", ())),
                confirmed_pages=copy.confirmed_pages,
            )
    return None


def do_work(work: CopyWork, *, today: date, on_progress: Callable[[int, int], None] | None = None) -> WorkDone:
    """Return what matching or checking a copy says; it takes seconds.

    Raises:
        PdfError: the copy cannot be read.
        InputError: what compares pictures of pages is not installed.
        BusyError: this computer has no time for it now.
    """
    if not work.documents:
        return WorkDone(result={"error": EXPORT_GONE if work.export_id else NO_EXPORT})
    if not work.document:
        return _match(work)
    document = next((one for one in work.documents if one.name == work.document), None)
    if document is None:
        return WorkDone(result={"error": EXPORT_GONE})

    def check(data: bytes, *, is_chosen: bool) -> CopyResult:
        return check_copy(data, document, side=work.side, today=today, is_chosen=is_chosen, on_progress=on_progress)

    result = check(work.data, is_chosen=work.is_chosen)
    if work.earlier and "error" not in result:
        rows = result.get("pages", ())
        joined = join_copies(work.earlier, work.data, rows, file_name=work.file_name, names=work.names)
        if joined:
            return WorkDone(result=check(joined.file.data, is_chosen=True), joined=joined)
    return WorkDone(result=result)


def _match(work: CopyWork) -> WorkDone:
    sightings = find_pages(work.data, work.documents)
    issued = {d.name: _count_pages(d) for d in work.documents if d.data is not None}
    parts = divide_pages(sightings, issued, of_pictures=bool(work.names), whole=DIGITAL_SIGNATURE in work.data)
    whole = tuple(range(1, len(sightings) + 1))
    if len(parts) == 1 and parts[0].pages == whole:
        return WorkDone(parts=((None, parts[0], ()),))
    sheet_pages, references = find_sheet(sightings)
    notes = _describe_sheet(work, sheet_pages, references)
    several = len(parts) > 1
    return WorkDone(
        parts=tuple((_cut(work, part), part, (*_notes(work, part, several=several), *notes)) for part in parts)
    )


def _describe_sheet(work: CopyWork, pages: Sequence[int], references: frozenset[str]) -> tuple[str, ...]:
    """Return sentences about the signing-day sheet in a file: it is left out, and whether it is this export's."""
    if not pages:
        return ()
    numbers = ", ".join(map(str, pages))
    word, verb = ("Page", "was") if len(pages) == 1 else ("Pages", "were")
    bundles = ", ".join(sorted(references))
    sentences = [f"{word} {numbers} of {work.file_name} {verb} left out: the signing-day sheet of bundle {bundles}."]
    if work.reference not in references:
        sentences.append(
            f"The copy is compared with bundle {work.reference}, so look at whether the right print was signed."
        )
    return tuple(sentences)


def _count_pages(document: IssuedDocument) -> int:
    from assistant.pdf.viewer.render import page_count  # noqa: PLC0415 - a page that only lists copies loads no pdfium

    return page_count(document.data or b"")


def _cut(work: CopyWork, part: CopyPart) -> CopyFile:
    data = assemble([work.data], [(0, page) for page in part.pages])
    if not work.names:
        return CopyFile(name=work.file_name, data=data, pages=len(part.pages))
    names = tuple(work.names[page - 1] for page in part.pages)
    return CopyFile(name=name_together(names), data=data, pages=len(names), names=names)


def _notes(work: CopyWork, part: CopyPart, *, several: bool) -> tuple[str, ...]:
    """Return sentences about how a copy was put together; ``several``: the file held more than one document."""
    if not work.names and not several:
        return ()
    if not work.names:
        pages = ", ".join(map(str, part.pages))
        return (f"These are the pages {pages} of the file {work.file_name}, which held several documents.",)
    if not part.by_name:
        return ()
    placed = ", ".join(f"page {part.pages.index(page) + 1} ({work.names[page - 1]})" for page in part.by_name)
    if len(part.by_name) == 1:
        return (f"The program could not see which page this is, so it stands by its file name: {placed}.",)
    return (f"The program could not see which pages these are, so they stand by file name: {placed}.",)


def store_work(
    session: Session, agency_id: int, application_id: UUID, work: CopyWork, outcome: WorkDone, *, now: datetime
) -> None:
    """Store what a piece of work says; a copy that was removed or changed meanwhile is left as it is."""
    try:
        application = get(session, agency_id, application_id)
        lock(session, application)
        row = find_copy(session, agency_id, application, work.copy_id)
    except NotFoundError:
        return
    if row.state != WAITING or row.document != work.document or row.replaced_at is not None:
        return
    if outcome.result is not None:
        if outcome.joined:
            if outcome.joined.earlier_id not in {other.public_id for other in earlier_copies(session, row)}:
                # That copy was removed or replaced meanwhile, so this one is compared once more.
                return
            store_joined(session, application, row, outcome.joined, now=now)
        store_check(session, row, outcome.result, now=now)
        return
    if work.export_id is None:
        return
    if len(outcome.parts) == 1 and outcome.parts[0][0] is None:
        _settle(session, row, outcome.parts[0][1].document, work.export_id, now)
        return
    rows = divide_copy(
        session,
        application,
        row,
        [(file or _whole(work), part.document, notes) for file, part, notes in outcome.parts],
        export_id=work.export_id,
    )
    for new_copy in rows:
        if not new_copy.document:
            store_check(session, new_copy, {"error": NOT_ISSUED_HERE}, now=now)


def _whole(work: CopyWork) -> CopyFile:
    return CopyFile(name=work.file_name, data=work.data, pages=len(work.names), names=work.names)


def _settle(session: Session, row: SignedCopyRow, document: str, export_id: int, now: datetime) -> None:
    if document:
        row.export_id, row.document = export_id, document
    else:
        store_check(session, row, {"error": NOT_ISSUED_HERE}, now=now)
    session.flush()
