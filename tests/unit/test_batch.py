"""Many answers files, one bundle each: what goes wrong with one does not stop the others, and nothing is made twice."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from assistant.cli.main import run
from assistant.program.imported_facts import FactImport, ImportedFile, facts_dir
from assistant.services.installation import batch

if TYPE_CHECKING:
    from collections.abc import Callable

DAY = ("--today", "2026-02-01")


@pytest.fixture
def folder(tmp_path: Path, example_path: Path) -> Path:
    """A folder of three answers files, of which one is blocked, and one file that is none."""
    answers = json.loads(example_path.read_text("utf-8"))
    made = tmp_path / "answers"
    made.mkdir()
    for name, change in (("a", {}), ("b", {"us_citizen": None}), ("d", {"rank": "Sergeant"})):
        nominees = [answers["nominees"][0] | change, *answers["nominees"][1:]]
        (made / f"{name}.json").write_text(json.dumps(answers | {"nominees": nominees}), "utf-8")
    (made / "c.json").write_text("{", "utf-8")
    (made / "notes.txt").write_text("not an answers file", "utf-8")
    return made


@pytest.fixture
def export(folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Callable[..., tuple[int, Any]]:
    """Return what runs the command without official forms: its status, and its outcomes by file."""
    (tmp_path / "forms").mkdir()

    def exported(*more: str) -> tuple[int, dict[str, Any]]:
        forms = ("--forms", str(tmp_path / "forms"))
        status = run(["batch", "export", str(folder), "--out", str(tmp_path / "out"), *DAY, *forms, "--json", *more])
        return status, {row["file"]: row for row in json.loads(capsys.readouterr().out)}

    return exported


def statuses(outcomes: dict[str, Any]) -> dict[str, str]:
    return {file: row["status"] for file, row in outcomes.items()}


@pytest.mark.parametrize("jobs", ["1", "2"])
def test_each_file_gets_its_bundle_and_a_bad_one_stops_none(
    export: Callable[..., tuple[int, Any]], folder: Path, tmp_path: Path, jobs: str
) -> None:
    status, found = export("--jobs", jobs)
    assert status == 1
    assert statuses(found) == {"a.json": "made", "b.json": "blocked", "c.json": "failed", "d.json": "made"}
    assert found["b.json"]["blockers"] == [{"code": "nominee-citizen", "where": "nominees.0.us_citizen"}]
    assert "not JSON" in found["c.json"]["why"]
    assert sorted(file.name for file in (tmp_path / "out").iterdir()) == ["a.zip", "d.zip"]
    alone = tmp_path / "alone.zip"
    forms = ("--forms", str(tmp_path / "forms"))
    assert run(["application", "export", str(folder / "a.json"), "--out", str(alone), *DAY, *forms]) == 0
    assert (tmp_path / "out" / "a.zip").read_bytes() == alone.read_bytes()
    assert found["a.json"]["bytes"] == alone.stat().st_size


def test_a_second_run_keeps_what_is_there_and_makes_anew_what_changed(
    export: Callable[..., tuple[int, Any]], folder: Path, tmp_path: Path
) -> None:
    export("--jobs", "1")
    assert statuses(export("--jobs", "1")[1])["a.json"] == "kept"
    changed = json.loads((folder / "a.json").read_text("utf-8"))
    changed["agency"]["phone"] = "(727) 555-0199"
    (folder / "a.json").write_text(json.dumps(changed), "utf-8")
    (tmp_path / "out" / "d.zip").write_bytes((tmp_path / "out" / "d.zip").read_bytes()[:-40])
    assert statuses(export("--jobs", "1")[1]) == {
        "a.json": "made",
        "b.json": "blocked",
        "c.json": "failed",
        "d.json": "made",
    }
    assert statuses(export("--jobs", "1", "--today", "2026-02-02")[1])["a.json"] == "made"
    _, drafts = export("--jobs", "1", "--today", "2026-02-02", "--draft")
    assert statuses(drafts) == {"a.json": "made", "b.json": "made", "c.json": "failed", "d.json": "made"}


def test_imported_facts_make_the_bundles_anew(
    export: Callable[..., tuple[int, Any]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ASSISTANT_INSTANCE_DIR", str(tmp_path / "instance"))
    export()
    _, before = export()
    rows = [{"fact": "contact.recipient", "text": "a@ice.example.gov", "source": "S", "checked_on": "2026-01-02"}]
    files = (ImportedFile(kind="program_facts", name="f.csv", sha256="0", rows=tuple(rows)),)
    one = FactImport(number=1, imported_at=datetime(2026, 1, 3, tzinfo=UTC), files=files)
    facts_dir().mkdir(parents=True)
    (facts_dir() / "0001.json").write_text(json.dumps(one.to_document()), "utf-8")
    _, after = export()
    _, last = export()
    assert ("made" in statuses(before).values(), "made" in statuses(after).values()) == (False, True)
    assert "made" not in statuses(last).values()


def test_a_bundle_of_earlier_answers_is_told_where_no_new_one_can_be_made(
    export: Callable[..., tuple[int, Any]], folder: Path, tmp_path: Path
) -> None:
    export("--jobs", "1")
    before = (tmp_path / "out" / "a.zip").read_bytes()
    (folder / "a.json").write_bytes((folder / "b.json").read_bytes())
    _, found = export("--jobs", "1")
    assert found["a.json"]["status"] == "blocked"
    assert batch.EARLIER in found["a.json"]["why"]
    assert batch.EARLIER not in found["b.json"]["why"]
    assert (tmp_path / "out" / "a.zip").read_bytes() == before


def test_a_fault_of_ours_with_one_file_is_told_without_its_data(
    export: Callable[..., tuple[int, Any]], monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise ZeroDivisionError("Jordan Núñez")

    monkeypatch.setattr(batch, "make_planned", broken)
    status, found = export("--jobs", "1")
    assert status == 1
    assert set(statuses(found).values()) == {"failed"}
    assert "Report it with the ID" in found["a.json"]["why"]
    assert "Jordan" not in json.dumps(found)


def test_a_folder_without_answers_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["batch", "export", str(tmp_path), "--out", str(tmp_path / "out")]) == 2
    assert "no answers file" in capsys.readouterr().err
    assert not (tmp_path / "out").exists()


def test_people_read_what_was_not_made_and_how_many_were(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "forms").mkdir()
    run(["batch", "export", str(folder), "--out", str(tmp_path / "out"), "--forms", str(tmp_path / "forms"), *DAY])
    said = capsys.readouterr().out
    assert "b.json: One finding blocks the export" in said
    assert "nominee-citizen  nominees.0.us_citizen" in said
    assert "2 made, 0 kept as they were, 1 blocked, 1 failed, of 4. Nothing has been sent." in said


@pytest.mark.long
@pytest.mark.skipif(sys.platform != "linux", reason="only on Windows and macOS: no /proc to find the processes in")
def test_a_killed_process_is_told_and_the_next_run_goes_on(
    example_path: Path, official_forms: Path, tmp_path: Path
) -> None:
    answers = tmp_path / "answers"
    answers.mkdir()
    for n in range(120):
        (answers / f"{n:03}.json").write_bytes(example_path.read_bytes())
    command = [sys.executable, "-m", "assistant", "batch", "export", str(answers), "--out", str(tmp_path / "out"),
               *DAY, "--forms", str(official_forms), "--jobs", "2", "--json"]  # fmt: skip
    running = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    while len(list((tmp_path / "out").glob("*.zip"))) < 3 and running.poll() is None:
        time.sleep(0.05)
    os.kill(_worker_of(running.pid), signal.SIGKILL)
    out, _ = running.communicate(timeout=120)
    first = {row["file"]: row["status"] for row in json.loads(out)}
    assert running.returncode == 1
    assert len(first) == 120
    assert "failed" in first.values()
    assert not [
        file for file in (tmp_path / "out").iterdir() if file.suffix != ".zip" and not file.name.startswith(".")
    ]
    done = subprocess.run(command, capture_output=True, check=False, timeout=300)
    assert done.returncode == 0
    second = {row["file"]: row["status"] for row in json.loads(done.stdout)}
    assert set(second.values()) == {"made", "kept"}
    assert sum(status == "kept" for status in second.values()) >= sum(status == "made" for status in first.values())


def _worker_of(parent: int) -> int:
    """Return the process of one of the pool's workers."""
    for task in Path("/proc").glob("[0-9]*/stat"):
        pid, _, rest = task.read_text().partition(" ")
        if (
            rest.rpartition(")")[2].split()[1] == str(parent)
            and b"spawn_main" in task.with_name("cmdline").read_bytes()
        ):
            return int(pid)
    raise LookupError("the run has no process of a pool")
