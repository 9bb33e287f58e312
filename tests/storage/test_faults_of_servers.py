"""Two servers on one SQLite file, and a server whose disk fills up: each save that was answered stands.

Long runs; `python3 bootstrap.py test --all` does them too.
"""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from contextlib import contextmanager, suppress
from http import HTTPStatus
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import text

from assistant.answers import get_path
from assistant.app import create_app
from assistant.config import Config
from assistant.services.application import applications, history
from tests.unit.test_cli_serve import serving
from tests.web.forms_sent import fields_of
from tests.web.made_up import add_application
from tests.web.plain_browser import Browser

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path
    from uuid import UUID

    from assistant.answers import Answers
    from assistant.web.kit.context import Parts

resource = pytest.importorskip("resource", reason="only on POSIX systems")
pytestmark = pytest.mark.long
SAVES = 25
FIELDS = ("legal_name", "short_name", "represents", "county")
DISK_MB = 4
BALLAST = 65_536
ENOUGH = 10
"""Saves that are tried on a disk without room."""


@contextmanager
def serving_browser(folder: Path) -> Iterator[tuple[Browser, int]]:
    """Serve an installation; yield a browser for it, and the number of the server's process."""
    with serving(folder, ASSISTANT_START_TOKEN="0") as (server, line):  # noqa: S106 - a switch
        yield Browser(int(line.strip().rpartition(":")[2].strip("/")), secure=False), server.pid


@contextmanager
def opened(folder: Path) -> Iterator[Parts]:
    """Open an installation as a server does."""
    parts = create_app(Config(instance_dir=folder)).extensions["assistant"]
    yield parts
    parts.engine.dispose()


def new_application(folder: Path) -> UUID:
    with opened(folder) as parts:
        return add_application(parts, parts.agency_id)


def save(browser: Browser, public_id: UUID, field: str, value: str) -> tuple[int, str]:
    """Change one answer on its page, as a person would; return the status and what the page says."""
    address = f"/applications/{public_id}/steps/agency"
    fields = {name: values[0] for name, values in fields_of(browser.ask(address)[1]).items()}
    status, page, _ = browser.ask(address, {**fields, f"agency-{field}": value, "go": "keep"})
    return status, page


def stored(folder: Path, public_id: UUID, look: Callable[[Answers, int], None]) -> None:
    """Look at what stands in the database, which is whole, with a whole history."""
    with opened(folder) as parts, parts.reader() as session:
        assert session.execute(text("PRAGMA integrity_check")).scalar_one() == "ok"
        application = applications.get(session, parts.agency_id, public_id)
        assert history.verify(session, application) == []
        look(application.answers, application.version)


def test_two_servers_on_one_file_refuse_no_save_and_lose_none(
    tmp_path: Path, record_property: Callable[[str, object], None]
) -> None:
    public_id = new_application(tmp_path)
    refused: list[tuple[int, str]] = []
    with serving_browser(tmp_path) as (first, _), serving_browser(tmp_path) as (second, _):

        def save_often(browser: Browser, field: str) -> None:
            for number in range(SAVES):
                status, page = save(browser, public_id, field, f"{field} {number}")
                if status not in {HTTPStatus.FOUND, HTTPStatus.SEE_OTHER}:
                    refused.append((status, page))

        browsers = [Browser(one.port, secure=False) for one in (first, second, first, second)]
        pairs = zip(browsers, FIELDS, strict=True)
        threads = [threading.Thread(target=save_often, args=pair) for pair in pairs]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert refused == []

    def look(answers: Answers, version: int) -> None:
        assert version == 1 + len(FIELDS) * SAVES
        assert [get_path(answers, f"agency.{field}") for field in FIELDS] == [f"{one} {SAVES - 1}" for one in FIELDS]

    stored(tmp_path, public_id, look)
    record_property("two servers on one SQLite file", f"{len(FIELDS) * SAVES} saves, none refused, none lost")


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """Return a folder on a file system of a few megabytes, or a plain one where none can be mounted."""
    place = tmp_path / "disk"
    place.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", f"size={DISK_MB}m", "tmpfs", str(place)]
    mounted = sys.platform == "linux" and subprocess.run(command, check=False, capture_output=True).returncode == 0
    yield place
    if mounted:
        subprocess.run(["umount", "--lazy", str(place)], check=True)


@contextmanager
def no_room(place: Path, server: int) -> Iterator[None]:
    """Leave a process no room to write: its disk is full, or where none was mounted, its files may not grow."""
    if os.path.ismount(place):
        file = place / "ballast"
        with file.open("wb", buffering=0) as ballast, suppress(OSError):
            while True:
                ballast.write(bytes(BALLAST))
        yield
        file.unlink()
        return
    if not hasattr(resource, "prlimit"):
        pytest.skip("only on macOS nothing here can fill a disk")
    limits = resource.prlimit(server, resource.RLIMIT_FSIZE, (BALLAST, resource.RLIM_INFINITY))
    yield
    resource.prlimit(server, resource.RLIMIT_FSIZE, limits)


def test_a_disk_that_fills_up_loses_no_answered_save(
    small_disk: Path, record_property: Callable[[str, object], None]
) -> None:
    public_id = new_application(small_disk)
    kept, refused = 0, 0
    with serving_browser(small_disk) as (browser, server):
        last = ""
        for number in range(3):
            assert save(browser, public_id, "legal_name", f"Before {number}")[0] == HTTPStatus.FOUND
            last, kept = f"Before {number}", kept + 1
        with no_room(small_disk, server):
            for number in range(ENOUGH):
                status, page = save(browser, public_id, "legal_name", f"Full {number}")
                if status == HTTPStatus.FOUND:
                    last, kept = f"Full {number}", kept + 1
                    continue
                refused += 1
                assert status == HTTPStatus.SERVICE_UNAVAILABLE
                assert not os.path.ismount(small_disk) or "the disk of this computer is full" in page
                assert f"Full {number}" in page, "what was typed is shown"
        assert refused, "there was no room"
        assert save(browser, public_id, "legal_name", "After")[0] == HTTPStatus.FOUND
        last, kept = "After", kept + 1

    def look(answers: Answers, version: int) -> None:
        assert answers.agency.legal_name == last
        assert version == 1 + kept

    stored(small_disk, public_id, look)
    record_property("a disk that fills up", f"{kept} saves answered and stored, {refused} refused with what was typed")
