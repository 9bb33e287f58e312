"""A command that only looks keeps no other command, and no page, from writing."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from assistant.cli.database import session, session_if_any
from assistant.cli.forms.form_line import form_line
from assistant.cli.main import run
from assistant.cli.output import counted
from tests.unit.test_printed_revisions import form_with_foot

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def instance(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return an instance with a database."""
    monkeypatch.setenv("ASSISTANT_INSTANCE_DIR", str(tmp_path / "instance"))
    with session():
        pass
    return tmp_path / "instance"


@pytest.mark.usefixtures("instance")
def test_a_file_that_is_checked_for_long_keeps_nobody_from_saving() -> None:
    with session_if_any() as looking:
        assert looking is not None
        assert looking.execute(text("SELECT count(*) FROM kept_forms")).scalar() == 0
        with session() as writing:
            writing.execute(text("DELETE FROM kept_forms"))


@pytest.mark.usefixtures("instance")
def test_what_only_looks_cannot_write() -> None:
    with session_if_any() as looking:
        assert looking is not None
        with pytest.raises(DBAPIError, match="readonly"):
            looking.execute(text("DELETE FROM kept_forms"))


def test_without_a_database_none_is_made(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ASSISTANT_INSTANCE_DIR", str(tmp_path / "instance"))
    with session_if_any() as looking:
        assert looking is None
    assert not (tmp_path / "instance").exists()


def test_counts_are_told_in_right_english(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert [counted(number, "page") for number in (0, 1, 2)] == ["0 pages", "1 page", "2 pages"]
    (tmp_path / "form.pdf").write_bytes(form_with_foot("Rev 2/14/25 1"))
    run(["forms", "inspect", str(tmp_path / "form.pdf"), "--json"])
    found = json.loads(capsys.readouterr().out)
    assert form_line(found) == "Unknown: a PDF (flat), stamped 02/14/2025; it is not one of the known editions"
    run(["forms", "inspect", str(tmp_path / "form.pdf")])
    assert "  1 page, " in capsys.readouterr().out
