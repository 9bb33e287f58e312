"""Jobs in the queue on PostgreSQL: stored with what they are about, done once though a worker dies, for one agency."""

from __future__ import annotations

import io
import json
import os
import re
import signal
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from importlib.resources import files
from pathlib import Path
from threading import Barrier
from types import MappingProxyType
from typing import TYPE_CHECKING
from uuid import UUID, uuid4

import pytest
import structlog
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from assistant.cli.main import run
from assistant.config import Config
from assistant.errors import InputError, NotFoundError
from assistant.services.after_export import copy_store
from assistant.services.after_export.copy_files import CopyFile
from assistant.services.after_export.copy_work import NO_EXPORT
from assistant.services.application import applications
from assistant.services.jobs import kinds, worker
from assistant.services.jobs.kinds import CHECK_COPIES, JobKind
from assistant.services.jobs.orders import JobOrder, JobTools
from assistant.services.jobs.place import QueueOfJobs
from assistant.storage import job_queue
from assistant.storage.after_export_tables import SignedCopyRow
from assistant.storage.database import url_of
from assistant.storage.migration import MIGRATIONS
from assistant.storage.outages import Cause, find_cause
from assistant.storage.sealing import write_keyring
from tests.storage.conftest import NOW, wait_for_lock

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy.orm import Session

    from tests.storage.conftest import Store

ROOT = Path(__file__).resolve().parents[2]
WHO = "local"
SECONDS = 120
"""After so long a test gives up; nothing is measured."""


@pytest.fixture
def store(postgresql_store: Store, own_loop: None) -> Store:  # noqa: ARG001 - for the worker
    with postgresql_store.engine.begin() as connection:
        for table in ("jobs", "workers"):
            connection.execute(text(f"TRUNCATE procrastinate.procrastinate_{table} CASCADE"))
    return postgresql_store


@pytest.fixture
def tools(store: Store) -> JobTools:
    log = structlog.wrap_logger(structlog.PrintLogger(sys.stderr))
    return JobTools(writer=store.write, reader=store.read, clock=lambda: NOW, log=log)


def order_check(store: Store, public_id: UUID) -> None:
    """Add a copy, and have it checked."""
    with store.write() as session:
        row = applications.get(session, store.agency_id, public_id)
        data = b"%PDF-1.7 made up"
        copy_store.add_copies(session, row, [CopyFile(name="a.pdf", data=data, pages=1)], side="agency", now=NOW)
        order = JobOrder(kind=CHECK_COPIES.name, agency_id=store.agency_id, subject=public_id, who=WHO)
        QueueOfJobs().take_order(session, order)
        session.commit()


def errors_stored(store: Store) -> list[str]:
    """Return what the check of each copy says; "" where it was not checked."""
    with store.read() as session:
        return [copy_store.describe_copy(row).result.get("error", "") for row in session.scalars(select(SignedCopyRow))]


def jobs(store: Store, agency_id: int | None = None) -> list[tuple[str, int]]:
    """Return state and tries of the jobs of an agency, or of all."""
    with store.read() as session:
        return [(job.state, job.tries) for job in job_queue.list_jobs(session, agency_id)]


def set_status(session: Session, status: str) -> None:
    """Let every job be of a status, and of no worker."""
    session.execute(text("SET LOCAL search_path = procrastinate"))
    change = "UPDATE procrastinate_jobs SET status = CAST(:status AS procrastinate_job_status), worker_id = NULL"
    session.execute(text(change), {"status": status})


def work(store: Store, tools: JobTools) -> bool:
    silence = timedelta(seconds=60)
    return worker.run_worker(url_of(store.engine), tools, concurrency=2, until_empty=True, silence=silence)


def test_the_migration_makes_the_tables_of_the_package_that_is_installed() -> None:
    copy = (MIGRATIONS / "versions" / "0013_procrastinate.sql").read_text("utf-8")
    assert copy.endswith((files("procrastinate") / "sql" / "schema.sql").read_text("utf-8"))


def test_a_job_is_stored_with_what_it_is_about_and_holds_ids_alone(store: Store, public_id: UUID) -> None:
    with store.write() as session:
        order = JobOrder(kind=CHECK_COPIES.name, agency_id=store.agency_id, subject=public_id, who=WHO)
        QueueOfJobs().take_order(session, order)
        session.rollback()
    assert jobs(store) == []
    order_check(store, public_id)
    assert jobs(store) == [("waiting", 0)]
    with store.read() as session:
        # The session still finds the tables of the program.
        assert applications.get(session, store.agency_id, public_id).public_id == public_id
        arguments = session.execute(text("SELECT args FROM procrastinate.procrastinate_jobs")).scalar_one()
        assert QueueOfJobs().state_of(session, CHECK_COPIES.name, public_id) == "waiting"
        assert QueueOfJobs().state_of(session, CHECK_COPIES.name, uuid4()) is None
    assert arguments == {"agency_id": store.agency_id, "subject": str(public_id), "who": WHO}


def test_another_agency_neither_sees_nor_changes_a_job(store: Store, public_id: UUID) -> None:
    order_check(store, public_id)
    assert jobs(store, store.agency_id) == [("waiting", 0)]
    assert jobs(store, store.other_agency_id) == []
    with store.write() as session:
        (job,) = job_queue.list_jobs(session, store.agency_id)
        with pytest.raises(NotFoundError):
            job_queue.cancel_job(session, store.other_agency_id, job.number)
        with pytest.raises(NotFoundError):
            job_queue.retry_job(session, store.other_agency_id, job.number, now=NOW)
        with pytest.raises(InputError):
            job_queue.retry_job(session, store.agency_id, job.number, now=NOW)
        job_queue.cancel_job(session, store.agency_id, job.number)
        session.commit()
    assert jobs(store) == []


def test_the_command_does_what_waits_and_its_log_names_nobody(
    store: Store, public_id: UUID, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    config = Config(instance_dir=tmp_path)
    config.keys_dir.mkdir()
    write_keyring(config.keyring_file, store.ring)
    for name, value in {"INSTANCE_DIR": str(tmp_path), "DATABASE_URL": url_of(store.engine), "JOBS": "queue"}.items():
        monkeypatch.setenv(f"ASSISTANT_{name}", value)
    order_check(store, public_id)
    assert run(["worker", "--until-empty"]) == 0
    assert errors_stored(store) == [NO_EXPORT]
    assert jobs(store) == []
    lines = [json.loads(line) for line in (tmp_path / "log" / "wizard.log").read_text("utf-8").splitlines()]
    assert [line["event"] for line in lines] == ["worker started", "job started", "job done", "worker stopped"]
    assert str(public_id) not in json.dumps(lines)


def test_a_job_that_fails_is_tried_five_times_and_once_more_when_someone_asks(
    store: Store, public_id: UUID, tools: JobTools, monkeypatch: pytest.MonkeyPatch
) -> None:
    printed = io.StringIO()
    tools = replace(tools, log=structlog.wrap_logger(structlog.PrintLogger(printed)))
    tries = []

    def fail(order: JobOrder, _: JobTools) -> None:
        tries.append(order.subject)
        raise ValueError("Canary Quetzalcoatl")

    kind = JobKind(name=CHECK_COPIES.name, words="Fail", run=fail)
    monkeypatch.setattr(kinds, "KINDS", MappingProxyType({kind.name: kind}))
    monkeypatch.setattr(worker, "RETRY_BASE", 0)
    order_check(store, public_id)
    while jobs(store)[0][0] == "waiting":
        assert work(store, tools)
    assert tries == [public_id] * job_queue.MOST_TRIES
    assert jobs(store) == [("failed", job_queue.MOST_TRIES)]
    assert "ValueError" in printed.getvalue()
    assert "Canary" not in printed.getvalue()
    with store.write() as session:
        (job,) = job_queue.list_jobs(session, store.agency_id)
        assert job_queue.find_delay(session) == (None, 1)
        job_queue.retry_job(session, store.agency_id, job.number, now=NOW)
        session.commit()
    assert [state for state, _ in jobs(store)] == ["waiting"]
    assert work(store, tools)
    assert len(tries) == job_queue.MOST_TRIES + 1
    with store.write() as session:
        job_queue.cancel_job(session, store.agency_id, job.number)
        session.commit()
    assert jobs(store) == []
    assert errors_stored(store) == [""]


@pytest.fixture
def worker_command(store: Store, tmp_path: Path) -> list[str]:
    """Return the command of a worker that takes as long as the test wants."""
    key_file = tmp_path / "keyring.json"
    write_keyring(key_file, store.ring)
    return [sys.executable, "-m", "tests.storage.job_worker", url_of(store.engine), str(key_file), "1"]


@contextmanager
def started(command: list[str]) -> Iterator[subprocess.Popen[str]]:
    """Start a worker, and read until it begins with a copy."""
    with subprocess.Popen(
        command,
        text=True,
        cwd=ROOT,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as process:
        try:
            assert process.stdout is not None
            assert process.stdout.readline() == "begins\n"
            yield process
        finally:
            process.kill()


@pytest.mark.skipif(sys.platform == "win32", reason="only on POSIX systems")
def test_a_killed_workers_job_is_done_by_another_once_and_a_stopped_one_ends_its_job(
    store: Store, public_id: UUID, worker_command: list[str]
) -> None:
    order_check(store, public_id)
    with started(worker_command):
        assert jobs(store) == [("running", 1)]
    assert errors_stored(store) == [""]
    with started(worker_command) as second:
        assert jobs(store) == [("running", 2)]
        second.send_signal(signal.SIGTERM)
        printed, log = second.communicate("Compared by the second.\n", timeout=SECONDS)
    assert second.returncode == 0, log
    assert "jobs of a lost worker" in log
    assert "begins" not in printed
    assert errors_stored(store) == ["Compared by the second."]
    assert jobs(store) == []


def test_a_job_whose_workers_all_died_fails_for_good_and_the_log_has_its_number(
    store: Store, public_id: UUID, tools: JobTools
) -> None:
    printed = io.StringIO()
    tools = replace(tools, log=structlog.wrap_logger(structlog.PrintLogger(printed)))
    order_check(store, public_id)
    with store.read() as session:
        (job,) = job_queue.list_jobs(session, None)
    for number in range(1, job_queue.MOST_TRIES + 1):
        with store.write() as session:
            # Fetched by a worker that is gone.
            set_status(session, "doing")
            session.commit()
        worker._take_up(tools, timedelta(seconds=30))
        assert ("job failed for good" in printed.getvalue()) == (number == job_queue.MOST_TRIES)
    assert re.search(rf"job failed for good\W.*number={job.number}\b", re.sub(r"\x1b\[\d*m", "", printed.getvalue()))
    assert jobs(store) == [("failed", job_queue.MOST_TRIES)]


def test_a_job_that_its_worker_is_about_to_end_is_not_lost(store: Store, public_id: UUID) -> None:
    order_check(store, public_id)
    with store.write() as ending, store.write() as session:
        set_status(session, "doing")
        session.commit()
        ending.execute(text("SELECT id FROM procrastinate.procrastinate_jobs FOR UPDATE"))
        assert job_queue.take_up_lost_jobs(session, timedelta(seconds=30), now=NOW) == (0, [])


def test_two_people_try_a_job_again_and_the_second_reads_why_not(store: Store, public_id: UUID) -> None:
    order_check(store, public_id)

    def retry_second() -> str:
        with store.write() as session, pytest.raises(InputError) as refusal:
            job_queue.retry_job(session, None, number, now=NOW)
        return str(refusal.value)

    with store.write() as session, ThreadPoolExecutor(1) as pool:
        number = job_queue.list_jobs(session, None)[0].number
        set_status(session, "failed")
        session.commit()
        job_queue.retry_job(session, None, number, now=NOW)
        second = pool.submit(retry_second)
        wait_for_lock(session, second)
        # A worker begins with it at once.
        set_status(session, "doing")
        session.commit()
        assert second.result() == job_queue.NOT_FAILED
    assert [state for state, _ in jobs(store)] == ["running"]


def test_as_many_jobs_run_at_a_time_as_the_command_says(
    store: Store, tools: JobTools, monkeypatch: pytest.MonkeyPatch
) -> None:
    number = min(32, (os.cpu_count() or 1) + 4) + 1  # one more than the threads that asyncio makes by itself
    barrier = Barrier(number, timeout=10)

    def meet(_: JobOrder, __: JobTools) -> None:
        barrier.wait()

    kind = JobKind(name=CHECK_COPIES.name, words="Meet", run=meet)
    monkeypatch.setattr(kinds, "KINDS", MappingProxyType({kind.name: kind}))
    monkeypatch.setattr(worker, "MOST_TRIES", 1)
    with store.write() as session:
        for _ in range(number):
            job_queue.put_job(session, kind=kind.name, agency_id=1, subject=uuid4(), who=WHO)
        session.commit()
    assert worker.run_worker(
        url_of(store.engine), tools, concurrency=number, until_empty=True, silence=timedelta(seconds=60)
    )
    assert jobs(store) == []


def test_what_the_database_fails_with_is_known_as_an_outage(store: Store, public_id: UUID) -> None:
    with store.read() as session, pytest.raises(DBAPIError) as put:
        job_queue.put_job(session, kind=CHECK_COPIES.name, agency_id=1, subject=public_id, who=WHO)
    with store.read() as session, pytest.raises(DBAPIError) as removed, job_queue._manager(session) as manager:
        manager.connector.execute_query(job_queue._REMOVE, number=1)
    assert [find_cause(one.value) for one in (put, removed)] == [Cause.NOT_WRITABLE] * 2


def test_a_queue_needs_postgresql_and_a_worker_a_queue(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(InputError, match="PostgreSQL only"):
        job_queue.check_queue(Config(instance_dir=tmp_path, jobs="queue"))
    monkeypatch.setenv("ASSISTANT_INSTANCE_DIR", str(tmp_path))
    assert run(["worker"]) == 2
    assert not list(tmp_path.iterdir())


def test_one_person_at_one_computer_loads_nothing_of_the_queue(tmp_path: Path) -> None:
    code = (
        "import sys; from assistant.app import create_app; from assistant.config import load; create_app(load()); "
        "print({name.split('.')[0] for name in sys.modules} & {'procrastinate', 'psycopg', 'asgiref'})"
    )
    environ = os.environ | {"ASSISTANT_INSTANCE_DIR": str(tmp_path)}
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, env=environ, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "set()"
