"""``moa application status`` says what the loaded lists say, or what to do where nothing can be said."""

from __future__ import annotations

import json
from datetime import date
from typing import TYPE_CHECKING

import pytest

from assistant.answers import dump, with_path
from assistant.cli.main import run
from tests.web.made_up import complete_answers
from tests.web.test_lists import MOA, book

if TYPE_CHECKING:
    from pathlib import Path

    from assistant.answers import Answers

SIGNED = ["FLORIDA", "Example County Sheriff's Office", "County", "Pasco", "Task Force Model", date(2025, 3, 7), MOA]


@pytest.fixture(autouse=True)
def instance(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("ASSISTANT_INSTANCE_DIR", str(tmp_path / "instance"))


def answers_file(folder: Path, answers: Answers | None = None) -> str:
    path = folder / "answers.json"
    path.write_text(dump(answers or complete_answers()), "utf-8")
    return str(path)


def test_it_makes_no_database_and_says_how_to_load_a_list(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["application", "status", answers_file(tmp_path), "--json"]) == 0
    out, err = capsys.readouterr()
    assert [one["status"] for one in json.loads(out)["models"]] == ["no-list", "no-list"]
    assert "moa program import" in err
    assert not list(tmp_path.rglob("*.sqlite3"))


def test_it_says_what_the_lists_say(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    listed = tmp_path / "participatingAgencies01152026am.xlsx"
    listed.write_bytes(book([SIGNED]))
    assert run(["program", "import", str(listed)]) == 0
    capsys.readouterr()
    assert run(["application", "status", answers_file(tmp_path), "--json"]) == 0
    document = json.loads(capsys.readouterr().out)
    assert (document["sure"], document["models"][0]["signed"], document["models"][0]["moa_url"]) == (
        "sure", "2025-03-07", MOA,
    )  # fmt: skip
    assert run(["application", "status", answers_file(tmp_path)]) == 0
    text = capsys.readouterr().out
    assert "TFM: Listed as participating." in text
    assert "approved" not in text.lower()
    other = answers_file(tmp_path, with_path(complete_answers(), "agency.county", "Lee"))
    assert run(["application", "status", other]) == 0
    text = capsys.readouterr().out
    assert "Perhaps Example County Sheriff's Office, Pasco" in text
    assert "TFM: Not known." in text
    assert run(["application", "status", other, "--listed-as", "example county sheriff’s office"]) == 0
    assert "as you said" in capsys.readouterr().out


@pytest.mark.parametrize(("path", "value"), [("agency.legal_name", None), ("agency.state", None), ("models", ())])
def test_what_is_missing_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str], path: str, value: object) -> None:
    assert run(["application", "status", answers_file(tmp_path, with_path(complete_answers(), path, value))]) == 2
    assert len(capsys.readouterr().err.strip().splitlines()) == 1


def test_a_name_that_no_list_has_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    listed = tmp_path / "participatingAgencies01152026am.xlsx"
    listed.write_bytes(book([SIGNED]))
    run(["program", "import", str(listed)])
    assert run(["application", "status", answers_file(tmp_path), "--listed-as", "Nobody"]) == 2
    assert "“Nobody”" in capsys.readouterr().err
