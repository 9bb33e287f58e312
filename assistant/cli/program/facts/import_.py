"""``moa program facts import``: take in newer files of laws, field offices, counties and program facts."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import click

from assistant.cli.options import INPUT_FOLDER, json_option, today_option
from assistant.cli.output import counted, notice, print_json, printable
from assistant.errors import InputError
from assistant.services.installation.import_facts import import_facts

if TYPE_CHECKING:
    from datetime import date
    from pathlib import Path

    from assistant.services.installation.import_facts import FileResultDocument


@click.command("import")
@click.argument("folder", metavar="DIR", type=INPUT_FOLDER)
@json_option
@today_option
def import_command(folder: Path, today: date, *, as_json: bool) -> int:
    """Take in the newer files of facts in DIR: laws, field offices, counties, program facts.

    The files are state_laws.csv, field_offices.csv, field_offices_split_counties.csv and program_facts.csv; others are
    left alone. The first three hold all facts of their kind; program_facts.csv holds those that changed. Every row is
    checked. Where one is bad, nothing of its file is taken, and the exit status is 1. What stood before stays in the
    history. A server that runs uses the new facts at once.
    """
    result = import_facts(folder, now=datetime.now(UTC), today=today)
    bad = [row for row in result["files"] if not row["is_taken"]]
    if as_json and len(bad) < len(result["files"]):
        print_json(result)
    for row in result["files"]:
        for sentence in row["notices"]:
            notice(f"{row['file']}: {sentence}")
        _print_problems(row)
        if not as_json and row["is_taken"]:
            click.echo(printable(f"{row['file']}: {_summary(row)}"))
    if result["ignored"] and not as_json:
        click.echo(printable(f"Left alone: {', '.join(result['ignored'])}."))
    if len(bad) == len(result["files"]):
        raise InputError("Nothing was taken, because every file has a row to correct. Correct it and import again.")
    if not as_json:
        click.echo(_end(result["imported"]))
    return 1 if bad else 0


def _print_problems(row: FileResultDocument) -> None:
    for problem in row["problems"]:
        place = f"line {problem['line']}" if problem["line"] else "the whole file"
        column = f", column {problem['column']}" if problem["column"] else ""
        notice(f"{row['file']}, {place}{column}: {problem['message']}")
    if row["problems"]:
        notice(f"{row['file']} was not taken.")


def _summary(row: FileResultDocument) -> str:
    return (
        f"{counted(row['rows'], 'row')}. Facts: {row['added']} added, {row['changed']} changed, "
        f"{row['checked_again']} with a new source or day, {row['removed']} removed, {row['unchanged']} as before."
    )


def _end(number: int | None) -> str:
    if number is None:
        return "Nothing is new: these facts are in force already."
    return f"This is import {number}. `moa program facts history` shows what stood before."
