"""``moa user reset-password``: a one-time link for a new password and a new code app."""

from __future__ import annotations

from datetime import UTC, datetime

import click

from assistant.cli.database import session
from assistant.cli.options import json_option
from assistant.cli.output import print_json
from assistant.cli.user.link_words import address_of_link, print_link
from assistant.config import load
from assistant.errors import InputError
from assistant.services.accounts import people, setup_links


@click.command(name="reset-password")
@click.argument("email")
@json_option
def reset_password(email: str, *, as_json: bool) -> None:
    """Print a link for a new password and a new code app.

    The link works once, for 30 minutes. The password of today works until the link is used; then it is replaced, and
    all sign-ins of the person end.
    """
    with session() as opened:
        person = people.get_person(opened, email)
        if person.disabled_at is not None:
            raise InputError("This account is disabled. Enable it with moa user add first.")
        address = address_of_link(load(), setup_links.make_link(opened, person, now=datetime.now(UTC)))
        mail = person.email
    if as_json:
        print_json({"email": mail, "link": address, "link_minutes": int(setup_links.LIFE.total_seconds()) // 60})
    else:
        print_link(address)
