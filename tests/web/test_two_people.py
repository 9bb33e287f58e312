"""Two people on one page: nothing of either is lost, and only what both changed is asked, one row each."""

from __future__ import annotations

import re
from dataclasses import replace
from html import unescape
from typing import TYPE_CHECKING
from uuid import UUID

import pytest

from assistant.answers import Answers, with_path
from assistant.services.application import applications, rosters
from assistant.services.application.nominees import remove_nominee
from assistant.services.installation.purge import purge_application
from assistant.web.kit.context import begin_write
from tests.unit.made_forms import printed, with_fields
from tests.web.made_up import NOW, add_application, complete_answers
from tests.web.pages import look_at
from tests.web.test_mapping import give as give_form
from tests.web.test_mapping import opened, typed
from tests.web.test_mapping_identity import AGREEMENT, BOXES, SAID
from tests.web.test_roster import SHEET, give, people

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from sqlalchemy.orm import Session
    from werkzeug.test import TestResponse

    from assistant.storage.tables import Application
    from assistant.web.kit.context import Parts
    from tests.web.conftest import PageClient

Values = dict[str, list[str]]
NAME, TITLE = "Full name", "Title"


def sent_by(source: str) -> Values:
    """Return what the form of a page would send as it stands, as a browser reads it."""
    values: Values = {}
    select = ""
    for tag, attrs in look_at(source).tags:
        name, value = str(attrs.get("name")), attrs.get("value") or ""
        if tag == "select":
            select = name
            values[select] = [""]
        elif tag == "option" and "selected" in attrs:
            values[select] = [value]
        elif tag == "input" and (attrs.get("type") in {"text", "hidden"} or "checked" in attrs):
            values.setdefault(name, []).append(value)
    return values


def load(client: PageClient, address: str) -> Values:
    return sent_by(client.get(address).text)


def send(client: PageClient, address: str, page: Values, **changes: str | list[str]) -> TestResponse:
    changed = {name: value if isinstance(value, list) else [value] for name, value in changes.items()}
    return client.post(address, data=page | changed)


def answers_of(parts: Parts, address: str) -> Answers:
    with parts.reader() as session:
        return applications.get(session, parts.agency_id, UUID(address.split("/")[2])).answers


def asked(response: TestResponse) -> list[str]:
    """Return the labels of the rows that a page asks, after a look at what every such page must be."""
    page = look_at(response.text)
    assert page.texts["title"][0].strip().startswith("Error: ")
    assert 'id="error-summary"' in response.text
    assert "autofocus" in response.text
    return re.findall(r'<legend[^>]*>([^<]+)</legend>\s*<input type="hidden" name="asked"', unescape(response.text))


def test_what_the_other_saved_is_not_erased(client: PageClient, parts: Parts, filled: str) -> None:
    address = f"{filled}steps/program-contact"
    one, other = load(client, address), load(client, address)
    assert send(client, address, one, **{"program_contact-phone": "(727) 555-0199"}).status_code == 302
    assert send(client, address, other, **{"program_contact-full_name": "Robin Sample"}).status_code == 302
    contact = answers_of(parts, filled).program_contact
    assert (contact.full_name, contact.phone) == ("Robin Sample", "(727) 555-0199")
    assert contact.email == "sam@ecso.example.gov"


@pytest.mark.parametrize(("choice", "name"), [("mine", "By the second"), ("theirs", "By the first")])
def test_only_what_both_changed_is_asked(client: PageClient, parts: Parts, filled: str, choice: str, name: str) -> None:
    address = f"{filled}steps/program-contact"
    one, other = load(client, address), load(client, address)
    section = "program_contact-"
    send(client, address, one, **{f"{section}full_name": "By the first", f"{section}phone": "(727) 555-0199"})
    response = send(client, address, other, **{f"{section}full_name": "By the second", f"{section}title": "Chief"})
    assert response.status_code == 409
    assert asked(response) == [NAME]
    assert "Mine: By the second" in response.text
    assert "Theirs: By the first" in response.text
    assert "January 20, 2026" in response.text, "it says when"
    page = sent_by(response.text)
    assert page[f"{section}phone"] == ["(727) 555-0199"], "what only the first changed is shown"
    assert answers_of(parts, filled).program_contact.title == "Captain, Patrol Operations", "nothing is saved yet"
    nothing_chosen = send(client, address, page)
    assert nothing_chosen.status_code == 422
    assert asked(nothing_chosen) == [NAME]
    page = sent_by(nothing_chosen.text)
    assert send(client, address, page, **{"keep-program_contact.full_name": choice}).status_code == 302
    contact = answers_of(parts, filled).program_contact
    assert (contact.full_name, contact.phone, contact.title) == (name, "(727) 555-0199", "Chief")


def test_a_third_save_in_between_is_neither_lost_nor_passed_over(client: PageClient, parts: Parts, filled: str) -> None:
    address = f"{filled}steps/program-contact"
    section = "program_contact-"
    one, other = load(client, address), load(client, address)
    send(client, address, one, **{f"{section}full_name": "First"})
    page = sent_by(send(client, address, other, **{f"{section}full_name": "Second"}).text)
    third = load(client, address)
    send(client, address, third, **{f"{section}full_name": "Third", f"{section}title": "Chief of Staff"})
    again = send(client, address, page, **{"keep-program_contact.full_name": "mine"})
    assert again.status_code == 409
    assert "Theirs: Third" in again.text
    page = sent_by(again.text)
    assert "keep-program_contact.full_name" not in page, "a new question has no answer yet"
    assert page[f"{section}title"] == ["Chief of Staff"]
    assert send(client, address, page, **{"keep-program_contact.full_name": "mine"}).status_code == 302
    contact = answers_of(parts, filled).program_contact
    assert (contact.full_name, contact.title) == ("Second", "Chief of Staff")


def test_the_same_change_twice_is_no_conflict(client: PageClient, parts: Parts, filled: str) -> None:
    address = f"{filled}steps/signatory"
    one, other = load(client, address), load(client, address)
    for page in (one, other):
        assert send(client, address, page, **{"signatory-title": "Undersheriff"}).status_code == 302
    assert answers_of(parts, filled).signatory.title == "Undersheriff"


def test_dates_yes_and_no_lists_and_boxes_are_merged_too(client: PageClient, parts: Parts, filled: str) -> None:
    approvals, models, signatory = (f"{filled}steps/{slug}" for slug in ("approvals", "models", "signatory"))
    day = "approvals-counsel_reviewed_on"
    one, other = load(client, approvals), load(client, approvals)
    send(client, approvals, one, **{f"{day}-day": "9"})
    response = send(client, approvals, other, **{f"{day}-day": "10", "approvals-governing_body": "The Board"})
    assert asked(response) == ["Date of legal counsel’s review"]
    assert "Mine: January 10, 2026" in response.text
    page = sent_by(response.text)
    assert [page[f"{day}-{part}"] for part in ("month", "day", "year")] == [["1"], ["10"], ["2026"]]
    assert send(client, approvals, page, **{"keep-approvals.counsel_reviewed_on": "mine"}).status_code == 302
    found = answers_of(parts, filled).approvals
    assert (found.governing_body, found.counsel_reviewed_on and found.counsel_reviewed_on.day) == ("The Board", 10)

    one, other = load(client, models), load(client, models)
    assert send(client, models, one, models=["TFM", "WSO", "JEM"]).status_code == 302
    assert send(client, models, other).status_code == 302
    assert set(answers_of(parts, filled).models) == {"JEM", "TFM", "WSO"}, "untouched boxes untick nothing"
    one, other = load(client, models), load(client, models)
    send(client, models, one, models=["TFM"])
    response = send(client, models, other, models=["WSO"])
    assert asked(response) == ["Which models are you applying for?"]
    assert send(client, models, sent_by(response.text), **{"keep-models": "mine"}).status_code == 302
    assert answers_of(parts, filled).models == ("WSO",)

    one, other = load(client, signatory), load(client, signatory)
    send(client, signatory, one, **{"signatory-chief_officer": "no"})
    assert send(client, signatory, other, **{"signatory-title": "Chief"}).status_code == 302
    found_signatory = answers_of(parts, filled).signatory
    assert (found_signatory.chief_officer, found_signatory.title) == (False, "Chief")


def test_what_a_page_sends_of_itself_is_no_change(client: PageClient, parts: Parts) -> None:
    answers = with_path(complete_answers(), "models", ("WSO", "TFM"))
    answers = with_path(answers, "signatory.title", " Sheriff ")
    filled = f"/applications/{add_application(parts, parts.agency_id, answers)}/"
    for slug, change, path in (
        ("models", {"models": ["TFM", "WSO", "JEM"]}, "models"),
        ("signatory", {"signatory-title": "Chief"}, "title"),
    ):
        address = f"{filled}steps/{slug}"
        one, other = load(client, address), load(client, address)
        send(client, address, one, **change)
        assert send(client, address, other).status_code == 302, path
    found = answers_of(parts, filled)
    assert (set(found.models), found.signatory.title) == ({"JEM", "TFM", "WSO"}, "Chief")


def test_shorter_wordings_are_merged_one_by_one(client: PageClient, parts: Parts, filled: str) -> None:
    address = f"{filled}steps/agency"
    one, other = load(client, address), load(client, address)
    send(client, address, one, **{"short-agency-legal_name": "Example County SO"})
    assert send(client, address, other, **{"short-agency-represents": "Example Co."}).status_code == 302
    wanted = {"agency.legal_name": "Example County SO", "agency.represents": "Example Co."}
    assert dict(answers_of(parts, filled).short_wordings) == wanted
    one, other = load(client, address), load(client, address)
    send(client, address, one, **{"short-agency-represents": "Ex. Co."})
    response = send(
        client, address, other, **{"short-agency-represents": "E. C.", "agency-represents": "Example County, FL"}
    )
    assert asked(response) == ["Shorter wording of “County, city, State or tribe the agency represents”"]
    page = sent_by(response.text)
    assert send(client, address, page, **{"keep-short_wordings.agency.represents": "mine"}).status_code == 302
    found = answers_of(parts, filled)
    assert dict(found.short_wordings) == wanted | {"agency.represents": "E. C."}
    assert found.agency.represents == "Example County, FL"


@pytest.mark.parametrize("poor", [{"csrf_token": "x"}, {"agency-legal_name": "123-45-6789"}])
def test_an_error_does_not_make_an_old_page_new(
    client: PageClient, parts: Parts, filled: str, poor: dict[str, str]
) -> None:
    address = f"{filled}steps/agency"
    one, other = load(client, address), load(client, address)
    send(client, address, one, **{"agency-short_name": "First"})
    refused = send(client, address, other, **poor)
    assert refused.status_code in {400, 422}
    page = sent_by(refused.text)
    assert page["version"] == other["version"]
    mended = {"agency-legal_name": "Example County Sheriff’s Office", "csrf_token": one["csrf_token"][0]}
    assert send(client, address, page, **mended).status_code == 302
    assert answers_of(parts, filled).agency.short_name == "First"


def test_choices_survive_a_lost_token(client: PageClient, parts: Parts, filled: str) -> None:
    address = f"{filled}steps/agency"
    one, other = load(client, address), load(client, address)
    send(client, address, one, **{"agency-short_name": "First"})
    page = sent_by(send(client, address, other, **{"agency-short_name": "Second"}).text)
    lost = send(client, address, page, **{"csrf_token": "x", "keep-agency.short_name": "mine"})
    assert lost.status_code == 400
    assert answers_of(parts, filled).agency.short_name == "First"
    page = sent_by(lost.text)
    assert page["keep-agency.short_name"] == ["mine"]
    assert send(client, address, page, csrf_token=one["csrf_token"]).status_code == 302
    assert answers_of(parts, filled).agency.short_name == "Second"


def nominee_page(client: PageClient, filled: str) -> str:
    found = re.search(r'id="nominee-([2-9a-z]{8})"', client.get(f"{filled}nominees/").text)
    assert found
    return f"{filled}nominees/{found[1]}"


def test_two_people_edit_one_nominee(client: PageClient, parts: Parts, filled: str) -> None:
    address = nominee_page(client, filled)
    criteria = f"{address}/criteria"
    one, other, third = load(client, address), load(client, address), load(client, criteria)
    send(client, address, one, **{"nominee-rank": "Sergeant", "nominee-badge_number": "77"})
    response = send(client, address, other, **{"nominee-rank": "Corporal", "nominee-full_name": "Alex Nguyen"})
    assert response.status_code == 409
    assert asked(response) == ["Rank or title"]
    page = sent_by(response.text)
    assert page["nominee-badge_number"] == ["77"]
    assert send(client, address, page, **{"keep-rank": "mine"}).status_code == 302
    assert send(client, criteria, third, **{"criteria-law_enforcement_years": "7"}).status_code == 302
    person = answers_of(parts, filled).nominees[0]
    assert (person.full_name, person.rank, person.badge_number) == ("Alex Nguyen", "Corporal", "77")
    assert (person.law_enforcement_years, person.us_citizen) == (7, True)


@pytest.mark.parametrize("poor", [{"csrf_token": "x"}, {"nominee-badge_number": "123-45-6789"}])
def test_an_error_does_not_make_an_old_page_about_a_nominee_new(
    client: PageClient, parts: Parts, filled: str, poor: dict[str, str]
) -> None:
    address = nominee_page(client, filled)
    one, other = load(client, address), load(client, address)
    send(client, address, one, **{"nominee-rank": "Sergeant"})
    refused = send(client, address, other, **poor)
    assert refused.status_code in {400, 422}
    mended = {"nominee-badge_number": "78", "csrf_token": one["csrf_token"][0]}
    assert send(client, address, sent_by(refused.text), **mended).status_code == 302
    person = answers_of(parts, filled).nominees[0]
    assert (person.rank, person.badge_number) == ("Sergeant", "78")


@pytest.mark.parametrize("choice", ["mine", "theirs"])
@pytest.mark.parametrize("page_name", ["", "/criteria"])
def test_one_removes_a_nominee_whom_the_other_edits(
    client: PageClient, parts: Parts, filled: str, choice: str, page_name: str
) -> None:
    address = nominee_page(client, filled)
    edited, removing = load(client, address + page_name), load(client, f"{address}/remove")
    assert send(client, f"{address}/remove", removing).status_code == 302
    change = {"criteria-us_citizen": "no"} if page_name else {"nominee-rank": "Sergeant"}
    response = send(client, address + page_name, edited, **change)
    assert response.status_code == 409
    assert asked(response) == ["Alex Nguyễn was removed from the list"]
    assert "Removed by someone else" in response.text
    assert answers_of(parts, filled).nominees == ()
    page = sent_by(response.text)
    assert send(client, address + page_name, page, **{"keep-removed": choice}).status_code == 302
    found = answers_of(parts, filled).nominees
    if choice == "theirs":
        assert found == ()
        return
    before = complete_answers().nominees[0]
    wanted = replace(before, us_citizen=False) if page_name else replace(before, rank="Sergeant")
    assert found == (wanted,), "every other answer about the nominee comes back as well"


def test_a_nominee_who_was_changed_is_not_removed_unseen(client: PageClient, parts: Parts, filled: str) -> None:
    address = nominee_page(client, filled)
    edited, removing = load(client, address), load(client, f"{address}/remove")
    send(client, address, edited, **{"nominee-rank": "Sergeant"})
    response = send(client, f"{address}/remove", removing)
    assert response.status_code == 409
    assert "(Rank or title)" in response.text
    assert "January 20, 2026" in response.text
    assert len(answers_of(parts, filled).nominees) == 1
    assert send(client, f"{address}/remove", sent_by(response.text)).status_code == 302
    assert send(client, f"{address}/remove", removing).status_code == 302, "removed twice is removed"


def test_what_was_purged_comes_back_by_no_page(client: PageClient, parts: Parts, filled: str) -> None:
    address = nominee_page(client, filled)
    edited = load(client, address)
    with parts.writer() as session:
        application = applications.get(session, parts.agency_id, UUID(filled.split("/")[2]))
        purge_application(session, application, now=NOW)
        session.commit()
    assert send(client, address, edited, **{"nominee-rank": "Sergeant"}).status_code == 404
    assert answers_of(parts, filled).nominees == ()


@pytest.fixture
def draft(client: PageClient, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setenv("ASSISTANT_INSTANCE_DIR", str(tmp_path / "instance"))
    data = with_fields(printed(tmp_path / "paper.pdf", AGREEMENT), tmp_path / "form.pdf", BOXES)
    address = str(give_form(client, data).location)
    assert client.post(f"{address}form", data=typed(client.get(f"{address}form").text) | SAID).status_code == 302
    return f"{address}form"


def test_two_people_say_which_form_it_is(client: PageClient, parts: Parts, draft: str) -> None:
    one, other = load(client, draft), load(client, draft)
    send(client, draft, one, **{"title": "By the first", "day-day": "6"})
    assert send(client, draft, other, words="Task Force Model").status_code == 302
    identity = opened(parts, draft.removesuffix("form")).identity
    assert (identity.title, identity.edition_id, identity.words) == ("By the first", "2026-01-06", "Task Force Model")
    one, other = load(client, draft), load(client, draft)
    send(client, draft, one, title="First again")
    response = send(client, draft, other, **{"title": "Second", "day-day": "7"})
    assert response.status_code == 409
    assert asked(response) == ["Title"]
    page = sent_by(response.text)
    assert send(client, draft, page, **{"keep-title": "mine"}).status_code == 302
    identity = opened(parts, draft.removesuffix("form")).identity
    assert (identity.title, identity.edition_id) == ("Second", "2026-01-07")


@pytest.mark.parametrize("poor", [{"csrf_token": "x"}, {"day-month": "Febtember"}])
def test_an_error_does_not_make_an_old_page_about_a_form_new(
    client: PageClient, parts: Parts, draft: str, poor: dict[str, str]
) -> None:
    one, other = load(client, draft), load(client, draft)
    send(client, draft, one, title="By the first")
    refused = send(client, draft, other, **poor)
    assert refused.status_code in {400, 422}
    mended = {"day-month": "1", "csrf_token": one["csrf_token"][0], "words": "Task Force Model"}
    assert send(client, draft, sent_by(refused.text), **mended).status_code == 302
    identity = opened(parts, draft.removesuffix("form")).identity
    assert (identity.title, identity.words) == ("By the first", "Task Force Model")


def test_a_made_up_base_wipes_nothing(client: PageClient, parts: Parts, draft: str) -> None:
    one, other = load(client, draft), load(client, draft)
    send(client, draft, one, title="By the first")
    signed = other["was"][0]
    forged = signed.replace("Agreement of spring", "By the first")
    assert forged != signed
    for was in (forged, "", "x.{}", signed[:-1]):
        response = send(client, draft, other, was=was)
        assert response.status_code == 409, was
    assert opened(parts, draft.removesuffix("form")).identity.title == "By the first"


def test_two_people_say_what_the_columns_of_a_roster_are(client: PageClient, parts: Parts, filled: str) -> None:
    look = give(client, filled, SHEET).location
    one, other = load(client, look), load(client, look)
    assert send(client, look, one, **{"column-1": "", "go": "columns"}).status_code == 302
    assert send(client, look, other, **{"column-3": "rank", "go": "columns"}).status_code == 302
    page = load(client, look)
    assert (page["column-1"], page["column-3"]) == ([""], ["rank"])
    one, other = load(client, look), load(client, look)
    send(client, look, one, **{"column-3": "badge_number", "go": "columns"})
    unseen = send(client, look, other, go="add")
    assert unseen.location.endswith("again=1"), "nobody adds rows that nobody has seen"
    assert len(people(parts, filled)) == 1
    response = send(client, look, other, **{"column-3": "", "go": "add"})
    assert response.status_code == 409
    assert asked(response) == ["Column “Star code”"]
    assert "January 20, 2026" in response.text
    page = sent_by(response.text)
    assert send(client, look, page, **{"keep-column-3": "theirs", "go": "add"}).status_code == 302
    assert {person.badge_number for person in people(parts, filled)[1:]} == {"77", "78", "79", "81"}


def test_who_lets_go_of_a_roster_leaves_the_other_one(client: PageClient, filled: str) -> None:
    mine, theirs = give(client, filled, SHEET).location, give(client, filled, SHEET).location
    assert send(client, mine, load(client, mine), go="drop").status_code == 302
    assert client.get(mine).status_code == 404
    assert client.get(theirs).status_code == 200


def save_behind(
    monkeypatch: pytest.MonkeyPatch,
    module: str,
    parts: Parts,
    filled: str,
    *,
    change: Callable[[Session, Application], object],
) -> None:
    """Let somebody else save right after the next page is read, and before it is written."""
    waiting = [change]

    def begin_write_late() -> None:
        begin_write()
        if waiting:
            with parts.writer() as session:
                waiting.pop()(session, applications.get(session, parts.agency_id, UUID(filled.split("/")[2])))
                session.commit()

    monkeypatch.setattr(f"{module}.begin_write", begin_write_late)


@pytest.mark.parametrize("path", ["signatory.phone", "signatory.title"])
def test_a_save_at_the_same_moment_is_merged_too(
    client: PageClient, parts: Parts, filled: str, monkeypatch: pytest.MonkeyPatch, path: str
) -> None:
    status = 409 if path == "signatory.title" else 302
    address = f"{filled}steps/signatory"
    page = load(client, address)
    save_behind(
        monkeypatch, "assistant.web.wizard.wizard", parts, filled,
        change=lambda session, application: applications.save_values(
            session, application, {path: "(727) 555-0177"}, version=1, now=NOW
        ),
    )  # fmt: skip
    response = send(client, address, page, **{"signatory-title": "Chief"})
    assert response.status_code == status
    if status == 409:
        assert asked(response) == [TITLE]
        assert send(client, address, sent_by(response.text), **{"keep-signatory.title": "mine"}).status_code == 302
    signatory = answers_of(parts, filled).signatory
    assert (signatory.title, signatory.phone == "(727) 555-0177") == ("Chief", status == 302)


def test_a_nominee_removed_at_the_same_moment_is_asked_about(
    client: PageClient, parts: Parts, filled: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    address = nominee_page(client, filled)
    page = load(client, address)
    save_behind(
        monkeypatch, "assistant.web.nominees.nominees", parts, filled,
        change=lambda session, application: remove_nominee(
            session, application, address.rpartition("/")[2], version=1, now=NOW
        ),
    )  # fmt: skip
    response = send(client, address, page, **{"nominee-rank": "Sergeant"})
    assert response.status_code == 409
    assert asked(response) == ["Alex Nguyễn was removed from the list"]
    assert send(client, address, sent_by(response.text), **{"keep-removed": "mine"}).status_code == 302
    assert [nominee.rank for nominee in answers_of(parts, filled).nominees] == ["Sergeant"]


def test_columns_chosen_at_the_same_moment_are_seen_first(
    client: PageClient, parts: Parts, filled: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    look = give(client, filled, SHEET).location
    page = load(client, look)

    def choose_other(session: Session, application: Application) -> None:
        waiting = rosters.find(session, application, UUID(look.strip("/").rpartition("/")[2]))
        rosters.choose(session, waiting, {0: "full_name", 1: None, 3: "badge_number", 4: None}, now=NOW)

    save_behind(monkeypatch, "assistant.web.nominees.roster_pages", parts, filled, change=choose_other)
    assert send(client, look, page, go="add").location.endswith("again=1")
    assert len(people(parts, filled)) == 1
