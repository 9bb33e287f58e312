"""Read plain JSON values as typed ones: one reader for each kind, worked out once from the annotations.

A reader takes a value and returns the typed one, or raises ``WrongValueError``; whoever holds the value adds its own
key on the way out, so that a path is spelled only when something is wrong.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import is_dataclass
from datetime import date
from functools import cache, partial
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Literal, get_args, get_origin

from assistant.answers.annotations import has_path, hints, without_none
from assistant.answers.values import MODELS
from assistant.errors import AnswersError
from assistant.text import find_forbidden_character, holds_social_security_number

if TYPE_CHECKING:
    from collections.abc import Callable

    Reader = Callable[[Any], Any]

MAX_TEXT = 2_000
MAX_NOMINEES = 5_000
MAX_YEARS = 99

_DATE = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)


class WrongValueError(Exception):
    """A value that cannot be read: the keys that lead to it, innermost first, and what to do.

    It is caught inside this package, and leaves it as ``AnswersError``.
    """

    def __init__(self, message: str) -> None:
        """Start with no key."""
        super().__init__(message)
        self.keys: list[str] = []

    def as_error(self, start: str = "") -> AnswersError:
        """Return the error that the caller of this package sees."""
        return AnswersError(".".join([*([start] if start else []), *reversed(self.keys)]), str(self))


@cache
def reader(kind: Any, name: str = "", *, any_text: bool = False) -> Reader:
    """Return the reader for an annotation; ``name`` is the field's, for the two mappings that check their keys.

    ``any_text`` reads what this program saved before: every text passes, because a stricter rule of today must not
    close yesterday's application to its owner.
    """
    if type(None) in get_args(kind):
        return _optional(reader(without_none(kind), any_text=any_text), empty_is_none=str in get_args(kind))
    origin = get_origin(kind)
    if is_dataclass(kind):
        return _object(kind, any_text=any_text)
    if origin is Literal:
        return _choice(get_args(kind))
    if origin is tuple:
        return _list(reader(get_args(kind)[0], any_text=any_text), of_objects=is_dataclass(get_args(kind)[0]))
    if isinstance(origin, type) and issubclass(origin, Mapping):
        return partial(_models if name == "editions" else _wordings, read=_text if not any_text else _any_text)
    return {bool: _truth, date: _date, str: _text if not any_text else _any_text}.get(kind, _years)  # else: years


def _optional(inner: Reader, *, empty_is_none: bool) -> Reader:
    def read(value: Any) -> Any:
        if value is None or (empty_is_none and value == ""):
            return None
        return inner(value)

    return read


def _object(kind: Any, *, any_text: bool) -> Reader:
    readers = {name: reader(hint, name, any_text=any_text) for name, hint in hints(kind).items()}

    def read(value: Any) -> Any:
        if not isinstance(value, dict):
            raise WrongValueError("Must be an object in braces.")
        values = {}
        key = ""
        try:
            for key, item in value.items():
                values[key] = readers.get(key, _unknown_key)(item)
        except WrongValueError as wrong:
            wrong.keys.append(key)
            raise
        return kind(**values)

    return read


def _unknown_key(_: Any) -> Any:
    raise WrongValueError("This is not a known key. Remove it or correct its spelling.")


def _list(inner: Reader, *, of_objects: bool) -> Reader:
    def read(value: Any) -> Any:
        if not isinstance(value, list):
            raise WrongValueError("Must be a list in square brackets.")
        if len(value) > MAX_NOMINEES:
            raise WrongValueError(f"This list has more than {MAX_NOMINEES:,} entries. Split the application.")
        items: list[Any] = []
        try:
            for item in value:
                items.append(inner(item))  # noqa: PERF401 - the place is needed when something is wrong
        except WrongValueError as wrong:
            wrong.keys.append(str(len(items)))
            raise
        if not of_objects and len(set(items)) != len(items):
            raise WrongValueError("The same entry is in the list twice. Keep one of them.")
        return tuple(items)

    return read


def _choice(choices: tuple[str, ...]) -> Reader:
    def read(value: Any) -> Any:
        if not isinstance(value, str) or value not in choices:
            raise WrongValueError(f"Choose one of {', '.join(choices)}.")
        return value

    return read


def _truth(value: Any) -> bool:
    if not isinstance(value, bool):
        raise WrongValueError("Write true, false or null.")
    return value


def _date(value: Any) -> date:
    if isinstance(value, str) and _DATE.fullmatch(value):
        try:
            return date.fromisoformat(value)
        except ValueError:
            pass
    raise WrongValueError("Write a date that exists as YYYY-MM-DD, for example 2026-01-31, or null.")


def _years(value: Any) -> int | float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= MAX_YEARS:
        raise WrongValueError("Write a number of years from 0 to 99, or null.")
    return value


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise WrongValueError("Must be text in quotes, or null.")
    if len(value) > MAX_TEXT:
        raise WrongValueError(f"This is longer than {MAX_TEXT:,} characters. Shorten it.")
    if character := find_forbidden_character(value):
        raise WrongValueError(
            f"This contains {character}, which documents cannot show. Delete it, or type the text again."
        )
    if holds_social_security_number(value):
        raise WrongValueError(
            "This looks like it contains a Social Security number, which this program never stores. Delete it. "
            "If it is another number, check its digits."
        )
    return value


def _any_text(value: Any) -> str:
    if not isinstance(value, str):
        raise WrongValueError("Must be text in quotes, or null.")
    return value


def _mapping(value: Any, is_known_key: Callable[[str], bool], refusal: str, read: Reader) -> Mapping[str, str]:
    if not isinstance(value, dict):
        raise WrongValueError("Must be an object in braces.")
    key = ""
    try:
        for key, item in value.items():
            _entry(key, item, is_known_key, refusal, read)
    except WrongValueError as wrong:
        wrong.keys.append(key)
        raise
    return MappingProxyType(dict(value))


def _entry(key: str, item: Any, is_known_key: Callable[[str], bool], refusal: str, read: Reader) -> None:
    if not is_known_key(key):
        raise WrongValueError(refusal)
    if not read(item):
        raise WrongValueError("Write some text, or remove the key.")


def _models(value: Any, read: Reader) -> Mapping[str, str]:
    return _mapping(value, MODELS.__contains__, f"This is not a model. Use one of {', '.join(MODELS)}.", read)


def _wordings(value: Any, read: Reader) -> Mapping[str, str]:
    return _mapping(value, has_path, "This is not the path of an answer. Remove it or correct its spelling.", read)
