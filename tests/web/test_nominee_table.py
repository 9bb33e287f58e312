"""The table of nominees: searched, filtered, paged, and several people changed at once."""

from __future__ import annotations

import re
from dataclasses import replace
from html import unescape
from typing import TYPE_CHECKING

import pytest
from werkzeug.datastructures import MultiDict

from assistant.services.application.applications import get
from tests.web.conftest import snapshot
from tests.web.made_up import add_application, complete_answers

if TYPE_CHECKING:
    from uuid import UUID

    from assistant.answers import Nominee
    from assistant.web.kit.context import Parts
    from tests.web.conftest import PageClient

ROW = re.compile(r'<tr id="nominee-([2-9a-z]{8})">')
NAMES = re.compile(r'<th scope="row"><a class="usa-link" href="[^"]+">([^<]+)<')


def crew(count: int) -> tuple[Nominee, ...]:
    """Return people of whom every third has a gap, every second is for both models, and the last has no model."""
    (one,) = complete_answers().nominees
    people = [
        replace(
            one,
            full_name=f"Officer Núñez {n}" if n == 4 else f"Officer {n}",
            badge_number=str(2000 + n),
            us_citizen=None if n % 3 == 0 else True,
            models=("TFM", "WSO") if n % 2 else ("TFM",),
            facility_security_trained=True,
            enforced_inmate_rules=True,
        )
        for n in range(1, count + 1)
    ]
    return (*people[:-1], replace(people[-1], models=()))


@pytest.fixture
def six(parts: Parts) -> UUID:
    return add_application(parts, parts.agency_id, replace(complete_answers(), nominees=crew(6)))


def names_on(page: str) -> list[str]:
    return [name.strip() for name in NAMES.findall(unescape(page))]


def people_of(parts: Parts, application: UUID) -> tuple[Nominee, ...]:
    with parts.reader() as session:
        return get(session, parts.agency_id, application).answers.nominees


def send(client: PageClient, application: UUID, *nominees: str, **values: str) -> tuple[int, str]:
    data = MultiDict({"csrf_token": client.token(), **values})
    data.setlist("nominee", list(nominees))
    answer = client.post(f"/applications/{application}/nominees/", data=data)
    return answer.status_code, unescape(answer.text)


@pytest.mark.parametrize(
    ("values", "names"),
    [
        ({}, ["Officer 1", "Officer 2", "Officer 3", "Officer Núñez 4", "Officer 5", "Officer 6"]),
        ({"search": "nunez"}, ["Officer Núñez 4"]),
        ({"search": "5 OFFICER"}, ["Officer 5"]),
        ({"search": "2002"}, ["Officer 2"]),
        ({"model": "WSO"}, ["Officer 1", "Officer 3", "Officer 5"]),
        ({"model": "none"}, ["Officer 6"]),
        ({"gap": "us_citizen"}, ["Officer 3"]),
        ({"gap": "open"}, ["Officer 3", "Officer 6"]),
        ({"gap": "no such gap"}, ["Officer 1", "Officer 2", "Officer 3", "Officer Núñez 4", "Officer 5", "Officer 6"]),
        ({"search": "nobody"}, []),
    ],
)
def test_the_list_is_searched_and_filtered(
    client: PageClient, parts: Parts, six: UUID, values: dict[str, str], names: list[str]
) -> None:
    before = snapshot(parts)
    status, page = send(client, six, go="find", **values)
    assert (status, names_on(page)) == (200, names)
    if not names:
        assert "No nominee fits." in page
    if "search" not in values:
        query = "&".join(f"{key}={value}" for key, value in values.items())
        assert names_on(client.get(f"/applications/{six}/nominees/?{query}").text) == names
    assert snapshot(parts) == before


def test_cards_stand_only_for_gaps(client: PageClient, six: UUID) -> None:
    page = client.get(f"/applications/{six}/nominees/").text
    assert page.count('class="cards__card"') == 2
    assert page.index("<table") < page.index("cards__card")


def test_a_page_of_a_filtered_list_stays_filtered(client: PageClient, parts: Parts) -> None:
    application = add_application(parts, parts.agency_id, replace(complete_answers(), nominees=crew(130)))
    status, page = send(client, application, go="find", search="officer", model="TFM")
    assert (status, len(names_on(page))) == (200, 50)
    assert 'value="page-2"' in page
    _, last = send(client, application, go="page-3", search="officer", model="TFM")
    assert names_on(last)[-1] == "Officer 129"
    assert 'value="officer"' in last
    assert "Page 3 of 3" in last


def test_one_answer_is_given_for_those_who_are_ticked(client: PageClient, parts: Parts, six: UUID) -> None:
    ids = ROW.findall(client.get(f"/applications/{six}/nominees/").text)
    status, page = send(client, six, ids[0], ids[2], go="set", who="ticked", set="us_citizen=yes")
    assert status == 200
    assert "<b>U.S. citizen: Yes.</b> 1 nominee changed. 1 had that answer already" in page
    assert [one.us_citizen for one in people_of(parts, six)] == [True, True, True, True, True, None]
    with parts.reader() as session:
        assert get(session, parts.agency_id, six).version == 2, "one change, however many people"


def test_one_answer_is_given_for_all_that_a_filter_leaves(client: PageClient, parts: Parts) -> None:
    application = add_application(parts, parts.agency_id, replace(complete_answers(), nominees=crew(130)))
    status, page = send(client, application, go="set", who="everyone", gap="us_citizen", set="us_citizen=yes")
    assert status == 200
    assert "43 nominees changed." in page
    assert "No nominee fits." in page, "nobody has that gap any more"
    assert sum(one.us_citizen is None for one in people_of(parts, application)) == 0


def test_a_model_and_a_date_are_set_for_several(client: PageClient, parts: Parts, six: UUID) -> None:
    ids = ROW.findall(client.get(f"/applications/{six}/nominees/").text)
    send(client, six, *ids[4:], go="set", who="ticked", set="models=add:WSO")
    assert [one.models for one in people_of(parts, six)[4:]] == [("TFM", "WSO"), ("WSO",)]
    send(client, six, ids[4], go="set", who="ticked", set="models=take-off:TFM")
    assert people_of(parts, six)[4].models == ("WSO",)
    day = {"day-month": "March", "day-day": "7", "day-year": "2025"}
    send(client, six, ids[0], go="set", who="ticked", set="background_completed_on=date", **day)
    one = people_of(parts, six)[0]
    assert (str(one.background_completed_on), one.background_investigation) == ("2025-03-07", "completed")


def test_a_criterion_is_left_alone_where_no_model_asks_for_it(client: PageClient, parts: Parts, six: UUID) -> None:
    send(client, six, go="set", who="everyone", set="enforced_inmate_rules=no")
    assert [one.enforced_inmate_rules for one in people_of(parts, six)] == [False, True, False, True, False, True]


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({"set": "us_citizen=yes"}, "Tick at least one nominee, or choose everyone in this list."),
        ({"who": "everyone"}, "Choose what to change."),
        ({"who": "everyone", "set": "full_name=X"}, "Choose what to change."),
        ({"who": "everyone", "set": "us_citizen=maybe"}, "Choose what to change."),
        ({"who": "everyone", "set": "models=add:JEM"}, "Choose what to change."),
        ({"who": "everyone", "set": "law_enforcement_since=date"}, "Enter the date."),
        (
            {
                "who": "everyone",
                "set": "law_enforcement_since=date",
                "day-month": "2",
                "day-day": "31",
                "day-year": "2020",
            },
            "as a day that exists in the calendar",
        ),
    ],
)
def test_what_cannot_be_changed_is_said_and_nothing_is_saved(
    client: PageClient, parts: Parts, six: UUID, values: dict[str, str], sentence: str
) -> None:
    before = snapshot(parts)
    status, page = send(client, six, go="set", **values)
    assert status == 422
    assert "There is a problem" in page
    assert sentence in page
    assert snapshot(parts) == before


def test_a_gap_that_many_share_leads_to_their_list(client: PageClient, parts: Parts) -> None:
    people = tuple(replace(one, us_citizen=None) for one in crew(6))
    application = add_application(parts, parts.agency_id, replace(complete_answers(), nominees=people))
    review = client.get(f"/applications/{application}/review/").text
    link = f"/applications/{application}/nominees/?gap=us_citizen"
    assert f'href="{link}"' in review
    assert len(names_on(client.get(link).text)) == 5
