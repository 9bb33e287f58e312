"""``moa forms add``: keep a blank official form for use."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import click

from assistant.cli.database import begin_reading, session
from assistant.cli.forms.what_changed import say_what_changed
from assistant.cli.options import INPUT_FILE
from assistant.editions.library import examine_form
from assistant.services.form_maps.forms import keep

if TYPE_CHECKING:
    from pathlib import Path


@click.command("add")
@click.argument("file", type=INPUT_FILE)
def add(file: Path) -> None:
    """Add a blank official form so that it can be filled."""
    with session() as opened:
        begin_reading(opened)
        data = file.read_bytes()
        examine_form(data)  # in the sandbox, once: keeping it asks for what was found
        opened.commit()  # from here on it may write
        stored_form = keep(opened, data, now=datetime.now(UTC))
        opened.commit()  # before it is said: whoever reads may close the pipe
        click.echo(f"{stored_form.edition} is added, id {stored_form.sha256[:12]}.")
        begin_reading(opened)
        say_what_changed(opened, stored_form.edition, stored_form.data)
