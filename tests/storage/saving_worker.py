"""Save one answer again and again, and say so after each commit: the process that the fault tests kill.

Arguments: database, key file, agency, application, path of the answer, how many saves. Waits for a line, so that it
can be started ahead.
"""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

from assistant.services.application import applications
from assistant.storage.database import make_engine, session_factory
from assistant.storage.sealing import read_keyring


def main(arguments: list[str]) -> None:
    address, key_file, agency_id, public_id, path, count = arguments
    write = session_factory(make_engine(address), read_keyring(Path(key_file)))
    first = int(sys.stdin.readline())
    for number in range(first, first + int(count)):
        with write() as session:
            application = applications.get(session, int(agency_id), UUID(public_id))
            applications.save_values(
                session, application, {path: str(number)}, version=application.version, now=datetime.now(UTC)
            )
            session.commit()
        print(number, flush=True)  # noqa: T201 - the acknowledgement


if __name__ == "__main__":
    main(sys.argv[1:])
