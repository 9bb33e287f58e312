"""``moa keys protect``: a passphrase around the key file."""

from __future__ import annotations

import sys
from dataclasses import replace
from typing import TYPE_CHECKING

import click

from assistant.cli.options import INPUT_FILE
from assistant.cli.output import notice
from assistant.cli.passphrase import open_keys
from assistant.config import load
from assistant.disk import exclusive_work_dir
from assistant.errors import InputError
from assistant.storage.key_wrap import make_wrapping, read_passphrase_file, refuse_weak
from assistant.storage.sealing import write_keyring

if TYPE_CHECKING:
    from pathlib import Path


@click.command()
@click.option("--passphrase-file", metavar="FILE", type=INPUT_FILE, help="Take the passphrase from FILE's first line.")
def protect(passphrase_file: Path | None) -> None:
    """Protect the keys with a passphrase, or change it.

    From then on, `moa serve` and every command that reads stored data asks for it, and the wizard locks after 30
    minutes without use. Nobody can read your data without the passphrase: keep it where you keep a copy of the keys.
    """
    config = load()
    config.make_folders()
    with exclusive_work_dir(config.instance_dir):
        ring = open_keys(config)
        passphrase = read_passphrase_file(passphrase_file) if passphrase_file else _ask_twice()
        refuse_weak(passphrase)
        write_keyring(config.keyring_file, replace(ring, wrapping=make_wrapping(passphrase)))
    click.echo(f"The keys in {config.keyring_file} are protected by the passphrase.")
    notice(
        f"Copy the folder {config.keys_dir} to your safe place again, and write the passphrase down there too. Copies "
        "made before open without the passphrase: delete them. If the server is running, stop it and start it again."
    )


def _ask_twice() -> str:
    if not sys.stdin.isatty():
        raise InputError("Run this in a terminal, or give the passphrase in a file with --passphrase-file.")
    return str(click.prompt("New passphrase", hide_input=True, confirmation_prompt="Again", err=True))
