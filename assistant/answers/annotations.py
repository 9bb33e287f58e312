"""Which answers there are and of which kind, worked out once from the annotations of ``values``."""

from __future__ import annotations

from dataclasses import fields, is_dataclass
from functools import cache
from types import NoneType, UnionType
from typing import TYPE_CHECKING, Any, Union, get_args, get_origin, get_type_hints

from assistant.answers import values
from assistant.answers.values import Answers

if TYPE_CHECKING:
    from collections.abc import Mapping


@cache
def hints(kind: Any) -> Mapping[str, Any]:
    """Return the annotated kind of each field of a dataclass."""
    types = get_type_hints(kind, vars(values))
    return {f.name: types[f.name] for f in fields(kind)}


def without_none(kind: Any) -> Any:
    """Return an annotation without its ``| None``."""
    if get_origin(kind) not in {Union, UnionType}:
        return kind
    left = [arg for arg in get_args(kind) if arg is not NoneType]
    return left[0] if len(left) == 1 else Union[tuple(left)]  # noqa: UP007 - built at run time


def has_path(path: str) -> bool:
    """Say whether answers can have a value at this dotted path (list places are written as numbers)."""
    kind: Any = Answers
    for part in path.split("."):
        kind = without_none(kind)
        if get_origin(kind) is tuple and part.isdecimal():
            kind = get_args(kind)[0]
        elif isinstance(kind, type) and is_dataclass(kind) and part in hints(kind):
            kind = hints(kind)[part]
        elif is_dataclass(kind) and is_derived(kind, part):
            kind = str
        else:
            return False
    return True


def is_derived(kind: Any, name: str) -> bool:
    """Say whether a field of a kind is worked out from others."""
    return isinstance(getattr(kind, name, None), property)
