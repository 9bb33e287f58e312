"""What is invalid is never complete: page, task list, review and checklist agree, and a page keeps its faults."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

import pytest

from assistant.answers import with_path
from assistant.rules import all_rules
from assistant.rules.invalid import INVALID
from tests.web.made_up import add_application, complete_answers
from tests.web.pages import look_at
from tests.web.test_two_people import load, nominee_page, send
from tests.web.test_wizard import statuses

if TYPE_CHECKING:
    from assistant.answers import Answers
    from assistant.web.kit.context import Parts
    from tests.web.conftest import PageClient

POOR = {"agency-email": "records@@x", "agency-address__zip": "3465", "agency-phone": "555-010"}
PATHS = {"agency.email": "records@@x", "agency.address.zip": "3465", "agency.phone": "555-010"}


def begun(parts: Parts, answers: Answers) -> str:
    return f"/applications/{add_application(parts, parts.agency_id, answers)}/"


def test_a_poor_address_is_saved_shows_its_faults_and_is_not_complete(client: PageClient, filled: str) -> None:
    address = f"{filled}steps/address"
    saved = send(client, address, load(client, address), go="on", **POOR)
    assert saved.location.endswith("steps/address?saved=address"), "the faults show on the page that causes them"
    page = client.get(saved.location).text
    assert "saved and complete" not in page
    assert "some answers cannot be right" in page
    for field in POOR:
        assert f'href="#{field}"' in page
        assert f'id="{field}-findings"' in page
        assert re.search(rf'id="{field}"[^>]*aria-describedby="[^"]*{field}-findings', page), field
    onward = re.search(r'href="([^"]+)">go on and correct them later', page)
    assert onward
    after = client.get(onward[1]).text
    assert "<h1>Eligibility</h1>" in after
    assert "ZIP Code" not in after, "nothing of it stands on top of the next page"
    task_list = client.get(filled).text
    found = statuses(task_list)
    assert (found["address"], found["review"]) == ("In progress", "In progress")
    review = client.get(f"{filled}review/").text
    assert "Ready to export" not in review
    assert "3 answers cannot be right" in review
    assert review.count("ZIP Code is not five digits") <= 2, "as a finding, with the name of its link"
    assert re.search(r'href="#finding-\d+">Warning \d+, above', review), "the answer leads to it"
    documents = client.get(f"{filled}documents/").text
    assert "3 answers cannot be right. Nothing blocks the export, but correct them first." in documents
    mended = {
        "agency-email": "records@ecso.example.gov", "agency-address__zip": "34652", "agency-phone": "(727) 555-0100",
    }  # fmt: skip
    saved = send(client, address, load(client, address), go="on", **mended)
    assert "/steps/eligibility?saved=address" in saved.location
    assert "<b>Address</b> is saved and complete." in client.get(saved.location).text
    assert statuses(client.get(filled).text)["address"] == "Completed"
    assert "Ready to export" in client.get(f"{filled}review/").text
    assert "cannot be right" not in client.get(f"{filled}documents/").text


@pytest.mark.parametrize("path", PATHS)
def test_one_poor_answer_is_enough(client: PageClient, parts: Parts, path: str) -> None:
    filled = begun(parts, with_path(complete_answers(), path, PATHS[path]))
    for address in (f"{filled}steps/address?saved=address", f"{filled}steps/eligibility?saved=address", filled):
        page = client.get(address).text
        assert "saved and complete" not in page
        assert "usa-alert--success" not in page
    found = statuses(client.get(filled).text)
    assert (found["address"], found["review"]) == ("In progress", "In progress")
    assert "Ready to export" not in client.get(f"{filled}review/").text


@pytest.mark.parametrize(
    ("path", "value", "slug"),
    [
        ("signatory.phone", "55-0101", "signatory"),
        ("program_contact.email", "sam at ecso", "program-contact"),
        ("public_information_contact.phone", "ask Dana", "public-information-contact"),
        ("approvals.governing_body_approved_on", date(2030, 1, 1), "approvals"),
        ("approvals.counsel_reviewed_on", date(1926, 1, 8), "approvals"),
    ],
)
def test_every_page_agrees_with_the_task_list(
    client: PageClient, parts: Parts, path: str, value: object, slug: str
) -> None:
    filled = begun(parts, with_path(complete_answers(), path, value))
    assert statuses(client.get(filled).text)[slug] == "In progress"
    page = client.get(f"{filled}steps/{slug}?saved={slug}").text
    assert "cannot be right" in page
    assert "-findings" in page
    assert "Ready to export" not in client.get(f"{filled}review/").text
    checklist = client.get(f"{filled}checklist/").text
    prepare = checklist.partition("Prepare the letter, the forms and the roster.")[0]
    assert prepare.rstrip().endswith("To do</span>"), "the papers are not done"


def test_what_only_deserves_a_look_is_complete(client: PageClient, parts: Parts) -> None:
    answers = with_path(complete_answers(), "public_information_contact.full_name", "Public Affairs Office")
    filled = begun(parts, answers)
    slug = "public-information-contact"
    assert statuses(client.get(filled).text)[slug] == "Completed"
    page = client.get(f"{filled}steps/{slug}?saved={slug}").text
    assert "saved and complete" in page
    assert "looks like an office" in page, "it stands beside its question all the same"
    assert "Ready to export" in client.get(f"{filled}review/").text


def test_a_page_that_nobody_has_begun_accuses_nobody(client: PageClient, started: str) -> None:
    page = client.get(f"{started}steps/agency").text
    assert "-findings" not in page


def nominee_status(listing: str) -> str:
    row = listing.partition("Alex Nguyễn<span")[2].partition("</tr>")[0]
    return "In progress" if ">In progress<" in row else "Completed"


def test_a_nominee_with_an_impossible_date_stays_on_the_page(client: PageClient, filled: str) -> None:
    address = f"{nominee_page(client, filled)}/criteria"
    day = "criteria-background_completed_on"
    saved = send(client, address, load(client, address), go="on", **{f"{day}-year": "2126"})
    assert saved.location.endswith("/criteria?saved=nominee")
    page = client.get(saved.location).text
    look_at(page)
    assert f'href="#{day}"' in page
    assert "on a date in the future" in page
    listing = client.get(f"{filled}nominees/").text
    assert nominee_status(listing) == "In progress"
    later = send(client, address, load(client, address), go="later")
    assert later.location.endswith("change=saved")
    right = send(client, address, load(client, address), go="on", **{f"{day}-year": "2025"})
    assert right.location.endswith("change=saved")
    assert nominee_status(client.get(f"{filled}nominees/").text) == "Completed"


def test_a_nominee_and_the_step_agree_on_what_is_complete(client: PageClient, parts: Parts) -> None:
    answers = complete_answers()
    person = replace(answers.nominees[0], models=("TFM", "JEM"), facility_security_trained=True,
                     inmate_rules_authority=True)  # fmt: skip
    filled = begun(parts, replace(answers, nominees=(person,)))
    listing = client.get(f"{filled}nominees/").text
    assert nominee_status(listing) == statuses(client.get(filled).text)["nominees"]


def test_every_code_that_means_invalid_is_a_rule() -> None:
    assert {card.code for card in all_rules()} >= INVALID
