"""``moa application brief``: what the person who signs should know before signing."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from assistant.answers import parse
from assistant.cli.form_library import open_library
from assistant.cli.options import ANSWERS_FILE, OUTPUT_FILE, ending_of, forms_option, refuse_same, today_option
from assistant.cli.output import notice
from assistant.disk import write_atomically
from assistant.documents.html_page import paper_bytes
from assistant.documents.signatory_brief import compose_brief
from assistant.errors import InputError
from assistant.services.application.plan import chosen_forms
from assistant.services.application.review import review

if TYPE_CHECKING:
    from datetime import date
    from pathlib import Path


@click.command("brief")
@click.argument("answers_file", metavar="ANSWERS.json", type=ANSWERS_FILE)
@click.option("--out", type=OUTPUT_FILE, required=True, metavar="FILE", help="Write here: FILE.pdf or FILE.html.")
@today_option
@forms_option
def brief(answers_file: Path, out: Path, today: date, forms_dir: Path | None) -> None:
    """Write the signatory's brief: what is signed, duties, costs, open points, how it ends."""
    refuse_same(out, answers_file)
    ending = ending_of(out, ("pdf", "html"))
    answers, library = parse(answers_file.read_bytes()), open_library(forms_dir)
    if not answers.models:
        raise InputError("No model is chosen yet, so there is nothing to sign. Choose one first.")
    editions = {model: form.edition for model, form in chosen_forms(answers, library).items()}
    document = compose_brief(answers, editions, review(answers, library, today=today), today=today)
    write_atomically(out, paper_bytes(document, ending))
    notice(f"{out} is written.")
