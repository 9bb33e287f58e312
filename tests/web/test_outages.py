"""A full disk, a damaged or absent database: 503, the typed text on the page, nothing half-written, then a save."""

from __future__ import annotations

import errno
import json
import re
import socket
import threading
from contextlib import contextmanager, suppress
from io import BytesIO
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import pytest
from flask.testing import FlaskClient
from sqlalchemy import create_engine, event, text
from sqlalchemy.exc import DBAPIError, OperationalError

from assistant.app import create_app
from assistant.config import Config
from assistant.services.application import applications, saving
from assistant.services.form_maps import form_drafts
from assistant.storage.answer_limit import LimitedConnection
from assistant.storage.tables import Base
from tests.storage.conftest import SERVER
from tests.unit.made_forms import printed, with_fields
from tests.web.conftest import PageClient, snapshot
from tests.web.forms_sent import fields_of
from tests.web.made_up import NOW, add_application
from tests.web.pages import look_at

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from flask import Flask
    from werkzeug.test import TestResponse

    from assistant.web.kit.context import Parts

TYPED = "Typed While It Was Full"
FULL = "Your answers could not be saved because the disk of this computer is full."
AWAY = "The database does not answer."
FILL = "INSERT INTO filler VALUES (zeroblob(20000))"
SHEET = "Name\tBadge\nAlex Example\t1412\n"


@contextmanager
def full_disk(parts: Parts) -> Iterator[None]:
    """Let the database take no page more, as where the disk is full."""
    # Every table takes its next row from pages that are half empty; the triggers have each change ask for more pages.
    changes = [(table, change) for table in Base.metadata.tables for change in ("INSERT", "UPDATE", "DELETE")]
    with parts.engine.begin() as connection:
        connection.exec_driver_sql("CREATE TABLE filler (data BLOB)")
        for table, change in changes:
            connection.exec_driver_sql(
                f"CREATE TRIGGER full_{table}_{change} AFTER {change} ON {table} BEGIN {FILL}; END"
            )
        pages = connection.exec_driver_sql("PRAGMA page_count").scalar_one()

    def limit(raw: Any, _: object) -> None:
        raw.execute(f"PRAGMA max_page_count = {pages}")

    event.listen(parts.engine, "connect", limit)
    parts.engine.dispose()
    try:
        yield
    finally:
        event.remove(parts.engine, "connect", limit)
        parts.engine.dispose()
        with parts.engine.begin() as connection:
            for table, change in changes:
                connection.exec_driver_sql(f"DROP TRIGGER full_{table}_{change}")
            connection.exec_driver_sql("DROP TABLE filler")


def add_map(parts: Parts, folder: Path) -> str:
    """Return the address of a form that somebody is mapping."""
    title = "Memorandum of Agreement Task Force Model"
    paper = printed(folder / "paper.pdf", [(72, 700, title), (72, 660, "Name of agency:")])
    boxes = [("Name", 1, (180, 655, 400, 672)), ("Other", 1, (180, 555, 400, 572))]
    data = with_fields(paper, folder / "form.pdf", boxes)
    with parts.writer() as session:
        from assistant.services.form_maps.edition_drafts import propose_draft  # noqa: PLC0415
        from assistant.services.form_maps.forms import library  # noqa: PLC0415

        row = form_drafts.start(session, parts.agency_id, data, propose_draft(data, library(session)), now=NOW)
        session.commit()
        return f"/forms/drafts/{row.public_id}/"


def page_of(client: FlaskClient, address: str, **typed: str) -> dict[str, list[str]]:
    """Return a page's fields as it is opened, with what is typed over them."""
    response = client.get(address, base_url="http://127.0.0.1/")
    assert response.status_code == 200
    return fields_of(response.text) | {name: [value] for name, value in typed.items()}


def post(client: FlaskClient, address: str, fields: dict[str, list[str]]) -> TestResponse:
    return client.post(address, data=fields, base_url="http://127.0.0.1/")


def assert_kept_on_page(response: TestResponse, sentence: str, typed: str) -> None:
    assert response.status_code == 503, response.text
    page = look_at(response.text)
    assert page.texts["title"][0].startswith("Error: ")
    assert "There is a problem" in response.text
    assert sentence in response.text
    assert typed in response.text
    assert re.search(r"[0-9a-f]{12}", response.text)


def logged(parts: Parts) -> list[dict[str, Any]]:
    file = parts.config.log_dir / "wizard.log"
    return [json.loads(line) for line in file.read_text("utf-8").splitlines()] if file.is_file() else []


PAGES: dict[str, dict[str, str]] = {
    "steps/agency": {"agency-legal_name": TYPED},
    "steps/address": {"agency-address__street": TYPED},
    "steps/signatory": {"signatory-full_name": TYPED},
    "steps/approvals": {"approvals-governing_body": TYPED},
    "nominees/new": {"nominee-full_name": TYPED},
    "map form": {
        "title": TYPED,
        "form_id": "moa-tfm",
        "printed": "no",
        "words": "Memorandum of Agreement Task Force Model",
        "day-month": "1",
        "day-day": "2",
        "day-year": "2025",
    },
    "map pages/1": {"label-1": TYPED},
}


@pytest.mark.parametrize("page", PAGES)
def test_a_full_disk_loses_nothing_of_a_page(
    client: PageClient, parts: Parts, filled: str, tmp_path: Path, page: str
) -> None:
    base = add_map(parts, tmp_path) if page.startswith("map ") else filled
    address = f"{base}{page.removeprefix('map ')}"
    fields = page_of(client, address, **PAGES[page])
    with full_disk(parts):
        before = snapshot(parts)
        response = post(client, address, fields | {"go": ["on"]})
        assert_kept_on_page(response, FULL, f'value="{TYPED}"')
        assert "What you typed is still on this page" in response.text
        assert snapshot(parts) == before
        # The page itself came back, and can still be read.
        assert 'class="page-form"' in response.text
        assert client.get(address).status_code == 200
    again = post(client, address, fields_of(response.text) | {"go": ["on"]})
    assert again.status_code == 302, again.text
    assert [one["kind"] for one in logged(parts) if one["event"] == "outage"] == ["disk-full"]
    assert TYPED not in (parts.config.log_dir / "wizard.log").read_text("utf-8")


def test_a_pasted_roster_stays_on_the_page(client: PageClient, parts: Parts, filled: str) -> None:
    address = f"{filled}nominees/roster/"
    fields = page_of(client, address, pasted=SHEET * 40)
    with full_disk(parts):
        before = snapshot(parts)
        response = client.post(address, data=fields, content_type="multipart/form-data")
        assert_kept_on_page(response, FULL, "Alex Example\t1412")
        assert snapshot(parts) == before
    again = client.post(address, data=fields_of(response.text), content_type="multipart/form-data")
    assert again.status_code == 302


def test_what_was_read_of_an_agreement_and_corrected_stays_on_the_page(client: PageClient, parts: Parts) -> None:
    fields = {
        "csrf_token": [client.token()],
        "text-agency.legal_name": [TYPED],
        "text-signatory.full_name": ["Jordan Núñez"],
        "take": ["agency.legal_name"],
        "models": ["TFM"],
    }
    with full_disk(parts):
        before = snapshot(parts)
        response = post(client, "/applications/from-agreement/start", fields)
        assert_kept_on_page(response, FULL, f'value="{TYPED}"')
        assert snapshot(parts) == before
    again = post(client, "/applications/from-agreement/start", fields_of(response.text))
    assert again.status_code == 302
    assert TYPED in client.get(f"{again.location}steps/agency").text


def test_an_upload_is_refused_in_one_sentence_and_nothing_is_kept(
    client: PageClient, parts: Parts, tmp_path: Path
) -> None:
    form = printed(tmp_path / "form.pdf", [(72, 700, "Name of agency: ____________________")])
    token = client.token()
    with full_disk(parts):
        before = snapshot(parts)
        with form.open("rb") as file:
            response = client.post("/forms/drafts/new", data={"csrf_token": token, "form": file})
        assert response.status_code == 503
        assert "because the disk of this computer is full" in response.text
        assert "Choose the file again" in response.text
        assert snapshot(parts) == before
    with form.open("rb") as file:
        assert client.post("/forms/drafts/new", data={"csrf_token": token, "form": file}).status_code == 302


def test_a_disk_too_full_to_take_a_file_in(client: PageClient, parts: Parts, monkeypatch: pytest.MonkeyPatch) -> None:
    def no_room(*_: object, **__: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    token = client.token()
    monkeypatch.setattr("flask.Request._get_file_stream", no_room)
    before = snapshot(parts)
    data = {"csrf_token": token, "form": (BytesIO(b"%PDF-1.7"), "form.pdf")}
    response = client.post("/forms/add", data=data)
    assert response.status_code == 503
    assert "Your file could not be accepted because the disk of this computer is full." in response.text
    assert snapshot(parts) == before


def test_actions_without_typed_text_say_so(client: PageClient, parts: Parts, filled: str) -> None:
    token = client.token()
    with full_disk(parts):
        before = snapshot(parts)
        for address in ("/applications", f"{filled}exports/", f"{filled}copy"):
            response = client.post(address, data={"csrf_token": token})
            assert response.status_code == 503, address
            assert "because the disk of this computer is full" in response.text
            assert "Nothing was saved." in response.text
            assert "Request ID" in response.text
        assert snapshot(parts) == before
    assert client.post(f"{filled}copy", data={"csrf_token": token}).status_code == 302


@pytest.mark.parametrize("fault", ["another file", "empty file", "folder gone"])
def test_a_database_that_was_replaced_or_taken_away(app: Flask, parts: Parts, filled: str, fault: str) -> None:
    client = FlaskClient(app, use_cookies=True)
    address = f"{filled}steps/agency"
    fields = page_of(client, address, **{"agency-legal_name": TYPED, "agency-kind": "state"})
    parts.engine.dispose()
    file = parts.config.instance_dir / "assistant.sqlite3"
    kept = file.read_bytes()
    if fault == "folder gone":
        file.unlink()
        file.mkdir()
    else:
        file.write_bytes(b"this is no database" * 400 if fault == "another file" else b"")
    response = post(client, address, fields)
    sentence = AWAY if fault == "folder gone" else "the database is damaged or belongs to another program"
    assert_kept_on_page(response, sentence, f'value="{TYPED}"')
    assert "Full legal name of the agency" in response.text
    assert 'value="State"' in response.text, "a choice reads as on its page"
    lost = post(client, address, fields | {"csrf_token": ["of another session"]})
    assert_kept_on_page(lost, sentence, f'value="{TYPED}"')
    shown = client.get(address, base_url="http://127.0.0.1/")
    assert shown.status_code == 503
    assert re.search(r"<code>[0-9a-f]{12}</code>", shown.text)
    parts.engine.dispose()
    for leftover in parts.config.instance_dir.glob("assistant.sqlite3*"):
        leftover.rmdir() if leftover.is_dir() else leftover.unlink()
    file.write_bytes(kept)
    again = post(client, address, fields_of(response.text))
    assert again.status_code == 302
    assert f'value="{TYPED}"' in client.get(address, base_url="http://127.0.0.1/").text


def test_a_fault_of_ours_stays_a_fault_of_ours(
    client: PageClient, filled: str, parts: Parts, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An error of the program in the database's words is no outage, and a page that writes while it reads neither."""

    def wrong(*_: object, **__: object) -> None:
        with parts.reader() as session:
            session.execute(text("UPDATE applications SET version = 9"))

    def no_column(*_: object, **__: object) -> None:
        with parts.reader() as session:
            session.execute(text("SELECT no_such_column FROM applications"))

    client.application.testing = False
    for fail in (wrong, no_column):
        monkeypatch.setattr("assistant.web.wizard.wizard.fit_meter.meters", fail)
        assert client.get(f"{filled}steps/agency").status_code == 500


def test_what_others_saved_meanwhile_is_not_overwritten_by_a_page_shown_again(
    client: PageClient, parts: Parts, filled: str
) -> None:
    address = f"{filled}steps/agency"
    fields = page_of(client, address, **{"agency-legal_name": TYPED})
    theirs = page_of(client, address, **{"agency-legal_name": "Saved By Another"})
    assert post(client, address, theirs).status_code == 302
    with full_disk(parts):
        response = post(client, address, fields)
        assert response.status_code in {409, 503}
    lost = post(client, address, fields | {"csrf_token": ["of another session"]})
    assert lost.status_code == 400
    assert fields_of(lost.text)["version"] == fields["version"]
    assert post(client, address, fields_of(lost.text)).status_code == 409


# PostgreSQL


class Proxy:
    """Stands between the program and the server, and can fall silent without closing anything."""

    def __init__(self, port: int) -> None:
        self.upstream, self.silent = port, threading.Event()
        self.listening = socket.create_server(("127.0.0.1", 0))
        self.port = self.listening.getsockname()[1]
        self.sockets: list[socket.socket] = [self.listening]
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self) -> None:
        with suppress(OSError):
            while True:
                one, _ = self.listening.accept()
                other = socket.create_connection(("127.0.0.1", self.upstream))
                self.sockets += [one, other]
                for source, target in ((one, other), (other, one)):
                    threading.Thread(target=self._pump, args=(source, target), daemon=True).start()

    def _pump(self, source: socket.socket, target: socket.socket) -> None:
        with suppress(OSError):
            while data := source.recv(65_536):
                if not self.silent.is_set():
                    target.sendall(data)
            target.shutdown(socket.SHUT_WR)

    def close(self) -> None:
        for one in self.sockets:
            one.close()


@pytest.fixture
def server() -> Iterator[tuple[Callable[[str], None], str]]:
    """Return what runs a statement on the server, and the name of a scratch database."""
    engine = create_engine(SERVER, isolation_level="AUTOCOMMIT", connect_args={"connect_timeout": 3})
    name = f"moa_test_{uuid4().hex}"

    def run(statement: str) -> None:
        with engine.connect() as connection:
            connection.execute(text(statement))

    try:
        run(f"CREATE DATABASE {name}")
    except OperationalError:
        pytest.skip("no PostgreSQL answers")
    yield run, name
    run(f"DROP DATABASE {name} WITH (FORCE)")
    engine.dispose()


@pytest.fixture
def proxy() -> Iterator[Proxy]:
    made = Proxy(create_engine(SERVER).url.port or 5432)
    yield made
    made.close()


@pytest.fixture
def remote(server: tuple[Callable[[str], None], str], proxy: Proxy, tmp_path: Path) -> Iterator[Flask]:
    url = create_engine(SERVER).url.set(database=server[1], host="127.0.0.1", port=proxy.port)
    config = Config(instance_dir=tmp_path / "remote", database_url=url.render_as_string(hide_password=False))
    app = create_app(config)
    app.testing = True
    yield app
    proxy.silent.clear()
    app.extensions["assistant"].engine.dispose()


END_ALL = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'"


def begin(app: Flask) -> tuple[FlaskClient, Parts, str, dict[str, list[str]]]:
    parts: Parts = app.extensions["assistant"]
    client = FlaskClient(app, use_cookies=True)
    address = f"/applications/{add_application(parts, parts.agency_id)}/steps/agency"
    return client, parts, address, page_of(client, address, **{"agency-legal_name": TYPED})


def test_a_server_that_ends_every_connection(remote: Flask, server: tuple[Callable[[str], None], str]) -> None:
    run, name = server
    client, parts, address, fields = begin(remote)
    before = snapshot(parts)
    run(f"ALTER DATABASE {name} ALLOW_CONNECTIONS false")
    run(END_ALL.format(name=name))
    response = post(client, address, fields)
    assert_kept_on_page(response, AWAY, f'value="{TYPED}"')
    assert client.get(address, base_url="http://127.0.0.1/").status_code == 503
    run(f"ALTER DATABASE {name} ALLOW_CONNECTIONS true")
    assert snapshot(parts) == before
    assert post(client, address, fields_of(response.text)).status_code == 302
    assert TYPED in client.get(address, base_url="http://127.0.0.1/").text
    assert {one["kind"] for one in logged(parts) if one["event"] == "outage"} == {"database-away"}


def test_a_server_that_goes_away_in_the_middle_of_a_save(
    remote: Flask, server: tuple[Callable[[str], None], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    run, name = server
    client, parts, address, fields = begin(remote)
    before = snapshot(parts)
    real = saving.store

    def store(*values: Any, **more: Any) -> Any:
        done = real(*values, **more)
        run(END_ALL.format(name=name))
        return done

    monkeypatch.setattr(applications, "store", store)
    response = post(client, address, fields)
    assert_kept_on_page(response, AWAY, f'value="{TYPED}"')
    monkeypatch.setattr(applications, "store", real)
    assert snapshot(parts) == before
    assert post(client, address, fields_of(response.text)).status_code == 302


def test_a_server_that_falls_silent(remote: Flask, proxy: Proxy, monkeypatch: pytest.MonkeyPatch) -> None:
    client, parts, address, fields = begin(remote)
    before = snapshot(parts)
    monkeypatch.setattr(LimitedConnection, "answer_seconds", 1)
    proxy.silent.set()
    response = post(client, address, fields)
    assert_kept_on_page(response, AWAY, f'value="{TYPED}"')
    proxy.silent.clear()
    assert snapshot(parts) == before
    assert post(client, address, fields_of(response.text)).status_code == 302
    assert TYPED in client.get(address, base_url="http://127.0.0.1/").text


def test_a_slow_answer_is_an_answer(remote: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    parts: Parts = remote.extensions["assistant"]
    monkeypatch.setattr(LimitedConnection, "answer_seconds", 3)
    with parts.engine.connect() as connection:
        connection.execute(text("SELECT pg_sleep(0.5)"))
    monkeypatch.setattr(LimitedConnection, "answer_seconds", 0.3)
    with parts.engine.connect() as connection, pytest.raises(DBAPIError):
        connection.execute(text("SELECT pg_sleep(2)"))
