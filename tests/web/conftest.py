"""The wizard without a browser: a client that looks at every page it gets, and at the database around it."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime
from html.parser import HTMLParser
from typing import TYPE_CHECKING, Any

import pytest
from flask import Flask, g
from flask.testing import FlaskClient
from sqlalchemy import event, text

from assistant import answers as answers_module
from assistant.app import create_app
from assistant.config import Config
from assistant.services import agencies, applications
from assistant.web.context import Parts

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path
    from uuid import UUID

    from werkzeug.test import TestResponse

NOW = datetime(2026, 1, 20, 15, 30, tzinfo=UTC)
VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}


@dataclass
class Clock:
    now: datetime = NOW

    def __call__(self) -> datetime:
        return self.now


class Page(HTMLParser):
    """What a page holds, as far as its quality can be told from the source."""

    def __init__(self, source: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.texts: dict[str, list[str]] = {"title": [], "h1": [], "script": [], "style": []}
        self.open: list[str] = []
        self.ids: Counter[str] = Counter()
        self.labels: set[str] = set()
        self.boxes: list[dict[str, str | None]] = []
        self.words: list[str] = []
        self.feed(source)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        self.tags.append((tag, found))
        if found.get("id"):
            self.ids[str(found["id"])] += 1
        if tag == "label" and found.get("for"):
            self.labels.add(str(found["for"]))
        if tag in {"input", "select", "textarea"} and found.get("type") not in {"hidden", "submit"}:
            self.boxes.append(found)
        if tag in self.texts:
            self.texts[tag].append("")
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open, f"</{tag}> closes nothing"
        opened = self.open.pop()
        assert opened == tag, f"</{tag}> closes <{opened}>"

    def handle_data(self, data: str) -> None:
        self.words.append(data)
        for tag in self.texts:
            if tag in self.open:
                self.texts[tag][-1] += data

    def named(self, tag: str) -> list[dict[str, str | None]]:
        return [attrs for name, attrs in self.tags if name == tag]


def look_at(source: str) -> Page:
    """Hold a page to what every page must be."""
    assert "\x00" not in source
    page = Page(source)
    assert not page.open, f"never closed: {page.open}"
    assert page.named("html")[0].get("lang") == "en"
    assert len(page.texts["title"]) == 1
    assert page.texts["title"][0].strip()
    assert len(page.texts["h1"]) == 1, "one h1 a page"
    assert page.texts["h1"][0].strip()
    twice = [name for name, count in page.ids.items() if count > 1]
    assert not twice, f"ids stand twice: {twice}"
    for attrs in page.boxes:
        assert attrs.get("id") in page.labels, f"no label for {attrs.get('name')}"
        assert attrs.get("autocomplete") or attrs.get("type") in {"radio", "checkbox", "file"}, f"no autocomplete: {attrs}"
        for described in (attrs.get("aria-describedby") or "").split():
            assert page.ids[described], f"{attrs.get('id')} is described by {described}, which is not there"
    for _, attrs in page.tags:
        inline = [name for name in attrs if name == "style" or name.startswith("on")]
        assert not inline, f"inline: {attrs}"
        assert not (attrs.get("href") or "").lower().startswith("javascript:")
    assert not any(script.strip() for script in page.texts["script"]), "an inline script"
    assert not page.texts["style"], "an inline style"
    assert not any("disabled" in attrs for _, attrs in page.tags), "no disabled buttons"
    for attrs in page.named("form"):
        assert attrs.get("method") == "post"
    for attrs in page.named("img"):
        assert attrs.get("alt")
    levels = [int(tag[1]) for tag, _ in page.tags if re.fullmatch(r"h[1-6]", tag)]
    if 'id="error-summary"' in source:
        assert page.texts["title"][0].strip().startswith("Error: ")
        levels = levels[1:]  # the summary stands before the h1, as it must
        linked = [attrs["href"] for attrs in page.named("a") if (attrs.get("href") or "").startswith("#")]
        for href in linked:
            assert page.ids[str(href)[1:]], f"{href} leads nowhere"
    for before, after in zip(levels, levels[1:], strict=False):
        assert after <= before + 1, f"heading jumps from h{before} to h{after}"
    return page


@dataclass
class Watcher:
    """What a request left uncommitted."""

    left: list[str] = field(default_factory=list)


class PageClient(FlaskClient):
    """A client that fails on a poor page, on a GET that changes something, and on changes never committed."""

    watcher: Watcher
    parts: Parts

    def open(self, *args: Any, **kwargs: Any) -> TestResponse:
        kwargs.setdefault("base_url", "http://127.0.0.1/")
        reads_only = kwargs.get("method", "GET") in {"GET", "HEAD"}
        before = snapshot(self.parts) if reads_only else ""
        response = super().open(*args, **kwargs)
        assert not self.watcher.left, f"changed and never committed: {self.watcher.left}"
        if reads_only:
            assert snapshot(self.parts) == before, "a GET changed the database"
        for name in ("Content-Security-Policy", "X-Content-Type-Options", "Referrer-Policy"):
            assert response.headers.get(name), f"no {name}"
        if response.mimetype == "text/html" and not 300 <= response.status_code < 400:
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


def snapshot(parts: Parts) -> str:
    with parts.engine.connect() as connection:
        tables = ("agencies", "applications", "history", "exports", "kept_forms")
        return repr([sorted(map(repr, connection.execute(text(f"SELECT * FROM {name}")))) for name in tables])  # noqa: S608 - our own names


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def config(tmp_path: Path) -> Config:
    return Config(instance_dir=tmp_path / "instance")


@pytest.fixture
def app(config: Config, clock: Clock) -> Iterator[Flask]:
    app = create_app(config, clock=clock)
    app.test_client_class = PageClient
    app.testing = True
    yield app
    app.extensions["assistant"].engine.dispose()


@pytest.fixture
def parts(app: Flask) -> Parts:
    found = app.extensions["assistant"]
    assert isinstance(found, Parts)
    return found


@pytest.fixture
def client(app: Flask, parts: Parts) -> PageClient:
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
    return str(response.location)


@pytest.fixture
def filled(parts: Parts) -> str:
    """Return the address of an application in which every question is answered."""
    return f"/applications/{add_application(parts, parts.agency_id)}/"


def add_application(parts: Parts, agency_id: int, answers: answers_module.Answers | None = None) -> UUID:
    with parts.writer() as session:
        application = applications.create(session, agency_id, now=NOW, answers=answers or complete_answers())
        public_id = application.public_id
        session.commit()
    return public_id


def add_agency(parts: Parts) -> int:
    with parts.writer() as session:
        agency_id = agencies.create_agency(session, "Sample Village Police Department", now=NOW).id
        session.commit()
    return agency_id


def complete_answers() -> answers_module.Answers:
    """Return answers that no rule has anything against, all made up."""
    contact = {"title": "Captain, Patrol Operations", "phone": "(727) 555-0102"}
    return answers_module.from_document(
        {
            "format": "moa-application/1",
            "agency": {
                "legal_name": "Example County Sheriff’s Office", "short_name": "ECSO", "kind": "county",
                "represents": "Example County, Florida", "state": "FL", "county": "Pasco",
                "address": {"street": "100 Main Street", "city": "Example City", "state": "FL", "zip": "34652"},
                "phone": "(727) 555-0100", "email": "records@ecso.example.gov",
                "law_enforcement_agency": True, "operates_jail": True, "conducts_patrol": True,
            },
            "models": ["TFM", "WSO"],
            "signatory": {
                "full_name": "Jordan Núñez", "title": "Sheriff", "email": "sheriff@ecso.example.gov",
                "phone": "(727) 555-0101", "chief_officer": True,
            },
            "program_contact": {"full_name": "Sam O’Brien", "email": "sam@ecso.example.gov", **contact},
            "public_information_contact": {
                "full_name": "Dana Lee", "email": "pio@ecso.example.gov", "title": "Public Information Officer",
                "phone": "(727) 555-0103",
            },
            "ice": {"field_office": "Miami", "opla_location": "Orlando"},
            "approvals": {
                "governing_body": "Example County Board of County Commissioners",
                "governing_body_approved_on": "2026-01-12", "counsel_reviewed_on": "2026-01-08",
            },
            "nominees": [
                {
                    "full_name": "Alex Nguyễn", "rank": "Deputy", "badge_number": "1412", "models": ["TFM"],
                    "us_citizen": True, "background_investigation": "completed",
                    "background_completed_on": "2025-11-03", "law_enforcement_since": "2018-06-01",
                    "enforced_laws": True,
                }
            ],
        }
    )  # fmt: skip
