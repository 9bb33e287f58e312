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
    """Show the forms that were added, and the known editions without one."""
    with session(reads_only=True) as opened:
        inspections = {form.sha256: inspect_guarded(data_of(opened, form.sha256)) for form in stored_forms(opened)}
    if as_json:
        rows = [{**document, "id": sha256} for sha256, document in inspections.items()]
        print_json([{name: value for name, value in row.items() if name != "fields"} for row in rows])
        return
    for sha256, document in inspections.items():
        click.echo(printable(f"{sha256[:12]}  {form_line(document)}"))
    print_editions({document["edition"] for document in inspections.values()})


def print_editions(on_hand: set[str | None]) -> None:
    """Print the known editions of which no form is available."""
    for edition in all_editions():
        if edition.name not in on_hand and (edition.model or edition.fillable):
            why = "form not added" if edition.fillable else "entry sheet only, no blank form is known"
            click.echo(f"{'–':<12}  {edition.name}: {why}")
    if not any(edition.name in on_hand for edition in letter_editions()):
        click.echo(f"{'–':<12}  ICE’s Letter of Interest has not been added: the letter is the agency’s own")
