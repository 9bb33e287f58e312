"""``moa setup``: make what the instance needs, and say whether this installation is whole.

Knows what has to be there, not how it is made: keys by ``config``, tables by ``db``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from assistant.cli.output import printable
from assistant.cli.passphrase import open_keys
from assistant.config import assets_dir, font_path, load, resource_dir
from assistant.editions.catalog import all_editions
from assistant.errors import AssistantError
from assistant.storage.database import make_engine, migrate

if TYPE_CHECKING:
    from collections.abc import Iterator

    from assistant.config import Config

WHAT_YOU_DO = """\
What is left for you to do:
  - Turn on full-disk encryption of this computer (BitLocker, FileVault or LUKS). This program expects it: the keys lie
    on the same disk as the data.
  - Copy {keys} to a safe place that is not this computer. Without the keys, no one can read what you
    store, and no backup can be restored."""


@click.command()
def setup() -> None:
    """Make the instance folder, its keys and its database, and check this installation."""
    config = load()
    for line in steps(config):
        click.echo(f"  {printable(line)}")
    click.echo(printable(WHAT_YOU_DO.format(keys=config.keys_dir)))


def steps(config: Config) -> Iterator[str]:
    """Do one thing after the other, and say each when it is done.

    Raises:
        InputError: the instance folder cannot be written, or a part of the installation is absent.
    """
    config.make_folders()
    config.key("session")
    yield f"keys in {config.keys_dir}"
    open_keys(config)
    engine = make_engine(config.database)
    try:
        migrate(engine)
    finally:
        engine.dispose()
    yield "database up to date"
    resource_dir("templates")
    yield f"{len(all_editions())} form editions with readable maps"
    yield "page style" if assets_dir() else "no page style: pages are shown without colors and layout"
    try:
        font_path("Regular")
        font_path("Bold")
        yield "font for names"
    except AssistantError as error:
        yield str(error)
