"""``moa user unlock``: release an account after five wrong tries."""

from __future__ import annotations

import click

from assistant.cli.database import session
from assistant.cli.options import json_option
from assistant.cli.output import print_json
from assistant.services.accounts import people


@click.command()
@click.argument("email")
@json_option
def unlock(email: str, *, as_json: bool) -> None:
    """Release an account that five wrong tries have locked.

    Ask the person first whether the tries were theirs. If not, somebody guesses: print a new link as well.
    """
    with session() as opened:
        person = people.get_person(opened, email)
        was_locked = person.locked_at is not None
        people.unlock_person(opened, person)
        address, state = person.email, people.state_of(person)
    if as_json:
        print_json({"email": address, "state": state, "was_locked": was_locked})
    else:
        click.echo(f"{address} {'is unlocked' if was_locked else 'was not locked'}.")
