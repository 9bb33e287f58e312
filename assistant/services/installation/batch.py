"""Bundles for many answers files, one each: an error in one is reported, and the others go on.

Opens no database. A bundle that stands there already, made on the same day from the same answers and forms, is kept,
so that a run that was broken off goes on where it was.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass, field
from io import BytesIO
from typing import TYPE_CHECKING, Literal
from zipfile import BadZipFile, ZipFile

from assistant.answers import dump, parse
from assistant.bundle.bundle import MANIFEST, folder_name
from assistant.disk import why_unusable, write_atomically
from assistant.errors import AssistantError, BlockedError
from assistant.program.imported_facts import imports_sha256
from assistant.services.application.make_bundle import make_planned
from assistant.services.application.plan import chosen_forms, chosen_letter, plan_application
from assistant.services.application.review import review_plan

if TYPE_CHECKING:
    from datetime import date
    from pathlib import Path

    from assistant.answers import Answers
    from assistant.editions.library import FormLibrary

Status = Literal["made", "kept", "blocked", "failed"]
EARLIER = "The bundle there is from earlier answers or another day."


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What became of one answers file. ``bundle`` is the file's path, with its size and hash, where one was made."""

    file: str
    status: Status
    bundle: str | None = None
    bytes: int | None = None
    sha256: str | None = None
    why: str = ""
    blockers: tuple[tuple[str, str], ...] = ()
    """The findings in the way: (code, where)."""

    def to_document(self) -> dict[str, object]:
        """Return it as a JSON object."""
        return asdict(self) | {"blockers": [{"code": code, "where": where} for code, where in self.blockers]}


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchBundle:
    """What was made of answers: the ZIP, or None and why there is none."""

    status: Status
    data: bytes | None = field(default=None, repr=False)
    why: str = ""
    blockers: tuple[tuple[str, str], ...] = ()


def answers_files(folder: Path) -> list[Path]:
    """Return the answers files lying in a folder, by name; not those in folders within it."""
    return sorted(file for file in folder.glob("*.json") if file.is_file() and not file.name.startswith("."))


def export_file(file: Path, folder: Path, library: FormLibrary, *, today: date, draft: bool) -> Outcome:
    """Write the bundle of an answers file into a folder, under the file's own name; return what became of it."""
    try:
        answers = parse(file.read_bytes())
        if earlier := keep_earlier(file, folder, answers, library, today=today, draft=draft):
            return earlier
        result = _make(answers, library, today=today, draft=draft)
    except AssistantError as error:
        return failed(file, folder, str(error))
    except OSError as error:
        return failed(file, folder, why_unusable(error))
    return write_bundle(file, folder, result)


def make_of_bytes(data: bytes, library: FormLibrary, *, today: date, draft: bool) -> BatchBundle:
    """Return what can be made of the bytes of an answers file; nothing is written."""
    try:
        return _make(parse(data), library, today=today, draft=draft)
    except AssistantError as error:
        return BatchBundle(status="failed", why=str(error))


def write_bundle(file: Path, folder: Path, result: BatchBundle) -> Outcome:
    """Write what was made of an answers file into a folder, under the file's own name; return what became of it."""
    if result.data is None:
        return _not_made(file, folder, result.status, result.why, result.blockers)
    target = _target(file, folder)
    try:
        write_atomically(target, result.data)
    except OSError as error:
        return failed(file, folder, why_unusable(error))
    return _written_outcome(file, target, "made", result.data)


def keep_earlier(
    file: Path, folder: Path, answers: Answers, library: FormLibrary, *, today: date, draft: bool
) -> Outcome | None:
    """Return that the bundle of an answers file is there already, made of the same; None where it is not."""
    target = _target(file, folder)
    data = _there(target, answers, library, today=today, draft=draft)
    return _written_outcome(file, target, "kept", data) if data else None


def _make(answers: Answers, library: FormLibrary, *, today: date, draft: bool) -> BatchBundle:
    plan = plan_application(answers, library)
    try:
        bundle = make_planned(plan, today=today, draft=draft)
    except BlockedError as error:
        findings = review_plan(plan, today=today).findings
        blockers = tuple((finding.code, finding.where) for finding in findings if finding.severity == "blocker")
        return BatchBundle(status="blocked", why=str(error), blockers=blockers)
    return BatchBundle(status="made", data=bundle.data)


def failed(file: Path, folder: Path, why: str) -> Outcome:
    """Return that a file's bundle was not made, and why."""
    return _not_made(file, folder, "failed", why)


def _not_made(
    file: Path, folder: Path, status: Status, why: str, blockers: tuple[tuple[str, str], ...] = ()
) -> Outcome:
    explanation = f"{why} {EARLIER}" if _target(file, folder).exists() else why
    return Outcome(file=file.name, status=status, why=explanation, blockers=blockers)


def _target(file: Path, folder: Path) -> Path:
    return folder / f"{file.stem}.zip"


def _written_outcome(file: Path, target: Path, status: Status, data: bytes) -> Outcome:
    return Outcome(
        file=file.name, status=status, bundle=str(target), bytes=len(data), sha256=hashlib.sha256(data).hexdigest()
    )


def _there(target: Path, answers: Answers, library: FormLibrary, *, today: date, draft: bool) -> bytes | None:
    """Return the bundle that stands there, where it is whole and was made from the same; else None."""
    if not target.is_file():
        return None
    folder = folder_name(answers, today)
    try:
        data = target.read_bytes()
        with ZipFile(BytesIO(data)) as bundle:
            manifest = json.loads(bundle.read(f"{folder}/{MANIFEST}"))
            whole = bundle.read(f"{folder}/answers.json") == dump(answers).encode() and bundle.testzip() is None
    except (BadZipFile, KeyError, ValueError, OSError):
        return None
    forms = [str(form.sha256) for form in chosen_forms(answers, library).values() if form.data is not None]
    letter = chosen_letter(answers, library)
    forms += [str(letter.sha256)] if letter else []
    used = [row["official_sha256"] for row in manifest["files"] if "official_sha256" in row]
    same = manifest["made"] == today.isoformat() and manifest["draft"] == draft and sorted(used) == sorted(forms)
    same = same and manifest.get("facts_sha256") == imports_sha256()
    return data if whole and same else None
