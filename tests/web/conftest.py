"""The wizard without a browser: a client that looks at every page it gets, and at the database around it."""

from __future__ import annotations

import re
import shutil
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import pytest
from flask import Flask, g
from flask.testing import FlaskClient
from jinja2.bccache import BytecodeCache
from sqlalchemy import event, text
from werkzeug.routing import Rule

from assistant.app import create_app
from assistant.config import Config
from assistant.web.kit.context import Parts
from tests.web.made_people import found_installation
from tests.web.made_up import NOW, add_application
from tests.web.pages import look_at

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime
    from pathlib import Path

    from jinja2.bccache import Bucket
    from werkzeug.test import TestResponse


@dataclass
class Clock:
    now: datetime = NOW

    def __call__(self) -> datetime:
        return self.now


@dataclass
class Watcher:
    """What a request left uncommitted."""

    left: list[str] = field(default_factory=list)


class PageClient(FlaskClient):
    """A client that fails on a poor page, on a GET that changes something, and on changes never committed."""

    watcher: Watcher
    parts: Parts

    def open(self, *args: Any, **kwargs: Any) -> TestResponse:
        kwargs = {"base_url": "http://127.0.0.1/", "buffered": True, **kwargs}
        method = kwargs.get("method", "GET")
        reads_only = method in {"GET", "HEAD"}
        before = snapshot(self.parts) if reads_only else ""
        response = super().open(*args, **kwargs)
        assert not self.watcher.left, f"changed and never committed: {self.watcher.left}"
        if reads_only:
            assert snapshot(self.parts) == before, "a GET changed the database"
        for name in ("Content-Security-Policy", "X-Content-Type-Options", "Referrer-Policy"):
            assert response.headers.get(name), f"no {name}"
        if (
            response.mimetype == "text/html"
            and method not in {"HEAD", "OPTIONS"}
            and not 300 <= response.status_code < 400
        ):
            assert response.headers["Cache-Control"] == "no-store"
            look_at(response.text)
        return response

    def token(self, address: str = "/") -> str:
        match = re.search(r'name="csrf_token" value="([^"]+)"', self.get(address).text)
        assert match
        return match[1]

    def send(self, address: str, **values: Any) -> TestResponse:
        """Post a form with its token, as the page would."""
        return self.post(address, data={"csrf_token": self.token(), **values})


def snapshot(parts: Parts, *, drafts: bool = True) -> str:
    """Return every row; without ``drafts`` not what was refused and is offered again on its page."""
    with parts.engine.connect() as connection:
        tables = (
            "agencies",
            "applications",
            "history",
            "exports",
            "kept_forms",
            "roster_drafts",
            "form_drafts",
            "page_drafts",
            "list_imports",
            "listings",
            "signed_copies",
            "messages",
            "comments",
            "review_requests",
            "application_locks",
            "decisions",
        )
        wanted = [name for name in tables if drafts or name != "page_drafts"]
        return repr([sorted(map(repr, connection.execute(text(f"SELECT * FROM {name}")))) for name in wanted])  # noqa: S608 - our own names


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def config(request: pytest.FixtureRequest, tmp_path: Path, empty_database: Path) -> Config:
    """Return the settings of a new instance folder; a module with ``MODE = "shared"`` gets those of a shared one."""
    config = Config(instance_dir=tmp_path / "instance", mode=getattr(request.module, "MODE", "single"))
    config.make_folders()
    assert config.database_file
    shutil.copyfile(empty_database, config.database_file)
    return config


@pytest.fixture
def agency_id(config: Config) -> int:
    """Return the number of the agency of a shared installation, made with its administrator, Ada Admin."""
    return found_installation(config)


@pytest.fixture
def app(request: pytest.FixtureRequest, config: Config, clock: Clock) -> Iterator[Flask]:
    if config.mode == "shared":
        request.getfixturevalue("agency_id")
    app = open_app(config, clock)
    yield app
    app.extensions["assistant"].engine.dispose()


class CompiledPages(BytecodeCache):
    """The templates that were compiled for any app of this process: each test has an app of its own."""

    def __init__(self) -> None:
        self._code: dict[tuple[str, str], Any] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        bucket.code = self._code.get((bucket.key, bucket.checksum))

    def dump_bytecode(self, bucket: Bucket) -> None:
        self._code[bucket.key, bucket.checksum] = bucket.code


COMPILED = CompiledPages()


def keep_builders_of_addresses() -> None:
    """Let all apps of this process share what builds the addresses of a route: compiling it takes half of a start."""
    compile_builder = Rule._compile_builder
    kept: dict[tuple[object, ...], Any] = {}

    def kept_builder(rule: Rule, append_unknown: bool = True) -> Any:  # noqa: FBT001, FBT002 - as werkzeug calls it
        key = (tuple(rule._trace), append_unknown, repr(rule.defaults))
        if key not in kept:
            kept[key] = compile_builder(rule, append_unknown)
        return kept[key]

    Rule._compile_builder = kept_builder  # type: ignore[assignment, method-assign]


keep_builders_of_addresses()


def open_app(config: Config, clock: Clock) -> Flask:
    app = create_app(config, clock=clock)
    app.jinja_env.bytecode_cache = COMPILED
    app.test_client_class = PageClient
    app.testing = True
    return app


@pytest.fixture
def parts(app: Flask) -> Parts:
    found = app.extensions["assistant"]
    assert isinstance(found, Parts)
    return found


@pytest.fixture
def client(app: Flask, parts: Parts) -> PageClient:
    return client_of(app, parts)


def client_of(app: Flask, parts: Parts) -> PageClient:
    """Return a client of an installation that sees what a request leaves uncommitted."""
    watcher = Watcher()
    event.listen(parts.writer, "after_flush", lambda session, _: session.info.update(flushed=True))
    event.listen(parts.writer, "after_commit", lambda session: session.info.pop("flushed", None))

    @app.teardown_request
    def look(_: BaseException | None) -> None:
        session = g.get("db")
        if session is not None and (session.new or session.dirty or session.deleted or session.info.get("flushed")):
            watcher.left.append(repr(session))

    client = app.test_client()
    assert isinstance(client, PageClient)
    client.watcher, client.parts = watcher, parts
    return client


@pytest.fixture
def started(client: PageClient) -> str:
    """Return the address of an application just started."""
    response = client.send("/applications")
    assert response.status_code == 302
    return str(response.location).removesuffix("steps/before-you-begin")


@pytest.fixture
def filled(parts: Parts) -> str:
    """Return the address of an application in which every question is answered."""
    return f"/applications/{add_application(parts, parts.agency_id)}/"
