"""A part that comes back, merged with the application answer by answer; pure, like ``merging``.

What only one side changed is taken from that side. What both changed to different values is a conflict: there the
application keeps its answer until a person has chosen.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from assistant.answers import MAX_NOMINEES, Answers, with_path
from assistant.errors import AnswersError
from assistant.services.application.changes import NOMINEES
from assistant.services.application.merging import merge_values
from assistant.services.application.nominees import move_wordings
from assistant.services.application.parts import PARTS, holds_wording, state_of, with_people

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from assistant.services.application.parts import HandedPart, PartState

WORDINGS = "short_wordings"
SEPARATOR = ":"


@dataclass(frozen=True, slots=True, kw_only=True)
class PartConflict:
    """One answer that both sides changed, as JSON values; a whole nominee is None on the side that removed it.

    ``key`` is the path of the answer, "short_wordings:<path>", "nominees:<id>" or "nominees:<id>:<field>"; ``person``
    is the nominee's name.
    """

    key: str
    mine: Any
    theirs: Any
    person: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PartMerge:
    """The application with what came back, and what is still to be chosen."""

    answers: Answers
    ids: tuple[str, ...]
    conflicts: tuple[PartConflict, ...]


def merge_part(handed: HandedPart, answers: Answers, ids: Sequence[str]) -> PartMerge:
    """Return the application merged with a part; ``ids`` are the short ids of its nominees.

    Raises:
        AnswersError: a value cannot be saved, or there would be too many nominees.
    """
    theirs = state_of(handed.part, answers, ids)
    conflicts: list[PartConflict] = []
    values = merge_values(handed.base.values, handed.mine.values, theirs.values)
    for path in handed.mine.values:
        if path in values.conflicts:
            conflicts.append(PartConflict(key=path, mine=handed.mine.values[path], theirs=theirs.values[path]))
        elif values.values[path] != theirs.values[path]:
            answers = with_path(answers, path, values.values[path])
    wordings = _merge_wordings(handed, theirs, conflicts)
    if wordings != dict(theirs.wordings):
        others = {path: text for path, text in answers.short_wordings.items() if not holds_wording(handed.part, path)}
        answers = with_path(answers, WORDINGS, {**others, **wordings})
    if PARTS[handed.part].has_nominees:
        people = _merge_people(handed, theirs, conflicts)
        answers, ids = _with_people(answers, ids, people)
    return PartMerge(answers=answers, ids=tuple(ids), conflicts=tuple(conflicts))


def apply_mine(answers: Answers, ids: Sequence[str], chosen_values: Mapping[str, Any]) -> tuple[Answers, list[str]]:
    """Return the application with the answers of the part where a person has chosen them, by the keys of conflicts.

    Raises:
        AnswersError: a value cannot be saved, or there is no such answer.
    """
    people = dict(state_of("nominees", answers, ids).people)
    for key, value in chosen_values.items():
        section, _, rest = key.partition(SEPARATOR)
        if section == WORDINGS and rest:
            wordings = {path: text for path, text in answers.short_wordings.items() if path != rest}
            answers = with_path(answers, WORDINGS, wordings | ({rest: value} if value else {}))
        elif section == NOMINEES and rest:
            short_id, _, name = rest.partition(SEPARATOR)
            if name:
                if short_id not in people:
                    raise AnswersError(NOMINEES, "This nominee has been removed. Open the file again.")
                people[short_id] = _checked_person({**people[short_id], name: value})
            elif value is None:
                people.pop(short_id, None)
            else:
                people[short_id] = _checked_person(value)
        else:
            answers = with_path(answers, key, value)
    return _with_people(answers, ids, people)


def match_ids(handed: HandedPart, answers: Answers, spare_ids: Iterable[str]) -> list[str]:
    """Return short ids for the nominees of an answers file, which has none: those of the part where they are the same.

    The same is who is the same in every answer as when the part was handed over, then who has the same name and badge.
    """
    spare = iter(spare_ids)
    people = list(state_of("nominees", answers, [next(spare) for _ in answers.nominees]).people.items())
    left = dict(handed.base.people)
    matched: dict[int, str] = {}
    for same in (lambda one, other: one == other, _has_same_name):
        for place, (_, person) in enumerate(people):
            if place not in matched:
                found_id = next((short_id for short_id, other in left.items() if same(person, other)), None)
                if found_id is not None:
                    matched[place] = found_id
                    left.pop(found_id)
    return [matched.get(place, short_id) for place, (short_id, _) in enumerate(people)]


def _checked_person(person: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return a nominee whose every answer an application may hold."""
    return state_of("nominees", with_people(Answers(), {"": person}, any_text=False), [""]).people[""]


def _has_same_name(one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    return all(one.get(name) == other.get(name) for name in ("full_name", "badge_number"))


def _merge_wordings(handed: HandedPart, theirs: PartState, conflicts: list[PartConflict]) -> dict[str, str]:
    keys = {**handed.base.wordings, **handed.mine.wordings}
    base, mine, stored = (
        {path: side.wordings.get(path) for path in keys} for side in (handed.base, handed.mine, theirs)
    )
    merge = merge_values(base, mine, stored)
    merged = dict(theirs.wordings)
    for path in keys:
        if path in merge.conflicts:
            conflicts.append(PartConflict(key=f"{WORDINGS}{SEPARATOR}{path}", mine=mine[path], theirs=stored[path]))
        elif merge.values[path]:
            merged[path] = merge.values[path]
        else:
            merged.pop(path, None)
    return merged


def _merge_people(handed: HandedPart, theirs: PartState, conflicts: list[PartConflict]) -> dict[str, Mapping[str, Any]]:
    people = dict(theirs.people)
    for short_id in {**handed.base.people, **handed.mine.people}:
        base, mine, stored = (side.people.get(short_id) for side in (handed.base, handed.mine, theirs))
        key = f"{NOMINEES}{SEPARATOR}{short_id}"
        if mine is not None and stored is not None:
            merge = merge_values(base or {}, mine, stored)
            name = str(stored.get("full_name") or "")
            conflicts += [
                PartConflict(key=f"{key}{SEPARATOR}{one}", mine=mine[one], theirs=stored[one], person=name)
                for one in mine
                if one in merge.conflicts
            ]
            people[short_id] = {**merge.values, **{one: stored[one] for one in merge.conflicts}}
        elif mine is None and stored is not None and stored == base:
            people.pop(short_id)
        elif mine is not None and base is None:
            people[short_id] = mine
        elif (mine is None) != (stored is None) and (mine or stored) != base:
            name = str((mine or stored or {}).get("full_name") or "")
            conflicts.append(PartConflict(key=key, mine=mine, theirs=stored, person=name))
    if len(people) > MAX_NOMINEES:
        raise AnswersError(NOMINEES, f"This list has more than {MAX_NOMINEES:,} entries. Split the application.")
    return people


def _with_people(
    answers: Answers, ids: Sequence[str], people: Mapping[str, Mapping[str, Any]]
) -> tuple[Answers, list[str]]:
    if dict(state_of("nominees", answers, ids).people) == dict(people):
        return answers, list(ids)
    wordings = MappingProxyType(move_wordings(answers.short_wordings, ids, list(people)))
    return with_people(replace(answers, short_wordings=wordings), people), list(people)
