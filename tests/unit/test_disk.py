"""A file is there whole or not at all."""

from __future__ import annotations

import errno
import os
from typing import TYPE_CHECKING

import pytest

from assistant.disk import PRIVATE, create_atomically, write_atomically

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    Put = Callable[[Path, bytes], None]


def full(_descriptor: int) -> None:
    raise OSError(errno.ENOSPC, "No space left on device")


def test_put_takes_the_place_of_what_was_there(tmp_path: Path) -> None:
    write_atomically(tmp_path / "bundle.zip", b"first")
    write_atomically(tmp_path / "bundle.zip", b"second\r\n\n")
    assert (tmp_path / "bundle.zip").read_bytes() == b"second\r\n\n"
    assert [path.name for path in tmp_path.iterdir()] == ["bundle.zip"]


def test_put_new_leaves_what_was_there(tmp_path: Path) -> None:
    create_atomically(tmp_path / "key", b"first")
    create_atomically(tmp_path / "key", b"second")
    assert (tmp_path / "key").read_bytes() == b"first"
    assert [path.name for path in tmp_path.iterdir()] == ["key"]


@pytest.mark.parametrize("write", [write_atomically, create_atomically])
def test_full_disk_leaves_what_was_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, write: Put) -> None:
    write_atomically(tmp_path / "bundle.zip", b"first")
    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space") as caught:
        write(tmp_path / "bundle.zip", b"second")
    assert caught.value.filename == str(tmp_path / "bundle.zip")
    assert [path.name for path in tmp_path.iterdir()] == ["bundle.zip"]
    assert (tmp_path / "bundle.zip").read_bytes() == b"first"


@pytest.mark.parametrize("write", [write_atomically, create_atomically])
def test_absent_folder_names_the_file(tmp_path: Path, write: Put) -> None:
    with pytest.raises(FileNotFoundError) as caught:
        write(tmp_path / "no" / "bundle.zip", b"")
    assert caught.value.filename == str(tmp_path / "no" / "bundle.zip")


def test_a_folder_in_its_place_names_the_file(tmp_path: Path) -> None:
    (tmp_path / "bundle.zip").mkdir()
    with pytest.raises(OSError, match=r"bundle\.zip") as caught:
        write_atomically(tmp_path / "bundle.zip", b"")
    assert caught.value.filename == str(tmp_path / "bundle.zip")
    assert [path.name for path in tmp_path.iterdir()] == ["bundle.zip"]


@pytest.mark.skipif(os.name == "nt", reason="files on Windows have no mode")
@pytest.mark.parametrize("write", [write_atomically, create_atomically])
def test_private_file_is_private(tmp_path: Path, write: Callable[..., None]) -> None:
    write(tmp_path / "key", b"", mode=PRIVATE)
    assert (tmp_path / "key").stat().st_mode & 0o777 == 0o600
