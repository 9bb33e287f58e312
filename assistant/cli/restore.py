"""``moa restore``: bring a backup back."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from assistant.cli.options import INPUT_FILE, json_option
from assistant.cli.output import notice, print_json
from assistant.disk import PRIVATE, put

if TYPE_CHECKING:
    from pathlib import Path


@click.command()
@click.argument("file", metavar="FILE.zip", type=INPUT_FILE)
@json_option
def restore(file: Path, *, as_json: bool) -> None:
    """Put what FILE holds in the place of the database and of the forms of your own editions, all or nothing.

    What is there now is first backed up into the instance folder. The keys must be those that the backup was made with.
    """
    from datetime import UTC, datetime  # noqa: PLC0415 - `moa restore --help` needs none of it

    from assistant.cli.database import session  # noqa: PLC0415 - as above
    from assistant.config import load  # noqa: PLC0415 - as above
    from assistant.editions import own_dir  # noqa: PLC0415 - as above
    from assistant.services.backup import bring_back, look, take  # noqa: PLC0415 - as above
    from assistant.tables import KEYRING  # noqa: PLC0415 - as above

    data = file.read_bytes()
    look(data)
    now = datetime.now(UTC)
    before = load().instance_dir / f"before-restore-{now:%Y-%m-%dT%H%M%SZ}.zip"
    with session() as opened:
        opened.commit()
        engine = opened.get_bind().engine
        put(before, take(engine, own_dir(), now=now)[0], mode=PRIVATE)
        held = bring_back(data, engine, own_dir(), opened.info[KEYRING])
    if as_json:
        print_json(held.to_document() | {"before": str(before)})
    else:
        click.echo(
            f"{held.applications} applications and {held.files} files of own forms are back, as of "
            f"{held.made_at:%Y-%m-%d %H:%M} UTC."
        )
    notice(f"What was there before is in {before}; delete it when you no longer need it.")
