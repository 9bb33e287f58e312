"""What commands print: results on standard output, all else on standard error."""

from __future__ import annotations

import json
from contextlib import suppress
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from collections.abc import Sequence


def print_json(document: Any) -> None:
    """Print one JSON document, letters as they are, and nothing else."""
    click.echo(json.dumps(document, ensure_ascii=False, indent=2))


def notice(text: str) -> None:
    """Say something on standard error, where it cannot get into a result; where nobody can see it, go on."""
    with suppress(OSError):
        click.echo(printable(text), err=True)


def printable(text: str) -> str:
    """Return ``text`` with control characters written out: a file's name must not steer the terminal."""
    return "".join(c if c.isprintable() or c == "\n" else ascii(c)[1:-1] for c in text)


def counted(number: int, word: str) -> str:
    """Return "1 page" or "3 pages"."""
    return f"{number:,} {word}{'' if number == 1 else 's'}"


def print_findings(findings: Sequence[dict[str, str]]) -> None:
    """Print findings for a person, under the title of their severity: what to do, and the source."""
    titles = {"blocker": "Blockers", "warning": "Warnings", "note": "Notes"}
    for severity, title in titles.items():
        chosen = [finding for finding in findings if finding["severity"] == severity]
        if chosen:
            click.echo(f"{title} ({len(chosen)})")
        for finding in chosen:
            click.echo(printable(f"  {finding['code']}  {finding['where']}"))
            click.echo(printable(f"    {finding['message']}"))
            click.echo(printable(f"    [{finding['source']}]"))
