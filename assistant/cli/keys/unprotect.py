"""``moa keys unprotect``: take the passphrase away from the key file."""

from __future__ import annotations

from dataclasses import replace

import click

from assistant.cli.output import notice
from assistant.cli.passphrase import open_keys
from assistant.config import load
from assistant.disk import exclusive_work_dir
from assistant.storage.sealing import write_keyring


@click.command()
def unprotect() -> None:
    """Take the passphrase away from the keys; it is asked for once more."""
    config = load()
    config.make_folders()
    with exclusive_work_dir(config.instance_dir):
        ring = open_keys(config)
        write_keyring(config.keyring_file, replace(ring, wrapping=None))
    click.echo("The keys are no longer protected by a passphrase.")
    notice("If the server is running, stop it and start it again.")
