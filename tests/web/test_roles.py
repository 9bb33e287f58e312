"""Every route, role and method of a shared installation: what the table allows is answered, all else is refused."""

from __future__ import annotations

import re
import time
from http import HTTPStatus
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import pytest

from assistant.errors import InputError
from assistant.services.accounts import people, setup_links
from assistant.services.accounts.roles import ROLES, Permission, permissions_of
from assistant.web.accounts.permissions import NEEDS, PUBLIC, needed_permission
from assistant.web.kit.context import READS_ONLY
from tests.web.conftest import Clock, PageClient, snapshot
from tests.web.made_people import add_person, email_of, sign_in, token_on
from tests.web.made_up import add_agency, add_application
from tests.web.test_head import ELSEWHERE
from tests.web.test_scope import METHODS, OWNED

if TYPE_CHECKING:
    from flask import Flask

    from assistant.web.kit.context import Parts

MODE = "shared"
WHO = [*ROLES, "no role", "nobody"]
REFUSED = {HTTPStatus.FORBIDDEN, HTTPStatus.METHOD_NOT_ALLOWED}
UNSAFE = frozenset({"POST", "PUT", "PATCH", "DELETE"})


def addresses(app: Flask, application_id: Any) -> dict[str, tuple[str, frozenset[str]]]:
    """Return an address of every endpoint, and the methods of its rule; what it names beside may be no one's."""
    made: dict[str, tuple[str, frozenset[str]]] = {}
    ids = {
        name: uuid4()
        for name in ("export_id", "draft_id", "message_id", "copy_id", "comment_id", "sign_in_id", "person_id")
    }
    for rule in app.url_map.iter_rules():
        values = {
            **ELSEWHERE, "form_id": "0" * 64, "nominee_id": "x", **OWNED.get(rule.endpoint, {}), **ids,
            "application_id": application_id,
        }  # fmt: skip
        built = rule.build({name: values[name] for name in rule.arguments - (rule.defaults or {}).keys()})
        assert built, rule
        made[rule.endpoint] = built[1], frozenset(rule.methods or ())
    return made


def test_every_route_has_a_row_and_every_row_a_route(app: Flask) -> None:
    endpoints = {rule.endpoint for rule in app.url_map.iter_rules()}
    assert endpoints == NEEDS.keys() | PUBLIC
    assert not NEEDS.keys() & PUBLIC


def test_every_permission_is_some_roles_and_no_role_has_all() -> None:
    granted = frozenset().union(*ROLES.values())
    assert granted == set(Permission) - {Permission.SIGNED_IN}
    assert all(role_has < granted for role_has in ROLES.values())
    assert permissions_of(["made-up"]) == {Permission.SIGNED_IN}
    assert permissions_of(["preparer", "approver"]) == ROLES["preparer"] | ROLES["approver"] | {Permission.SIGNED_IN}


def test_what_changes_the_installation_is_for_administrators_alone() -> None:
    for endpoint in ("forms.add", "forms.remove", "forms.unregister", "mapping_keep.keep", "lists.load"):
        needed = needed_permission(endpoint, "POST")
        assert needed is not None
        assert [role for role, granted in ROLES.items() if needed in granted] == ["administrator"]


@pytest.mark.parametrize("who", WHO)
def test_every_route_and_method_is_answered_as_the_table_says(
    app: Flask,
    client: PageClient,
    clock: Clock,
    parts: Parts,
    agency_id: int,
    *,
    who: str,
) -> None:
    application_id = add_application(parts, agency_id)
    roles = [who] if who in ROLES else []
    with parts.writer() as session:
        add_person(session, "Sam Sample", agency_id, roles or ["preparer"])
        session.commit()
    if who != "nobody":
        sign_in(client, clock, "Sam Sample")
        csrf = token_on(client, "/account/")
    else:
        csrf = token_on(client, "/sign-in")
    if who == "no role":
        with parts.writer() as session:
            person = people.get_person(session, email_of("Sam Sample"))
            people.set_roles(session, person, agency_id, [], now=clock.now)
            session.commit()
        sign_in(client, clock, "Sam Sample")
        csrf = token_on(client, "/account/")
    before = snapshot(parts)
    wrong: list[tuple[str, str, int, str]] = []
    for endpoint, (address, methods) in sorted(addresses(app, application_id).items()):
        if endpoint in PUBLIC or endpoint in {"sign_in.leave", "account.end_others"}:
            continue
        for method in METHODS:
            needed = needed_permission(endpoint, method)
            allowed = who != "nobody" and needed in permissions_of(roles) and method in methods
            if allowed and method in UNSAFE:
                continue  # what one may change is for the tests of each page
            data = {"csrf_token": csrf, "go": "on"} if method in UNSAFE else None
            answer = client.open(address, method=method, data=data)
            to_sign_in = answer.status_code == HTTPStatus.SEE_OTHER and str(answer.location).startswith("/sign-in")
            to_choice = answer.status_code == HTTPStatus.SEE_OTHER and answer.location == "/account/agency"
            if who == "nobody":
                right = to_sign_in
            elif allowed:
                right = answer.status_code not in REFUSED and not to_sign_in
            elif method not in methods:
                right = answer.status_code in REFUSED | {HTTPStatus.NOT_FOUND} or to_choice
            else:
                right = answer.status_code == HTTPStatus.FORBIDDEN or (who == "no role" and to_choice)
            if not right:
                wrong.append((endpoint, method, answer.status_code, str(answer.location)))
    assert not wrong
    assert snapshot(parts) == before


@pytest.mark.parametrize("role", [role for role, granted in ROLES.items() if Permission.WRITE in granted])
def test_who_may_write_saves_and_who_may_not_does_not(
    client: PageClient,
    clock: Clock,
    parts: Parts,
    agency_id: int,
    role: str,
) -> None:
    application = f"/applications/{add_application(parts, agency_id)}/"
    with parts.writer() as session:
        add_person(session, "Wren Writer", agency_id, [role])
        add_person(session, "Rita Reader", agency_id, ["reviewer"])
        session.commit()
    for name, status in (("Rita Reader", HTTPStatus.FORBIDDEN), ("Wren Writer", HTTPStatus.FOUND)):
        sign_in(client, clock, name)
        csrf = token_on(client, "/account/")
        values = {"csrf_token": csrf, "agency-legal_name": f"Saved by {name}", "version": "1"}
        assert client.post(f"{application}steps/agency", data=values).status_code == status
        page = client.get(application).text
        assert ("Saved by Wren Writer" in client.get(f"{application}review/").text) is (name == "Wren Writer")
        assert "Rita" not in page.replace("Rita Reader</b>", "")
        client.post("/sign-out", data={"csrf_token": csrf})


def test_extra_fields_give_no_role(client: PageClient, clock: Clock, parts: Parts, agency_id: int) -> None:
    with parts.writer() as session:
        add_person(session, "Pat Preparer", agency_id, ["preparer"])
        session.commit()
    sign_in(client, clock, "Pat Preparer")
    other = add_agency(parts)
    client.send("/account/password", role="administrator", agency_id=str(other), current="x", password="y", again="y")  # noqa: S106
    client.send("/account/agency", agency=str(other), role="administrator")
    with parts.reader() as session:
        person = people.get_person(session, email_of("Pat Preparer"))
        assert people.roles_of(session, person, agency_id) == {"preparer"}
        assert people.roles_of(session, person, other) == set()
    assert client.get("/people/").status_code == HTTPStatus.FORBIDDEN


def test_a_refusal_says_which_role_is_needed(client: PageClient, clock: Clock, parts: Parts, agency_id: int) -> None:
    with parts.writer() as session:
        add_person(session, "Rita Reader", agency_id, ["reviewer"])
        session.commit()
    sign_in(client, clock, "Rita Reader")
    answer = client.post("/forms/add", data={"csrf_token": token_on(client, "/account/")})
    assert answer.status_code == HTTPStatus.FORBIDDEN
    assert "Your role does not allow this" in answer.text
    assert "role administrator" in answer.text


def test_an_endpoint_without_a_row_is_refused_to_everybody(
    client: PageClient, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    sign_in(client, clock, "Ada Admin")
    assert client.get("/program/glossary").status_code == HTTPStatus.OK
    monkeypatch.delitem(NEEDS, "program.glossary")
    assert client.get("/program/glossary").status_code == HTTPStatus.FORBIDDEN


def test_the_first_page_shows_no_button_that_the_role_does_not_allow(
    client: PageClient, clock: Clock, parts: Parts, agency_id: int
) -> None:
    add_application(parts, agency_id)
    with parts.writer() as session:
        add_person(session, "Rita Reader", agency_id, ["reviewer"])
        add_person(session, "Pat Preparer", agency_id, ["preparer"])
        session.commit()
    for name, writes in (("Rita Reader", False), ("Pat Preparer", True)):
        sign_in(client, clock, name)
        page = client.get("/").text
        for words in ("Start a new application", "/copy", "/delete"):
            assert (words in page) is writes, (name, words)
        assert "Copy your keys" not in page, "the folder of the server is for administrators"
        client.post("/sign-out", data={"csrf_token": token_on(client, "/account/")})


def test_a_search_of_nominees_is_reading(client: PageClient, clock: Clock, parts: Parts, agency_id: int) -> None:
    nominees = f"/applications/{add_application(parts, agency_id)}/nominees/"
    with parts.writer() as session:
        add_person(session, "Rita Reader", agency_id, ["reviewer"])
        session.commit()
    sign_in(client, clock, "Rita Reader")
    csrf = token_on(client, "/account/")
    assert client.post(nominees, data={"csrf_token": csrf, "go": "find"}).status_code == HTTPStatus.OK
    for go in ("set", "on", "later"):
        assert client.post(nominees, data={"csrf_token": csrf, "go": go}).status_code == HTTPStatus.FORBIDDEN
    assert {"GET", "HEAD", "OPTIONS"} == READS_ONLY


def test_people_of_another_agency_are_not_found(client: PageClient, clock: Clock, parts: Parts, agency_id: int) -> None:
    other = add_agency(parts)
    with parts.writer() as session:
        theirs = add_person(session, "Olga Other", other, ["administrator"]).public_id
        session.commit()
    sign_in(client, clock, "Ada Admin")
    csrf = token_on(client, "/people/")
    assert "Olga Other" not in client.get("/people/").text
    assert client.get(f"/people/{theirs}/").status_code == HTTPStatus.NOT_FOUND
    for act in ("roles", "disable", "unlock", "link"):
        answer = client.post(f"/people/{theirs}/{act}", data={"csrf_token": csrf, "role": "preparer"})
        assert answer.status_code == HTTPStatus.NOT_FOUND, act
    with parts.reader() as session:
        person = people.get_person(session, email_of("Olga Other"))
        assert person.disabled_at is None
        assert people.roles_of(session, person, agency_id) == set()


def test_an_administrator_invites_changes_unlocks_disables_and_stays(
    client: PageClient,
    clock: Clock,
    parts: Parts,
) -> None:
    sign_in(client, clock, "Ada Admin")
    csrf = token_on(client, "/people/")

    def send(address: str, **values: Any) -> Any:
        return client.post(address, data={"csrf_token": csrf, **values})

    assert send("/people/invite", email="nobody", name="N", role="preparer").status_code == 422
    assert send("/people/invite", email="nora@ecso.example.gov", name="Nora New").status_code == 422
    invited = send("/people/invite", email="nora@ecso.example.gov", name="Nora New", role=["preparer", "approver"])
    (link,) = re.findall(r'id="link">http://127\.0\.0\.1(/set-up/[\w-]+)<', invited.text)
    assert send("/people/invite", email="nora@ecso.example.gov", name="Nora New", role="reviewer").status_code == 422
    page = client.get("/people/").text
    assert "Preparer, Approver. Has not set up the account" in page
    (nora,) = re.findall(r'href="(/people/[^"]+/)">Change<span class="usa-sr-only"> Nora New', page)
    assert client.get(link).status_code == HTTPStatus.OK
    made_again = send(f"{nora}link")
    assert client.get(link).status_code == HTTPStatus.NOT_FOUND, "a new link ends the one before"
    assert 'id="link"' in made_again.text
    with parts.writer() as session:
        people.get_person(session, "nora@ecso.example.gov").locked_at = clock.now
        session.commit()
    assert "Locked after five wrong tries" in client.get(nora).text
    assert send(f"{nora}unlock").status_code == HTTPStatus.SEE_OTHER
    assert "Locked" not in client.get(nora).text
    assert send(f"{nora}roles", role="reviewer", go="change").status_code == HTTPStatus.SEE_OTHER
    assert send(f"{nora}disable").status_code == HTTPStatus.SEE_OTHER
    assert "Reviewer. Disabled" in client.get("/people/").text
    (own,) = re.findall(r'href="(/people/[^"]+/)">Change<span class="usa-sr-only"> Ada Admin', page)
    refused = send(f"{own}roles", role="preparer", go="change")
    assert refused.status_code == 422
    assert "no administrator left" in refused.text
    assert send(f"{own}disable").status_code == 422
    assert send(f"{nora}roles", go="leave").status_code == HTTPStatus.SEE_OTHER
    assert "Nora New" not in client.get("/people/").text


def test_one_agency_alone_resets_or_disables_nobody_of_two(
    client: PageClient,
    clock: Clock,
    parts: Parts,
    agency_id: int,
) -> None:
    other = add_agency(parts)
    with parts.writer() as session:
        add_person(session, "Tess Two", agency_id, ["preparer"])
        theirs = add_person(session, "Tess Two", other, ["administrator"]).public_id
        session.commit()
    sign_in(client, clock, "Ada Admin")
    csrf = token_on(client, "/people/")
    with parts.writer() as session:
        people.get_person(session, email_of("Tess Two")).locked_at = clock.now
        session.commit()
    assert "/unlock" not in client.get(f"/people/{theirs}/").text
    for act in ("link", "disable", "unlock"):
        answer = client.post(f"/people/{theirs}/{act}", data={"csrf_token": csrf})
        assert answer.status_code == 422
        assert "also belongs to another agency" in answer.text
        assert "/set-up/" not in answer.text
    with parts.reader() as session:
        assert people.get_person(session, email_of("Tess Two")).locked_at == clock.now


def test_a_person_of_another_agency_is_added_at_the_console_alone(
    client: PageClient, clock: Clock, parts: Parts, agency_id: int
) -> None:
    """An account that only waits for its set-up and one in use get the same answer, and no link."""
    other = add_agency(parts)
    with parts.writer() as session:
        add_person(session, "Olga Other", other, ["administrator"])
        pending = people.add_person(session, email=email_of("Wanda Waiting"), name="", now=clock.now)
        people.set_roles(session, pending, other, ["approver"], now=clock.now)
        token = setup_links.make_link(session, pending, now=clock.now)
        session.commit()
    sign_in(client, clock, "Ada Admin")
    csrf = token_on(client, "/people/")
    before = snapshot(parts)
    answers = []
    for name in ("Olga Other", "Wanda Waiting"):
        values = {"csrf_token": csrf, "email": email_of(name), "name": "N", "role": "preparer"}
        answer = client.post("/people/invite", data=values)
        assert answer.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
        assert "Ask whoever runs this installation to add this person." in answer.text
        assert "/set-up/" not in answer.text
        # The token of a form holds the second in which it was made.
        page = re.sub(r'name="csrf_token" value="[^"]+"', "", answer.text)
        answers.append(page.replace(email_of(name), ""))
    assert answers[0] == answers[1]
    assert "Sample Village" not in answers[0]
    assert snapshot(parts) == before
    with parts.reader() as session:
        for name in ("Olga Other", "Wanda Waiting"):
            assert people.roles_of(session, people.get_person(session, email_of(name)), agency_id) == set()
    assert client.get(f"/set-up/{token}").status_code == HTTPStatus.OK, "what the other agency handed over still works"


def test_a_first_role_in_an_agency_ends_the_links_from_before(
    client: PageClient, clock: Clock, parts: Parts, agency_id: int
) -> None:
    other = add_agency(parts)
    with parts.writer() as session:
        person = people.add_person(session, email=email_of("Wanda Waiting"), name="", now=clock.now)
        people.set_roles(session, person, agency_id, ["preparer"], now=clock.now)
        token = setup_links.make_link(session, person, now=clock.now)
        people.set_roles(session, person, agency_id, ["preparer", "reviewer"], now=clock.now)
        session.commit()
    assert client.get(f"/set-up/{token}").status_code == HTTPStatus.OK, "more roles in the same agency end nothing"
    with parts.writer() as session:
        people.set_roles(
            session, people.get_person(session, email_of("Wanda Waiting")), other, ["approver"], now=clock.now
        )
        session.commit()
    assert client.get(f"/set-up/{token}").status_code == HTTPStatus.NOT_FOUND


def test_who_was_taken_out_is_invited_again_and_a_disabled_account_is_called_disabled(
    client: PageClient, clock: Clock, parts: Parts, agency_id: int
) -> None:
    with parts.writer() as session:
        for name in ("Nora Next", "Dora Disabled"):
            person = add_person(session, name, agency_id, ["preparer"])
            people.set_roles(session, person, agency_id, [], now=clock.now)
        person.disabled_at = clock.now
        session.commit()
    sign_in(client, clock, "Ada Admin")
    csrf = token_on(client, "/people/")

    def invite(name: str) -> str:
        values = {"csrf_token": csrf, "email": email_of(name), "name": "", "role": "preparer"}
        return client.post("/people/invite", data=values).text

    assert "has an account already. They can sign in now." in invite("Nora Next")
    page = invite("Dora Disabled")
    assert "is disabled. They cannot sign in." in page
    (person_page,) = re.findall(r'href="(/people/[0-9a-f-]{36}/)"', page)
    assert "Make a link and enable the account" in client.get(person_page).text
    assert 'id="link"' in client.post(f"{person_page}link", data={"csrf_token": csrf}).text
    with parts.reader() as session:
        assert people.state_of(people.get_person(session, email_of("Dora Disabled"))) == "active"


def test_a_text_of_megabytes_is_no_address_and_costs_nothing() -> None:
    began = time.perf_counter()
    for piece in (".", "a.", " "):
        with pytest.raises(InputError):
            people.read_email(piece * 1_000_000)
    assert time.perf_counter() - began < 0.5
