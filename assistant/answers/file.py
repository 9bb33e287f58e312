"""The answers file: JSON, one object, ``moa-application/1``. What this program writes reads back to the byte."""

from __future__ import annotations

import json
import math
from dataclasses import fields
from typing import Any, TypeAlias

from assistant.answers.plain_values import plain
from assistant.answers.reader import MAX_NOMINEES, MAX_TEXT, WrongValueError, reader
from assistant.answers.values import Answers
from assistant.errors import AnswersError

FORMAT = "moa-application/1"
MAX_FILE_BYTES = 8_000_000
OPTIONAL_SECTIONS = frozenset({"editions", "short_wordings"})
SECTIONS: tuple[str, ...] = tuple(f.name for f in fields(Answers))

__all__ = ["FORMAT", "MAX_NOMINEES", "MAX_TEXT", "SECTIONS", "dump", "from_document", "parse", "to_document"]


def parse(text: str | bytes, *, any_text: bool = False) -> Answers:
    """Return the answers in an answers file; ``any_text``: every text passes.

    Raises:
        AnswersError: with the dotted path of the first thing that cannot be read.
    """
    if len(text) > MAX_FILE_BYTES:
        raise AnswersError("", "The answers file is larger than 8 MB. Use a file written by this program.")
    try:
        decoded = text if isinstance(text, str) else text.decode("utf-8-sig")
        document = json.loads(decoded, object_pairs_hook=_unique_keys, parse_int=_whole)
    except UnicodeDecodeError:
        raise AnswersError("", "The answers file is not UTF-8 text. Save it as UTF-8.") from None
    except RecursionError:
        raise AnswersError("", "The answers file is nested too deeply. Use a file written by this program.") from None
    except json.JSONDecodeError as error:
        where = f"line {error.lineno}, column {error.colno}"
        raise AnswersError("", f"The answers file is not JSON ({where}); correct it there.") from None
    return from_document(document, any_text=any_text)


def from_document(document: object, *, any_text: bool = False) -> Answers:
    """Return the answers in a parsed JSON document (see ``parse``).

    ``any_text``: every text passes, as in a document that this program saved before.

    Raises:
        AnswersError: as ``parse``.
    """
    if not isinstance(document, dict):
        raise AnswersError("", "The answers file must be one JSON object. Use a file written by this program.")
    if document.get("format") != FORMAT:
        raise AnswersError("format", f'Must be "{FORMAT}"; this program reads no other format.')
    try:
        answers: Answers = reader(Answers, any_text=any_text)(
            {key: value for key, value in document.items() if key != "format"}
        )
    except WrongValueError as wrong:
        raise wrong.as_error() from None
    return answers


AnswersDocument: TypeAlias = dict[str, Any]
"""An answers file as JSON values, one section a key; ``from_document`` says whether it is one."""


def to_document(answers: Answers) -> AnswersDocument:
    """Return the answers as a JSON document, keys in the order of the file format."""
    document: AnswersDocument = {"format": FORMAT}
    for section in SECTIONS:
        value = getattr(answers, section)
        if value or section not in OPTIONAL_SECTIONS:
            document[section] = plain(value)
    return document


def dump(answers: Answers) -> str:
    """Return the text of the answers file: UTF-8, indent 2, final newline; ``parse`` gives the same answers back."""
    return json.dumps(to_document(answers), ensure_ascii=False, indent=2) + "\n"


def _unique_keys(pairs: list[tuple[str, Any]]) -> dict[str, object]:
    document = dict(pairs)
    if len(document) != len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise AnswersError(twice, "This key is in one object twice. Keep one of them.")
    return document


def _whole(digits: str) -> int | float:
    """Return a whole number; one of thousands of digits is endless, which its reader refuses at its path."""
    try:
        return int(digits)
    except ValueError:
        return math.inf
