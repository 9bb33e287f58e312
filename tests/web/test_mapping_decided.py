"""What a person decides about a blank: it is kept as decided, and written in the way that suits the answer."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING
from uuid import UUID

import pytest

from assistant.services.form_maps import form_drafts
from tests.unit.made_agreements import Paper, signature_block
from tests.web.made_up import draft_of_a_flat_form
from tests.web.test_mapping import typed

if TYPE_CHECKING:
    from pathlib import Path

    from assistant.mapping.lines import MapLine
    from assistant.web.kit.context import Parts
    from tests.web.conftest import PageClient


@pytest.fixture(autouse=True)
def instance(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Keep editions in the folder of the test."""
    monkeypatch.setenv("ASSISTANT_INSTANCE_DIR", str(tmp_path / "instance"))


@pytest.fixture
def address(client: PageClient) -> str:
    """Return the address of a draft whose first page has a line that nothing tells of, and one that is known."""
    return draft_of_a_flat_form(client)


def lines(parts: Parts, address: str) -> tuple[MapLine, ...]:
    with parts.reader() as session:
        return form_drafts.find(session, parts.agency_id, UUID(address.rstrip("/").rpartition("/")[2])).lines


def decide(client: PageClient, parts: Parts, address: str, **changes: str) -> MapLine:
    """Save the first blank of page 1 as it is changed, and return it."""
    odd = lines(parts, address)[0]
    values = typed(client.get(f"{address}pages/1").text)
    values |= {f"{part}-{odd.number}": text for part, text in changes.items()}
    assert client.post(f"{address}pages/1", data=values).status_code == 302
    return next(line for line in lines(parts, address) if line.number == odd.number)


def test_a_telephone_that_a_person_chooses_is_written_as_one(client: PageClient, parts: Parts, address: str) -> None:
    line = decide(client, parts, address, meaning="program_contact.phone")
    assert (line.path, line.format) == ("program_contact.phone", "phone")
    line = decide(client, parts, address, meaning="approvals.counsel_reviewed_on")
    assert (line.path, line.format) == ("approvals.counsel_reviewed_on", "date")
    line = decide(client, parts, address, meaning="program_contact.email")
    assert (line.path, line.format) == ("program_contact.email", "text")


def test_how_it_is_written_may_be_chosen_otherwise(client: PageClient, parts: Parts, address: str) -> None:
    decide(client, parts, address, meaning="program_contact.phone")
    line = decide(client, parts, address, format="text")
    assert (line.path, line.format) == ("program_contact.phone", "text")


def test_what_a_person_decides_is_no_longer_not_known(client: PageClient, parts: Parts, address: str) -> None:
    assert lines(parts, address)[0].sureness == "unknown"
    line = decide(client, parts, address, meaning="program_contact.phone")
    assert (line.sureness, line.why) == ("decided", "a person has said so")
    assert lines(parts, address)[1].sureness == "likely", "nobody has changed that one"
    page = client.get(address).text
    assert "Decided by a person" in page
    toml = client.get(f"{address}edition.toml").text
    assert "1, decided: a person has said so" in toml
    line = decide(client, parts, address, meaning="")
    assert (line.sureness, line.decided) == ("unknown", False)


def test_a_proposal_that_is_saved_as_it_was_stays_a_proposal(client: PageClient, parts: Parts, address: str) -> None:
    before = lines(parts, address)
    decide(client, parts, address, left="120")
    assert [line.sureness for line in lines(parts, address)] == [line.sureness for line in before]


def test_whose_side_a_line_is_on_is_said_by_whoever_decides_it(client: PageClient, parts: Parts) -> None:
    paper = Paper("underscores")
    signature_block(paper, ("Name", "Date"), "", "")
    values = {"csrf_token": client.token(), "form": (io.BytesIO(paper.data()), "a.pdf")}
    response = client.post("/forms/drafts/new", data=values)
    response.request.environ["wsgi.input"].close()
    address = str(response.location)
    assert {line.side for line in lines(parts, address) if line.blank != "agency, footers"} == {"unknown"}
    assert "Not known whose side" in client.get(f"{address}pages/1").text
    assert "<td>Not known</td>" in client.get(address).text
    assert decide(client, parts, address, meaning="ice").side == "ice"
    assert decide(client, parts, address, meaning="hand", side="unknown").side == "agency"
