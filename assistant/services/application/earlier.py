"""An application as it was at an earlier version, read from its history: the base of a merge, and who changed what.

What a purge has erased is not known any more; such an answer is missing here, and a merge then asks.
"""

from __future__ import annotations

from contextlib import closing
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from assistant.answers import FORMAT, Answers, Nominee, from_document, get_path, with_path
from assistant.errors import AnswersError
from assistant.services.application.changes import NOMINEES
from assistant.services.application.history import open_entry
from assistant.storage.tables import HistoryRow

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from datetime import datetime

    from sqlalchemy.orm import Session

    from assistant.services.application.history import HistoryEntry
    from assistant.storage.tables import Application

WORDINGS = "short_wordings"
PAGE_ROWS = 20
"""Lines of the history that are read at a time; what is looked for mostly stands in the newest."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LastSave:
    """Who saved an answer last, and when; ``who`` is an account's id."""

    who: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class EarlierVersion:
    """An application at an earlier version; ``before`` holds, as JSON, the value then of each path changed since."""

    application: Application
    version: int
    before: Mapping[str, Any]

    def values(self, paths: Iterable[str]) -> dict[str, object]:
        """Return the typed answers at that version by path; a path is missing where its answer is not known."""
        stamps = self.application.stamps
        values: dict[str, object] = {}
        for path in paths:
            if path in self.before:
                try:
                    values[path] = get_path(with_path(Answers(), path, self.before[path]), path)
                except AnswersError:  # an older program took what this one refuses
                    continue
            elif stamps.get(path, 0) <= self.version:
                values[path] = get_path(self.application.answers, path)
        return values

    def wordings(self) -> Mapping[str, str] | None:
        """Return the shorter wordings at that version, None where they are not known."""
        if WORDINGS in self.before:
            return MappingProxyType(dict(self.before[WORDINGS] or {}))
        is_current = self.application.stamps.get(WORDINGS, 0) <= self.version
        return self.application.answers.short_wordings if is_current else None

    def nominee(self, nominee_id: str) -> Nominee | None:
        """Return a nominee at that version; None where nobody knows, or where there was none of that id."""
        path = f"{NOMINEES}.{nominee_id}"
        if path in self.before:
            return _read_nominee(self.before[path])
        marks = dict(self.application.nominee_marks)
        if nominee_id in marks and marks[nominee_id] <= self.version:
            return self.application.answers.nominees[self.application.nominee_ids.index(nominee_id)]
        return None


@dataclass(frozen=True, slots=True, kw_only=True)
class Removal:
    """A nominee who was removed: the last answers, and who removed the nominee."""

    nominee: Nominee
    saved: LastSave


def find_earlier_version(session: Session, application: Application, version: int) -> EarlierVersion:
    """Return the application as it was at a version; 0 stands for the time before it was started."""
    before: dict[str, object] = {}
    if version < application.version:
        for entry in _newest_first(session, application):
            if entry.version <= version:
                break
            if entry.version <= application.version:
                before |= {change.path: change.before for change in entry.changes}
    return EarlierVersion(application=application, version=version, before=before)


def find_last_save(session: Session, application: Application, path: str, part: str = "") -> LastSave | None:
    """Return the last save of an answer; ``part`` names a field of a nominee, or the path of a shorter wording."""
    for entry in _newest_first(session, application):
        for change in entry.changes:
            if change.path == path and (not part or _part_of(change.before, part) != _part_of(change.after, part)):
                return LastSave(who=entry.who, at=entry.at)
    return None


def find_removal(session: Session, application: Application, nominee_id: str) -> Removal | None:
    """Return what is known of a nominee who is not on the list any more; None where nothing is."""
    if nominee_id in application.nominee_ids:
        return None
    path = f"{NOMINEES}.{nominee_id}"
    for entry in _newest_first(session, application):
        for change in entry.changes:
            nominee = _read_nominee(change.before) if change.path == path else None
            if nominee is not None:
                return Removal(nominee=nominee, saved=LastSave(who=entry.who, at=entry.at))
    return None


def _newest_first(session: Session, application: Application) -> Iterator[HistoryEntry]:
    rows = select(HistoryRow).where(HistoryRow.application_id == application.id).order_by(HistoryRow.number.desc())
    # Whoever stops early leaves a cursor open on the server, which is closed here.
    with closing(session.scalars(rows.execution_options(yield_per=PAGE_ROWS))) as read_rows:
        for row in read_rows:
            yield open_entry(row)


def _part_of(value: Any, part: str) -> Any:
    return value.get(part) if isinstance(value, dict) else None


def _read_nominee(document: object) -> Nominee | None:
    try:
        return None if document is None else from_document({"format": FORMAT, NOMINEES: [document]}).nominees[0]
    except AnswersError:  # an older program took what this one refuses
        return None
