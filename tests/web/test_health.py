"""Whoever watches the server is told whether it lives and whether it can work, and nothing else."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import text

from assistant.storage.sealing import new_keyring

if TYPE_CHECKING:
    import pytest

    from assistant.web.kit.context import Parts
    from tests.web.conftest import PageClient


def test_a_server_in_order_is_alive_and_ready(client: PageClient) -> None:
    assert client.get("/healthz").json == {"status": "ok"}
    response = client.get("/readyz")
    assert (response.status_code, response.json) == (200, {"ready": True, "obstacles": []})
    assert response.headers["Cache-Control"] == "no-store"


def test_neither_sets_a_cookie(client: PageClient) -> None:
    assert [client.get(address).headers.getlist("Set-Cookie") for address in ("/healthz", "/readyz")] == [[], []]


def test_without_a_database_it_is_alive_and_not_ready(client: PageClient, parts: Parts) -> None:
    file = parts.config.database_file
    assert file is not None
    parts.engine.dispose()
    moved = file.rename(file.with_suffix(".moved"))
    client_get = super(type(client), client).open  # the snapshot that a page client takes needs the database
    try:
        alive, ready = (client_get(address, base_url="http://127.0.0.1/") for address in ("/healthz", "/readyz"))
    finally:
        moved.rename(file)
    assert (alive.status_code, ready.status_code) == (200, 503)
    assert ready.json == {"ready": False, "obstacles": ["database"]}
    assert str(file) not in ready.text


def test_tables_of_another_version_keep_it_from_being_ready(client: PageClient, parts: Parts) -> None:
    with parts.engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '0007'"))
    assert client.get("/readyz").json == {"ready": False, "obstacles": ["migrations"]}


def test_other_keys_keep_it_from_being_ready(client: PageClient, parts: Parts) -> None:
    parts.keyring = new_keyring()
    assert client.get("/readyz").json == {"ready": False, "obstacles": ["keys"]}


def test_a_full_disk_keeps_it_from_being_ready(client: PageClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("shutil.disk_usage", lambda _: type("Usage", (), {"free": 1_000})())
    assert client.get("/readyz").json == {"ready": False, "obstacles": ["disk"]}
