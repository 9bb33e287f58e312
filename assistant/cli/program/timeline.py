"""``moa program timeline``: what changed from one loaded list to the next."""

from __future__ import annotations

import click

from assistant.cli.database import session
from assistant.cli.options import json_option, state_option
from assistant.cli.output import print_json, printable
from assistant.services.published_lists.timeline import sentence, timeline


@click.command("timeline")
@state_option
@json_option
def timeline_command(state: str | None, *, as_json: bool) -> None:
    """Show what changed from one loaded list to the next: signed, dropped, renamed, moved from pending."""
    with session() as opened:
        loads = timeline(opened, state=state)
    if as_json:
        print_json([load.to_document() for load in loads])
        return
    if not loads:
        click.echo("No list is loaded. Load one with `moa program import FILE.xlsx`.")
    for load in loads:
        click.echo(printable(f"{load.as_of.isoformat()}  {load.kind}, {load.rows:,} rows ({load.file})"))
        if load.first:
            click.echo("  The first list of its kind: nothing to compare it with.")
        elif not load.events:
            click.echo("  No change.")
        for event in load.events:
            click.echo(printable(f"  {sentence(event)}"))
