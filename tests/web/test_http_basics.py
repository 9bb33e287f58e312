"""Plain HTTP: methods that no page has are refused, no other site is let in, and each answer says what it is."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.web.conftest import PageClient

PLACES = ("/", "/forms/", "/lists/", "/program/", "/healthz", "/nowhere", "/static/x/app.css", "/static/x/icon.svg")


@pytest.mark.parametrize("address", PLACES)
@pytest.mark.parametrize("method", ["TRACE", "CONNECT", "PROPFIND"])
def test_a_method_that_no_page_has_is_refused_and_nothing_is_sent_back(
    client: PageClient, address: str, method: str
) -> None:
    response = client.open(address, method=method, headers={"X-Canary": "never echoed"})
    assert response.status_code in {HTTPStatus.METHOD_NOT_ALLOWED, HTTPStatus.NOT_FOUND}
    assert "never echoed" not in response.text


@pytest.mark.parametrize("address", PLACES)
@pytest.mark.parametrize("method", ["GET", "OPTIONS"])
def test_no_answer_lets_another_site_read_it(client: PageClient, address: str, method: str) -> None:
    headers = {"Origin": "https://other.example", "Access-Control-Request-Method": "POST"}
    response = client.open(address, method=method, headers=headers)
    assert [name for name in response.headers.keys() if name.lower().startswith("access-control-")] == []  # noqa: SIM118
    assert response.headers["Cross-Origin-Resource-Policy"] == "same-origin"


@pytest.mark.parametrize(
    ("address", "kind"),
    [
        ("/", "text/html; charset=utf-8"),
        ("/nowhere", "text/html; charset=utf-8"),
        ("/static/x/app.css", "text/css; charset=utf-8"),
        ("/static/x/app.js", "text/javascript; charset=utf-8"),
        ("/static/x/icon.svg", "image/svg+xml; charset=utf-8"),
        ("/healthz", "application/json"),  # JSON is UTF-8 (RFC 8259), and has no such parameter
    ],
)
def test_an_answer_names_its_kind_and_the_code_of_its_letters(client: PageClient, address: str, kind: str) -> None:
    assert client.get(address).headers["Content-Type"] == kind
