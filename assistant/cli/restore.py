"""``moa restore``: bring a backup back."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import click

from assistant.cli.options import INPUT_FILE, json_option
from assistant.cli.output import counted, notice, print_json
from assistant.cli.passphrase import read_keys
from assistant.config import load
from assistant.disk import exclusive_work_dir
from assistant.errors import InputError
from assistant.services.installation.restore import restore as put_back

if TYPE_CHECKING:
    from pathlib import Path

    from assistant.services.installation.restore import Restored


@click.command()
@click.argument("file", metavar="FILE.zip", type=INPUT_FILE)
@json_option
def restore(file: Path, *, as_json: bool) -> None:
    """Put what FILE holds in the place of the database and of the forms of your own editions, all or nothing.

    What is there now is first backed up into the instance folder; a damaged database gets another name and stays. The
    keys must be those that the backup was made with: on a new machine, copy your folder instance/keys there first.
    """
    config = load()
    data = file.read_bytes()
    if not config.keyring_file.is_file():
        raise InputError(
            f"There are no keys in {config.keys_dir}. Copy the folder instance/keys from the installation that "
            "made the backup to that place, and run the command again."
        )
    config.make_folders()
    with exclusive_work_dir(config.instance_dir) as work:
        keyring = read_keys(config)
        result = put_back(data, config.database, config.instance_dir, keyring, now=datetime.now(UTC), work=work)
    if as_json:
        print_json(
            result.backup.to_document()
            | {
                "before": str(result.before) if result.before else None,
                "set_aside": [str(path) for path in result.set_aside],
            }
        )
    else:
        backup = result.backup
        click.echo(
            f"{counted(backup.applications, 'application')} and {counted(backup.files, 'file')} of your own forms are "
            f"restored, as of {backup.made_at:%Y-%m-%d %H:%M} UTC."
        )
    _tell_what_is_left(result)


def _tell_what_is_left(result: Restored) -> None:
    if result.set_aside:
        names = ", ".join(str(path) for path in result.set_aside)
        notice(
            f"The database that was there is damaged and could not be backed up. It was renamed to {names}. "
            "Delete it when you no longer need it. If the server is running, stop it and start it again."
        )
        if result.before:
            notice(f"The forms of your own editions that were there are in {result.before}.")
    else:
        notice(f"What was there before is in {result.before}. Delete it when you no longer need it.")
