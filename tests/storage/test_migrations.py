"""Migrations go up, down and up again, on both databases, and keep what the earlier version could hold."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from alembic import command
from alembic.script import ScriptDirectory
from sqlalchemy import inspect, select

from assistant.services.application import applications
from assistant.services.application.export_log import record_export
from assistant.services.application.make_bundle import make
from assistant.services.form_maps.forms import library
from assistant.services.installation import keys
from assistant.services.installation.verify_history import verify_history
from assistant.storage.database import migrate
from assistant.storage.migration import MIGRATIONS, _migrations, differences
from assistant.storage.tables import ExportRow
from tests.storage.conftest import NOW
from tests.web.made_up import complete_answers

if TYPE_CHECKING:
    from uuid import UUID

    from tests.storage.conftest import Store

REVISIONS = [script.revision for script in ScriptDirectory(str(MIGRATIONS)).walk_revisions()]
"""From the newest."""
EXPORTS_HOLD_THEIR_ZIP_SINCE = "0005"


@pytest.fixture
def public_id(store: Store) -> UUID:
    """An application with answers, a change and an exported bundle, in the database of the newest version."""
    with store.write() as session:
        keys.confirm_keys(session)
        row = applications.create(session, store.agency_id, now=NOW, answers=complete_answers())
        bundle = make(row.answers, library(session), today=NOW.date(), draft=True)
        record_export(session, row, bundle, now=NOW)
        session.commit()
        return row.public_id


@pytest.mark.parametrize("revision", REVISIONS)
def test_a_database_of_each_earlier_version_comes_up_to_date_with_what_it_holds(
    store: Store, public_id: UUID, revision: str
) -> None:
    with store.engine.begin() as connection:
        command.downgrade(_migrations(connection), revision)
    migrate(store.engine)
    assert differences(store.engine) == []
    with store.write() as session:
        keys.confirm_keys(session)
        session.commit()
    with store.read() as session:
        row = applications.get(session, store.agency_id, public_id)
        assert row.answers == complete_answers()
        export = session.scalars(select(ExportRow)).one()
        assert (export.bundle is None) == (revision < EXPORTS_HOLD_THEIR_ZIP_SINCE)
        report = verify_history(session)
        assert report.to_document()["whole"] is True


def test_all_tables_go_down_to_nothing_and_up_again(store: Store, public_id: UUID) -> None:
    assert public_id.version == 4
    with store.engine.begin() as connection:
        command.downgrade(_migrations(connection), "base")
    assert set(inspect(store.engine).get_table_names()) <= {"alembic_version"}
    migrate(store.engine)
    assert differences(store.engine) == []
