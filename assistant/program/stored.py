"""Read the data files of this package; each is read once."""

from __future__ import annotations

import csv
import tomllib
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any, TypeAlias

from assistant.program.imported_facts import FACT_KINDS, rows_in_force

if TYPE_CHECKING:
    from assistant.program.imported_facts import FactRow

DataTable: TypeAlias = dict[str, Any]
"""A TOML table of ``data`` as it stands: its reader's dataclasses say what is in it, and a test reads every file."""


@cache
def table(name: str) -> DataTable:
    """Return a TOML file of ``data`` as it stands; nobody may change what comes back."""
    return tomllib.loads(_text(f"{name}.toml"))


@cache
def built_in_rows(name: str) -> tuple[FactRow, ...]:
    """Return the rows of a CSV file of ``data``, each by its column's heading, whatever was imported since."""
    return tuple(csv.DictReader(_text(f"{name}.csv").splitlines()))


def rows(name: str) -> tuple[FactRow, ...]:
    """Return the rows in force: those imported last, else those of the file of ``data``.

    A function that remembers what it makes of them does so with ``fact_cache``.
    """
    imported = rows_in_force(name) if name in FACT_KINDS else None
    return built_in_rows(name) if imported is None else imported


def _text(name: str) -> str:
    return (files("assistant.program") / "data" / name).read_text(encoding="utf-8")
