"""People who work together: comments, a review, a lock, an approval that holds for exactly what was approved."""

from __future__ import annotations

import io
import re
import zipfile
from html import unescape
from typing import TYPE_CHECKING
from uuid import UUID

import pytest
from pypdf import PdfReader

from assistant.answers import Answers, with_path
from assistant.services.application import applications, approval, comments, history, nominees
from assistant.web.accounts.permissions import needed_permission
from tests.web.conftest import Clock, PageClient, snapshot
from tests.web.made_people import add_person, sign_in
from tests.web.made_up import add_agency, add_application, complete_answers
from tests.web.test_two_people import sent_by

if TYPE_CHECKING:
    from flask import Flask
    from werkzeug.test import TestResponse

    from assistant.web.kit.context import Parts

MODE = "shared"
PREPARER, REVIEWER, APPROVER, ADMINISTRATOR = "Pat Preparer", "Rae Reviewer", "Casey Approver", "Ada Admin"


class Team:
    """People of one agency at one browser each, and the application that they work on."""

    def __init__(self, app: Flask, client: PageClient, clock: Clock, parts: Parts, agency_id: int) -> None:
        self.app, self.first, self.clock, self.parts, self.agency_id = app, client, clock, parts, agency_id
        self.clients: dict[str, PageClient] = {}
        with parts.writer() as session:
            for name, role in ((PREPARER, "preparer"), (REVIEWER, "reviewer"), (APPROVER, "approver")):
                add_person(session, name, agency_id, [role])
            session.commit()
        self.home = f"/applications/{add_application(parts, agency_id)}/"

    def as_person(self, name: str) -> PageClient:
        if name not in self.clients:
            client = self.app.test_client()
            assert isinstance(client, PageClient)
            client.watcher, client.parts = self.first.watcher, self.parts
            sign_in(client, self.clock, name)
            self.clients[name] = client
        return self.clients[name]

    def page(self, name: str, address: str = "") -> str:
        response = self.as_person(name).get(f"{self.home}{address}")
        assert response.status_code == 200, address
        return unescape(response.text)

    def send(self, name: str, page: str, address: str = "", **values: str) -> TestResponse:
        """Send the form of a page as it stands, with other values, to ``address``, or to the page itself."""
        client = self.as_person(name)
        sent = sent_by(client.get(f"{self.home}{page}").text)
        wanted = {key: value for key, value in sent.items() if key in {"csrf_token", "sha256", "version", "page_draft"}}
        whole = sent if not address else wanted
        response = client.post(
            f"{self.home}{address or page}", data=whole | {key: [value] for key, value in values.items()}
        )
        assert isinstance(response.status_code, int)
        return response

    def change_phone(self, phone: str) -> TestResponse:
        return self.send(PREPARER, "steps/address", **{"agency-phone": phone})

    def approve(self) -> TestResponse:
        return self.send(APPROVER, "signatory/", "approval/decide", go="approve")

    def answers(self) -> Answers:
        with self.parts.reader() as session:
            return applications.get(session, self.agency_id, UUID(self.home.split("/")[2])).answers

    def acts(self) -> list[tuple[str, str]]:
        """Return (act, first name) of the lines of the history, newest first."""
        from assistant.services.accounts.names import names_of  # noqa: PLC0415

        with self.parts.reader() as session:
            row = applications.get(session, self.agency_id, UUID(self.home.split("/")[2]))
            lines = history.entries(session, row)
            names = names_of(session, [line.who for line in lines])
            return [(line.act, names[line.who].split(" ")[0]) for line in lines]


@pytest.fixture
def team(app: Flask, client: PageClient, clock: Clock, parts: Parts, agency_id: int) -> Team:
    return Team(app, client, clock, parts, agency_id)


def proof_text(bundle: bytes) -> str:
    with zipfile.ZipFile(io.BytesIO(bundle)) as packed:
        name = next(name for name in packed.namelist() if name.endswith("06-proof.pdf"))
        return " ".join("".join(page.extract_text() for page in PdfReader(io.BytesIO(packed.read(name))).pages).split())


def exported_proof(team: Team) -> str:
    response = team.send(PREPARER, "documents/", "exports/")
    assert response.status_code == 302
    return proof_text(team.as_person(PREPARER).get(f"{response.location}bundle.zip").data)


def test_an_approval_stands_on_pages_in_history_and_in_the_proof(team: Team) -> None:
    assert "approved these answers" not in exported_proof(team)
    page = team.page(APPROVER, "signatory/")
    sha256 = re.findall(r'name="sha256" value="([0-9a-f]{64})"', page)[0]
    response = team.approve()
    assert response.status_code == 302
    page = team.page(PREPARER, "approval/")
    assert "Approved on January 20, 2026" in page
    assert f"by {APPROVER}" in page
    assert "Exactly what would print now is approved." in page
    assert sha256 in page
    assert f"Approved by {APPROVER} on January 20, 2026." in team.page(PREPARER), "in the task list"
    proof = exported_proof(team)
    assert f"{APPROVER} approved these answers and forms on January 20, 2026" in proof
    assert sha256 in proof.replace(" ", "")
    assert team.acts()[:2] == [("exported", "Pat"), ("approved", "Casey")]
    line = team.page(PREPARER, "history/").split(f"Approved, SHA-256 {sha256[:12]}…")[1]
    assert "Casey Approver" in line[:300]
    assert "changed since" not in line[:300]


def test_a_change_makes_the_approval_void_and_pages_name_it(team: Team) -> None:
    team.approve()
    assert team.change_phone("(727) 555-0199").status_code == 302
    for address in ("approval/", "signatory/"):
        page = team.page(APPROVER, address)
        assert "by Casey Approver, but something changed since" in page, address
        assert "Address: Main telephone number" in page, address
        assert "Exactly what would print now is approved." not in page
    assert "on January 20, 2026, but something changed since." in team.page(PREPARER)
    assert re.search("Approved, SHA-256 [0-9a-f]{12}…, but something changed since", team.page(PREPARER, "history/"))
    assert "approved these answers" not in exported_proof(team)


def test_an_approval_of_what_somebody_changed_a_second_before_is_refused(team: Team) -> None:
    read = sent_by(team.as_person(APPROVER).get(f"{team.home}signatory/").text)
    assert team.change_phone("(727) 555-0199").status_code == 302
    for go in ("approve", "decline"):
        response = team.as_person(APPROVER).post(
            f"{team.home}approval/decide", data=read | {"go": [go], "reason": ["Ask counsel."]}
        )
        page = unescape(response.text)
        assert response.status_code == 409
        assert "<title>Error: " in page
        assert "This application was changed while you were reading. Nothing was recorded." in page
        assert "What changed while you were reading" in page
        assert "Address: Main telephone number" in page
        assert "Ask counsel." in page, "what was typed is still there"
    assert team.acts()[0] == ("changed", "Pat")
    again = sent_by(page)
    assert (
        team.as_person(APPROVER).post(f"{team.home}approval/decide", data=again | {"go": ["approve"]}).status_code
        == 302
    )
    assert team.acts()[0] == ("approved", "Casey"), "what is shown now can be approved"


def test_a_made_up_hash_approves_nothing(team: Team) -> None:
    response = team.send(APPROVER, "signatory/", "approval/decide", go="approve", sha256="0" * 64)
    assert response.status_code == 409
    assert [act for act, _ in team.acts()] == ["started"]


def test_declining_needs_a_reason_that_the_preparer_sees(team: Team) -> None:
    response = team.send(APPROVER, "signatory/", "approval/decide", go="decline", reason=" ")
    assert response.status_code == 422
    assert 'href="#reason">Enter the reason' in unescape(response.text)
    reason = "Ask counsel about <section> 5.\nThen ask again."
    assert team.send(APPROVER, "signatory/", "approval/decide", go="decline", reason=reason).status_code == 302
    page = team.page(PREPARER, "approval/")
    assert "Declined on January 20, 2026" in page
    assert reason in page
    assert f"Declined by {APPROVER} on January 20, 2026." in team.page(PREPARER)
    assert team.acts()[0] == ("declined", "Casey")


def test_nothing_is_approved_while_something_is_to_fix(team: Team, parts: Parts, agency_id: int) -> None:
    team.home = (
        f"/applications/{add_application(parts, agency_id, with_path(complete_answers(), 'agency.represents', None))}/"
    )
    page = team.page(APPROVER, "signatory/")
    assert 'value="approve"' not in page
    assert "You can approve when nothing is left to fix." in page
    response = team.approve()
    assert response.status_code == 422
    assert "Something has to be fixed before this can be approved." in unescape(response.text)
    assert [act for act, _ in team.acts()] == ["started"]


def test_a_locked_application_refuses_a_save_and_keeps_what_was_typed(team: Team) -> None:
    page = sent_by(team.as_person(PREPARER).get(f"{team.home}steps/address").text)
    assert team.send(APPROVER, "approval/", "approval/lock").status_code == 302
    assert "Locked for changes by Casey Approver" in re.sub(r"</?b>", "", team.page(PREPARER, "steps/address"))
    response = team.as_person(PREPARER).post(
        f"{team.home}steps/address", data=page | {"agency-phone": ["(727) 555-0199"]}
    )
    assert response.status_code == 409
    text = unescape(response.text)
    assert "This application is locked" in text
    assert "What you typed is kept" in text
    assert team.answers().agency.phone == "(727) 555-0100"
    assert team.acts()[0] == ("locked", "Casey")
    assert team.send(ADMINISTRATOR, "approval/", "approval/unlock").status_code == 302
    shown = team.page(PREPARER, "steps/address")
    restore = re.findall(r'href="([^"]+restore=[^"]+)"', shown)
    assert restore, "its page offers back what was typed"
    assert "(727) 555-0199" in unescape(team.as_person(PREPARER).get(restore[0]).text)
    assert team.acts()[0] == ("unlocked", "Ada")


def test_every_way_to_change_an_answer_is_locked(team: Team) -> None:
    with team.parts.reader() as session:
        row = applications.get(session, team.agency_id, UUID(team.home.split("/")[2]))
        nominee_id = row.nominee_ids[0]
    pages = ["steps/address", "steps/models", f"nominees/{nominee_id}", "nominees/new"]
    forms = {page: sent_by(team.as_person(PREPARER).get(f"{team.home}{page}").text) for page in pages}
    team.send(APPROVER, "approval/", "approval/lock")
    changes = {
        "steps/address": {"agency-phone": "(727) 555-0199"},
        "steps/models": {"models": "WSO"},
        f"nominees/{nominee_id}": {"nominee-rank": "Sergeant"},
        "nominees/new": {"nominee-full_name": "Dana Lee"},
    }
    before = team.answers()
    for page, values in changes.items():
        data = forms[page] | {name: [value] for name, value in values.items()}
        assert team.as_person(PREPARER).post(f"{team.home}{page}", data=data).status_code == 409, page
    assert team.send(PREPARER, "delete", version="1").status_code == 409
    assert team.answers() == before
    assert team.send(PREPARER, "documents/", "exports/").status_code == 302, "an export changes nothing"


def test_a_comment_stands_beside_its_answer_until_it_is_resolved(team: Team) -> None:
    page = team.page(REVIEWER, "comments/?on=agency.phone")
    assert '<option value="agency.phone" selected>' in page
    text = "Is <b>this</b> number right?"
    assert team.send(REVIEWER, "comments/", "comments/add", on="agency.phone", text=text).status_code == 302
    raw = team.as_person(PREPARER).get(f"{team.home}steps/address").text
    assert "Is &lt;b&gt;this&lt;/b&gt; number right?" in raw
    review = team.page(PREPARER, "review/?open=all")
    row = review.split('id="row-agency.phone"')[1].split('class="answers__row"')[0]
    assert text in row
    assert REVIEWER in row
    assert "· 1 comment</span>" in review
    assert "1 comment to answer." in team.page(PREPARER), "in the task list"
    assert "1 comment to answer" in team.page(PREPARER, "approval/")
    resolve = re.findall(r'action="[^"]+/(comments/[0-9a-f-]{36}/resolve)"', team.page(PREPARER, "comments/"))
    assert team.send(PREPARER, "comments/", resolve[0]).status_code == 302
    assert text not in team.page(PREPARER, "steps/address")
    assert "Resolved by Pat Preparer" in team.page(REVIEWER, "comments/")
    assert team.acts()[:2] == [("comment resolved", "Pat"), ("comment added", "Rae")]


def test_a_comment_on_a_nominee_is_counted_beside_the_nominee(team: Team) -> None:
    with team.parts.reader() as session:
        row = applications.get(session, team.agency_id, UUID(team.home.split("/")[2]))
        nominee_id = nominees.nominees_of(row)[0].id
    on = f"nominees.{nominee_id}"
    assert team.send(REVIEWER, "comments/", "comments/add", on=on, text="Which badge?").status_code == 302
    assert "1 comment on nominee 1" in re.sub(r"<[^>]+>", "", team.page(PREPARER, "review/"))
    assert "Nominees: Alex Nguyễn" in team.page(PREPARER, "comments/")
    assert "Which badge?" in team.page(PREPARER, f"nominees/{nominee_id}")


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"on": "agency.phone", "text": " "}, "Enter your comment."),
        ({"on": "agency.phone", "text": "x" * 2_001}, "Shorten the comment to 2,000 characters."),
        ({"on": "no.such.answer", "text": "Where?"}, "Choose the answer that your comment is on."),
        ({"on": "nominees.nobody", "text": "Who?"}, "Choose the answer that your comment is on."),
    ],
)
def test_a_comment_that_cannot_be_added_comes_back(team: Team, values: dict[str, str], message: str) -> None:
    response = team.send(REVIEWER, "comments/", "comments/add", **values)
    assert response.status_code == 422
    page = unescape(response.text)
    assert message in page
    assert values["text"].strip() in page
    assert [act for act, _ in team.acts()] == ["started"]


def test_a_review_is_asked_for_and_finished(team: Team) -> None:
    assert team.send(PREPARER, "approval/", "approval/ask", note="Look at the nominees.").status_code == 302
    page = team.page(REVIEWER, "approval/")
    assert "Pat Preparer asked for a review on January 20, 2026" in page
    assert "Look at the nominees." in page
    assert "Pat Preparer asked for a review on January 20, 2026." in team.page(REVIEWER), "in the task list"
    assert team.send(REVIEWER, "approval/", "approval/finish-review").status_code == 302
    assert "Rae Reviewer finished the review" in team.page(PREPARER, "approval/")
    assert team.send(PREPARER, "approval/", "approval/ask", note="x" * 2_001).status_code == 422
    assert [act for act, _ in team.acts()] == ["review finished", "review asked", "started"]


ACTS = {
    "approval/ask": {PREPARER}, "approval/finish-review": {REVIEWER}, "approval/lock": {APPROVER},
    "approval/decide": {APPROVER}, "approval/unlock": {APPROVER, ADMINISTRATOR},
    "comments/add": {PREPARER, REVIEWER, APPROVER},
}  # fmt: skip


@pytest.mark.parametrize("name", [PREPARER, REVIEWER, APPROVER, ADMINISTRATOR])
def test_each_role_does_its_own_part_alone(team: Team, name: str) -> None:
    for address, allowed in ACTS.items():
        before = snapshot(team.parts)
        values = {"go": "approve", "on": "agency.phone", "text": "Right?"}
        response = team.send(name, "signatory/" if "decide" in address else "comments/", address, **values)
        if name in allowed:
            assert response.status_code in {302, 409}, address  # 409: nobody but an approver's page has the hash
        else:
            assert response.status_code == 403, address
            assert snapshot(team.parts) == before, address


def test_pages_offer_each_person_what_they_may_do(team: Team) -> None:
    buttons = {
        "Ask for a review": {PREPARER}, "Lock it for changes": {APPROVER},
        "Read it, and approve or decline": {APPROVER},
    }  # fmt: skip
    for name in (PREPARER, REVIEWER, APPROVER, ADMINISTRATOR):
        page = team.page(name, "approval/")
        for words, offered_to in buttons.items():
            assert (words in page) is (name in offered_to), (name, words)
        assert ('id="reason"' in team.page(name, "signatory/")) is (name == APPROVER)
        assert ("Add the comment" in team.page(name, "comments/")) is (name != ADMINISTRATOR)


def test_another_agency_sees_and_changes_nothing_of_it(team: Team) -> None:
    team.send(REVIEWER, "comments/", "comments/add", on="agency.phone", text="Right?")
    with team.parts.reader() as session:
        row = applications.get(session, team.agency_id, UUID(team.home.split("/")[2]))
        comment_id = comments.comments_on(session, row)[0].public_id
    other = add_agency(team.parts)
    with team.parts.writer() as session:
        add_person(session, "Otto Other", other, ["preparer", "reviewer", "approver", "administrator"])
        session.commit()
    client = team.as_person("Otto Other")
    csrf = client.token("/account/")
    before = snapshot(team.parts)
    for address in ("approval/", "comments/"):
        assert client.get(f"{team.home}{address}").status_code == 404
    for address in (*ACTS, f"comments/{comment_id}/resolve"):
        answer = client.post(f"{team.home}{address}", data={"csrf_token": csrf, "go": "approve", "sha256": "0" * 64})
        assert answer.status_code == 404, address
    assert snapshot(team.parts) == before


def test_practice_has_nothing_to_approve(team: Team) -> None:
    with team.parts.writer() as session:
        practice = applications.start_practice(session, team.agency_id, now=team.clock.now).public_id
        session.commit()
    team.home = f"/applications/{practice}/"
    assert 'id="reason"' not in team.page(APPROVER, "signatory/")
    assert team.as_person(APPROVER).get(f"{team.home}approval/").status_code == 422
    assert "Review and approval" not in team.page(PREPARER)


def test_what_the_form_lost_its_token_for_is_still_there(team: Team) -> None:
    values = {"csrf_token": "stale", "go": "decline", "reason": "Ask counsel.", "sha256": "0" * 64}
    response = team.as_person(APPROVER).post(f"{team.home}approval/decide", data=values)
    assert response.status_code == 400
    assert "Ask counsel." in response.text
    values = {"csrf_token": "stale", "on": "agency.phone", "text": "Is this right?"}
    response = team.as_person(REVIEWER).post(f"{team.home}comments/add", data=values)
    assert response.status_code == 400
    assert "Is this right?" in response.text
    assert [act for act, _ in team.acts()] == ["started"]


def test_unlocking_is_for_approvers_and_administrators() -> None:
    from assistant.services.accounts.roles import ROLES  # noqa: PLC0415

    needed = needed_permission("approval.unlock", "POST")
    assert needed is not None
    assert {role for role, granted in ROLES.items() if needed in granted} == {"approver", "administrator"}


def test_the_hash_on_the_page_is_that_of_the_service(team: Team) -> None:
    from assistant.services.application.plan import plan_application  # noqa: PLC0415
    from assistant.services.form_maps.forms import library  # noqa: PLC0415

    page = team.page(APPROVER, "signatory/")
    with team.parts.reader() as session:
        assert approval.hash_state(plan_application(team.answers(), library(session))) in page


def test_what_two_people_changed_names_who_saved_first(team: Team) -> None:
    with team.parts.writer() as session:
        add_person(session, "Quinn Preparer", team.agency_id, ["preparer"])
        session.commit()
    page = sent_by(team.as_person("Quinn Preparer").get(f"{team.home}steps/address").text)
    assert team.change_phone("(727) 555-0199").status_code == 302
    values = page | {"agency-phone": ["(727) 555-0188"]}
    response = team.as_person("Quinn Preparer").post(f"{team.home}steps/address", data=values)
    assert response.status_code == 409
    assert "Saved by Pat Preparer, January 20, 2026" in unescape(response.text)
