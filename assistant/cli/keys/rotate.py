"""``moa keys rotate``: a new key, and everything sealed with it."""

from __future__ import annotations

import click

from assistant.cli.database import session
from assistant.cli.options import json_option
from assistant.cli.output import counted, notice, print_json
from assistant.config import load
from assistant.disk import exclusive_work_dir
from assistant.services.installation.rotate_keys import rotate_keys
from assistant.storage.tables import KEYRING


@click.command()
@json_option
def rotate(*, as_json: bool) -> int:
    """Make a new key and seal all stored data with it. The server may run meanwhile.

    If it is interrupted, nothing is lost: run it again, and it goes on. The old keys stay in the key file, because
    they open the backups made so far. Exit status 1 where a stored value is damaged, or the database's files could
    not be cleared yet.
    """
    config = load()
    config.make_folders()
    with exclusive_work_dir(config.instance_dir), session() as opened:
        opened.commit()
        wrapping = opened.info[KEYRING].wrapping
        rotation = rotate_keys(opened.get_bind().engine, config.keyring_file, wrapping=wrapping)
    if as_json:
        print_json(rotation.to_document())
    else:
        did = "An earlier change of the key is finished." if rotation.resumed else "A new key was made."
        click.echo(f"{did} {counted(rotation.values, 'stored value')} sealed with key {rotation.key}.")
    for place in rotation.damaged:
        notice(f"{place} is damaged and does not open. It is left as it was. Restore it from a backup.")
    if not rotation.erased:
        notice("Old copies could not be cleared from the database's files, because they are in use. Run moa purge.")
    notice(
        f"Copy the folder {config.keys_dir} to your safe place again, now: backups made from now on need the new key. "
        "The new copy also opens the backups you already have. If someone may have the old keys, make a new backup "
        "and delete the old ones, because the old keys still open them."
    )
    return 0 if rotation.erased and not rotation.damaged else 1
