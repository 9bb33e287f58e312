"""Lists that people paste: Markdown tables, columns aligned by spaces, one name a line, names with a comma."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import TYPE_CHECKING

from assistant.program.states_and_counties import fold
from assistant.roster.contents import kinds_of
from assistant.roster.heading_scores import answers_of_heading
from assistant.roster.names import SUFFIXES, holds_rank
from assistant.spreadsheets import is_blank, read_lines

if TYPE_CHECKING:
    from collections.abc import Sequence

    from assistant.spreadsheets import SheetData

RULE = re.compile(r"\s*\|?\s*:?-{2,}:?\s*(?:\|\s*:?-{2,}:?\s*)*\|?\s*")
GAP = re.compile(r" {2,}")
MOST = 0.8
"""Share of lines that must have a shape."""
PLAIN_SHARE = 0.95
"""Sureness of headings that mean a name and nothing else."""
MANY_LINES = 0.7
FEWEST_GAP = 2


def rows_of_text(data: bytes, sheets: Sequence[SheetData]) -> list[list[str]] | None:
    """Return the rows of a pasted list whose shape a reader of CSV does not see, row by line; None where it does."""
    lines = read_lines(data)
    if lines is None or len(sheets) != 1:
        return None
    filled = [line for line in lines if line.strip()]
    if not filled:
        return None
    if sum(line.count("|") > 0 for line in filled) >= MOST * len(filled):
        return [_cells_of_pipes(line) for line in lines]
    if "\t" in "".join(filled):
        return None
    if sum(bool(GAP.search(line.strip())) for line in filled) >= MOST * len(filled) and len(filled) > 1:
        return _cells_of_aligned(lines)
    if (mark := _list_mark(filled)) and not _has_headings(sheets[0]):
        return [[cell.strip() for cell in line.split(mark)] if line.strip() else [] for line in lines]
    table = [[cell for cell in row if not is_blank(cell)] for row in sheets[0].rows]
    if _has_headings(sheets[0]):
        return _joined_names(sheets[0])
    pairs = [row for row in table if len(row) > 1]
    if len(pairs) >= MOST * len(filled) and all(not row[1:-1] or _is_suffix(row[1:-1]) for row in pairs):
        # "Ash, Lee" is one cell, "Lee Ash, Deputy" are two.
        seconds = [str(row[-1]) for row in pairs]
        others = sum(holds_rank(text) or bool({"id", "model", "day"} & kinds_of(text)) for text in seconds)
        if others * 2 < len(pairs):
            return [[line.strip()] if line.strip() else [] for line in lines]
    return None


def _list_mark(lines: Sequence[str]) -> str | None:
    """Return what divides the lines of a list in two or more: "Lee Ash / Deputy / 1412", "Lee Ash - TFM"."""
    for mark in (" / ", " - ", " \u2013 ", " \u2014 "):
        if sum(mark in line for line in lines) >= MANY_LINES * len(lines) and len(lines) > 1:
            return mark
    return None


def _is_suffix(cells: Sequence[object]) -> bool:
    return all(fold(str(cell)) in SUFFIXES for cell in cells)


def _has_headings(sheet: SheetData) -> bool:
    """Say whether a row near the top has two headings or more, or a plain word for a name."""
    rows = [[str(cell) for cell in row if not is_blank(cell)] for row in sheet.rows[:10]]
    rows = [row for row in rows if row]
    has_name = any(
        answers_of_heading(cell).get(answer, 0) >= PLAIN_SHARE
        for row in rows
        for cell in row
        for answer in ("full_name", "last_name")
    )
    return has_name or any(sum(bool(answers_of_heading(cell)) for cell in row) > 1 for row in rows)


def _joined_names(sheet: SheetData) -> list[list[str]] | None:
    """Return rows whose names have a comma without quotes ("Ash, Lee,Deputy"), put back into one cell."""
    rows = [[str(cell) for cell in row] for row in sheet.rows]
    at = next((n for n, row in enumerate(rows) if sum(bool(answers_of_heading(cell)) for cell in row) >= 1), None)
    if at is None:
        return None
    width = len(rows[at])
    place = next((n for n, cell in enumerate(rows[at]) if "full_name" in answers_of_heading(cell)), None)
    below = [row for row in rows[at + 1 :] if any(cell.strip() for cell in row)]
    wider = [row for row in below if len(row) == width + 1]
    if place is None or not wider or len(wider) < MOST * len(below):
        return None
    return [
        [*row[:place], f"{row[place].strip()}, {row[place + 1].strip()}", *row[place + 2 :]]
        if n > at and len(row) == width + 1
        else row
        for n, row in enumerate(rows)
    ]


def _cells_of_pipes(line: str) -> list[str]:
    if RULE.fullmatch(line) or not line.strip():
        return []
    text = line.strip().removeprefix("|")
    text = text[:-1] if text.endswith("|") and not text.endswith("\\|") else text
    cells = [cell.replace("\\|", "|").strip() for cell in re.split(r"(?<!\\)\|", text)]
    return [re.sub(r"^(\*\*|__|`)(.*)\1$", r"\2", cell) for cell in cells]


def _cells_of_aligned(lines: Sequence[str]) -> list[list[str]]:
    """Cut lines where the columns begin: where two blanks or more stand in all lines that have several pieces."""
    model = [line.rstrip() for line in lines if GAP.search(line.strip())]
    width = max(len(line) for line in model)
    blank = [all(place >= len(line) or line[place] == " " for line in model) for place in range(width)]
    cuts: list[int] = []
    run = 0
    for place in range(width):
        if blank[place]:
            run += 1
            continue
        if run >= FEWEST_GAP and place > run:
            cuts.append(place)
        run = 0
    longest = max(len(GAP.split(line.strip())) for line in model)
    rows: list[list[str]] = []
    for line in lines:
        if len(cuts) + 1 >= longest and GAP.search(line.strip()):
            bounds = [0, *cuts, max(len(line), width)]
            rows.append([line[start:end].strip() for start, end in pairwise(bounds)])
        else:
            rows.append(GAP.split(line.strip()) if line.strip() else [])
    return rows
