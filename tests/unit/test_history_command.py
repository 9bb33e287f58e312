"""`moa history show`, and `moa history verify` on an installation whose database somebody opened with sqlite3."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select

from assistant.answers import Nominee
from assistant.cli.database import session
from assistant.cli.main import run
from assistant.services.application import applications, nominees
from assistant.services.installation import purge
from assistant.services.installation.agencies import local_agency
from assistant.storage.tables import Application

if TYPE_CHECKING:
    from pathlib import Path

NOW = datetime(2026, 1, 20, 15, 30, tzinfo=UTC)


@pytest.fixture
def instance(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("ASSISTANT_INSTANCE_DIR", str(tmp_path / "instance"))
    with session() as opened:
        agency_id = local_agency(opened, now=NOW).id
        application = applications.create(opened, agency_id, now=NOW)
        for name in ("Example County", "Example City"):
            values = {"agency.legal_name": name}
            applications.save_values(opened, application, values, version=application.version, now=NOW)
        applications.create(opened, agency_id, now=NOW)
    return tmp_path / "instance"


def change(instance: Path, statement: str) -> None:
    with closing(sqlite3.connect(instance / "assistant.sqlite3")) as database:
        assert database.execute(statement).rowcount == 1
        database.commit()


def test_an_untouched_one_is_whole(instance: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert instance.is_dir()
    assert run(["history", "verify"]) == 0
    assert capsys.readouterr().out == "The history is as it was written: 4 lines of 2 applications.\n"


@pytest.mark.usefixtures("instance")
def test_a_history_and_what_differs_are_shown(capsys: pytest.CaptureFixture[str]) -> None:
    with session() as opened:
        public_id = str(opened.scalars(select(Application.public_id).where(Application.history_count > 1)).one())
    assert run(["history", "show", public_id[:8].upper()]) == 0
    text = capsys.readouterr().out
    day = f"{NOW.astimezone():%Y-%m-%d %H:%M}"
    assert text.index(f"    3  {day}  changed") < text.index(f"    1  {day}  started")
    assert 'agency.legal_name: "Example County" -> "Example City"' in text
    assert run(["history", "show", public_id, "--compare", "3", "1", "--json"]) == 0
    path, after = "agency.legal_name", "Example City"
    changes = [{"path": path, "before": None, "after": after}]
    assert json.loads(capsys.readouterr().out) == {"changes": changes, "erased_at": None}
    assert run(["history", "show", public_id, "--compare", "1", "900"]) == 2
    assert "The history has 3 lines." in capsys.readouterr().err
    assert run(["history", "show", public_id, "--json"]) == 0
    assert [line["number"] for line in json.loads(capsys.readouterr().out)["lines"]] == [3, 2, 1]
    for wrong in (public_id[:7], "00000000", ""):
        assert run(["history", "show", wrong]) == 2
        assert "There is no such application." in capsys.readouterr().err


@pytest.mark.usefixtures("instance")
def test_a_comparison_says_what_was_erased(capsys: pytest.CaptureFixture[str]) -> None:
    with session() as opened:
        application = opened.scalars(select(Application).where(Application.history_count > 1)).one()
        nominees.add_nominees(opened, application, [Nominee(full_name="Alex Example")], now=NOW)
        public_id, last = str(application.public_id), application.history_count
        opened.flush()
        purge.purge_application(opened, application, now=NOW)
        opened.commit()
    assert run(["history", "show", public_id, "--compare", str(last - 1), str(last + 1)]) == 0
    out = capsys.readouterr().out
    assert "Data of nominees was erased on 2026-01-" in out
    assert "No answer differs." not in out
    assert run(["history", "show", public_id]) == 0
    assert "; erased on 2026-01-" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("statement", "kind", "line"),
    [
        ("UPDATE history SET who = 'someone' WHERE number = 2", "changed", 2),
        ("DELETE FROM history WHERE number = 2", "removed", 2),
        (
            """INSERT INTO history
            (application_id, number, version, act, section, who, at, change_sealed, digest, chain)
            SELECT application_id, 4, version, act, section, who, at, change_sealed, digest, chain
            FROM history WHERE number = 3""",
            "added",
            4,
        ),
    ],
)
def test_the_line_that_was_touched_is_named(
    instance: Path, capsys: pytest.CaptureFixture[str], statement: str, kind: str, line: int
) -> None:
    change(instance, statement)
    assert run(["history", "verify", "--json"]) == 1
    first, second = json.loads(capsys.readouterr().out)["applications"]
    assert [(one["kind"], one["line"]) for one in first["problems"]] == [(kind, line)]
    assert second["problems"] == []
    assert run(["history", "verify"]) == 1
    assert f"{first['application']}: Line {line} was " in capsys.readouterr().out.replace("is missing", "was missing")


def test_an_application_that_was_removed_whole_is_named(instance: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with closing(sqlite3.connect(instance / "assistant.sqlite3")) as database:
        (removed,) = database.execute("SELECT public_id FROM applications WHERE id = 2").fetchone()
        database.execute("DELETE FROM history WHERE application_id = 2")
        database.execute("DELETE FROM applications WHERE id = 2")
        database.commit()
    assert run(["history", "verify", "--json"]) == 1
    document = json.loads(capsys.readouterr().out)
    assert [problem["application"].replace("-", "") for problem in document["problems"]] == [removed]


def test_without_a_database_there_is_nothing_wrong_and_none_is_made(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("ASSISTANT_INSTANCE_DIR", str(tmp_path / "none"))
    assert run(["history", "verify", "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == {"whole": True, "applications": [], "problems": []}
    assert not (tmp_path / "none").exists()
