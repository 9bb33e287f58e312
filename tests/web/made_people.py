"""People with accounts, made up, and their way in: password, code, and what a browser holds afterwards."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import TYPE_CHECKING

from assistant.services.accounts import one_time_codes, passwords, people
from assistant.services.installation.agencies import create_agency
from assistant.services.installation.keys import confirm_keys
from assistant.storage.database import make_engine, migrate, session_factory
from assistant.storage.sealing import open_keyring
from tests.web.made_up import NOW

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sqlalchemy.orm import Session
    from werkzeug.test import TestResponse

    from assistant.config import Config
    from assistant.storage.account_tables import PersonRow
    from tests.web.conftest import Clock, PageClient

PASSWORD = "purple kettle walks slowly"  # noqa: S105 - made up
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"  # noqa: S105 - made up
_HASHES: dict[str, str] = {}


def email_of(name: str) -> str:
    return f"{name.lower().replace(' ', '.')}@ecso.example.gov"


def add_person(session: Session, name: str, agency_id: int, roles: Iterable[str]) -> PersonRow:
    """Return a person whose account is set up, with ``PASSWORD`` and ``SECRET``."""
    person = people.add_person(session, email=email_of(name), name=name, now=NOW)
    if PASSWORD not in _HASHES:
        _HASHES[PASSWORD] = passwords.hash_password(PASSWORD)
    person.password, person.code_secret = _HASHES[PASSWORD], SECRET
    people.set_roles(session, person, agency_id, roles, now=NOW)
    return person


def found_installation(config: Config) -> int:
    """Make the database with one agency and its administrator, Ada Admin; return the agency's number."""
    config.make_folders()
    engine = make_engine(config.database)
    migrate(engine)
    with session_factory(engine, open_keyring(config.keyring_file))() as session:
        confirm_keys(session)
        agency = create_agency(session, "Example County Sheriff’s Office", now=NOW)
        add_person(session, "Ada Admin", agency.id, ["administrator"])
        session.commit()
        agency_id = agency.id
    engine.dispose()
    return agency_id


def code_at(clock: Clock) -> str:
    return one_time_codes.code_of_step(SECRET, int(clock.now.timestamp()) // one_time_codes.SECONDS)


def token_on(client: PageClient, address: str) -> str:
    match = re.search(r'name="csrf_token" value="([^"]+)"', client.get(address).text)
    assert match, address
    return match[1]


def give_password(client: PageClient, name: str, password: str = PASSWORD, onward: str = "/") -> TestResponse:
    values = {"email": email_of(name), "password": password, "onward": onward}
    return client.post("/sign-in", data={"csrf_token": token_on(client, "/sign-in"), **values})


def give_code(client: PageClient, code: str, onward: str = "/") -> TestResponse:
    token = token_on(client, "/sign-in/code")
    return client.post("/sign-in/code", data={"csrf_token": token, "code": code, "onward": onward})


def sign_in(client: PageClient, clock: Clock, name: str, onward: str = "/") -> TestResponse:
    """Sign a person in; the clock goes on a step, since each code counts once."""
    clock.now += timedelta(seconds=one_time_codes.SECONDS)
    assert give_password(client, name, onward=onward).status_code == 303
    answer = give_code(client, code_at(clock), onward)
    assert answer.status_code == 303
    assert answer.location == onward
    return answer
