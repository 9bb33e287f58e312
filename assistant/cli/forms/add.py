"""``moa forms add``: keep a blank official form for use."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import click

from assistant.cli.database import session
from assistant.cli.forms.what_changed import say_what_changed
from assistant.cli.options import INPUT_FILE
from assistant.services.form_maps.forms import keep

if TYPE_CHECKING:
    from pathlib import Path


@click.command("add")
@click.argument("file", type=INPUT_FILE)
def add(file: Path) -> None:
    """Keep a blank official form for use."""
    with session() as opened:
        stored_form = keep(opened, file.read_bytes(), now=datetime.now(UTC))
        opened.commit()  # before it is said: whoever reads may close the pipe
        click.echo(f"{stored_form.edition} is kept, id {stored_form.sha256[:12]}.")
        say_what_changed(opened, stored_form.edition, stored_form.data)
