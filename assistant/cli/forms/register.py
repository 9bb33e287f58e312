"""``moa forms register``: take a draft that you have looked through in among the known editions."""

from __future__ import annotations

import pathlib
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import click

from assistant.cli.database import begin_reading, session
from assistant.cli.forms.what_changed import say_what_changed
from assistant.cli.options import INPUT_FILE
from assistant.services.form_maps.register_edition import register_form

if TYPE_CHECKING:
    from pathlib import Path


FOLDER = click.Path(exists=True, file_okay=False, path_type=pathlib.Path)


@click.command("register")
@click.argument("folder", type=FOLDER)
@click.argument("file", type=INPUT_FILE)
def register(folder: Path, file: Path) -> None:
    """Register a draft that you have checked as a known edition, and add its form FILE."""
    with session() as opened:
        begin_reading(opened)
        data = file.read_bytes()
        edition = register_form(opened, folder, data, now=datetime.now(UTC), before_keeping=opened.commit)
        opened.commit()  # before it is printed: whoever reads may close the pipe
        click.echo(f"{edition.name} is registered, and its form is added.")
        begin_reading(opened)
        say_what_changed(opened, edition.name, data)
