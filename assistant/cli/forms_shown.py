"""Print which blank forms are known and on hand."""

from __future__ import annotations

from typing import Any

import click


def form_line(found: dict[str, Any]) -> str:
    """Return what a PDF is, as one line, from what ``forms inspect`` finds."""
    if found["edition"]:
        revised = f"revised {found['revision']}" if found["revision"] else "no revision printed"
        return f"{found['edition']}: the official {found['model'] or 'Letter of Interest'} form, {revised}"
    stamp = f", stamped {found['revision']}" if found["revision"] else ""
    return f"Unknown: a PDF ({found['kind']}){stamp}; it is none of the known editions"


def print_editions(on_hand: set[str | None]) -> None:
    """Print the known editions of which no form is on hand."""
    from assistant.editions.catalog import all_editions, letter_editions  # noqa: PLC0415 - as above

    for edition in all_editions():
        if edition.name not in on_hand and (edition.model or edition.fillable):
            why = "form not on hand" if edition.fillable else "entry sheet only, no blank form is known"
            click.echo(f"{'–':<12}  {edition.name}: {why}")
    if not any(edition.name in on_hand for edition in letter_editions()):
        click.echo(f"{'–':<12}  no Letter of Interest of ICE’s is on hand: the letter is the agency’s own")
