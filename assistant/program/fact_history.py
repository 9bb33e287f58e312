"""What each import of facts changed: the facts before and after it, from which files and when."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from assistant.program.fact_register import all_facts, facts_by_id
from assistant.program.imported_facts import fact_imports, facts_as_of

if TYPE_CHECKING:
    from datetime import datetime

    from assistant.program.fact_register import Fact, FactSubject
    from assistant.program.imported_facts import FactKind

FactChangeKind = Literal["added", "changed", "checked again", "removed"]
"""Where the words stay the same and the source or its day does not, a fact was "checked again"."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FactChange:
    """What an import did to a fact; ``before`` is None for one that was added, ``after`` for one that was removed."""

    id: str
    kind: FactChangeKind
    before: Fact | None
    after: Fact | None

    @property
    def fact(self) -> Fact:
        """Return the fact, as it stands after the import where it does."""
        fact = self.after or self.before
        if fact is None:
            raise ValueError("A change has a fact before or after it.")
        return fact

    @property
    def subject(self) -> FactSubject:
        """Return the subject of the fact."""
        return self.fact.subject

    @property
    def what(self) -> str:
        """Return what the fact is about."""
        return self.fact.what

    def to_document(self) -> dict[str, object]:
        """Return the change as JSON."""
        return {
            "id": self.id,
            "change": self.kind,
            "subject": self.subject,
            "what": self.what,
            "before": _document(self.before),
            "after": _document(self.after),
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class FactImportChanges:
    """An import with the names of its files, and what it changed."""

    number: int
    imported_at: datetime
    files: tuple[str, ...]
    hashes: tuple[str, ...]
    changes: tuple[FactChange, ...]

    def to_document(self) -> dict[str, object]:
        """Return the import as JSON."""
        return {
            "number": self.number,
            "imported_at": self.imported_at.isoformat(),
            "files": [{"file": name, "sha256": digest} for name, digest in zip(self.files, self.hashes, strict=True)],
            "changes": [change.to_document() for change in self.changes],
        }


def import_history() -> list[FactImportChanges]:
    """Return every import, the last first."""
    return [
        FactImportChanges(
            number=one.number,
            imported_at=one.imported_at,
            files=tuple(file.name for file in one.files),
            hashes=tuple(file.sha256 for file in one.files),
            changes=changes_of(one.number),
        )
        for one in reversed(fact_imports())
    ]


def changes_of(number: int) -> tuple[FactChange, ...]:
    """Return what the import of a number changed, by subject and fact."""
    with facts_as_of(number - 1):
        before = facts_by_id()
    with facts_as_of(number):
        after = facts_by_id()
    changes = (
        _change(fact_id, before.get(fact_id), after.get(fact_id))
        for fact_id in sorted(before.keys() | after.keys())
        if before.get(fact_id) != after.get(fact_id)
    )
    return tuple(sorted(changes, key=lambda change: (change.subject, change.what)))


def count_unchanged(number: int) -> dict[FactKind, int]:
    """Return how many facts of each kind an import left as they were."""
    with facts_as_of(number - 1):
        before = set(all_facts())
    with facts_as_of(number):
        same = [fact.kind for fact in all_facts() if fact in before]
    return {kind: same.count(kind) for kind in set(same)}


def _change(fact_id: str, before: Fact | None, after: Fact | None) -> FactChange:
    kind: FactChangeKind = "changed"
    if before is None:
        kind = "added"
    elif after is None:
        kind = "removed"
    elif (before.what, before.text) == (after.what, after.text):
        kind = "checked again"
    return FactChange(id=fact_id, kind=kind, before=before, after=after)


def _document(fact: Fact | None) -> dict[str, str] | None:
    if fact is None:
        return None
    return {"text": fact.text, "source": fact.source, "check_words": fact.check_words}
