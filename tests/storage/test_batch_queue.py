"""A batch through the queue: two workers make every bundle once, and a run that was broken off goes on."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import pytest
from sqlalchemy import func, select, text

from assistant.cli.batch import queue
from assistant.cli.main import run
from assistant.config import Config
from assistant.services.installation.batch import BatchBundle
from assistant.services.jobs import batch_bundles
from assistant.services.jobs.batch_bundles import BatchResult
from assistant.services.jobs.place import QueueOfJobs
from assistant.storage import job_queue
from assistant.storage.batch_tables import BatchFileRow
from assistant.storage.database import url_of
from assistant.storage.sealing import write_keyring
from tests.storage.conftest import wait_for_lock

if TYPE_CHECKING:
    from collections.abc import Iterator
    from uuid import UUID

    from sqlalchemy.orm import Session

    from tests.storage.conftest import Store

ROOT = Path(__file__).resolve().parents[2]
DAY = "2026-02-01"
SECONDS = 240
"""After so long a test gives up; nothing is measured."""
WORKERS = 2
FILES = 6


@pytest.fixture
def store(postgresql_store: Store, own_loop: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Store:  # noqa: ARG001
    """A database with a queue, which the commands of this process and of others use."""
    config = Config(instance_dir=tmp_path / "instance")
    config.keys_dir.mkdir(parents=True)
    write_keyring(config.keyring_file, postgresql_store.ring)
    address = url_of(postgresql_store.engine)
    for name, value in {"INSTANCE_DIR": config.instance_dir, "DATABASE_URL": address, "JOBS": "queue"}.items():
        monkeypatch.setenv(f"ASSISTANT_{name}", str(value))
    with postgresql_store.engine.begin() as connection:
        for table in ("jobs", "workers"):
            connection.execute(text(f"TRUNCATE procrastinate.procrastinate_{table} CASCADE"))
    return postgresql_store


@pytest.fixture
def folder(tmp_path: Path, example_path: Path) -> Path:
    """A folder of answers files, of which one is blocked and one cannot be read."""
    answers = json.loads(example_path.read_text("utf-8"))
    made = tmp_path / "answers"
    made.mkdir()
    for number in range(FILES):
        first = answers["nominees"][0] | {"badge_number": str(number)} | ({"us_citizen": None} if number == 1 else {})
        document = answers | {"nominees": [first, *answers["nominees"][1:]]}
        (made / f"{number}.json").write_text(json.dumps(document), "utf-8")
    (made / "9.json").write_text("{", "utf-8")
    return made


def export(folder: Path, capsys: pytest.CaptureFixture[str], out: str, *more: str) -> dict[str, Any]:
    """Run the command, and return its outcomes by file."""
    run(["batch", "export", str(folder), "--out", str(folder.parent / out), "--today", DAY, "--json", *more])
    return {row["file"]: row for row in json.loads(capsys.readouterr().out)}


def rows(store: Store) -> int:
    with store.read() as session:
        return session.scalar(select(func.count()).select_from(BatchFileRow)) or 0


@pytest.fixture
def workers(store: Store) -> Iterator[list[subprocess.Popen[str]]]:
    assert rows(store) == 0
    command = [sys.executable, "-m", "assistant", "worker", "--concurrency", "1"]
    started = [
        subprocess.Popen(command, cwd=ROOT, env=dict(os.environ), text=True, stderr=subprocess.PIPE)
        for _ in range(WORKERS)
    ]
    yield started
    for process in started:
        process.kill()
        process.communicate()


@pytest.mark.skipif(sys.platform == "win32", reason="only on POSIX systems")
def test_two_workers_make_every_bundle_once_and_nothing_stays(
    store: Store, folder: Path, workers: list[subprocess.Popen[str]], capsys: pytest.CaptureFixture[str]
) -> None:
    found = export(folder, capsys, "out", "--queue")
    statuses = {file: row["status"] for file, row in found.items()}
    made = [f"{number}.json" for number in range(FILES) if number != 1]
    assert statuses == {**dict.fromkeys(made, "made"), "1.json": "blocked", "9.json": "failed"}
    assert found["1.json"]["blockers"] == [{"code": "nominee-citizen", "where": "nominees.0.us_citizen"}]
    assert rows(store) == 0
    for process in workers:
        process.terminate()
    logs = [process.communicate(timeout=SECONDS)[1] for process in workers]
    lines = [json.loads(line) for log in logs for line in log.splitlines() if line.startswith("{")]
    done = [line["number"] for line in lines if line["event"] == "job done"]
    assert len(done) == len(set(done)) == FILES
    # The same bytes as without a queue; and what is there already is kept without a worker.
    export(folder, capsys, "alone", "--jobs", "1")
    for file in made:
        name = file.replace(".json", ".zip")
        assert (folder.parent / "out" / name).read_bytes() == (folder.parent / "alone" / name).read_bytes()
    (folder / "1.json").unlink()
    again = export(folder, capsys, "out", "--queue")
    assert {row["status"] for file, row in again.items() if file != "9.json"} == {"kept"}


def test_a_run_that_was_broken_off_goes_on_and_a_job_that_is_gone_is_reported(
    store: Store, folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for file in folder.glob("*.json"):
        if file.name not in {"0.json", "2.json"}:
            file.unlink()
    first_run, out = uuid4(), folder.parent / "out"
    with store.write() as session:
        for name in ("0", "2"):
            data, place = (folder / f"{name}.json").read_bytes(), str(out / name)
            batch_bundles.put_answers(
                session, QueueOfJobs(), first_run, data, place=place, day=datetime.fromisoformat(DAY).date(),
                draft=False, now=datetime.now(UTC),
            )  # fmt: skip
        session.commit()
        canceled = job_queue.list_jobs(session, None)[1]
        assert run(["worker", "--until-empty"]) == 0
        assert len(batch_bundles.list_results(session, first_run)) == len(("0", "2"))
    # A second run finds what is done, and no worker is needed.
    assert {row["status"] for row in export(folder, capsys, "out", "--queue").values()} == {"made"}
    assert sorted(file.name for file in out.iterdir()) == ["0.zip", "2.zip"]
    assert rows(store) == 0
    # One whose job was canceled is reported, and nothing waits for it.
    (out / "2.zip").unlink()
    monkeypatch.setattr(queue, "POLL_SECONDS", 0)

    def put_and_cancel(*values: Any, **named: Any) -> Any:
        public_id = put_first(*values, **named)
        number = job_queue.list_jobs(values[0], None)[0].number
        assert number > canceled.number
        job_queue.cancel_job(values[0], None, number)
        return public_id

    put_first = batch_bundles.put_answers
    monkeypatch.setattr(batch_bundles, "put_answers", put_and_cancel)
    outcomes = export(folder, capsys, "out", "--queue")
    assert {file: row["status"] for file, row in outcomes.items()} == {"0.json": "kept", "2.json": "failed"}
    assert rows(store) == 0


def put(session: Session, batch_id: UUID, data: bytes, place: str) -> UUID:
    return batch_bundles.put_answers(
        session, QueueOfJobs(), batch_id, data, place=place, day=datetime.fromisoformat(DAY).date(), draft=False,
        now=datetime.now(UTC),
    )  # fmt: skip


def test_two_runs_at_once_put_one_row_and_the_first_does_not_wait_for_it(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    first, second, file = uuid4(), uuid4(), tmp_path / "0.json"

    def put_second() -> UUID:
        with store.write() as session:
            public_id = put(session, second, b"{}", "/same")
            session.commit()
        return public_id

    with ThreadPoolExecutor(1) as pool, store.write() as session:
        public_id = put(session, first, b"{}", "/same")
        other = pool.submit(put_second)
        wait_for_lock(session, other)
        session.commit()
        assert other.result() == public_id
    assert rows(store) == 1
    monkeypatch.setattr(queue, "POLL_SECONDS", 0)
    (outcome,) = queue._take_results(store.write, first, {public_id: file}, tmp_path)
    assert (outcome.status, outcome.why) == ("failed", queue.TAKEN_OVER)
    assert rows(store) == 1

    def come_later(_: Session, batch_id: UUID) -> list[BatchResult]:
        looks.append(batch_id)
        is_there = len(looks) > queue.LOOKS * 3
        result = BatchBundle(status="failed", why="Made up")
        return [BatchResult(public_id=public_id, result=result)] if is_there else []

    looks: list[UUID] = []
    monkeypatch.setattr(batch_bundles, "list_results", come_later)
    assert list(queue._take_results(store.write, second, {public_id: file}, tmp_path))
    assert capsys.readouterr().err.count(queue.NO_RESULT_YET) == 1


def test_a_worker_with_other_facts_makes_nothing_and_a_later_run_orders_it_again(
    store: Store, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    data, first = (folder / "0.json").read_bytes(), uuid4()
    with store.write() as session:
        public_id = put(session, first, data, "/there")
        session.commit()
        (job,) = job_queue.list_jobs(session, None)
    with monkeypatch.context() as patch:
        patch.setattr(batch_bundles, "imports_sha256", lambda: "0" * 64)
        assert run(["worker", "--until-empty"]) == 0
        with store.write() as session:
            # Ordered there, it is another file.
            assert put(session, uuid4(), data, "/there") != public_id
    with store.write() as session:
        (result,) = batch_bundles.list_results(session, first)
        assert (result.result.status, result.result.why) == ("failed", batch_bundles.OTHER_FORMS)
        assert job_queue.list_jobs(session, None) == []
        assert put(session, uuid4(), data, "/there") == public_id
        session.commit()
        assert [one.subject for one in job_queue.list_jobs(session, None)] == [job.subject]


def test_the_list_of_jobs_names_no_agency_where_there_is_none(store: Store, capsys: pytest.CaptureFixture[str]) -> None:
    with store.write() as session:
        put(session, uuid4(), b"{}", "/there")
        session.commit()
    assert run(["jobs", "list"]) == 0
    assert "agency" not in capsys.readouterr().out
    assert run(["jobs", "list", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)[0]["agency"] is None


def test_a_purge_removes_what_a_run_left_long_ago(store: Store) -> None:
    with store.write() as session:
        for days in (1, 8):
            then = datetime.now(UTC) - timedelta(days=days)
            batch_bundles.put_answers(
                session, QueueOfJobs(), uuid4(), b"{}", place=f"/{days}", day=then.date(), draft=False, now=then
            )
        session.commit()
    assert run(["purge", "--dry-run"]) == 0
    assert rows(store) == 2
    assert run(["purge"]) == 0
    assert rows(store) == 1
