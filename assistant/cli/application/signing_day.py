"""``moa application signing-day``: a sheet for the day on which the papers are signed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from assistant.answers import parse
from assistant.cli.form_library import open_library
from assistant.cli.options import ANSWERS_FILE, OUTPUT_FILE, ending_of, forms_option, refuse_same, today_option
from assistant.cli.output import notice
from assistant.disk import write_atomically
from assistant.services.application.make_bundle import make
from assistant.services.application.signing_day import signing_day_of

if TYPE_CHECKING:
    from datetime import date
    from pathlib import Path

REFERENCE_DIGITS = 8


@click.command("signing-day")
@click.argument("answers_file", metavar="ANSWERS.json", type=ANSWERS_FILE)
@click.option("--out", type=OUTPUT_FILE, required=True, metavar="FILE.pdf", help="Write the sheet here.")
@today_option
@forms_option
def signing_day(answers_file: Path, out: Path, today: date, forms_dir: Path | None) -> None:
    """Write the signing-day sheet: pages to sign as pictures, boxes to tick, a code of the bundle.

    The code is the start of the SHA-256 of the bundle that `moa application export` makes of the same answers with
    the same --today.
    """
    refuse_same(out, answers_file)
    ending_of(out, ("pdf",))
    bundle = make(parse(answers_file.read_bytes()), open_library(forms_dir), today=today, draft=False)
    reference = bundle.sha256[:REFERENCE_DIGITS].upper()
    write_atomically(out, signing_day_of(bundle.data, reference=reference))
    notice(f"{out} is written for bundle {reference}.")
