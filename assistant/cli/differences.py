"""Print what changed on a form, blank by blank."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from assistant.cli.output import printable

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy.orm import Session

    from assistant.mapping.compare import Difference


def print_differences(found: Sequence[Difference]) -> None:
    """Print differences, each with the blank's label above it."""
    for difference in found:
        click.echo(printable(f"{difference.kind:<8} {difference.label}\n         {difference.message}"))


def say_what_changed(session: Session, name: str, data: bytes) -> None:
    """Print what differs on the form of an edition from the one before it, where one is known."""
    from assistant.editions.catalog import get_edition  # noqa: PLC0415 - `moa --help` needs none of it
    from assistant.services.application.changed_blanks import since_before  # noqa: PLC0415 - as above
    from assistant.services.form_maps.forms import library  # noqa: PLC0415 - as above

    if changed := since_before(get_edition(name), data, library(session)):
        print_differences(changed.differences)
        click.echo(printable(changed.summary))
