"""The page of nominee changes: proposes who came and went since the export, sends what was chosen, changes nothing."""

from __future__ import annotations

import io
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from pypdf import PdfReader

from assistant.answers import Nominee
from assistant.services.application.applications import get
from assistant.services.application.nominees import add_nominees, remove_nominee
from tests.web.conftest import snapshot
from tests.web.made_up import NOW, add_application, complete_answers

if TYPE_CHECKING:
    from uuid import UUID

    from assistant.web.kit.context import Parts
    from tests.web.conftest import PageClient

LETTER, ROSTER, SHEET = "nominee-changes-letter.pdf", "nominee-changes-roster.pdf", "nominee-changes-roster.xlsx"


def words_of(data: bytes) -> str:
    return " ".join(" ".join(page.extract_text() for page in PdfReader(io.BytesIO(data)).pages).split())


@pytest.fixture
def exported(client: PageClient, parts: Parts) -> UUID:
    """Return an application exported with Alex and Robin, from which Robin was then removed, and Kim added."""
    robin = Nominee(full_name="Robin Example", rank="Sergeant", badge_number="200", models=("WSO",), us_citizen=True,
                    background_investigation="completed", enforced_laws=True, facility_security_trained=True,
                    enforced_inmate_rules=True)  # fmt: skip
    answers = complete_answers()
    answers = replace(answers, nominees=(*answers.nominees, robin))
    public_id = add_application(parts, parts.agency_id, answers)
    assert client.send(f"/applications/{public_id}/exports/").location
    with parts.writer() as session:
        row = get(session, parts.agency_id, public_id)
        remove_nominee(session, row, row.nominee_ids[1], version=row.version, now=NOW)
        add_nominees(session, row, [Nominee(full_name="Kim Sample", models=("TFM",))], now=NOW)
        session.commit()
    return public_id


def test_who_came_and_went_since_the_export_is_proposed(client: PageClient, exported: UUID) -> None:
    page = client.get(f"/applications/{exported}/nominee-changes/").text
    order = [page.index(name) for name in ("Robin Example", "Kim Sample", "Alex Nguyễn")]
    assert order == sorted(order), "who changed comes first"
    assert "no longer on the list" in page
    assert "Not in the last export" in page
    assert page.count("selected") == 3
    assert 'value="leaves" selected' in page
    assert 'value="added" selected' in page


def test_the_files_name_who_was_chosen_and_the_application_stays(
    client: PageClient, parts: Parts, exported: UUID
) -> None:
    with parts.reader() as session:
        kim = get(session, parts.agency_id, exported).nominee_ids[1]
    before = snapshot(parts)
    values = {"change-before-1": "leaves", f"change-{kim}": "added", "effective-month": "4", "effective-day": "15",
              "effective-year": "2026"}  # fmt: skip
    for name in (LETTER, ROSTER):
        sent = client.send(f"/applications/{exported}/nominee-changes/", file=name, **values)
        assert sent.headers["Content-Disposition"].endswith(f'"{name}"')
        text = words_of(sent.data)
        assert "Robin Example" in text
        assert "Kim Sample" in text
        assert "Alex" not in text
        assert "April 15, 2026" in text
    assert client.send(f"/applications/{exported}/nominee-changes/", file=SHEET, **values).data.startswith(b"PK")
    assert snapshot(parts) == before


@pytest.mark.parametrize(
    ("values", "told"),
    [
        ({}, "Choose a change for at least one person."),
        ({"change-before-1": "forged"}, "Choose a change for at least one person."),
        ({"change-before-1": "leaves", "effective-month": "13", "effective-day": "1", "effective-year": "2026"},
         "as a number or a name"),
    ],
)  # fmt: skip
def test_what_is_missing_is_asked_for_with_what_was_chosen(
    client: PageClient, exported: UUID, values: dict[str, str], told: str
) -> None:
    answer = client.send(f"/applications/{exported}/nominee-changes/", **values)
    assert answer.status_code == 422
    assert told in answer.text
    assert ('value="leaves" selected' in answer.text) == (values.get("change-before-1") == "leaves")


def test_a_long_list_is_searched_by_name(client: PageClient, parts: Parts) -> None:
    answers = complete_answers()
    crowd = tuple(Nominee(full_name=f"Officer Sample{n:03}", models=("TFM",)) for n in range(230))
    public_id = add_application(parts, parts.agency_id, replace(answers, nominees=(*answers.nominees, *crowd)))
    address = f"/applications/{public_id}/nominee-changes/"
    page = client.get(address).text
    assert "31 more people are not on this page" in page
    with parts.reader() as session:
        chosen, other = (get(session, parts.agency_id, public_id).nominee_ids[place] for place in (1, 230))
    found = client.send(address, file="find", find="sample229", **{f"change-{chosen}": "leaves"}).text
    assert found.count("<select") == 1
    assert "Officer Sample229" in found
    assert f'name="change-{chosen}" value="leaves"' in found, "what was chosen before is not lost"
    assert "Nobody on the list has this name." in client.send(address, file="find", find="zzz").text
    both = client.send(
        address, file=ROSTER, find="sample229", **{f"change-{chosen}": "leaves", f"change-{other}": "revoked"}
    )
    assert all(name in words_of(both.data) for name in ("Officer Sample000", "Officer Sample229"))


def test_without_nominees_there_is_nobody_to_choose(client: PageClient, parts: Parts) -> None:
    public_id = add_application(parts, parts.agency_id, replace(complete_answers(), nominees=()))
    assert "There are no nominees yet." in client.get(f"/applications/{public_id}/nominee-changes/").text
