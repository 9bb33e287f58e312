"""``moa jobs list``: the jobs that wait, run or failed for good."""

from __future__ import annotations

import click

from assistant.cli.database import session
from assistant.cli.options import json_option
from assistant.cli.output import print_json, printable
from assistant.config import load
from assistant.services.jobs.kinds import words_of_kind
from assistant.storage.job_queue import list_jobs, require_queue
from assistant.storage.queue_tables import require_queue_tables


@click.command(name="list")
@json_option
def list_waiting(*, as_json: bool) -> None:
    """List the jobs that wait, run or failed for good, of all agencies; one that is done is not listed."""
    require_queue(load())
    with session(reads_only=True) as opened:
        require_queue_tables(opened)
        jobs = list_jobs(opened, None)
    if as_json:
        print_json(
            [
                {
                    "number": job.number,
                    "kind": job.kind,
                    "state": job.state,
                    "since": job.since.isoformat(),
                    "next_try": job.next_try.isoformat() if job.next_try else None,
                    "tries": job.tries,
                    "agency": job.agency_id or None,
                    "subject": str(job.subject),
                }
                for job in jobs
            ]
        )
        return
    for job in jobs:
        tries = f"{job.tries} {'try' if job.tries == 1 else 'tries'}"
        since = f"{job.since.astimezone():%Y-%m-%d %H:%M}"
        agency = f", agency {job.agency_id}" if job.agency_id else ""
        click.echo(printable(f"{job.number}  {job.state} since {since}, {tries}  {words_of_kind(job.kind)}{agency}"))
    if not jobs:
        click.echo("No job waits, and none has failed for good.")
