"""A change of the key loses nothing: interrupted, killed, beside a running server, with backups made before it."""

from __future__ import annotations

import json
import random
import time
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import text

from assistant.cli.main import run
from assistant.errors import SealError
from assistant.services.application import applications, history
from assistant.services.installation import backup, keys, rotate_keys
from assistant.services.installation.rotate_keys import count_old_values
from assistant.storage.database import make_engine, migrate, reader_factory, session_factory
from assistant.storage.sealing import Keyring, new_keyring, open_keyring, read_keyring, write_keyring
from tests.storage.rotation_worker import rotate
from tests.storage.test_export_bundles import add
from tests.storage.test_purge import add_copy_and_message, everything_said
from tests.storage.workers_to_kill import Worker

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from sqlalchemy import Engine
    from sqlalchemy.orm import Session

    from assistant.answers import Answers
    from tests.storage.conftest import Store

NOW = datetime(2026, 1, 20, 15, 30, tzinfo=UTC)
LONGEST_LIFE = 0.12  # seconds from the beginning of a rotation to the kill


class Interrupted(BaseException):
    """What stands for the end of the process in a test that has only one."""


@pytest.fixture
def key_file(store: Store, tmp_path: Path) -> Path:
    path = tmp_path / "keys" / "keyring.json"
    path.parent.mkdir()
    write_keyring(path, store.ring)
    return path


def fill(store: Store, answers: Answers, count: int) -> str:
    """Store applications with everything that may belong to one; return all that their sealed texts say."""
    with store.write() as session:
        for _ in range(count):
            public_id, _, _ = add(session, store, answers)
            add_copy_and_message(session, applications.get(session, store.agency_id, public_id))
        session.commit()
        keys.confirm_keys(session)
        session.commit()
        return said_in(session)


def said_in(session: Session) -> str:
    """Return all that sealed texts say, in an order that does not depend on the database's own."""
    return "\n".join(sorted(everything_said(session).split("\n")))


def texts(engine: Engine, ring: Keyring) -> str:
    with session_factory(engine, ring)() as session:
        keys.confirm_keys(session)
        return said_in(session)


def test_everything_is_sealed_with_the_new_key_alone(store: Store, key_file: Path, answers: Answers) -> None:
    before = fill(store, answers, 2)
    rotation = rotate_keys.rotate_keys(store.engine, key_file)
    ring = read_keyring(key_file)
    assert (rotation.key, rotation.resumed, rotation.damaged) == (ring.current.hex(), False, ())
    assert ring.current != store.ring.current
    assert not ring.rotating
    # Two agencies; per application title, document, two lines of history, three values each of an export and of a
    # signed copy, two of a message, one of a comment and of a request for a review, two of a decision.
    assert rotation.values == 2 + 2 * (2 + 2 + 3 + 3 + 2 + 1 + 1 + 2)
    assert texts(store.engine, ring.without_old_keys()) == before
    with reader_factory(store.engine, ring)() as session:
        assert count_old_values(session, ring) == 0
        for application in applications.list_for(session, store.agency_id):
            row = applications.get(session, store.agency_id, application.public_id)
            assert history.verify(session, row) == []


def test_what_the_old_key_sealed_is_gone_from_the_files(sqlite_store: Store, tmp_path: Path, answers: Answers) -> None:
    write_keyring(tmp_path / "keyring.json", sqlite_store.ring)
    fill(sqlite_store, answers, 2)
    old = b"\x01" + sqlite_store.ring.current
    assert old in sqlite_store.raw_bytes()
    assert rotate_keys.rotate_keys(sqlite_store.engine, tmp_path / "keyring.json").erased
    assert old not in sqlite_store.raw_bytes()


def test_a_backup_made_before_comes_back_with_the_new_ring(
    store: Store, key_file: Path, answers: Answers, tmp_path: Path
) -> None:
    before = fill(store, answers, 1)
    data, _ = backup.take(store.engine, tmp_path / "forms", now=NOW, work=tmp_path)
    rotate_keys.rotate_keys(store.engine, key_file)
    ring = read_keyring(key_file)
    backup.bring_back(data, store.engine, tmp_path / "forms", ring, work=tmp_path)
    assert texts(store.engine, ring) == before
    assert rotate_keys.rotate_keys(store.engine, key_file).values > 0, "what came back is sealed again"


def test_a_copy_of_the_keys_from_before_does_not_open_what_is_there_now(
    store: Store, key_file: Path, answers: Answers
) -> None:
    fill(store, answers, 1)
    rotate_keys.rotate_keys(store.engine, key_file)
    with pytest.raises(SealError, match="Restore the right key file"):
        texts(store.engine, store.ring)


def test_the_new_key_is_in_the_file_before_anything_is_sealed_with_it(
    store: Store, key_file: Path, answers: Answers, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = fill(store, answers, 1)

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device", str(key_file))

    monkeypatch.setattr(rotate_keys, "write_keyring", full)
    with pytest.raises(OSError, match="No space"):
        rotate_keys.rotate_keys(store.engine, key_file)
    assert read_keyring(key_file) == store.ring
    assert texts(store.engine, store.ring.without_old_keys()) == before


def test_its_name_is_on_the_disk_before_anything_is_sealed(key_file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    synced: list[Path] = []
    monkeypatch.setattr("assistant.storage.sealing.sync_folder", synced.append)
    write_keyring(key_file, new_keyring())
    assert synced == [key_file.parent]


def interrupt_at(monkeypatch: pytest.MonkeyPatch, step: int) -> None:
    """Let the rotation end, like a process that is killed, when it is about to commit for the ``step``-th time."""
    steps = 0
    real = rotate_keys._reseal_row

    def count(row: Any, ring: Keyring, damaged: list[str]) -> int:
        nonlocal steps
        steps += 1
        if steps == step:
            raise Interrupted
        return real(row, ring, damaged)

    monkeypatch.setattr(rotate_keys, "_reseal_row", count)


@pytest.mark.parametrize("step", [1, 2, 3, 5, 8, 12])
def test_interrupted_anywhere_everything_opens_and_the_next_call_goes_on(
    sqlite_store: Store, tmp_path: Path, answers: Answers, step: int
) -> None:
    key_file = tmp_path / "keyring.json"
    write_keyring(key_file, sqlite_store.ring)
    before = fill(sqlite_store, answers, 2)
    with pytest.MonkeyPatch.context() as patch:
        interrupt_at(patch, step)
        with pytest.raises(Interrupted):
            rotate_keys.rotate_keys(sqlite_store.engine, key_file)
    ring = read_keyring(key_file)
    assert ring.rotating
    assert texts(sqlite_store.engine, ring) == before
    rotation = rotate_keys.rotate_keys(sqlite_store.engine, key_file)
    assert (rotation.resumed, rotation.key) == (True, ring.current.hex()), "it goes on with the same key"
    finished = read_keyring(key_file)
    assert not finished.rotating
    assert texts(sqlite_store.engine, finished.without_old_keys()) == before


def test_a_running_server_opens_what_was_resealed_and_seals_with_the_new_key(
    store: Store, key_file: Path, answers: Answers
) -> None:
    """A second process has the ring of before in memory: it takes the new key over, reading or writing."""
    public_id = add_application_of(store, answers)
    reading, writing = read_keyring(key_file), read_keyring(key_file)
    rotate_keys.rotate_keys(store.engine, key_file)
    ring = read_keyring(key_file)
    with reader_factory(store.engine, reading)() as session:
        assert applications.get(session, store.agency_id, public_id).answers == answers
    with session_factory(store.engine, writing)() as session:
        application = applications.get(session, store.agency_id, public_id)
        changed = replace(answers, models=("TFM",))
        applications.save(session, application, changed, version=application.version, now=NOW)
        session.commit()
    with store.read() as session:
        assert count_old_values(session, ring) == 0


def test_a_running_server_that_reads_nothing_first_seals_with_the_new_key_too(
    store: Store, key_file: Path, answers: Answers
) -> None:
    add_application_of(store, answers)
    writing = read_keyring(key_file)
    rotate_keys.rotate_keys(store.engine, key_file)
    with session_factory(store.engine, writing)() as session:
        applications.create(session, store.agency_id, now=NOW, answers=answers)
        session.commit()
    with store.read() as session:
        assert count_old_values(session, read_keyring(key_file)) == 0


def add_application_of(store: Store, answers: Answers) -> Any:
    with store.write() as session:
        keys.confirm_keys(session)
        application = applications.create(session, store.agency_id, now=NOW, answers=answers)
        session.commit()
        return application.public_id


def test_keys_of_another_installation_are_not_taken_over(tmp_path: Path) -> None:
    path = tmp_path / "keys" / "keyring.json"
    ring = open_keyring(path)
    first = ring.current
    write_keyring(path, new_keyring())
    ring.refresh()
    assert ring.current == first


def test_a_damaged_value_is_named_and_left_and_the_rest_is_done(store: Store, key_file: Path, answers: Answers) -> None:
    fill(store, answers, 2)
    with store.engine.begin() as connection:
        connection.execute(text("UPDATE applications SET title_sealed = document_sealed WHERE id = 1"))
    rotation = rotate_keys.rotate_keys(store.engine, key_file)
    assert [place.rpartition(".")[0] for place in rotation.damaged] == ["applications.title"]
    with store.read() as session:
        assert count_old_values(session, read_keyring(key_file)) == 1


def test_other_keys_change_nothing(store: Store, key_file: Path, answers: Answers) -> None:
    before = fill(store, answers, 1)
    other = new_keyring()
    write_keyring(key_file, other)
    with pytest.raises(SealError, match="does not belong"):
        rotate_keys.rotate_keys(store.engine, key_file)
    assert read_keyring(key_file) == other
    assert texts(store.engine, store.ring) == before


def test_the_command_says_what_to_copy(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("ASSISTANT_INSTANCE_DIR", str(tmp_path / "instance"))
    assert run(["keys", "rotate", "--json"]) == 0
    out, err = capsys.readouterr()
    said = json.loads(out)
    assert said == {"key": said["key"], "values": 0, "resumed": False, "damaged": [], "erased": True}
    assert f"Copy the folder {tmp_path / 'instance' / 'keys'} to your safe place again" in err
    ring = json.loads((tmp_path / "instance" / "keys" / "keyring.json").read_text("ascii"))
    assert not any(key in out + err for key in [*ring["keys"].values(), ring["audit"]])


@pytest.mark.long
def test_a_rotation_that_is_killed_loses_nothing(
    tmp_path: Path, answers: Answers, record_property: Callable[[str, object], None]
) -> None:
    """Kill the process at random moments, a hundred times; after each, every value opens with the keys on the disk."""
    address, key_file = f"sqlite:///{tmp_path / 'assistant.sqlite3'}", tmp_path / "keyring.json"
    engine = make_engine(address)
    migrate(engine)
    ring = open_keyring(key_file)
    with session_factory(engine, ring)() as session:
        from assistant.services.installation.agencies import create_agency  # noqa: PLC0415

        agency_id = create_agency(session, "Example Agency", now=NOW).id
        keys.confirm_keys(session)
        for _ in range(150):
            applications.create(session, agency_id, now=NOW, answers=answers)
        session.commit()
        before = said_in(session)
    chance = random.Random(287)  # noqa: S311 - moments to kill at, no secret
    ended, began = 0, 0
    ahead = Worker(rotate, address, str(key_file))
    for _ in range(100):
        worker, ahead = ahead, Worker(rotate, address, str(key_file))
        worker.begin(1)
        time.sleep(chance.random() * LONGEST_LIFE)
        ended += bool(worker.kill())
        now_there = read_keyring(key_file)
        began += now_there.rotating
        assert texts(engine, now_there) == before
    ahead.kill()
    assert began > 20, "most kills came in the middle"
    rotate_keys.rotate_keys(engine, key_file)
    assert texts(engine, read_keyring(key_file).without_old_keys()) == before
    with session_factory(engine, read_keyring(key_file))() as session:
        assert session.execute(text("PRAGMA integrity_check")).scalar_one() == "ok"
    engine.dispose()
    record_property("killed during a change of the key", f"100 kills, {began} in the middle of it, every value opens")
