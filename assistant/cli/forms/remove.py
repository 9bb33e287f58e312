"""``moa forms remove``: take out a kept form; ID is its SHA-256 or the first digits of it."""

from __future__ import annotations

import click

from assistant.cli.database import session
from assistant.services.form_maps.forms import remove as take_out


@click.command("remove")
@click.argument("form_id", metavar="ID")
def remove(form_id: str) -> None:
    """Remove a form that was added; ID is its SHA-256 or the first digits of it."""
    with session() as opened:
        form = take_out(opened, form_id)
        opened.commit()  # as above
        click.echo(f"{form.edition}, id {form.sha256[:12]}, is removed.")
