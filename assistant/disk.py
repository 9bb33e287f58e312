"""Files that are there whole or not at all, also when the power goes or two processes write at once.

Knows paths and bytes, nothing of what is in them.
"""

from __future__ import annotations

import os
import secrets
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

PRIVATE = 0o600
ORDINARY = 0o666  # less what the user's umask takes away, as for any file


def put(path: Path, data: bytes, *, mode: int = ORDINARY) -> None:
    """Write a file, in the place of what stood there.

    Raises:
        OSError: the folder is absent or closed, or the disk is full; what stood at ``path`` stands there still.
    """
    beside = _write_beside(path, data, mode)
    try:
        beside.replace(path)
    except OSError as error:
        beside.unlink(missing_ok=True)
        raise _about(path, error) from error


def put_new(path: Path, data: bytes, *, mode: int = ORDINARY) -> None:
    """Write a file unless one stands there already: of two processes the first wins, and both find its file.

    Raises:
        OSError: as for ``put``.
    """
    beside = _write_beside(path, data, mode)
    try:
        # A link, unlike a rename, never replaces what is there.
        os.link(beside, path)
    except FileExistsError:
        pass
    except OSError as error:
        raise _about(path, error) from error
    finally:
        beside.unlink()


def _write_beside(path: Path, data: bytes, mode: int) -> Path:
    beside = path.with_name(f".{path.name[:100]}.{secrets.token_hex(8)}.part")
    try:
        # O_BINARY: Windows writes two characters for a line's end without it.
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
        with os.fdopen(os.open(beside, flags, mode), "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
    except OSError as error:
        beside.unlink(missing_ok=True)
        raise _about(path, error) from error
    except BaseException:
        beside.unlink(missing_ok=True)
        raise
    return beside


def _about(path: Path, error: OSError) -> OSError:
    """Return the same error about the file that was asked for, not the one beside it."""
    return OSError(error.errno, error.strerror, str(path))


def why_unusable(error: OSError) -> str:
    """Return the sentence that says of which file, what is wrong, and what to do."""
    reason = (error.strerror or "it cannot be used").lower()
    return f"{error.filename}: {reason}. Check the path, its permissions and the free space."
