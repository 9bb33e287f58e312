"""Only a browser that opened the printed address gets in; it keeps a cookie, and nobody else learns anything."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING

import pytest
from flask.sessions import SecureCookieSessionInterface

from assistant.app import create_app
from assistant.web.kit.start_token import PUBLIC
from tests.web.conftest import PageClient, client_of, snapshot
from tests.web.made_up import add_application

if TYPE_CHECKING:
    from collections.abc import Iterator

    from flask import Flask

    from assistant.config import Config
    from assistant.web.kit.context import Parts
    from tests.web.conftest import Clock

TOKEN = "a-token-of-this-start"  # noqa: S105 - made up


@pytest.fixture
def app(config: Config, clock: Clock) -> Iterator[Flask]:
    """The wizard as ``moa serve`` starts it."""
    app = create_app(config, token=TOKEN, clock=clock)
    app.test_client_class = PageClient
    app.testing = True
    yield app
    app.extensions["assistant"].engine.dispose()


def test_a_stranger_is_told_what_to_do_and_shown_nothing(client: PageClient, parts: Parts) -> None:
    address = f"/applications/{add_application(parts, parts.agency_id)}/"
    for asked in ("/", address, "/program/models/", "/no-such-page"):
        response = client.get(asked)
        assert response.status_code == HTTPStatus.FORBIDDEN, asked
        assert "opens only from the address that it printed" in response.text
        assert "Example County" not in response.text
        assert response.headers.getlist("Set-Cookie") == []


def test_the_printed_address_lets_a_browser_in_and_the_cookie_keeps_it_there(client: PageClient) -> None:
    response = client.get(f"/start/{TOKEN}")
    assert (response.status_code, response.location) == (302, "/")
    (cookie,) = response.headers.getlist("Set-Cookie")
    assert {"HttpOnly", "SameSite=Lax", "Path=/"} <= set(cookie.split("; "))
    assert TOKEN not in cookie
    assert client.get("/").status_code == HTTPStatus.OK
    assert client.send("/applications").status_code == 302


def test_the_cookie_outlives_a_restart(client: PageClient, config: Config, parts: Parts) -> None:
    client.get(f"/start/{TOKEN}")
    cookie = client.get_cookie("assistant", "127.0.0.1")
    assert cookie is not None
    assert cookie.expires is not None, "it outlives the browser's window too"
    restarted = create_app(config, token="another")  # noqa: S106 - made up
    try:
        browser = restarted.test_client()
        browser.set_cookie("assistant", cookie.value, domain="127.0.0.1")
        assert browser.get("/", base_url="http://127.0.0.1/").status_code == HTTPStatus.OK
    finally:
        restarted.extensions["assistant"].engine.dispose()
        parts.engine.dispose()


@pytest.mark.parametrize("token", ["x", TOKEN[:-1], f"{TOKEN}x", TOKEN.upper(), "ä", "%00"])
def test_another_token_lets_nobody_in(client: PageClient, token: str) -> None:
    assert client.get(f"/start/{token}").status_code == HTTPStatus.FORBIDDEN
    assert client.get("/").status_code == HTTPStatus.FORBIDDEN


def test_a_cookie_that_is_not_ours_lets_nobody_in(client: PageClient, app: Flask) -> None:
    assert isinstance(app.session_interface, SecureCookieSessionInterface)
    forged = app.session_interface.get_signing_serializer(app)
    assert forged is not None
    good = forged.dumps({"opened": True})
    client.set_cookie("assistant", f"{good[:-2]}xx", domain="127.0.0.1")
    assert client.get("/").status_code == HTTPStatus.FORBIDDEN
    client.set_cookie("assistant", str(forged.dumps({"opened": "yes"})), domain="127.0.0.1")
    assert client.get("/").status_code == HTTPStatus.FORBIDDEN


def test_every_route_but_the_public_ones_is_closed_for_every_method(
    app: Flask, client: PageClient, parts: Parts
) -> None:
    """A new route is closed without a word; a public one must be named."""
    before = snapshot(parts)
    opened: set[str] = set()
    values = {
        "application_id": "00000000-0000-4000-8000-000000000000",
        "number": 1, "listing_id": 1, "path": "x", "token": "x",
    }  # fmt: skip
    for rule in app.url_map.iter_rules():
        parts_of_address = {name: values.get(name, "00000000-0000-4000-8000-000000000000") for name in rule.arguments}
        built = rule.build(parts_of_address)
        if built is None:
            continue
        for method in sorted(rule.methods or ()):
            response = client.open(built[1], method=method)
            if response.status_code != HTTPStatus.FORBIDDEN:
                opened.add(rule.endpoint)
    assert opened <= PUBLIC
    assert {"health.alive", "health.ready"} <= opened
    assert snapshot(parts) == before


def test_a_post_without_the_cookie_changes_nothing_and_says_where_the_words_are(
    client: PageClient, parts: Parts
) -> None:
    before = snapshot(parts)
    response = client.post("/applications", data={"csrf_token": "x"})
    assert response.status_code == HTTPStatus.FORBIDDEN
    assert "your words are still on the page" in response.text
    assert snapshot(parts) == before


def test_the_style_of_the_refusal_is_served(client: PageClient) -> None:
    page = client.get("/").text
    (own,) = [part.split('"')[0] for part in page.split('href="')[1:] if "app.css" in part.split('"')[0]]
    assert client.get(own).status_code == HTTPStatus.OK


def test_where_no_token_is_asked_for_the_address_leads_to_the_first_page(config: Config, clock: Clock) -> None:
    free = create_app(config, clock=clock)
    free.test_client_class = PageClient
    try:
        client = client_of(free, free.extensions["assistant"])
        assert client.get("/").status_code == HTTPStatus.OK
        assert client.get("/start/anything").location == "/"
    finally:
        free.extensions["assistant"].engine.dispose()
