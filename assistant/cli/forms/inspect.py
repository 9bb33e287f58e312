"""``moa forms inspect``: say what a PDF is: its edition, its fields, and what in it goes wrong easily."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from assistant.cli.forms.form_line import form_line
from assistant.cli.options import INPUT_FILE, json_option
from assistant.cli.output import counted, print_json, printable
from assistant.editions.recognition import inspect_guarded

if TYPE_CHECKING:
    from pathlib import Path


@click.command("inspect")
@click.argument("file", type=INPUT_FILE)
@json_option
def inspect(file: Path, *, as_json: bool) -> None:
    """Say what a PDF is: its edition, its fields, and what can easily go wrong with it."""
    inspection = inspect_guarded(file.read_bytes())
    if as_json:
        print_json(inspection)
        return
    click.echo(printable(form_line(inspection)))
    click.echo(
        f"  {counted(inspection['pages'], 'page')}, {inspection['bytes']:,} bytes, SHA-256 {inspection['sha256']}"
    )
    for field in inspection["fields"]:
        side = {"agency": "agency", "ice": "ICE", None: "?"}[field["side"]]
        click.echo(printable(f"  p. {field['page']:<3} {field['type']:<4} {side:<7} {field['name']}"))
    for trap in inspection["traps"]:
        where = f"p. {trap['page']}, " if trap["page"] else ""
        click.echo(printable(f"  ! {where}{trap['field'] or 'the file'}: {trap['message']}"))
