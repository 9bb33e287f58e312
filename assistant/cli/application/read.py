"""``moa application read``: read answers back out of a filled official form, as far as it goes."""

from __future__ import annotations

from pathlib import Path

import click

from assistant.cli.options import json_option
from assistant.cli.output import print_json, printable
from assistant.errors import UnknownFormError
from assistant.pdf.sandbox import run_in_sandbox
from assistant.services.agreements.read_agreement import READ


@click.command("read")
@click.argument("file", metavar="FILLED.pdf", type=click.Path(exists=True, dir_okay=False))
@json_option
def read(file: str, *, as_json: bool) -> None:
    """Read answers from a filled official form, as far as they can be read."""
    reading = run_in_sandbox(READ, Path(file).read_bytes())
    if reading["edition"] is None:
        raise UnknownFormError("This program does not recognize this PDF as an agreement. Use a filled official form.")
    if as_json:
        print_json(reading)
        return
    click.echo(reading["edition"])
    for value in reading["values"]:
        click.echo(printable(f"  p. {value['page']:<3} {value['path']:<42} {value['text']}  ({value['sureness']})"))
    if reading["remark"]:
        click.echo(reading["remark"])
