"""``moa application package``: make the sending package: the signed copies, and the e-mail draft that carries them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from assistant.answers import parse
from assistant.cli.form_library import open_library
from assistant.cli.options import (
    ANSWERS_FILE,
    INPUT_FILE,
    OUTPUT_FILE,
    forms_option,
    json_option,
    refuse_same,
    today_option,
)
from assistant.cli.output import counted, notice, print_json, print_review, printable, with_commands
from assistant.disk import write_atomically
from assistant.services.agreements.signed_copies import package as make_package

if TYPE_CHECKING:
    from datetime import date
    from pathlib import Path


@click.command("package")
@click.argument("answers_file", metavar="ANSWERS.json", type=ANSWERS_FILE)
@click.option(
    "--signed",
    type=INPUT_FILE,
    required=True,
    multiple=True,
    metavar="FILE.pdf",
    help="A signed copy; repeat for each one.",
)
@click.option("--out", type=OUTPUT_FILE, required=True, metavar="FILE.zip", help="Write the package here.")
@json_option
@today_option
@forms_option
def package(
    answers_file: Path, signed: tuple[Path, ...], out: Path, today: date, forms_dir: Path | None, *, as_json: bool
) -> int:
    """Make the package to send: the signed copies, and an e-mail draft with them attached.

    Each copy is read, and what is wrong or missing is said. Exit status 1 where something blocks, or where
    copies could not be judged ("ready" is null then); look at them, and at every page, before you send. Nothing is
    written where one copy is too heavy for a message; copies that are too heavy together go in several messages.
    """
    refuse_same(out, answers_file, *signed)
    names = [file.name for file in signed]
    if twice := next((name for name in names if names.count(name) > 1), None):
        raise click.UsageError(f"Two files are named {twice}; give each signed copy once, under its own name")
    signed_files = {file.name: file.read_bytes() for file in signed}
    package_file = make_package(
        parse(answers_file.read_bytes()), signed_files, today=today, library=open_library(forms_dir)
    )
    write_atomically(out, package_file.data)
    if as_json:
        print_json(package_file.to_document())
    else:
        for copy in package_file.copies:
            click.echo(printable(f"{copy.name}: {copy.file_name}, {counted(copy.pages, 'page')}"))
        print_review(with_commands(package_file.review), what="sending")
        if package_file.ready is None:
            click.echo(
                "This program could not judge some copies. Open them and look at every page before you send them."
            )
    notice(f"{out} is written: {len(package_file.data):,} bytes. Nothing has been sent.")
    return 0 if package_file.ready else 1
