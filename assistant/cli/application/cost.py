"""``moa application cost``: what an agreement costs the agency, with blanks for its own sums."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from assistant.answers import parse
from assistant.cli.options import ANSWERS_FILE, OUTPUT_FILE, ending_of, refuse_same, today_option
from assistant.cli.output import notice
from assistant.disk import write_atomically
from assistant.documents.cost_sheet import cost_sheet
from assistant.documents.cost_workbook import cost_workbook
from assistant.errors import InputError

if TYPE_CHECKING:
    from datetime import date
    from pathlib import Path


@click.command("cost")
@click.argument("answers_file", metavar="ANSWERS.json", type=ANSWERS_FILE)
@click.option("--out", type=OUTPUT_FILE, required=True, metavar="FILE", help="Write here: FILE.xlsx or FILE.pdf.")
@today_option
def cost(answers_file: Path, out: Path, today: date) -> None:
    """Write the cost sheet: officers, training days, who pays what, with blanks for your sums."""
    refuse_same(out, answers_file)
    ending = ending_of(out, ("xlsx", "pdf"))
    answers = parse(answers_file.read_bytes())
    if not answers.models:
        raise InputError("No model is chosen yet, so there is nothing to count. Choose one first.")
    make = cost_workbook if ending == "xlsx" else cost_sheet
    write_atomically(out, make(answers, today=today))
    notice(f"{out} is written. Fill in the sums: this program knows none.")
