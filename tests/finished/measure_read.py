"""Say how well the blanks of finished agreements are read: exactness by kind of page, and what sureness is worth.

    python tests/finished/measure_read.py --real-kinds FOLDER [--as-pictures] [--only WORD] [--notes]
    python tests/finished/measure_read.py --seed 7 --count 40 [--kind KIND] [--notes] [FOLDER OF BLANK FORMS]

``read.csv`` of the folder holds file, path and value. Exact is what is equal once quotes, blanks and end punctuation
are levelled. ``--as-pictures`` has every page of a scan printed to a picture first, so that nothing but the picture
speaks. A value that nobody can tell without looking ("unreadable") is counted apart, by how sure it was called.

``--seed`` has agreements made by that seed read instead (``generate_reading``); light and dotted print, print under
6 pt, phone pictures and pages that were typed anew have rows of their own.
"""

from __future__ import annotations

import argparse
import csv
import re
import sys
import time
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from rapidfuzz import fuzz

from assistant.answers import Answers
from assistant.errors import PdfError
from assistant.reading import read_answers
from assistant.reading.filled_values import _rows
from assistant.reading.filling import INLINE_SLOTS
from assistant.reading.reader import read_agreement
from tests.finished.generate_reading import TINY, generate_readings
from tests.finished.measure import FORMS
from tests.finished.scans import pictures_only

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tests.finished.generate_reading import ReadingCase

UNREADABLE = "unreadable"
SURENESS = ("sure", "likely", "unreadable")
_LEVEL = str.maketrans({"’": "'", "‘": "'", "“": '"', "”": '"', "–": "-", "—": "-"})


@dataclass(slots=True)
class ReadFigures:
    """Counted readings: (kind, "exact" or "wrong" or "none") and (sureness, right or wrong)."""

    by_kind: dict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    by_sureness: dict[str, Counter[bool]] = field(default_factory=lambda: defaultdict(Counter))
    unreadable: Counter[str] = field(default_factory=Counter)
    seconds: list[tuple[float, str]] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


def level(text: str) -> str:
    """Return a text as two readings are compared: plain quotes, single blanks, no punctuation at its end."""
    plain = re.sub(r"\s+", " ", text.translate(_LEVEL)).strip()
    return re.sub(r"[\s.,;:]+$", "", plain)


def measure_reading(folder: Path, *, as_pictures: bool = False, only: str = "") -> ReadFigures:
    """Read every file of ``read.csv`` and return the figures; ``only``: files that have this in their name."""
    wanted: dict[str, list[tuple[str, str]]] = defaultdict(list)
    with (folder / "read.csv").open(newline="", encoding="utf-8") as file:
        for row in csv.DictReader(file):
            if only in row["file"]:
                wanted[row["file"]].append((row["path"], row["value"]))
    kinds: dict[str, Counter[str]] = defaultdict(Counter)
    with (folder / "pages.csv").open(newline="", encoding="utf-8") as file:
        for row in csv.DictReader(file):
            kinds[row["file"]][row["kind"]] += 1
    figures = ReadFigures()
    for name, rows in sorted(wanted.items()):
        kind = kinds[name].most_common(1)[0][0]
        data = (folder / name).read_bytes()
        if as_pictures:
            if kind == "text":
                continue
            data, kind = pictures_only(data), f"{kind} as picture"
        count_file(figures, name, kind, data, rows)
    return figures


def count_file(figures: ReadFigures, name: str, kind: str, data: bytes, rows: Sequence[tuple[str, str]]) -> None:
    """Read one file and count its rows (path, value) into the figures."""
    before = time.process_time()
    try:
        values = read_answers(data)["values"]
    except PdfError as error:
        values = []
        figures.notes.append(f"{name}: {error}")
    figures.seconds.append((time.process_time() - before, name))
    for path, value in rows:
        told = next((row for row in values if row["path"] == path and row["text"]), None)
        sureness = told["sureness"] if told else "none"
        if value == UNREADABLE:
            figures.unreadable[sureness] += 1
            if told:
                figures.notes.append(f"unreadable {sureness}: {name}: {path}: {told['text']!r}")
            continue
        count_value(figures, kind, f"{name} ({kind}): {path}", value, (told["text"], sureness) if told else None)


def count_value(figures: ReadFigures, kind: str, where: str, value: str, told: tuple[str, str] | None) -> None:
    """Count one value; ``told`` is what was read and how sure it was called, None for nothing."""
    right = told is not None and level(told[0]) == level(value)
    figures.by_kind[kind]["exact" if right else "wrong" if told else "none"] += 1
    if told:
        figures.by_sureness[told[1]][right] += 1
        figures.by_sureness[f"{told[1]}, {kind}"][right] += 1
    if not right:
        figures.notes.append(f"{told[1] if told else 'none'}: {where}: {told[0] if told else None!r} for {value!r}")


def measure_seed(folder: Path, seed: int, count: int, kind: str = "") -> ReadFigures:
    """Read agreements made by a seed and return the figures."""
    figures = ReadFigures()
    for case in generate_readings(folder, seed, count, kind):
        count_case(figures, case)
    return figures


def count_case(figures: ReadFigures, case: ReadingCase) -> None:
    """Read one made agreement and count what was typed in its blanks."""
    before = time.process_time()
    finished = read_agreement(case.pdf)
    answers = finished.answers or Answers()
    name = f"{case.number} {case.edition} {case.scanner}"
    figures.seconds.append((time.process_time() - before, name))
    for blank in case.blanks:
        if case.kind == "retyped" and blank.slot not in INLINE_SLOTS:
            continue  # its lines no longer stand as the form has them
        kind = case.kind if case.ink == "dark" else f"{case.kind}, {case.ink} print"
        kind += ", tiny" if blank.size < TINY and case.kind != "text" else ""
        item = finished.get(blank.slot)
        rows = [row for row in _rows(item, finished.edition, answers) if row["text"]] if item else []
        lines = [level(line) for line in blank.lines]
        for line in blank.lines:
            # What was rightly read in another line of the blank is no reading of this one.
            free = [row for row in rows if level(row["text"]) == level(line) or level(row["text"]) not in lines]
            best = max(free, key=lambda row: fuzz.ratio(level(row["text"]), level(line)), default=None)
            told = (best["text"], best["sureness"]) if best else None
            count_value(figures, kind, f"{name} ({kind}, {blank.size:.1f} pt): {blank.slot}", line, told)


def format_read_table(figures: ReadFigures) -> str:
    """Return the figures as text."""
    rows = [f"{'kind of page':<24}{'values':>8}{'exact':>8}{'wrong':>8}{'none':>8}{'share':>8}"]
    for kind, counts in sorted(figures.by_kind.items()):
        total = counts.total()
        exact = counts["exact"]
        rows.append(f"{kind:<24}{total:>8}{exact:>8}{counts['wrong']:>8}{counts['none']:>8}{exact / total:>8.3f}")
    rows += ["", f"{'called':<34}{'right':>8}{'wrong':>8}{'share':>8}"]
    for sureness, told in sorted(figures.by_sureness.items()):
        rows.append(f"{sureness:<34}{told[True]:>8}{told[False]:>8}{told[True] / told.total():>8.3f}")
    rows += ["", f"unreadable by its text, called: {dict(figures.unreadable)}"]
    if figures.seconds:
        longest = max(figures.seconds)
        mean = sum(seconds for seconds, _ in figures.seconds) / len(figures.seconds)
        rows.append(f"processor time a file: mean {mean:.1f} s, longest {longest[0]:.1f} s ({longest[1]})")
    return "\n".join(rows)


def main(arguments: Sequence[str]) -> None:
    """Print the figures asked for on the command line."""
    options = argparse.ArgumentParser(usage=(__doc__ or "").split("\n\n")[1])
    options.add_argument("forms", nargs="?", type=Path, default=FORMS)
    options.add_argument("--real-kinds", type=Path)
    options.add_argument("--seed", type=int)
    options.add_argument("--count", type=int, default=40)
    options.add_argument("--kind", default="")
    options.add_argument("--as-pictures", action="store_true")
    options.add_argument("--only", default="")
    options.add_argument("--notes", action="store_true")
    chosen = options.parse_args(arguments)
    if chosen.real_kinds:
        figures = measure_reading(chosen.real_kinds, as_pictures=chosen.as_pictures, only=chosen.only)
    elif chosen.seed is not None:
        figures = measure_seed(chosen.forms, chosen.seed, chosen.count, chosen.kind)
    else:
        options.error("--real-kinds or --seed is needed")
    print(format_read_table(figures))  # noqa: T201 - the command's result
    if chosen.notes:
        print("\n".join(sorted(figures.notes)))  # noqa: T201 - as above


if __name__ == "__main__":
    main(sys.argv[1:])
