"""``moa program facts export``: the facts in force as files that can be changed and imported again."""

from __future__ import annotations

from pathlib import Path

import click

from assistant.cli.output import counted
from assistant.disk import put_all
from assistant.errors import InputError
from assistant.program.fact_files import files_in_force


@click.command("export")
@click.argument("folder", metavar="DIR", type=click.Path(file_okay=False, path_type=Path))
def export_command(folder: Path) -> None:
    """Write the facts in force as files into DIR, to change them and import them again."""
    files = files_in_force()
    there = [name for name in files if (folder / name).exists()]
    if there:
        raise InputError(f"{folder} has a file {there[0]} already. Name another folder.")
    put_all({folder / name: data for name, data in files.items()})
    click.echo(f"{counted(len(files), 'file')} in {folder}: {', '.join(files)}.")
