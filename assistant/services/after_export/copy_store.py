"""Signed copies as they are stored: added, matched, checked, confirmed by a person, replaced, removed.

What a person does goes into the history of the application; what the check finds does not.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, cast
from uuid import uuid4

from sqlalchemy import select

from assistant.errors import InputError, NotFoundError
from assistant.services.application.history import record
from assistant.services.application.practice import refuse_practice
from assistant.services.application.saving import lock
from assistant.services.scope import NO_COPY, find_signed_copy
from assistant.storage.after_export_tables import SignedCopyRow

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime
    from uuid import UUID

    from sqlalchemy.orm import Session

    from assistant.services.after_export.copy_checks import CopyResult, SigningSide
    from assistant.services.after_export.copy_files import CopyFile
    from assistant.services.after_export.copy_joining import JoinedCopy
    from assistant.storage.tables import Application

ONLY_A_PART = (
    "This file lacks pages that the copy here has, and one of the two is signed digitally, so they were not joined. "
    "Add a file that has all pages."
)
WAITING, CHECKED_STATE, FAILED = "waiting", "checked", "failed"
SECTION = "signed copies"


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredCopy:
    """A signed copy without its bytes. ``document`` is "" where it is not known what it is a copy of."""

    public_id: UUID
    export_id: int | None
    document: str
    side: SigningSide
    state: str
    file_name: str
    size: int
    pages: int
    sha256: str
    confirmed_pages: frozenset[int]
    added_at: datetime
    checked_at: datetime | None
    confirmed_at: datetime | None
    replaced_at: datetime | None
    result: CopyResult = field(repr=False)

    @property
    def pages_to_confirm(self) -> tuple[int, ...]:
        """Return the pages that a person has to look at: of the issued document, or of the copy alone."""
        if self.result.get("is_compared", True) is False:
            return tuple(range(1, self.pages + 1))
        return tuple(page["page"] for page in self.result.get("pages", ()) if page["page"] is not None)

    @property
    def missing_pages(self) -> tuple[int, ...]:
        """Return the pages of the issued document that are not in the copy."""
        return _missing_pages(self.result)

    @property
    def pages_to_look_at(self) -> tuple[int, ...]:
        """Return the pages that nobody has confirmed yet."""
        return tuple(page for page in self.pages_to_confirm if page not in self.confirmed_pages)


def _missing_pages(result: CopyResult) -> tuple[int, ...]:
    rows = result.get("pages", ())
    return tuple(page["page"] for page in rows if page["page"] is not None and page["verdict"] == "missing")


def describe_copy(row: SignedCopyRow) -> StoredCopy:
    """Return a stored copy without its bytes."""
    return StoredCopy(
        public_id=row.public_id,
        export_id=row.export_id,
        document=row.document,
        side=cast("SigningSide", row.side),
        state=row.state,
        file_name=row.file_name,
        size=row.size,
        pages=row.pages,
        sha256=row.sha256,
        confirmed_pages=frozenset(row.confirmed_pages),
        added_at=row.added_at,
        checked_at=row.checked_at,
        confirmed_at=row.confirmed_at,
        replaced_at=row.replaced_at,
        result=cast("CopyResult", json.loads(row.result)),
    )


def add_copies(
    session: Session, application: Application, files: Sequence[CopyFile], *, side: SigningSide, now: datetime
) -> list[SignedCopyRow]:
    """Store files whose document is not known yet; they wait to be matched and compared."""
    refuse_practice(application)
    lock(session, application)
    rows = [_add(session, application, file, side=side, now=now) for file in files]
    hashes = [row.sha256 for row in rows]
    record(session, application, "signed copies added", section=SECTION, now=now, facts={"sha256": hashes})
    session.flush()
    return rows


def _add(
    session: Session,
    application: Application,
    file: CopyFile,
    *,
    side: SigningSide,
    now: datetime,
) -> SignedCopyRow:
    row = SignedCopyRow(
        public_id=uuid4(),
        application_id=application.id,
        export_id=None,
        document="",
        side=side,
        state=WAITING,
        sha256=hashlib.sha256(file.data).hexdigest(),
        size=len(file.data),
        pages=file.pages,
        confirmed_pages=[],
        added_at=now,
    )
    session.add(row)
    with session.no_autoflush:
        row.file_name = file.name
        row.result = json.dumps({"names": list(file.names)} if file.names else {}, ensure_ascii=False)
        row.data = file.data
    return row


def list_copies(session: Session, application: Application) -> list[StoredCopy]:
    """Return the copies that nothing replaced, oldest first."""
    query = select(SignedCopyRow).where(
        SignedCopyRow.application_id == application.id, SignedCopyRow.replaced_at.is_(None)
    )
    return [describe_copy(row) for row in session.scalars(query.order_by(SignedCopyRow.id))]


def find_copy(session: Session, agency_id: int, application: Application, public_id: UUID) -> SignedCopyRow:
    """Return a copy of this application.

    Raises:
        NotFoundError: there is none of that id, or it belongs to another application.
    """
    row = find_signed_copy(session, agency_id, public_id)
    if row.application_id != application.id:
        raise NotFoundError(NO_COPY)
    return row


def data_of(row: SignedCopyRow) -> bytes:
    """Return the file of a copy.

    Raises:
        NotFoundError: it was erased.
    """
    if row.data is None:
        raise NotFoundError("The file of this copy was erased. Add it again.")
    return row.data


def assign_document(
    session: Session, application: Application, row: SignedCopyRow, *, export_id: int, document: str, now: datetime
) -> None:
    """Note which document a person says a copy is of; it waits to be compared with it."""
    lock(session, application)
    result = _result_of(row)
    first_result: CopyResult = {"is_chosen": True}
    if "names" in result:
        first_result["names"] = result["names"]
    row.export_id, row.document = export_id, document
    row.state, row.checked_at, row.confirmed_pages, row.confirmed_at = WAITING, None, [], None
    _store_result(row, first_result)
    facts: dict[str, object] = {"copy": row.public_id.hex, "document": document}
    record(session, application, "signed copy matched", section=SECTION, now=now, facts=facts)
    session.flush()


def replace_others(session: Session, row: SignedCopyRow, *, now: datetime) -> None:
    """Mark every other copy of the same document and side that was compared as replaced by this one."""
    for other in earlier_copies(session, row):
        other.replaced_at = now


def earlier_copies(session: Session, row: SignedCopyRow) -> list[SignedCopyRow]:
    """Return the copies of the same document and side that came before and still count."""
    others = select(SignedCopyRow).where(
        SignedCopyRow.application_id == row.application_id,
        SignedCopyRow.document == row.document,
        SignedCopyRow.side == row.side,
        SignedCopyRow.id < row.id,
        SignedCopyRow.replaced_at.is_(None),
    )
    return list(session.scalars(others))


def _is_only_a_part(session: Session, row: SignedCopyRow, result: CopyResult) -> bool:
    """Say whether a copy lacks pages, and an earlier one that has more of them is there."""
    return bool(_missing_pages(result)) and any(other.pages > row.pages for other in earlier_copies(session, row))


def store_joined(
    session: Session, application: Application, row: SignedCopyRow, joined: JoinedCopy, *, now: datetime
) -> None:
    """Put a joined copy in the place of a scan of some pages; its comparison is stored afterwards.

    Pages that a person has looked at in the earlier copy need not be looked at again.
    """
    file = joined.file
    row.data, row.sha256 = file.data, hashlib.sha256(file.data).hexdigest()
    row.size, row.pages, row.file_name = len(file.data), file.pages, file.name
    row.confirmed_pages, row.confirmed_at = sorted(joined.confirmed_pages), None
    result = _result_of(row)
    _store_result(row, {**result, "names": list(file.names), "notes": [joined.note]})
    facts: dict[str, object] = {"copy": row.public_id.hex, "from": joined.earlier_id.hex, "sha256": row.sha256}
    record(session, application, "signed copies joined", section=SECTION, now=now, facts=facts)


def divide_copy(
    session: Session,
    application: Application,
    row: SignedCopyRow,
    parts: Iterable[tuple[CopyFile, str, Sequence[str]]],
    *,
    export_id: int,
) -> list[SignedCopyRow]:
    """Put copies in place of one that held several: (file, its document or "", sentences about its making)."""
    new_rows = []
    for file, document, notes in parts:
        part = _add(session, application, file, side=cast("SigningSide", row.side), now=row.added_at)
        if document:
            part.export_id, part.document = export_id, document
        if notes:
            _store_result(part, {**_result_of(part), "notes": list(notes)})
        new_rows.append(part)
    session.delete(row)
    session.flush()
    return new_rows


def store_check(session: Session, row: SignedCopyRow, result: CopyResult, *, now: datetime) -> None:
    """Store what the check of a copy says; or the sentence why there is none, and then it is a copy of nothing known.

    Only a copy that could be compared takes the place of an earlier one, and none that lacks pages which that one has.
    """
    if "error" not in result and _is_only_a_part(session, row, result):
        result = {"error": ONLY_A_PART}
    before = _result_of(row)
    for name in ("names", "notes", "is_chosen"):
        if name in before and name not in result:
            result[name] = before[name]
    row.state = FAILED if "error" in result else CHECKED_STATE
    row.checked_at = now
    if row.state == FAILED:
        row.document, row.export_id = "", None
    else:
        replace_others(session, row, now=now)
    _store_result(row, result)
    session.flush()


def confirm_pages(
    session: Session, application: Application, row: SignedCopyRow, pages: Iterable[int], *, now: datetime
) -> None:
    """Note that a person looked at pages and found them right.

    Raises:
        InputError: the copy was not compared yet, or one of the pages is not in it.
    """
    lock(session, application)
    copy = describe_copy(row)
    wanted_pages = set(pages)
    if copy.state != CHECKED_STATE:
        raise InputError("This copy is not compared yet. Wait until it is, then confirm its pages.")
    if not wanted_pages <= set(copy.pages_to_confirm) or wanted_pages & set(copy.missing_pages):
        raise InputError("This page is not in the copy. Scan it, and add the scan: it is put into the copy.")
    confirmed = sorted(copy.confirmed_pages | wanted_pages)
    row.confirmed_pages = confirmed
    if set(confirmed) == set(copy.pages_to_confirm) and row.confirmed_at is None:
        row.confirmed_at = now
    facts: dict[str, object] = {"copy": row.public_id.hex, "pages": sorted(wanted_pages)}
    record(session, application, "signed pages confirmed", section=SECTION, now=now, facts=facts)
    session.flush()


def withdraw_confirmation(
    session: Session, application: Application, row: SignedCopyRow, page: int, *, now: datetime
) -> None:
    """Take back that a page was found right."""
    lock(session, application)
    row.confirmed_pages = [number for number in row.confirmed_pages if number != page]
    row.confirmed_at = None
    facts: dict[str, object] = {"copy": row.public_id.hex, "pages": [page]}
    record(session, application, "confirmation withdrawn", section=SECTION, now=now, facts=facts)
    session.flush()


def remove_copy(session: Session, application: Application, row: SignedCopyRow, *, now: datetime) -> None:
    """Remove a copy for good; one that it replaced does not come back."""
    lock(session, application)
    facts: dict[str, object] = {"copy": row.public_id.hex, "sha256": row.sha256}
    record(session, application, "signed copy removed", section=SECTION, now=now, facts=facts)
    session.delete(row)
    session.flush()


def _result_of(row: SignedCopyRow) -> CopyResult:
    return cast("CopyResult", json.loads(row.result))


def _store_result(row: SignedCopyRow, result: CopyResult) -> None:
    row.result = json.dumps(result, ensure_ascii=False)
