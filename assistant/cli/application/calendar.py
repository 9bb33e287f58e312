"""``moa application calendar``: the days after an agreement is signed, as a calendar file."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from assistant.answers import parse
from assistant.cli.options import ANSWERS_FILE, OUTPUT_FILE, IsoDate, refuse_same
from assistant.cli.output import notice, printable
from assistant.disk import write_atomically
from assistant.documents.calendar_file import calendar_file
from assistant.documents.wording import agency_name, models_in_order
from assistant.errors import InputError
from assistant.program.calendar_entries import calendar_entries

if TYPE_CHECKING:
    from datetime import date
    from pathlib import Path


@click.command("calendar")
@click.argument("answers_file", metavar="ANSWERS.json", type=ANSWERS_FILE)
@click.option("--signed-on", type=IsoDate(), required=True, metavar="DATE", help="The day both sides had signed.")
@click.option("--out", type=OUTPUT_FILE, required=True, metavar="FILE.ics", help="Write the calendar here.")
def calendar(answers_file: Path, signed_on: date, out: Path) -> None:
    """Write the days after both sides signed as a calendar file, each with its source."""
    refuse_same(out, answers_file)
    answers = parse(answers_file.read_bytes())
    if not answers.models:
        raise InputError("No model is chosen yet, so there is nothing to remember. Choose one first.")
    entries = calendar_entries(models_in_order(answers.models), signed_on)
    write_atomically(out, calendar_file(agency_name(answers), entries, signed_on=signed_on))
    for entry in entries:
        click.echo(printable(f"{entry.day.isoformat()}  {entry.title} ({entry.source})"))
    notice(f"{out} is written: {len(entries)} entries.")
