"""Where the words, the lines and the blanks of a printed form stand: positions only, no word of it.

Each edition has them in ``printed_positions.json`` beside its map, written by ``tests/finished/learn_positions.py``.
That is enough to tell a page by, to lay a picture over it, and to take the form's own ink off a blank
(docs/decisions/0086). Lengths are points from the upper left corner of the page as it is read.
"""

from __future__ import annotations

import base64
import json
import zlib
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, TypedDict

import numpy as np

from assistant import config

if TYPE_CHECKING:
    from pathlib import Path

    from assistant.geometry import Rect

FILE = "printed_positions.json"
UNITS = 8
"""Stored whole numbers for each point."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BlankBox:
    """A blank on a printed page. ``key`` is its name in the edition's map, ``side`` "agency" or "ice"."""

    key: str
    side: str
    box: Rect
    """x0, top, x1, bottom in points from the upper left corner."""


class StoredPage(TypedDict):
    """A page in ``printed_positions.json``; boxes are packed, each blank is its key, its side and its box."""

    size: tuple[float, float]
    words: str
    rules: str
    blanks: list[tuple[str, str, float, float, float, float]]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class PrintedPage:
    """One page of a print. ``words`` and ``rules`` are float arrays (n, 4): x0, top, x1, bottom in points."""

    edition: str
    number: int
    width: float
    height: float
    words: np.ndarray
    rules: np.ndarray
    blanks: tuple[BlankBox, ...]

    def to_document(self) -> StoredPage:
        """Return the page as it is stored."""
        return {
            "size": (self.width, self.height),
            "words": _packed(self.words),
            "rules": _packed(self.rules),
            "blanks": [(b.key, b.side, *_rounded(b.box)) for b in self.blanks],
        }


def page_from_document(edition: str, number: int, document: StoredPage) -> PrintedPage:
    """Return a stored page; ``number`` counts from 1."""
    width, height = document["size"]
    return PrintedPage(
        edition=edition,
        number=number,
        width=width,
        height=height,
        words=_unpacked(document["words"]),
        rules=_unpacked(document["rules"]),
        blanks=tuple(BlankBox(key=row[0], side=row[1], box=row[2:]) for row in document["blanks"]),
    )


def _rounded(box: Rect) -> Rect:
    return round(box[0], 1), round(box[1], 1), round(box[2], 1), round(box[3], 1)


def _packed(boxes: np.ndarray) -> str:
    whole = np.round(np.asarray(boxes, dtype=float).reshape(-1, 4) * UNITS).astype("<i2")
    # Differences from word to word, column by column, pack to half the size.
    steps = np.diff(whole, axis=0, prepend=np.zeros((1, 4), "<i2")).astype("<i2")
    return base64.b64encode(zlib.compress(steps.T.tobytes(), 9)).decode()


def _unpacked(text: str) -> np.ndarray:
    steps = np.frombuffer(zlib.decompress(base64.b64decode(text)), "<i2").reshape(4, -1).T
    return np.cumsum(steps.astype(int), axis=0) / UNITS


@cache
def printed_pages() -> dict[str, tuple[PrintedPage, ...]]:
    """Return the pages of every print whose positions are stored, by the edition's name."""
    pages = {}
    for file in sorted(config.resource_dir("forms").glob(f"*/*/{FILE}")):
        name = f"{file.parent.parent.name}/{file.parent.name}"
        pages[name] = read_pages(file, name)
    return pages


def read_pages(file: Path, edition: str) -> tuple[PrintedPage, ...]:
    """Return the pages in one stored file."""
    rows = json.loads(file.read_text("utf-8"))["pages"]
    return tuple(page_from_document(edition, n, row) for n, row in enumerate(rows, start=1))
