"""``moa history verify``: is the history of every application as it was written?"""

from __future__ import annotations

import click

from assistant.cli.database import session_if_any
from assistant.cli.options import json_option
from assistant.cli.output import counted, print_json
from assistant.services.installation.verify_history import HistoryReport, verify_history


@click.command()
@json_option
def verify(*, as_json: bool) -> int:
    """Check that no line of the history was changed, removed or added outside this program, for every application.

    Each line is signed together with the one before it, with a key that is not in the database. Exit status 1 where
    something was changed; the line is named.
    """
    with session_if_any() as opened:
        report = verify_history(opened) if opened is not None else HistoryReport(histories=(), problems=())
    if as_json:
        print_json(report.to_document())
        return 0 if report.whole else 1
    for problem in report.problems:
        click.echo(f"{problem.application or 'Applications'}: {problem.message}")
    for history in report.histories:
        for line in history.problems:
            click.echo(f"{history.application}: {line.message}")
    lines = sum(history.lines for history in report.histories)
    what = f"{counted(lines, 'line')} of {counted(len(report.histories), 'application')}"
    click.echo(
        f"The history is as it was written: {what}."
        if report.whole
        else f"The history was changed outside this program. {what} were checked. Restore a backup, or ask who did it."
    )
    return 0 if report.whole else 1
