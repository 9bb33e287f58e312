"""``moa program find``: look an agency up by NAME, in any spelling, among participating and pending ones."""

from __future__ import annotations

import click

from assistant.cli.database import session
from assistant.cli.options import json_option, state_option
from assistant.cli.output import notice, print_json, printable
from assistant.services.published_lists.listings import find, last_import


@click.command("find")
@click.argument("name")
@state_option
@click.option("--limit", type=click.IntRange(1, 1000), default=20, show_default=True, help="Show at most this many.")
@json_option
def find_command(name: str, state: str | None, limit: int, *, as_json: bool) -> None:
    """Look up an agency by NAME, in any spelling, among participating and pending ones."""
    with session() as opened:
        matches = find(opened, name, state=state, limit=limit, everyday=True)
        if last_import(opened, "participating") is None:
            notice("No list of participating agencies is loaded. Load one with `moa program import FILE.xlsx`.")
    if as_json:
        print_json([match.to_document() for match in matches])
        return
    for match in matches:
        signed = f"signed {match.signed.isoformat()}" if match.signed else match.status
        click.echo(printable(f"{match.match:.2f}  {match.state}  {match.model or '?':4}  {match.agency}, {signed}"))
    if not matches:
        click.echo("No agency with such a name is listed.")
