"""Sign-in where an installation is shared: password, code, session, sign-out, limits, lock-out."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta
from http import HTTPStatus
from typing import TYPE_CHECKING

import pytest
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id
from sqlalchemy import select, text

from assistant.app import create_app
from assistant.errors import InputError
from assistant.services.accounts import one_time_codes, passwords, people, setup_links
from assistant.storage.account_tables import SignInRow
from tests.web.conftest import Clock, PageClient, client_of, open_app, snapshot
from tests.web.made_people import (
    PASSWORD,
    SECRET,
    add_person,
    code_at,
    email_of,
    give_code,
    give_password,
    sign_in,
    token_on,
)
from tests.web.made_up import add_agency, add_application

if TYPE_CHECKING:
    from werkzeug.test import TestResponse

    from assistant.config import Config
    from assistant.web.kit.context import Parts

COOKIE = "assistant-person"
MODE = "shared"


@pytest.fixture
def people_there(parts: Parts, agency_id: int) -> None:
    with parts.writer() as session:
        add_person(session, "Pat Preparer", agency_id, ["preparer"])
        session.commit()


def is_sent_to_sign_in(response: TestResponse) -> bool:
    return response.status_code == HTTPStatus.SEE_OTHER and str(response.location).startswith("/sign-in")


def token_of(client: PageClient) -> str:
    cookie = client.get_cookie(COOKIE, domain="127.0.0.1")
    return cookie.value if cookie is not None else ""


def use_token(client: PageClient, token: str) -> TestResponse:
    client.set_cookie(COOKIE, token, domain="127.0.0.1")
    return client.get("/")


def another_browser(client: PageClient) -> PageClient:
    """Return a second browser on the same installation."""
    other = client.application.test_client()
    assert isinstance(other, PageClient)
    other.watcher, other.parts = client.watcher, client.parts
    return other


def test_a_shared_installation_does_not_start_without_an_administrator(config: Config) -> None:
    with pytest.raises(InputError, match="moa user add"):
        create_app(config)


@pytest.mark.usefixtures("people_there")
def test_password_and_code_open_the_page_that_was_asked_for(client: PageClient, clock: Clock) -> None:
    asked = client.get("/forms/?x=1")
    assert is_sent_to_sign_in(asked)
    page = client.get(str(asked.location)).text
    (onward,) = re.findall(r'name="onward" value="([^"]+)"', page)
    assert onward == "/forms/?x=1"
    sign_in(client, clock, "Pat Preparer", onward)
    page = client.get("/").text
    assert "Pat Preparer" in page
    assert "Example County Sheriff’s Office" in page


@pytest.mark.usefixtures("people_there")
def test_the_password_alone_opens_nothing(client: PageClient) -> None:
    assert give_password(client, "Pat Preparer").status_code == HTTPStatus.SEE_OTHER
    assert is_sent_to_sign_in(client.get("/"))
    assert is_sent_to_sign_in(client.get("/account/"))


@pytest.mark.usefixtures("people_there")
def test_the_cookie_is_closed_to_scripts_and_other_sites(config: Config, client: PageClient, clock: Clock) -> None:
    answer = sign_in(client, clock, "Pat Preparer")
    header = next(one for one in answer.headers.getlist("Set-Cookie") if one.startswith(COOKIE))
    assert set(header.split("; ")[1:]) == {"HttpOnly", "SameSite=Lax", "Path=/"}
    under_tls = open_app(replace(config, behind_tls=True), clock)
    with under_tls.test_request_context(base_url="https://127.0.0.1/"):
        from assistant.web.accounts.gate import give_token  # noqa: PLC0415 - needs the request

        give_token("x")
        (header,) = [
            one
            for one in under_tls.process_response(under_tls.response_class()).headers.getlist("Set-Cookie")
            if "person" in one
        ]
    assert header == "__Host-assistant-person=x; Secure; HttpOnly; Path=/; SameSite=Lax"
    under_tls.extensions["assistant"].engine.dispose()


@pytest.mark.usefixtures("people_there")
def test_a_token_that_we_never_gave_out_is_not_adopted(client: PageClient, clock: Clock, parts: Parts) -> None:
    planted = "planted-by-somebody-else"
    assert is_sent_to_sign_in(use_token(client, planted))
    sign_in(client, clock, "Pat Preparer")
    assert token_of(client) not in {"", planted}
    with parts.reader() as session:
        digests = set(session.scalars(select(SignInRow.token_digest)))
    assert setup_links.token_digest(planted) not in digests
    assert setup_links.token_digest(token_of(client)) in digests


@pytest.mark.usefixtures("people_there")
def test_the_token_changes_with_the_code(client: PageClient, clock: Clock) -> None:
    clock.now += timedelta(seconds=30)
    give_password(client, "Pat Preparer")
    waiting = token_of(client)
    give_code(client, code_at(clock))
    assert token_of(client) != waiting
    assert is_sent_to_sign_in(use_token(client, waiting))


@pytest.mark.usefixtures("people_there")
def test_a_token_does_nothing_after_sign_out(client: PageClient, clock: Clock) -> None:
    sign_in(client, clock, "Pat Preparer")
    token = token_of(client)
    assert client.get("/").status_code == HTTPStatus.OK
    assert is_sent_to_sign_in(client.send("/sign-out"))
    assert token_of(client) == ""
    assert is_sent_to_sign_in(use_token(client, token)), "the token replayed"


@pytest.mark.usefixtures("people_there")
@pytest.mark.parametrize("act", ["disabled", "roles", "reset"])
def test_a_token_does_nothing_once_the_account_changed(
    client: PageClient, clock: Clock, parts: Parts, agency_id: int, act: str
) -> None:
    sign_in(client, clock, "Pat Preparer")
    assert client.get("/").status_code == HTTPStatus.OK
    with parts.writer() as session:
        person = people.get_person(session, email_of("Pat Preparer"))
        if act == "disabled":
            people.disable_person(session, person, now=clock.now)
        elif act == "roles":
            people.set_roles(session, person, agency_id, ["preparer", "approver"], now=clock.now)
        else:
            token = setup_links.make_link(session, person, now=clock.now)
            secret = one_time_codes.secret_for_link(session, token)
            code = one_time_codes.code_of_step(secret, int(clock.now.timestamp()) // 30)
            setup_links.finish_setup(session, token, name="Pat", password=PASSWORD, code=code, now=clock.now)
        session.commit()
    assert is_sent_to_sign_in(client.get("/"))


@pytest.mark.usefixtures("people_there")
def test_a_new_password_ends_the_other_sign_ins_and_changes_the_token(client: PageClient, clock: Clock) -> None:
    other = another_browser(client)
    sign_in(other, clock, "Pat Preparer")
    sign_in(client, clock, "Pat Preparer")
    before = token_of(client)
    new = "yellow bicycle sings loudly"
    values = {"current": PASSWORD, "password": new, "again": new}
    wrong = client.send("/account/password", **{**values, "current": "something else entirely"})
    assert wrong.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert client.send("/account/password", **values).status_code == HTTPStatus.SEE_OTHER
    assert token_of(client) != before
    assert client.get("/").status_code == HTTPStatus.OK
    assert is_sent_to_sign_in(other.get("/"))
    assert is_sent_to_sign_in(use_token(another_browser(client), before))
    fresh = another_browser(client)
    assert give_password(fresh, "Pat Preparer").status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert give_password(fresh, "Pat Preparer", new).status_code == HTTPStatus.SEE_OTHER


@pytest.mark.usefixtures("people_there")
def test_half_an_hour_without_use_asks_again_and_keeps_what_was_typed(
    client: PageClient, clock: Clock, parts: Parts, agency_id: int
) -> None:
    application = f"/applications/{add_application(parts, agency_id)}/"
    sign_in(client, clock, "Pat Preparer")
    page = client.get(f"{application}steps/agency").text
    clock.now += timedelta(minutes=29, seconds=30)
    assert client.get("/").status_code == HTTPStatus.OK, "each use begins the half hour again"
    clock.now += timedelta(minutes=30)
    (own,) = re.findall(r'name="page_draft" value="([^"]+)"', page)
    (csrf,) = set(re.findall(r'name="csrf_token" value="([^"]+)"', page))
    before = snapshot(parts, drafts=False)
    typed = {"csrf_token": csrf, "page_draft": own, "agency-legal_name": "Typed After Half An Hour", "version": "1"}
    sent = client.post(f"{application}steps/agency", data=typed)
    assert is_sent_to_sign_in(sent)
    assert snapshot(parts, drafts=False) == before, "nothing but a draft"
    sign_in(client, clock, "Pat Preparer", f"{application}steps/agency")
    back = client.get(f"{application}steps/agency").text
    (restore,) = re.findall(r'href="([^"]+restore=[^"]+)"', back)
    assert "Typed After Half An Hour" in client.get(restore.replace("&amp;", "&")).text


@pytest.mark.usefixtures("people_there")
def test_a_setback_of_the_clock_opens_no_sign_in_that_was_ended(client: PageClient, clock: Clock) -> None:
    sign_in(client, clock, "Pat Preparer")
    token = token_of(client)
    client.send("/sign-out")
    clock.now -= timedelta(hours=2)
    assert is_sent_to_sign_in(use_token(client, token))


@pytest.mark.usefixtures("people_there")
def test_twelve_hours_are_the_most_however_much_it_is_used(client: PageClient, clock: Clock) -> None:
    sign_in(client, clock, "Pat Preparer")
    for _ in range(12 * 3 - 1):
        clock.now += timedelta(minutes=20)
        assert client.get("/account/").status_code == HTTPStatus.OK
    clock.now += timedelta(minutes=19)
    left = client.get("/sign-in/remaining").get_json()["seconds"]
    assert 0 < left <= 60
    clock.now += timedelta(minutes=1)
    assert client.get("/sign-in/remaining").get_json()["seconds"] == 0
    assert is_sent_to_sign_in(client.get("/account/"))


@pytest.mark.usefixtures("people_there")
def test_asking_what_is_left_is_no_use_and_staying_is(client: PageClient, clock: Clock) -> None:
    sign_in(client, clock, "Pat Preparer")
    page = client.get("/").text
    assert 'data-remaining="/sign-in/remaining"' in page
    csrf = token_on(client, "/account/")
    clock.now += timedelta(minutes=29)
    assert client.get("/sign-in/remaining").get_json()["seconds"] == 60
    assert client.get("/sign-in/remaining").get_json()["seconds"] == 60
    assert client.post("/sign-in/stay", data={"csrf_token": csrf}).status_code == HTTPStatus.NO_CONTENT
    assert client.get("/sign-in/remaining").get_json()["seconds"] == 1800


@pytest.mark.usefixtures("people_there")
def test_the_sixth_try_is_refused_with_the_right_password_until_an_administrator_releases(
    client: PageClient, clock: Clock, parts: Parts
) -> None:
    for _ in range(5):
        assert give_password(client, "Pat Preparer", "wrong").status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert give_password(client, "Pat Preparer").status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    clock.now += timedelta(days=2)
    assert give_password(client, "Pat Preparer").status_code == HTTPStatus.UNPROCESSABLE_ENTITY, "time releases nobody"
    with parts.writer() as session:
        people.unlock_person(session, people.get_person(session, email_of("Pat Preparer")))
        session.commit()
    sign_in(client, clock, "Pat Preparer")


@pytest.mark.usefixtures("people_there")
def test_four_wrong_tries_or_five_over_a_longer_time_lock_nobody(client: PageClient, clock: Clock) -> None:
    for _ in range(4):
        give_password(client, "Pat Preparer", "wrong")
    clock.now += timedelta(minutes=15)
    for _ in range(4):
        give_password(client, "Pat Preparer", "wrong")
    sign_in(client, clock, "Pat Preparer")


@pytest.mark.usefixtures("people_there")
def test_two_processes_count_together(config: Config, client: PageClient, clock: Clock) -> None:
    second = open_app(config, clock)
    elsewhere = client_of(second, second.extensions["assistant"])
    for number in range(5):
        give_password(client if number % 2 else elsewhere, "Pat Preparer", "wrong")
    for one in (client, elsewhere):
        assert give_password(one, "Pat Preparer").status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    second.extensions["assistant"].engine.dispose()


@pytest.mark.usefixtures("people_there")
def test_wrong_codes_count_as_tries_and_end_the_sign_in(client: PageClient, clock: Clock) -> None:
    give_password(client, "Pat Preparer")
    for _ in range(4):
        assert give_code(client, "000000").status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    token = token_on(client, "/sign-in/code")
    client.post("/sign-in/code", data={"csrf_token": token, "code": "000000"})
    last = client.post("/sign-in/code", data={"csrf_token": token, "code": code_at(clock)})
    assert is_sent_to_sign_in(last)
    assert give_password(client, "Pat Preparer").status_code == HTTPStatus.UNPROCESSABLE_ENTITY


@pytest.mark.usefixtures("people_there")
def test_an_unknown_address_gets_the_same_answer_and_the_same_work(
    client: PageClient, monkeypatch: pytest.MonkeyPatch, parts: Parts
) -> None:
    hashes: list[str] = []
    real = Argon2id.verify_phc_encoded

    def verify(password: bytes, stored: str) -> None:
        hashes.append(stored)
        real(password, stored)

    monkeypatch.setattr(passwords, "Argon2id", type("Argon2id", (), {"verify_phc_encoded": staticmethod(verify)}))
    pages = [
        re.sub(r'value="[^"]*"', "", give_password(client, name, "wrong").text) for name in ("Pat Preparer", "Nobody")
    ]
    assert pages[0] == pages[1]
    known, dummy = hashes
    assert dummy == passwords.DUMMY
    assert known.split("$")[1:4] == dummy.split("$")[1:4], "the same cost"
    with parts.engine.connect() as connection:
        subjects = connection.execute(text("SELECT count(DISTINCT subject), count(*) FROM sign_in_tries")).one()
    assert tuple(subjects) == (2, 2)


@pytest.mark.usefixtures("people_there")
def test_a_code_is_accepted_once(client: PageClient, clock: Clock) -> None:
    clock.now += timedelta(seconds=30)
    code = code_at(clock)
    give_password(client, "Pat Preparer")
    assert give_code(client, code).status_code == HTTPStatus.SEE_OTHER
    second = another_browser(client)
    give_password(second, "Pat Preparer")
    assert give_code(second, code).status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    earlier = one_time_codes.code_of_step(SECRET, int(clock.now.timestamp()) // 30 - 1)
    assert give_code(second, earlier).status_code == HTTPStatus.UNPROCESSABLE_ENTITY, "nor is an older one after it"
    clock.now += timedelta(seconds=30)
    assert give_code(second, code_at(clock)).status_code == HTTPStatus.SEE_OTHER


def test_a_set_up_link_works_once_and_for_half_an_hour(
    client: PageClient, clock: Clock, parts: Parts, agency_id: int
) -> None:
    with parts.writer() as session:
        person = people.add_person(session, email="new@ecso.example.gov", name="", now=clock.now)
        people.set_roles(session, person, agency_id, ["preparer"], now=clock.now)
        late = setup_links.make_link(session, person, now=clock.now - timedelta(minutes=31))
        token = setup_links.make_link(session, person, now=clock.now)
        session.commit()
    assert client.get(f"/set-up/{late}").status_code == HTTPStatus.NOT_FOUND
    page = client.get(f"/set-up/{token}").text
    secret = "".join(re.findall(r"<code[^>]*>([A-Z2-7 ]+)</code>", page)[0].split())
    assert client.get(f"/set-up/{token}/code.png").data.startswith(b"\x89PNG")
    code = one_time_codes.code_of_step(secret, int(clock.now.timestamp()) // 30)
    values = {"name": "Nora New", "password": PASSWORD, "again": PASSWORD, "code": code}

    def send(**changes: str) -> TestResponse:
        csrf = token_on(client, f"/set-up/{token}")
        return client.post(f"/set-up/{token}", data={"csrf_token": csrf, **values, **changes})

    for changes in ({"password": "short"}, {"again": "another one altogether"}, {"code": "000000"}, {"name": " "}):
        assert send(**changes).status_code == HTTPStatus.UNPROCESSABLE_ENTITY, changes
    done = send()
    assert done.status_code == HTTPStatus.OK
    recovery = re.findall(r"<code>([A-Z0-9]{4}-[A-Z0-9]{4}-[A-Z0-9]{4})</code>", done.text)
    assert len(set(recovery)) == 8
    assert client.get(f"/set-up/{token}").status_code == HTTPStatus.NOT_FOUND
    csrf = token_on(client, "/sign-in")
    again = client.post(f"/set-up/{token}", data={"csrf_token": csrf, **values})
    assert again.status_code == HTTPStatus.NOT_FOUND
    first = {"csrf_token": csrf, "email": "new@ecso.example.gov", "password": PASSWORD}
    assert client.post("/sign-in", data=first).status_code == HTTPStatus.SEE_OTHER
    assert give_code(client, code).status_code == HTTPStatus.UNPROCESSABLE_ENTITY, "the code of the set-up is used"
    assert give_code(client, recovery[0].lower()).status_code == HTTPStatus.SEE_OTHER
    second = another_browser(client)
    second.post("/sign-in", data={**first, "csrf_token": token_on(second, "/sign-in")})
    assert give_code(second, recovery[0]).status_code == HTTPStatus.UNPROCESSABLE_ENTITY, "once each"


def test_a_person_of_two_agencies_chooses_and_sees_one(
    client: PageClient, clock: Clock, parts: Parts, agency_id: int
) -> None:
    other = add_agency(parts)
    with parts.writer() as session:
        for number in (agency_id, other):
            add_person(session, "Pat Preparer", number, ["preparer"])
        session.commit()
    here, there = add_application(parts, agency_id), add_application(parts, other)
    sign_in(client, clock, "Pat Preparer")
    chosen = client.get("/")
    assert (chosen.status_code, chosen.location) == (HTTPStatus.SEE_OTHER, "/account/agency")
    page = client.get("/account/agency").text
    (public_id,) = re.findall(r'value="([^"]+)"><label[^>]*>Sample Village', page)
    before = token_of(client)
    assert (
        client.post(
            "/account/agency", data={"csrf_token": token_on(client, "/account/agency"), "agency": public_id}
        ).status_code
        == HTTPStatus.SEE_OTHER
    )
    assert token_of(client) != before
    page = client.get("/").text
    assert str(there) in page
    assert str(here) not in page
    assert client.get(f"/applications/{here}/").status_code == HTTPStatus.NOT_FOUND


@pytest.mark.usefixtures("people_there")
def test_one_ends_ones_own_other_sign_ins_and_nobody_elses(client: PageClient, clock: Clock) -> None:
    other, foreign = another_browser(client), another_browser(client)
    sign_in(other, clock, "Pat Preparer")
    sign_in(foreign, clock, "Ada Admin")
    sign_in(client, clock, "Pat Preparer")
    addresses = re.findall(r'action="(/account/sign-ins/[^"]+/end)"', client.get("/account/").text)
    (theirs,) = addresses
    csrf = token_on(client, "/account/")
    assert foreign.post(theirs, data={"csrf_token": token_on(foreign, "/account/")}).status_code == HTTPStatus.NOT_FOUND
    assert other.get("/").status_code == HTTPStatus.OK
    assert client.post(theirs, data={"csrf_token": csrf}).status_code == HTTPStatus.SEE_OTHER
    assert is_sent_to_sign_in(other.get("/"))
    assert foreign.get("/").status_code == HTTPStatus.OK
