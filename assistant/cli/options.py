"""Options that several commands share, so that they read alike everywhere.

Knows click, nothing of what the commands do. A decorator here passes the argument named in its docstring.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from assistant.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Sequence


class IsoDate(click.ParamType[date]):
    """A day written as 2026-01-31."""

    name = "date"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> date:
        """Return the day, or refuse with an order."""
        if isinstance(value, date):
            return value
        text = str(value)
        try:
            day = date.fromisoformat(text)
        except ValueError:
            day = None
        # fromisoformat also takes 20260131 and 2026-W05-6, which nobody means to write here.
        if day is None or day.isoformat() != text:
            self.fail("Write the day as YYYY-MM-DD, for example 2026-01-31.", param, ctx)
        return day


class OutputFile(click.Path):
    """A file to write: an ordinary one, or none yet."""

    def __init__(self) -> None:
        """Take a path that is no folder."""
        super().__init__(dir_okay=False, path_type=Path)

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Path:
        """Return the path that a link leads to, or refuse what is no ordinary file."""
        if not str(value).strip():
            self.fail("Name the file to write.", param, ctx)
        path = Path(str(super().convert(value, param, ctx))).resolve()
        if path.exists() and not path.is_file():
            self.fail(f"{value} is not an ordinary file. Name another file to write.", param, ctx)
        return path


def refuse_same(out: Path, *inputs: Path) -> None:
    """Refuse to write over a file that is read.

    Raises:
        UsageError: the output is one of the inputs.
    """
    if any(out == file.resolve() for file in inputs):
        raise click.UsageError(f"{out.name} is the file to read. Name another file to write.")


def ending_of(out: Path, endings: Sequence[str]) -> str:
    """Return the ending of a file to write, in small letters: one of ``endings``, which say what it becomes.

    Raises:
        InputError: it has another ending, or none.
    """
    ending = out.suffix.removeprefix(".").lower()
    if ending not in endings:
        *most, last = [f".{one}" for one in endings]
        names = f"{', '.join(most)} or {last}" if most else last
        raise InputError(f"{out.name} does not end in {names}. Give the file to write that ending.")
    return ending


def _today() -> date:
    return date.today()  # noqa: DTZ011 - the local day: a letter bears the day at the desk where it is made


ANSWERS_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
INPUT_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
INPUT_FOLDER = click.Path(exists=True, file_okay=False, path_type=Path)
INPUT_PATH = click.Path(exists=True, path_type=Path)
OUTPUT_FILE = OutputFile()


def _code_of_state(_ctx: click.Context, _param: click.Parameter, text: str | None) -> str | None:
    from assistant.agencies.words import state_of  # noqa: PLC0415 - few commands name a State, and it loads rapidfuzz

    code = state_of(text) if text else None
    if text and code is None:
        raise InputError("There is no such state. Give its two-letter postal code, for example FL.")
    return code


state_option = click.option(
    "--state", metavar="ST", callback=_code_of_state, help="Only this state, by postal code or name."
)
"""Pass ``state: str | None``, a postal code."""

json_option = click.option("--json", "as_json", is_flag=True, help="Print one JSON document and nothing else.")
"""Pass ``as_json: bool``."""

today_option = click.option(
    "--today", type=IsoDate(), default=_today, show_default="today", metavar="DATE", help="Use DATE as today."
)
"""Pass ``today: date``."""

forms_option = click.option(
    "--forms",
    "forms_dir",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    metavar="DIR",
    help="Use the blank official forms in DIR instead of the ones added here.",
)
"""Pass ``forms_dir: Path | None``."""
