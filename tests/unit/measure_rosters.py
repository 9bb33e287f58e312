"""Say how well rosters are read: columns, people and values right, and values that are wrong without a word.

    .venv/bin/python tests/unit/measure_rosters.py [--seed N] [--count N] [--notes] [--time]

Rosters are drawn at random (``made_rosters``) from words noted apart from those of the reader. A column is right where
it was taken for what it is, or left out where it is nothing; a person is right where a row of a person is one and a row
of a note is none; a value is right where it is what the person wrote, or is asked where nobody could read it for
sure. A value is wrong without a word where it is not true and neither its cell nor its column is spoken of.
"""

from __future__ import annotations

import argparse
import re
import sys
import time
import unicodedata
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from assistant.errors import SpreadsheetError
from assistant.roster import Roster, read_roster
from tests.unit.made_roster_files import make_roster
from tests.unit.made_rosters import ASK, HEALTH_WORDS, OPEN, Truth

CLOSE_YEARS = 0.06


@dataclass(slots=True)
class Score:
    """What was counted, and notes on what was not right."""

    right: Counter[str] = field(default_factory=Counter)
    total: Counter[str] = field(default_factory=Counter)
    silent: int = 0
    health: int = 0
    notes: list[str] = field(default_factory=list)

    def count(self, what: str, *, is_right: bool, note: str = "") -> None:
        self.total[what] += 1
        self.right[what] += is_right
        if not is_right and note:
            self.notes.append(f"{what}: {note}")

    def share(self, what: str) -> float:
        return 100 * self.right[what] / self.total[what] if self.total[what] else 100.0


def plain(text: object) -> str:
    """Return a name as it is compared: small letters, without points and commas."""
    letters = unicodedata.normalize("NFC", str(text or "")).casefold()
    return " ".join(re.sub(r"[.,]", " ", letters).split())


def is_same(answer: str, value: Any, truth: Any) -> bool:
    """Say whether a value that was read is the true one."""
    if answer in {"full_name", "rank"}:
        return plain(value) == plain(truth)
    if answer == "models":
        return set(value or ()) == set(truth or ())
    if answer == "law_enforcement_years" and value is not None and truth is not None:
        return abs(float(value) - float(truth)) <= CLOSE_YEARS
    return bool(value == truth)


def measure(seed: int, score: Score) -> None:
    """Read one drawn roster and count what is right."""
    data, truth = make_roster(seed)
    try:
        roster = read_roster(data)
    except SpreadsheetError as error:
        for _ in truth.columns:
            score.count("columns", is_right=False, note=f"seed {seed}: refused {truth.shape}: {error}")
        for _ in truth.people:
            score.count("people", is_right=False)
        return
    answers = {column.index: column for column in roster.columns}
    for index, right in truth.columns.items():
        column = answers.get(index)
        answer = column.answer if column else None
        heading = column.heading if column else ""
        why = column.why if column else ""
        note = f"seed {seed} {truth.shape}: “{heading}” is {answer}, should be {set(right)}; {why}"
        score.count("columns", is_right=answer in right, note=note)
    people = {person.row: person for person in roster.people}
    for row in truth.people:
        score.count("people", is_right=row in people, note=f"seed {seed} {truth.shape} row {row}: {truth.people[row]}")
    for row in truth.others:
        text = people[row].nominee.full_name if row in people else ""
        score.count(
            "people", is_right=row not in people, note=f"seed {seed} {truth.shape} row {row} is no person: {text}"
        )
    shown = repr(roster.to_document()).lower()
    for row in truth.health_rows:
        score.health += row in people or any(word.lower() in shown for word in HEALTH_WORDS)
    _measure_values(seed, roster, truth, score)


def _measure_values(seed: int, roster: Roster, truth: Truth, score: Score) -> None:
    given = {c.answer.partition(":")[0].replace("model", "models") if ":" in c.answer else c.answer
             for c in roster.columns if c.answer}  # fmt: skip
    given |= {"full_name"} if given & {"first_name", "last_name"} else set()
    columns_right = {right for answers in truth.columns.values() for right in answers}
    for person in roster.people:
        for answer, true in truth.people.get(person.row, {}).items():
            value = getattr(person.nominee, answer)
            spoken = [cell for cell in person.cells if cell.field in {answer, "full_name"} or cell.field == answer]
            fields = {answer, "first_name", "last_name"} if answer == "full_name" else {answer}
            asked = any(cell.is_question for cell in person.cells if cell.field in fields)
            if true is OPEN:
                continue
            left_out = answer not in given and answer in columns_right
            if true is ASK:
                # The state of a background check may still come from the column of its day.
                is_right = asked and (value in {None, ()} or answer == "background_investigation")
            else:
                is_right = is_same(answer, value, true) and not asked
            note = f"seed {seed} {truth.shape} row {person.row} {answer}: {value!r}, true {true!r}"
            score.count("values", is_right=is_right, note=note + (" (column left out)" if left_out else ""))
            told = asked or left_out or any(cell.field == answer for cell in spoken)
            if not is_right and not told:
                score.silent += 1
                score.notes.append(f"SILENT {note}")


def benchmark(count: int = 5_000) -> float:
    """Return the seconds that a roster of so many rows takes."""
    letters = "abcdefghijklmnopqrstuvwxyz"
    rows = ["Name,Rank,Badge,Model,US citizen,Background,Hired"]
    rows += [
        f"N{letters[n % 26]}{letters[n // 26 % 26]} L{letters[n // 676 % 26]}{letters[n % 17]},Deputy,{1000 + n},"
        f"TFM; WSO,Y,passed 11/3/2025,{1 + n % 12}/{1 + n % 28}/{1990 + n % 30}"
        for n in range(count)
    ]
    data = "\n".join(rows).encode()
    start = time.process_time()
    assert len(read_roster(data).people) == count
    return time.process_time() - start


def _write(line: str) -> None:
    sys.stdout.write(f"{line}\n")


def main() -> int:
    """Print the figures."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--count", type=int, default=300)
    parser.add_argument("--notes", action="store_true", help="print what was not right")
    parser.add_argument("--time", action="store_true", help="also time a roster of 5,000 rows")
    arguments = parser.parse_args()
    score = Score()
    for number in range(arguments.count):
        measure(arguments.seed * 1_000_003 + number, score)
    if arguments.notes:
        _write("\n".join(score.notes))
    for what in ("columns", "people", "values"):
        _write(f"{what} right: {score.right[what]:,} of {score.total[what]:,}, {score.share(what):.2f} %")
    _write(f"values wrong without a word: {score.silent}")
    _write(f"health notes kept: {score.health}")
    if arguments.time:
        _write(f"5,000 rows: {benchmark():.2f} s")
    return 0


if __name__ == "__main__":
    sys.exit(main())
