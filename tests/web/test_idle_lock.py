"""After half an hour without use the wizard asks for the passphrase again, and nothing that was typed is lost."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import timedelta
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

import pytest

from assistant.app import create_app
from assistant.storage import key_wrap
from assistant.storage.key_wrap import make_wrapping
from assistant.storage.sealing import new_keyring, write_keyring
from assistant.web.kit.form_fields import PAGE_FORM, field_names
from assistant.web.kit.idle_lock import OPEN_WHILE_LOCKED
from tests.web.conftest import Clock, PageClient, client_of, snapshot
from tests.web.made_up import add_application

if TYPE_CHECKING:
    from collections.abc import Iterator

    from flask import Flask
    from werkzeug.test import TestResponse

    from assistant.config import Config
    from assistant.web.kit.context import Parts

WORDS = "correct horse battery staple"


@pytest.fixture
def app(config: Config, clock: Clock, monkeypatch: pytest.MonkeyPatch) -> Iterator[Flask]:
    """The wizard with keys that a passphrase protects."""
    monkeypatch.setattr(key_wrap, "COST", 2**4)
    ring = replace(new_keyring(), wrapping=make_wrapping(WORDS))
    config.keys_dir.mkdir(parents=True)
    write_keyring(config.keyring_file, ring)
    app = create_app(config, keyring=ring, clock=clock)
    app.test_client_class = PageClient
    app.testing = True
    yield app
    app.extensions["assistant"].engine.dispose()


def later(clock: Clock, **time: float) -> None:
    clock.now += timedelta(**time)


def is_locked(response: TestResponse) -> bool:
    return response.status_code == HTTPStatus.SEE_OTHER and str(response.location).startswith("/lock")


def unlock(client: PageClient, passphrase: str = WORDS, onward: str = "/") -> TestResponse:
    token = client.token("/lock")
    return client.post("/lock", data={"csrf_token": token, "passphrase": passphrase, "onward": onward})


def test_it_locks_after_half_an_hour_without_use_and_not_before(client: PageClient, clock: Clock) -> None:
    assert client.get("/").status_code == HTTPStatus.OK
    later(clock, minutes=29, seconds=59)
    assert client.get("/").status_code == HTTPStatus.OK, "each use begins the half hour again"
    later(clock, minutes=30)
    assert is_locked(client.get("/"))
    later(clock, minutes=-30)
    assert is_locked(client.get("/")), "setting the clock back does not unlock it"


def test_the_right_passphrase_leads_back_to_where_the_person_was(client: PageClient, clock: Clock, filled: str) -> None:
    client.get(f"{filled}steps/agency")
    later(clock, hours=1)
    response = client.get(f"{filled}steps/agency?back=review")
    assert is_locked(response)
    page = client.get(str(response.location)).text
    assert "Example County" not in page
    (onward,) = re.findall(r'name="onward" value="([^"]+)"', page)
    assert onward == f"{filled}steps/agency?back=review"
    answer = unlock(client, onward=onward)
    assert (answer.status_code, answer.location) == (HTTPStatus.SEE_OTHER, onward)
    assert client.get(f"{filled}steps/agency").status_code == HTTPStatus.OK


def test_a_wrong_passphrase_unlocks_nothing_and_five_are_the_most(client: PageClient, clock: Clock) -> None:
    client.get("/")
    later(clock, hours=1)
    client.get("/")
    for _ in range(5):
        response = unlock(client, "something else altogether")
        assert response.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
        assert "This is not the passphrase" in response.text
    assert "wrong five times" in unlock(client).text, "the right one comes too late"
    assert is_locked(client.get("/"))
    later(clock, minutes=15)
    assert unlock(client).location == "/"
    assert client.get("/").status_code == HTTPStatus.OK


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_every_route_but_the_named_ones_is_closed_while_it_is_locked(
    app: Flask, client: PageClient, parts: Parts, clock: Clock, method: str
) -> None:
    application_id = str(add_application(parts, parts.agency_id))
    token = client.token()
    later(clock, hours=1)
    assert is_locked(client.get("/"))
    before = snapshot(parts)
    opened: set[str] = set()
    known = {"number": "1", "listing_id": "1", "application_id": application_id}
    for rule in app.url_map.iter_rules():
        if method not in (rule.methods or ()):
            continue
        built = rule.build({name: known.get(name, "00000000-0000-4000-8000-000000000000") for name in rule.arguments})
        if built is None or rule.endpoint == "idle_lock.lock_now":
            continue
        if not is_locked(client.open(built[1], method=method, data={"csrf_token": token} if method == "POST" else {})):
            opened.add(rule.endpoint)
    assert opened <= OPEN_WHILE_LOCKED
    assert snapshot(parts) == before


def test_what_a_form_sends_while_it_is_locked_is_offered_again(client: PageClient, clock: Clock, filled: str) -> None:
    page = client.get(f"{filled}steps/agency").text
    hidden = dict(re.findall(r'type="hidden" name="([^"]+)" value="([^"]*)"', page))
    assert "page_draft" in hidden
    later(clock, hours=1)
    sent: dict[str, Any] = {**hidden, "agency-legal_name": "Example County Sheriff, typed before lunch", "go": "on"}
    response = client.post(f"{filled}steps/agency", data=sent)
    assert is_locked(response)
    assert unlock(client).status_code == HTTPStatus.SEE_OTHER
    page = client.get(f"{filled}steps/agency").text
    (restore,) = set(re.findall(r'href="([^"]+restore=[^"]+)"', page))
    assert "typed before lunch" in client.get(restore.replace("&amp;", "&")).text


def test_what_the_script_sends_while_it_is_locked_is_kept(client: PageClient, clock: Clock, filled: str) -> None:
    page = client.get(f"{filled}steps/agency").text
    whole = PAGE_FORM.search(page)
    assert whole
    facts = dict(re.findall(r'data-(draft|page|seal)="([^"]*)"', whole[0]))
    hidden = dict(re.findall(r'type="hidden" name="([^"]+)" value="([^"]*)"', whole[0]))
    typed = {"names": field_names(whole[0]), "fields": {"agency-legal_name": ["Typed late"]}, "hidden": {}, "number": 1}
    later(clock, hours=1)
    assert is_locked(client.get("/"))
    body = {
        "csrf_token": hidden["csrf_token"], "id": hidden["page_draft"], "page": facts["page"], "seal": facts["seal"],
        "typed": json.dumps(typed),
    }  # fmt: skip
    assert client.post(facts["draft"], data=body).status_code == HTTPStatus.NO_CONTENT
    assert is_locked(client.get("/")), "it is no use of the wizard"


def test_asking_how_long_is_left_is_no_use_and_staying_is(client: PageClient, clock: Clock) -> None:
    client.get("/")
    token = client.token()
    later(clock, minutes=28)
    assert client.get("/lock/remaining").json == {"seconds": 120.0}
    later(clock, minutes=1)
    assert client.get("/lock/remaining").json == {"seconds": 60.0}
    assert client.post("/lock/stay", data={"csrf_token": token}).status_code == HTTPStatus.NO_CONTENT
    assert client.get("/lock/remaining").json == {"seconds": 1800.0}
    later(clock, minutes=30)
    assert client.get("/lock/remaining").json == {"seconds": 0.0}
    assert is_locked(client.post("/lock/stay", data={"csrf_token": token})), "too late"


def test_a_person_may_lock_it_at_once(client: PageClient) -> None:
    assert is_locked(client.send("/lock/now"))
    assert is_locked(client.get("/"))
    unlock(client)
    assert client.get("/").status_code == HTTPStatus.OK


@pytest.mark.parametrize(
    "onward", ["https://example.org/", "//example.org/", "/\\example.org", "javascript:x", "", "/no-such-page", "/a\nb"]
)
def test_unlocking_leads_to_a_page_of_this_wizard_only(client: PageClient, onward: str) -> None:
    client.send("/lock/now")
    assert unlock(client, onward=onward).location == "/"


def test_the_dialog_is_on_the_page_and_the_lock_page_has_none(client: PageClient) -> None:
    page = client.get("/").text
    assert 'id="lock-dialog"' in page
    assert "lock.js" in page
    client.send("/lock/now")
    assert 'id="lock-dialog"' not in client.get("/lock").text


def test_with_zero_minutes_it_never_locks(config: Config, clock: Clock, app: Flask) -> None:
    ring = app.extensions["assistant"].keyring
    other = create_app(replace(config, idle_lock_minutes=0), keyring=ring, clock=clock)
    other.test_client_class = PageClient
    try:
        client = client_of(other, other.extensions["assistant"])
        client.get("/")
        later(clock, days=2)
        assert client.get("/").status_code == HTTPStatus.OK
        assert client.get("/lock/remaining").json == {"seconds": None}
    finally:
        other.extensions["assistant"].engine.dispose()


def test_without_a_passphrase_nothing_locks_and_nothing_is_added(config: Config, clock: Clock) -> None:
    free = create_app(replace(config, instance_dir=config.instance_dir / "free"), clock=clock)
    free.test_client_class = PageClient
    try:
        client = client_of(free, free.extensions["assistant"])
        page = client.get("/").text
        assert "lock.js" not in page
        assert "lock-dialog" not in page
        later(clock, days=2)
        assert client.get("/").status_code == HTTPStatus.OK
        assert client.get("/lock").location == "/"
    finally:
        free.extensions["assistant"].engine.dispose()
