"""``moa purge``: take nominee data past its time out of the database."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import click

from assistant.cli.database import session
from assistant.cli.options import json_option
from assistant.cli.output import counted, notice, print_json
from assistant.config import load
from assistant.disk import exclusive_work_dir
from assistant.errors import InputError
from assistant.services.accounts.people import find_agency
from assistant.services.installation.purge import purge as purge_due
from assistant.services.installation.restore import find_safety_copies
from assistant.services.jobs.batch_bundles import remove_old_files
from assistant.storage.database import erase_leftovers

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

STORED_DAYS = 365


@click.command()
@click.option(
    "--older-than",
    "days",
    type=click.IntRange(0, 36_500),
    default=STORED_DAYS,
    show_default=True,
    metavar="DAYS",
    help="Of applications that no one has changed for this many days.",
)
@click.option(
    "--agency",
    "name",
    metavar="NAME",
    help="Of this agency alone. Copies that hold the data of every agency then stay as they are.",
)
@click.option("--dry-run", is_flag=True, help="Only show which applications these are.")
@json_option
def purge(days: int, name: str | None, *, dry_run: bool, as_json: bool) -> int:
    """Take nominee data past its time out of answers, history and exports; hashes and the rest stay.

    The ZIP of an export that names nominees is removed; its date, size and hash stay. What was exported to files of
    your own, or backed up, is not reached. Of the copies that `moa restore` left in the instance folder, those older
    than DAYS are deleted too, and the younger ones named. A server that runs may hold what it showed last in memory
    until it is restarted. Exit status 1 where the database's files could not be cleared yet.
    """
    now, age = datetime.now(UTC), timedelta(days=days)
    with session() as opened:
        agency_id = None if name is None else _agency_id(opened, name)
        purged_rows = purge_due(opened, agency_id, older_than=age, now=now, dry_run=dry_run)
        if not dry_run and agency_id is None:
            remove_old_files(opened, now=now)
        opened.commit()
        cleared = dry_run or erase_leftovers(opened.get_bind().engine)
    if as_json:
        print_json([line.to_document() for line in purged_rows])
    else:
        for line in purged_rows:
            zips = counted(line.bundles, "exported ZIP")
            click.echo(f"{line.public_id}  {line.nominees} nominees  {zips}  last changed {line.updated_at:%Y-%m-%d}")
        would = "would be removed" if dry_run else "is removed"
        click.echo(f"Nominee data {would} from {counted(len(purged_rows), 'application')}.")
        if bundles := sum(line.bundles for line in purged_rows):
            removed = "would be" if dry_run else "is" if bundles == 1 else "are"
            click.echo(
                f"{counted(bundles, 'exported ZIP')} {removed} removed with it; their dates, sizes and hashes are "
                "still stored."
            )
    if agency_id is None:
        _purge_safety_copies(now - age, dry_run=dry_run)
    if not cleared:
        notice(
            "The data could not be cleared from the database's files, because they are in use. Run the command again."
        )
    return 0 if cleared else 1


def _agency_id(opened: Session, name: str) -> int:
    agency = find_agency(opened, name)
    if agency is None:
        raise InputError(f"There is no agency named {name}. `moa user list` shows the names.")
    return agency.id


def _purge_safety_copies(before: datetime, *, dry_run: bool) -> None:
    """Delete the copies that restores left before a moment, and name the others.

    They are sealed, but with the key that lies beside them: anyone with the instance folder can read them like the
    database. So they count as data of nominees. Nobody changed anything in a copy since it was made, so one that is old
    enough holds nothing younger; a younger one may still be needed to take a restore back, and is only named.
    """
    config = load()
    if not dry_run:
        # What a backup or a restore that was killed left is a copy of the database, too.
        with exclusive_work_dir(config.instance_dir):
            pass
    for copy in find_safety_copies(config.database, config.instance_dir):
        if copy.made_at > before:
            notice(f"{copy.path} may still contain nominee data. Delete it when you no longer need it.")
        elif dry_run:
            notice(f"{copy.path} would be deleted: it may contain nominee data.")
        else:
            copy.path.unlink(missing_ok=True)
            notice(f"{copy.path} is deleted: it may have contained nominee data.")
