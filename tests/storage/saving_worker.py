"""Save one answer again and again, and say so after each commit: the process that the fault tests kill."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from assistant.services.application import applications
from assistant.storage.database import make_engine, session_factory
from assistant.storage.sealing import read_keyring

if TYPE_CHECKING:
    from multiprocessing.connection import Connection

    from tests.storage.workers_to_kill import Place


def save_often(pipe: Connection, place: Place, path: str, count: int) -> None:
    """Save as many numbers as ``count`` says, from the one that is received on; send each after its commit."""
    write = session_factory(make_engine(place.address), read_keyring(place.key_file))
    first = int(pipe.recv())
    for number in range(first, first + count):
        with write() as session:
            application = applications.get(session, place.agency_id, place.public_id)
            applications.save_values(
                session, application, {path: str(number)}, version=application.version, now=datetime.now(UTC)
            )
            session.commit()
        pipe.send(number)  # the acknowledgement
