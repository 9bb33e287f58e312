"""``moa document check``: review a finished agreement: what is empty, wrong, too small, inconsistent, out of date."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from assistant.answers import parse
from assistant.cli.database import session_if_any
from assistant.cli.form_library import open_library
from assistant.cli.options import ANSWERS_FILE, INPUT_FILE, forms_option, json_option, today_option
from assistant.cli.output import counted, print_counts, print_findings, print_json, printable
from assistant.services.agreements import agreement_check
from assistant.services.form_maps import forms

if TYPE_CHECKING:
    from datetime import date
    from pathlib import Path


@click.command("check")
@click.argument("file", metavar="FILE.pdf", type=INPUT_FILE)
@json_option
@today_option
@forms_option
@click.option(
    "--lists/--no-lists",
    default=True,
    help="Look up the agency in ICE's lists, if they are loaded; --no-lists gives the same result everywhere.",
)
@click.option(
    "--answers",
    "answers_file",
    metavar="ANSWERS.json",
    type=ANSWERS_FILE,
    help="The answers it was made from; wordings that match what was issued are then not findings.",
)
def check(
    file: Path, today: date, forms_dir: Path | None, answers_file: Path | None, *, lists: bool, as_json: bool
) -> int:
    """Review a finished agreement for what is empty, wrong, too small, inconsistent or out of date.

    Ends with status 1 where something blocks, or where too little could be read to judge it ("ready" is null then).

    Its printed text is compared with the blank official form, in DIR or as stored here; its agency with ICE's lists.
    """
    answers = parse(answers_file.read_bytes()) if answers_file else None
    with session_if_any() as opened:
        library = open_library(forms_dir) if forms_dir else forms.library(opened) if opened else None
        session_for_lists = opened if lists else None
        result = agreement_check.check(
            file.read_bytes(), today=today, library=library, session=session_for_lists, answers=answers
        )
        document = result.document
    if as_json:
        print_json(document)
        return 0 if document["ready"] else 1
    revision = f", revised {document['revision']}" if document["revision"] else ""
    click.echo(
        printable(f"{document['model'] or 'Unknown'} agreement{revision}, {counted(len(document['pages']), 'page')}")
    )
    print_findings(document["findings"])
    if document["unseen"]:
        click.echo(printable(f"This program could not read these, so look yourself: {'; '.join(document['unseen'])}"))
    for row in document["unchecked"]:
        click.echo(printable(f"Not checked: {row['code']}. {row['why']} {row['command']}".rstrip()))
    for loaded in document.get("lists", ()):
        click.echo(printable(f"Compared with ICE's list of {loaded['kind']} agencies, as of {loaded['as_of']}."))
    print_counts(document["counts"])
    if document["ready"] is None:
        click.echo(printable(f"Could not be judged. {document['why_not_judged']}"))
    return 0 if document["ready"] else 1
