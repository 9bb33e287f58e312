"""What differs between two states of the answers: a value for each dotted path, and a nominee for each short id.

Knows no database. The history keeps such changes, and a save compares their paths with what others changed since.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, TypedDict

from assistant.answers import OPTIONAL_SECTIONS, Answers, to_document

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from assistant.answers import AnswersDocument, Nominee

NOMINEES = "nominees"


class ChangeDocument(TypedDict):
    """``Change`` as a JSON object."""

    path: str
    before: Any
    after: Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One value before and after, as JSON.

    ``path`` is dotted ("agency.address.city"), "nominees.<short id>", or "nominees" for their order.
    """

    path: str
    before: Any
    after: Any

    @property
    def section(self) -> str:
        """Return the section the path is in."""
        return self.path.partition(".")[0]

    @property
    def nominee_id(self) -> str | None:
        """Return the short id of the nominee that changed, if it is one."""
        section, _, rest = self.path.partition(".")
        return rest if section == NOMINEES and rest else None

    def to_document(self) -> ChangeDocument:
        """Return the change as JSON."""
        return {"path": self.path, "before": self.before, "after": self.after}


def compare(before: Answers, before_ids: Sequence[str], after: Answers, after_ids: Sequence[str]) -> tuple[Change, ...]:
    """Return what changed: answers in the order of the file, then nominees."""
    old, new = (dict(_values(to_document(replace(answers, nominees=())))) for answers in (before, after))
    values = [
        Change(path=path, before=old.get(path), after=new.get(path))
        for path in dict.fromkeys((*old, *new))
        if path != NOMINEES and old.get(path) != new.get(path)
    ]
    if before.nominees is after.nominees and tuple(before_ids) == tuple(after_ids):
        return tuple(values)
    people = dict(zip(before_ids, before.nominees, strict=True)), dict(zip(after_ids, after.nominees, strict=True))
    return (*values, *_compare_people(*people))


def values_of(answers: Answers, nominee_ids: Sequence[str]) -> dict[str, Any]:
    """Return every answer by its path, and every nominee by "nominees.<short id>", as JSON: as changes write them."""
    people = zip(nominee_ids, answers.nominees, strict=True)
    return {
        **dict(_values(to_document(replace(answers, nominees=())))),
        **{f"{NOMINEES}.{short_id}": _person(nominee) for short_id, nominee in people},
        NOMINEES: list(nominee_ids),
    }


def without_nominees(answers: Answers) -> Answers:
    """Return the answers without anything about nominees."""
    return replace(answers, nominees=(), short_wordings=wordings_without_nominees(answers.short_wordings))


def wordings_without_nominees(wordings: Mapping[str, str]) -> dict[str, str]:
    """Return the shorter wordings that are not about nominees."""
    return {path: text for path, text in wordings.items() if not path.startswith(f"{NOMINEES}.")}


def _compare_people(old: Mapping[str, Nominee], new: Mapping[str, Nominee]) -> Iterator[Change]:
    for short_id in dict.fromkeys((*old, *new)):
        before, after = old.get(short_id), new.get(short_id)
        if before != after:
            yield Change(path=f"{NOMINEES}.{short_id}", before=_person(before), after=_person(after))
    if old.keys() == new.keys() and list(old) != list(new):
        yield Change(path=NOMINEES, before=list(old), after=list(new))


def _person(nominee: Nominee | None) -> dict[str, object] | None:
    return None if nominee is None else to_document(Answers(nominees=(nominee,)))[NOMINEES][0]


def _values(document: AnswersDocument, inside: str = "") -> Iterator[tuple[str, Any]]:
    for key, value in document.items():
        path = f"{inside}{key}"
        if isinstance(value, dict) and path not in OPTIONAL_SECTIONS:
            yield from _values(value, f"{path}.")
        else:
            yield path, value
