"""Read and draw a stranger's PDF in a child process with limits, so that no file can hang, fill or crash this one.

The child imports one function, gives it the bytes of the file and the arguments from standard input, and prints its
result as JSON. A file that takes too much processor time or memory, or crashes the child, is refused with one sentence.

The limit of time counts the processor's time, so a busy machine changes nothing. A limit by the clock is only the last
resort, and then the computer is called busy, not the file bad. Few children run at a time; the others wait in a queue
that a server keeps short (``limit_queue``).

A parser can fail on a broken file in any way, so an error that arises in ``assistant.pdf``, or in a library that it
calls, is the file's. What fails elsewhere had already read the file: that is reported as our own error.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
import traceback
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING, Any, Generic, TypedDict, TypeVar, cast

from assistant import errors
from assistant.errors import AnswersError, AssistantError, BusyError, FillError, InputError, OurFaultError, PdfError
from assistant.pdf.objects.document import MAX_BYTES
from assistant.pdf.objects.syntax import BROKEN

if TYPE_CHECKING:
    from collections.abc import Iterator

SECONDS = 15
"""Seconds of processor time that a task has, whatever its file."""
MAX_PAGES = 60
"""Pages of a file that add to the time of its task."""
WALL_FACTOR, LEAST_WALL, MOST_WALL = 12, 120, 900
"""By the clock: times the processor time, at least and at most so many seconds."""
MEMORY = 1_500_000_000
PARSER = "assistant.pdf."
FAULT = (
    "A fault in this program ({where}) kept it from reading the whole PDF. The file may be fine. Report this "
    "line to the person who maintains the program."
)
TOO_MUCH = (
    "The PDF takes too much time or memory to read. Print it to a new PDF, or scan the paper at 300 dpi, and use that "
    "file."
)
TOO_LARGE = "The PDF is larger than 60 MB. Scan it at 300 dpi in black and white, or split it."
PICTURE_TOO_MUCH = (
    "The picture takes too much time or memory to read. Save it as a smaller JPEG picture, and use that file."
)
PICTURE_TOO_LARGE = "The picture is larger than 60 MB. Save it as a smaller JPEG picture, and use that file."


Result = TypeVar("Result")


class Answer(TypedDict, total=False):
    """What a child prints: the result, or why there is none."""

    result: Any
    refused: str
    kind: str
    where: str
    fault: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Task(Generic[Result]):
    """A function that runs in the sandbox: it takes the bytes of a PDF and arguments, and returns JSON values.

    A task is annotated with what its function returns, ``CHECK: Task[CheckedDocument] = define_task(…)``; a test
    compares the two.
    """

    module: str
    function: str
    seconds: int
    """Processor time for the whole file."""
    seconds_per_page: int
    """Processor time for each of its pages besides, where the work grows with them."""
    reads_pdf: bool = True
    """Whether its file must be a PDF; a task that reads pictures says itself what is none."""

    @property
    def most_seconds(self) -> int:
        """Return the processor time that a file of many pages has."""
        return self.seconds + self.seconds_per_page * MAX_PAGES


TASKS: dict[str, Task[Any]] = {}
"""Every task that a loaded module has defined, by "module:function"."""


def define_task(
    module: str, function: str, *, seconds: int = SECONDS, seconds_per_page: int = 0, reads_pdf: bool = True
) -> Task[Any]:
    """Return a task and enter it in ``TASKS``; its module is loaded in the child, not here."""
    task: Task[Any] = Task(
        module=module, function=function, seconds=seconds, seconds_per_page=seconds_per_page, reads_pdf=reads_pdf
    )
    TASKS[f"{module}:{function}"] = task
    return task


class ChildQueue:
    """Lets few children run at a time; the others wait their turn, not too many of them and not too long."""

    def __init__(self, *, running: int, waiting: int | None = None, wait_seconds: float | None = None) -> None:
        """Let ``running`` children run; None is no limit."""
        self._turns = threading.BoundedSemaphore(running)
        self._most = None if waiting is None else running + waiting
        self._wait_seconds = wait_seconds
        self._lock = threading.Lock()
        self._inside = 0

    @contextmanager
    def turn(self) -> Iterator[None]:
        """Wait for a turn, and give it back at the end.

        Raises:
            BusyError: too many wait already, or the wait was too long.
        """
        with self._lock:
            if self._most is not None and self._inside >= self._most:
                raise BusyError
            self._inside += 1
        try:
            if not self._turns.acquire(timeout=self._wait_seconds):
                raise BusyError
            try:
                yield
            finally:
                self._turns.release()
        finally:
            with self._lock:
                self._inside -= 1


_queue = ChildQueue(running=max(1, os.cpu_count() or 1))


def limit_queue(*, running: int, waiting: int, wait_seconds: float) -> None:
    """Set how many children run at a time, how many callers may wait for one, and how long."""
    global _queue  # noqa: PLW0603 - one queue for the whole process: its processors are shared by all threads
    _queue = ChildQueue(running=running, waiting=waiting, wait_seconds=wait_seconds)


def run_in_sandbox(task: Task[Result], data: bytes, *arguments: object) -> Result:
    """Return what a task makes of a file, run in a child process; the arguments are values that JSON can hold.

    Raises:
        PdfError: the file cannot be read, or not within the limits.
        AssistantError: what the task itself raised.
        OurFaultError: this program failed on it.
        BusyError: this computer has no time for it now.
    """
    if len(data) > MAX_BYTES:
        raise PdfError(TOO_LARGE if task.reads_pdf else PICTURE_TOO_LARGE)
    if task.reads_pdf and b"%PDF-" not in data[:1024]:
        raise PdfError("The file is not a PDF. Choose the PDF file.")
    with _queue.turn():
        status, output = _run_child(task, json.dumps(arguments).encode() + b"\n" + data)
    try:
        answer: Answer = json.loads(output)
    except ValueError:
        if status is None:
            raise BusyError from None
        raise PdfError(TOO_MUCH if task.reads_pdf else PICTURE_TOO_MUCH) from None
    if "refused" in answer:
        raise _error_from(answer)
    if "fault" in answer:
        raise OurFaultError(FAULT.format(where=answer["fault"]))
    return cast("Result", answer["result"])


def wall_seconds(task: Task[Any]) -> int:
    """Return how long a child may take by the clock."""
    if not COUNTS_PROCESSOR_TIME:
        return task.most_seconds
    return min(MOST_WALL, max(LEAST_WALL, WALL_FACTOR * task.most_seconds))


def _run_child(task: Task[Any], input_bytes: bytes) -> tuple[int | None, bytes]:
    """Return the exit status of a child, None where the clock ended it, and what it printed."""
    kind = "pdf" if task.reads_pdf else "picture"
    limits = [task.module, task.function, str(task.seconds), str(task.seconds_per_page), kind]
    command = [sys.executable, "-I", "-c", _START, json.dumps(sys.path), *limits]
    try:
        child = subprocess.Popen(  # noqa: S603 - our own interpreter
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
        )
    except OSError:  # no process or no memory is left on this computer
        raise BusyError from None
    with child:
        try:
            output, _ = child.communicate(input_bytes, timeout=wall_seconds(task))
        except subprocess.TimeoutExpired:
            child.kill()
            # Without processor time to go by, a file that never ends looks like a busy computer.
            return (None if COUNTS_PROCESSOR_TIME else -signal.SIGTERM), b""
        except BaseException:
            child.kill()
            raise
    return child.returncode, output


def _error_from(answer: Answer) -> AssistantError:
    """Return the error that a task raised in the child."""
    kind, where, sentence = getattr(errors, answer["kind"], PdfError), answer["where"], answer["refused"]
    if kind in {AnswersError, FillError}:
        located: AssistantError = kind(where, sentence.removeprefix(f"{where}: "))
        return located
    error: AssistantError = kind(sentence)
    return error


# The child's side.

# The path of the parent comes along, so that a checkout, a wheel and a frozen test all find the same code.
_START = "import json, sys; sys.path[:] = json.loads(sys.argv.pop(1)); from assistant.pdf.sandbox import main; main()"

try:
    import resource
except ImportError:  # Windows has no such limits; the limit by the clock holds there
    COUNTS_PROCESSOR_TIME = False
else:
    COUNTS_PROCESSOR_TIME = True


def main() -> None:
    """Do the child's part: task and limits on the command line, arguments and PDF on standard input."""
    module, function, seconds, per_page, kind = sys.argv[1:]
    task: Task[Any] = Task(
        module=module,
        function=function,
        seconds=int(seconds),
        seconds_per_page=int(per_page),
        reads_pdf=kind == "pdf",
    )
    limit_child(task)
    # Before anything loads numpy: with more threads its small products take three times the processor's time.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    # What a library prints must not get between the answer and the parent.
    answer_to = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    arguments = json.loads(sys.stdin.buffer.readline())
    data = sys.stdin.buffer.read()
    answer = _run_task(task, data, arguments)
    with answer_to:
        json.dump(answer, answer_to)


def _run_task(task: Task[Any], data: bytes, arguments: list[Any]) -> Answer:
    try:
        if task.seconds_per_page:
            _allow_pages(task, data)
        return {"result": getattr(import_module(task.module), task.function)(data, *arguments)}
    except (InputError, FillError, errors.EditionError) as error:
        where = getattr(error, "blank", getattr(error, "path", ""))
        return {"refused": str(error), "kind": type(error).__name__, "where": where}
    except (AssistantError, RecursionError, MemoryError):
        return {"refused": TOO_MUCH if task.reads_pdf else PICTURE_TOO_MUCH, "kind": "PdfError", "where": ""}
    except Exception as error:  # noqa: BLE001 - a parser can fail on a hostile file in any way
        module, line = _own_place(error)
        if module.startswith(PARSER) or not module:
            return {"refused": BROKEN, "kind": "PdfError", "where": ""}
        # The kind and the place, never the message: that may quote what stands in the file.
        return {"fault": f"{type(error).__name__} at {module}:{line}"}


def _own_place(error: BaseException) -> tuple[str, int]:
    """Return module and line of the last of our own places that an error came through; "" for none but this module."""
    place = ("", 0)
    for frame, line in traceback.walk_tb(error.__traceback__):
        module = frame.f_globals.get("__name__", "")
        if module.startswith("assistant.") and module != __name__:
            place = module, line
    return place


def limit_child(task: Task[Any]) -> None:
    """Limit memory and processor time of this process; the hard limit is what a file of many pages may take."""
    if COUNTS_PROCESSOR_TIME:
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
        resource.setrlimit(resource.RLIMIT_CPU, (task.seconds, task.most_seconds + 1))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _allow_pages(task: Task[Any], data: bytes) -> None:
    """Raise the limit of processor time by the pages of the file; one that cannot be opened gets no more."""
    from assistant.pdf.viewer.render import page_count  # noqa: PLC0415 - commands that read no PDF load no pdfium

    pages = 0
    with suppress(PdfError):
        pages = min(MAX_PAGES, page_count(data))
    if COUNTS_PROCESSOR_TIME:
        _, hard = resource.getrlimit(resource.RLIMIT_CPU)
        resource.setrlimit(resource.RLIMIT_CPU, (task.seconds + task.seconds_per_page * pages, hard))
