"""The tables of the queue where the user of the database may make no schema: nothing stops but the queue."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from alembic import command
from sqlalchemy import text

from assistant.cli.main import run
from assistant.config import Config
from assistant.errors import InputError
from assistant.services.installation import doctor
from assistant.storage import job_queue
from assistant.storage.database import make_engine, migrate, url_of
from assistant.storage.migration import _migrations, differences
from assistant.storage.queue_tables import require_queue_tables
from tests.storage.conftest import NOW, scratch_database

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from sqlalchemy import Engine


@pytest.fixture
def closed(postgresql: Engine, own_loop: None) -> Iterator[tuple[Engine, Engine]]:  # noqa: ARG001 - as in test_jobs
    """Return the owner's engine of an empty database, and one of a user who may use the schema public alone."""
    with scratch_database() as address:
        name = address.database
        owner = make_engine(address.render_as_string(hide_password=False))
        with owner.begin() as connection:
            connection.execute(text(f"CREATE ROLE {name}"))
            connection.execute(text(f"GRANT ALL ON SCHEMA public TO {name}"))
        as_user = address.update_query_dict({"options": f"-c role={name}"}).render_as_string(hide_password=False)
        user = make_engine(as_user)
        yield owner, user
        owner.dispose()
        user.dispose()
    with postgresql.begin() as connection:
        connection.execute(text(f"DROP ROLE {name}"))


def test_who_may_make_no_schema_upgrades_and_has_a_queue_once_the_owner_made_it(
    closed: tuple[Engine, Engine], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    owner, user = closed
    migrate(user)
    with user.begin() as connection:
        command.downgrade(_migrations(connection), "0012")
    migrate(user)
    assert differences(user) == []
    for name, value in {"INSTANCE_DIR": str(tmp_path), "DATABASE_URL": url_of(user)}.items():
        monkeypatch.setenv(f"ASSISTANT_{name}", value)
    assert run(["history", "verify"]) == 0
    monkeypatch.setenv("ASSISTANT_JOBS", "queue")
    capsys.readouterr()
    for arguments in (["worker"], ["jobs", "list"], ["jobs", "retry", "1"]):
        assert run(arguments) == 2
        assert "CREATE SCHEMA procrastinate AUTHORIZATION moa_test_" in capsys.readouterr().err
    config = Config(instance_dir=tmp_path, database_url=url_of(user), jobs="queue")
    (check,) = [check for check in doctor.examine(config, now=NOW) if check.name == "jobs"]
    assert check.state == "problem"

    def needed_statement() -> str:
        with user.connect() as connection, pytest.raises(InputError) as refusal:
            require_queue_tables(connection)
        return str(refusal.value).partition(" run ")[2].partition(" and start")[0]

    with owner.begin() as connection:
        connection.execute(text("CREATE SCHEMA procrastinate"))
    migrate(user)
    with owner.begin() as connection:
        connection.execute(text(needed_statement()))
    with owner.begin() as connection:
        connection.execute(text("DROP SCHEMA procrastinate"))
    statement = needed_statement()
    with owner.begin() as connection:
        connection.execute(text(statement))
    assert run(["jobs", "list"]) == 0
    with user.connect() as connection:
        require_queue_tables(connection)
    assert job_queue.SCHEMA in statement
