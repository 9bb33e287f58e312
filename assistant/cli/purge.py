"""``moa purge``: take nominee data past its time out of the database."""

from __future__ import annotations

import click

from assistant.cli.options import json_option
from assistant.cli.output import notice, print_json

KEPT_DAYS = 365


@click.command()
@click.option(
    "--older-than",
    "days",
    type=click.IntRange(0, 36_500),
    default=KEPT_DAYS,
    show_default=True,
    metavar="DAYS",
    help="Of applications that nobody has changed for so many days.",
)
@click.option("--dry-run", is_flag=True, help="Only say which applications these are.")
@json_option
def purge(days: int, *, dry_run: bool, as_json: bool) -> int:
    """Take nominee data past its time out of answers, history and exports; hashes and the rest stay.

    The ZIP of an export that names nominees is removed; its date, size and hash stay. What was exported to files of
    your own, or backed up, is not reached. A server that runs may hold what it showed last in memory until it is
    restarted. Exit status 1 where the database's files could not be cleared yet.
    """
    from datetime import UTC, datetime, timedelta  # noqa: PLC0415 - `moa purge --help` needs none of it

    from assistant.cli.database import session  # noqa: PLC0415 - as above
    from assistant.db import erase_leftovers  # noqa: PLC0415 - as above
    from assistant.services.purge import purge as purge_due  # noqa: PLC0415 - as above

    with session() as opened:
        found = purge_due(opened, None, older_than=timedelta(days=days), now=datetime.now(UTC), dry_run=dry_run)
        opened.commit()
        cleared = dry_run or erase_leftovers(opened.get_bind().engine)
    if as_json:
        print_json([line.to_document() for line in found])
    else:
        for line in found:
            zips = _counted(line.bundles, "exported ZIP")
            click.echo(f"{line.public_id}  {line.nominees} nominees  {zips}  last changed {line.updated_at:%Y-%m-%d}")
        would = "would be taken" if dry_run else "is taken"
        click.echo(f"Nominee data {would} out of {_counted(len(found), 'application')}.")
        if bundles := sum(line.bundles for line in found):
            removed = "would be" if dry_run else "is" if bundles == 1 else "are"
            click.echo(f"{_counted(bundles, 'exported ZIP')} {removed} removed with it; date, size and hash stay.")
    if not cleared:
        notice("The database's files could not be cleared of it, since they are in use; run the command again.")
    return 0 if cleared else 1


def _counted(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"
