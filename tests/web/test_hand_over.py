"""A part goes to another installation and comes back: two installations, each with its own database and keys."""

from __future__ import annotations

import io
import json
import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any
from uuid import UUID

import pytest

from assistant.answers import Nominee
from assistant.app import create_app
from assistant.config import Config
from assistant.services.application.applications import get, save_values
from assistant.services.application.nominees import add_nominees, remove_nominee, update_nominee
from assistant.storage.sealed_file import NEWER, NOT_OURS, WRONG, new_code, open_with_code, seal_with_code
from assistant.web.kit.context import Parts
from tests.web.conftest import PageClient, client_of, snapshot
from tests.web.made_up import NOW, add_agency, add_application, complete_answers

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from werkzeug.test import TestResponse

    from assistant.answers import Answers
    from tests.web.conftest import Clock

OPEN = "/applications/from-colleague"


@pytest.fixture
def colleague(tmp_path: Path, clock: Clock) -> Iterator[PageClient]:
    """Return a client of another installation."""
    app = create_app(Config(instance_dir=tmp_path / "colleague"), clock=clock)
    app.test_client_class = PageClient
    app.testing = True
    parts = app.extensions["assistant"]
    assert isinstance(parts, Parts)
    yield client_of(app, parts)
    parts.engine.dispose()


def hand(client: PageClient, home: str, part: str) -> tuple[bytes, str]:
    """Return the sealed file of a part, and its code as the page shows it."""
    page = client.get(f"{home}hand-over/").text
    (code,) = re.findall(r"<code>([^<]+)</code>", page)
    sent = client.send(f"{home}hand-over/", part=part, code=code)
    assert sent.status_code == 200, sent.text
    assert sent.headers["Content-Disposition"].endswith('.moapart"')
    return sent.data, code


def give(client: PageClient, data: bytes, code: str) -> TestResponse:
    values = {"csrf_token": client.token(), "code": code, "file": (io.BytesIO(data), "x.moapart")}
    response = client.post(OPEN, data=values)
    response.request.environ["wsgi.input"].close()
    return response


def answers_at(client: PageClient, public_id: str) -> Answers:
    with client.parts.reader() as session:
        return get(session, client.parts.agency_id, UUID(public_id.strip("/").rpartition("/")[2])).answers


def change(client: PageClient, home: str, **values: Any) -> None:
    with client.parts.writer() as session:
        row = get(session, client.parts.agency_id, UUID(home.strip("/").rpartition("/")[2]))
        save_values(session, row, {key.replace("__", "."): value for key, value in values.items()}, version=row.version,
                    now=NOW)  # fmt: skip
        session.commit()


def home_of(client: PageClient, answers: Answers | None = None) -> str:
    return f"/applications/{add_application(client.parts, client.parts.agency_id, answers)}/"


def test_a_part_goes_out_is_filled_in_and_comes_back(client: PageClient, colleague: PageClient) -> None:
    home = home_of(client)
    data, code = hand(client, home, "signatory")
    content = json.loads(open_with_code(data, code))
    assert "Alex" not in json.dumps(content), "no nominee is in it"
    opened = give(colleague, data, code)
    assert opened.status_code == 302
    there = str(opened.location)
    hub = colleague.get(there).text
    assert "A part from a colleague: Signatory" in hub
    assert "(part: Signatory)" in hub
    received = answers_at(colleague, there)
    assert received.signatory.full_name == "Jordan Núñez"
    assert not received.nominees
    assert received.program_contact.full_name is None
    change(colleague, there, signatory__title="Chief Deputy", signatory__phone="(727) 555-0199")
    change(client, home, signatory__email="new@ecso.example.gov", ice__opla_location="Tampa")
    back, back_code = hand(colleague, there, "back")
    assert back_code != code
    page = give(client, back, back_code)
    assert page.status_code == 200
    assert "Signatory" in page.text
    assert "Changed on both sides" not in page.text
    merged = answers_at(client, home)
    assert merged.signatory == replace(
        complete_answers().signatory, title="Chief Deputy", phone="(727) 555-0199", email="new@ecso.example.gov"
    )
    assert merged.ice.opla_location == "Tampa"
    assert merged.nominees == complete_answers().nominees
    again = give(client, back, back_code)
    assert "Nothing else had to be changed." in again.text


def test_what_both_changed_is_asked_and_saved_as_chosen(client: PageClient, colleague: PageClient) -> None:
    home = home_of(client)
    there = str(give(colleague, *hand(client, home, "signatory")).location)
    change(colleague, there, signatory__title="Chief Deputy", signatory__phone="(727) 555-0111")
    change(client, home, signatory__title="Undersheriff", signatory__phone="(727) 555-0122")
    page = give(client, *hand(colleague, there, "back")).text
    assert "From the file: Chief Deputy" in page
    assert "Here: Undersheriff" in page
    assert answers_at(client, home).signatory.title == "Undersheriff", "nothing is chosen yet"
    values = dict(re.findall(r'name="((?:key|value)-\d+|version|title)" value="([^"]*)"', page))
    values = {name: value.replace("&#34;", '"') for name, value in values.items()}
    assert len(values) == 6
    asked = client.send(f"{home}hand-over/choose", **values)
    assert asked.status_code == 422
    assert "choose which answer to keep" in asked.text
    numbers = {values[f"key-{n}"]: n for n in (1, 2)}
    choices = {f"keep-{numbers['signatory.title']}": "mine", f"keep-{numbers['signatory.phone']}": "theirs"}
    saved = client.send(f"{home}hand-over/choose", **values, **choices)
    assert saved.status_code == 200
    assert answers_at(client, home).signatory.title == "Chief Deputy"
    assert answers_at(client, home).signatory.phone == "(727) 555-0122"
    late = client.send(f"{home}hand-over/choose", **values, **choices)
    assert late.status_code == 409
    assert "Someone else saved" in late.text


def test_nominees_come_back_person_by_person(client: PageClient, colleague: PageClient) -> None:
    people = tuple(Nominee(full_name=f"Officer {n}", badge_number=str(n), models=("TFM",)) for n in range(4))
    home = home_of(client, replace(complete_answers(), nominees=people))
    there = str(give(colleague, *hand(client, home, "nominees")).location)
    assert answers_at(colleague, there).nominees == people
    with colleague.parts.writer() as session:
        row = get(session, colleague.parts.agency_id, UUID(there.strip("/").rpartition("/")[2]))
        ids = row.nominee_ids
        update_nominee(session, row, ids[0], replace(people[0], rank="Sergeant"), version=row.version, now=NOW)
        remove_nominee(session, row, ids[1], version=row.version, now=NOW)
        update_nominee(session, row, ids[2], replace(people[2], rank="Deputy"), version=row.version, now=NOW)
        add_nominees(session, row, [Nominee(full_name="New There", models=("WSO",))], now=NOW)
        session.commit()
    with client.parts.writer() as session:
        row = get(session, client.parts.agency_id, UUID(home.strip("/").rpartition("/")[2]))
        assert row.nominee_ids == ids, "people keep their ids on the way"
        remove_nominee(session, row, ids[2], version=row.version, now=NOW)
        add_nominees(session, row, [Nominee(full_name="New Here", models=("TFM",))], now=NOW)
        session.commit()
    page = give(client, *hand(colleague, there, "back")).text
    for line in ("Officer 0: changed", "Officer 1: removed", "New There: added"):
        assert line in page
    assert "Officer 2: the whole entry" in page
    assert "Here: removed" in page
    names = [one.full_name for one in answers_at(client, home).nominees]
    assert names == ["Officer 0", "Officer 3", "New Here", "New There"]
    values = dict(re.findall(r'name="((?:key|value)-1|version)" value="([^"]*)"', page))
    values = {name: value.replace("&#34;", '"') for name, value in values.items()}
    assert client.send(f"{home}hand-over/choose", **values, **{"keep-1": "mine"}).status_code == 200
    assert [one.rank for one in answers_at(client, home).nominees if one.full_name == "Officer 2"] == ["Deputy"]


def test_a_whole_application_moves_to_another_installation(client: PageClient, colleague: PageClient) -> None:
    home = home_of(client)
    there = str(give(colleague, *hand(client, home, "all")).location)
    assert answers_at(colleague, there) == complete_answers()
    assert "(part:" not in colleague.get(there).text
    data, code = hand(colleague, there, "nominees")
    assert "made here" in give(colleague, data, code).text, "its own part does not go into it"
    assert give(client, data, code).status_code == 302, "and opens elsewhere as a part of that copy"


@pytest.mark.parametrize("what", ["another code", "altered", "cut off", "other version", "no such file", "no part"])
def test_a_file_that_does_not_open_gets_one_sentence_and_changes_nothing(
    client: PageClient, colleague: PageClient, what: str
) -> None:
    data, code = hand(client, home_of(client), "signatory")
    given, given_code, told = {
        "another code": (data, new_code(), WRONG),
        "altered": (data[:-1] + bytes([data[-1] ^ 1]), code, WRONG),
        "cut off": (data[:40], code, WRONG),
        "other version": (data[:8] + b"\x09" + data[9:], code, NEWER),
        "no such file": (b"%PDF-1.7", code, NOT_OURS),
        "no part": (seal_with_code(b'{"format": "moa-part/1"}', code), code, "damaged inside"),
    }[what]
    before = snapshot(colleague.parts)
    answer = give(colleague, given, given_code)
    assert answer.status_code == 422
    assert told.replace("'", "&#39;") in answer.text
    assert snapshot(colleague.parts) == before


def test_what_is_left_out_is_asked_for(client: PageClient) -> None:
    home = home_of(client)
    assert "Choose the file" in client.send(OPEN, code=new_code()).text
    assert "Enter the code" in give(client, b"MOA-PART", "abc").text
    answer = client.send(f"{home}hand-over/", code=new_code())
    assert answer.status_code == 422
    assert "Choose what to hand over." in answer.text
    assert client.send(f"{home}hand-over/", part="signatory", code="weak").status_code == 422
    assert client.send(f"{home}hand-over/", part="back", code=new_code()).status_code == 422
    for value in ("{", "[" * 5000, '{"full_name": "123-45-6789"}'):
        forged = {"key-1": "nominees:23456789", "value-1": value, "keep-1": "mine", "version": "1"}
        assert client.send(f"{home}hand-over/choose", **forged).status_code == 422


def test_a_part_of_another_agency_comes_back_to_nobody_here(
    client: PageClient, colleague: PageClient, parts: Parts
) -> None:
    home = home_of(client)
    there = str(give(colleague, *hand(client, home, "signatory")).location)
    back = hand(colleague, there, "back")
    add_application(parts, add_agency(parts))
    third = give(colleague, *back)
    assert third.status_code == 422
    assert "is not here" in third.text


def test_the_code_is_in_no_database_and_no_history(client: PageClient) -> None:
    home = home_of(client)
    _, code = hand(client, home, "nominees")
    state = snapshot(client.parts)
    assert code not in state
    assert code.replace("-", "") not in state
    assert "handed over" in state
