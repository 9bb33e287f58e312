"""``moa history show``: what happened to one application, or what differs between two lines of its history."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import click

from assistant.cli.database import session_if_any
from assistant.cli.options import json_option
from assistant.cli.output import print_json, printable
from assistant.errors import InputError, NotFoundError
from assistant.services.accounts.names import names_of
from assistant.services.application import history, timeline
from assistant.services.installation.find_application import find_by_reference
from assistant.storage.tables import LOCAL

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from sqlalchemy.orm import Session

    from assistant.services.application.changes import Change
    from assistant.services.application.history import HistoryEntry
    from assistant.services.application.timeline import Comparison
    from assistant.storage.tables import Application


@click.command()
@click.argument("reference")
@click.option(
    "--compare",
    "lines",
    nargs=2,
    type=click.IntRange(0),
    metavar="FIRST LAST",
    help="Show what differs between the answers after these two lines instead; 0 is before everything.",
)
@json_option
def show(reference: str, lines: tuple[int, int] | None, *, as_json: bool) -> int:
    """Show the history of one application, the newest line first.

    REFERENCE is the id of the application in the address of its pages, or how it begins: at least 8 characters. An
    answer is named by its path in the answers file.
    """
    with session_if_any() as opened:
        if opened is None:
            raise NotFoundError("There is no application here yet.")
        application = find_by_reference(opened, reference)
        if lines:
            if max(lines) > application.history_count:
                raise InputError(f"The history has {application.history_count} lines. Choose two of them, or 0.")
            _print_comparison(timeline.compare_points(opened, application, *sorted(lines)), as_json=as_json)
        else:
            _print_lines(opened, application, as_json=as_json)
    return 0


def _print_comparison(comparison: Comparison, *, as_json: bool) -> None:
    changes, erased_at = comparison.changes, comparison.purged_at
    if as_json:
        print_json(
            {
                "changes": [change.to_document() for change in changes],
                "erased_at": erased_at.isoformat() if erased_at else None,
            }
        )
        return
    for line in _change_lines(changes):
        click.echo(line)
    if erased_at:
        click.echo(
            f"Data of nominees was erased on {erased_at.astimezone():%Y-%m-%d}. What changed about them before is no "
            "longer known."
        )
    elif not changes:
        click.echo("No answer differs.")


def _print_lines(opened: Session, application: Application, *, as_json: bool) -> None:
    entries = history.entries(opened, application)
    # Without accounts nobody is named.
    names = names_of(opened, (entry.who for entry in entries)) | {LOCAL: ""}
    if as_json:
        print_json({"application": str(application.public_id), "lines": [_document(entry, names) for entry in entries]})
        return
    for entry in entries:
        section, who = (f": {entry.section}" if entry.section else ""), names[entry.who]
        what = f"{entry.act}{section}{', ' if who else ''}{who}"
        erased = f"; erased on {entry.purged_at.astimezone():%Y-%m-%d}" if entry.purged_at else ""
        click.echo(printable(f"{entry.number:>5}  {entry.at.astimezone():%Y-%m-%d %H:%M}  {what}{erased}"))
        for line in _change_lines(entry.changes):
            click.echo(f"       {line}")


def _document(entry: HistoryEntry, names: dict[str, str]) -> dict[str, object]:
    return {
        "number": entry.number,
        "at": entry.at.isoformat(),
        "act": entry.act,
        "section": entry.section,
        "who": names[entry.who],
        "changes": [change.to_document() for change in entry.changes],
        "erased_at": entry.purged_at.isoformat() if entry.purged_at else None,
    }


def _change_lines(changes: Sequence[Change]) -> Iterator[str]:
    for change in changes:
        before, after = (json.dumps(value, ensure_ascii=False) for value in (change.before, change.after))
        yield printable(f"{change.path}: {before} -> {after}")
