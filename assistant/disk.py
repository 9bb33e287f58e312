"""Files that are there whole or not at all, also when the power goes or two processes write at once.

Knows paths and bytes, nothing of what is in them.
"""

from __future__ import annotations

import errno
import glob
import os
import secrets
import shutil
import sys
import time
from contextlib import contextmanager, suppress
from typing import IO, TYPE_CHECKING

if sys.platform == "win32":
    import msvcrt
else:
    import fcntl

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

PRIVATE = 0o600
WORK, LOCK = "work", "lock"
ORDINARY = 0o666  # less what the user's umask takes away, as for any file


def write_atomically(path: Path, data: bytes, *, mode: int = ORDINARY) -> None:
    """Write a file, in the place of what stood there.

    Raises:
        OSError: the folder is absent or closed, or the disk is full; what stood at ``path`` stands there still.
    """
    move_into_place(write_beside(path, data, mode), path)


def move_into_place(beside: Path, path: Path) -> None:
    """Give a file from ``write_beside`` its own name, in the place of what stood there.

    Raises:
        OSError: something is in the way; what stood at ``path`` stands there still.
    """
    try:
        beside.replace(path)
    except OSError as error:
        beside.unlink(missing_ok=True)
        raise _about(path, error) from error


def create_atomically(path: Path, data: bytes, *, mode: int = ORDINARY) -> None:
    """Write a file unless one stands there already: of two processes the first wins, and both find its file.

    Raises:
        OSError: as for ``write_atomically``.
    """
    beside = write_beside(path, data, mode)
    try:
        # A link, unlike a rename, never replaces what is there.
        os.link(beside, path)
    except FileExistsError:
        pass
    except OSError as error:
        raise _about(path, error) from error
    finally:
        beside.unlink()


def write_beside(path: Path, data: bytes, mode: int = ORDINARY) -> Path:
    """Write a file under a passing name beside ``path`` and return where; ``move_into_place`` finishes it.

    Raises:
        OSError: as for ``write_atomically``; nothing is left.
    """
    beside = path.with_name(f".{path.name[:100]}.{secrets.token_hex(8)}.part")
    try:
        # O_BINARY: Windows writes two characters for a line's end without it.
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
        with os.fdopen(os.open(beside, flags, mode), "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
    except OSError as error:
        _unlink_if_there(beside)
        raise _about(path, error) from error
    except BaseException:
        _unlink_if_there(beside)
        raise
    return beside


def put_all(files: Mapping[Path, bytes]) -> None:
    """Write several files, and the folders they lie in, in the place of what stood there: all of them or none.

    Raises:
        OSError: as for ``write_atomically``, about the first file that could not be written.
    """
    for path, beside in write_all_beside(files).items():
        move_into_place(beside, path)


def write_all_beside(files: Mapping[Path, bytes]) -> dict[Path, Path]:
    """Write several files under passing names, and the folders they lie in; return where each lies.

    Raises:
        OSError: as for ``write_atomically``; nothing is left, no new folder either.
    """
    waiting: dict[Path, Path] = {}
    new_folders: list[Path] = []
    try:
        for path, data in files.items():
            absent = [folder for folder in path.parents if not folder.exists()]
            for folder in reversed(absent):
                folder.mkdir()
                new_folders.append(folder)
            waiting[path] = write_beside(path, data)
    except BaseException:
        for beside in waiting.values():
            _unlink_if_there(beside)
        for folder in reversed(new_folders):
            with suppress(OSError):
                folder.rmdir()
        raise
    return waiting


def _unlink_if_there(beside: Path) -> None:
    # Where the disk is read-only nothing was written, and an error here would hide the first one.
    with suppress(OSError):
        beside.unlink()


def _about(path: Path, error: OSError) -> OSError:
    """Return the same error about the file that was asked for, not the one beside it."""
    return OSError(error.errno, error.strerror, str(path))


def sync_folder(folder: Path) -> None:
    """Have the disk keep the names in a folder: a file that was just put in place is there after a power cut too."""
    if sys.platform != "win32":  # Windows opens no folder, and writes names at once
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def remove_unfinished(path: Path) -> None:
    """Remove what a killed process left beside ``path``; only where no other process may be writing that file."""
    for beside in path.parent.glob(f".{glob.escape(path.name[:100])}.*.part"):
        beside.unlink(missing_ok=True)


@contextmanager
def exclusive_work_dir(instance: Path) -> Iterator[Path]:
    """Yield an empty folder in the instance folder for files in the making; it is gone afterwards.

    Copies of the database are made here and never in the system's folder for temporary files, which other users can
    list and nobody clears. One process at a time works here and the others wait: so whatever lies here at the start
    was left by a process that was killed, and is removed.

    Raises:
        OSError: the instance folder cannot be written.
    """
    work = instance / WORK
    work.mkdir(mode=0o700, parents=True, exist_ok=True)
    with (work / LOCK).open("ab") as lock:
        _wait_for_lock(lock)
        try:
            _empty(work)
            yield work
        finally:
            _empty(work)


def _empty(work: Path) -> None:
    for entry in work.iterdir():
        if entry.is_dir() and not entry.is_symlink():
            shutil.rmtree(entry)
        elif entry.name != LOCK:
            entry.unlink()


def _wait_for_lock(file: IO[bytes]) -> None:
    """Wait until this process alone holds the file; the system lets go of it when the process ends, however it ends."""
    if sys.platform == "win32":
        while True:
            try:
                msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
            except OSError:
                time.sleep(0.2)
            else:
                return
    else:
        fcntl.flock(file, fcntl.LOCK_EX)


MACHINE_ERRORS = {errno.ENOSPC, errno.EFBIG, errno.EDQUOT, errno.EROFS, errno.EIO, errno.EACCES, errno.EPERM}
"""Errors that come from the machine and not from this program: the disk is full, closed or broken."""
NO_TEMPORARY_FOLDER = "No usable temporary directory"


def is_fault_of_machine(error: OSError) -> bool:
    """Return whether a file or the disk is to blame, so that a person can do something about it."""
    is_known = error.errno in MACHINE_ERRORS or str(error.strerror).startswith(NO_TEMPORARY_FOLDER)
    return error.filename is not None or is_known


def why_unusable(error: OSError) -> str:
    """Return the sentence that says of which file, what is wrong, and what to do."""
    if str(error.strerror).startswith(NO_TEMPORARY_FOLDER):
        return "No folder for temporary files can be written. Free some space, or name another folder in TMPDIR."
    reason = (error.strerror or "it cannot be used").lower()
    if error.filename is None:
        return f"The result could not be written: {reason}. Check the free space and the permissions, and try again."
    return f"{error.filename}: {reason}. Check the path, its permissions and the free space."
