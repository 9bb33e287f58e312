"""``moa program import``: load FILE, a list as ICE publishes it, in place of the last one of its kind."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import click

from assistant.agencies import read_list
from assistant.cli.database import session
from assistant.cli.options import INPUT_FILE, json_option
from assistant.cli.output import notice, print_json, printable
from assistant.errors import InputError
from assistant.services.published_lists.listings import import_list

if TYPE_CHECKING:
    from pathlib import Path

    from assistant.agencies import ListKind
    from assistant.services.published_lists.listings import ImportResult


@click.command("import")
@click.argument("file", type=INPUT_FILE)
@click.option("--pending", is_flag=True, help="FILE is the list of pending agencies.")
@click.option(
    "--force", is_flag=True, help="Load FILE as the list that its columns show, even if the option says otherwise."
)
@json_option
def import_command(file: Path, *, pending: bool, force: bool, as_json: bool) -> None:
    """Load FILE, a list as ICE publishes it, to replace the last one of its kind.

    What FILE is, its columns say: ICE has published lists under each other's names, and such a file is loaded with a
    notice. What the list no longer names is kept as removed. Cells that cannot be read are listed by row; the rows
    are kept.
    """
    data, named = file.read_bytes(), _expected(file.name)
    if pending and named != "pending" and not force and read_list(data).kind != "pending":
        raise InputError(
            "This is the list of participating agencies, because it has a column SIGNED. Load it without "
            "--pending, or add --force."
        )
    with session() as opened:
        expected: ListKind | None = "pending" if pending else named
        result = import_list(opened, data, filename=file.name, now=datetime.now(UTC), expected=expected)
    for sentence in result.notices:
        notice(sentence)
    if as_json:
        print_json(result.to_document())
    else:
        _print_result(result)


def _expected(name: str) -> ListKind | None:
    """Return what a file says it is by its name, as ICE names its lists."""
    kinds: tuple[ListKind, ...] = ("participating", "pending")
    return next((kind for kind in kinds if name.lower().startswith(kind)), None)


def _print_result(result: ImportResult) -> None:
    for row in result.unreadable:
        click.echo(printable(f"  row {row.row}: {row.why}"))
    click.echo(
        f"{result.rows:,} {result.kind} rows: {result.added:,} added, {result.changed:,} changed, "
        f"{result.removed:,} removed, {len(result.unreadable):,} to check."
    )
