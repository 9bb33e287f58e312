"""Read the data files of this package; each is read once."""

from __future__ import annotations

import csv
import tomllib
from functools import cache
from importlib.resources import files
from typing import Any, TypeAlias

DataTable: TypeAlias = dict[str, Any]
"""A TOML table of ``data`` as it stands: its reader's dataclasses say what is in it, and a test reads every file."""


@cache
def table(name: str) -> DataTable:
    """Return a TOML file of ``data`` as it stands; nobody may change what comes back."""
    return tomllib.loads(_text(f"{name}.toml"))


@cache
def rows(name: str) -> tuple[dict[str, str], ...]:
    """Return the rows of a CSV file of ``data``, each by its column's heading."""
    return tuple(csv.DictReader(_text(f"{name}.csv").splitlines()))


def _text(name: str) -> str:
    return (files("assistant.program") / "data" / name).read_text(encoding="utf-8")
