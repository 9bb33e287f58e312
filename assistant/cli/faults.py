"""A fault of ours: kept in the instance's log under an id, and reported in one sentence.

What is kept is the kind of error and where it arose, never its message: a message may quote somebody's data.
"""

from __future__ import annotations

import secrets
import traceback
from datetime import UTC, datetime

from assistant import __version__
from assistant.config import load


def record(error: BaseException) -> str:
    """Keep where ``error`` arose and return the sentence for the person at the screen."""
    name = secrets.token_hex(4)
    lines = [f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ} {name} moa {__version__} {_kinds(error)}"]
    lines += [f"  {frame.filename}:{frame.lineno} {frame.name}" for frame in traceback.extract_tb(error.__traceback__)]
    try:
        log = load().log_dir / "faults.log"
        log.parent.mkdir(parents=True, exist_ok=True)
        with log.open("a", encoding="utf-8") as file:
            file.write("\n".join(lines) + "\n")
    except Exception:  # noqa: BLE001  # a log that cannot be written must not hide the first fault
        return f"Something went wrong in moa itself ({_kinds(error)}), and it could not be logged. Report it."
    return f"Something went wrong in moa itself. Report it with the ID {name}. The details are in {log}."


def _kinds(error: BaseException) -> str:
    kinds = [type(error).__name__]
    while (cause := error.__cause__ or error.__context__) is not None:
        kinds.append(type(cause).__name__)
        error = cause
    return " from ".join(kinds)
