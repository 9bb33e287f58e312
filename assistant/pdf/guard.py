"""Read a stranger's PDF in a child process with limits on time and memory, so that no file can hang or crash us.

The child imports one function, gives it the bytes of the file from standard input, and prints its result as JSON. A
file that takes too long, too much memory, or crashes the child is refused with one sentence.

A parser can fail on a broken file in any way, so an error that arises in ``assistant.pdf``, or in a library that it
calls, is the file's. What fails elsewhere had the file's content whole in hand: that is told as a fault of ours.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import traceback
from contextlib import suppress
from importlib import import_module
from typing import Any

from assistant.errors import AssistantError, InputError, OurFaultError, PdfError
from assistant.pdf.document import MAX_BYTES
from assistant.pdf.syntax import BROKEN

SECONDS = 15
MEMORY = 1_500_000_000
PARSER = "assistant.pdf."
FAULT = (
    "The PDF could not be read to its end because of a fault in this program ({where}); nothing says that the file is "
    "wrong. Report this line to whoever maintains the program."
)
TOO_MUCH = (
    "The PDF takes too much time or memory to read; print it anew, or scan the paper at 300 dpi, and use that file."
)


def guarded(function: str, data: bytes, *arguments: str, seconds: int = SECONDS) -> Any:
    """Return what ``function`` ("package.module:name") makes of a PDF, run in a child process.

    The function takes the bytes and the arguments, and returns something that JSON can hold.

    Raises:
        PdfError: the file cannot be read, or not within the limits.
        OurFaultError: this program failed on it.
    """
    if len(data) > MAX_BYTES:
        raise PdfError("The PDF is larger than 60 MB; scan it at 300 dpi in black and white, or split it.")
    if b"%PDF-" not in data[:1024]:
        raise PdfError("The file is not a PDF; choose the PDF file.")
    command = [sys.executable, "-I", "-c", _START, json.dumps(sys.path), function, *arguments]
    try:
        done = subprocess.run(  # noqa: S603 - our own interpreter
            command, input=data, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, timeout=seconds, check=False
        )
    except subprocess.TimeoutExpired:
        raise PdfError(TOO_MUCH) from None
    try:
        answer = json.loads(done.stdout)
    except ValueError:
        raise PdfError(TOO_MUCH) from None
    if "refused" in answer:
        raise PdfError(answer["refused"])
    if "fault" in answer:
        raise OurFaultError(FAULT.format(where=answer["fault"]))
    return answer["result"]


# The path of the parent comes along, so that a checkout, a wheel and a frozen test all find the same code.
_START = "import json, sys; sys.path[:] = json.loads(sys.argv.pop(1)); from assistant.pdf.guard import main; main()"


def main() -> None:
    """Do the child's part: ``function [argument …]`` on the command line, the PDF on standard input."""
    _limit()
    # What a library prints must not get between the answer and the parent.
    answer_to = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    function, *arguments = sys.argv[1:]
    module, _, name = function.partition(":")
    data = sys.stdin.buffer.read()
    try:
        answer = {"result": getattr(import_module(module), name)(data, *arguments)}
    except InputError as error:
        answer = {"refused": str(error)}
    except (AssistantError, RecursionError, MemoryError):
        answer = {"refused": TOO_MUCH}
    except Exception as error:  # noqa: BLE001 - a parser can fail on a hostile file in any way
        module, line = _own_place(error)
        known = module.startswith(PARSER) or not module
        # The kind and the place, never the message: that may quote what stands in the file.
        answer = {"refused": BROKEN} if known else {"fault": f"{type(error).__name__} at {module}:{line}"}
    with answer_to:
        json.dump(answer, answer_to)


def _own_place(error: BaseException) -> tuple[str, int]:
    """Return module and line of the last of our own places that an error came through; "" for none but this module."""
    found = ("", 0)
    for frame, line in traceback.walk_tb(error.__traceback__):
        module = frame.f_globals.get("__name__", "")
        if module.startswith("assistant.") and module != __name__:
            found = module, line
    return found


def _limit() -> None:
    with suppress(ImportError):  # Windows has no such limits; the time limit of the parent holds there
        import resource  # noqa: PLC0415 - absent on Windows

        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
        resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
