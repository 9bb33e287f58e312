"""A backup is taken while others write, holds no key and no plain name, and comes back whole or not at all."""

from __future__ import annotations

import hashlib
import io
import json
import sqlite3
import stat
import threading
import zipfile
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select

from assistant.answers import Answers, Nominee
from assistant.cli.database import session as command_session
from assistant.cli.main import run
from assistant.errors import InputError, SealError
from assistant.services.application import applications, history, nominees
from assistant.services.installation import backup
from assistant.services.installation.agencies import create_agency
from assistant.services.installation.keys import confirm_keys
from assistant.storage.database import session_factory
from assistant.storage.sealing import new_keyring
from assistant.storage.tables import Application

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tests.storage.conftest import Store

NOW = datetime(2026, 1, 20, 15, 30, tzinfo=UTC)
CANARY = "Canary Quetzalcoatl"


def fill(store: Store, answers: Answers) -> None:
    """Two applications, one of which says the canary."""
    with store.write() as session:
        confirm_keys(session)
        applications.create(session, store.agency_id, now=NOW, answers=answers)
        canary = applications.create(session, store.agency_id, now=NOW, answers=answers)
        nominees.add_nominee(session, canary, "canary", Nominee(full_name=CANARY), now=NOW)
        session.commit()


def documents(store: Store) -> list[str]:
    with store.write() as session:
        return [row.document for row in session.scalars(select(Application).order_by(Application.id))]


@pytest.fixture
def forms(tmp_path: Path) -> Path:
    folder = tmp_path / "forms"
    (folder / "moa-own" / "2026-01-02").mkdir(parents=True)
    (folder / "moa-own" / "2026-01-02" / "edition.toml").write_text("title = 'Own'\n", "utf-8")
    return folder


@pytest.fixture
def work(tmp_path: Path) -> Iterator[Path]:
    """A folder for files in the making, in which nothing may be left."""
    folder = tmp_path / "work"
    folder.mkdir()
    yield folder
    assert list(folder.iterdir()) == []


@pytest.mark.parametrize("into", ["sqlite_store", "postgresql_store"])
def test_a_backup_comes_back_into_either_database(
    store: Store, into: str, answers: Answers, forms: Path, request: pytest.FixtureRequest
) -> None:
    work: Path = request.getfixturevalue("work")
    fill(store, answers)
    before = documents(store)
    data, held = backup.take(store.engine, forms, now=NOW, work=work)
    assert (held.applications, held.files, held.made_at, held.bytes) == (2, 1, NOW, len(data))
    target: Store = request.getfixturevalue(into)
    other = forms.with_name("other")
    (other / "moa-gone").mkdir(parents=True)
    (other / "moa-gone" / "edition.toml").write_text("x", "utf-8")
    assert backup.bring_back(data, target.engine, other, store.ring, work=work) == held
    moved = replace(target, ring=store.ring, write=session_factory(target.engine, store.ring))
    assert documents(moved) == before
    assert [file.relative_to(other).as_posix() for file in other.rglob("*.toml")] == ["moa-own/2026-01-02/edition.toml"]
    with moved.write() as session:
        rows = session.scalars(select(Application)).all()
        assert all(history.verify(session, row) == [] for row in rows)
        # Numbers go on behind those that came along.
        applications.create(session, moved.agency_id, now=NOW, answers=answers)
        create_agency(session, "Another", now=NOW)
        session.commit()


def test_it_holds_no_key_and_no_name(sqlite_store: Store, answers: Answers, forms: Path, work: Path) -> None:
    fill(sqlite_store, answers)
    data, _ = backup.take(sqlite_store.engine, forms, now=NOW, work=work)
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        raw = b"".join(archive.read(name) for name in archive.namelist())
        assert sorted(archive.namelist()) == [
            *("database.sqlite3", "forms/moa-own/2026-01-02/edition.toml", "manifest.json"),
        ]
    for word in (CANARY, "Quetzalcoatl", "Jordan", "555-0102", "Example County"):
        assert word.encode() not in raw
    assert not [key for key in sqlite_store.ring.keys.values() if key in raw]


def test_with_other_keys_nothing_is_changed(sqlite_store: Store, answers: Answers, forms: Path, work: Path) -> None:
    fill(sqlite_store, answers)
    data, _ = backup.take(sqlite_store.engine, forms, now=NOW, work=work)
    with sqlite_store.write() as session:
        applications.create(session, sqlite_store.agency_id, now=NOW, answers=answers)
        session.commit()
    before = documents(sqlite_store)
    with pytest.raises(SealError, match="key file"):
        backup.bring_back(data, sqlite_store.engine, forms, new_keyring(), work=work)
    assert documents(sqlite_store) == before
    assert len(before) == 3


def changed(data: bytes, change: Callable[[dict[str, bytes]], None]) -> bytes:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        held = {name: archive.read(name) for name in archive.namelist()}
    change(held)
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, body in held.items():
            archive.writestr(name, body)
    return out.getvalue()


def other_bytes(held: dict[str, bytes]) -> None:
    body = held["database.sqlite3"]
    held["database.sqlite3"] = body[:-1] + bytes([body[-1] ^ 1])


def no_database(held: dict[str, bytes]) -> None:
    del held["database.sqlite3"]


def broken_pages(held: dict[str, bytes]) -> None:
    body = held["database.sqlite3"]
    held["database.sqlite3"] = body[:4096] + b"\xff" * (len(body) - 4096)
    rehash(held)


def path_outside(held: dict[str, bytes]) -> None:
    held["forms/../../evil.toml"] = b"x"
    manifest = json.loads(held["manifest.json"])
    manifest["files"].append({"name": "forms/../../evil.toml", "bytes": 1, "sha256": ""})
    held["manifest.json"] = json.dumps(manifest).encode()
    rehash(held)


def newer_version(held: dict[str, bytes]) -> None:
    with TemporaryDirectory() as folder:
        file = Path(folder) / "x.sqlite3"
        file.write_bytes(held["database.sqlite3"])
        with closing(sqlite3.connect(file)) as database:
            database.execute("UPDATE alembic_version SET version_num = '9999'")
            database.commit()
        held["database.sqlite3"] = file.read_bytes()
    rehash(held)


def rehash(held: dict[str, bytes]) -> None:
    manifest = json.loads(held["manifest.json"])
    for row in manifest["files"]:
        row["sha256"] = hashlib.sha256(held[row["name"]]).hexdigest()
    held["manifest.json"] = json.dumps(manifest).encode()


@pytest.mark.parametrize(
    ("change", "why"),
    [
        (other_bytes, "database.sqlite3 is not as it was written"),
        (no_database, "not a backup that moa made"),
        (broken_pages, "database.sqlite3 is not as it was written"),
        (path_outside, "not a backup that moa made"),
        (newer_version, "newer version"),
    ],
)
def test_a_damaged_or_foreign_backup_changes_nothing(
    sqlite_store: Store, forms: Path, work: Path, change: Callable[[dict[str, bytes]], None], why: str
) -> None:
    fill(sqlite_store, Answers())
    data, _ = backup.take(sqlite_store.engine, forms, now=NOW, work=work)
    before = documents(sqlite_store)
    with pytest.raises(InputError, match=why):
        backup.bring_back(changed(data, change), sqlite_store.engine, forms, sqlite_store.ring, work=work)
    assert documents(sqlite_store) == before
    assert not (forms.parent.parent / "evil.toml").exists()


@pytest.mark.parametrize("data", [b"", b"PK\x03\x04", b"%PDF-1.7", b"[]" * 40])
def test_what_is_no_backup_is_refused(data: bytes, work: Path) -> None:
    with pytest.raises(InputError, match="not a backup that moa made"):
        backup.look(data, work=work)


def test_it_is_taken_while_others_write(store: Store, answers: Answers, forms: Path, work: Path) -> None:
    """Whatever stands in a backup was there at one moment: each application with its whole history."""
    fill(store, answers)
    stop = threading.Event()

    def write() -> None:
        while not stop.is_set():
            with store.write() as session:
                applications.create(session, store.agency_id, now=NOW, answers=answers)
                session.commit()

    writer = threading.Thread(target=write)
    writer.start()
    try:
        taken = [backup.take(store.engine, forms, now=NOW, work=work) for _ in range(4)]
    finally:
        stop.set()
        writer.join()
    counts = [held.applications for _, held in taken]
    assert counts == sorted(counts)
    assert counts[-1] > counts[0]
    backup.bring_back(taken[-1][0], store.engine, forms, store.ring, work=work)
    with store.write() as session:
        rows = session.scalars(select(Application)).all()
        assert len(rows) == counts[-1]
        assert all(history.verify(session, row) == [] for row in rows)


@pytest.fixture
def installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, answers: Answers) -> Path:
    """An instance with one application, unchanged for two years."""
    monkeypatch.setenv("ASSISTANT_INSTANCE_DIR", str(tmp_path / "instance"))
    with command_session() as session:
        agency = create_agency(session, "Example Agency", now=NOW)
        applications.create(session, agency.id, now=datetime.now(UTC) - timedelta(days=730), answers=answers)
    return tmp_path / "instance"


def test_the_commands_back_up_and_bring_back(
    installed: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "backup.zip"
    assert run(["backup", str(file), "--json"]) == 0
    said = capsys.readouterr()
    assert json.loads(said.out)["applications"] == 1
    assert "It does not include the keys" in said.err
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert run(["purge", "--json"]) == 0
    assert [row["nominees"] for row in json.loads(capsys.readouterr().out)] == [2]
    assert run(["restore", str(file), "--json"]) == 0
    before = json.loads(capsys.readouterr().out)["before"]
    with command_session() as session:
        assert session.scalars(select(Application)).one().nominee_count == 2
    # What was there before is a backup as well.
    assert run(["restore", before]) == 0
    assert capsys.readouterr().out.startswith("1 application and 0 files of your own forms are restored, as of ")
    assert run(["backup", str(tmp_path / "again.zip")]) == 0
    assert capsys.readouterr().out.startswith("1 application, 0 files of own forms, ")
    with command_session() as session:
        assert session.scalars(select(Application)).one().nominee_count == 0
    assert len(list(installed.glob("before-restore-*.zip"))) >= 1


def test_the_command_refuses_what_is_no_backup(installed: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (installed / "x.zip").write_bytes(b"nothing")
    assert run(["restore", str(installed / "x.zip")]) == 2
    assert capsys.readouterr().err.count("\n") == 1
    assert not list(installed.glob("before-restore-*.zip"))


def test_purge_says_first_and_then_does(installed: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert installed.is_dir()
    assert run(["purge", "--dry-run"]) == 0
    assert "would be removed from 1 application." in capsys.readouterr().out
    assert run(["purge", "--older-than", "800"]) == 0
    assert "is removed from 0 applications." in capsys.readouterr().out
    assert run(["purge"]) == 0
    assert "2 nominees" in capsys.readouterr().out
    with command_session() as session:
        assert session.scalars(select(Application)).one().nominee_count == 0


def test_purge_of_one_agency_leaves_the_others_as_they_are(
    installed: Path, answers: Answers, capsys: pytest.CaptureFixture[str]
) -> None:
    copy = installed / "before-restore-20240101-000000.zip"
    copy.write_bytes(b"a copy with the data of every agency")
    with command_session() as session:
        other = create_agency(session, "Sample Village Police Department", now=NOW)
        applications.create(session, other.id, now=datetime.now(UTC) - timedelta(days=730), answers=answers)
        other_id = other.id
    assert run(["purge", "--agency", "Nowhere"]) == 2
    assert "There is no agency named Nowhere." in capsys.readouterr().err
    assert run(["purge", "--agency", "Example  Agency", "--json"]) == 0
    assert len(json.loads(capsys.readouterr().out)) == 1
    assert copy.exists()
    with command_session() as session:
        left = {row.agency_id: row.nominee_count for row in session.scalars(select(Application))}
    assert left.pop(other_id) == 2
    assert list(left.values()) == [0]


def test_imported_facts_come_along_and_later_ones_go(
    sqlite_store: Store, answers: Answers, forms: Path, work: Path
) -> None:
    fill(sqlite_store, answers)
    facts = forms.with_name("facts")
    facts.mkdir()
    (facts / "0001.json").write_text('{"format": "moa-facts/1"}', "utf-8")
    (facts / "note.txt").write_text("not an import", "utf-8")
    data, held = backup.take(sqlite_store.engine, forms, now=NOW, work=work)
    assert (held.files, held.imports) == (1, 1)
    (facts / "0001.json").write_text("changed", "utf-8")
    (facts / "0002.json").write_text("later", "utf-8")
    backup.bring_back(data, sqlite_store.engine, forms, sqlite_store.ring, work=work)
    assert {file.name: file.read_text("utf-8") for file in facts.iterdir()} == {
        "0001.json": '{"format": "moa-facts/1"}',
    }  # fmt: skip
