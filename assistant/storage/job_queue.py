"""The queue of jobs on PostgreSQL: Procrastinate's tables, in a schema of their own, through the session of the caller.

A job is put in the transaction of what it is about: both are stored, or neither. Its row can be read by whoever reads
the database, so it holds ids alone. Knows no kind of job and nothing of what one does.
"""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any, Literal, TypeAlias
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from assistant.errors import InputError, NotFoundError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from procrastinate.manager import JobManager
    from sqlalchemy import Connection
    from sqlalchemy.orm import Session

    from assistant.config import Config

SCHEMA = "procrastinate"
QUEUE = "jobs"
MOST_TRIES = 5
"""After so many tries that failed, or that a worker did not live through, a job has failed for good."""
TAKE_UP_LOCK = 287_000_002  # any number, so long as only the search for lost jobs uses it
NO_QUEUE = "Here the wizard does its jobs itself. To have workers do them, set ASSISTANT_JOBS=queue for all processes."
NO_JOB = "There is no such job. It may be done. Go to the list."
NOT_WAITING = "This job is being done right now, so it cannot be canceled. Wait until it ends."
NOT_FAILED = "Only a job that failed for good can be tried again."
NEEDS_POSTGRESQL = (
    "Jobs can wait in a queue on PostgreSQL only: set database_url to it, or leave the setting jobs at here."
)
NEEDS_PACKAGE = "Jobs need a package that is not installed: install moa-assistant[server]."

JobState: TypeAlias = Literal["waiting", "running", "failed"]
STATES: dict[str, JobState] = {
    "todo": "waiting", "doing": "running", "failed": "failed", "aborted": "failed", "cancelled": "failed",
}  # fmt: skip
"""Procrastinate's words, and ours. A job that went well has no row any more."""
_LIST = f"""
    SELECT job.id, job.task_name, job.args, job.status::text AS status, job.attempts, job.scheduled_at,
           (SELECT max(event.at) FROM {SCHEMA}.procrastinate_events event WHERE event.job_id = job.id
            AND event.type <> 'scheduled') AS since
      FROM {SCHEMA}.procrastinate_jobs job
     WHERE job.queue_name = :queue AND job.status::text <> 'succeeded'
       AND (CAST(:agency AS text) IS NULL OR job.args->>'agency_id' = :agency)
       AND (CAST(:number AS bigint) IS NULL OR job.id = :number)
     ORDER BY job.id
     LIMIT :most
"""  # noqa: S608 - the name of the schema is a constant
_LOCK = " FOR UPDATE OF job"
_LOCK_RUNNING = f"""
    SELECT id FROM {SCHEMA}.procrastinate_jobs WHERE queue_name = :queue AND status = 'doing'
       FOR UPDATE SKIP LOCKED
"""  # noqa: S608 - as above
_STATES = f"""
    SELECT DISTINCT job.status::text FROM {SCHEMA}.procrastinate_jobs job
     WHERE job.task_name = :kind AND job.args->>'subject' = :subject AND job.status IN ('todo', 'doing')
"""  # noqa: S608 - as above
_WAITING = f"""
    SELECT min(GREATEST((SELECT min(event.at) FROM {SCHEMA}.procrastinate_events event WHERE event.job_id = job.id),
                        job.scheduled_at)) FILTER (WHERE job.status = 'todo'),
           count(*) FILTER (WHERE job.status NOT IN ('todo', 'doing', 'succeeded'))
      FROM {SCHEMA}.procrastinate_jobs job
     WHERE job.queue_name = :queue
"""  # noqa: S608 - as above
_LIVE = f"""
    SELECT args->>'subject' FROM {SCHEMA}.procrastinate_jobs WHERE task_name = :kind AND status IN ('todo', 'doing')
"""  # noqa: S608 - as above
_REMOVE = "DELETE FROM procrastinate_jobs WHERE id = %(number)s AND status NOT IN ('todo', 'doing')"
MOST_LISTED = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class QueuedJob:
    """A job of the queue: what it is about, how it stands since when, and how many tries it had."""

    number: int
    kind: str
    agency_id: int
    subject: UUID
    who: str
    state: JobState
    tries: int
    since: datetime
    next_try: datetime | None
    """When a job that waits may begin, where that was put off."""


def check_queue(config: Config) -> None:
    """Do nothing where the queue can be used with these settings, or none is asked for.

    Raises:
        InputError: the database is not PostgreSQL, or the package is not installed.
    """
    if config.jobs != "queue":
        return
    if config.database_file is not None:
        raise InputError(NEEDS_POSTGRESQL)
    if not find_spec("procrastinate"):
        raise InputError(NEEDS_PACKAGE)


def require_queue(config: Config) -> None:
    """Do nothing where these settings have a queue, and it can be used.

    Raises:
        InputError: they have none, or ``check_queue`` says why it cannot be used.
    """
    if config.jobs != "queue":
        raise InputError(NO_QUEUE)
    check_queue(config)


def put_job(session: Session, *, kind: str, agency_id: int, subject: UUID, who: str) -> int:
    """Put a job into the queue, with the commit of the session; return its number.

    Jobs about the same subject are done one after the other.
    """
    from procrastinate.jobs import Job  # noqa: PLC0415 - only where the queue is used

    job = Job(
        queue=QUEUE,
        lock=f"{kind} {subject}",
        queueing_lock=None,
        task_name=kind,
        task_kwargs={"agency_id": agency_id, "subject": str(subject), "who": who},
    )
    with _manager(session) as manager:
        return manager.defer_job(job).id or 0


def list_jobs(session: Session, agency_id: int | None) -> list[QueuedJob]:
    """Return the jobs of an agency that wait, run or failed for good, by number; None is of every agency."""
    return _find(session, agency_id, None)


def job_state(session: Session, kind: str, subject: UUID) -> JobState | None:
    """Return how the jobs of a kind about a subject stand: "running" before "waiting", None where there is none."""
    statuses = set(session.execute(text(_STATES), {"kind": kind, "subject": str(subject)}).scalars())
    return "running" if "doing" in statuses else "waiting" if statuses else None


def live_subjects(session: Session, kind: str) -> set[UUID]:
    """Return what the jobs of a kind that wait or run are about."""
    return {UUID(subject) for subject in session.execute(text(_LIVE), {"kind": kind}).scalars()}


def find_delay(session: Session) -> tuple[datetime | None, int]:
    """Return since when the job waits that has waited longest, None where none does, and how many failed for good."""
    since, failed = session.execute(text(_WAITING), {"queue": QUEUE}).one()
    return None if since is None else since.astimezone(UTC), int(failed)


def retry_job(session: Session, agency_id: int | None, number: int, *, now: datetime) -> None:
    """Let a job that failed for good be tried once more.

    Raises:
        NotFoundError: there is none of that number, or it is another agency's.
        InputError: it has not failed.
    """
    if _get(session, agency_id, number).state != "failed":
        raise InputError(NOT_FAILED)
    with _manager(session) as manager:
        manager.retry_job_by_id(number, retry_at=now)


def cancel_job(session: Session, agency_id: int | None, number: int) -> None:
    """Remove a job that waits or has failed for good.

    Raises:
        NotFoundError: there is none of that number, or it is another agency's.
        InputError: it is being done.
    """
    job = _get(session, agency_id, number)
    with _manager(session) as manager:
        if job.state == "failed":
            manager.connector.execute_query(_REMOVE, number=number)
        elif not manager.cancel_job_by_id(number, delete_job=True):
            raise InputError(NOT_WAITING)


def take_up_lost_jobs(session: Session, silence: timedelta, *, now: datetime) -> tuple[int, list[int]]:
    """Let the jobs of workers that were not heard from for so long be done by others, with the commit of the session.

    Returns how many will be tried again, and the numbers of those that have failed for good: it was their last try.
    """
    from procrastinate.sql import queries  # noqa: PLC0415 - only where the queue is used

    again, given_up = 0, list[int]()
    session.execute(text("SELECT pg_advisory_xact_lock(:number)"), {"number": TAKE_UP_LOCK})
    # What somebody changes right now is not lost: its worker is about to end it.
    running = set(session.execute(text(_LOCK_RUNNING), {"queue": QUEUE}).scalars())
    with _manager(session) as manager:
        lost_jobs = manager.connector.execute_query_all(
            queries["select_stalled_jobs_by_heartbeat"],
            queue=QUEUE,
            task_name=None,
            seconds_since_heartbeat=silence.total_seconds(),
        )
        for row in lost_jobs:
            if row["id"] not in running:
                continue
            if row["attempts"] + 1 < MOST_TRIES:
                manager.retry_job_by_id(row["id"], retry_at=now)
                again += 1
            else:
                manager.connector.execute_query(
                    queries["finish_job"], job_id=row["id"], status="failed", delete_job=False
                )
                given_up.append(row["id"])
    return again, given_up


def _get(session: Session, agency_id: int | None, number: int) -> QueuedJob:
    """Return a job, and let nobody change it until the transaction ends."""
    matches = _find(session, agency_id, number, lock=True)
    if not matches:
        raise NotFoundError(NO_JOB)
    return matches[0]


def _find(session: Session, agency_id: int | None, number: int | None, *, lock: bool = False) -> list[QueuedJob]:
    values = {
        "queue": QUEUE,
        "agency": None if agency_id is None else str(agency_id),
        "number": number,
        "most": MOST_LISTED,
    }
    return [
        QueuedJob(
            number=row.id,
            kind=row.task_name,
            agency_id=int(row.args["agency_id"]),
            subject=UUID(row.args["subject"]),
            who=row.args["who"],
            state=STATES.get(row.status, "failed"),
            tries=row.attempts + (row.status == "doing"),
            since=row.since.astimezone(UTC),
            next_try=row.scheduled_at and row.scheduled_at.astimezone(UTC),
        )
        for row in session.execute(text(_LIST + _LOCK if lock else _LIST), values)
    ]


@contextmanager
def search_in_schema(connection: Connection | Session) -> Iterator[None]:
    """Let names be found in the schema of the queue alone, within a transaction."""
    search = text("SELECT set_config('search_path', :path, true)")
    earlier = connection.scalar(text("SELECT current_setting('search_path')"))
    connection.execute(search, {"path": SCHEMA})
    yield
    # Where something failed, the transaction is at its end, and the setting with it.
    connection.execute(search, {"path": earlier})


@contextmanager
def _manager(session: Session) -> Iterator[JobManager]:
    """Yield what puts and changes jobs in the transaction of a session, and finds Procrastinate's functions.

    Raises:
        DBAPIError: the database failed, as a query of the session itself would have raised it.
    """
    from procrastinate.exceptions import ConnectorException  # noqa: PLC0415 - only where the queue is used
    from procrastinate.manager import JobManager  # noqa: PLC0415 - as above

    from assistant.storage.session_connector import SessionConnector  # noqa: PLC0415 - as above

    with search_in_schema(session):
        driver: Any = session.connection().connection.driver_connection
        try:
            yield JobManager(SessionConnector(driver))
        except ConnectorException as error:
            orig: Any = error.__cause__ or error.__context__ or error
            dialect: Any = session.get_bind().dialect
            raise DBAPIError.instance(None, None, orig, dialect.loaded_dbapi.Error, dialect=dialect) from orig
