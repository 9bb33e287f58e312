"""While the database is away, no page shows or sends back a password, a code or a passphrase."""

from __future__ import annotations

import re
from http import HTTPStatus
from typing import TYPE_CHECKING

import pytest
from flask import request as this_request
from sqlalchemy.exc import OperationalError

from assistant.services.accounts import people, setup_links
from assistant.web.kit.outages import SECRETS, answer_outage
from tests.web.made_people import PASSWORD, SECRET, add_person, code_at, email_of, give_password, sign_in, token_on
from tests.web.made_up import add_application
from tests.web.test_outages import TYPED, full_disk

if TYPE_CHECKING:
    from collections.abc import Iterator

    from flask import Flask
    from werkzeug.test import TestResponse

    from assistant.web.kit.context import Parts
    from tests.web.conftest import Clock, PageClient

MODE = "shared"
TYPED_SECRETS = {
    "password": "a password nobody should read",
    "again": "typed once more and not to read",
    "current": "the password of until now",
    "code": "739201",
    "passphrase": "correct horse battery staple",
}
ACCOUNT_FORM = "/account/password"
ADDRESSES = ["sign-in", "code", "set-up", "password"]


@pytest.fixture
def address_of(clock: Clock, parts: Parts, agency_id: int) -> dict[str, str]:
    with parts.writer() as session:
        add_person(session, "Pat Preparer", agency_id, ["preparer"])
        new = people.add_person(session, email="new@ecso.example.gov", name="", now=clock.now)
        people.set_roles(session, new, agency_id, ["preparer"], now=clock.now)
        token = setup_links.make_link(session, new, now=clock.now)
        session.commit()
    return {
        "sign-in": "/sign-in",
        "code": "/sign-in/code",
        "set-up": f"/set-up/{token}",
        "password": "/account/password",
    }


@pytest.fixture
def no_database(parts: Parts) -> Iterator[None]:
    """Put a folder in the place of the database file."""
    parts.engine.dispose()
    file = parts.config.instance_dir / "assistant.sqlite3"
    away = file.with_name("away.sqlite3")
    for one in parts.config.instance_dir.glob("assistant.sqlite3-*"):
        one.unlink()
    file.rename(away)
    file.mkdir()
    yield
    parts.engine.dispose()
    file.rmdir()
    away.rename(file)


def come_to(client: PageClient, clock: Clock, page: str) -> str:
    """Go as far as this page, and return the token of its form."""
    if page == "code":
        give_password(client, "Pat Preparer")
    if page == "password":
        sign_in(client, clock, "Pat Preparer")
    return token_on(client, ACCOUNT_FORM if page == "password" else "/sign-in")


def send_secrets(client: PageClient, address: str, csrf: str) -> TestResponse:
    values = {"csrf_token": csrf, "email": email_of("Pat Preparer"), "name": "Nora", **TYPED_SECRETS}
    # A plain request: the client of the tests looks at the database around it, which is away.
    return super(type(client), client).open(address, method="POST", data=values, base_url="http://127.0.0.1/")


def assert_no_secret(page: str) -> None:
    for name, typed in TYPED_SECRETS.items():
        assert typed not in page, name
    assert not re.search(r'type="hidden" name="(?:password|again|current|code|passphrase)"', page)
    assert "This is what you typed" not in page


@pytest.mark.parametrize("page", ADDRESSES)
def test_a_secret_is_not_shown_while_the_database_is_away(
    request: pytest.FixtureRequest, client: PageClient, clock: Clock, address_of: dict[str, str], page: str
) -> None:
    csrf = come_to(client, clock, page)
    request.getfixturevalue("no_database")
    answer = send_secrets(client, address_of[page], csrf)
    assert answer.status_code == HTTPStatus.SERVICE_UNAVAILABLE
    assert_no_secret(answer.text)
    assert "The database does not answer" in answer.text
    assert "Request ID" in answer.text


@pytest.mark.parametrize("page", ADDRESSES)
def test_a_secret_is_not_shown_while_the_disk_is_full(
    client: PageClient, clock: Clock, parts: Parts, address_of: dict[str, str], page: str
) -> None:
    """The page itself may come back then, with its boxes for secrets empty."""
    csrf = come_to(client, clock, page)
    right = {"password": PASSWORD, "current": PASSWORD, "code": code_at(clock)}
    with full_disk(parts):
        for changes in ({}, right):
            values = {"csrf_token": csrf, "email": email_of("Pat Preparer"), "name": "Nora", **TYPED_SECRETS, **changes}
            answer = client.post(address_of[page], data=values)
            assert answer.status_code in {
                HTTPStatus.SERVICE_UNAVAILABLE, HTTPStatus.UNPROCESSABLE_ENTITY, HTTPStatus.SEE_OTHER,
            }  # fmt: skip
            for name, typed in (TYPED_SECRETS | changes).items():
                assert typed not in answer.text, name
            assert SECRET not in answer.text


def test_the_passphrase_of_the_lock_is_not_shown(app: Flask, parts: Parts, no_database: None) -> None:  # noqa: ARG001
    """Unlocking asks the key file and no database; whatever else fails on the way there is answered without it."""
    with app.test_request_context("/lock", method="POST", data={"onward": "/", **TYPED_SECRETS}):
        assert this_request.blueprint == "idle_lock"
        with pytest.raises(OperationalError) as failure, parts.reader() as session:
            session.connection()
        page = answer_outage(failure.value)
    assert page.status_code == HTTPStatus.SERVICE_UNAVAILABLE
    assert_no_secret(page.get_data(as_text=True))


def test_a_field_of_such_a_name_is_left_out_on_every_page(
    request: pytest.FixtureRequest, client: PageClient, clock: Clock, parts: Parts, agency_id: int
) -> None:
    with parts.writer() as session:
        add_person(session, "Pat Preparer", agency_id, ["preparer"])
        session.commit()
    address = f"/applications/{add_application(parts, agency_id)}/steps/agency"
    sign_in(client, clock, "Pat Preparer")
    values = {"csrf_token": token_on(client, address), "agency-legal_name": TYPED, **TYPED_SECRETS}
    request.getfixturevalue("no_database")
    answer = super(type(client), client).open(address, method="POST", data=values, base_url="http://127.0.0.1/")
    assert answer.status_code == HTTPStatus.SERVICE_UNAVAILABLE
    assert f'value="{TYPED}"' in answer.text, "all else is there"
    assert set(TYPED_SECRETS) == SECRETS
    for name, typed in TYPED_SECRETS.items():
        assert typed not in answer.text, name
