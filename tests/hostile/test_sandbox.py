"""The sandbox itself: what ends a child, what is said then, who waits, and which functions may run there."""

from __future__ import annotations

import ast
import json
import os
import pkgutil
import signal
import subprocess
import sys
import threading
import time
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

import assistant
from assistant.cli.main import BUSY, run
from assistant.errors import BusyError, EditionError, FillError, OurFaultError, PdfError
from assistant.pdf import sandbox
from assistant.pdf.objects.syntax import BROKEN
from assistant.pdf.sandbox import TASKS, TOO_MUCH, ChildQueue, Task, run_in_sandbox
from assistant.pdf.viewer.drawn_words import turner
from assistant.reading.slots import label_of
from tests.unit.made_forms import printed

if TYPE_CHECKING:
    from collections.abc import Callable

ROOT = Path(__file__).resolve().parents[2]
PDF = b"%PDF-"
only_posix = pytest.mark.skipif(os.name == "nt", reason="only on Windows a child has no limit of processor time")


def task(function: Callable[..., object], *, seconds: int = 15, seconds_per_page: int = 0) -> Task[Any]:
    name = function.__name__  # type: ignore[attr-defined,unused-ignore]
    return Task(module=__name__, function=name, seconds=seconds, seconds_per_page=seconds_per_page)


# What runs in the child.


def takes_memory(_: bytes) -> int:
    return len(bytearray(3_000_000_000))


def works(_: bytes, seconds: float = 1e9) -> str:
    while time.process_time() < seconds:
        pass
    return "done"


def crashes(_: bytes) -> int:
    import ctypes  # noqa: PLC0415 - only this takes a process down

    return int(ctypes.string_at(0)[0])


def speaks_up(_: bytes) -> str:
    sys.stdout.write("what a library prints")
    return "done"


def sleeps(_: bytes, seconds: float) -> str:
    time.sleep(seconds)
    return "done"


def waits_for(_: bytes, file: str) -> str:
    Path(f"{file}.{os.getpid()}").touch()
    while not Path(file).exists():
        time.sleep(0.02)
    return "done"


def parser_fails(_: bytes) -> int:
    return len(str(turner((), 0)))


def library_fails(_: bytes) -> int:
    return int(json.loads("{"))


def we_fail(_: bytes) -> str:
    return label_of("a value of the file", None)


def refuses(_: bytes, kind: str) -> None:
    raise {"edition": EditionError("No such blank."), "fill": FillError("Text1", "It is empty.")}[kind]


def hands_back(data: bytes, *arguments: Any) -> Any:
    return [len(data), *arguments]


# What is said of it.


@pytest.mark.parametrize("function", [parser_fails, library_fails])
def test_what_no_parser_can_read_is_called_damaged(function: Callable[..., object]) -> None:
    with pytest.raises(PdfError) as caught:
        run_in_sandbox(task(function), PDF)
    assert type(caught.value) is PdfError
    assert str(caught.value) == BROKEN


def test_a_fault_of_our_own_is_not_told_as_a_damaged_file() -> None:
    with pytest.raises(OurFaultError, match=r"^A fault in this program .*\.$") as caught:
        run_in_sandbox(task(we_fail), PDF)
    told = str(caught.value)
    assert "KeyError at assistant.reading.slots:" in told
    assert "damaged" not in told
    assert "a value of the file" not in told


def test_an_error_of_ours_comes_back_as_what_it_is() -> None:
    with pytest.raises(EditionError, match=r"^No such blank\.$"):
        run_in_sandbox(task(refuses), PDF, "edition")
    with pytest.raises(FillError, match=r"^Text1: It is empty\.$") as caught:
        run_in_sandbox(task(refuses), PDF, "fill")
    assert caught.value.blank == "Text1"


@pytest.mark.parametrize("function", [takes_memory, crashes])
def test_a_child_that_goes_wrong_is_one_sentence(function: Callable[..., object]) -> None:
    with pytest.raises(PdfError) as caught:
        run_in_sandbox(task(function), PDF)
    assert str(caught.value) == TOO_MUCH


def test_what_a_library_prints_does_not_spoil_the_answer() -> None:
    assert run_in_sandbox(task(speaks_up), PDF) == "done"


def test_arguments_of_any_length_come_along() -> None:
    long = "x" * 1_000_000  # no command line holds as much
    assert run_in_sandbox(task(hands_back), PDF, {"a": [1, None]}, long) == [5, {"a": [1, None]}, long]


# Time.


@only_posix
def test_a_child_that_works_too_long_is_stopped_by_the_time_it_worked() -> None:
    with pytest.raises(PdfError) as caught:
        run_in_sandbox(task(works, seconds=1), PDF)
    assert str(caught.value) == TOO_MUCH


@only_posix
def test_time_in_which_a_child_did_not_work_is_not_held_against_the_file() -> None:
    assert run_in_sandbox(task(sleeps, seconds=1), PDF, 2.0) == "done"


def test_a_child_that_the_clock_ends_is_told_as_a_busy_computer(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sandbox, "wall_seconds", lambda _: 1)
    with pytest.raises(BusyError, match=r"^This computer is busy\. Try again in a minute\.$"):
        run_in_sandbox(task(sleeps), PDF, 60.0)


@only_posix
def test_a_file_of_many_pages_has_more_time(tmp_path: Path) -> None:
    asked = task(works, seconds=1, seconds_per_page=1)
    assert run_in_sandbox(asked, printed(tmp_path / "2.pdf", [], pages=4).read_bytes(), 3.0) == "done"
    with pytest.raises(PdfError):
        run_in_sandbox(asked, printed(tmp_path / "1.pdf", [], pages=1).read_bytes(), 30.0)


@only_posix
def test_a_child_has_its_own_limit_of_work() -> None:
    """The limit holds where nobody waits for the child, as after a crash of the parent."""
    code = (
        "from assistant.pdf.sandbox import Task, limit_child\n"
        "limit_child(Task(module='', function='', seconds=1, seconds_per_page=0))\n"
        "while True: pass"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=False, timeout=120)
    assert done.returncode == -signal.SIGXCPU


def test_the_clock_leaves_far_more_time_than_the_work_takes() -> None:
    import_all()
    for one in TASKS.values():
        assert sandbox.wall_seconds(one) >= 3 * min(one.most_seconds, 200)


def test_a_computer_without_a_free_process_is_busy(monkeypatch: pytest.MonkeyPatch) -> None:
    def no_process(*_: object, **__: object) -> None:
        raise BlockingIOError(11, "Resource temporarily unavailable")

    monkeypatch.setattr("subprocess.Popen", no_process)
    with pytest.raises(BusyError):
        run_in_sandbox(task(speaks_up), PDF)


def test_a_command_on_a_busy_computer_ends_with_a_status_of_its_own(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    def busy(*_: object) -> None:
        raise BusyError

    monkeypatch.setattr("assistant.editions.recognition.run_in_sandbox", busy)
    file = tmp_path / "a.pdf"
    file.write_bytes(PDF)
    assert run(["forms", "inspect", str(file)]) == BUSY == 75
    assert capsys.readouterr().err == "This computer is busy. Try again in a minute.\n"


# The queue.


def test_few_children_run_at_a_time_and_a_full_queue_is_busy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sandbox, "_queue", ChildQueue(running=1, waiting=1, wait_seconds=60))
    gate, found = tmp_path / "gate", []
    asked = [threading.Thread(target=lambda: found.append(run_in_sandbox(task(waits_for), PDF, str(gate))))]
    asked[0].start()
    while not list(tmp_path.iterdir()):
        time.sleep(0.02)
    asked.append(threading.Thread(target=lambda: found.append(run_in_sandbox(task(speaks_up), PDF))))
    asked[1].start()
    while sandbox._queue._inside < 2:
        time.sleep(0.02)
    with pytest.raises(BusyError):
        run_in_sandbox(task(speaks_up), PDF)
    assert found == []
    gate.touch()
    for one in asked:
        one.join()
    assert found == ["done", "done"]
    assert run_in_sandbox(task(speaks_up), PDF) == "done", "places are given back"


def test_who_waits_too_long_is_told_so(monkeypatch: pytest.MonkeyPatch) -> None:
    queue = ChildQueue(running=1, waiting=5, wait_seconds=0.1)
    monkeypatch.setattr(sandbox, "_queue", queue)
    with queue.turn(), pytest.raises(BusyError):
        run_in_sandbox(task(speaks_up), PDF)
    assert run_in_sandbox(task(speaks_up), PDF) == "done"


# The registry.


def import_all() -> None:
    for module in pkgutil.walk_packages(assistant.__path__, "assistant."):
        if ".migrations" not in module.name and not module.name.endswith("__main__"):
            import_module(module.name)


def test_every_task_is_a_function_of_its_module() -> None:
    import_all()
    assert len(TASKS) > 10
    for name, one in TASKS.items():
        function = getattr(import_module(one.module), one.function)
        assert f"{function.__module__}.".startswith(f"{one.module}."), name
        assert function.__code__.co_varnames[0] == "data", name


def test_a_task_is_annotated_with_what_its_function_returns() -> None:
    """The function's module is not imported where it is called, so mypy cannot compare the two."""
    import_all()
    annotated = {}
    for module in [loaded for name, loaded in sys.modules.items() if name.startswith("assistant")]:
        for name, kind in vars(module).get("__annotations__", {}).items():
            if isinstance(one := vars(module).get(name), Task):
                annotated[f"{one.module}:{one.function}"] = kind
    returned = {
        name: f"Task[{getattr(import_module(one.module), one.function).__annotations__['return']}]"
        for name, one in TASKS.items()
    }
    assert annotated == returned


def test_only_a_named_task_is_run() -> None:
    """What runs in the sandbox is a constant of a module, so that the registry knows all of it."""
    import_all()
    constants = {one for module in list(sys.modules.values()) for one in vars(module).values()
                 if isinstance(one, Task)}  # fmt: skip
    for path in (ROOT / "assistant").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and ast.unparse(node.func) == "run_in_sandbox":
                first = ast.unparse(node.args[0])
                assert first.isupper() or first == "task", f"{path}: {first}"
    assert set(TASKS.values()) <= constants
