"""The scenarios, read: made-up agencies in ``tests/scenarios``, one file each."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path

from assistant.answers import Answers, from_document

FOLDER = Path(__file__).resolve().parents[1] / "scenarios"
NAMES = tuple(sorted(file.stem for file in FOLDER.glob("*.toml")))


@cache
def scenario(name: str) -> Answers:
    """Return the answers of a scenario."""
    return from_document(tomllib.loads((FOLDER / f"{name}.toml").read_text("utf-8")))
