"""``moa user list``: every account, with its state, agencies and roles."""

from __future__ import annotations

import click

from assistant.cli.database import session_if_any
from assistant.cli.options import json_option
from assistant.cli.output import print_json, printable
from assistant.services.accounts import people


@click.command(name="list")
@json_option
def list_accounts(*, as_json: bool) -> None:
    """List the accounts with their agencies and roles.

    The state of an account is active, set-up (its link was not used yet), locked or disabled.
    """
    with session_if_any() as opened:
        accounts = people.list_accounts(opened) if opened is not None else []
    if as_json:
        print_json(
            [
                {
                    "email": account.email,
                    "name": account.name,
                    "state": account.state,
                    "agencies": [{"agency": agency, "roles": list(roles)} for agency, roles in account.agencies],
                }
                for account in accounts
            ]
        )
        return
    for account in accounts:
        click.echo(printable(f"{account.email}  {account.state}  {account.name}".rstrip()))
        for agency, roles in account.agencies:
            click.echo(printable(f"  {agency}: {', '.join(roles)}"))
    if not accounts:
        click.echo("There are no accounts. Make the first one with moa user add.")
