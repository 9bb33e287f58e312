"""``moa program encounter-reports``: the months of ICE's encounter reports, and the files that are kept of them."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import click

from assistant.cli.database import session
from assistant.cli.options import INPUT_FILE, json_option
from assistant.cli.output import notice, print_json, printable
from assistant.services.published_lists.encounter_reports import keep_report, remove_report, report_months

if TYPE_CHECKING:
    from pathlib import Path


@click.command("encounter-reports")
@click.option("--add", type=INPUT_FILE, metavar="FILE", help="Keep this file as the report of --month.")
@click.option("--remove", is_flag=True, help="Take the file of --month out.")
@click.option("--month", metavar="YYYY-MM", help="The month of the report.")
@json_option
def encounter_reports_command(add: Path | None, month: str | None, *, remove: bool, as_json: bool) -> None:
    """Show the months of ICE's encounter reports, and keep the files of them.

    The months are those for which ICE's page lists a report. This program downloads nothing.
    """
    if (add is not None or remove) != (month is not None) or (add is not None and remove):
        raise click.UsageError("Give --month with either --add FILE or --remove.")
    data = add.read_bytes() if add else b""
    with session() as opened:
        if add and month:
            keep_report(opened, month, data, name=add.name, now=datetime.now(UTC))
            notice(f"{add.name} is kept as the report of {month}.")
        elif month:
            remove_report(opened, month)
            notice(f"The report of {month} is taken out.")
        result = report_months(opened)
    if as_json:
        print_json(result)
        return
    heading = ""
    for row in result["months"]:
        if row["heading"] != heading:
            heading = row["heading"]
            click.echo(heading)
        file = row["file"]
        click.echo(printable(f"  {row['month']}  {file['name'] if file else 'no file kept'}"))
    click.echo(f"The page lists none for {len(result['not_listed'])} months between the first and the last.")
