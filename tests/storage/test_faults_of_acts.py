"""Killed in the middle of an export, a purge, a load of a list or a migration, nothing is lost and nothing is half.

Long runs; `python3 bootstrap.py test --all` does them too. Saves are in ``test_faults``, changes of the key in
``test_rotate_keys``.
"""

from __future__ import annotations

import hashlib
import random
import time
from typing import TYPE_CHECKING, Any
from uuid import UUID

import pytest
from sqlalchemy import func, select, text

from assistant.services.application import applications, export_log
from assistant.services.installation.verify_history import verify_history
from assistant.storage.database import make_engine, migrate
from assistant.storage.listing_tables import ListedAgreement, ListImport
from assistant.storage.migration import differences
from assistant.storage.tables import ExportRow
from tests.storage.acting_worker import CANARY, LISTED, act, migrate_new
from tests.storage.test_purge import everything_said
from tests.storage.workers_to_kill import Worker, place_of

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from sqlalchemy.orm import Session

    from tests.storage.conftest import Store

KILLS = {"sqlite": 20, "postgresql": 5}
LONGEST_LIFE = 0.8  # seconds between the beginning and the kill

pytestmark = pytest.mark.long


def kill_in_the_middle(worker: Worker, number: int, chance: random.Random) -> list[str]:
    """Let a worker begin, kill it after a moment, and return what it acknowledged."""
    assert worker.begin(number) == "begins"
    time.sleep(chance.random() * LONGEST_LIFE)
    return worker.kill()


def run(store: Store, folder: Path, public_id: UUID, what: str, check: Callable[[list[str], int], None]) -> str:
    """Kill a worker that does one thing, many times, look after each kill, and return the figures."""
    place = place_of(store, folder, public_id)
    chance = random.Random(287)  # noqa: S311 - moments to kill at, no secret
    kills = KILLS["sqlite" if store.file is not None else "postgresql"]
    ahead = Worker(act, what, place)
    acknowledged: list[str] = []
    for kill in range(kills):
        worker, ahead = ahead, Worker(act, what, place)
        acknowledged += kill_in_the_middle(worker, 1_000 * (kill + 1), chance)
        check(acknowledged, kill + 1)
        if store.file is not None:
            with store.read() as session:
                assert session.execute(text("PRAGMA integrity_check")).scalar_one() == "ok"
    ahead.kill()
    assert acknowledged, "something was done between the kills"
    with store.read() as session:
        assert verify_history(session).whole
    return f"{kills} kills on {store.engine.dialect.name}, {len(acknowledged)} acknowledged, none lost or half done"


def test_an_export_is_there_whole_or_not_at_all(
    store: Store, tmp_path: Path, public_id: UUID, record_property: Callable[[str, object], None]
) -> None:
    def check(acknowledged: list[str], kills: int) -> None:
        with store.read() as session:
            for line in acknowledged:
                export_id, sha256 = line.split()
                data = export_log.get_export(session, store.agency_id, UUID(export_id)).bundle
                assert data is not None
                assert hashlib.sha256(data).hexdigest() == sha256
            count = session.scalar(select(func.count()).select_from(ExportRow)) or 0
            application = applications.get(session, store.agency_id, public_id)
            assert len(acknowledged) <= count <= len(acknowledged) + kills
            assert application.history_count == 1 + count, "each export has its line, and each line its export"

    record_property("killed during an export", run(store, tmp_path, public_id, "export", check))


def test_a_purge_takes_all_out_or_nothing(
    store: Store, tmp_path: Path, public_id: UUID, record_property: Callable[[str, object], None]
) -> None:
    def check(_: list[str], __: int) -> None:
        with store.read() as session:
            application = applications.get(session, store.agency_id, public_id)
            said = everything_said(session)
            in_answers = [one.full_name for one in application.answers.nominees]
            # Where a purge was not done, its nominee stands in the answers; whom one took out stands nowhere.
            left = {name for name in in_answers if name and CANARY in name}
            assert (CANARY in said) is bool(left)
            assert all(CANARY not in part or any(name in part for name in left) for part in said.split("\n"))

    record_property("killed during a purge", run(store, tmp_path, public_id, "purge", check))


def test_a_list_is_loaded_whole_or_not_at_all(
    store: Store, tmp_path: Path, public_id: UUID, record_property: Callable[[str, object], None]
) -> None:
    def check(acknowledged: list[str], kills: int) -> None:
        with store.read() as session:
            loads = session.scalars(select(ListImport).order_by(ListImport.id)).all()
            assert len(acknowledged) <= len(loads) <= len(acknowledged) + kills
            current = _count(session, ListedAgreement.removed_id.is_(None))
            assert current == (LISTED if loads else 0)
            assert _count(session, ListedAgreement.id > 0) == sum(load.added for load in loads)

    record_property("killed during a load of a list", run(store, tmp_path, public_id, "import", check))


def _count(session: Session, condition: Any) -> int:
    return session.scalar(select(func.count()).select_from(ListedAgreement).where(condition)) or 0


def test_a_migration_is_done_whole_or_not_at_all(
    tmp_path: Path, record_property: Callable[[str, object], None]
) -> None:
    chance = random.Random(287)  # noqa: S311 - as above
    unfinished = 0
    addresses = [f"sqlite:///{tmp_path / f'{number}.sqlite3'}" for number in range(25)]
    ahead = Worker(migrate_new, addresses[0])
    for number, address in enumerate(addresses):
        worker = ahead
        if number + 1 < len(addresses):
            ahead = Worker(migrate_new, addresses[number + 1])
        kill_in_the_middle(worker, 1, chance)
        engine = make_engine(address)
        with engine.connect() as connection:
            tables = connection.execute(text("SELECT count(*) FROM sqlite_master WHERE type = 'table'")).scalar_one()
        unfinished += tables == 0
        assert tables == 0 or differences(engine) == [], "all tables or none"
        migrate(engine)
        assert differences(engine) == []
        engine.dispose()
    assert unfinished > 1, "some kills came in the middle"
    figure = f"{len(addresses)} kills on sqlite, {unfinished} before the end, all tables or none"
    record_property("killed during a migration", figure)
