"""The nominees of an application, one by one, by a short id that stays while others come and go."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from assistant.answers import MAX_NOMINEES, Nominee
from assistant.errors import AnswersError, NotFoundError
from assistant.services.application.changes import NOMINEES, Change
from assistant.services.application.page_drafts import drop_nominee_drafts
from assistant.services.application.saving import ChangedSinceError, lock, store

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
    from datetime import datetime

    from sqlalchemy.orm import Session

    from assistant.storage.tables import Application

LETTERS = "23456789abcdefghjkmnpqrstuvwxyz"  # none that is taken for another
ID_LENGTH = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class NomineeRow:
    """A nominee with the short id, the place in the list, and the version at which it last changed."""

    id: str
    place: int
    version: int
    nominee: Nominee


def new_id() -> str:
    """Return a random short id; a page that adds a nominee carries one, so that sending it twice adds one nominee."""
    return "".join(secrets.choice(LETTERS) for _ in range(ID_LENGTH))


def new_ids(count: int, used_ids: Iterable[str] = ()) -> list[str]:
    """Return short ids that are unlike each other and unlike those taken."""
    used = set(used_ids)
    ids: list[str] = []
    while len(ids) < count:
        short_id = new_id()
        if short_id not in used:
            used.add(short_id)
            ids.append(short_id)
    return ids


def nominees_of(application: Application) -> tuple[NomineeRow, ...]:
    """Return all nominees in their order."""
    marks = zip(application.nominee_marks, application.answers.nominees, strict=True)
    return tuple(
        NomineeRow(id=short_id, place=place, version=version, nominee=nominee)
        for place, ((short_id, version), nominee) in enumerate(marks)
    )


def find_nominee(application: Application, nominee_id: str) -> NomineeRow:
    """Return one nominee.

    Raises:
        NotFoundError: there is none of that id.
    """
    for row in nominees_of(application):
        if row.id == nominee_id:
            return row
    raise NotFoundError("There is no such nominee. Choose one from the roster.")


def add_nominee(
    session: Session, application: Application, nominee_id: str, nominee: Nominee, *, now: datetime
) -> bool:
    """Add a nominee at the end under a new id; say whether one was added (the same one again adds nothing).

    Raises:
        ChangedSinceError: there is another nominee of that id.
        AnswersError: the list is full.
    """
    return bool(add_nominees(session, application, [nominee], now=now, ids=[nominee_id]))


def add_nominees(
    session: Session,
    application: Application,
    nominees: Sequence[Nominee],
    *,
    now: datetime,
    ids: Sequence[str] | None = None,
) -> tuple[str, ...]:
    """Add nominees at the end, as one change; return the ids of those that were added.

    Raises:
        ChangedSinceError: ids are given, and one of them is another nominee's.
        AnswersError: the list is full.
    """
    lock(session, application)
    if ids is None:
        ids = new_ids(len(nominees), application.nominee_ids)
    people = dict(zip(application.nominee_ids, application.answers.nominees, strict=True))
    fresh = {
        short_id: nominee for short_id, nominee in zip(ids, nominees, strict=True) if people.get(short_id) != nominee
    }
    existing = tuple(f"{NOMINEES}.{short_id}" for short_id in fresh if short_id in people)
    if existing:
        raise ChangedSinceError(application.answers, application.version, existing)
    _store(session, application, people | fresh, lambda _changes: (), now=now)
    return tuple(fresh)


def update_nominee(
    session: Session,
    application: Application,
    nominee_id: str,
    nominee: Nominee,
    *,
    version: int,
    now: datetime,
) -> bool:
    """Store a nominee again; say whether anything changed.

    Raises:
        NotFoundError: there is none of that id.
        ChangedSinceError: somebody has changed this nominee since ``version``, to something else.
    """
    lock(session, application)
    find_nominee(application, nominee_id)
    people = dict(zip(application.nominee_ids, application.answers.nominees, strict=True))
    return _store(session, application, people | {nominee_id: nominee}, _since(application, version), now=now)


def update_nominees(
    session: Session,
    application: Application,
    nominee_ids: Collection[str],
    change: Callable[[Nominee], Nominee],
    *,
    now: datetime,
) -> int:
    """Change several nominees in the same way, as they are stored now, as one change; return how many changed.

    Ids of nominees who are no longer there are passed over.
    """
    lock(session, application)
    people = dict(zip(application.nominee_ids, application.answers.nominees, strict=True))
    changed = {one: change(people[one]) for one in nominee_ids if one in people and change(people[one]) != people[one]}
    if changed:
        _store(session, application, people | changed, lambda _changes: (), now=now)
    return len(changed)


def remove_nominee(session: Session, application: Application, nominee_id: str, *, version: int, now: datetime) -> None:
    """Take a nominee out.

    Raises:
        NotFoundError: there is none of that id.
        ChangedSinceError: somebody has changed this nominee since ``version``.
    """
    lock(session, application)
    find_nominee(application, nominee_id)
    people = dict(zip(application.nominee_ids, application.answers.nominees, strict=True))
    people.pop(nominee_id)
    _store(session, application, people, _since(application, version), now=now)
    drop_nominee_drafts(session, application, nominee_id)


def ids_for(application: Application, nominees: Sequence[Nominee]) -> list[str]:
    """Return an id for each of these nominees: the one it has, else that of its place, else a new one.

    The place counts only while the list has its length; otherwise nobody can say who took whose place.
    """
    stored = list(zip(application.nominee_ids, application.answers.nominees, strict=True))
    if len(stored) == len(nominees):
        return [short_id for short_id, _ in stored]
    free: dict[Nominee, list[str]] = {}
    for short_id, nominee in reversed(stored):
        free.setdefault(nominee, []).append(short_id)
    matched_ids = [free[nominee].pop() if free.get(nominee) else None for nominee in nominees]
    fresh = iter(new_ids(len(nominees), application.nominee_ids))
    return [short_id or next(fresh) for short_id in matched_ids]


def _since(application: Application, version: int) -> Callable[[Sequence[Change]], list[str]]:
    versions = dict(application.nominee_marks)

    def conflicts(changes: Sequence[Change]) -> list[str]:
        return [change.path for change in changes if versions.get(change.nominee_id, 0) > version]

    return conflicts


def _store(
    session: Session,
    application: Application,
    people: Mapping[str, Nominee],
    conflicts: Callable[[Sequence[Change]], Sequence[str]],
    *,
    now: datetime,
) -> bool:
    if len(people) > MAX_NOMINEES:
        raise AnswersError(NOMINEES, f"This list has more than {MAX_NOMINEES:,} entries. Split the application.")
    old = application.answers
    wordings = move_wordings(old.short_wordings, application.nominee_ids, list(people))
    answers = replace(old, nominees=tuple(people.values()), short_wordings=wordings)
    return bool(store(session, application, answers, list(people), conflicts=conflicts, section=NOMINEES, now=now))


def move_wordings(wordings: Mapping[str, str], before: Sequence[str], after: Sequence[str]) -> dict[str, str]:
    """Return the shorter wordings with the nominees' new places in their paths; whose nominee is gone, is dropped.

    ``before`` and ``after`` are the short ids of the nominees in their order.
    """
    places = {short_id: place for place, short_id in enumerate(after)}
    moved: dict[str, str] = {}
    for path, text in wordings.items():
        section, _, rest = path.partition(".")
        place, _, inside = rest.partition(".")
        if section != NOMINEES:
            moved[path] = text
        elif before[int(place)] in places:
            moved[f"{NOMINEES}.{places[before[int(place)]]}.{inside}"] = text
    return moved
