"""Each sign-in is a line of the log, right or wrong, by a random id and never by name; the debug mode stays off."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from assistant.app import create_app
from assistant.services.accounts import one_time_codes
from tests.web.made_people import add_person, give_code, give_password, sign_in, token_on
from tests.web.test_log_lines import lines

if TYPE_CHECKING:
    from assistant.config import Config
    from assistant.web.kit.context import Parts
    from tests.web.conftest import Clock, PageClient

MODE = "shared"
EVENTS = ("signed in", "signed out", "sign-in refused")


@pytest.fixture
def person_id(parts: Parts, agency_id: int) -> str:
    with parts.writer() as session:
        person = add_person(session, "Pat Preparer", agency_id, ["preparer"])
        session.commit()
        return str(person.public_id)


def events(config: Config) -> list[tuple[str, str, str, bool]]:
    return [
        (line["event"], line.get("step", ""), line["person"], line.get("locked", False))
        for line in lines(config)
        if line["event"] in EVENTS
    ]


def test_each_sign_in_and_each_refusal_is_a_line(
    client: PageClient, clock: Clock, config: Config, person_id: str
) -> None:
    give_password(client, "Pat Preparer", "not the password at all")
    give_password(client, "Nobody There", "not the password at all")
    assert give_password(client, "Pat Preparer").status_code == 303
    give_code(client, "000000")
    clock.now += timedelta(seconds=one_time_codes.SECONDS)
    sign_in(client, clock, "Pat Preparer")
    client.post("/sign-out", data={"csrf_token": token_on(client, "/")})
    assert events(config) == [
        ("sign-in refused", "password", person_id, False),
        ("sign-in refused", "password", "", False),
        ("sign-in refused", "code", person_id, False),
        ("signed in", "", person_id, False),
        ("signed out", "", person_id, False),
    ]
    text = (config.log_dir / "wizard.log").read_text("utf-8").casefold()
    assert not [word for word in ("pat", "nobody", "ecso", "example.gov", "000000", "not the") if word in text]


def test_the_try_that_locks_an_account_says_so(client: PageClient, config: Config, person_id: str) -> None:
    for _ in range(6):
        give_password(client, "Pat Preparer", "not the password at all")
    assert [locked for *_, locked in events(config)] == [False] * 4 + [True] * 2
    assert {person for _, _, person, _ in events(config)} == {person_id}


def test_no_word_of_the_environment_turns_the_debug_mode_on(config: Config, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FLASK_DEBUG", "1")
    app = create_app(replace(config, mode="single"))
    assert app.debug is False
    app.extensions["assistant"].engine.dispose()
