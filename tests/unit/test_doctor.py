"""`moa doctor` finds what is wrong with an installation, says what to do, and prints no secret."""

from __future__ import annotations

import json
import os
import sqlite3
import sys
from contextlib import closing
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from assistant.cli.database import session
from assistant.cli.main import run
from assistant.config import load
from assistant.services.application import applications
from assistant.services.installation import doctor
from assistant.services.installation.agencies import local_agency
from assistant.storage.sealing import new_keyring, read_keyring, write_keyring

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def instance(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("ASSISTANT_INSTANCE_DIR", str(tmp_path / "instance"))
    with session() as opened:
        now = datetime.now(UTC)
        applications.create(opened, local_agency(opened, now=now).id, now=now)
    assert load().key("session")
    return tmp_path / "instance"


def examine(capsys: pytest.CaptureFixture[str]) -> tuple[int, dict[str, list[Any]]]:
    """Return the exit status, and (state, message) of every check by its name."""
    status = run(["doctor", "--json"])
    document = json.loads(capsys.readouterr().out)
    assert document["ok"] is (status == 0)
    checks: dict[str, list[Any]] = {}
    for check in document["checks"]:
        checks.setdefault(check["name"], []).append((check["state"], check["message"]))
    return status, checks


def states(checks: dict[str, list[Any]], name: str) -> list[str]:
    return [state for state, _ in checks[name]]


def test_a_sound_installation_has_no_problem(instance: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert instance.is_dir()
    status, checks = examine(capsys)
    assert status == 0
    assert {"keys", "file modes", "database", "migrations", "keys fit", "clock", "disk", "form maps"} <= checks.keys()
    assert checks["keys fit"] == [("ok", "The keys open this database.")]


def test_it_makes_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setenv("ASSISTANT_INSTANCE_DIR", str(tmp_path / "none"))
    status, checks = examine(capsys)
    assert status == 1
    assert states(checks, "database") == ["problem"]
    assert not (tmp_path / "none").exists()


def test_it_prints_no_secret(instance: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for arguments in (["doctor"], ["doctor", "--json"]):
        run(arguments)
        out = "".join(capsys.readouterr())
        ring = json.loads((instance / "keys" / "keyring.json").read_text("ascii"))
        secrets = [*ring["keys"].values(), ring["audit"], (instance / "keys" / "session.key").read_text("ascii")]
        assert not any(secret in out for secret in secrets)


def test_keys_of_another_installation_do_not_fit(instance: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write_keyring(instance / "keys" / "keyring.json", new_keyring())
    status, checks = examine(capsys)
    assert (status, states(checks, "keys fit")) == (1, ["problem"])


def test_a_file_that_holds_no_keys_is_named(instance: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (instance / "keys" / "keyring.json").write_text("{}")
    status, checks = examine(capsys)
    assert (status, states(checks, "keys")) == (1, ["problem"])


def test_lost_keys_are_told_before_new_ones_take_their_place(
    instance: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (instance / "keys" / "keyring.json").unlink()
    status, checks = examine(capsys)
    assert status == 1
    assert "Copy the folder of keys of this database there" in checks["keys"][0][1]
    assert not (instance / "keys" / "keyring.json").exists()


def test_a_change_of_the_key_that_was_interrupted_is_told(instance: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = instance / "keys" / "keyring.json"
    write_keyring(file, read_keyring(file).with_new_key())
    status, checks = examine(capsys)
    assert (status, states(checks, "keys")) == (1, ["problem"])
    assert run(["keys", "rotate"]) == 0
    capsys.readouterr()
    assert examine(capsys)[0] == 0


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such modes")
@pytest.mark.parametrize("place", ["keys/keyring.json", "keys/session.key", "keys", "."])
def test_what_others_can_open_is_named(instance: Path, capsys: pytest.CaptureFixture[str], place: str) -> None:
    path = (instance / place).resolve()
    path.chmod(0o755 if path.is_dir() else 0o644)
    status, checks = examine(capsys)
    assert status == 1
    assert [message for _, message in checks["file modes"] if f"can open {path}." in message]


def test_tables_of_another_version_are_told(instance: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with closing(sqlite3.connect(instance / "assistant.sqlite3")) as database:
        database.execute("UPDATE alembic_version SET version_num = '0007'")
        database.commit()
    status, checks = examine(capsys)
    assert (status, states(checks, "migrations")) == (1, ["problem"])


def test_a_damaged_database_is_told(instance: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = instance / "assistant.sqlite3"
    with closing(sqlite3.connect(file)) as database:
        database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    data = bytearray(file.read_bytes())
    data[5_000:60_000] = os.urandom(55_000)
    file.write_bytes(data)
    status, checks = examine(capsys)
    assert (status, states(checks, "database")[-1]) == (1, "problem")


def test_a_save_in_the_future_is_told(instance: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert instance.is_dir()
    with session() as opened:
        ahead = datetime.now(UTC) + timedelta(days=400)
        applications.create(opened, local_agency(opened, now=ahead).id, now=ahead)
    status, checks = examine(capsys)
    assert (status, states(checks, "clock")) == (1, ["problem"])


def test_a_clock_that_was_reset_is_told(instance: Path) -> None:
    assert instance.is_dir()
    (clock,) = [one for one in doctor.examine(load(), now=datetime(2010, 1, 1, tzinfo=UTC)) if one.name == "clock"]
    assert clock.state == "problem"


@pytest.mark.parametrize(("free", "state"), [(50_000_000, "problem"), (500_000_000, "warning"), (10**11, "ok")])
def test_free_disk_is_looked_at(instance: Path, monkeypatch: pytest.MonkeyPatch, free: int, state: str) -> None:
    assert instance.is_dir()
    monkeypatch.setattr("shutil.disk_usage", lambda _: type("Usage", (), {"free": free})())
    (disk,) = [one for one in doctor.examine(load(), now=datetime.now(UTC)) if one.name == "disk"]
    assert disk.state == state


def test_missing_fonts_and_models_are_told(instance: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert instance.is_dir()
    monkeypatch.setattr("assistant.config.assets_dir", lambda: None)
    monkeypatch.setattr(doctor, "assets_dir", lambda: None)
    checks = {one.name: one.state for one in doctor.examine(load(), now=datetime.now(UTC))}
    assert (checks["fonts"], checks["page style"], checks["reading pictures"]) == ("problem", "warning", "warning")
