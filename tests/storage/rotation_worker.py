"""Change the key, as ``moa keys rotate`` does, and say when it begins: the process that the fault test kills."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from assistant.services.installation import rotate_keys
from assistant.storage.database import make_engine

if TYPE_CHECKING:
    from multiprocessing.connection import Connection


def rotate(pipe: Connection, address: str, key_file: str) -> None:
    """Wait for a number, send that it begins, change the key, and send how many values were sealed anew."""
    pipe.recv()
    pipe.send("begins")  # the moment from which it may be killed
    rotation = rotate_keys.rotate_keys(make_engine(address), Path(key_file))
    pipe.send(rotation.values)  # it ended by itself
