"""``moa forms unregister``: unregister an edition that was registered here, to correct its map."""

from __future__ import annotations

from datetime import UTC, datetime

import click

from assistant.cli.database import begin_reading, session
from assistant.cli.output import printable
from assistant.services.form_maps.unregister_edition import unregister_edition
from assistant.services.installation.agencies import local_agency


@click.command("unregister")
@click.argument("name", metavar="FORM/EDITION")
def unregister(name: str) -> None:
    """Unregister an edition that was registered here, to correct its map; refused while applications use it."""
    now = datetime.now(UTC)
    with session() as opened:
        agency_id = local_agency(opened, now=now).id
        begin_reading(opened)
        unregistered_edition = unregister_edition(opened, agency_id, name, now=now, before_writing=opened.commit)
        opened.commit()  # before it is printed: whoever reads may close the pipe
        click.echo(
            printable(f"{name} is unregistered. Its map and its blank forms are in {unregistered_edition.folder}.")
        )
        if unregistered_edition.draft is not None:
            click.echo("You can correct a draft of the map in the wizard, under Official forms, draft maps.")
