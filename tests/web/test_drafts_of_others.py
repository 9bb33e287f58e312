"""Where several people work on one application, a draft is offered to who typed it, and let go by nobody else."""

from __future__ import annotations

import re
from datetime import timedelta
from http import HTTPStatus
from typing import TYPE_CHECKING

import pytest

from assistant.web.kit.context import OFFERED_DRAFT, OWN_DRAFT
from tests.web.forms_sent import fields_of
from tests.web.made_people import add_person, sign_in, token_on
from tests.web.made_up import add_application
from tests.web.test_page_drafts import OFFER, TYPED, mark_of, restore_address, send
from tests.web.test_sign_in import another_browser

if TYPE_CHECKING:
    from assistant.web.kit.context import Parts
    from tests.web.conftest import Clock, PageClient

MODE = "shared"
FIELDS = {"agency-legal_name": [TYPED]}


@pytest.fixture
def address(parts: Parts, agency_id: int) -> str:
    with parts.writer() as session:
        for name in ("Pat Preparer", "Quinn Preparer"):
            add_person(session, name, agency_id, ["preparer"])
        session.commit()
    return f"/applications/{add_application(parts, agency_id)}/steps/agency"


@pytest.fixture
def pat(client: PageClient, clock: Clock, address: str) -> PageClient:
    """Pat, who left the page with something typed on it."""
    sign_in(client, clock, "Pat Preparer")
    assert send(client, address, FIELDS).status_code == HTTPStatus.NO_CONTENT
    return client


@pytest.fixture
def quinn(pat: PageClient, clock: Clock) -> PageClient:
    other = another_browser(pat)
    sign_in(other, clock, "Quinn Preparer")
    return other


def draft_id(client: PageClient, address: str) -> str:
    return restore_address(client.get(address).text).rpartition("restore=")[2]


def test_a_colleagues_save_leaves_the_draft(pat: PageClient, quinn: PageClient, address: str) -> None:
    page = quinn.get(address).text
    assert OFFER not in page
    fields = fields_of(page) | {"agency-legal_name": ["Saved By Quinn"]}
    assert quinn.post(address, data=fields).status_code == HTTPStatus.FOUND
    page = pat.get(address).text
    assert OFFER in page
    assert fields_of(pat.get(restore_address(page)).text)["agency-legal_name"] == [TYPED]


def test_who_knows_its_id_neither_reads_nor_drops_nor_replaces_it(
    pat: PageClient, quinn: PageClient, address: str
) -> None:
    own = draft_id(pat, address)
    assert TYPED not in quinn.get(f"{address}?restore={own}").text
    page = quinn.get(address).text
    forged = fields_of(page) | {OFFERED_DRAFT: [own], OWN_DRAFT: [own], "agency-legal_name": ["Saved By Quinn"]}
    assert quinn.post(address, data=forged).status_code == HTTPStatus.FOUND
    discard = mark_of(page)["draft"] + "discard"
    values = {"csrf_token": token_on(quinn, address), "id": own}
    assert quinn.post(discard, data=values).status_code == HTTPStatus.FOUND
    answer = send(quinn, address, {"agency-legal_name": ["Another"]}, id=own, number=9)
    assert answer.status_code == HTTPStatus.NOT_FOUND
    assert fields_of(pat.get(f"{address}?restore={own}").text)["agency-legal_name"] == [TYPED]
    values["csrf_token"] = token_on(pat, address)
    assert pat.post(discard, data=values).status_code == HTTPStatus.FOUND
    assert OFFER not in pat.get(address).text


def test_each_has_drafts_of_their_own_of_the_same_page(pat: PageClient, quinn: PageClient, address: str) -> None:
    """What another typed word for word the same, or often, makes no room for itself at a colleague's cost."""
    for number in range(7):
        assert send(quinn, address, {"agency-legal_name": [f"{TYPED} {number}"]}).status_code == HTTPStatus.NO_CONTENT
    assert send(quinn, address, FIELDS).status_code == HTTPStatus.NO_CONTENT
    assert len(re.findall(r"restore=", pat.get(address).text)) == 1
    assert OFFER in quinn.get(address).text


def test_what_is_sent_when_the_sign_in_was_open_for_too_long_is_offered_to_the_same_person(
    client: PageClient, clock: Clock, address: str
) -> None:
    sign_in(client, clock, "Pat Preparer")
    fields = fields_of(client.get(address).text) | FIELDS
    clock.now += timedelta(minutes=31)
    answer = client.post(address, data=fields)
    assert (answer.status_code, "kept=yes" in str(answer.location)) == (HTTPStatus.SEE_OTHER, True)
    sign_in(client, clock, "Quinn Preparer")
    assert OFFER not in client.get(address).text
    client.post("/sign-out", data={"csrf_token": token_on(client, "/account/")})
    sign_in(client, clock, "Pat Preparer")
    assert OFFER in client.get(address).text
