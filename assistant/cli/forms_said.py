"""What the options of ``moa forms map`` say of a form, and what is said of one that is known."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from datetime import date

    from assistant.mapping.confirm import DeclaredIdentity


def how_to_correct(known: str) -> str:
    """Return what to do where the map of a known edition is wrong: only one that was registered here can be."""
    from assistant.editions.catalog import is_built_in  # noqa: PLC0415 - `moa --help` needs none of it

    return "" if is_built_in(known) else f" `moa forms unregister {known}` takes its map back to be corrected."


def said_of(
    *, form: str | None, revision: date | None, published: date | None, title: str, words: str, today: date
) -> DeclaredIdentity | None:
    """Return what the options say of a form, None where they say nothing."""
    from assistant.editions.catalog import LETTER  # noqa: PLC0415 - as above
    from assistant.mapping.confirm import DeclaredIdentity  # noqa: PLC0415 - as above

    if revision and published:
        raise click.UsageError("Give --revision or --published, not both: a date is printed on the form, or none is.")
    if not any((form, revision, published, title, words)):
        return None
    form_id = "" if form is None else LETTER if form == "letter" else f"moa-{form.lower()}"
    return DeclaredIdentity(
        form_id=form_id, day=revision or published, printed=not published, title=title, words=words, on=today
    )
