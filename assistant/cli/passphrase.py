"""The passphrase that protects the keys: from the file that a setting names, else asked for at the terminal."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from assistant.errors import InputError
from assistant.storage.key_wrap import NEEDED, read_passphrase_file
from assistant.storage.sealing import open_keyring, read_keyring

if TYPE_CHECKING:
    from assistant.config import Config
    from assistant.storage.sealing import Keyring


def open_keys(config: Config) -> Keyring:
    """Return the keys of this installation, made where there are none; asks for the passphrase where one protects them.

    Raises:
        SealError: it is no key file, or the passphrase is another one.
        InputError: a passphrase is needed, and nobody can be asked.
    """
    return open_keyring(config.keyring_file, ask_passphrase=lambda: read_passphrase(config))


def read_keys(config: Config) -> Keyring:
    """Return the keys of this installation, which are there already.

    Raises:
        SealError, InputError: as ``open_keys``.
    """
    return read_keyring(config.keyring_file, ask_passphrase=lambda: read_passphrase(config))


def read_passphrase(config: Config) -> str:
    """Return the passphrase from the file of the setting, else from the person at the terminal.

    Raises:
        InputError: the file cannot be read, or there is neither a file nor a terminal.
    """
    if config.passphrase_file:
        return read_passphrase_file(Path(config.passphrase_file))
    if not sys.stdin.isatty():
        raise InputError(NEEDED)
    return str(click.prompt("Passphrase of the keys", hide_input=True, err=True))
