"""``moa document``: check a finished agreement from anywhere."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from assistant.cli.options import INPUT_FILE, forms_option, json_option, today_option
from assistant.cli.output import print_json, printable

if TYPE_CHECKING:
    from datetime import date
    from pathlib import Path


@click.group()
def document() -> None:
    """Check a finished agreement."""


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
def check(file: Path, today: date, forms_dir: Path | None, *, lists: bool, as_json: bool) -> int:
    """Review a finished agreement: what is empty, wrong, too small, inconsistent, out of date.

    Its printed text is held against the blank official form, in DIR or as it is kept; its agency against ICE's lists.
    """
    from assistant.cli.application import open_library  # noqa: PLC0415 - `moa document --help` needs none of it
    from assistant.cli.database import session_if_any  # noqa: PLC0415 - as above
    from assistant.services import checking, forms  # noqa: PLC0415 - as above

    with session_if_any() as opened:
        library = open_library(forms_dir) if forms_dir else forms.library(opened) if opened else None
        asked = opened if lists else None
        found = checking.check(file.read_bytes(), today=today, library=library, session=asked).document
    if as_json:
        print_json(found)
        return 0 if found["ready"] else 1
    revision = f", revised {found['revision']}" if found["revision"] else ""
    click.echo(printable(f"{found['model'] or 'Unknown'} agreement{revision}, {len(found['pages'])} pages"))
    titles = {"blocker": "Blockers", "warning": "Warnings", "note": "Notes"}
    for severity, title in titles.items():
        chosen = [finding for finding in found["findings"] if finding["severity"] == severity]
        if chosen:
            click.echo(f"{title} ({len(chosen)})")
        for finding in chosen:
            click.echo(printable(f"  {finding['code']}  {finding['where']}"))
            click.echo(printable(f"    {finding['message']}"))
            click.echo(printable(f"    [{finding['source']}]"))
    if found["unseen"]:
        click.echo(printable(f"Could not be read here, look yourself: {'; '.join(found['unseen'])}"))
    for row in found["unchecked"]:
        click.echo(printable(f"Not checked: {row['code']}. {row['why']}"))
    for row in found.get("lists", ()):
        click.echo(printable(f"Held against ICE's list of {row['kind']} agencies, as of {row['as_of']}."))
    counts = found["counts"]
    click.echo(f"{counts['blocker']} blockers, {counts['warning']} warnings, {counts['note']} notes.")
    return 0 if found["ready"] else 1
