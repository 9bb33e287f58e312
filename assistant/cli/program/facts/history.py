"""``moa program facts history``: each import of facts, and what stood before it."""

from __future__ import annotations

import click

from assistant.cli.options import json_option
from assistant.cli.output import counted, print_json, printable
from assistant.program.fact_history import import_history


@click.command("history")
@json_option
def history_command(*, as_json: bool) -> None:
    """Show each import of facts: when, from which files, and what stood before."""
    history = import_history()
    if as_json:
        print_json([one.to_document() for one in history])
        return
    for one in history:
        click.echo(printable(f"{one.number}  {one.imported_at:%Y-%m-%d %H:%M} UTC  {', '.join(one.files)}"))
        for change in one.changes:
            click.echo(printable(f"    {change.kind}  {change.subject}  {change.what}"))
            if change.before is not None:
                click.echo(printable(f"        before: {change.before.text}"))
                click.echo(printable(f"                {change.before.source}; checked {change.before.check_words}"))
            if change.after is not None:
                click.echo(printable(f"        now:    {change.after.text}"))
                click.echo(printable(f"                {change.after.source}; checked {change.after.check_words}"))
    click.echo(counted(len(history), "import"))
