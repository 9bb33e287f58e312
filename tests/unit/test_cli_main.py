"""Whatever goes wrong in a command ends in one plain sentence and the right exit status."""

from __future__ import annotations

import errno
import os
import subprocess
import sys
from datetime import date
from typing import TYPE_CHECKING

import click
import pytest

from assistant.cli import main as cli
from assistant.cli import options
from assistant.cli.late_group import LateGroup
from assistant.errors import AnswersError, BlockedError, EditionError, FillError, NotFoundError, OurFaultError, PdfError

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def fails(monkeypatch: pytest.MonkeyPatch) -> list[BaseException | int | None]:
    """Give ``moa`` one command, which raises or returns what the test puts into this list."""
    what: list[BaseException | int | None] = []

    @click.command()
    def trial() -> int | None:
        one = what[0]
        if isinstance(one, BaseException):
            raise one
        return one

    def only(_self: LateGroup, _ctx: click.Context, name: str) -> click.Command | None:
        return trial if name == "trial" else None

    monkeypatch.setattr(LateGroup, "get_command", only)
    return what


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (None, 0),
        (0, 0),
        (1, 1),
        (PdfError("Choose another file."), 2),
        (OurFaultError("The PDF could not be read to its end."), 70),
        (AnswersError("agency.state", "Choose a State."), 2),
        (NotFoundError("There is no such form."), 2),
        (BlockedError("Two blockers stand."), 1),
        (FillError("Title", "Is not drawn."), 1),
        (EditionError("The map does not fit."), 1),
        (click.ClickException("Choose another."), 2),
        (click.Abort(), 130),
        (KeyboardInterrupt(), 130),
        (FileNotFoundError(errno.ENOENT, "No such file or directory", "a.json"), 2),
        (PermissionError(errno.EACCES, "Permission denied", "a.json"), 2),
        (OSError(errno.ENOSPC, "No space left on device", "out.zip"), 2),
        (ValueError("Jordan Núñez"), 70),
        (RecursionError(), 70),
        (MemoryError(), 70),
    ],
)
def test_each_end_has_its_status(
    fails: list[BaseException | int | None],
    capsys: pytest.CaptureFixture[str],
    error: BaseException | int | None,
    status: int,
) -> None:
    fails.append(error)
    assert cli.run(["trial"]) == status
    out, err = capsys.readouterr()
    assert out == ""
    assert "Traceback" not in err
    # click ends the line of ^C itself.
    assert len(err.strip().splitlines()) == (1 if isinstance(error, BaseException) else 0)


def test_fault_is_logged_without_values(
    fails: list[BaseException | int | None], capsys: pytest.CaptureFixture[str]
) -> None:
    fails.append(ValueError("Jordan Núñez, 123 Main Street"))
    assert cli.run(["trial"]) == cli.OUR_FAULT
    sentence = capsys.readouterr().err
    name = sentence.split("with the ID ")[1].split(".")[0]
    log = sentence.split("details are in ")[1].strip().rstrip(".")
    with open(log, encoding="utf-8") as file:  # noqa: PTH123  # the name as it was printed
        text = file.read()
    assert f"{name} moa " in text
    assert "ValueError" in text
    assert "test_cli_main.py" in text
    assert "Núñez" not in text + sentence


def test_fault_is_told_where_the_log_cannot_be_written(
    fails: list[BaseException | int | None],
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setenv("ASSISTANT_INSTANCE_DIR", str(tmp_path / "file"))
    fails.append(ValueError())
    assert cli.run(["trial"]) == cli.OUR_FAULT
    assert "could not be logged" in capsys.readouterr().err


@pytest.mark.parametrize(
    "arguments", [["bogus"], ["serve", "--bogus"], ["serve", "--port", "70000"], ["serve", "\x1b[2J\nx"], ["--bogus"]]
)
def test_wrong_usage_is_one_order(capfd: pytest.CaptureFixture[str], arguments: list[str]) -> None:
    assert cli.run(arguments) == 2
    out, err = capfd.readouterr()
    assert out == ""
    assert err.count("\n") == 1
    assert "--help` to see what it takes." in err
    assert "\x1b" not in err


def test_a_question_keeps_its_mark(capfd: pytest.CaptureFixture[str]) -> None:
    assert cli.run(["--versio"]) == 2
    assert "'--version'? Run `moa --help`" in capfd.readouterr().err


def test_help_and_version(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.run([]) == 0
    alone = capsys.readouterr().out
    assert cli.run(["--help"]) == 0
    assert capsys.readouterr().out == alone
    assert "  serve " in alone
    assert cli.run(["--version"]) == 0


def test_every_listed_command_loads() -> None:
    context = click.Context(cli.moa)
    for name in cli.moa.list_commands(context):
        command = cli.moa.get_command(context, name)
        assert command is not None
        assert command.name == name


def test_closed_pipe_is_quiet() -> None:
    read, write = os.pipe()
    os.close(read)
    done = subprocess.run(
        [sys.executable, "-m", "assistant", "--help"], stdout=write, stderr=subprocess.PIPE, check=False
    )
    os.close(write)
    assert done.stderr == b""
    assert done.returncode == cli.PIPE_CLOSED


def test_output_is_utf8_where_the_locale_is_not() -> None:
    code = (
        "from assistant.cli import main, output; main.run = lambda _: output.print_json('\\u1ec5') or 0; main.main([])"
    )
    environ = {**os.environ, "LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0", "PYTHONIOENCODING": "ascii"}
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, env=environ, check=False)
    assert done.stdout == '"ễ"\n'.encode()


@pytest.mark.parametrize("text", ["20260131", "2026-W05-6", "2026-02-30", "tomorrow", "2026-1-1", ""])
def test_unclear_days_are_refused(text: str) -> None:
    with pytest.raises(click.BadParameter, match="YYYY-MM-DD"):
        options.IsoDate().convert(text, None, None)


def test_clear_day_is_taken() -> None:
    assert options.IsoDate().convert("2026-01-31", None, None) == date(2026, 1, 31)
