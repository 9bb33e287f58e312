"""``moa user add``: a person, their roles in an agency, and the one-time link to set up the account."""

from __future__ import annotations

from datetime import UTC, datetime

import click

from assistant.cli.database import session
from assistant.cli.options import json_option
from assistant.cli.output import notice, print_json, printable
from assistant.cli.user.link_words import address_of_link, print_link
from assistant.config import load
from assistant.services.accounts import people, setup_links
from assistant.services.accounts.roles import ROLES


@click.command()
@click.argument("email")
@click.option("--agency", required=True, metavar="NAME", help="The agency; made where there is none of this name.")
@click.option(
    "--role", "roles", multiple=True, required=True, type=click.Choice(list(ROLES)), help="A role; may be repeated."
)
@click.option("--name", default="", metavar="NAME", help="The person's name; they can change it on their page.")
@json_option
def add(email: str, agency: str, roles: tuple[str, ...], name: str, *, as_json: bool) -> None:
    """Give a person roles in an agency, and print a link to set up the account.

    The link works once, for 30 minutes. A person who has an account already keeps it, gets the roles beside those they
    have, and needs no link; a disabled account is enabled. The first agency takes over the applications that were made
    in single mode.
    """
    config, now = load(), datetime.now(UTC)
    with session() as opened:
        owner = people.agency_for(opened, agency, now=now)
        person = people.add_person(opened, email=email, name=name, now=now)
        all_roles = sorted(people.roles_of(opened, person, owner.row.id) | set(roles))
        people.set_roles(opened, person, owner.row.id, all_roles, now=now)
        person.disabled_at = None
        token = "" if person.password else setup_links.make_link(opened, person, now=now)
        address = address_of_link(config, token) if token else ""
        document = {
            "email": person.email,
            "agency": owner.row.name,
            "agency_is_new": owner.is_new,
            "roles": all_roles,
            "link": address or None,
            "link_minutes": int(setup_links.LIFE.total_seconds()) // 60 if address else None,
        }
    if as_json:
        print_json(document)
        return
    click.echo(printable(f"{document['email']} is {', '.join(all_roles)} of {document['agency']}."))
    if owner.is_new:
        click.echo("The agency is new.")
    if owner.took_over:
        click.echo("The applications that were made in single mode belong to this agency now.")
    print_link(address)
    if config.mode == "single":
        notice("Accounts count once the setting ASSISTANT_MODE is shared. See README, “For several people”.")
