"""``moa backup``: the database and the forms of your own editions in one file."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import click

from assistant.cli.database import session
from assistant.cli.options import OUTPUT_FILE, json_option
from assistant.cli.output import counted, notice, print_json
from assistant.config import load
from assistant.disk import PRIVATE, exclusive_work_dir, remove_unfinished, write_atomically
from assistant.editions.catalog import local_editions_dir
from assistant.errors import InputError
from assistant.services.installation.backup import take

if TYPE_CHECKING:
    from pathlib import Path


@click.command()
@click.argument("file", metavar="FILE.zip", type=OUTPUT_FILE)
@json_option
def backup(file: Path, *, as_json: bool) -> None:
    """Copy the database and the forms of your own editions into FILE; the server may run meanwhile.

    The keys are not in it, and it cannot be read without them: keep a copy of the folder instance/keys elsewhere.
    """
    config = load()
    if (path := config.database_file) and not path.is_file():
        raise InputError(
            f"There is nothing to back up yet: no database is at {path}. If your applications are stored elsewhere, "
            "set ASSISTANT_INSTANCE_DIR to that folder and try again."
        )
    config.make_folders()
    with exclusive_work_dir(config.instance_dir) as work:
        remove_unfinished(file)
        with session() as opened:
            opened.commit()
            data, summary = take(opened.get_bind().engine, local_editions_dir(), now=datetime.now(UTC), work=work)
        write_atomically(file, data, mode=PRIVATE)
    if as_json:
        print_json(summary.to_document())
    else:
        contents = f"{counted(summary.applications, 'application')}, {counted(summary.files, 'file')} of own forms"
        if summary.imports:
            contents += f", {counted(summary.imports, 'import')} of facts"
        click.echo(f"{contents}, {summary.bytes:,} bytes.")
    notice(
        f"{file} is written and was read back. It does not include the keys: keep a copy of instance/keys somewhere "
        "else."
    )
