"""What commands print and write: results on standard output, all else on standard error, files whole or not at all."""

from __future__ import annotations

import json
import os
import secrets
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from pathlib import Path


def print_json(document: Any) -> None:
    """Print one JSON document, letters as they are, and nothing else."""
    click.echo(json.dumps(document, ensure_ascii=False, indent=2))


def notice(text: str) -> None:
    """Say something on standard error, where it cannot get into a result."""
    click.echo(printable(text), err=True)


def printable(text: str) -> str:
    """Return ``text`` with control characters written out: a file's name must not steer the terminal."""
    return "".join(c if c.isprintable() or c == "\n" else ascii(c)[1:-1] for c in text)


def write_file(path: Path, data: bytes) -> None:
    """Write ``data`` to ``path`` whole or not at all, also when the power goes.

    Raises:
        OSError: the folder is absent or closed, or the disk is full; what stood at ``path`` stands there still.
    """
    beside = path.with_name(f".{path.name[:100]}.{secrets.token_hex(4)}.part")
    try:
        with beside.open("xb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        beside.replace(path)
    except OSError as error:
        beside.unlink(missing_ok=True)
        # Name the file that was asked for, not the one beside it.
        raise OSError(error.errno, error.strerror, str(path)) from error
    except BaseException:
        beside.unlink(missing_ok=True)
        raise
