"""``moa program feed``: the changes of the loaded lists as an Atom feed file."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import click

from assistant.cli.database import session
from assistant.cli.options import OUTPUT_FILE, state_option
from assistant.cli.output import notice
from assistant.disk import write_atomically
from assistant.errors import InputError
from assistant.services.published_lists.timeline import feed_of, timeline

if TYPE_CHECKING:
    from pathlib import Path


@click.command("feed")
@click.option("--out", type=OUTPUT_FILE, metavar="FILE.xml", required=True, help="Write the feed to this file.")
@state_option
def feed_command(out: Path, state: str | None) -> None:
    """Write the changes of the loaded lists as an Atom feed file."""
    with session() as opened:
        loads = timeline(opened, state=state)
    if not loads:
        raise InputError("No list is loaded. Load one with `moa program import FILE.xlsx`.")
    write_atomically(out, feed_of(loads, state=state, now=datetime.now(UTC)))
    notice(f"Wrote {out}: {sum(len(load.events) for load in loads):,} changes.")
