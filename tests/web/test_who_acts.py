"""Who acts: the session of a request says so, and everything that the request records says the same."""

from __future__ import annotations

from typing import TYPE_CHECKING

from assistant.services.application import applications, history
from assistant.web.kit import context
from tests.web.made_up import add_application
from tests.web.test_two_people import sent_by

if TYPE_CHECKING:
    import pytest

    from assistant.web.kit.context import Parts
    from tests.web.conftest import PageClient

PERSON = "5d0c7d4e8f0a4f3c9b1e2d3c4b5a6978"


def test_what_a_request_saves_is_recorded_as_done_by_the_person_of_the_request(
    client: PageClient, parts: Parts, monkeypatch: pytest.MonkeyPatch
) -> None:
    application = add_application(parts, parts.agency_id)
    address = f"/applications/{application}/steps/agency"
    monkeypatch.setattr(context, "who", lambda: PERSON)
    assert (
        client.post(
            address, data=sent_by(client.get(address).text) | {"agency-legal_name": ["Lake County Sheriff’s Office"]}
        ).status_code
        == 302
    )
    monkeypatch.setattr(context, "who", lambda: "local")
    assert (
        client.post(
            address, data=sent_by(client.get(address).text) | {"agency-legal_name": ["Polk County Sheriff’s Office"]}
        ).status_code
        == 302
    )
    with parts.reader() as session:
        lines = history.entries(session, applications.get(session, parts.agency_id, application))
    assert [line.who for line in lines] == ["local", PERSON, "local"]
