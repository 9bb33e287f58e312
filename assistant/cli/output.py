"""What commands print: results on standard output, all else on standard error."""

from __future__ import annotations

import json
from typing import Any

import click


def print_json(document: Any) -> None:
    """Print one JSON document, letters as they are, and nothing else."""
    click.echo(json.dumps(document, ensure_ascii=False, indent=2))


def notice(text: str) -> None:
    """Say something on standard error, where it cannot get into a result."""
    click.echo(printable(text), err=True)


def printable(text: str) -> str:
    """Return ``text`` with control characters written out: a file's name must not steer the terminal."""
    return "".join(c if c.isprintable() or c == "\n" else ascii(c)[1:-1] for c in text)
