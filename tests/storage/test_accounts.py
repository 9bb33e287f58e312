"""Accounts in the database: tables up and down, and what of a person is sealed."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import TYPE_CHECKING

from alembic import command
from sqlalchemy import inspect

from assistant.services.accounts import one_time_codes, people, setup_links, sign_in
from assistant.storage.database import migrate
from assistant.storage.migration import _migrations, differences
from tests.storage.conftest import NOW

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from assistant.storage.account_tables import PersonRow
    from tests.storage.conftest import Store

TABLES = {"people", "memberships", "sign_ins", "sign_in_tries", "setup_links", "recovery_codes"}
EMAIL = "ada.canary@ecso.example.gov"
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"  # noqa: S105 - made up


def test_the_tables_of_accounts_go_down_and_up_again(store: Store) -> None:
    assert set(inspect(store.engine).get_table_names()) >= TABLES
    with store.engine.begin() as connection:
        command.downgrade(_migrations(connection), "0010")
    assert not set(inspect(store.engine).get_table_names()) & TABLES
    migrate(store.engine)
    assert differences(store.engine) == []


def add_ada(session: Session, store: Store) -> PersonRow:
    person = people.add_person(session, email=EMAIL, name="Ada Canary", now=NOW)
    person.password, person.code_secret = "a hash", SECRET
    people.set_roles(session, person, store.agency_id, ["administrator"], now=NOW)
    return person


def test_five_tries_lock_an_account_on_both_databases(store: Store) -> None:
    with store.write() as session:
        add_ada(session, store)
        session.commit()
    for number in range(5):
        with store.write() as session:
            one = sign_in.begin_try(session, EMAIL.upper(), now=NOW)
            session.commit()
            assert one.password == "a hash", number  # noqa: S105 - made up
            assert sign_in.end_try(session, one, right=False, now=NOW) is None
            session.commit()
    with store.write() as session:
        sixth = sign_in.begin_try(session, EMAIL, now=NOW + timedelta(days=1))
        assert sixth.password == ""
        assert sign_in.end_try(session, sixth, right=True, now=NOW) is None
        assert people.state_of(people.get_person(session, EMAIL)) == "locked"


def test_of_two_at_once_with_the_same_code_one_is_let_in(store: Store) -> None:
    with store.write() as session:
        add_ada(session, store)
        session.commit()
    code = one_time_codes.code_of_step(SECRET, int(NOW.timestamp()) // one_time_codes.SECONDS)

    def use(_number: int) -> bool:
        with store.write() as session:
            accepted = one_time_codes.use_code(session, people.get_person(session, EMAIL), code, now=NOW)
            session.commit()
            return accepted

    with ThreadPoolExecutor(4) as pool:
        assert sorted(pool.map(use, range(4))) == [False, False, False, True]


def test_a_sign_in_opens_and_ends_on_both_databases(store: Store) -> None:
    with store.write() as session:
        person = add_ada(session, store)
        waiting = sign_in.begin_sign_in(session, person, browser="Firefox on Windows", now=NOW)
        code = one_time_codes.code_of_step(SECRET, int(NOW.timestamp()) // one_time_codes.SECONDS)
        assert sign_in.open_sign_in(session, waiting, now=NOW) is None
        token = sign_in.confirm_sign_in(session, waiting, code, now=NOW)
        session.commit()
    with store.read() as session:
        opened = sign_in.open_sign_in(session, token, now=NOW)
        assert opened is not None
        assert opened.person.name == "Ada Canary"
        assert opened.person.roles == {"administrator"}
        assert opened.person.agency_name == "Example Agency 1"
        late = sign_in.open_sign_in(session, token, now=NOW + sign_in.IDLE)
        assert late is not None
        assert late.is_over
    with store.write() as session:
        sign_in.end_sign_in(session, opened.public_id, now=NOW)
        session.commit()
        assert sign_in.open_sign_in(session, token, now=NOW) is None


def test_the_database_alone_names_nobody_and_opens_nothing(sqlite_store: Store) -> None:
    with sqlite_store.write() as session:
        person = add_ada(session, sqlite_store)
        token = setup_links.make_link(session, person, now=NOW)
        waiting = sign_in.begin_sign_in(session, person, browser="Firefox", now=NOW)
        codes = one_time_codes.make_recovery_codes(session, person)
        session.commit()
    raw = sqlite_store.raw_bytes()
    for secret in (EMAIL, "Ada Canary", "a hash", SECRET, token, waiting, codes[0], codes[0].replace("-", "")):
        assert secret.encode() not in raw
