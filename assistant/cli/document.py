"""``moa document``: check a finished agreement from anywhere, or hold a signed copy against the issued file."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from assistant.cli.options import ANSWERS_FILE, INPUT_FILE, forms_option, json_option, today_option
from assistant.cli.output import counted, print_findings, print_json, printable

if TYPE_CHECKING:
    from datetime import date
    from pathlib import Path


@click.group()
def document() -> None:
    """Check a finished agreement, or a signed copy against what was issued."""


@document.command()
@click.argument("file", metavar="FILE.pdf", type=INPUT_FILE)
@json_option
@today_option
@forms_option
@click.option(
    "--lists/--no-lists",
    default=True,
    help="Look the agency up in ICE's lists, where they are loaded; --no-lists gives the same result everywhere.",
)
@click.option(
    "--answers",
    "answers_file",
    metavar="ANSWERS.json",
    type=ANSWERS_FILE,
    help="The answers it was made from: wordings that stand in it as issued are then no findings.",
)
def check(
    file: Path, today: date, forms_dir: Path | None, answers_file: Path | None, *, lists: bool, as_json: bool
) -> int:
    """Review a finished agreement: what is empty, wrong, too small, inconsistent, out of date.

    Ends with status 1 where something blocks, or where too little could be read to judge it ("ready" is null then).

    Its printed text is held against the blank official form, in DIR or as it is kept; its agency against ICE's lists.
    """
    from assistant.answers import parse  # noqa: PLC0415 - `moa document --help` needs none of it
    from assistant.cli.application import open_library  # noqa: PLC0415 - as above
    from assistant.cli.database import session_if_any  # noqa: PLC0415 - as above
    from assistant.services.agreements import agreement_check  # noqa: PLC0415 - as above
    from assistant.services.form_maps import forms  # noqa: PLC0415 - as above

    answers = parse(answers_file.read_bytes()) if answers_file else None
    with session_if_any() as opened:
        library = open_library(forms_dir) if forms_dir else forms.library(opened) if opened else None
        asked = opened if lists else None
        checked = agreement_check.check(file.read_bytes(), today=today, library=library, session=asked, answers=answers)
        found = checked.document
    if as_json:
        print_json(found)
        return 0 if found["ready"] else 1
    revision = f", revised {found['revision']}" if found["revision"] else ""
    click.echo(printable(f"{found['model'] or 'Unknown'} agreement{revision}, {counted(len(found['pages']), 'page')}"))
    print_findings(found["findings"])
    if found["unseen"]:
        click.echo(printable(f"Could not be read here, look yourself: {'; '.join(found['unseen'])}"))
    for row in found["unchecked"]:
        click.echo(printable(f"Not checked: {row['code']}. {row['why']} {row['command']}".rstrip()))
    for row in found.get("lists", ()):
        click.echo(printable(f"Held against ICE's list of {row['kind']} agencies, as of {row['as_of']}."))
    print_counts(found["counts"])
    if found["ready"] is None:
        click.echo(printable(f"Could not be judged. {found['why_not_judged']}"))
    return 0 if found["ready"] else 1


@document.command()
@click.argument("signed", metavar="SIGNED.pdf", type=INPUT_FILE)
@click.option("--against", "issued", metavar="ISSUED.pdf", type=INPUT_FILE, required=True, help="The file as issued.")
@json_option
def verify(signed: Path, issued: Path, *, as_json: bool) -> int:
    """Say whether a signed or scanned copy is the document that was issued.

    Looks at pages, order, rotation, text, signature and date, and at ICE's side. What cannot be told is called unclear
    or unreadable; a person looks at every page, and confirms.
    """
    from assistant.services.agreements import verify_signed_copy  # noqa: PLC0415 - `moa document --help` needs none of it

    names = {"signed_name": signed.name, "issued_name": issued.name}
    found = verify_signed_copy.verify(signed.read_bytes(), issued.read_bytes(), **names)
    if as_json:
        print_json(found)
        return 0 if found["ready"] else 1
    alike = "Every page is like the issued one" if found["same_document"] else "Not shown to be the issued document"
    click.echo(f"{alike}: {counted(len(found['pages']), 'page')} issued, {found['signed_pages']} in the signed copy.")
    for page in found["pages"]:
        like = "" if page["similarity"] is None else f", likeness {page['similarity']:.3f}"
        turned = f", turned by {page['rotation']} degrees" if page["rotation"] else ""
        click.echo(f"  p. {page['page']}: {page['verdict']}{like}{turned}")
    empty = {True: "yes", False: "no", None: "unclear"}[found["ice_side_empty"]]
    click.echo(f"Signature: {found['signature']}. Date: {found['date']}. ICE's side empty: {empty}.")
    print_findings(found["findings"])
    for sentence in found["limits"]:
        click.echo(printable(sentence))
    print_counts(found["counts"])
    return 0 if found["ready"] else 1


def print_counts(counts: dict[str, int]) -> None:
    """Print how many findings there are of each severity."""
    click.echo(f"{', '.join(counted(number, severity) for severity, number in counts.items())}.")
