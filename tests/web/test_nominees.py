"""Nominees: add, change, remove, list; a double click adds one, and only what counts is asked."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from uuid import UUID

import pytest

from assistant.answers import Nominee, with_path
from assistant.services.application import applications
from tests.web.made_up import add_application, complete_answers

if TYPE_CHECKING:
    from assistant.answers import Answers
    from assistant.web.kit.context import Parts
    from tests.web.conftest import PageClient


def answers_of(parts: Parts, address: str) -> Answers:
    with parts.reader() as session:
        return applications.get(session, parts.agency_id, UUID(address.strip("/").split("/")[1])).answers


def only_id(parts: Parts, address: str) -> str:
    with parts.reader() as session:
        return applications.get(session, parts.agency_id, UUID(address.strip("/").split("/")[1])).nominee_ids[0]


def test_a_nominee_is_added_once_however_often_it_is_sent(client: PageClient, parts: Parts, filled: str) -> None:
    page = client.get(f"{filled}nominees/new").text
    fresh = re.search(r'name="nominee_id" value="([2-9a-z]{8})"', page)
    assert fresh
    values = {
        "nominee-full_name": "Robin Sample",
        "nominee-rank": "Deputy",
        "nominee-models": ["WSO"],
        "nominee_id": fresh[1],
    }
    for _ in range(2):
        response = client.send(f"{filled}nominees/new", version="1", **values)
        assert response.location.endswith(f"{fresh[1]}/criteria")
    assert [n.full_name for n in answers_of(parts, filled).nominees] == ["Alex Nguyễn", "Robin Sample"]


@pytest.mark.parametrize("nominee_id", ["../../x", "a", "A" * 8, "0" * 8])
def test_an_id_that_is_none_adds_nothing(client: PageClient, parts: Parts, filled: str, nominee_id: str) -> None:
    client.send(f"{filled}nominees/new", **{"nominee_id": nominee_id, "nominee-full_name": "X"})
    assert len(answers_of(parts, filled).nominees) == 1


def test_only_what_counts_for_the_models_is_asked(client: PageClient, parts: Parts) -> None:
    asked = {}
    for models in (("TFM",), ("WSO",), ("JEM",), ("TTFM",)):
        answers = with_path(complete_answers(), "nominees.0.models", models)
        address = f"/applications/{add_application(parts, parts.agency_id, answers)}/"
        page = client.get(f"{address}nominees/{only_id(parts, address)}/criteria").text
        asked[models[0]] = set(re.findall(r'name="criteria-([a-z_]+?)(?:-month|-day|-year)?"', page))
    always = {"us_citizen", "enforced_laws", "background_investigation", "background_completed_on"}
    assert asked["TTFM"] == always
    assert asked["TFM"] == always | {"law_enforcement_since", "law_enforcement_years"}
    assert asked["WSO"] == always | {"facility_security_trained", "enforced_inmate_rules"}
    assert asked["JEM"] == always | {"facility_security_trained", "inmate_rules_authority"}


def test_saving_criteria_leaves_answers_that_were_not_asked(client: PageClient, parts: Parts, filled: str) -> None:
    nominee_id = only_id(parts, filled)
    values = {"version": "1", "criteria-us_citizen": "yes", "criteria-background_investigation": "pending"}
    response = client.send(f"{filled}nominees/{nominee_id}/criteria", **values)
    assert response.location.endswith("/nominees/?change=saved")
    person = answers_of(parts, filled).nominees[0]
    assert (person.full_name, person.us_citizen, person.background_investigation) == ("Alex Nguyễn", True, "pending")
    assert person.law_enforcement_since is None


def test_a_change_of_models_asks_the_criteria_it_opens(client: PageClient, parts: Parts, filled: str) -> None:
    nominee_id = only_id(parts, filled)
    same = {"version": "1", "nominee-full_name": "Alex Nguyễn", "nominee-models": ["TFM"], "back": "x"}
    assert "/review/" in client.send(f"{filled}nominees/{nominee_id}", **same).location
    other = same | {"version": "2", "nominee-models": ["TFM", "WSO"]}
    assert f"{nominee_id}/criteria?back=x" in client.send(f"{filled}nominees/{nominee_id}", **other).location


def test_two_tabs_meet_on_one_nominee(client: PageClient, parts: Parts, filled: str) -> None:
    nominee_id = only_id(parts, filled)
    address = f"{filled}nominees/{nominee_id}"
    assert (
        client.send(address, **{"version": "1", "nominee-full_name": "First", "nominee-models": ["TFM"]}).status_code
        == 302
    )
    response = client.send(address, **{"version": "1", "nominee-full_name": "Second", "nominee-models": ["TFM"]})
    assert response.status_code == 409
    assert "Mine: Second" in response.text
    assert "Theirs: First" in response.text
    assert answers_of(parts, filled).nominees[0].full_name == "First"
    assert client.send(f"{address}/remove", version="1").status_code == 409
    assert client.send(f"{address}/criteria", **{"version": "1", "criteria-us_citizen": "no"}).status_code == 302
    person = answers_of(parts, filled).nominees[0]
    assert (person.full_name, person.us_citizen) == ("First", False), "the two pages ask for different answers"


def test_a_nominee_is_removed_after_a_question(client: PageClient, parts: Parts, filled: str) -> None:
    address = f"{filled}nominees/{only_id(parts, filled)}/remove"
    assert "Remove Alex Nguyễn?" in client.get(address).text
    assert client.send(address, version="1").location.endswith("change=removed")
    assert answers_of(parts, filled).nominees == ()
    assert client.get(address).status_code == 404


def test_the_grid_says_met_not_known_and_not_met(client: PageClient, parts: Parts) -> None:
    answers = with_path(complete_answers(), "nominees.0.us_citizen", False)  # noqa: FBT003 - the answer
    answers = with_path(answers, "nominees.0.background_investigation", "pending")
    address = f"/applications/{add_application(parts, parts.agency_id, answers)}/"
    for page in ("nominees/", "nominees/criteria/?show=all"):
        marks = re.findall(r'class="mark mark--[a-z-]+">(?:<a [^>]*>)?([^<]+)<', client.get(address + page).text)
        assert marks == ["Not met", "Not known", "Met", "Met"]


def test_a_list_of_many_comes_in_pages(client: PageClient, parts: Parts) -> None:
    from dataclasses import replace  # noqa: PLC0415

    many = tuple(Nominee(full_name=f"Officer {n}", models=("TFM",)) for n in range(120))
    answers = replace(complete_answers(), nominees=many)
    address = f"/applications/{add_application(parts, parts.agency_id, answers)}/nominees/"
    assert client.get(address).text.count('class="cards__card"') == 50
    assert client.get(f"{address}?page=3").text.count('class="cards__card"') == 20
    for odd in ("0", "-1", "x", "99999999999", "²"):
        assert client.get(f"{address}?page={odd}").status_code == 200


def test_a_new_nominee_without_a_name_is_refused_and_nothing_is_saved(client: PageClient, filled: str) -> None:
    before = client.get(f"{filled}nominees/").text.count("cards__card")
    refused = client.send(f"{filled}nominees/new", nominee_id="abcdefgh")
    assert refused.status_code == 422
    assert "Enter the nominee’s full name." in refused.text
    assert client.get(f"{filled}nominees/").text.count("cards__card") == before


@pytest.mark.parametrize("page", ["nominees/", "nominees/new", "review/"])
def test_what_cannot_start_yet_does_not_open(client: PageClient, started: str, page: str) -> None:
    assert "cannot start yet" in client.get(f"{started}{page}").text
