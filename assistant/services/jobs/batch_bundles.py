"""Bundles of a batch through the queue: the answers files put there, the job that makes one, and the results taken."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING
from uuid import UUID, uuid4

from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError

from assistant.cache import content_key
from assistant.editions.catalog import editions_fingerprint
from assistant.program.imported_facts import imports_sha256
from assistant.services.form_maps.forms import library, stored_hashes
from assistant.services.installation.batch import BatchBundle, make_of_bytes
from assistant.services.jobs.orders import JobOrder
from assistant.storage.batch_tables import BatchFileRow
from assistant.storage.job_queue import job_state, live_subjects
from assistant.storage.tables import KEYRING, LOCAL

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from datetime import date, datetime

    from sqlalchemy.orm import Session

    from assistant.services.jobs.orders import JobTools
    from assistant.services.jobs.place import JobPlace

KIND = "make-bundle"
WAITING_STATE, DONE_STATE = "waiting", "done"
STORED_FOR = timedelta(days=7)
"""Files of a run that was broken off and never went on are removed by the next run, or by a purge, after so long."""
NO_AGENCY = 0
"""Whoever runs the command works for all agencies: no administrator's page shows these jobs."""
MOST_TAKEN = 10
OTHER_FORMS = (
    "The worker has other forms or facts than the computer that ordered this. Copy the folders forms and facts of its "
    "instance folder to the worker's, and run this again."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchResult:
    """What a worker made of an answers file."""

    public_id: UUID
    result: BatchBundle


def put_answers(
    session: Session, jobs: JobPlace, batch_id: UUID, data: bytes, *, place: str, day: date, draft: bool, now: datetime
) -> UUID:
    """Put an answers file where workers find it, and order its bundle; return its id.

    ``place`` is where the bundle will lie. What an earlier run put there for the same, with the same forms and facts,
    is taken over, waiting or made; what could not be made is tried again.
    """
    fingerprint = find_fingerprint(session)
    parts = [
        fingerprint,
        data,
        place.encode("utf-8", "surrogateescape"),
        day.isoformat().encode(),
        b"draft" if draft else b"",
    ]
    digest = session.info[KEYRING].sign(b"answers file of a batch", *parts)
    same = select(BatchFileRow).where(BatchFileRow.digest == digest).with_for_update()
    row = session.scalars(same).one_or_none()
    if row is None:
        row = BatchFileRow(
            public_id=uuid4(), batch_id=batch_id, digest=digest, fingerprint=fingerprint, day=day, draft=draft,
            state=WAITING_STATE, added_at=now,
        )  # fmt: skip
        try:
            with session.begin_nested():
                session.add(row)
                row.answers, row.result = data, ""
        except IntegrityError:
            # Another run has put the same there in between.
            row = session.scalars(same).one()
    not_made = row.state == DONE_STATE and json.loads(row.result)["status"] != "made"
    if not_made:
        row.state, row.answers, row.result, row.bundle = WAITING_STATE, data, "", None
    row.batch_id, row.added_at = batch_id, now
    # The job of one that was not made may still be ending.
    if row.state == WAITING_STATE and (not_made or job_state(session, KIND, row.public_id) is None):
        order = JobOrder(kind=KIND, agency_id=NO_AGENCY, subject=row.public_id, who=LOCAL)
        jobs.take_order(session, order)
    return row.public_id


def find_fingerprint(session: Session) -> bytes:
    """Return what bundles depend on besides the answers, the day and the program: maps, imported facts, forms added.

    It is 32 bytes, and the same on each computer that has the same.
    """
    return content_key(editions_fingerprint(), imports_sha256(), list(stored_hashes(session)))


def make_queued_bundle(order: JobOrder, tools: JobTools) -> None:
    """Make the bundle of the answers file that the order is about, and store it, once.

    Where this computer has other forms or facts than the one that ordered it, none is made, and the result says so.
    """
    with tools.reader() as session:
        row = _waiting_row(session, order.subject)
        if row is None:
            return
        data, day, draft = row.answers or b"", row.day, row.draft
        forms = library(session) if row.fingerprint == find_fingerprint(session) else None
    other = BatchBundle(status="failed", why=OTHER_FORMS)
    result = other if forms is None else make_of_bytes(data, forms, today=day, draft=draft)
    with tools.writer() as session:
        row = _waiting_row(session, order.subject, for_update=True)
        if row is None:
            return
        row.result = json.dumps({"status": result.status, "why": result.why, "blockers": result.blockers})
        row.state, row.bundle, row.answers = DONE_STATE, result.data, None
        session.commit()


def _waiting_row(session: Session, public_id: UUID, *, for_update: bool = False) -> BatchFileRow | None:
    query = select(BatchFileRow).where(BatchFileRow.public_id == public_id, BatchFileRow.state == WAITING_STATE)
    return session.scalars(query.with_for_update() if for_update else query).one_or_none()


def list_results(session: Session, batch_id: UUID) -> list[BatchResult]:
    """Return a few of the results that are there; no other run takes them over until the transaction ends."""
    query = select(BatchFileRow).where(BatchFileRow.batch_id == batch_id, BatchFileRow.state == DONE_STATE)
    results = []
    for row in session.scalars(query.order_by(BatchFileRow.id).limit(MOST_TAKEN).with_for_update()):
        facts = json.loads(row.result)
        blockers = tuple((code, where) for code, where in facts["blockers"])
        result = BatchBundle(status=facts["status"], data=row.bundle, why=facts["why"], blockers=blockers)
        results.append(BatchResult(public_id=row.public_id, result=result))
    return results


def list_abandoned(session: Session, batch_id: UUID) -> list[UUID]:
    """Return the files that wait although nobody will do their jobs: failed for good, or canceled."""
    query = select(BatchFileRow.public_id).where(BatchFileRow.batch_id == batch_id, BatchFileRow.state == WAITING_STATE)
    ids = session.scalars(query).all()
    # Read after the rows: a job that ended in between has stored its result, and is found by the next look.
    live = live_subjects(session, KIND)
    still = set(session.scalars(query).all())
    return [one for one in ids if one in still and one not in live]


def list_taken_over(session: Session, batch_id: UUID, ids: Collection[UUID]) -> list[UUID]:
    """Return which of these files are not of this run any more: another run took them over, or they were removed."""
    present = set(session.scalars(select(BatchFileRow.public_id).where(BatchFileRow.batch_id == batch_id)))
    return [one for one in ids if one not in present]


def remove_files(session: Session, batch_id: UUID, ids: Sequence[UUID]) -> None:
    """Remove answers files of a run with all that was made of them."""
    session.execute(delete(BatchFileRow).where(BatchFileRow.batch_id == batch_id, BatchFileRow.public_id.in_(ids)))


def remove_old_files(session: Session, *, now: datetime) -> None:
    """Remove what runs that were broken off long ago left."""
    session.execute(delete(BatchFileRow).where(BatchFileRow.added_at < now - STORED_FOR))
