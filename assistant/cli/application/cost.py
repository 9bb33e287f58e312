"""``moa application cost``: what an agreement costs the agency, with blanks for its own sums."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from assistant.answers import parse
from assistant.cli.options import ANSWERS_FILE, OUTPUT_FILE, ending_of, refuse_same, today_option
from assistant.cli.output import notice
from assistant.disk import write_atomically
from assistant.documents.cost_sheet import compose_cost_sheet
from assistant.documents.cost_workbook import cost_workbook
from assistant.documents.html_page import paper_bytes
from assistant.errors import InputError

if TYPE_CHECKING:
    from datetime import date
    from pathlib import Path


@click.command("cost")
@click.argument("answers_file", metavar="ANSWERS.json", type=ANSWERS_FILE)
@click.option(
    "--out", type=OUTPUT_FILE, required=True, metavar="FILE", help="Write here: FILE.xlsx, FILE.pdf or FILE.html."
)
@today_option
def cost(answers_file: Path, out: Path, today: date) -> None:
    """Write the cost sheet: officers, training days, who pays what, with blanks for your sums."""
    refuse_same(out, answers_file)
    ending = ending_of(out, ("xlsx", "pdf", "html"))
    answers = parse(answers_file.read_bytes())
    if not answers.models:
        raise InputError("No model is chosen yet, so there is nothing to count. Choose one first.")
    if ending == "xlsx":
        data = cost_workbook(answers, today=today)
    else:
        data = paper_bytes(compose_cost_sheet(answers, today=today), ending)
    write_atomically(out, data)
    notice(f"{out} is written. Fill in the sums: this program knows none.")
