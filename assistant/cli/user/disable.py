"""``moa user disable``: an account that may no longer sign in."""

from __future__ import annotations

from datetime import UTC, datetime

import click

from assistant.cli.database import session
from assistant.cli.options import json_option
from assistant.cli.output import print_json
from assistant.services.accounts import people


@click.command()
@click.argument("email")
@json_option
def disable(email: str, *, as_json: bool) -> None:
    """Disable an account and end its sign-ins.

    What the person did stays in the history. `moa user add` enables the account again. The last administrator of an
    agency cannot be disabled (exit status 1).
    """
    with session() as opened:
        person = people.get_person(opened, email)
        people.disable_person(opened, person, now=datetime.now(UTC))
        address = person.email
    if as_json:
        print_json({"email": address, "state": "disabled"})
    else:
        click.echo(f"{address} is disabled and signed out.")
