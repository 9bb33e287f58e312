"""``moa worker``: does the jobs that wait in the queue on PostgreSQL."""

from __future__ import annotations

import os
from datetime import UTC, datetime, timedelta

import click

from assistant.cli.database import open_factories
from assistant.cli.output import notice
from assistant.config import load
from assistant.errors import DatabaseError
from assistant.logs import open_log
from assistant.pdf.sandbox import limit_queue
from assistant.services.jobs.orders import JobTools
from assistant.storage.job_queue import require_queue
from assistant.storage.queue_tables import require_queue_tables

DATABASE_LOST = "The worker lost its database and stopped. Jobs that it did not finish are done by the next worker."
WAIT_SECONDS = 60.0
"""How long a job waits for its turn to read a PDF in a child process."""


@click.command()
@click.option(
    "--concurrency",
    type=click.IntRange(1, 32),
    metavar="N",
    help="Do up to N jobs at a time.  [default: one for each processor, at most four]",
)
@click.option("--until-empty", is_flag=True, help="End when no job is left that can be done now.")
@click.option(
    "--lost-after",
    type=click.IntRange(3, 3600),
    default=60,
    metavar="SECONDS",
    show_default=True,
    help="Take up the jobs of a worker that was not heard from for so long.",
)
def worker(concurrency: int | None, lost_after: int, *, until_empty: bool) -> None:
    """Do the jobs that wait in the queue: comparing signed copies, and bundles of a batch.

    SIGTERM and Ctrl+C let the jobs that are running end. Start as many workers as there is work for, also on several
    machines; each needs the keys of the installation. A job that fails is tried five times.
    """
    config = load()
    require_queue(config)
    from assistant.services.jobs.worker import run_worker  # noqa: PLC0415 - Procrastinate may not be installed

    concurrency = concurrency or min(4, os.cpu_count() or 1)
    # Each job reads at most one PDF at a time.
    limit_queue(running=concurrency, waiting=concurrency, wait_seconds=WAIT_SECONDS)
    with open_factories(config) as (writer, reader):
        with reader() as session:
            require_queue_tables(session)
        tools = JobTools(writer=writer, reader=reader, clock=lambda: datetime.now(UTC), log=open_log(config))
        silence = timedelta(seconds=lost_after)
        went_well = run_worker(
            config.database, tools, concurrency=concurrency, until_empty=until_empty, silence=silence
        )
    if not went_well:
        raise DatabaseError(DATABASE_LOST)
    notice("Stopped. Every job that was begun has ended.")
