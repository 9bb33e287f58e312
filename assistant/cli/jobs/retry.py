"""``moa jobs retry``: let a job that failed for good be tried again."""

from __future__ import annotations

from datetime import UTC, datetime

import click

from assistant.cli.database import session
from assistant.config import load
from assistant.storage.job_queue import require_queue, retry_job
from assistant.storage.queue_tables import require_queue_tables


@click.command()
@click.argument("number", type=int)
def retry(number: int) -> None:
    """Let a job that failed for good be tried again. NUMBER is as `moa jobs list` shows it."""
    require_queue(load())
    with session() as opened:
        require_queue_tables(opened)
        retry_job(opened, None, number, now=datetime.now(UTC))
    click.echo(f"Job {number} waits again.")
