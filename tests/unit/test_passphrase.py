"""A passphrase around the keys: nothing opens without it, and everything goes on with it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

import pytest

from assistant.cli.database import session
from assistant.cli.main import run
from assistant.errors import InputError, LockedKeysError, SealError
from assistant.storage import key_wrap
from assistant.storage.key_wrap import make_wrapping, refuse_weak
from assistant.storage.sealing import is_protected, new_keyring, read_keyring, write_keyring

if TYPE_CHECKING:
    from pathlib import Path

WORDS = "correct horse battery staple"
OTHER = "some entirely different words"


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let scrypt cost little, but where its cost is looked at."""
    monkeypatch.setattr(key_wrap, "COST", 2**4)


@pytest.fixture
def instance(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("ASSISTANT_INSTANCE_DIR", str(tmp_path / "instance"))
    assert run(["setup"]) == 0
    with session():
        pass
    file = tmp_path / "passphrase"
    file.write_text(f"{WORDS}\n", "utf-8")
    assert run(["keys", "protect", "--passphrase-file", str(file)]) == 0
    return tmp_path / "instance"


def test_the_cost_of_a_try_is_that_of_the_password_sheet(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.undo()
    assert (key_wrap.COST, key_wrap.BLOCK, key_wrap.PARALLEL) == (2**17, 8, 1)


def test_the_file_holds_no_key_and_opens_with_the_passphrase_alone(tmp_path: Path) -> None:
    path, plain, ring = tmp_path / "keyring.json", tmp_path / "plain.json", new_keyring()
    write_keyring(path, replace(ring, wrapping=make_wrapping(WORDS)))
    write_keyring(plain, ring)
    document = json.loads(plain.read_text("ascii"))
    protected = path.read_text("ascii")
    assert not any(secret in protected for secret in (*document["keys"].values(), document["audit"]))
    with pytest.raises(LockedKeysError, match="protected by a passphrase"):
        read_keyring(path)
    for wrong in (OTHER, "", WORDS.upper(), f"{WORDS} "):
        with pytest.raises(LockedKeysError, match="does not open the keys"):
            read_keyring(path, ask_passphrase=partial(str, wrong))
    assert read_keyring(path, ask_passphrase=lambda: WORDS) == ring


def test_the_same_letters_typed_another_way_open_it(tmp_path: Path) -> None:
    path, ring = tmp_path / "keyring.json", new_keyring()
    write_keyring(path, replace(ring, wrapping=make_wrapping("Jordan Nu\u0301n\u0303ez, Sheriff")))
    assert read_keyring(path, ask_passphrase=lambda: "Jordan N\u00fa\u00f1ez, Sheriff") == ring


@pytest.mark.parametrize("name", ["kdf", "salt", "nonce", "sealed"])
def test_an_altered_file_does_not_open(tmp_path: Path, name: str) -> None:
    path = tmp_path / "keyring.json"
    write_keyring(path, replace(new_keyring(), wrapping=make_wrapping(WORDS)))
    document = json.loads(path.read_text("ascii"))
    document[name] = ("B" if document[name][0] != "B" else "C") + document[name][1:]
    path.write_text(json.dumps(document), "ascii")
    with pytest.raises(SealError):
        read_keyring(path, ask_passphrase=lambda: WORDS)


@pytest.mark.parametrize("weak", ["", "fourteen chars", "a" * 40, "x" * 501])
def test_a_weak_passphrase_is_refused(weak: str) -> None:
    with pytest.raises(InputError, match="passphrase"):
        refuse_weak(weak)


@pytest.mark.parametrize("good", ["fifteen letters", "\u6b63\u3057\u3044\u99ac\u306e\u96fb\u6c60\u30db\u30c1" * 2])
def test_only_its_length_and_variety_count(good: str) -> None:
    refuse_weak(good)


def test_commands_ask_for_it_or_read_it_from_the_file_of_the_setting(
    instance: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert is_protected(instance / "keys" / "keyring.json")
    capsys.readouterr()
    assert run(["forms", "list", "--json"]) == 2
    out, err = capsys.readouterr()
    assert (out, err.count("\n")) == ("", 1)
    assert "The keys are protected by a passphrase" in err
    monkeypatch.setenv("ASSISTANT_PASSPHRASE_FILE", str(instance.parent / "passphrase"))
    assert run(["forms", "list", "--json"]) == 0
    (instance.parent / "passphrase").write_text(OTHER, "utf-8")
    capsys.readouterr()
    assert run(["forms", "list", "--json"]) == 2
    assert "does not open the keys" in capsys.readouterr().err
    monkeypatch.setenv("ASSISTANT_PASSPHRASE_FILE", str(instance / "none"))
    assert run(["forms", "list", "--json"]) == 2


def test_a_new_key_stays_protected_by_the_same_passphrase(instance: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ASSISTANT_PASSPHRASE_FILE", str(instance.parent / "passphrase"))
    file = instance / "keys" / "keyring.json"
    before = read_keyring(file, ask_passphrase=lambda: WORDS)
    assert run(["keys", "rotate"]) == 0
    after = read_keyring(file, ask_passphrase=lambda: WORDS)
    assert after.current != before.current
    assert is_protected(file)


def test_it_can_be_changed_and_taken_away(instance: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ASSISTANT_PASSPHRASE_FILE", str(instance.parent / "passphrase"))
    new = instance.parent / "new"
    new.write_text(OTHER, "utf-8")
    file = instance / "keys" / "keyring.json"
    ring = read_keyring(file, ask_passphrase=lambda: WORDS)
    assert run(["keys", "protect", "--passphrase-file", str(new)]) == 0
    with pytest.raises(LockedKeysError):
        read_keyring(file, ask_passphrase=lambda: WORDS)
    monkeypatch.setenv("ASSISTANT_PASSPHRASE_FILE", str(new))
    assert run(["keys", "unprotect"]) == 0
    assert read_keyring(file) == ring
    monkeypatch.delenv("ASSISTANT_PASSPHRASE_FILE")
    assert run(["forms", "list"]) == 0


def test_backup_and_restore_go_on_with_it(
    instance: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("ASSISTANT_PASSPHRASE_FILE", str(instance.parent / "passphrase"))
    backup = instance.parent / "backup.zip"
    assert run(["backup", str(backup)]) == 0
    assert run(["restore", str(backup)]) == 0
    assert run(["history", "verify"]) == 0
    assert run(["doctor"]) == 0
    assert "The keys open this database." in capsys.readouterr().out


def test_doctor_says_so_without_the_passphrase(instance: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert instance.is_dir()
    capsys.readouterr()
    assert run(["doctor"]) == 0
    assert "A passphrase protects the keys" in capsys.readouterr().out


def test_a_server_in_memory_goes_on_when_the_passphrase_is_changed_beside_it(tmp_path: Path) -> None:
    path, ring = tmp_path / "keyring.json", new_keyring()
    write_keyring(path, replace(ring, wrapping=make_wrapping(WORDS)))
    serving = read_keyring(path, ask_passphrase=lambda: WORDS)
    sealed = serving.seal("Alex", "applications.title.1")
    write_keyring(path, replace(ring.with_new_key(), wrapping=make_wrapping(OTHER)))
    serving.refresh()
    assert serving.open(sealed, "applications.title.1") == "Alex"
    assert serving.current == ring.current


def test_the_server_without_a_terminal_says_what_to_do(instance: Path) -> None:
    environ = {**os.environ, "ASSISTANT_INSTANCE_DIR": str(instance)}
    command = [sys.executable, "-m", "assistant", "serve", "--port", "0"]
    done = subprocess.run(command, env=environ, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (2, "")
    assert "The keys are protected by a passphrase" in done.stderr


def test_the_command_refuses_a_weak_one_and_changes_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("ASSISTANT_INSTANCE_DIR", str(tmp_path / "instance"))
    (tmp_path / "weak").write_text("short", "utf-8")
    assert run(["keys", "protect", "--passphrase-file", str(tmp_path / "weak")]) == 2
    assert "Use a passphrase of 15 to 500 characters" in capsys.readouterr().err
    assert not is_protected(tmp_path / "instance" / "keys" / "keyring.json")
