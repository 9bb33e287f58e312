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
def check(file: Path, today: date, forms_dir: Path | None, *, as_json: bool) -> int:  # noqa: ARG001 - the rules need no blank form
    """Review a finished agreement: what is empty, wrong, too small, inconsistent, out of date."""
    from assistant.services import checking  # noqa: PLC0415 - `moa document --help` needs none of it

    found = checking.check(file.read_bytes(), today=today).document
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
    counts = found["counts"]
    click.echo(f"{counts['blocker']} blockers, {counts['warning']} warnings, {counts['note']} notes.")
    return 0 if found["ready"] else 1
