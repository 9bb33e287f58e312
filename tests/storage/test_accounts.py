"""Accounts in the database: tables up and down, and what of a person is sealed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from alembic import command
from sqlalchemy import inspect

from assistant.storage.database import migrate
from assistant.storage.migration import _migrations, differences

if TYPE_CHECKING:
    from tests.storage.conftest import Store

TABLES = {"people", "memberships", "sign_ins", "sign_in_tries", "setup_links", "recovery_codes"}


def test_the_tables_of_accounts_go_down_and_up_again(store: Store) -> None:
    assert set(inspect(store.engine).get_table_names()) >= TABLES
    with store.engine.begin() as connection:
        command.downgrade(_migrations(connection), "0010")
    assert not set(inspect(store.engine).get_table_names()) & TABLES
    migrate(store.engine)
    assert differences(store.engine) == []
