"""The log: JSON lines on standard error and in a file of the instance, at the level that is set, never without end."""

from __future__ import annotations

import json
import stat
import sys
from pathlib import Path

import pytest

from assistant import logs
from assistant.config import Config, load
from assistant.logs import open_log


def lines(config: Config) -> list[dict[str, str]]:
    file = config.log_dir / logs.FILE_NAME
    return [json.loads(line) for line in file.read_text("utf-8").splitlines()] if file.is_file() else []


def opened(tmp_path: Path, level: str) -> Config:
    config = load({"ASSISTANT_INSTANCE_DIR": str(tmp_path / "instance"), "ASSISTANT_LOG_LEVEL": level})
    config.make_folders()
    return config


@pytest.mark.parametrize(
    ("level", "written"),
    [
        ("debug", ["debug", "info", "warning", "error"]),
        ("info", ["info", "warning", "error"]),
        ("warning", ["warning", "error"]),
        ("error", ["error"]),
    ],
)
def test_the_level_decides_what_is_written(
    tmp_path: Path, level: str, written: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    config = opened(tmp_path, level)
    log = open_log(config)
    for name in ("debug", "info", "warning", "error"):
        getattr(log, name)("fault", request="abc", at="assistant.x:1")
    found = lines(config)
    assert [line["level"] for line in found] == written
    assert found[0] | {"level": "", "timestamp": ""} == {
        "event": "fault", "request": "abc", "at": "assistant.x:1", "level": "", "timestamp": "",
    }  # fmt: skip
    assert [json.loads(line) for line in capsys.readouterr().err.splitlines()] == found


def test_two_installations_in_one_process_keep_apart(tmp_path: Path) -> None:
    one, two = opened(tmp_path / "one", "info"), opened(tmp_path / "two", "info")
    first, second = open_log(one), open_log(two)
    first.info("first")
    second.info("second")
    assert [line["event"] for line in lines(one)] == ["first"]
    assert [line["event"] for line in lines(two)] == ["second"]


def test_the_file_is_replaced_before_it_grows_large(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(logs, "MAX_BYTES", 2_000)
    monkeypatch.setattr(logs, "OLD_FILES", 2)
    config = opened(tmp_path, "info")
    log = open_log(config)
    for number in range(200):
        log.info("refused", request=f"{number:012}")
    files = sorted(config.log_dir.iterdir())
    assert [file.name for file in files] == ["wizard.log", "wizard.log.1", "wizard.log.2"]
    assert all(file.stat().st_size <= 2_000 for file in files)
    assert lines(config)[-1]["request"] == "000000000199"


@pytest.mark.skipif(sys.platform == "win32", reason="only on POSIX systems has a file such a mode")
def test_only_this_user_reads_it(tmp_path: Path) -> None:
    config = opened(tmp_path, "info")
    open_log(config).info("started")
    assert stat.S_IMODE((config.log_dir / logs.FILE_NAME).stat().st_mode) == 0o600


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no /dev/full here: only on Windows and macOS")
def test_a_full_disk_stops_nothing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    config = opened(tmp_path, "info")
    (config.log_dir / logs.FILE_NAME).symlink_to("/dev/full")
    for number in range(2):
        open_log(config).error("fault", request=f"abc{number}")
    assert [json.loads(line)["request"] for line in capsys.readouterr().err.splitlines()] == ["abc0", "abc1"]


def test_a_log_that_cannot_be_written_stops_nothing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    config = opened(tmp_path, "info")
    (config.log_dir / logs.FILE_NAME).mkdir()
    open_log(config).error("fault", request="abc")
    shown = capsys.readouterr().err
    assert json.loads(shown)["request"] == "abc"
    assert "Traceback" not in shown
