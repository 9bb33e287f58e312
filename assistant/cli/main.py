"""``moa``: finds the command, runs it, and turns whatever goes wrong into one plain sentence and an exit status.

Loads a command's module only when that command is run, so that ``moa --help`` loads no Flask, no PDF and no
database library. A new command is one row in ``COMMANDS`` and one module.
"""

from __future__ import annotations

import contextlib
import os
import sys
from typing import TYPE_CHECKING

import click

from assistant import __version__
from assistant.cli.late_group import LateGroup
from assistant.cli.output import notice
from assistant.disk import is_fault_of_machine, why_unusable
from assistant.errors import AssistantError, BlockedError, BusyError, EditionError, FillError, OurFaultError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import TextIO

COMMANDS = {
    "setup": "Make the keys and the database, and check this installation.",
    "serve": "Start the wizard and print the address to open.",
    "demo": "Make one bundle for a made-up agency.",
    "models": "Compare the four models: purpose, criteria, sources.",
    "rules": "Show what the review looks for.",
    "forms": "Add, inspect and check blank official forms.",
    "application": "Review answers and export the bundle.",
    "document": "Check a finished MOA.",
    "message": "Read a saved e-mail message.",
    "roster": "Read nominees from a spreadsheet.",
    "program": "Load and search ICE's published lists.",
    "batch": "Make one bundle for each answers file in a folder.",
    "backup": "Copy the database and the added forms into one file.",
    "restore": "Restore a backup.",
    "purge": "Remove old nominee data.",
    "keys": "Change and protect the keys that seal stored data.",
    "user": "Manage the accounts of a shared installation.",
    "doctor": "Check keys, files, database, disk, clock, forms and fonts.",
    "jobs": "List, retry and cancel the jobs of the queue.",
    "worker": "Do the jobs that wait in the queue.",
    "history": "Show and check the record of who changed what, and when.",
}

BLOCKED, UNUSABLE = 1, 2
# EX_SOFTWARE of sysexits.h: 1 and 2 speak of the input, and a fault of ours is neither.
OUR_FAULT = 70
# EX_TEMPFAIL of sysexits.h: the same command may succeed in a minute.
BUSY = 75
INTERRUPTED, PIPE_CLOSED = 130, 141  # 128 + SIGINT, 128 + SIGPIPE, as every shell counts them


@click.group(
    cls=LateGroup,
    package="assistant.cli",
    table=COMMANDS,
    invoke_without_command=True,
    context_settings={"help_option_names": ["--help", "-h"]},
)
@click.version_option(__version__, prog_name="moa")
@click.pass_context
def moa(ctx: click.Context) -> None:
    """Fill the paperwork of an agency that has decided to apply to ICE's 287(g) program.

    Exit status: 0 done and nothing blocks; 1 done, and something blocks or could not be judged; 2 the input cannot be
    used; 75 this computer is busy, so try again in a minute.
    """
    if ctx.invoked_subcommand is None:
        click.echo(ctx.get_help())


def main(arguments: Sequence[str] | None = None) -> None:
    """Run ``moa`` and leave with its exit status."""
    for stream in (sys.stdout, sys.stderr):
        # UTF-8 whatever the locale says: results are read by programs. A file name that is no text is written out.
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")
    sys.exit(run(arguments))


def run(arguments: Sequence[str] | None = None) -> int:  # one for each way to end
    """Return the exit status of ``moa`` with these arguments; a command may return one itself."""
    out = sys.stdout
    try:
        result = moa.main(arguments, prog_name="moa", standalone_mode=False)
        sys.stdout.flush()
    except BrokenPipeError:
        return _leave_closed_pipe()
    except SystemExit as end:
        # When a pipe closes, click wraps the stream and leaves with 1, which here would say that something blocks.
        return _leave_closed_pipe() if sys.stdout is not out else int(end.code or 0)
    except (KeyboardInterrupt, click.Abort):
        return _say("Stopped.", INTERRUPTED)
    except click.UsageError as error:
        return _say(_usage_sentence(error), UNUSABLE)
    except click.ClickException as error:
        return _say(error.format_message(), UNUSABLE)
    except AssistantError as error:
        return _say(str(error), _status_of(error))
    except OSError as error:
        if not is_fault_of_machine(error):
            return _our_fault(error)
        _flush_or_drop(out)
        return _say(why_unusable(error), UNUSABLE)
    except Exception as error:  # noqa: BLE001  # the edge: nobody at a desk can use a traceback
        return _our_fault(error)
    return result if isinstance(result, int) else 0


def _status_of(error: AssistantError) -> int:
    if isinstance(error, OurFaultError):
        return OUR_FAULT
    if isinstance(error, BusyError):
        return BUSY
    return BLOCKED if isinstance(error, BlockedError | FillError | EditionError) else UNUSABLE


def _usage_sentence(error: click.UsageError) -> str:
    path = error.ctx.command_path if error.ctx else "moa"
    if isinstance(error, click.exceptions.NoArgsIsHelpError):
        return f"Choose a command of `{path}`. Run `{path} --help` to see them."
    sentence = error.format_message().rstrip(". ")
    return f"{sentence}{'' if sentence.endswith('?') else '.'} Run `{path} --help` to see what it takes."


def _say(sentence: str, status: int) -> int:
    """Print one line on standard error, whatever the message was broken into, and pass the status on."""
    notice(" ".join(sentence.split()))
    return status


def _our_fault(error: BaseException) -> int:
    from assistant.cli.faults import record  # noqa: PLC0415  # needed on a bad day only

    return _say(record(error), OUR_FAULT)


def _leave_closed_pipe() -> int:
    _drop_output(sys.stdout)
    return PIPE_CLOSED


def _flush_or_drop(out: TextIO) -> None:
    """Write what standard output still holds, or drop it where the disk is full."""
    try:
        out.flush()
    except OSError:
        _drop_output(out)


def _drop_output(out: TextIO) -> None:
    """Point standard output at nothing: Python flushes it once more on the way out, and would complain."""
    nothing = os.open(os.devnull, os.O_WRONLY)
    with contextlib.suppress(OSError, ValueError, AttributeError):
        os.dup2(nothing, out.fileno())
