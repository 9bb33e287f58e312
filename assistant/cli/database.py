"""The database for a command: opened, brought up to date, committed once at the end."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from assistant.cli.passphrase import open_keys
from assistant.config import load
from assistant.services.installation.keys import confirm_keys
from assistant.storage.database import LATER, make_engine, migrate, reader_factory, session_factory
from assistant.storage.database_failures import explain_failures

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Engine
    from sqlalchemy.orm import Session, sessionmaker

    from assistant.config import Config
    from assistant.storage.sealing import Keyring


@contextmanager
def session(*, reads_only: bool = False) -> Iterator[Session]:
    """Yield a session on the configured database; commit when the command goes well, else change nothing.

    One that only reads keeps nobody waiting, however long the command takes.
    """
    with _open_database(load()) as (engine, keyring):
        with session_factory(engine, keyring)() as opened:
            confirm_keys(opened)
            if not reads_only:
                yield opened
            opened.commit()
        if reads_only:
            with reader_factory(engine, keyring)() as opened:
                yield opened


@contextmanager
def open_factories(config: Config) -> Iterator[tuple[sessionmaker[Session], sessionmaker[Session]]]:
    """Yield what opens sessions that may write, and sessions that only read, for a command that opens many."""
    with _open_database(config) as (engine, keyring):
        writer = session_factory(engine, keyring)
        with writer() as opened:
            confirm_keys(opened)
            opened.commit()
        yield writer, reader_factory(engine, keyring)


@contextmanager
def _open_database(config: Config) -> Iterator[tuple[Engine, Keyring]]:
    """Yield the database, brought up to date, and the keys; what fails within is told in a sentence."""
    config.make_folders()
    with explain_failures(config.database):
        engine = make_engine(config.database)
        try:
            migrate(engine)
            yield engine, open_keys(config)
        finally:
            engine.dispose()


def begin_reading(opened: Session) -> None:
    """End what a session has begun, and let it read without a lock; after its next commit it may write again.

    For commands that read a stranger's PDF, which takes seconds: nobody waits for them meanwhile.
    """
    opened.commit()
    opened.connection(execution_options={LATER: True})


@contextmanager
def session_if_any() -> Iterator[Session | None]:
    """Yield a session that only reads where a database is there already, else None: who only looks makes none."""
    config = load()
    if not config.database_url and config.database_file and not config.database_file.is_file():
        yield None
        return
    with session(reads_only=True) as opened:
        yield opened
