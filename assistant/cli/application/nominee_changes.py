"""``moa application nominee-changes``: tell ICE who is added, who leaves, whose authority is to be revoked."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from assistant.answers import parse
from assistant.cli.options import ANSWERS_FILE, IsoDate, today_option
from assistant.cli.output import counted, notice
from assistant.disk import write_atomically
from assistant.documents.nominee_changes import (
    LETTER,
    ROSTER,
    SHEET,
    NomineeChange,
    nominee_changes_letter,
    nominee_changes_roster,
    nominee_changes_sheet,
)
from assistant.errors import InputError
from assistant.services.after_export.nominee_changes import find_named

if TYPE_CHECKING:
    from datetime import date

    from assistant.answers import Nominee

MAKERS = {LETTER: nominee_changes_letter, ROSTER: nominee_changes_roster, SHEET: nominee_changes_sheet}


@click.command("nominee-changes")
@click.argument("answers_file", metavar="ANSWERS.json", type=ANSWERS_FILE)
@click.option("--added", multiple=True, metavar="NAME", help="Nominated in addition; repeat for each one.")
@click.option("--leaves", multiple=True, metavar="NAME", help="Stops taking part; repeat for each one.")
@click.option("--revoked", multiple=True, metavar="NAME", help="Authority to be revoked; repeat for each one.")
@click.option("--from", "effective", type=IsoDate(), metavar="DATE", help="The day of the change; by default today.")
@click.option(
    "--out",
    type=click.Path(file_okay=False, path_type=Path),
    required=True,
    metavar="DIR",
    help="Write the letter and the roster here, as PDF and as a workbook.",
)
@today_option
def nominee_changes(
    answers_file: Path,
    *,
    added: tuple[str, ...],
    leaves: tuple[str, ...],
    revoked: tuple[str, ...],
    effective: date | None,
    out: Path,
    today: date,
) -> None:
    """Write a letter and a roster of nominees who are added, who leave, or lose their authority.

    A name is written as in the answers file. The files name only the people who change.
    """
    answers = parse(answers_file.read_bytes())
    if not answers.models:
        raise InputError("No model is chosen yet, so there is no agreement to change. Choose one first.")
    named = [
        *find_named(answers.nominees, added, "added"),
        *find_named(answers.nominees, leaves, "leaves"),
        *find_named(answers.nominees, revoked, "revoked"),
    ]
    if not named:
        raise InputError("Name at least one nominee with --added, --leaves or --revoked.")
    people: list[Nominee] = [nominee for _, nominee in named]
    if twice := next((one.full_name for one in people if people.count(one) > 1), None):
        raise InputError(f"{twice} is named twice. Name each nominee once.")
    changes = [NomineeChange(kind=kind, nominee=nominee) for kind, nominee in named]
    files = {name: make(answers, changes, effective=effective or today, today=today) for name, make in MAKERS.items()}
    out.mkdir(parents=True, exist_ok=True)
    for name, data in files.items():
        write_atomically(out / name, data)
    notice(f"{out} has the letter and the roster of {counted(len(changes), 'change')}. Nothing has been sent.")
