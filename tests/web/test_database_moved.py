"""A database file that is moved or deleted while the server runs: no save is acknowledged that nobody finds later."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING

import pytest
from flask.testing import FlaskClient
from sqlalchemy import text
from sqlalchemy.exc import OperationalError

from assistant.services.installation.outages import outage_of
from assistant.storage.database import make_engine, migrate
from tests.web.forms_sent import fields_of
from tests.web.made_up import add_application

if TYPE_CHECKING:
    from pathlib import Path

    from flask import Flask

    from assistant.web.kit.context import Parts

TYPED = "Typed While The File Was Away"
ADDRESS = "http://127.0.0.1/"
SUFFIXES = ("", "-wal", "-shm")


def move(path: Path, to: Path) -> None:
    for suffix in SUFFIXES:
        source = path.with_name(f"{path.name}{suffix}")
        if source.exists():
            source.rename(to.with_name(f"{to.name}{suffix}"))


def test_a_save_into_a_file_that_was_moved_is_refused_and_succeeds_once_it_is_back(app: Flask, parts: Parts) -> None:
    client = FlaskClient(app, use_cookies=True)
    page = f"/applications/{add_application(parts, parts.agency_id)}/steps/agency"
    values = fields_of(client.get(page, base_url=ADDRESS).get_data(as_text=True))
    values["agency-legal_name"] = [TYPED]
    path = parts.config.instance_dir / "assistant.sqlite3"
    move(path, path.with_name("elsewhere"))
    for _ in range(2):
        answer = client.post(page, data=values, base_url=ADDRESS)
        assert answer.status_code == HTTPStatus.SERVICE_UNAVAILABLE
        assert TYPED in answer.get_data(as_text=True)
    assert client.get(page, base_url=ADDRESS).status_code == HTTPStatus.SERVICE_UNAVAILABLE
    assert not path.exists(), "an empty database stands where the real one will be put back"
    move(path.with_name("elsewhere"), path)
    assert TYPED not in client.get(page, base_url=ADDRESS).get_data(as_text=True)
    assert client.post(page, data=values, base_url=ADDRESS).status_code == HTTPStatus.FOUND
    parts.engine.dispose()
    assert TYPED in client.get(page, base_url=ADDRESS).get_data(as_text=True)


def test_another_file_at_the_path_is_the_one_that_is_read(tmp_path: Path) -> None:
    engines = [make_engine(f"sqlite:///{tmp_path / name}") for name in ("first", "second")]
    for number, engine in enumerate(engines):
        with engine.begin() as connection:
            connection.execute(text("CREATE TABLE numbers (number INTEGER)"))
            connection.execute(text("INSERT INTO numbers VALUES (:number)"), {"number": number})
    engines[1].dispose()
    move(tmp_path / "first", tmp_path / "aside")
    move(tmp_path / "second", tmp_path / "first")
    with engines[0].begin() as connection:
        assert connection.execute(text("SELECT number FROM numbers")).scalar_one() == 1
    engines[0].dispose()


def test_a_database_that_is_not_there_yet_is_made(tmp_path: Path) -> None:
    engine = make_engine(f"sqlite:///{tmp_path / 'new'}")
    migrate(engine)
    (tmp_path / "new").unlink()
    with pytest.raises(OperationalError) as raised, engine.connect():
        pass
    outage = outage_of(raised.value)
    assert outage is not None
    assert outage.code == "database-away"
    engine.dispose()
