"""``moa forms label``: make a copy in which every field shows its own name."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from assistant.cli.options import INPUT_FILE, OUTPUT_FILE, refuse_same
from assistant.cli.output import printable
from assistant.disk import write_atomically
from assistant.errors import FillError, InputError
from assistant.services.form_maps.edition_drafts import label_form

if TYPE_CHECKING:
    from pathlib import Path


@click.command("label")
@click.argument("file", type=INPUT_FILE)
@click.option("--out", type=OUTPUT_FILE, required=True, metavar="OUT.pdf", help="Write the copy here.")
def label(file: Path, out: Path) -> None:
    """Make a copy in which every field shows its own name."""
    refuse_same(out, file)
    try:
        labelled, count = label_form(file.read_bytes())
    except FillError as error:
        raise InputError(f"The fields cannot be labeled: {error}") from error
    if not count:
        raise InputError("The PDF has no fields to label. Use one with fields.")
    write_atomically(out, labelled)
    click.echo(printable(f"{out} shows {count} field names."))
