"""``moa program import``: load FILE, a list as ICE publishes it, in place of the last one of its kind."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import click

from assistant.agencies import read_list
from assistant.agencies.dating import as_of_day, named_day
from assistant.cli.database import session
from assistant.cli.options import INPUT_PATH, json_option
from assistant.cli.output import notice, print_json, printable
from assistant.errors import InputError
from assistant.services.published_lists.listings import import_list

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date
    from pathlib import Path

    from assistant.agencies import ListKind
    from assistant.services.published_lists.listings import ImportResult


SHEETS = (".xlsx", ".csv")
PARTS_OF_DAY = ("am", "mid", "pm")
"""What ICE writes behind the day of a list, in order; a name with none of them comes first."""


@click.command("import")
@click.argument("files", metavar="FILE|FOLDER...", nargs=-1, required=True, type=INPUT_PATH)
@click.option("--pending", is_flag=True, help="FILE is the list of pending agencies.")
@click.option(
    "--force", is_flag=True, help="Load FILE as the list that its columns show, even if the option says otherwise."
)
@json_option
def import_command(files: tuple[Path, ...], *, pending: bool, force: bool, as_json: bool) -> int:
    """Load FILE, a list as ICE publishes it, to replace the last one of its kind.

    What FILE is, its columns say: ICE has published lists under each other's names, and such a file is loaded with a
    notice. What the list no longer names is kept as removed. Cells that cannot be read are listed by row; the rows
    are kept.

    Several files, or a folder of them, are loaded one after the other, the oldest first. One that cannot be used is
    named, and the others are loaded; the exit status is 1 then.
    """
    if len(files) == 1 and files[0].is_file():
        result = _load(files[0], pending=pending, force=force)
        for sentence in result.notices:
            notice(sentence)
        if as_json:
            print_json(result.to_document())
        else:
            _print_result(result)
        return 0
    return _load_all(_oldest_first(files), pending=pending, force=force, as_json=as_json)


def _load(file: Path, *, pending: bool, force: bool) -> ImportResult:
    data, named = file.read_bytes(), _expected(file.name)
    if pending and named != "pending" and not force and read_list(data).kind != "pending":
        raise InputError(
            "This is the list of participating agencies, because it has a column SIGNED. Load it without "
            "--pending, or add --force."
        )
    with session() as opened:
        expected: ListKind | None = "pending" if pending else named
        return import_list(opened, data, filename=file.name, now=datetime.now(UTC), expected=expected)


def _load_all(files: Sequence[Path], *, pending: bool, force: bool, as_json: bool) -> int:
    """Load files one after the other, and say of each what came of it."""
    results, failures = [], 0
    for file in files:
        try:
            results.append(_load(file, pending=pending, force=force))
        except InputError as error:
            failures += 1
            notice(f"{file.name}: {error}")
            continue
        for sentence in results[-1].notices:
            notice(f"{file.name}: {sentence}")
        if not as_json:
            click.echo(printable(f"{file.name}:"))
            _print_result(results[-1])
    if not results:
        raise InputError("None of these files could be loaded. Choose lists as ICE publishes them.")
    if as_json:
        print_json([result.to_document() for result in results])
    return 1 if failures else 0


def _oldest_first(paths: Sequence[Path]) -> list[Path]:
    """Return the files, and those of the folders, by the day of each list; one that cannot be read keeps its place."""
    files = [file for path in paths for file in (_sheets_in(path) if path.is_dir() else [path])]
    if not files:
        raise InputError("There is no .xlsx or .csv file in this folder. Choose a folder of ICE's lists.")
    today = datetime.now(UTC).date()

    def day_of(file: Path) -> tuple[date, int, str]:
        parts = [number for number, part in enumerate(PARTS_OF_DAY, 1) if file.stem.lower().rstrip("b9").endswith(part)]
        try:
            day = as_of_day(read_list(file.read_bytes()), file.name, today)
        except InputError:
            day = named_day(file.name) or today
        return day, parts[0] if parts else 0, file.name

    return sorted(files, key=day_of)


def _sheets_in(folder: Path) -> list[Path]:
    return sorted(file for file in folder.iterdir() if file.is_file() and file.suffix.lower() in SHEETS)


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
