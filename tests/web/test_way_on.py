"""The way from page to page: nothing chosen is left behind, nothing is asked twice, nothing is said late."""

from __future__ import annotations

import re
from dataclasses import replace
from html import unescape
from typing import TYPE_CHECKING

import pytest

from assistant.answers import Answers, with_path
from assistant.services.form_maps import forms
from tests.web.made_up import NOW, add_application, complete_answers
from tests.web.test_before_you_begin import OLD_TFM, TFM, add
from tests.web.test_roster import give
from tests.web.test_two_people import load, send

if TYPE_CHECKING:
    from pathlib import Path

    from assistant.web.kit.context import Parts
    from tests.web.conftest import PageClient

LONG = "Sample Springs and Example Lake Joint County Sheriff’s Office"
WHOLE = (
    "Name\tModels\tUS citizen\tBackground investigation\tLaw enforcement since\tEnforced laws\tTrained\tInmate rules\n"
)
MET = "\tTFM\tyes\tcompleted\t06/01/2018\tyes\n"


def words_of(page: str) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", page)).split())


def test_a_new_application_opens_at_its_first_page(client: PageClient) -> None:
    response = client.send("/applications")
    assert response.location.endswith("/steps/before-you-begin")


def test_continue_adds_the_forms_that_were_chosen(client: PageClient, started: str, official_forms: Path) -> None:
    page = client.get(f"{started}steps/before-you-begin").text
    assert 'form="add-forms" name="go" value="on">Continue<' in page
    at = started.split("/")[2]
    answer = add(client, (TFM, (official_forms / TFM).read_bytes()), application=at, go="on")
    assert answer.location.endswith("/steps/agency?added=1")
    assert "The form is added. This program will fill it from now on." in words_of(client.get(answer.location).text)


def test_continue_stays_where_an_added_form_is_not_the_newest(
    client: PageClient, started: str, official_forms: Path
) -> None:
    answer = add(client, (OLD_TFM, (official_forms / OLD_TFM).read_bytes()), application=started.split("/")[2], go="on")
    assert answer.location.endswith("/steps/before-you-begin?added=1")
    assert "This program knows a newer one" in words_of(client.get(answer.location).text)


def test_continue_without_a_file_goes_on(client: PageClient, started: str) -> None:
    values = {"csrf_token": client.token(), "application": started.split("/")[2]}
    assert client.post("/forms/add", data={**values, "go": "on"}).location.endswith("/steps/agency")
    assert client.post("/forms/add", data={**values, "go": "keep"}).status_code == 422


def test_the_state_is_asked_once(client: PageClient, started: str) -> None:
    selected = re.compile(r'<option value="(\w*)" selected>')
    assert selected.findall(client.get(f"{started}steps/address").text) == [""]
    send(client, f"{started}steps/agency", load(client, f"{started}steps/agency"), **{"agency-state": "GA"})
    assert selected.findall(client.get(f"{started}steps/address").text) == ["GA"]
    send(client, f"{started}steps/address", load(client, f"{started}steps/address"), **{"agency-address__state": "AL"})
    assert selected.findall(client.get(f"{started}steps/address").text) == ["AL"], "an address in another State stays"


def test_an_empty_list_of_nominees_takes_a_roster(client: PageClient, parts: Parts, filled: str) -> None:
    empty = add_application(parts, parts.agency_id, replace(complete_answers(), nominees=()))
    assert f'action="/applications/{empty}/nominees/roster/"' in client.get(f"/applications/{empty}/nominees/").text
    assert f'action="{filled}nominees/roster/"' not in client.get(f"{filled}nominees/").text


@pytest.mark.parametrize(("citizen", "goes_to"), [("yes", "review/"), ("", "nominees/criteria/")])
def test_a_roster_leads_to_the_review_where_nothing_is_open(
    client: PageClient, filled: str, citizen: str, goes_to: str
) -> None:
    sheet = WHOLE + "Robin Sample" + MET.replace("yes", citizen, 1)
    look = give(client, filled, sheet).location
    answer = send(client, look, load(client, look), go="add")
    assert answer.location.partition("?")[0].endswith(goes_to)
    assert "1 nominee is added." in words_of(client.get(answer.location).text)


def test_the_review_exports_only_where_nothing_is_left(client: PageClient, parts: Parts, filled: str) -> None:
    assert f'formaction="{filled}exports/"' in client.get(f"{filled}review/").text
    for path, value in (("agency.legal_name", None), ("agency.phone", "555")):
        open_one = add_application(parts, parts.agency_id, with_path(complete_answers(), path, value))
        assert "formaction" not in client.get(f"/applications/{open_one}/review/").text


@pytest.fixture
def old_form(parts: Parts, official_forms: Path) -> None:
    with parts.writer() as session:
        forms.keep(session, (official_forms / OLD_TFM).read_bytes(), now=NOW)
        session.commit()


@pytest.mark.usefixtures("old_form")
def test_a_page_with_an_answer_cut_off_shows_itself_once(client: PageClient, started: str) -> None:
    address = f"{started}steps/agency"
    answer = send(client, address, load(client, address), **{"agency-legal_name": LONG})
    assert answer.location.endswith("/steps/agency?saved=agency")
    page = words_of(client.get(answer.location).text)
    assert "Agency is saved, but one answer is too long for a blank of the form" in page
    assert "go on and correct it later" in page
    again = send(client, address, load(client, address))
    assert again.location.endswith("/steps/address?saved=agency")
    assert "Full legal name of the agency: Prints at" in words_of(client.get(again.location).text)


@pytest.mark.usefixtures("old_form")
def test_the_next_page_says_what_the_review_would_say(client: PageClient, parts: Parts) -> None:
    odd = with_path(complete_answers(), "signatory.chief_officer", value=False)
    application = f"/applications/{add_application(parts, parts.agency_id, odd)}/"
    remark = "Someone other than the chief officer signs."
    assert remark in words_of(client.get(f"{application}steps/program-contact?saved=signatory").text)
    early = with_path(with_path(Answers(), "agency.legal_name", LONG), "agency.represents", LONG)
    application = f"/applications/{add_application(parts, parts.agency_id, early)}/"
    page = words_of(client.get(f"{application}steps/address?saved=agency").text)
    assert "This names the agency again." in page, "before a model is chosen, too"
    fine = f"/applications/{add_application(parts, parts.agency_id)}/"
    page = words_of(client.get(f"{fine}steps/program-contact?saved=signatory").text)
    assert "Signatory is saved and complete." in page
    assert "again:" not in page
