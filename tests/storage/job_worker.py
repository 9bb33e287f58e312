"""A worker for tests: it says when it begins with a copy, and ends with it when it is given a line.

Arguments: database, key file, seconds of silence after which a worker is lost.
"""

from __future__ import annotations

import sys
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import structlog

from assistant.services.after_export.copy_work import WorkDone
from assistant.services.jobs import copy_checks
from assistant.services.jobs.orders import JobTools
from assistant.services.jobs.worker import run_worker
from assistant.storage.database import make_engine, reader_factory, session_factory
from assistant.storage.sealing import read_keyring


def compare_slowly(*_: Any, **__: Any) -> WorkDone:
    """Stand for a comparison that takes as long as the test wants."""
    print("begins", flush=True)  # noqa: T201 - the moment from which it may be killed
    line = sys.stdin.readline()
    return WorkDone(result={"error": line.strip()})


def main(arguments: list[str]) -> int:
    address, key_file, seconds = arguments
    setattr(copy_checks, "do_work", compare_slowly)  # noqa: B010 - the module only imports it
    engine, ring = make_engine(address), replace(read_keyring(Path(key_file)), file=None)
    tools = JobTools(
        writer=session_factory(engine, ring),
        reader=reader_factory(engine, ring),
        clock=lambda: datetime.now(UTC),
        log=structlog.wrap_logger(structlog.PrintLogger(sys.stderr)),
    )
    silence = timedelta(seconds=float(seconds))
    return 0 if run_worker(address, tools, concurrency=1, until_empty=False, silence=silence) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
