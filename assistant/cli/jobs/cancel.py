"""``moa jobs cancel``: remove a job that waits or failed for good."""

from __future__ import annotations

import click

from assistant.cli.database import session
from assistant.config import load
from assistant.storage.job_queue import cancel_job, require_queue
from assistant.storage.queue_tables import require_queue_tables


@click.command()
@click.argument("number", type=int)
def cancel(number: int) -> None:
    """Remove a job that waits or failed for good: it is not done. NUMBER is as `moa jobs list` shows it."""
    require_queue(load())
    with session() as opened:
        require_queue_tables(opened)
        cancel_job(opened, None, number)
    click.echo(f"Job {number} is removed.")
