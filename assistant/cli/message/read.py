"""``moa message read``: what a saved message is, and which of its attachments are signed copies or exported files."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import click

from assistant.cli.database import session
from assistant.cli.options import json_option
from assistant.cli.output import print_json, printable
from assistant.program import recipient_address
from assistant.services.application.message_match import read_and_match
from assistant.services.installation.agencies import local_agency

KIND_WORDS = {
    "sent": "A message to {}.",
    "reply": "A message from ICE.",
    "other": "Neither a message to {} nor one from ICE.",
}
COPY_WORDS = {
    "signed": "is the signed copy of {}",
    "replaced": "is an earlier signed copy of {}, which another one replaced",
    "exported": "is the exported {}",
    "draft": "is the exported {}, a draft",
}


@click.command("read")
@click.argument("file", metavar="FILE.eml|FILE.msg", type=click.Path(exists=True, dir_okay=False))
@json_option
def read(file: str, *, as_json: bool) -> None:
    """Say what a saved message is, and which attachments are signed copies or exported files.

    Nothing is stored.
    """
    data = Path(file).read_bytes()
    with session() as opened:
        result = read_and_match(opened, local_agency(opened, now=datetime.now(UTC)).id, data)
    if as_json:
        print_json(result)
        return
    sent_to = KIND_WORDS[result["kind"]].format(recipient_address())
    click.echo("It is a draft that was never sent." if result["draft"] else sent_to)
    rows = {
        "From": result["from"] or "not named",
        "To": ", ".join(result["to"]) or "nobody named",
        "Date": result["date"] or "not named",
        "Subject": result["subject"],
        "Application": result["application"] or "none that fits",
    }
    for name, text in rows.items():
        click.echo(printable(f"{name}: {text}"))
    for item in result["attachments"]:
        words = COPY_WORDS[item["copy"]] if item["copy"] else "is no signed copy and no exported file of this program"
        click.echo(printable(f"  {item['name']} {words.format(item['matches'] or 'a document')}"))
