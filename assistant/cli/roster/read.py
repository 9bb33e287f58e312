"""``moa roster read``: read nominees from FILE, a .csv or .xlsx."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from assistant.cli.options import INPUT_FILE, OUTPUT_FILE, json_option, refuse_same
from assistant.cli.output import notice, print_json, printable
from assistant.disk import write_atomically
from assistant.roster import ALL_SHEETS, annotate, read_roster

if TYPE_CHECKING:
    from pathlib import Path

    from assistant.roster import Remark


@click.command("read")
@click.argument("file", type=INPUT_FILE)
@click.option(
    "--marked", type=OUTPUT_FILE, metavar="FILE.xlsx", help="Also write a copy that says next to each row what to do."
)
@click.option("--sheet", "sheets", multiple=True, metavar="NAME", help="Read this sheet. Repeat it for more.")
@click.option("--all-sheets", is_flag=True, help="Read every sheet that lists people, as one list.")
@json_option
def read_command(file: Path, marked: Path | None, sheets: tuple[str, ...], *, all_sheets: bool, as_json: bool) -> int:
    """Read nominees from FILE, a .csv or .xlsx.

    A cell that cannot be read is listed by row (the sheet's first is 1) and column, and the person is kept without
    that answer. Rows that name nobody are set aside and shown. Exit status 1 where a cell has to be corrected.
    """
    data = file.read_bytes()
    roster = read_roster(data, (ALL_SHEETS,) if all_sheets else sheets)
    if marked:
        refuse_same(marked, file)
        write_atomically(marked, annotate(data, roster))
        notice(f"Wrote {marked}.")
    if as_json:
        print_json(roster.to_document())
    else:
        _print_remarks("Correct", roster.errors)
        _print_remarks("Look at", roster.warnings)
        rows = len({error.row for error in roster.errors})
        click.echo(f"{len(roster.nominees)} nominees read, {rows} {'row' if rows == 1 else 'rows'} to correct.")
    return 1 if roster.errors else 0


def _print_remarks(title: str, remarks: tuple[Remark, ...]) -> None:
    if remarks:
        click.echo(f"{title}:")
    for remark in remarks:
        place = ", ".join(part for part in (f"row {remark.row}" if remark.row else "", remark.column or "") if part)
        click.echo(printable(f"  {place + ': ' if place else ''}{remark.message}"))
