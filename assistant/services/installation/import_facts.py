"""Takes newer files of facts in: each whole or not at all, with what stood before kept as history.

What is taken is in force from the next question on, in every process of this installation, a running server too.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING, TypedDict

from assistant.disk import create_atomically
from assistant.errors import InputError
from assistant.program import stored
from assistant.program.fact_files import MAX_BYTES, NAMES, FactFile, RowProblem, read_fact_file
from assistant.program.fact_history import changes_of, count_unchanged
from assistant.program.fact_register import all_facts, facts_by_id
from assistant.program.imported_facts import (
    FactImport,
    ImportedFile,
    facts_dir,
    facts_state,
    rows_in_force,
)
from assistant.program.offices import with_sources
from assistant.program.states_and_counties import states

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date, datetime
    from pathlib import Path

    from assistant.program.fact_register import Fact
    from assistant.program.imported_facts import FactKind, FactRow

MOST_FILES = 200
"""Files that a folder may hold: it is one of facts, and none that was named by mistake."""
TRIES = 20
"""How often an import looks for a free number, where others import at the same moment."""
KIND_WORDS: dict[FactKind, str] = {
    "state_laws": "State laws",
    "field_offices": "field offices",
    "field_office_counties": "counties of the field offices",
    "program_facts": "program facts",
}


class ProblemDocument(TypedDict):
    """A bad row as a JSON object; ``line`` is 0 for the whole file."""

    line: int
    column: str
    message: str


class FileResultDocument(TypedDict):
    """What became of a file, as a JSON object; ``checked_again`` counts facts whose words stayed the same."""

    file: str
    kind: FactKind
    is_taken: bool
    rows: int
    added: int
    changed: int
    checked_again: int
    removed: int
    unchanged: int
    problems: list[ProblemDocument]
    notices: list[str]


class ImportResultDocument(TypedDict):
    """What an import did, as a JSON object; ``imported`` is its number, None where nothing was new."""

    imported: int | None
    files: list[FileResultDocument]
    ignored: list[str]


def import_facts(folder: Path, *, now: datetime, today: date) -> ImportResultDocument:
    """Take every file of facts in a folder that has no bad row, all of them as one import.

    Raises:
        InputError: there is no file of facts in the folder, or none of them can be taken; nothing is changed.
        OSError: the files cannot be read, or the import cannot be written.
    """
    contents, ignored = _contents(folder)
    files = [file for name, data in contents.items() if (file := read_fact_file(name, data, today=today))]
    ignored = sorted([*ignored, *(contents.keys() - {file.name for file in files})])
    if not files:
        names = ", ".join(sorted(NAMES))
        raise InputError(f"There is no file of facts in {folder}. Their names are {names}.")
    files = _check_together(files)
    notices = {file.name: _notices(file) for file in files}
    number = _store(files, contents, now)
    counts = _count_changes(number) if number else {}
    rows = [_result(file, counts, notices[file.name]) for file in files]
    return {"imported": number, "files": rows, "ignored": ignored}


def _contents(folder: Path) -> tuple[dict[str, bytes], list[str]]:
    """Return the CSV files of a folder, and the names of the others."""
    paths = sorted(path for path in folder.iterdir() if path.is_file() and not path.name.startswith("."))
    if len(paths) > MOST_FILES:
        raise InputError(f"There are more than {MOST_FILES} files in {folder}. Choose a folder of files of facts.")
    contents, others = {}, []
    for path in paths:
        if path.suffix.lower() == ".csv" and (path.name.lower() in NAMES or path.stat().st_size <= MAX_BYTES):
            with path.open("rb") as file:
                contents[path.name] = file.read(MAX_BYTES + 1)
        else:
            others.append(path.name)
    return contents, others


def _check_together(files: Sequence[FactFile]) -> list[FactFile]:
    """Return the files with the problems that each has beside the others: one file a kind, and counties that fit."""
    kinds = Counter(file.kind for file in files)
    result = [
        _with_problem(file, f"Another file here has {KIND_WORDS[file.kind]} too. Keep one of them.")
        if kinds[file.kind] > 1
        else file
        for file in files
    ]
    good = {file.kind: file for file in result if not file.problems}
    offices = good["field_offices"].rows if "field_offices" in good else stored.rows("field_offices")
    counties = good["field_office_counties"].rows if "field_office_counties" in good else ()
    offices_by_state: dict[str, set[str]] = {}
    for row in offices:
        offices_by_state.setdefault(row["state"], set()).add(row["field_office"])
    wrong = _without_office(counties or stored.rows("field_office_counties"), offices_by_state)
    if not wrong:
        return result
    about = "field_office_counties" if counties else "field_offices"
    return [_with_problem(file, wrong) if file.kind == about and not file.problems else file for file in result]


def _without_office(counties: Sequence[FactRow], offices_by_state: Mapping[str, set[str]]) -> str:
    """Return what is wrong where a county lies in the area of an office that its State does not have."""
    for row in counties:
        if row["field_office"] not in offices_by_state.get(row["state"], set()):
            return (
                f"{row['county']} in {states()[row['state']]} belongs to field office {row['field_office']}, but the "
                "list of offices has no such office there. Import field_offices.csv and the file of counties together."
            )
    divided = {state for state, offices in offices_by_state.items() if len(offices) > 1}
    for state in sorted(divided - {row["state"] for row in counties}):
        return (
            f"{states()[state]} has several field offices, but no file says which counties they have. Import the file "
            "of counties with it."
        )
    return ""


def _with_problem(file: FactFile, message: str) -> FactFile:
    return replace(file, problems=(*file.problems, RowProblem(line=0, column="", message=message)))


def _notices(file: FactFile) -> list[str]:
    """Return what a person should know of a file that is taken all the same."""
    before = {row["as_of"] for row in stored.rows("state_laws")} if file.kind == "state_laws" else set()
    after = {row.get("as_of", "") for row in file.rows}
    if before and after and max(after) < max(before):
        return [f"This file is older than the one in force: its last day is {max(after)}, not {max(before)}."]
    return []


def _store(files: Sequence[FactFile], contents: Mapping[str, bytes], now: datetime) -> int | None:
    """Write one import of the files that can be taken and are new; return its number, None where nothing is new.

    Raises:
        InputError: none of the files can be taken.
    """
    good = [file for file in files if not file.problems]
    if not good:
        return None
    for _ in range(TRIES):
        import_files = [
            ImportedFile(
                kind=file.kind, name=file.name, sha256=hashlib.sha256(contents[file.name]).hexdigest(), rows=rows
            )
            for file in good
            if (rows := _rows_to_store(file)) is not None
        ]
        if not import_files:
            return None
        state = facts_state()
        numbers = [int(name[:-5]) for name in (state[3] if state else ()) if name[:-5].isdecimal()]
        one = FactImport(number=max(numbers, default=0) + 1, imported_at=now, files=tuple(import_files))
        facts_dir().mkdir(parents=True, exist_ok=True)
        path = facts_dir() / f"{one.number:04}.json"
        if not path.exists():
            data = json.dumps(one.to_document(), ensure_ascii=False, indent=1).encode()
            create_atomically(path, data)
            if path.read_bytes() == data:
                return one.number
    raise InputError("Somebody else imports facts at this moment. Run the command again.")


def _rows_to_store(file: FactFile) -> tuple[FactRow, ...] | None:
    """Return the rows of a kind as they will be in force, None where the file brings nothing new."""
    if file.kind != "program_facts":
        rows = stored.rows(file.kind)
        known_rows = tuple(map(with_sources, rows)) if file.kind == "field_offices" else rows
        return None if file.rows == known_rows else file.rows
    facts = facts_by_id()
    in_force = {row["fact"]: row for row in rows_in_force("program_facts") or ()}
    merged = in_force | {row["fact"]: row for row in file.rows if _is_new(row, facts)}
    return None if merged == in_force else tuple(merged.values())


def _is_new(row: FactRow, facts: Mapping[str, Fact]) -> bool:
    fact = facts.get(row["fact"])
    if fact is None:
        return True
    text = fact.text.replace(",", "") if fact.subject == "printed count" else fact.text
    return (text, fact.source, fact.check_words) != (row["text"], row["source"], row["checked_on"])


def _count_changes(number: int) -> dict[FactKind, Counter[str]]:
    """Return how many facts of each kind an import changed, in which way."""
    counts: dict[FactKind, Counter[str]] = {}
    for change in changes_of(number):
        counts.setdefault(change.fact.kind, Counter())[change.kind] += 1
    for kind, unchanged in count_unchanged(number).items():
        counts.setdefault(kind, Counter())["unchanged"] = unchanged
    return counts


def _count_facts(kind: FactKind) -> int:
    return sum(fact.kind == kind for fact in all_facts())


def _result(file: FactFile, counts: Mapping[FactKind, Counter[str]], notices: list[str]) -> FileResultDocument:
    is_taken = not file.problems
    changes = counts.get(file.kind, Counter(unchanged=_count_facts(file.kind))) if is_taken else Counter()
    return {
        "file": file.name,
        "kind": file.kind,
        "is_taken": is_taken,
        "rows": len(file.rows),
        "added": changes["added"],
        "changed": changes["changed"],
        "checked_again": changes["checked again"],
        "removed": changes["removed"],
        "unchanged": changes["unchanged"],
        "problems": [
            {"line": one.line, "column": one.column, "message": one.message}
            for one in sorted(file.problems, key=lambda one: one.line)
        ],
        "notices": notices if is_taken else [],
    }
