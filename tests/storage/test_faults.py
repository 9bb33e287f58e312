"""What a crash or a crowd does to saves: nothing. Long runs; `python3 bootstrap.py test --all` does them too."""

from __future__ import annotations

import os
import random
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import text

from assistant.answers import get_path
from assistant.services.application import applications, history
from assistant.storage.sealing import write_keyring

if TYPE_CHECKING:
    from uuid import UUID

    from tests.storage.conftest import Store

WORKER = Path(__file__).with_name("saving_worker.py")
PATHS = ("agency.legal_name", "agency.short_name", "signatory.full_name", "ice.field_office")
LONGEST_LIFE = 0.15  # seconds between the start of saving and the kill

pytestmark = pytest.mark.long


def start(store: Store, folder: Path, public_id: UUID, path: str, count: int) -> subprocess.Popen[str]:
    key_file = folder / "keys.json"
    write_keyring(key_file, store.ring)
    address = store.engine.url.render_as_string(hide_password=False)
    return subprocess.Popen(
        [sys.executable, str(WORKER), address, str(key_file), str(store.agency_id), public_id.hex, path, str(count)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env=os.environ | {"PYTHONPATH": str(WORKER.parents[2])},
    )


def say(worker: subprocess.Popen[str], number: int) -> None:
    assert worker.stdin is not None
    worker.stdin.write(f"{number}\n")
    worker.stdin.flush()


def test_no_acknowledged_save_is_lost_when_the_process_is_killed(store: Store, tmp_path: Path, public_id: UUID) -> None:
    kills = 110 if store.file is not None else 15  # PostgreSQL's server is not the process that is killed
    chance = random.Random(287)  # noqa: S311 - moments to kill at, no secret
    acknowledged, cut_off = 0, 0
    ahead = start(store, tmp_path, public_id, PATHS[0], 1_000_000)
    for kill in range(kills):
        worker, first = ahead, 1_000_000 * (kill + 1)
        if kill + 1 < kills:
            ahead = start(store, tmp_path, public_id, PATHS[0], 1_000_000)
        say(worker, first)
        assert worker.stdout is not None
        said = worker.stdout.readline()  # it is saving now
        time.sleep(chance.random() * LONGEST_LIFE)
        worker.kill()
        said += worker.stdout.read()  # not communicate(), which skips the lines that readline() took in with the first
        worker.communicate()
        last = int(said[: said.rindex("\n")].rsplit("\n", 1)[-1])
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


def test_four_processes_write_at_once_and_none_is_refused(store: Store, tmp_path: Path, public_id: UUID) -> None:
    workers = [start(store, tmp_path, public_id, path, 500) for path in PATHS]
    for number, worker in enumerate(workers):
        say(worker, number * 1_000)
    said = [worker.communicate()[0] for worker in workers]
    assert [worker.returncode for worker in workers] == [0, 0, 0, 0]
    assert [len(text.split()) for text in said] == [500] * 4
    with store.read() as session:
        application = applications.get(session, store.agency_id, public_id)
        assert application.version == 1 + 4 * 500
        assert [get_path(application.answers, path) for path in PATHS] == ["499", "1499", "2499", "3499"]
        assert history.verify(session, application) == []
