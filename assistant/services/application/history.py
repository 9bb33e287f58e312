"""The history of an application: every change, in order, signed as a chain. Rows are added and read, never edited."""

from __future__ import annotations

import hashlib
import json
import secrets
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import select

from assistant.errors import SealError
from assistant.services.application.changes import NOMINEES, Change, wordings_without_nominees
from assistant.storage.tables import Application, HistoryRow, actor_of, keyring_of

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from sqlalchemy.orm import Session

    from assistant.services.application.changes import ChangeDocument

SALT_BYTES = 16
EMPTY = '{"salt":"","changes":[]}'
MOST_MISSING = 1_000
"""Lines of one gap that are named one by one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HistoryEntry:
    """One line of the history, opened; ``changes`` is empty where nothing changed or where it was purged.

    ``facts`` holds what else an act has to say: the hash of an export.
    """

    number: int
    version: int
    act: str
    section: str
    who: str
    at: datetime
    changes: tuple[Change, ...]
    facts: dict[str, object]
    purged_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class HistoryProblem:
    """What was done to one line of a history; ``kind`` is "changed", "removed" or "added"."""

    line: int
    kind: str
    message: str

    def to_document(self) -> dict[str, object]:
        """Return it as a JSON object."""
        return {"line": self.line, "kind": self.kind, "message": self.message}


def record(
    session: Session,
    application: Application,
    act: str,
    changes: Sequence[Change] = (),
    *,
    section: str = "",
    now: datetime,
    facts: dict[str, object] | None = None,
) -> HistoryRow:
    """Add a line to the history, in the transaction of the act itself; who acts is what the session says."""
    row = HistoryRow(
        application_id=application.id,
        number=application.history_count + 1,
        version=application.version,
        act=act,
        section=section,
        who=actor_of(session),
        at=now,
    )
    session.add(row)
    body = {"salt": secrets.token_hex(SALT_BYTES), "changes": [change.to_document() for change in changes]} | (
        facts or {}
    )
    text = json.dumps(body, ensure_ascii=False, separators=(",", ":"))
    row.change = text
    row.digest = hashlib.sha256(text.encode()).digest()
    row.chain = _chain(application, row, application.history_head)
    application.history_count = row.number
    application.history_head = row.chain
    sign_end(application)
    return row


def entries(
    session: Session, application: Application, *, limit: int | None = None, before: int | None = None
) -> list[HistoryEntry]:
    """Return the history, newest first; ``before`` goes on after the last number of a page."""
    statement = select(HistoryRow).where(HistoryRow.application_id == application.id).order_by(HistoryRow.number.desc())
    if before is not None:
        statement = statement.where(HistoryRow.number < before)
    return [open_entry(row) for row in session.scalars(statement.limit(limit))]


def verify(session: Session, application: Application) -> list[str]:
    """Return what is wrong with the history, one sentence a line that was altered, added or taken out."""
    return [problem.message for problem in find_problems(session, application)]


def find_problems(session: Session, application: Application) -> list[HistoryProblem]:
    """Return what somebody did to the history outside this program, in the order of its lines.

    What a purged line said cannot be checked any more: only that a later line records a purge at that moment.
    """
    rows = session.scalars(
        select(HistoryRow).where(HistoryRow.application_id == application.id).order_by(HistoryRow.number)
    ).all()
    purges = {row.at: row.number for row in rows if row.act in {"nominees purged", "deleted"}}
    problems: list[HistoryProblem] = []
    head: bytes | None = b""
    number = 0
    for row in rows:
        missing = range(number + 1, row.number)
        problems += [_problem(line, "removed", f"Line {line} is missing.") for line in missing[:MOST_MISSING]]
        number = row.number
        if missing:
            head = None  # the line before is gone, so this line's signature cannot be checked
        if head is not None and row.chain != _chain(application, row, head):
            if number > application.history_count:
                problems.append(_problem(number, "added", f"Line {number} was added."))
            else:
                problems.append(_problem(number, "changed", f"Line {number} was altered."))
        elif not _says_what_was_signed(row, purges):
            problems.append(_problem(number, "changed", f"What line {number} says was altered."))
        head = row.chain
    count = application.history_count
    if problems:
        return problems
    if len(rows) < count:
        message = f"The end is missing: {count} lines were written, {len(rows)} are there."
        problems.append(_problem(number + 1, "removed", message))
    elif head != application.history_head or application.history_seal != _end_seal(application):
        message = f"The end was altered: lines after line {number} were removed, or the count of lines was changed."
        problems.append(_problem(number + 1, "removed", message))
    return problems


def sign_end(application: Application) -> None:
    """Sign how the history ends: without this, the last lines could be cut off and the count set to match."""
    application.history_seal = _end_seal(application)


def open_entry(row: HistoryRow) -> HistoryEntry:
    """Return a line of the history, opened."""
    body = json.loads(row.change)
    return HistoryEntry(
        number=row.number,
        version=row.version,
        act=row.act,
        section=row.section,
        who=row.who,
        at=row.at,
        changes=tuple(Change(**change) for change in body["changes"]),
        facts={key: value for key, value in body.items() if key not in {"salt", "changes"}},
        purged_at=row.purged_at,
    )


def _problem(line: int, kind: str, message: str) -> HistoryProblem:
    return HistoryProblem(line=line, kind=kind, message=message)


def _says_what_was_signed(row: HistoryRow, purges: dict[datetime, int]) -> bool:
    try:
        text = row.change
    except SealError:
        return False
    if row.purged_at is not None:
        # A purge empties the lines before its own.
        return purges.get(row.purged_at, 0) > row.number
    return hashlib.sha256(text.encode()).digest() == row.digest


def _end_seal(application: Application) -> bytes:
    end = ("end of history", application.public_id.hex, application.history_count)
    return keyring_of(application).sign(json.dumps(end).encode(), application.history_head)


def _chain(application: Application, row: HistoryRow, previous: bytes) -> bytes:
    facts = (application.public_id.hex, row.number, row.version, row.act, row.section, row.who, row.at.isoformat())
    return keyring_of(application).sign(json.dumps(facts).encode(), row.digest, previous)


def erase_all(session: Session, application: Application, *, now: datetime) -> None:
    """Empty what every line says; its digest and the chain stay."""
    for row in session.scalars(select(HistoryRow).where(HistoryRow.application_id == application.id)):
        row.change = EMPTY
        row.purged_at = now


def erase_nominees(session: Session, application: Application, *, now: datetime) -> int:
    """Take everything about nominees out of what the lines say; return in how many lines there was something."""
    touched = 0
    for row in session.scalars(select(HistoryRow).where(HistoryRow.application_id == application.id)):
        body = json.loads(row.change)
        remaining = [change for change in map(_without_nominees, body["changes"]) if change is not None]
        if remaining != body["changes"]:
            row.change = json.dumps(
                body | {"changes": remaining, "salt": ""}, ensure_ascii=False, separators=(",", ":")
            )
            row.purged_at = now
            touched += 1
    return touched


def _without_nominees(change: ChangeDocument) -> ChangeDocument | None:
    """Return the change without what it says of nominees, or nothing when it says nothing else."""
    section = change["path"].partition(".")[0]
    if section == NOMINEES:
        return None
    if section != "short_wordings":
        return change
    before, after = (wordings_without_nominees(wordings or {}) for wordings in (change["before"], change["after"]))
    return {**change, "before": before, "after": after}
