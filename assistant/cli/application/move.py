"""``moa application move``: say what would print differently on another edition of a form."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from assistant.answers import dump, parse
from assistant.cli.form_library import open_library
from assistant.cli.options import ANSWERS_FILE, OUTPUT_FILE, forms_option, json_option
from assistant.cli.output import notice, print_json, printable
from assistant.disk import write_atomically
from assistant.services.application.editions import differences
from assistant.services.application.editions import move as move_to

if TYPE_CHECKING:
    from pathlib import Path

    from assistant.answers import Model


@click.command("move")
@click.argument("answers_file", metavar="ANSWERS.json", type=ANSWERS_FILE)
@click.option("--model", type=click.Choice(["JEM", "TFM", "TTFM", "WSO"]), required=True, help="Whose form.")
@click.option(
    "--to",
    metavar="EDITION",
    help="The edition, such as 2025-03-07; without it, the answers follow the newest edition.",
)
@click.option("--out", type=OUTPUT_FILE, metavar="FILE.json", help="Write the moved answers here.")
@forms_option
@json_option
def move(
    answers_file: Path, model: Model, to: str | None, out: Path | None, forms_dir: Path | None, *, as_json: bool
) -> None:
    """Show what would print differently on another edition of a form; with --out, move the answers to it."""
    answers = parse(answers_file.read_bytes())
    changes = differences(answers, open_library(forms_dir), model, to)
    if out:
        write_atomically(out, dump(move_to(answers, model, to)).encode())
    if as_json:
        print_json([difference.to_document() for difference in changes])
        return
    for difference in changes:
        click.echo(printable(f"{difference.kind:<5} {difference.label}"))
        click.echo(printable(f"      {difference.was} -> {difference.now}"))
    click.echo(f"{len(changes)} blanks print differently." if changes else "Nothing prints differently.")
    if out:
        notice(f"{out} is written.")
