"""Pages and commands on a queue: an administrator sees the jobs of the own agency, and all see what waits."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import text

from assistant.cli.main import run
from assistant.config import Config
from assistant.services.after_export import copy_store
from assistant.services.after_export.copy_files import CopyFile
from assistant.services.application import applications, export_log
from assistant.services.application.make_bundle import make
from assistant.services.form_maps.forms import library
from assistant.services.installation import doctor
from assistant.services.jobs.kinds import CHECK_COPIES
from assistant.services.jobs.orders import JobOrder
from assistant.storage import job_queue
from tests.web.conftest import Clock, Watcher, open_app
from tests.web.made_people import add_person, found_installation, sign_in, token_on
from tests.web.made_up import NOW, add_agency, add_application, complete_answers

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path
    from uuid import UUID

    from flask import Flask
    from werkzeug.test import TestResponse

    from assistant.web.kit.context import Parts
    from tests.web.conftest import PageClient


@dataclass(frozen=True, kw_only=True)
class Queue:
    """A shared installation of two agencies with a queue, and one job of the first."""

    app: Flask
    parts: Parts
    clock: Clock
    public_id: UUID

    def as_person(self, name: str) -> PageClient:
        client: PageClient = self.app.test_client()  # type: ignore[assignment]  # the app's own class
        client.parts = self.parts
        client.watcher = Watcher()
        sign_in(client, self.clock, name)
        return client

    def states(self) -> list[str]:
        with self.parts.reader() as session:
            return [job.state for job in job_queue.list_jobs(session, None)]

    def number(self) -> int:
        with self.parts.reader() as session:
            return job_queue.list_jobs(session, None)[0].number

    def set_state(self, status: str) -> None:
        with self.parts.writer() as session:
            session.execute(text("SET LOCAL search_path = procrastinate"))
            change = text("UPDATE procrastinate_jobs SET status = CAST(:status AS procrastinate_job_status)")
            session.execute(change, {"status": status})
            session.commit()


@pytest.fixture
def queue(database: str, tmp_path: Path) -> Iterator[Queue]:
    config = Config(instance_dir=tmp_path, database_url=database, mode="shared", jobs="queue")
    agency_id, clock = found_installation(config), Clock()
    app = open_app(config, clock)
    parts: Parts = app.extensions["assistant"]
    with parts.writer() as session:
        add_person(session, "Olga Other", add_agency(parts), ["administrator"])
        add_person(session, "Pat Preparer", agency_id, ["preparer"])
        session.commit()
    public_id = add_application(parts, agency_id, complete_answers())
    with parts.writer() as session:
        row = applications.get(session, agency_id, public_id)
        bundle = make(row.answers, library(session), today=NOW.date(), draft=False)
        export_log.record_export(session, row, bundle, now=NOW)
        copy_store.add_copies(session, row, [CopyFile(name="a.pdf", data=b"%PDF-", pages=1)], side="agency", now=NOW)
        order = JobOrder(kind=CHECK_COPIES.name, agency_id=agency_id, subject=public_id, who="local")
        parts.jobs.take_order(session, order)
        session.commit()
    yield Queue(app=app, parts=parts, clock=clock, public_id=public_id)
    parts.engine.dispose()


def send(client: PageClient, address: str, **values: str) -> TestResponse:
    return client.post(address, data={"csrf_token": token_on(client, "/account/"), **values})


def test_what_waits_and_runs_is_shown_from_the_database_and_ordered_again_where_it_was_lost(queue: Queue) -> None:
    pat = queue.as_person("Pat Preparer")
    address = f"/applications/{queue.public_id}/signed-copies/"
    page = pat.get(address).text
    assert "Copies are being compared." in page
    assert "It waits." in page
    queue.set_state("doing")
    assert "It is being read, or is next." in pat.get(address).text
    queue.set_state("failed")
    page = pat.get(address).text
    assert "Copies wait to be compared." in page
    assert send(pat, address, go="resume").status_code == 302
    assert sorted(queue.states()) == ["failed", "waiting"]
    assert "Copies are being compared." in pat.get(address).text


def test_an_administrator_sees_and_changes_the_jobs_of_the_own_agency_alone(queue: Queue) -> None:
    ada, olga, pat = (queue.as_person(name) for name in ("Ada Admin", "Olga Other", "Pat Preparer"))
    number = queue.number()
    assert f"job {number}" in ada.get("/jobs/").text
    assert send(ada, f"/jobs/{number}/retry").status_code == 422
    queue.set_state("doing")
    assert send(ada, f"/jobs/{number}/cancel").status_code == 422
    queue.set_state("failed")
    page = ada.get("/jobs/").text
    assert re.findall(r'action="(/jobs/[^"]+)"', page) == [f"/jobs/{number}/retry", f"/jobs/{number}/cancel"]
    assert f"job {number}" not in olga.get("/jobs/").text
    for act in ("retry", "cancel"):
        assert send(olga, f"/jobs/{number}/{act}").status_code == 404
        assert send(pat, f"/jobs/{number}/{act}").status_code == 403
    assert pat.get("/jobs/").status_code == 403
    assert queue.states() == ["failed"]
    assert send(ada, f"/jobs/{number}/retry").status_code == 303
    assert queue.states() == ["waiting"]
    assert send(ada, f"/jobs/{number}/cancel").status_code == 303
    assert queue.states() == []
    assert "Nothing waits." in ada.get("/jobs/").text


def test_the_commands_list_retry_and_cancel_and_the_doctor_says_what_waits_too_long(
    queue: Queue, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    config = queue.parts.config
    for name in ("instance_dir", "database_url", "jobs"):
        monkeypatch.setenv(f"ASSISTANT_{name.upper()}", str(getattr(config, name)))
    with queue.parts.reader() as session:
        (job,) = job_queue.list_jobs(session, None)

    def jobs_said(hours: int) -> list[str]:
        checks = doctor.examine(config, now=job.since + timedelta(hours=hours))
        return [check.state for check in checks if check.name == "jobs"]

    assert jobs_said(0) == ["ok"]
    assert jobs_said(1) == ["problem"]
    queue.set_state("failed")
    assert jobs_said(1) == ["warning"]
    assert run(["jobs", "list", "--json"]) == 0
    (line,) = json.loads(capsys.readouterr().out)
    assert line == {
        "number": job.number, "kind": CHECK_COPIES.name, "state": "failed", "tries": 0, "next_try": None,
        "since": line["since"], "agency": job.agency_id, "subject": str(queue.public_id),
    }  # fmt: skip
    assert run(["jobs", "retry", str(job.number)]) == 0
    assert queue.states() == ["waiting"]
    assert run(["jobs", "retry", str(job.number)]) == 2
    assert run(["jobs", "cancel", str(job.number)]) == 0
    assert run(["jobs", "cancel", str(job.number)]) == 2
    assert queue.states() == []
    monkeypatch.setenv("ASSISTANT_JOBS", "here")
    assert run(["jobs", "list"]) == 2
    assert doctor.examine(replace(config, jobs="here"), now=NOW)
