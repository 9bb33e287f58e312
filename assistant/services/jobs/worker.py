"""What ``moa worker`` does: Procrastinate fetches jobs from the queue, and ``run_job`` does each in a thread.

Loaded by that command alone. Procrastinate's own log names the arguments of jobs and quotes errors, so it goes nowhere,
nor does that of its connections; ``WorkerLog`` writes what happened, by number and kind.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any
from uuid import UUID

from procrastinate import App, JobContext, PsycopgConnector, RetryStrategy
from procrastinate.exceptions import ConnectorException
from sqlalchemy import make_url

from assistant.services.jobs.kinds import KINDS, run_job
from assistant.services.jobs.orders import JobOrder
from assistant.storage.job_queue import MOST_TRIES, QUEUE, SCHEMA, take_up_lost_jobs

if TYPE_CHECKING:
    from datetime import timedelta

    from assistant.services.jobs.orders import JobTools

LIBRARY, POOL = "procrastinate", "psycopg.pool"
"""The names of their logs."""
MOST_CONNECTIONS = 4
CONNECT_SECONDS = 10
"""A worker that cannot reach its database for so long stops, and whoever started it starts it again."""
RETRY_BASE = 3
"""Seconds until the next try, to the power of the tries so far: 3, 9, 27, 81."""
EVENTS = {
    "start_job": "job started",
    "job_success": "job done",
    "job_error_retry": "job failed, to be tried again",
    "job_error": "job failed for good",
    "side_task_failed": "worker failed",
}
"""What Procrastinate calls an event, and what our log calls it."""


class WorkerLog(logging.Handler):
    """Writes what Procrastinate reports into our log: event, number, kind and tries of a job, kind of an error."""

    def __init__(self, log: Any) -> None:
        """Keep the log."""
        super().__init__()
        self._log = log
        self.has_failed = False
        """Whether the worker stopped by itself, because it lost its database."""

    def emit(self, record: logging.LogRecord) -> None:
        """Write one event, or nothing where it is not one of ours."""
        action = getattr(record, "action", "")
        event = EVENTS.get(action)
        if event is None:
            return
        job = getattr(record, "job", None) or {}
        facts = {"number": job.get("id"), "job": job.get("task_name"), "earlier_tries": job.get("attempts")}
        error = record.exc_info[0] if isinstance(record.exc_info, tuple) else None
        if error is not None:
            facts["kind"] = error.__name__
        self.has_failed = self.has_failed or action == "side_task_failed"
        write = self._log.info if error is None else self._log.error
        write(event, **{name: value for name, value in facts.items() if value is not None})


def run_worker(address: str, tools: JobTools, *, concurrency: int, until_empty: bool, silence: timedelta) -> bool:
    """Do jobs until told to stop by SIGTERM or SIGINT, which let the running ones end; return whether all went well.

    ``address`` is that of the database, as SQLAlchemy writes it. With ``until_empty`` it ends when nothing is left that
    can be done now. Jobs of workers that were not heard from for ``silence`` are taken up.
    """
    events = WorkerLog(tools.log)
    for name in (LIBRARY, POOL):
        library = logging.getLogger(name)
        library.handlers, library.propagate = [events], False
        library.setLevel(logging.INFO)
    tools.log.info("worker started", concurrency=concurrency)
    try:
        asyncio.run(_run(make_job_app(address, tools), tools, concurrency, until_empty, silence))
    except ConnectorException as error:
        tools.report("worker failed", error)
        return False
    finally:
        tools.log.info("worker stopped")
    return not events.has_failed


def make_job_app(address: str, tools: JobTools) -> App:
    """Return Procrastinate's app with a task for each kind of job."""
    url = make_url(address).set(drivername="postgresql")
    app = App(
        connector=PsycopgConnector(
            conninfo=url.render_as_string(hide_password=False),
            configure=_use_schema,
            min_size=1,
            max_size=MOST_CONNECTIONS,
            timeout=CONNECT_SECONDS,
        )
    )
    retry = RetryStrategy(max_attempts=MOST_TRIES - 1, exponential_wait=RETRY_BASE)
    for name in KINDS:

        @app.task(name=name, queue=QUEUE, retry=retry, pass_context=True)
        def do_job(context: JobContext, agency_id: int, subject: str, who: str) -> None:
            order = JobOrder(kind=context.job.task_name, agency_id=agency_id, subject=UUID(subject), who=who)
            run_job(order, tools)

    return app


async def _use_schema(connection: Any) -> None:
    await connection.execute(f"SET search_path = {SCHEMA}")
    if not connection.autocommit:
        await connection.commit()


async def _run(app: App, tools: JobTools, concurrency: int, until_empty: bool, silence: timedelta) -> None:  # noqa: FBT001
    # Each job is a thread, and so is the search for lost jobs; asyncio's own pool has a few more than processors.
    asyncio.get_running_loop().set_default_executor(ThreadPoolExecutor(concurrency + 2, "jobs"))
    await asyncio.to_thread(_take_up, tools, silence)
    async with app.open_async():
        search_task = asyncio.create_task(_keep_taking_up(tools, silence))
        try:
            await app.run_worker_async(
                queues=[QUEUE],
                concurrency=concurrency,
                wait=not until_empty,
                delete_jobs="successful",
                update_heartbeat_interval=silence.total_seconds() / 6,
                stalled_worker_timeout=silence.total_seconds(),
            )
        finally:
            search_task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await search_task


async def _keep_taking_up(tools: JobTools, silence: timedelta) -> None:
    while True:
        await asyncio.sleep(silence.total_seconds() / 2)
        try:
            await asyncio.to_thread(_take_up, tools, silence)
        except Exception as error:  # noqa: BLE001 - the worker itself finds out that the database is away, and stops
            tools.report("lost jobs not looked for", error)


def _take_up(tools: JobTools, silence: timedelta) -> None:
    with tools.writer() as session:
        again, given_up = take_up_lost_jobs(session, silence, now=tools.clock())
        session.commit()
    if again or given_up:
        tools.log.warning("jobs of a lost worker", again=again, given_up=len(given_up))
    for number in given_up:
        tools.log.error("job failed for good", number=number)
