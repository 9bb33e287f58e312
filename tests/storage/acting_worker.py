"""Do one thing again and again, and say so after each commit: the process that the fault tests kill."""

from __future__ import annotations

import hashlib
import os
from dataclasses import replace
from datetime import UTC, datetime
from itertools import count
from typing import TYPE_CHECKING, Any

from assistant.answers import Nominee
from assistant.services.application import applications, export_log, nominees
from assistant.services.installation import purge
from assistant.services.published_lists.listings import import_list
from assistant.storage.database import make_engine, migrate, session_factory
from assistant.storage.sealing import read_keyring
from tests.storage.test_listings import LEE, LEVY, but, participating
from tests.storage.test_purge import Review, made

if TYPE_CHECKING:
    from multiprocessing.connection import Connection

    from sqlalchemy.orm import Session

    from assistant.storage.tables import Application
    from tests.storage.workers_to_kill import Place

CANARY = "Canary Quetzalcoatl"
LISTED = 60


def export(session: Session, application: Application, _: int) -> str:
    """Export, and return the id and the hash of the ZIP."""
    bundle = bundle_of(application)
    row = export_log.record_export(session, application, bundle, now=datetime.now(UTC))
    return f"{row.public_id.hex} {row.sha256}"


def bundle_of(application: Application) -> Any:
    """Return a bundle of made-up bytes, as large as a small one."""
    data = os.urandom(200_000)
    bundle = made(application.answers)
    bundle.data, bundle.sha256, bundle.review = data, hashlib.sha256(data).hexdigest(), Review(())
    return bundle


def add_and_purge(session: Session, application: Application, number: int) -> str:
    """Add a nominee and an export that names them, then take everything about nominees out."""
    now = datetime.now(UTC)
    nominees.add_nominees(session, application, [Nominee(full_name=f"{CANARY} {number}")], now=now)
    export_log.record_export(session, application, bundle_of(application), now=now)
    session.commit()
    purge.purge_application(session, application, now=now)
    return str(number)


def load_list(session: Session, _: Application, number: int) -> str:
    """Load a list in which every agency is another one than before."""
    rows = [but(LEE if n % 2 else LEVY, agency=f"Example Agency {number} {n}", county=None) for n in range(LISTED)]
    import_list(session, participating(*rows), filename="list.xlsx", now=datetime.now(UTC))
    return str(number)


ACTS = {"export": export, "purge": add_and_purge, "import": load_list}


def act(pipe: Connection, what: str, place: Place) -> None:
    """Wait for a number, send that it begins, and count from it on; send what was done after each commit."""
    write = session_factory(make_engine(place.address), replace(read_keyring(place.key_file), file=None))
    with write() as session:  # the first connection takes a while
        applications.get(session, place.agency_id, place.public_id)
    first = int(pipe.recv())
    pipe.send("begins")  # the moment from which it may be killed
    for number in count(first):
        with write() as session:
            application = applications.get(session, place.agency_id, place.public_id)
            acknowledged = ACTS[what](session, application, number)
            session.commit()
        pipe.send(acknowledged)  # the acknowledgement


def migrate_new(pipe: Connection, address: str) -> None:
    """Wait for a number, send that it begins, and make the tables of a database."""
    engine = make_engine(address)
    pipe.recv()
    pipe.send("begins")
    migrate(engine)
