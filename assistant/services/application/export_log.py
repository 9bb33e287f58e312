"""What was exported: the ZIP of each bundle, and a snapshot of what it was made from.

The ZIP stays as it was whatever happens to forms, editions and lists, since people sign what is in it. It goes with
its application, and a purge removes it where it names nominees.
"""

from __future__ import annotations

import json
import zipfile
from dataclasses import dataclass
from io import BytesIO
from typing import TYPE_CHECKING
from uuid import UUID, uuid4

from sqlalchemy import select

from assistant.answers import dump
from assistant.editions.catalog import LETTER
from assistant.services.application.history import record
from assistant.services.application.practice import refuse_practice
from assistant.services.application.saving import lock
from assistant.services.scope import find_export
from assistant.storage.tables import ExportRow, actor_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from sqlalchemy.orm import Session

    from assistant.editions.library import FormOnHand
    from assistant.services.application.make_bundle import MadeBundle
    from assistant.storage.tables import Application


@dataclass(frozen=True, slots=True, kw_only=True)
class Exported:
    """One line of the list of exports."""

    public_id: UUID
    version: int
    draft: bool
    who: str
    made_at: datetime
    sha256: str
    size: int
    purged_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredBundle:
    """The ZIP of an export as it was recorded, and the file name to save it under."""

    name: str
    data: bytes


def record_once(session: Session, application: Application, bundle: MadeBundle, *, now: datetime) -> UUID:
    """Return the id of the export of this bundle: the last one where it is the very same, else a new one.

    Call it when the bundle is made, so that the database waits for no document.
    """
    lock(session, application)
    latest = next(iter(exports_of(session, application)), None)
    if latest is not None and latest.sha256 == bundle.sha256 and latest.purged_at is None:
        _store_missing_bundle(session, latest.public_id, bundle)
        return latest.public_id
    return record_export(session, application, bundle, now=now).public_id


def record_export(session: Session, application: Application, bundle: MadeBundle, *, now: datetime) -> ExportRow:
    """Return the snapshot of a bundle, stored with its ZIP in the caller's transaction: both or neither.

    ``version`` is the one that was exported: the application's, where its answers are still those of the bundle,
    else 0, since someone saved meanwhile.

    Raises:
        PracticeError: the application is for practice, and this is no draft.
    """
    lock(session, application)
    if not bundle.draft:
        refuse_practice(application)
    export = ExportRow(
        public_id=uuid4(),
        application_id=application.id,
        version=application.version if application.answers == bundle.answers else 0,
        draft=bundle.draft,
        who=actor_of(session),
        made_at=now,
        sha256=bundle.sha256,
        size=len(bundle.data),
        editions={name: {"edition": form.edition.name, "sha256": form.sha256} for name, form in _forms(bundle)},
    )
    session.add(export)
    with session.no_autoflush:
        export.answers = dump(bundle.answers)
        export.review = json.dumps(bundle.review.to_document(), ensure_ascii=False)
        export.bundle = bundle.data
    facts: dict[str, object] = {"export": export.public_id.hex, "sha256": export.sha256, "draft": export.draft}
    record(session, application, "exported", section="documents", now=now, facts=facts)
    session.flush()
    return export


def _store_missing_bundle(session: Session, public_id: UUID, bundle: MadeBundle) -> None:
    """Store the ZIP with an export that was recorded before ZIPs were stored; ``bundle`` has the same hash."""
    without_zip = select(ExportRow).where(ExportRow.public_id == public_id, ExportRow.bundle_sealed.is_(None))
    export = session.scalars(without_zip).one_or_none()
    if export is not None:
        export.bundle = bundle.data
        session.flush()


def _forms(bundle: MadeBundle) -> Iterator[tuple[str, FormOnHand]]:
    """Yield the forms of a bundle by model, and ICE's Letter of Interest by its form id."""
    yield from bundle.forms.items()
    if bundle.letter is not None:
        yield LETTER, bundle.letter


def get_export(session: Session, agency_id: int, public_id: UUID) -> ExportRow:
    """Return an export of one of this agency's applications.

    Raises:
        NotFoundError: there is none of that id, or it is another agency's.
    """
    return find_export(session, agency_id, public_id)


def stored_bundle(export: ExportRow) -> StoredBundle | None:
    """Return the ZIP of an export; None where it was exported before ZIPs were stored, or where it was purged.

    Raises:
        SealError: the stored ZIP was altered outside this program, or its key is missing.
    """
    data = export.bundle
    if data is None:
        return None
    with zipfile.ZipFile(BytesIO(data)) as packed:
        folder = packed.namelist()[0].partition("/")[0]
    return StoredBundle(name=f"{folder}.zip", data=data)


def reference_of(public_id: UUID) -> str:
    """Return the short name by which people call an export: "A1B2C3D4"."""
    return str(public_id)[:8].upper()


def exports_of(session: Session, application: Application) -> list[Exported]:
    """Return the exports of an application, newest first; no snapshot and no ZIP is read for it."""
    columns = select(
        ExportRow.public_id,
        ExportRow.version,
        ExportRow.draft,
        ExportRow.who,
        ExportRow.made_at,
        ExportRow.sha256,
        ExportRow.size,
        ExportRow.purged_at,
    )
    query = columns.where(ExportRow.application_id == application.id).order_by(ExportRow.id.desc())
    return [Exported(**row) for row in session.execute(query).mappings()]


def export_by_number(session: Session, application: Application, number: int) -> ExportRow | None:
    """Return the export of an application with this row number; None where it has none."""
    query = select(ExportRow).where(ExportRow.application_id == application.id, ExportRow.id == number)
    return session.scalars(query).one_or_none()
