"""``moa doctor``: is this installation in order?"""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import click

from assistant.cli.options import json_option
from assistant.cli.output import print_json, printable
from assistant.cli.passphrase import read_keys
from assistant.config import load
from assistant.services.form_maps.edition_drafts import left_out
from assistant.services.installation.doctor import examine
from assistant.storage.sealing import is_protected

if TYPE_CHECKING:
    from assistant.config import Config

MARKS = {"ok": "ok     ", "warning": "warning", "problem": "PROBLEM"}


@click.command()
@json_option
def doctor(*, as_json: bool) -> int:
    """Check keys, files, database, disk, clock, forms and fonts of this installation, and change nothing.

    Exit status 1 where something must be put right. No key and no name is ever printed.
    """
    config = load()
    wrapping = read_keys(config).wrapping if is_protected(config.keyring_file) and _can_ask(config) else None
    checks = examine(config, unreadable_maps=left_out(), wrapping=wrapping, now=datetime.now(UTC))
    is_sound = not any(check.state == "problem" for check in checks)
    if as_json:
        print_json({"ok": is_sound, "checks": [check.to_document() for check in checks]})
        return 0 if is_sound else 1
    for check in checks:
        click.echo(printable(f"{MARKS[check.state]}  {check.name}: {check.message}"))
    click.echo("Nothing must be put right." if is_sound else "Put right what is marked PROBLEM.")
    return 0 if is_sound else 1


def _can_ask(config: Config) -> bool:
    return bool(config.passphrase_file) or sys.stdin.isatty()
