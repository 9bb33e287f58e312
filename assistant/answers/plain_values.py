"""Typed answers as the values that JSON has."""

from __future__ import annotations

from dataclasses import fields, is_dataclass
from datetime import date
from functools import cache
from types import MappingProxyType
from typing import Any


def plain(value: Any) -> Any:
    """Return a typed answer as JSON writes it."""
    if value.__class__ in _AS_IT_IS:
        return value
    if names := _names(value.__class__):
        items = [(name, getattr(value, name)) for name in names]
        # Thousands of nominees have a dozen such values each; a call for every one of them would cost half of all.
        return {name: item if item.__class__ in _AS_IT_IS else plain(item) for name, item in items}
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, tuple | list):
        return [plain(item) for item in value]
    return dict(value) if isinstance(value, dict | MappingProxyType) else value


_AS_IT_IS = frozenset({str, bool, int, float, type(None)})


@cache
def _names(kind: Any) -> tuple[str, ...]:
    return tuple(f.name for f in fields(kind)) if is_dataclass(kind) else ()
