"""``moa application export``: make the bundle: filled forms, letter, roster, checklist, e-mail draft, manifest."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from assistant.answers import parse
from assistant.cli.form_library import open_library
from assistant.cli.options import ANSWERS_FILE, OUTPUT_FILE, forms_option, refuse_same, today_option
from assistant.cli.output import notice
from assistant.disk import write_atomically
from assistant.services.application.make_bundle import make

if TYPE_CHECKING:
    from datetime import date
    from pathlib import Path


@click.command("export")
@click.argument("answers_file", metavar="ANSWERS.json", type=ANSWERS_FILE)
@click.option("--out", type=OUTPUT_FILE, required=True, metavar="FILE.zip", help="Write the bundle here.")
@click.option("--draft", is_flag=True, help="Export even if there is a blocker; every page is marked as a draft.")
@today_option
@forms_option
def export(answers_file: Path, out: Path, today: date, forms_dir: Path | None, *, draft: bool) -> int:
    """Make the bundle: filled forms, letter, roster, checklist, e-mail draft, manifest."""
    refuse_same(out, answers_file)
    bundle = make(parse(answers_file.read_bytes()), open_library(forms_dir), today=today, draft=draft)
    write_atomically(out, bundle.data)
    sheets = [model for model, form in bundle.forms.items() if form.data is None]
    if sheets:
        notice(f"No blank form has been added for {', '.join(sheets)}, so you get an entry sheet instead.")
    notice(f"{out} is written: {len(bundle.data):,} bytes. Nothing has been sent.")
    return 0 if bundle.review.ready else 1
