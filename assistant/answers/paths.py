"""Answers by dotted path: "agency.address.city", "nominees.0.rank"."""

from __future__ import annotations

from dataclasses import is_dataclass, replace
from typing import TYPE_CHECKING, Any, TypeAlias, cast

from assistant.answers.annotations import has_path, hints, is_derived
from assistant.answers.plain_values import plain
from assistant.answers.reader import WrongValueError, reader
from assistant.errors import AnswersError

if TYPE_CHECKING:
    from assistant.answers.values import Answers

__all__ = ["AnswersByPath", "get_path", "has_path", "with_path"]

AnswersByPath: TypeAlias = dict[str, Any]
"""Answers by their dotted paths, each of the type that ``values`` gives it."""


def get_path(answers: Answers, path: str) -> Any:
    """Return the value at a dotted path.

    Raises:
        KeyError: no answer has such a path.
    """
    value: Any = answers
    for part in path.split("."):
        if isinstance(value, tuple) and part.isdecimal() and int(part) < len(value):
            value = value[int(part)]
        elif is_dataclass(value) and (part in hints(value.__class__) or is_derived(value.__class__, part)):
            value = getattr(value, part)
        else:
            raise KeyError(path)
    return value


def with_path(answers: Answers, path: str, value: object, *, any_text: bool = False) -> Answers:
    """Return the answers with another value at a dotted path; the value is plain or typed.

    ``any_text``: a text that an application may not hold passes too, as one read from a stranger's document.

    Raises:
        AnswersError: the value is of the wrong kind, or there is no such path.
    """

    def set_at(owner: Any, parts: list[str]) -> Any:
        name, *rest = parts
        if isinstance(owner, tuple):
            if not name.isdecimal() or int(name) >= len(owner):
                raise AnswersError(path, "There is no such answer.")
            place = int(name)
            inner = set_at(owner[place], rest)
            return (*owner[:place], inner, *owner[place + 1 :])
        if not is_dataclass(owner) or name not in hints(owner.__class__):
            raise AnswersError(path, "There is no such answer.")
        if rest:
            return replace(cast("Any", owner), **{name: set_at(getattr(owner, name), rest)})
        try:
            read = reader(hints(owner.__class__)[name], name, any_text=any_text)
            return replace(cast("Any", owner), **{name: read(plain(value))})
        except WrongValueError as wrong:
            raise wrong.as_error(path) from None

    changed: Answers = set_at(answers, path.split("."))
    return changed
