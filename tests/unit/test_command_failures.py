"""A full disk, a closed folder, a database that is away: one sentence, the right status, nothing half-written."""

from __future__ import annotations

import errno
import os
import resource
import sqlite3
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import event, text
from sqlalchemy.exc import OperationalError

from assistant import disk
from assistant.cli import main as cli
from assistant.cli.database import session as command_session
from assistant.cli.main import run
from assistant.errors import DamagedDatabaseError, InputError
from assistant.services.installation.undo import undo_unless_committed
from assistant.storage.database import make_engine, migrate
from assistant.storage.database_failures import explain

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Engine
    from sqlalchemy.orm import Session

ROOT = Path(__file__).resolve().parent.parent.parent
AWAY = "postgresql+psycopg://clerk:hidden-word@127.0.0.1:1/records"


@pytest.fixture
def instance(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("ASSISTANT_INSTANCE_DIR", str(tmp_path / "instance"))
    return tmp_path / "instance"


def sentence(capsys: pytest.CaptureFixture[str]) -> str:
    """Return the one line that a command printed, and nothing as its result."""
    out, err = capsys.readouterr()
    assert out == ""
    assert err.count("\n") == 1
    assert "in moa itself" not in err
    return err


@pytest.mark.parametrize(
    ("number", "says"),
    [
        (sqlite3.SQLITE_FULL, "is full. Free some space"),
        (sqlite3.SQLITE_IOERR_WRITE, "cannot be read or written"),
        (sqlite3.SQLITE_READONLY, "cannot be opened or written"),
        (sqlite3.SQLITE_CANTOPEN, "cannot be opened or written"),
        (sqlite3.SQLITE_BUSY, "is in use by another program"),
        (sqlite3.SQLITE_CORRUPT, "is damaged"),
        (sqlite3.SQLITE_NOTADB, "is damaged"),
        (sqlite3.SQLITE_ERROR, None),
        (sqlite3.SQLITE_CONSTRAINT, None),
    ],
)
def test_each_failure_of_sqlite_has_its_sentence(tmp_path: Path, number: int, says: str | None) -> None:
    error = sqlite3.OperationalError("words of the driver")
    error.sqlite_errorcode = number
    found = explain(OperationalError("SELECT 1", {}, error), f"sqlite:///{tmp_path}/x.sqlite3")
    assert (found is None) is (says is None), "a statement that is wrong is a fault of ours"
    if found is not None and says is not None:
        assert says in str(found)
        assert f"{tmp_path}/x.sqlite3" in str(found)
        assert isinstance(found, DamagedDatabaseError) is (says == "is damaged")


@pytest.mark.parametrize(
    ("state", "says"),
    [
        (None, "does not answer"),
        ("53100", "is full. Free some space"),
        ("53300", "is in use"),
        ("57P01", "does not answer"),
        ("25006", "cannot be opened or written"),
        ("XX001", "is damaged"),
        ("42P01", None),
        ("23505", None),
    ],
)
def test_each_failure_of_a_server_has_its_sentence(state: str | None, says: str | None) -> None:
    class OperationalError_(Exception):  # noqa: N801, N818 - stands for the driver's
        sqlstate = state

    OperationalError_.__name__ = "OperationalError"
    found = explain(OperationalError("SELECT 1", {}, OperationalError_()), AWAY)
    assert (found is None) is (says is None)
    if found is not None and says is not None:
        assert says in str(found)
        assert "records on 127.0.0.1:1" in str(found)
        assert "hidden-word" not in str(found)
        assert "clerk" not in str(found)


@pytest.mark.parametrize(
    "command", [["forms", "list"], ["serve", "--port", "0"], ["setup"], ["backup", "x.zip"], ["purge"]]
)
@pytest.mark.parametrize(
    ("address", "says"),
    [
        (AWAY, "The database records on 127.0.0.1:1 does not answer"),
        ("sqlite:////no-such-folder/x.sqlite3", "/no-such-folder/x.sqlite3"),
        ("sqlite://", "names no file"),
        ("nonsense", "is not the address of a database"),
    ],
)
@pytest.mark.usefixtures("instance")
def test_a_database_that_is_away_is_one_sentence(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    command: list[str],
    address: str,
    says: str,
) -> None:
    monkeypatch.setenv("ASSISTANT_DATABASE_URL", address)
    assert run(command) == 2
    out, err = capsys.readouterr()
    assert "\n" not in out.removesuffix("\n")
    assert out == "" or out.startswith("  keys in ")
    assert says in err
    assert err.count("\n") == 1
    assert not Path("x.zip").exists()


def small_files(most: int) -> None:
    """Let this process write no file longer than so many bytes: as good as a full disk, for root too."""
    resource.setrlimit(resource.RLIMIT_FSIZE, (most, most))


def test_a_real_command_on_a_full_disk(tmp_path: Path) -> None:
    """The database cannot grow: nothing is there afterwards that another run would stumble over."""
    environ = {**os.environ, "ASSISTANT_INSTANCE_DIR": str(tmp_path / "instance")}

    def moa(*arguments: str, most: int) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-B", "-m", "assistant", *arguments]
        return subprocess.run(
            command, cwd=ROOT, env=environ, capture_output=True, text=True, check=False,
            preexec_fn=lambda: small_files(most),
        )  # fmt: skip

    done = moa("setup", most=40_000)
    assert done.returncode == 2, done.stderr
    assert "cannot be read or written" in done.stderr
    assert "in moa itself" not in done.stderr
    file = tmp_path / "backup.zip"
    assert moa("setup", most=10_000_000).returncode == 0
    done = moa("backup", str(file), most=40_000)
    assert (done.returncode, done.stderr.count("\n")) == (2, 1), done.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["instance"]
    assert [path.name for path in (tmp_path / "instance" / "work").iterdir()] == ["lock"]


def fail_with(number: int) -> Any:
    def fail(*_: object, **__: object) -> None:
        raise OSError(number, os.strerror(number))

    return fail


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EROFS, errno.EACCES, errno.EIO])
def test_output_that_cannot_be_written_is_one_sentence(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], number: int
) -> None:
    monkeypatch.setattr("assistant.cli.models.print_json", fail_with(number))
    assert run(["models", "--json"]) == 2
    assert os.strerror(number).lower() in sentence(capsys)


def test_an_error_that_no_disk_made_is_a_fault_of_ours(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("assistant.cli.models.print_json", fail_with(errno.EBADF))
    assert run(["models", "--json"]) == cli.OUR_FAULT
    assert "in moa itself" in capsys.readouterr().err


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no /dev/full")
def test_a_full_standard_output_is_no_traceback() -> None:
    with Path("/dev/full").open("w") as full:
        command = [sys.executable, "-m", "assistant", "models"]
        done = subprocess.run(command, cwd=ROOT, stdout=full, stderr=subprocess.PIPE, text=True, check=False)
        assert (done.returncode, done.stderr.count("\n")) == (2, 1)
        silent = subprocess.run([*command[:-1], "no-such"], cwd=ROOT, stdout=full, stderr=full, check=False)
        assert silent.returncode == 2


def test_files_that_belong_together_are_written_all_or_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "there").mkdir()
    (tmp_path / "there" / "a").write_bytes(b"first")
    files = {tmp_path / "there" / "a": b"second", tmp_path / "new" / "deep" / "b": b"b", tmp_path / "c": b"c"}
    written: list[int] = []
    real = os.fsync

    def full_at_the_third(descriptor: int) -> None:
        written.append(descriptor)
        if len(written) == 3:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        real(descriptor)

    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", full_at_the_third)
        with pytest.raises(OSError, match="No space") as caught:
            disk.put_all(files)
    assert caught.value.filename == str(tmp_path / "c")
    assert [path.name for path in tmp_path.rglob("*")] == ["there", "a"]
    assert (tmp_path / "there" / "a").read_bytes() == b"first"
    disk.put_all(files)
    assert {path: path.read_bytes() for path in files} == files


def test_a_read_only_disk_names_the_file_that_was_asked_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "open", fail_with(errno.EROFS))
    monkeypatch.setattr(Path, "unlink", fail_with(errno.EROFS))
    with pytest.raises(OSError, match="Read-only") as caught:
        disk.write_atomically(tmp_path / "bundle.zip", b"x")
    assert caught.value.filename == str(tmp_path / "bundle.zip")


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    made = make_engine(f"sqlite:///{tmp_path / 'x.sqlite3'}")
    migrate(made)
    yield made
    made.dispose()


@pytest.mark.parametrize(
    ("way", "undone"), [("commit", 0), ("rollback", 1), ("close", 1), ("failed commit", 1), ("commit, then more", 0)]
)
@pytest.mark.usefixtures("instance")
def test_what_was_done_to_files_is_undone_unless_the_rows_are_committed(way: str, undone: int) -> None:
    calls: list[str] = []

    def end(session: Session) -> None:
        if way.startswith("commit"):
            session.commit()
            if way != "commit":
                session.execute(text("SELECT 1"))
                session.rollback()
        elif way == "rollback":
            session.rollback()
        elif way == "failed commit":

            def full(*_: object) -> None:
                error = sqlite3.OperationalError("database or disk is full")
                raise error

            event.listen(session, "before_commit", full)
            session.commit()
        else:
            raise InputError("Choose another file.")

    def act() -> None:
        with command_session() as session:
            session.execute(text("SELECT 1"))
            undo_unless_committed(session, lambda: calls.append("undone"))
            end(session)

    if way in {"close", "failed commit"}:
        with pytest.raises((InputError, sqlite3.OperationalError)):
            act()
    else:
        act()
    assert len(calls) == undone


def test_tables_that_are_absent_are_damage_not_a_fault_of_ours(engine: Engine) -> None:
    with engine.begin() as connection:
        connection.execute(text("DROP TABLE exports"))
    with pytest.raises(DamagedDatabaseError, match="not as this program made them"):
        migrate(engine)
