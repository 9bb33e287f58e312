"""Say what changed on a form since the edition before it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from assistant.cli.output import print_differences, printable
from assistant.editions.catalog import get_edition
from assistant.services.application.changed_blanks import since_before
from assistant.services.form_maps.forms import library

if TYPE_CHECKING:
    from sqlalchemy.orm import Session


def say_what_changed(session: Session, name: str, data: bytes) -> None:
    """Print what differs on the form of an edition from the one before it, where one is known."""
    if changed := since_before(get_edition(name), data, library(session)):
        print_differences(changed.differences)
        click.echo(printable(changed.summary))
