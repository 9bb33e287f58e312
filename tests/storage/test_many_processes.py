"""Several processes on one database: gunicorn serves a shared installation, whichever process answers."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from assistant import app
from assistant.config import Config
from assistant.errors import InputError
from assistant.services.accounts import one_time_codes
from assistant.storage.database import make_engine, session_factory
from assistant.storage.sealing import open_keyring
from tests.web.made_people import PASSWORD, SECRET, add_person, email_of, found_installation
from tests.web.plain_browser import Browser

if TYPE_CHECKING:
    from collections.abc import Iterator


ROOT = Path(__file__).resolve().parents[2]
SECONDS = 90
"""After so long a test gives up; nothing is measured."""
pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="only on POSIX systems")


@pytest.fixture
def shared(database: str, tmp_path: Path) -> Config:
    """A shared installation behind TLS, on a PostgreSQL database of its own, with Pat who prepares and administers."""
    config = Config(instance_dir=tmp_path, database_url=database, mode="shared", behind_tls=True)
    agency_id = found_installation(config)
    engine = make_engine(database)
    with session_factory(engine, open_keyring(config.keyring_file))() as session:
        add_person(session, "Pat Preparer", agency_id, ["preparer"])
        session.commit()
    engine.dispose()
    return config


@contextmanager
def gunicorn(config: Config, *, workers: int) -> Iterator[tuple[int, subprocess.Popen[str]]]:
    """Serve an installation as ``docs/operations.md`` says; yield the port and the process."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        port = one.getsockname()[1]
    command = [sys.executable, "-m", "gunicorn", "--workers", str(workers), "--threads", "4", "--log-level", "warning"]
    settings = {
        "ASSISTANT_INSTANCE_DIR": str(config.instance_dir),
        "ASSISTANT_DATABASE_URL": config.database_url,
        "ASSISTANT_MODE": "shared",
        "ASSISTANT_BEHIND_TLS": "1",
    }
    process = subprocess.Popen(
        [*command, "--bind", f"127.0.0.1:{port}", "assistant.app:create_app()"],
        cwd=ROOT, env={**os.environ, **settings}, text=True, stderr=subprocess.PIPE,
    )  # fmt: skip
    try:
        end = time.monotonic() + SECONDS
        while time.monotonic() < end and process.poll() is None:
            try:
                if Browser(port, secure=True).ask("/readyz")[0] == 200:
                    break
            except OSError:
                time.sleep(0.2)
        yield port, process
    finally:
        process.kill()
        process.communicate()


def sign_in(port: int, name: str) -> Browser:
    browser = Browser(port, secure=True)
    assert browser.ask("/sign-in", {"email": email_of(name), "password": PASSWORD, "onward": "/"})[0] == 303
    step = int(datetime.now(UTC).timestamp()) // one_time_codes.SECONDS
    status, page, onward = browser.ask(
        "/sign-in/code", {"onward": "/", "code": one_time_codes.code_of_step(SECRET, step)}
    )
    assert (status, onward) == (303, "/"), page
    return browser


def test_whichever_process_answers_people_are_signed_in_and_find_what_they_saved(shared: Config) -> None:
    with gunicorn(shared, workers=3) as (port, process):
        browser = sign_in(port, "Pat Preparer")
        for _ in range(12):
            status, page, _ = browser.ask("/")
            assert status == 200
            assert "Pat Preparer" in page
        status, _, first_page = browser.ask("/applications", {"go": "start"}, page="/")
        assert status == 302
        agency_page = first_page.replace("before-you-begin", "agency")
        status, page, _ = browser.ask(
            agency_page, {"agency-legal_name": "Example County Sheriff’s Office", "version": "1"}
        )
        assert status == 302, page
        for _ in range(12):
            assert "Example County Sheriff’s Office" in browser.ask(agency_page)[1]
        process.send_signal(signal.SIGTERM)
        _, said = process.communicate(timeout=SECONDS)
        assert process.returncode == 0, said


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({}, "needs sign-in"),
        ({"ASSISTANT_MODE": "shared"}, "needs TLS"),
        ({"ASSISTANT_MODE": "shared", "ASSISTANT_BEHIND_TLS": "1"}, "needs a database for many processes"),
    ],
)
def test_a_server_of_another_kind_opens_nothing_without_sign_in_tls_and_a_database_for_many(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, settings: dict[str, str], words: str
) -> None:
    monkeypatch.setenv("ASSISTANT_INSTANCE_DIR", str(tmp_path))
    for name, value in settings.items():
        monkeypatch.setenv(name, value)
    with pytest.raises(InputError, match=words):
        app.create_app()
    assert not list(tmp_path.iterdir()), "nothing was made"


def test_a_server_that_forks_after_it_loaded_the_wizard_shares_no_connection(shared: Config) -> None:
    engine = app.create_app(shared).extensions["assistant"].engine
    assert engine.pool.checkedin() == engine.pool.checkedout() == 0
    with engine.connect():
        assert engine.pool.checkedout() == 1, "it connects when it is used"
    engine.dispose()
