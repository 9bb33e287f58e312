"""Hand over and take back at the command line: a code once, a merge, exit statuses, nothing half-written."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from assistant.answers import Answers, Nominee, dump, parse, with_path
from assistant.cli.main import run
from assistant.services.application.parts import answers_of, load_part, state_of
from assistant.storage.sealed_file import new_code, open_with_code, read_code, seal_with_code
from tests.web.made_up import complete_answers

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "answers.json"
    path.write_text(dump(complete_answers()), "utf-8")
    return path


def sealed(file: Path, step: str, capsys: pytest.CaptureFixture[str]) -> tuple[Path, str]:
    out = file.with_name("part.moapart")
    assert run(["application", "hand-over", str(file), "--step", step, "--out", str(out)]) == 0
    code = capsys.readouterr().out.strip()
    assert read_code(code)
    return out, code


def answered(path: Path, code: str, answers: Answers) -> tuple[Path, str]:
    """Return the file that comes back with other answers, sealed with a code of its own."""
    from assistant.services.application.parts import dump_part  # noqa: PLC0415 - made as the page makes it

    handed = load_part(open_with_code(path.read_bytes(), code))
    ids = list(handed.base.people)
    back = replace(handed, returned=True, mine=state_of(handed.part, answers, ids[: len(answers.nominees)]))
    other = new_code()
    out = path.with_name("back.moapart")
    out.write_bytes(seal_with_code(dump_part(back), other))
    return out, other


def test_a_step_goes_out_and_comes_back(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out, code = sealed(file, "signatory", capsys)
    answers, _ = answers_of(load_part(open_with_code(out.read_bytes(), code)))
    back, other = answered(out, code, with_path(answers, "signatory.title", "Chief Deputy"))
    merged = file.with_name("merged.json")
    assert run(["application", "take-back", str(file), str(back), "--code", other, "--out", str(merged)]) == 0
    assert "1 change." in capsys.readouterr().err
    assert parse(merged.read_bytes()) == with_path(complete_answers(), "signatory.title", "Chief Deputy")


def test_nominees_are_told_apart_without_ids(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    people = tuple(Nominee(full_name=f"Officer {n}", models=("TFM",)) for n in range(3))
    base = replace(complete_answers(), nominees=people)
    file.write_text(dump(base), "utf-8")
    out, code = sealed(file, "nominees", capsys)
    back, other = answered(out, code, replace(base, nominees=(replace(people[0], rank="Deputy"), *people[1:])))
    file.write_text(dump(replace(base, nominees=(people[2], people[0], Nominee(full_name="New")))), "utf-8")
    merged = file.with_name("merged.json")
    assert run(["application", "take-back", str(file), str(back), "--code", other, "--out", str(merged)]) == 0
    ranks = {one.full_name: one.rank for one in parse(merged.read_bytes()).nominees}
    assert ranks == {"Officer 2": None, "Officer 0": "Deputy", "New": None}


@pytest.mark.parametrize(("keep", "title"), [(None, None), ("mine", "Undersheriff"), ("file", "Chief Deputy")])
def test_what_both_changed_is_kept_as_told(
    file: Path, capsys: pytest.CaptureFixture[str], keep: str | None, title: str | None
) -> None:
    out, code = sealed(file, "signatory", capsys)
    back, other = answered(out, code, with_path(complete_answers(), "signatory.title", "Chief Deputy"))
    file.write_text(dump(with_path(complete_answers(), "signatory.title", "Undersheriff")), "utf-8")
    merged = file.with_name("merged.json")
    options = ["--keep", keep] if keep else []
    command = ["application", "take-back", str(file), str(back), "--code", other, "--out", str(merged), *options]
    assert run(command) == (0 if keep else 1)
    assert 'signatory.title: yours "Undersheriff", in the file "Chief Deputy"' in capsys.readouterr().out
    assert merged.exists() == (keep is not None)
    if title:
        assert parse(merged.read_bytes()).signatory.title == title


def test_bad_input_gets_one_sentence_and_writes_nothing(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out, code = sealed(file, "signatory", capsys)
    merged = file.with_name("merged.json")
    for given, given_code, told in (
        (out, new_code(), "The code does not open"),
        (file, code, "not a file that a colleague"),
    ):
        assert run(["application", "take-back", str(file), str(given), "--code", given_code, "--out", str(merged)]) == 2
        errors = capsys.readouterr().err
        assert told in errors or "file to read" in errors
        assert len(errors.strip().splitlines()) == 1
        assert not merged.exists()
    assert run(["application", "hand-over", str(file), "--step", "everything", "--out", str(out)]) == 2
    assert run(["application", "hand-over", str(file), "--out", str(file)]) == 2
