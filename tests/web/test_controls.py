"""The cookie's marks, and whose word about the client's address is taken."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from assistant.app import create_app

if TYPE_CHECKING:
    from flask.testing import FlaskClient

    from assistant.config import Config

FORWARDED = {"X-Forwarded-For": "203.0.113.9", "X-Forwarded-Proto": "https", "X-Forwarded-Host": "localhost"}


def client_of(config: Config) -> FlaskClient:
    app = create_app(config)
    app.extensions["assistant"].engine.dispose()
    return app.test_client()


def cookie_of(client: FlaskClient, address: str) -> tuple[str, set[str]]:
    """Return the name of the session's cookie and its attributes."""
    response = client.get("/", base_url=address)
    (header,) = response.headers.getlist("Set-Cookie")
    first, *rest = header.split("; ")
    return first.partition("=")[0], set(rest)


def test_the_cookie_is_closed_to_scripts_and_other_sites(config: Config) -> None:
    name, marks = cookie_of(client_of(config), "http://127.0.0.1/")
    assert name == "assistant"
    assert marks == {"HttpOnly", "SameSite=Lax", "Path=/"}


def test_under_tls_the_cookie_is_secure_too(config: Config) -> None:
    name, marks = cookie_of(client_of(replace(config, behind_tls=True)), "https://127.0.0.1/")
    assert name == "__Host-assistant"
    assert marks == {"Secure", "HttpOnly", "SameSite=Lax", "Path=/"}


@pytest.mark.parametrize(("hops", "believed"), [(0, False), (1, True)])
def test_forwarded_headers_are_believed_only_where_a_proxy_is_configured(
    config: Config, hops: int, *, believed: bool
) -> None:
    client = client_of(replace(config, proxy_hops=hops))
    with client:
        response = client.get("/", base_url="http://127.0.0.1/", headers=FORWARDED)
        from flask import request  # noqa: PLC0415 - the request that was just answered

        seen = (request.remote_addr, request.scheme, request.host)
    assert response.status_code == 200
    assert seen == (("203.0.113.9", "https", "localhost") if believed else ("127.0.0.1", "http", "127.0.0.1"))
    assert ("Strict-Transport-Security" in response.headers) is believed


def test_of_two_addresses_only_that_of_our_own_proxy_is_believed(config: Config) -> None:
    client = client_of(replace(config, proxy_hops=1))
    with client:
        client.get("/", base_url="http://127.0.0.1/", headers={"X-Forwarded-For": "198.51.100.1, 203.0.113.9"})
        from flask import request  # noqa: PLC0415 - as above

        assert request.remote_addr == "203.0.113.9"


def test_a_foreign_host_behind_a_proxy_is_refused(config: Config) -> None:
    client = client_of(replace(config, proxy_hops=1))
    response = client.get("/", base_url="http://127.0.0.1/", headers={**FORWARDED, "X-Forwarded-Host": "evil.example"})
    assert response.status_code == 400
