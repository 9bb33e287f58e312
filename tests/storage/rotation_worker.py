"""Change the key, as ``moa keys rotate`` does, and say when it begins: the process that the fault test kills.

Arguments: database, key file. Waits for a line, so that it can be started ahead.
"""

from __future__ import annotations

import sys
from pathlib import Path

from assistant.services.installation.rotate_keys import rotate_keys
from assistant.storage.database import make_engine


def main(arguments: list[str]) -> None:
    address, key_file = arguments
    sys.stdin.readline()
    print("begins", flush=True)  # noqa: T201 - the moment from which it may be killed
    rotation = rotate_keys(make_engine(address), Path(key_file))
    print(rotation.values, flush=True)  # noqa: T201 - it ended by itself


if __name__ == "__main__":
    main(sys.argv[1:])
