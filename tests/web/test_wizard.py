"""The task list and the pages of questions: saving, going on, coming back, meeting somebody else's save."""

from __future__ import annotations

import io
import re
from dataclasses import replace
from typing import TYPE_CHECKING
from uuid import UUID

import pytest

from assistant.answers import Answers, dump, with_path
from assistant.services.application import applications
from assistant.web.wizard.steps import STEPS, get_step, next_step, opened_by_change, step_of
from tests.web.made_up import add_application, complete_answers

if TYPE_CHECKING:
    from assistant.storage.tables import Application
    from assistant.web.kit.context import Parts
    from assistant.web.wizard.steps import Step
    from tests.web.conftest import PageClient

AGENCY = {
    "agency-legal_name": "Example County Sheriff’s Office", "agency-short_name": "ECSO", "agency-kind": "county",
    "agency-represents": "Example County, Florida", "agency-state": "FL", "agency-county": "Pasco",
}  # fmt: skip


def stored(parts: Parts, address: str) -> Application:
    with parts.reader() as session:
        row = applications.get(session, parts.agency_id, UUID(address.strip("/").split("/")[1]))
        assert row.answers is not None
        return row


def statuses(page: str) -> dict[str, str]:
    return dict(re.findall(r'id="status-([a-z-]+)"><span class="[^"]*">([^<]+)<', page))


def test_an_empty_application_starts_with_before_you_begin(client: PageClient, started: str) -> None:
    page = client.get(started).text
    found = statuses(page)
    assert list(found) == [*(step.slug for step in STEPS), "print", "copies", "sending", "sent", "answer"]
    assert found["before-you-begin"] == "Not started"
    assert found["ice-office"] == found["nominees"] == found["review"] == found["documents"] == "Cannot start yet"
    assert "0 of 13 steps completed" in page


def test_a_complete_application_is_completed_but_for_the_export(client: PageClient, filled: str) -> None:
    found = statuses(client.get(filled).text)
    assert found.pop("documents") == "Not started"
    assert {found[step.slug] for step in STEPS if step.slug in found} == {"Completed"}
    client.send(f"{filled}exports/")
    assert statuses(client.get(filled).text)["documents"] == "Completed"


def test_nominees_may_stay_away_and_no_step_waits_for_them(client: PageClient, parts: Parts) -> None:
    none = replace(complete_answers(), nominees=())
    page = client.get(f"/applications/{add_application(parts, parts.agency_id, none)}/").text
    assert statuses(page)["nominees"] == "Optional"
    assert "You may also nominate after ICE has signed." in page
    assert "11 of 12 steps completed" in page
    assert "Continue: Documents and signing" in page


def test_a_step_with_a_mistyped_answer_is_not_completed(client: PageClient, parts: Parts) -> None:
    right = statuses(client.get(f"/applications/{add_application(parts, parts.agency_id)}/").text)
    assert right["address"] == "Completed"
    wrong = with_path(complete_answers(), "agency.address.zip", "3465")
    assert (
        statuses(client.get(f"/applications/{add_application(parts, parts.agency_id, wrong)}/").text)["address"]
        == "In progress"
    )


def test_a_page_saves_and_goes_on_and_says_what_is_missing(client: PageClient, parts: Parts, started: str) -> None:
    response = client.send(f"{started}steps/agency", version="1", go="on", **(AGENCY | {"agency-represents": ""}))
    assert response.status_code == 302
    page = client.get(response.location).text
    assert "<h1>Address</h1>" in page
    assert "It is not complete yet" in page
    assert f'href="{started}steps/agency"' in page
    assert "whom the agency represents" not in page, "what is missing stands on its own page"
    assert 'id="agency-represents-findings"' in client.get(f"{started}steps/agency").text
    assert stored(parts, started).answers.agency.legal_name == "Example County Sheriff’s Office"
    complete = client.send(f"{started}steps/agency", version="2", go="later", **AGENCY)
    page = client.get(complete.location).text
    assert "is saved and complete" in page
    assert statuses(page)["agency"] == "Completed"


def test_a_failed_submit_says_the_same_twice_and_keeps_what_was_typed(
    client: PageClient, parts: Parts, filled: str
) -> None:
    before = stored(parts, filled).answers
    date = {
        "approvals-counsel_reviewed_on-month": "Febtember",
        "approvals-counsel_reviewed_on-day": "3",
        "approvals-counsel_reviewed_on-year": "2026",
    }
    response = client.send(
        f"{filled}steps/approvals", **{"version": "1", "approvals-governing_body": "The Board", **date}
    )
    assert response.status_code == 422
    page = response.text
    assert "<title>Error: " in page
    assert "There is a problem" in page
    message = re.search(r'<a class="usa-link" href="#(approvals-counsel_reviewed_on)">([^<]+)</a>', page)
    assert message
    assert page.count(message[2]) == 2
    assert 'value="Febtember"' in page
    assert 'value="The Board"' in page
    assert stored(parts, filled).answers == before


def test_two_tabs_meet_and_nothing_is_lost(client: PageClient, parts: Parts, filled: str) -> None:
    first = {**AGENCY, "agency-short_name": "First"}
    second = {**AGENCY, "agency-short_name": "Second"}
    assert client.send(f"{filled}steps/agency", version="1", **first).status_code == 302
    response = client.send(f"{filled}steps/agency", version="1", **second)
    assert response.status_code == 409
    assert "Someone else saved this page while you were working on it" in response.text
    assert "Mine: Second" in response.text
    assert "Theirs: First" in response.text
    assert 'name="agency-short_name" value="Second"' in response.text
    assert stored(parts, filled).answers.agency.short_name == "First"
    version = re.search(r'name="version" value="(\d+)"', response.text)
    assert version
    assert client.send(f"{filled}steps/agency", version=version[1], **second).status_code == 302
    assert stored(parts, filled).answers.agency.short_name == "Second"


def test_two_people_on_two_pages_do_not_meet(client: PageClient, parts: Parts, filled: str) -> None:
    client.send(f"{filled}steps/agency", version="1", **{**AGENCY, "agency-short_name": "Changed"})
    response = client.send(f"{filled}steps/signatory", **{"version": "1", "signatory-full_name": "Robin Example"})
    assert response.status_code == 302
    answers = stored(parts, filled).answers
    assert (answers.agency.short_name, answers.signatory.full_name) == ("Changed", "Robin Example")


@pytest.mark.parametrize("version", ["", "x", "-1", "9" * 30, "²"])
def test_a_version_that_is_none_overwrites_nothing(client: PageClient, parts: Parts, filled: str, version: str) -> None:
    client.send(f"{filled}steps/agency", version="1", **{**AGENCY, "agency-short_name": "First"})
    response = client.send(f"{filled}steps/agency", version=version, **{**AGENCY, "agency-short_name": "Second"})
    assert response.status_code == 409
    assert stored(parts, filled).answers.agency.short_name == "First"


def test_not_eligible_is_a_page_with_its_source(client: PageClient, filled: str) -> None:
    response = client.send(f"{filled}steps/eligibility", **{"version": "1", "agency-law_enforcement_agency": "no"})
    page = client.get(response.location).text
    assert "cannot apply right now" in page
    assert "program page" in page
    assert "usa-alert--error" not in page
    assert statuses(client.get(filled).text)["models"] == "Cannot start yet"
    assert client.get(f"{filled}documents/").status_code == 200
    assert client.get(f"{filled}documents/01-letter-of-interest.pdf/file").status_code == 404


def test_a_change_from_the_review_returns_to_its_row(client: PageClient, filled: str) -> None:
    page = client.get(f"{filled}review/").text
    link = re.search(r'href="([^"]+steps/signatory\?back=row-signatory.title#signatory-title)"', page)
    assert link
    values = {"version": "1", "back": "row-signatory.title", "signatory-title": "Sheriff"}
    assert client.send(f"{filled}steps/signatory", **values).location.endswith(
        "/review/?saved=signatory#row-signatory.title"
    )
    assert 'id="row-signatory.title"' in page


def test_a_change_that_opens_questions_asks_them_first(client: PageClient, filled: str) -> None:
    values = {"version": "1", "back": "row-models", "models": ["TFM", "WSO", "JEM"]}
    assert "/nominees/" in client.send(f"{filled}steps/models", **values).location
    moved = {**AGENCY, "agency-state": "TX", "version": "2", "back": "row-agency.state"}
    location = client.send(f"{filled}steps/agency", **moved).location
    assert "/steps/ice-office" in location
    assert "back=row-agency.state" in location


def test_change_links_are_told_apart(client: PageClient, parts: Parts) -> None:
    answers = with_path(complete_answers(), "signatory.title", None)
    address = f"/applications/{add_application(parts, parts.agency_id, answers)}/"
    page = client.get(f"{address}review/").text
    names = re.findall(r">Change<span class=\"usa-sr-only\">([^<]+)</span>", page)
    assert len(names) > 30
    assert len(names) == len(set(names))
    assert "Not provided" in page


def test_the_tribal_model_is_for_tribes(client: PageClient, parts: Parts) -> None:
    for kind, offered in (("county", False), ("tribal", True)):
        answers = with_path(complete_answers(), "agency.kind", kind)
        address = f"/applications/{add_application(parts, parts.agency_id, answers)}/steps/models"
        assert ('value="TTFM"' in client.get(address).text) is offered
    refused = client.send(
        f"/applications/{add_application(parts, parts.agency_id)}/steps/models", version="1", models="TTFM"
    )
    assert refused.status_code == 422


def test_the_office_is_proposed_and_counts_once_saved(client: PageClient, parts: Parts) -> None:
    answers = replace(complete_answers(), ice=Answers().ice)
    address = f"/applications/{add_application(parts, parts.agency_id, answers)}/"
    page = client.get(f"{address}steps/ice-office").text
    assert "Proposed from your State and county" in page
    assert 'value="Miami"' in page
    assert stored(parts, address).answers.ice.field_office is None


def test_a_step_that_cannot_start_says_why(client: PageClient, started: str) -> None:
    page = client.get(f"{started}steps/ice-office").text
    assert "cannot start yet" in page
    assert "State first" in page


def test_the_next_step_follows_from_the_answers() -> None:
    answers = complete_answers()
    slugs: list[str] = []
    step: Step | None = STEPS[0]
    while step is not None:
        slugs.append(step.slug)
        step = next_step(step, answers)
    assert slugs == [step.slug for step in STEPS]
    eligibility = get_step("eligibility")
    assert eligibility
    assert next_step(eligibility, with_path(answers, "agency.law_enforcement_agency", False)) is None  # noqa: FBT003 - the answer
    agency = get_step("public-information-contact")
    assert agency
    after = next_step(agency, Answers())
    assert after is None
    assert opened_by_change(agency, answers, answers) is None


def test_every_path_of_an_answer_has_a_step() -> None:
    assert step_of("agency.address.one_line").slug == "address"
    assert step_of("nominees.0.rank").slug == "nominees"
    assert step_of("signatory").slug == "signatory"
    assert step_of("editions.TFM").slug == "models"


def test_an_application_is_copied_moved_and_deleted(client: PageClient, parts: Parts, filled: str) -> None:
    copied = client.send(f"{filled}copy").location
    assert "<h1>Example County Sheriff’s Office (copy)</h1>" in client.get(copied).text
    assert "Example County Sheriff’s Office (copy)</a>" in client.get("/").text
    assert stored(parts, copied).answers == complete_answers()
    file = client.get(f"{filled}answers.json")
    assert file.headers["Content-Disposition"] == "attachment; filename=answers.json"
    assert file.text == dump(complete_answers())
    upload = {"csrf_token": client.token(), "answers": (io.BytesIO(file.data), "answers.json")}
    moved = client.post("/applications/from-file", data=upload).location
    assert stored(parts, moved).answers == complete_answers()
    assert client.get(f"{filled}delete").status_code == 200
    assert client.send(f"{filled}delete").location.startswith("/?deleted")
    assert client.get(filled).status_code == 404
    assert client.get(copied).status_code == 200


@pytest.mark.parametrize("data", [b"", b"{", b'{"format": "other"}', b"\xff\xfe", b"[1]"])
def test_an_unreadable_answers_file_is_refused_in_a_sentence(client: PageClient, data: bytes) -> None:
    values = {"csrf_token": client.token(), "answers": (io.BytesIO(data), "answers.json")}
    response = client.post("/applications/from-file", data=values)
    assert response.status_code == 422
    assert "There is a problem" in response.text


def test_a_double_click_saves_once(client: PageClient, parts: Parts, filled: str) -> None:
    for _ in range(2):
        assert (
            client.send(f"{filled}steps/agency", version="1", **{**AGENCY, "agency-short_name": "Twice"}).status_code
            == 302
        )
    assert stored(parts, filled).version == 2


def test_a_list_of_many_costs_no_more_queries(client: PageClient, parts: Parts) -> None:
    from sqlalchemy import event  # noqa: PLC0415

    counts = []
    for number in (1, 40):
        for _ in range(number):
            add_application(parts, parts.agency_id)
        asked: list[str] = []
        event.listen(parts.engine, "before_cursor_execute", lambda *a, asked=asked: asked.append(a[2]))
        assert super(type(client), client).get("/", base_url="http://127.0.0.1/").status_code == 200
        counts.append(
            len([sql for sql in asked if "agencies" not in sql and "history" not in sql and "SELECT *" not in sql])
        )
    assert counts[0] == counts[1]
