"""``moa demo``: the main job once, on a made-up agency, without a browser."""

from __future__ import annotations

from importlib.resources import files
from typing import TYPE_CHECKING

import click

from assistant.answers import parse
from assistant.cli.form_library import open_library
from assistant.cli.options import OUTPUT_FILE, forms_option, today_option
from assistant.cli.output import notice
from assistant.config import font_path
from assistant.disk import write_atomically
from assistant.services.application.make_bundle import make

if TYPE_CHECKING:
    from datetime import date
    from pathlib import Path


@click.command()
@click.option("--out", type=OUTPUT_FILE, required=True, metavar="FILE.zip", help="Write the bundle here.")
@today_option
@forms_option
def demo(out: Path, today: date, forms_dir: Path | None) -> int:
    """Make one bundle for a made-up agency, with the kept official forms or with entry sheets in their place."""
    font_path("Regular")  # a name among them needs more than every reader of PDF brings
    answers = parse((files("assistant.program") / "data" / "made-up-agency.json").read_bytes())
    bundle = make(answers, open_library(forms_dir), today=today, draft=False)
    write_atomically(out, bundle.data)
    filled = sum(form.data is not None for form in bundle.forms.values())
    sheets, on_hand = len(bundle.forms) - filled, filled + (bundle.letter is not None)
    notice(f"{out} is written for a made-up agency: {on_hand} filled official forms, {sheets} entry sheets.")
    return 0 if bundle.review.ready else 1
