"""Restore, as its users run it: on a new machine, over a damaged database, and after a backup that was killed."""

from __future__ import annotations

import io
import json
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import ExitStack, closing, redirect_stderr, redirect_stdout
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING
from zipfile import ZipFile

import pytest
from sqlalchemy import text

from assistant.answers import Agency, Answers, Nominee
from assistant.cli.database import session as command_session
from assistant.cli.main import run
from assistant.errors import InputError
from assistant.services.application import applications
from assistant.services.installation import backup
from assistant.services.installation.agencies import local_agency
from assistant.services.installation.restore import find_safety_copies
from assistant.storage.database import make_engine
from tests.storage.conftest import scratch_database

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

NOW = datetime(2026, 1, 20, 15, 30, tzinfo=UTC)
ROOT = Path(__file__).resolve().parent.parent.parent
ALEX = Nominee(full_name="Alex Nguyen")
SOME = Answers(agency=Agency(legal_name="Example County Sheriff’s Office"), nominees=(ALEX,))


class Machine:
    """An installation of its own: a folder, a database, and the commands run on it in processes of their own."""

    def __init__(self, folder: Path, database: str = "") -> None:
        self.folder, self.database = folder, database
        self.file = folder / "assistant.sqlite3"
        self.temporary = folder.with_name(f"{folder.name}-tmp")
        self.temporary.mkdir()

    def environ(self) -> dict[str, str]:
        named = {"ASSISTANT_INSTANCE_DIR": str(self.folder), "TMPDIR": str(self.temporary)}
        return {**os.environ, **named, **({"ASSISTANT_DATABASE_URL": self.database} if self.database else {})}

    def start(self, *arguments: str) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [sys.executable, "-m", "assistant", *arguments],
            cwd=ROOT,
            env=self.environ(),
            text=True,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )

    def moa(self, *arguments: str) -> tuple[int, str, str]:
        """Return exit status, result and notices of a command run in this process: a new one takes seconds."""
        out, err = io.StringIO(), io.StringIO()
        with pytest.MonkeyPatch.context() as patch, redirect_stdout(out), redirect_stderr(err):
            for name, value in self.environ().items():
                patch.setenv(name, value)
            status = run(arguments)
            return status, out.getvalue(), err.getvalue()

    def process(self, *arguments: str) -> tuple[int, str, str]:
        """Return the same of a command run as a person runs it, in a process of its own."""
        process = self.start(*arguments)
        out, err = process.communicate(timeout=120)
        return process.returncode, out, err

    def serve_once(self) -> str:
        """Start the server until it says where it is, and stop it; return that line, "" where it does not start."""
        process = self.start("serve", "--port", "0")
        assert process.stdout
        line = process.stdout.readline()
        process.send_signal(signal.SIGTERM)
        process.communicate(timeout=60)
        return line

    def work_left(self) -> list[str]:
        return [path.name for path in (self.folder / "work").iterdir() if path.name != "lock"]

    def titles(self, monkeypatch: pytest.MonkeyPatch) -> list[str]:
        with monkeypatch.context() as patch:
            for name, value in self.environ().items():
                patch.setenv(name, value)
            with command_session() as session:
                agency = local_agency(session, now=NOW)
                return [listed.title for listed in applications.list_for(session, agency.id)]

    def add_application(self, monkeypatch: pytest.MonkeyPatch) -> None:
        with monkeypatch.context() as patch:
            for name, value in self.environ().items():
                patch.setenv(name, value)
            with command_session() as session:
                agency = local_agency(session, now=NOW)
                applications.create(session, agency.id, now=NOW, answers=SOME)


@pytest.fixture(params=["sqlite", "postgresql"])
def databases(request: pytest.FixtureRequest) -> Iterator[Callable[[], str]]:
    """Give the address of a new empty database, each time it is asked: "" for SQLite in the instance folder."""
    if request.param == "sqlite":
        yield str
        return
    with ExitStack() as made:
        yield lambda: made.enter_context(scratch_database()).render_as_string(hide_password=False)


@pytest.fixture
def old(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Machine:
    """A machine on SQLite with one application."""
    machine = Machine(tmp_path / "old")
    machine.add_application(monkeypatch)
    return machine


@pytest.fixture
def saved(old: Machine, tmp_path: Path) -> Path:
    """A backup of it."""
    file = tmp_path / "backup.zip"
    assert old.moa("backup", str(file))[0] == 0
    return file


def test_a_new_machine_takes_the_old_keys(
    old: Machine, saved: Path, tmp_path: Path, databases: Callable[[], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    new = Machine(tmp_path / "new", databases())
    assert new.serve_once().startswith("Open http://")
    shutil.copytree(old.folder / "keys", new.folder / "keys", dirs_exist_ok=True)
    status, out, err = new.process("restore", str(saved), "--json")
    assert (status, json.loads(out)["set_aside"]) == (0, []), err
    assert new.titles(monkeypatch) == ["Example County Sheriff’s Office"]
    # What was there before, an empty database, can be had again with the same keys.
    assert new.moa("restore", json.loads(out)["before"])[0] == 0
    assert new.titles(monkeypatch) == []


def test_without_its_keys_a_backup_changes_nothing(saved: Path, tmp_path: Path) -> None:
    new = Machine(tmp_path / "new")
    status, out, err = new.moa("restore", str(saved))
    assert (status, out, err.count("\n")) == (2, "", 1)
    assert f"Copy the folder instance/keys from the installation that made the backup" in err  # noqa: F541
    assert not new.folder.exists()
    assert new.moa("setup")[0] == 0
    before = new.file.read_bytes()
    status, out, err = new.moa("restore", str(saved))
    assert (status, out) == (2, "")
    assert "Copy the folder instance/keys from the installation that made the backup" in err
    assert new.file.read_bytes() == before
    assert not list(new.folder.glob("before-restore-*"))


def test_a_database_that_holds_something_is_not_lost_to_other_keys(
    old: Machine, saved: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    new = Machine(tmp_path / "new")
    new.add_application(monkeypatch)
    own_keys = new.folder.with_name("own-keys")
    (new.folder / "keys").rename(own_keys)
    shutil.copytree(old.folder / "keys", new.folder / "keys")
    status, out, err = new.moa("restore", str(saved))
    assert (status, out, err.count("\n")) == (2, "", 1)
    assert "does not open what is in the database now" in err
    shutil.rmtree(new.folder / "keys")
    own_keys.rename(new.folder / "keys")
    assert new.titles(monkeypatch) == ["Example County Sheriff’s Office"]


def scribble_all(file: Path) -> None:
    file.write_bytes(os.urandom(file.stat().st_size))


def scribble_inside(file: Path) -> None:
    body = file.read_bytes()
    file.write_bytes(body[:8192] + b"\xff" * (len(body) - 8192))


def cut_short(file: Path) -> None:
    file.write_bytes(file.read_bytes()[: file.stat().st_size // 2])


def lose_a_table(file: Path) -> None:
    with closing(sqlite3.connect(file)) as database:
        database.execute("DROP TABLE exports")
        database.commit()


def lose_the_version(file: Path) -> None:
    with closing(sqlite3.connect(file)) as database:
        database.execute("DROP TABLE alembic_version")
        database.commit()


DAMAGES = [scribble_all, scribble_inside, cut_short, lose_a_table, lose_the_version]


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_damaged_database_is_set_aside(
    old: Machine, saved: Path, damage: Callable[[Path], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    own = old.folder / "forms" / "moa-own" / "2026-01-02" / "edition.toml"
    own.parent.mkdir(parents=True)
    own.write_text("title = 'Own'\n", "utf-8")
    damage(old.file)
    damaged = old.file.read_bytes()
    refused = old.moa("backup", str(saved.with_name("never.zip")))
    assert (refused[0], refused[1], refused[2].count("\n")) == (2, "", 1)
    assert "`moa restore FILE.zip`" in refused[2]
    assert not saved.with_name("never.zip").exists()

    status, out, err = old.process("restore", str(saved), "--json")
    assert status == 0, err
    (aside,) = (Path(name) for name in json.loads(out)["set_aside"] if not name.endswith(("-wal", "-shm")))
    assert aside.parent == old.folder
    assert aside.read_bytes() == damaged
    assert str(aside) in err
    with ZipFile(json.loads(out)["before"]) as forms:
        assert forms.read("forms/moa-own/2026-01-02/edition.toml") == b"title = 'Own'\n"
    assert not own.exists()
    assert old.titles(monkeypatch) == ["Example County Sheriff’s Office"]


@pytest.mark.parametrize("damage", [scribble_all, lose_a_table])
def test_the_server_says_what_to_do_with_a_damaged_database(old: Machine, damage: Callable[[Path], None]) -> None:
    damage(old.file)
    for command in (["serve", "--port", "0"], ["setup"], ["forms", "list"]):
        status, out, err = old.process(*command) if command[0] == "serve" else old.moa(*command)
        assert (status, err.count("\n")) == (2, 1)
        assert "Open http" not in out
        assert str(old.file) in err
        assert "`moa restore FILE.zip`" in err


def test_a_restore_that_fails_puts_the_damaged_database_back(
    old: Machine, saved: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    scribble_all(old.file)
    damaged = old.file.read_bytes()
    monkeypatch.setenv("ASSISTANT_INSTANCE_DIR", str(old.folder))

    def fail(*_: object, **__: object) -> None:
        raise InputError("The disk went away.")

    monkeypatch.setattr("assistant.services.installation.restore.bring_back", fail)
    assert run(["restore", str(saved)]) == 2
    assert capsys.readouterr().err == "The disk went away.\n"
    assert old.file.read_bytes() == damaged
    assert find_safety_copies(f"sqlite:///{old.file}", old.folder) == []


@pytest.mark.parametrize("databases", ["postgresql"], indirect=True)
def test_a_damaged_server_database_is_left_to_its_keeper(
    old: Machine, saved: Path, tmp_path: Path, databases: Callable[[], str]
) -> None:
    """No file of this machine holds it: an empty database is what there is to be asked for."""
    new = Machine(tmp_path / "new", databases())
    assert new.moa("setup")[0] == 0
    shutil.copytree(old.folder / "keys", new.folder / "keys", dirs_exist_ok=True)
    engine = make_engine(new.database)
    with engine.begin() as connection:
        cascade = " CASCADE" if engine.dialect.name == "postgresql" else ""
        connection.execute(text(f"DROP TABLE exports{cascade}"))
    engine.dispose()
    for command in (["restore", str(saved)], ["backup", str(tmp_path / "x.zip")], ["setup"]):
        status, _, err = new.moa(*command)
        assert (status, err.count("\n")) == (2, 1)
        assert "Set database_url to an empty database" in err
        assert "postgres@" not in err


def test_integrity_is_checked_where_no_query_would_notice(old: Machine, tmp_path: Path) -> None:
    """A row that stands in its table and not in the index: everything can be read, and the file is not whole."""
    with closing(sqlite3.connect(old.file)) as database:
        database.execute("PRAGMA journal_mode = DELETE")
        database.execute("PRAGMA writable_schema = ON")
        sql = "SELECT sql FROM sqlite_master WHERE name = 'settings'"
        assert database.execute(sql).fetchone()
        database.execute("CREATE INDEX ix_trial ON settings (value)")
        database.execute("DELETE FROM sqlite_master WHERE name = 'ix_trial'")
        database.execute("UPDATE settings SET value = value || '00'")
        database.commit()
    work = tmp_path / "work"
    work.mkdir()
    with closing(sqlite3.connect(old.file)) as database:
        assert database.execute("SELECT count(*) FROM applications").fetchone() == (1,)
        assert database.execute("PRAGMA integrity_check").fetchone() != ("ok",)
    assert backup._count_if_whole(old.file) is None
    assert old.moa("backup", str(tmp_path / "never.zip"))[0] == 2


def wait_for_work(machine: Machine) -> None:
    """Wait until a copy of the database lies in the work folder."""
    end = time.monotonic() + 60
    while time.monotonic() < end:
        if (machine.folder / "work").is_dir() and machine.work_left():
            return
        time.sleep(0.005)
    pytest.fail("no copy was ever made")


SLOW = """
import sys, time
import assistant.services.installation.backup as backup
real = backup._count_if_whole
def slow(copy):
    time.sleep(60)
    return real(copy)
backup._count_if_whole = slow
from assistant.cli.main import run
raise SystemExit(run(sys.argv[1:]))
"""


@pytest.mark.parametrize("command", ["backup", "restore"])
@pytest.mark.parametrize("after", ["backup", "purge"])
def test_what_is_killed_leaves_no_copy(old: Machine, saved: Path, tmp_path: Path, command: str, after: str) -> None:
    file = saved if command == "restore" else tmp_path / "new.zip"
    killed = subprocess.Popen([sys.executable, "-c", SLOW, command, str(file)], cwd=ROOT, env=old.environ())
    try:
        wait_for_work(old)
    finally:
        killed.kill()
        killed.wait()
    assert list(old.temporary.iterdir()) == []
    assert old.work_left()
    assert old.folder.stat().st_mode & 0o077 == 0
    left = tmp_path / ".next.zip.0123456789abcdef.part"
    left.write_bytes(b"half of a backup")
    arguments = [str(tmp_path / "next.zip")] if after == "backup" else []
    assert old.moa(after, *arguments)[0] == 0
    assert old.work_left() == []
    assert left.exists() is (after == "purge")


def test_two_backups_at_once_wait_for_each_other(old: Machine, tmp_path: Path) -> None:
    files = [tmp_path / f"{number}.zip" for number in range(3)]
    started = [old.start("backup", str(file)) for file in files]
    assert [process.wait(timeout=120) for process in started] == [0, 0, 0]
    for process in started:
        process.communicate()
    assert all(file.is_file() for file in files)
    assert old.work_left() == []


def test_purge_deletes_old_copies_and_names_the_young(
    old: Machine, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("ASSISTANT_INSTANCE_DIR", str(old.folder))
    now = datetime.now(UTC)
    young, aged = (f"{now - timedelta(days=days):%Y-%m-%dT%H%M%SZ}" for days in (3, 400))
    names = ["before-restore-{}.zip", "assistant.sqlite3.damaged-{}", "assistant.sqlite3.damaged-{}-wal"]
    for stamp in (young, aged):
        for name in names:
            (old.folder / name.format(stamp)).write_bytes(b"x")
    others = [old.folder / "before-restore-mine.zip", old.folder / f"my-before-restore-{aged}.zip"]
    for other in others:
        other.write_bytes(b"x")
    assert run(["purge", "--dry-run"]) == 0
    said = capsys.readouterr().err
    assert said.count("would be deleted") == 3
    assert len(list(old.folder.glob("*restore*"))) == 4
    assert run(["purge", "--json"]) == 0
    out, said = capsys.readouterr()
    assert isinstance(json.loads(out), list)
    for name in names:
        assert not (old.folder / name.format(aged)).exists()
        assert (old.folder / name.format(young)).exists()
        assert f"{old.folder / name.format(aged)} is deleted" in said
        assert f"{old.folder / name.format(young)} may still contain nominee data" in said
    assert all(other.exists() for other in others)


def test_there_is_nothing_to_back_up_where_no_database_is(tmp_path: Path) -> None:
    empty = Machine(tmp_path / "empty")
    status, out, err = empty.moa("backup", str(tmp_path / "x.zip"))
    assert (status, out, err.count("\n")) == (2, "", 1)
    assert "no database is at" in err
    assert not (tmp_path / "x.zip").exists()
    assert not empty.folder.exists()
