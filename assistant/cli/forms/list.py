"""``moa forms list``: show the kept forms, and the editions that are known without one."""

from __future__ import annotations

import click

from assistant.cli.database import session
from assistant.cli.forms.form_line import form_line
from assistant.cli.options import json_option
from assistant.cli.output import print_json, printable
from assistant.editions.catalog import all_editions, letter_editions
from assistant.editions.recognition import inspect_guarded
from assistant.services.form_maps.forms import data_of, stored_forms


@click.command("list")
@json_option
def list_forms(*, as_json: bool) -> None:
    """Show the kept forms, and the editions that are known without one."""
    with session() as opened:
        inspections = [
            inspect_guarded(data_of(opened, form.sha256)) | {"id": form.sha256} for form in stored_forms(opened)
        ]
    for document in inspections:
        del document["fields"]
    if as_json:
        print_json(inspections)
        return
    for document in inspections:
        click.echo(printable(f"{document['id'][:12]}  {form_line(document)}"))
    print_editions({document["edition"] for document in inspections})


def print_editions(on_hand: set[str | None]) -> None:
    """Print the known editions of which no form is on hand."""
    for edition in all_editions():
        if edition.name not in on_hand and (edition.model or edition.fillable):
            why = "form not on hand" if edition.fillable else "entry sheet only, no blank form is known"
            click.echo(f"{'–':<12}  {edition.name}: {why}")
    if not any(edition.name in on_hand for edition in letter_editions()):
        click.echo(f"{'–':<12}  no Letter of Interest of ICE’s is on hand: the letter is the agency’s own")
