"""Pages of a shared installation show what a person may do, and each way on is open to whoever sees it."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from tests.web.conftest import PageClient
from tests.web.test_approval import APPROVER, PREPARER, REVIEWER, Team
from tests.web.test_two_people import sent_by

if TYPE_CHECKING:
    from flask import Flask

    from assistant.web.kit.context import Parts
    from tests.web.conftest import Clock

MODE = "shared"
ADMINISTRATOR_ADDS = "An administrator adds the official forms"


@pytest.fixture
def team(app: Flask, client: PageClient, clock: Clock, parts: Parts, agency_id: int) -> Team:
    return Team(app, client, clock, parts, agency_id)


def test_a_preparer_goes_on_from_the_first_page_and_is_shown_no_box_for_forms(team: Team) -> None:
    client = team.as_person(PREPARER)
    started = client.post("/applications", data={"csrf_token": sent_by(client.get("/").text)["csrf_token"]})
    page = client.get(str(started.location)).text
    assert ADMINISTRATOR_ADDS in page
    assert 'type="file"' not in page
    answer = client.post(str(started.location), data={"csrf_token": sent_by(page)["csrf_token"]})
    assert answer.status_code == 302
    assert str(answer.location).endswith("/steps/agency")


@pytest.mark.parametrize("name", [REVIEWER, APPROVER])
def test_nobody_is_shown_a_button_that_a_role_of_theirs_refuses(team: Team, name: str) -> None:
    for address, words in (
        ("steps/agency", "Save and continue"),
        ("documents/", "Export the bundle"),
        ("review/", "Export the bundle"),
        ("review/", "Continue to the documents"),
        ("", "Copy this application"),
        ("steps/before-you-begin", ">Continue<"),
    ):
        assert words not in team.page(name, address), (address, words)
        if address != "steps/before-you-begin":
            assert words in team.page(PREPARER, address), (address, words)
    assert "Go to the documents" in team.page(name, "review/")


def test_a_comment_on_the_whole_application_is_called_that(team: Team) -> None:
    added = team.send(REVIEWER, "comments/", "comments/add", on="application", text="Please look at all of it.")
    assert added.status_code in {302, 303}
    page = team.page(PREPARER, "comments/")
    assert re.search(r"<a[^>]*>The whole application</a>", page)
    row = re.search(r'aria-describedby="status-review".*?</li>', team.page(PREPARER), re.DOTALL)
    assert row
    assert "1 comment to answer." in row[0]
    assert team.page(PREPARER).count("1 comment to answer.") == 1


def test_an_export_made_before_the_approval_says_that_its_proof_does_not_name_it(team: Team) -> None:
    assert team.send(PREPARER, "documents/", "exports/").status_code == 302
    assert "Up to date" in team.page(PREPARER, "documents/")
    team.clock.now += timedelta(minutes=1)
    assert team.approve().status_code in {302, 303}
    page = team.page(PREPARER, "documents/")
    assert "Approved since" in page
    assert "Up to date" not in page
    team.clock.now += timedelta(minutes=1)
    assert team.send(PREPARER, "documents/", "exports/").status_code == 302
    assert "Approved since" not in team.page(PREPARER, "documents/")


def test_two_points_are_compared_whichever_is_chosen_first(team: Team) -> None:
    client = team.as_person(PREPARER)
    address = f"{team.home}history/compare/"
    token = sent_by(client.get(address).text)["csrf_token"]
    answer = client.post(address, data={"csrf_token": token, "first": "1", "last": "0"})
    assert str(answer.location).endswith("?first=0&last=1")
    assert "Application started" in team.page(PREPARER, "history/compare/")


def test_the_sign_in_page_promises_only_what_was_kept(team: Team) -> None:
    stranger = team.app.test_client()
    assert isinstance(stranger, PageClient)
    stranger.watcher, stranger.parts = team.first.watcher, team.parts
    page = stranger.get(str(stranger.get(f"{team.home}steps/agency").location)).text
    assert "After you sign in you return to the page you asked for." in page
    assert "is kept" not in page
