"""What differs between two states of the answers: a value for each dotted path, and a nominee for each short id.

Knows no database. The history keeps such changes, and a save compares their paths with what others changed since.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from assistant.answers import OPTIONAL_SECTIONS, to_document

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from assistant.answers import Answers

NOMINEES = "nominees"


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

    def to_document(self) -> dict[str, Any]:
        """Return the change as JSON."""
        return {"path": self.path, "before": self.before, "after": self.after}


def compare(before: Answers, before_ids: Sequence[str], after: Answers, after_ids: Sequence[str]) -> tuple[Change, ...]:
    """Return what changed, in the order of the answers file."""
    old, new = to_document(before), to_document(after)
    old_people, new_people = old.pop(NOMINEES), new.pop(NOMINEES)
    old_values, new_values = dict(_values(old)), dict(_values(new))
    paths = dict.fromkeys((*old_values, *new_values))
    found = [
        Change(path=path, before=old_values.get(path), after=new_values.get(path))
        for path in paths
        if old_values.get(path) != new_values.get(path)
    ]
    if old_people is not new_people or tuple(before_ids) != tuple(after_ids):
        found.extend(
            _compare_people(
                dict(zip(before_ids, old_people, strict=True)),
                dict(zip(after_ids, new_people, strict=True)),
            )
        )
    return tuple(found)


def without_nominees(answers: Answers) -> Answers:
    """Return the answers without anything about nominees."""
    return replace(answers, nominees=(), short_wordings=wordings_without_nominees(answers.short_wordings))


def wordings_without_nominees(wordings: Mapping[str, str]) -> dict[str, str]:
    """Return the shorter wordings that are not about nominees."""
    return {path: text for path, text in wordings.items() if not path.startswith(f"{NOMINEES}.")}


def _compare_people(old: dict[str, Any], new: dict[str, Any]) -> Iterator[Change]:
    for short_id in dict.fromkeys((*old, *new)):
        before, after = old.get(short_id), new.get(short_id)
        if before != after:
            yield Change(path=f"{NOMINEES}.{short_id}", before=before, after=after)
    if old.keys() == new.keys() and list(old) != list(new):
        yield Change(path=NOMINEES, before=list(old), after=list(new))


def _values(document: dict[str, Any], inside: str = "") -> Iterator[tuple[str, Any]]:
    for key, value in document.items():
        path = f"{inside}{key}"
        if isinstance(value, dict) and path not in OPTIONAL_SECTIONS:
            yield from _values(value, f"{path}.")
        else:
            yield path, value
