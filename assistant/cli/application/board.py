"""``moa application board``: a packet for the governing body that decides about the agreement."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from assistant.answers import parse
from assistant.cli.options import ANSWERS_FILE, OUTPUT_FILE, ending_of, refuse_same, today_option
from assistant.cli.output import notice
from assistant.disk import write_atomically
from assistant.documents.board_packet import compose_board_packet
from assistant.documents.html_page import paper_bytes
from assistant.errors import InputError

if TYPE_CHECKING:
    from datetime import date
    from pathlib import Path


@click.command("board")
@click.argument("answers_file", metavar="ANSWERS.json", type=ANSWERS_FILE)
@click.option("--out", type=OUTPUT_FILE, required=True, metavar="FILE", help="Write here: FILE.pdf or FILE.html.")
@today_option
def board(answers_file: Path, out: Path, today: date) -> None:
    """Write a packet for the governing body: agenda item, facts, questions, a draft resolution."""
    refuse_same(out, answers_file)
    ending = ending_of(out, ("pdf", "html"))
    answers = parse(answers_file.read_bytes())
    if not answers.models:
        raise InputError("No model is chosen yet, so there is nothing to decide. Choose one first.")
    write_atomically(out, paper_bytes(compose_board_packet(answers, today=today), ending))
    notice(f"{out} is written. It is a draft for counsel.")
