"""``moa roster read``: read nominees from FILE, a .csv or .xlsx."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from assistant.cli.options import INPUT_FILE, OUTPUT_FILE, json_option, refuse_same
from assistant.cli.output import counted, notice, print_json, printable
from assistant.disk import write_atomically
from assistant.roster import ALL_SHEETS, annotate, read_roster
from assistant.roster.headings import HEADINGS

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from assistant.roster import Remark, Roster

ROWS_SHOWN = 20
"""Rows of one kind that are printed."""


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
        _print_columns(roster)
        _print_remarks("Correct", roster.errors)
        _print_set_aside(roster)
        reasons = tuple({row.why for row in roster.set_aside})
        _print_remarks("Look at", [remark for remark in roster.warnings if not remark.message.endswith(reasons)])
        _print_names(roster)
        rows = sum(bool(person.questions) for person in roster.people)
        click.echo(f"{counted(len(roster.nominees), 'nominee')} read, {counted(rows, 'row')} to correct.")
    return 1 if roster.errors else 0


def _print_columns(roster: Roster) -> None:
    click.echo("Columns:")
    for column in roster.columns:
        if column.answer:
            answer = HEADINGS.get(column.answer, column.answer.replace("_", " ").replace(":", " "))
            doubt = "" if column.is_sure else " (not sure, check it)"
            click.echo(printable(f"  {column.heading}: {answer}{doubt}"))


def _print_set_aside(roster: Roster) -> None:
    if roster.set_aside:
        click.echo("Set aside, not read as nominees:")
    for row in roster.set_aside[:ROWS_SHOWN]:
        place = f"sheet {row.sheet}, row {row.sheet_row}" if len(roster.sheets) > 1 else f"row {row.sheet_row}"
        click.echo(printable(f"  {place}: {row.text + ': ' if row.text else ''}{row.why}"))
    _print_more(len(roster.set_aside))


def _print_names(roster: Roster) -> None:
    names = [
        (person, cell)
        for person in roster.people
        for cell in person.cells
        if cell.field.endswith("name") and not cell.is_question and cell.text != cell.value
    ]
    if names:
        click.echo("Names that were put in order:")
    for person, cell in names[:ROWS_SHOWN]:
        click.echo(printable(f"  row {person.sheet_row}: {cell.text} -> {cell.value}"))
    _print_more(len(names))


def _print_more(count: int) -> None:
    if count > ROWS_SHOWN:
        click.echo(f"  and {count - ROWS_SHOWN:,} more (--json lists all)")


def _print_remarks(title: str, remarks: Sequence[Remark]) -> None:
    if remarks:
        click.echo(f"{title}:")
    for remark in remarks:
        place = ", ".join(part for part in (f"row {remark.row}" if remark.row else "", remark.column or "") if part)
        click.echo(printable(f"  {place + ': ' if place else ''}{remark.message}"))
