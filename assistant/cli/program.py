"""``moa program``: ICE's published lists, loaded, searched and counted."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from assistant.cli.options import INPUT_FILE, OUTPUT_FILE, json_option
from assistant.cli.output import notice, print_json, printable
from assistant.disk import write_atomically
from assistant.errors import InputError

if TYPE_CHECKING:
    from pathlib import Path

    from assistant.agencies import ListKind
    from assistant.services.published_lists.listings import ImportResult

WIDTH_OF_BARS = 40


@click.group()
def program() -> None:
    """Load and search ICE's published lists."""


@program.command("import")
@click.argument("file", type=INPUT_FILE)
@click.option("--pending", is_flag=True, help="FILE is the list of pending agencies.")
@click.option("--force", is_flag=True, help="Load FILE as what its columns say, whatever it is given as.")
@json_option
def import_command(file: Path, *, pending: bool, force: bool, as_json: bool) -> None:
    """Load FILE, a list as ICE publishes it, in place of the last one of its kind.

    What FILE is, its columns say: ICE has published lists under each other's names, and such a file is loaded with a
    notice. What the list no longer names is kept as removed. Cells that cannot be read are listed by row; the rows
    are kept.
    """
    from datetime import UTC, datetime  # noqa: PLC0415 - `moa program --help` needs none of it

    from assistant.agencies import read_list  # noqa: PLC0415 - as above
    from assistant.cli.database import session  # noqa: PLC0415 - as above
    from assistant.services.published_lists.listings import import_list  # noqa: PLC0415 - as above

    data, named = file.read_bytes(), _expected(file.name)
    if pending and named != "pending" and not force and read_list(data).kind != "pending":
        raise InputError(
            "This is the list of participating agencies, for it has a column SIGNED; load it without --pending, or add "
            "--force."
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
        f"{result.removed:,} removed, {len(result.unreadable):,} to look at."
    )


@program.command("find")
@click.argument("name")
@click.option("--state", metavar="ST", help="Only this state, by postal code or name.")
@click.option("--limit", type=click.IntRange(1, 1000), default=20, show_default=True, help="Show so many at most.")
@json_option
def find_command(name: str, state: str | None, limit: int, *, as_json: bool) -> None:
    """Look an agency up by NAME, in whatever spelling, among participating and pending ones."""
    from assistant.agencies.words import state_of  # noqa: PLC0415 - as above
    from assistant.cli.database import session  # noqa: PLC0415 - as above
    from assistant.services.published_lists.listings import find, last_import  # noqa: PLC0415 - as above

    code = state_of(state) if state else None
    if state and code is None:
        raise InputError("There is no such state: give its two-letter postal code, for example FL.")
    with session() as opened:
        matches = find(opened, name, state=code, limit=limit)
        if last_import(opened, "participating") is None:
            notice("No list of participating agencies is loaded; load one with `moa program import FILE.xlsx`.")
    if as_json:
        print_json([match.to_document() for match in matches])
        return
    for match in matches:
        signed = f"signed {match.signed.isoformat()}" if match.signed else match.status
        click.echo(printable(f"{match.match:.2f}  {match.state}  {match.model or '?':4}  {match.agency}, {signed}"))
    if not matches:
        click.echo("No agency with such a name is listed.")


@program.command("report")
@click.option("--chart", type=OUTPUT_FILE, metavar="FILE.svg", help="Draw the agreements by month.")
@json_option
def report_command(chart: Path | None, *, as_json: bool) -> None:
    """Count agreements by model, state and month, and pending ones, from the last lists loaded."""
    from assistant.agencies.chart import bars_by_month  # noqa: PLC0415 - as above
    from assistant.cli.database import session  # noqa: PLC0415 - as above
    from assistant.services.published_lists.listings import report  # noqa: PLC0415 - as above

    with session() as opened:
        found = report(opened)
    if chart:
        title = f"287(g) agreements by month of signing, list of {found['as_of'] or 'no date'}"
        write_atomically(chart, bars_by_month(found["by_month"], title=title).encode())
        notice(f"Wrote {chart}.")
    if as_json:
        print_json(found)
    else:
        _print_report(found)


def _print_report(found: dict[str, Any]) -> None:
    if found["as_of"] is None:
        click.echo("No list of participating agencies is loaded; load one with `moa program import FILE.xlsx`.")
    else:
        click.echo(f"As of {found['as_of']}: {found['total']:,} agreements in {found['states']} states.")
    for model, count in found["by_model"].items():
        click.echo(f"  {model:8} {count['agreements']:6,} in {count['states']} states")
    pending = found["pending"]
    if pending["as_of"]:
        click.echo(f"Pending as of {pending['as_of']}: {pending['total']:,} in {pending['states']} states.")
    _print_counts("By state", found["by_state"])
    _print_counts("By month of signing", found["by_month"])


def _print_counts(title: str, counts: dict[str, int]) -> None:
    if not counts:
        return
    click.echo(f"{title}:")
    most = max(counts.values())
    for name, count in counts.items():
        click.echo(printable(f"  {name:8} {count:6,}  {'#' * round(count / most * WIDTH_OF_BARS)}".rstrip()))
