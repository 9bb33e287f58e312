"""The page of the status: what the lists say, under a name that is surely the agency's or that a person chose."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import TYPE_CHECKING

import pytest

from assistant.answers import with_path
from tests.web.conftest import snapshot
from tests.web.made_up import add_application, complete_answers
from tests.web.test_lists import MOA, book, load

if TYPE_CHECKING:
    from assistant.web.kit.context import Parts
    from tests.web.conftest import Clock, PageClient

SIGNED = ["FLORIDA", "Example County Sheriff's Office", "County", "Pasco", "Task Force Model", date(2025, 3, 7), MOA]
ELSEWHERE = ["FLORIDA", "Example County Sheriff's Office", "County", "Lee", "Task Force Model", date(2025, 3, 7), MOA]
PENDING = ["FLORIDA", "Example County Sheriff's Office", "County", "Pasco", "Warrant Service Officer", None, None]


def test_without_a_list_it_says_how_to_load_one(client: PageClient, filled: str) -> None:
    page = client.get(f"{filled}status/").text
    assert "No list is loaded" in page
    assert 'href="/lists/import"' in page


def test_what_the_lists_say_of_each_model(client: PageClient, filled: str, clock: Clock) -> None:
    load(client, book([SIGNED]))
    load(client, book([PENDING], pending=True), "pendingAgencies01152026am.xlsx")
    page = client.get(f"{filled}status/").text
    assert "names it as participating, signed March 7, 2025." in page
    assert f'href="{MOA}"' in page
    assert "names it as pending. It was named as pending first on the list of January 15, 2026." in page
    assert "approved" not in page.lower()
    assert "5 days old" in page
    assert "A list here is old" not in page
    clock.now += timedelta(days=10)
    assert "A list here is old" in client.get(f"{filled}status/").text


def test_a_person_says_which_name_is_theirs_and_takes_it_back(client: PageClient, parts: Parts, filled: str) -> None:
    load(client, book([ELSEWHERE]))
    page = client.get(f"{filled}status/").text
    assert "is surely “Example County Sheriff’s Office”" in page
    assert page.count("Not known") == 2
    number = re.search(r'name="names" value="(\d+)"', page)
    assert number
    before = snapshot(parts)
    for wrong in ("99999", "x", "-1", "9" * 30):
        assert client.send(f"{filled}status/", names=wrong).status_code == 404
    assert snapshot(parts) == before
    client.send(f"{filled}status/", names=number[1])
    page = client.get(f"{filled}status/").text
    assert "You said that this name is your agency’s" in page
    assert "Listed as participating" in page
    client.send(f"{filled}status/", go="undo")
    assert client.get(f"{filled}status/").text.count("Not known") == 2
    client.send(f"{filled}status/")
    assert "You said that none of the names" in client.get(f"{filled}status/").text


@pytest.mark.parametrize("path", ["agency.legal_name", "agency.state"])
def test_an_agency_that_is_not_known_yet_is_asked_for(client: PageClient, parts: Parts, path: str) -> None:
    load(client, book([SIGNED]))
    answers = with_path(complete_answers(), path, None)
    home = f"/applications/{add_application(parts, parts.agency_id, answers)}/"
    page = client.get(f"{home}status/").text
    assert "The agency is not known yet" in page
    assert "Pasco" not in page


def test_a_list_under_a_wrong_name_counts_as_what_it_is(client: PageClient, filled: str) -> None:
    load(client, book([PENDING], pending=True), "participatingAgencies01152026am.xlsx")
    page = client.get(f"{filled}status/").text
    assert "Pending agencies: list of January 15, 2026" in page
    assert "Listed as participating" not in page


def test_a_model_whose_list_ice_has_not_published_is_told(client: PageClient, parts: Parts) -> None:
    load(client, book([SIGNED]))
    answers = with_path(complete_answers(), "models", ("TTFM",))
    home = f"/applications/{add_application(parts, parts.agency_id, answers)}/"
    assert "ICE has not published a list for this model yet." in client.get(f"{home}status/").text


def test_names_on_a_list_are_shown_as_text(client: PageClient, filled: str) -> None:
    load(client, book([["FLORIDA", "Example <b>County</b> Sheriff's Office", *ELSEWHERE[2:-1], "javascript:alert(1)"]]))
    page = client.get(f"{filled}status/").text
    assert "<b>County</b>" not in page
    assert 'href="javascript' not in page
