"""What a crash or a crowd does to saves: nothing. Long runs; `python3 bootstrap.py test --all` does them too."""

from __future__ import annotations

import random
import time
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import text

from assistant.answers import get_path
from assistant.services.application import applications, history
from tests.storage.saving_worker import save_often
from tests.storage.workers_to_kill import Worker, place_of

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path
    from uuid import UUID

    from tests.storage.conftest import Store

PATHS = ("agency.legal_name", "agency.short_name", "signatory.full_name", "ice.field_office")
LONGEST_LIFE = 0.15  # seconds between the start of saving and the kill

pytestmark = pytest.mark.long


def test_no_acknowledged_save_is_lost_when_the_process_is_killed(
    store: Store, tmp_path: Path, public_id: UUID, record_property: Callable[[str, object], None]
) -> None:
    kills = 110 if store.file is not None else 15  # PostgreSQL's server is not the process that is killed
    chance = random.Random(287)  # noqa: S311 - moments to kill at, no secret
    acknowledged, cut_off = 0, 0
    place = place_of(store, tmp_path, public_id)
    ahead = Worker(save_often, place, PATHS[0], 1_000_000)
    for kill in range(kills):
        worker, first = ahead, 1_000_000 * (kill + 1)
        if kill + 1 < kills:
            ahead = Worker(save_often, place, PATHS[0], 1_000_000)
        numbers = [worker.begin(first)]  # it is saving now
        time.sleep(chance.random() * LONGEST_LIFE)
        numbers += worker.kill()
        last = int(numbers[-1])
        with store.read() as session:
            application = applications.get(session, store.agency_id, public_id)
            stored = int(application.answers.agency.legal_name or 0)
        # A save that was committed and not yet acknowledged may stand, one that was acknowledged must.
        assert last <= stored <= last + 1, f"save {last} was acknowledged, {stored} is stored"
        cut_off += stored > last
        acknowledged += last - first + 1
    with store.read() as session:
        if store.file is not None:
            assert session.execute(text("PRAGMA integrity_check")).scalar_one() == "ok"
        application = applications.get(session, store.agency_id, public_id)
        assert application.version == 1 + acknowledged + cut_off
        assert history.verify(session, application) == []
    figure = (
        f"{kills} kills, {acknowledged} acknowledged saves, none lost, {cut_off} stored before they were acknowledged"
    )
    record_property(f"killed during saves on {store.engine.dialect.name}", figure)


def test_four_processes_write_at_once_and_none_is_refused(store: Store, tmp_path: Path, public_id: UUID) -> None:
    place = place_of(store, tmp_path, public_id)
    workers = [Worker(save_often, place, path, 500) for path in PATHS]
    begun = [worker.begin(number * 1_000) for number, worker in enumerate(workers)]
    numbers = [[first, *worker.wait()] for first, worker in zip(begun, workers, strict=True)]
    assert [len(rows) for rows in numbers] == [500] * 4
    with store.read() as session:
        application = applications.get(session, store.agency_id, public_id)
        assert application.version == 1 + 4 * 500
        assert [get_path(application.answers, path) for path in PATHS] == ["499", "1499", "2499", "3499"]
        assert history.verify(session, application) == []
